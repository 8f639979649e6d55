"""Following a connected Wikibase: first load, every kind of change, and the graph after it."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from capx_graph import settings as setting_list
from capx_graph.errors import BaseMismatch, Forbidden, InvalidRecord
from capx_graph.model import Draft
from capx_graph.namespaces import OWN_IDS
from capx_graph.opening import open_repository
from tests.houses.upstream import (
    BASE,
    Connected,
    Remote,
    connected,
    parted,
    remote_differences,
    remote_wiki,
)
from tests.houses.upstream_edits import random_edits

pytestmark = pytest.mark.slow


@pytest.fixture
def remote(tmp_path: Path) -> Iterator[Remote]:
    with remote_wiki(tmp_path / "remote") as wiki:
        yield wiki


@pytest.fixture
def here(remote: Remote, tmp_path: Path) -> Iterator[Connected]:
    with connected(remote, tmp_path / "data") as made:
        yield made


def test_the_first_load_takes_in_everything_under_its_own_iris(remote: Remote, here: Connected) -> None:
    teaching = remote.item("teaching", claims=[("instanceOf", remote.instance.item_id("Capacity"))])
    here.catch_up()
    assert parted(remote, here) == []
    assert here.differences() == []
    nodes = {str(triple.subject) for triple in here.graph.store.triples()}
    assert f"<{BASE}/entity/{teaching}>" in nodes
    assert not any("capx.example/entity/Q1>" in node for node in nodes)


def test_every_kind_of_change_comes_over(remote: Remote, here: Connected) -> None:
    one, two, three = (remote.item(name) for name in ("one", "two", "three"))
    here.catch_up()
    remote.clock.tick(60)
    remote.label(one, "first")
    remote.redirect(two, one)
    remote.delete(three)
    four = remote.item("four", claims=[("broader", one)])
    assert here.catch_up() == 4
    assert here.label(one) == "first"
    page = here.page(two)
    assert page is not None
    assert page.redirect_to == one
    assert here.page(three) is None
    assert here.label(four) == "four"
    remote.clock.tick(60)
    remote.undelete(three)
    assert here.catch_up() == 1
    assert here.label(three) == "three"
    assert parted(remote, here) == []
    assert here.differences() == []
    assert here.catch_up() == 0


@pytest.mark.parametrize("seed", range(3))
def test_random_edits_leave_no_difference(remote: Remote, here: Connected, seed: int) -> None:
    here.catch_up()
    for round_ in range(4):
        random_edits(remote, 25, seed * 10 + round_)
        here.catch_up(thorough=bool(round_ % 2))
    assert parted(remote, here) == []
    assert here.differences() == []


def test_people_are_kept_here_and_mention_what_is_there(remote: Remote, here: Connected) -> None:
    teaching = remote.item("teaching", claims=[("instanceOf", remote.instance.item_id("Capacity"))])
    here.catch_up()
    person = here.repository.allocate("item", 1)[0]
    assert int(person[1:]) > OWN_IDS
    offers, type_ = (remote.instance.property_id(name) for name in ("offers", "instanceOf"))
    claims = {
        property_id: [
            {
                "mainsnak": {
                    "snaktype": "value",
                    "property": property_id,
                    "datavalue": {"value": {"entity-type": "item", "id": target}, "type": "wikibase-entityid"},
                },
                "type": "statement",
                "rank": "normal",
                "id": f"{person}$00000000-0000-4000-8000-00000000000{number}",
            }
        ]
        for number, (property_id, target) in enumerate([(type_, remote.instance.item_id("Person")), (offers, teaching)])
    }
    here.repository.bulk([Draft({"type": "item", "id": person, "claims": claims}, owner="Ana")], actor="Ana")
    here.graph.ingest.catch_up()
    triples = {str(triple) for triple in here.graph.store.triples()}
    assert (
        f"<http://capx.example/entity/{person}> <https://w3id.org/capx/ontology/offers> <{BASE}/entity/{teaching}>"
        in triples
    )
    assert f"<http://capx.example/entity/{person}> <{BASE}/prop/direct/{offers}> <{BASE}/entity/{teaching}>" in triples
    assert here.differences() == []
    assert parted(remote, here) == []


def test_what_lives_there_is_not_written_here(remote: Remote, here: Connected) -> None:
    teaching = remote.item("teaching")
    here.catch_up()
    with pytest.raises(InvalidRecord, match="is edited there"):
        here.repository.bulk([Draft({"type": "item", "id": teaching})], actor="Ana")
    with here.repository.transaction() as transaction, pytest.raises(Forbidden, match="is edited there"):
        transaction.page(teaching)
    assert here.label(teaching) == "teaching"


def test_five_hundred_edits_leave_no_difference(remote: Remote, here: Connected) -> None:
    here.catch_up()
    for round_ in range(10):
        random_edits(remote, 50, 1000 + round_)
        here.catch_up(thorough=False)
    here.catch_up()
    assert parted(remote, here) == []
    assert remote_differences(here) == []


def test_a_directory_belongs_to_one_wikibase(remote: Remote, tmp_path: Path) -> None:
    with connected(remote, tmp_path / "data"):
        pass
    (tmp_path / "data" / "upstream.json").unlink()
    with (
        remote_wiki(tmp_path / "other", base="http://other.example") as other,
        pytest.raises(BaseMismatch, match=r"belongs to the Wikibase http://wiki\.example"),
        connected(other, tmp_path / "data"),
    ):
        pass


def test_a_directory_with_entities_of_its_own_cannot_be_connected(remote: Remote, tmp_path: Path) -> None:
    with open_repository(setting_list.load({"CAPX_BASE": "http://capx.example"}, data=str(tmp_path / "data"))):
        pass
    with pytest.raises(BaseMismatch, match="export them"), connected(remote, tmp_path / "data"):
        pass
