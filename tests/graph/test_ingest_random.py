"""Whatever happens in whatever order: the graph kept by differences is the graph built anew."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from capx_graph.check import Check
from capx_graph.ingest import Ingest
from capx_graph.model import EntityJson
from tests.houses.graph import INSTANCE, House, Statement, item, provision_in, redirect_in

pytestmark = pytest.mark.slow

CAPACITIES = [f"Q{n}" for n in range(201, 206)]
PLACES = [f"Q{n}" for n in range(251, 254)]
HOLDERS = [f"Q{n}" for n in range(301, 304)]
EVERYBODY = [*CAPACITIES, *PLACES, *HOLDERS]

RANKS = st.sampled_from(["normal", "normal", "preferred", "deprecated"])
EVIDENCE = st.lists(
    st.fixed_dictionaries(
        {"evidence": st.lists(st.sampled_from(["https://a/", "https://b/"]), min_size=1, max_size=2)}
    ),
    max_size=1,
)


def statements(values: st.SearchStrategy[Any], **qualifiers: st.SearchStrategy[Any]) -> st.SearchStrategy[list[Any]]:
    beside = st.fixed_dictionaries({}, optional=qualifiers)
    unknown = st.sampled_from(["somevalue", "novalue"])
    one = st.builds(Statement, values | values | values | unknown, rank=RANKS, qualifiers=beside, references=EVIDENCE)
    return st.lists(one, max_size=3)


LEVELS = st.lists(st.sampled_from(["Level0", "Level3", "LevelN"]), min_size=1, max_size=1)
capacity = st.builds(
    lambda id_, broader, colour: item(id_, "Capacity", broader=broader, colour=colour),
    st.sampled_from(CAPACITIES),
    statements(st.sampled_from(CAPACITIES)),
    st.lists(st.sampled_from(["#000000", "#FFFFFF"]), max_size=1),
)
place = st.builds(
    lambda id_, class_, part_of: item(id_, class_, partOf=part_of),
    st.sampled_from(PLACES),
    st.sampled_from(["Territory", "Region"]),
    statements(st.sampled_from(PLACES)),
)
holder = st.builds(
    lambda id_, class_, offers, knows, based, speaks, label: item(
        id_, class_, offers=offers, knows=knows, basedIn=based, speaks=speaks, labels={"en": label}
    ),
    st.sampled_from(HOLDERS),
    st.sampled_from(["Person", "Organization", None]),
    statements(st.sampled_from(CAPACITIES)),
    statements(st.sampled_from(CAPACITIES)),
    statements(st.sampled_from(PLACES)),
    statements(st.sampled_from(CAPACITIES), level=LEVELS),
    st.sampled_from(["Ana", "アナ", "Ána"]),
)
POPULATION = (
    item("Q201", "Capacity", colour=["#000000"]),
    item("Q202", "Capacity", broader=["Q201"]),
    item("Q203", "Capacity", broader=["Q202"]),
    item("Q251", "Region"),
    item("Q252", "Territory", partOf=["Q251"]),
    item("Q301", "Person", offers=["Q203"], knows=["Q203"], basedIn=["Q252"]),
    item("Q302", "Organization", wants=["Q202"], basedIn=["Q251"]),
)
act = st.one_of(
    st.tuples(st.just("write"), capacity),
    st.tuples(st.just("write"), place),
    st.tuples(st.just("write"), holder),
    st.tuples(st.just("delete"), st.sampled_from(EVERYBODY)),
    st.tuples(st.just("redirect"), st.tuples(st.sampled_from(EVERYBODY), st.sampled_from(EVERYBODY))),
    st.tuples(st.just("restart"), st.none()),
    st.tuples(st.just("rebuild"), st.none()),
)

step = st.tuples(act, st.booleans())
"""What happens, and whether graph and text index catch up afterwards."""


@pytest.fixture(scope="module")
def house(tmp_path_factory: pytest.TempPathFactory) -> Iterator[House]:
    """One house for all examples; each begins by deleting what the last one left."""
    provisioned = provision_in(tmp_path_factory.mktemp("provisioned"))
    with House.opened(tmp_path_factory.mktemp("house"), provisioned) as house:
        house.ingest.catch_up()
        yield house


def take(house: House, what: str, given_: Any) -> None:
    if what == "write":
        house.write(_with_existing_values(house, given_))
    elif what == "delete":
        house.repository.delete([given_], actor="Test")
    elif what == "redirect":
        source, target = given_
        page = house.repository.page(source)
        if source != target and page is not None and house.repository.exists(target):
            redirect_in(house.repository, source, target)
    elif what == "restart":
        house.ingest = Ingest(house.repository, house.store, house.texts, instance=INSTANCE)
    else:
        house.ingest.rebuild()


def _with_existing_values(house: House, entity: EntityJson) -> EntityJson:
    """The repository takes no statement about what does not exist, so the missing ones are made."""
    missing = {
        snak["datavalue"]["value"]["id"]
        for group in entity["claims"].values()
        for statement in group
        if (snak := statement["mainsnak"])["snaktype"] == "value" and snak["datavalue"]["type"] == "wikibase-entityid"
    }
    wanted = [id_ for id_ in missing if id_ in EVERYBODY and id_ != entity["id"] and not house.repository.exists(id_)]
    if wanted:
        house.write(*(item(id_, "Capacity" if id_ in CAPACITIES else "Territory") for id_ in wanted))
    return entity


def run(house: House, steps: list[Any]) -> None:
    house.repository.delete(EVERYBODY, actor="Test")
    house.write(*POPULATION)
    house.ingest.catch_up()
    for (what, given_), catches_up in steps:
        take(house, what, given_)
        if catches_up:
            house.ingest.catch_up()
            assert house.all() == house.rebuilt()
    house.ingest.catch_up()
    assert house.all() == house.rebuilt()
    assert house.store.state.triples == len(house.all())
    assert list(Check(house.ingest).differences()) == []


@settings(max_examples=6, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(st.lists(step, max_size=12))
def test_differences_give_what_a_rebuild_gives(house: House, steps: list[Any]) -> None:
    run(house, steps)


@settings(max_examples=200, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(st.lists(step, max_size=40))
def test_long_histories_give_what_a_rebuild_gives(house: House, steps: list[Any]) -> None:
    run(house, steps)
