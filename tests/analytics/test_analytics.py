"""What the panels count: as plain loops count it, as the CapX backend counted it, by SPARQL and by bitmaps alike."""

from __future__ import annotations

import json
import random
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from capx_graph.analytics import PanelRequest
from capx_graph.errors import InvalidParameter, NotFound
from tests.bench_data.analytics import COUNTED, AnalyticsBench, bench_of, counts, unhidden
from tests.bench_data.graph import generate
from tests.plain.analytics import PlainAnalytics

PEOPLE = 1000


@pytest.fixture(scope="module")
def oracle_set(shared: Path, tmp_path_factory: pytest.TempPathFactory) -> AnalyticsBench:
    """The set that the answers of the backend were recorded with."""
    folder = tmp_path_factory.mktemp("oracle")
    return bench_of(folder, generate(shared, PEOPLE, folder / "set"))


@pytest.fixture(
    scope="module",
    params=[1, pytest.param(2, marks=pytest.mark.slow), pytest.param(3, marks=pytest.mark.slow)],
    ids=lambda seed: f"seed{seed}",
)
def made(
    request: pytest.FixtureRequest,
    oracle_set: AnalyticsBench,
    shared: Path,
    tmp_path_factory: pytest.TempPathFactory,
) -> AnalyticsBench:
    if request.param == 1:
        return oracle_set
    folder = tmp_path_factory.mktemp("analytics")
    return bench_of(folder, generate(shared, PEOPLE, folder / "set", seed=request.param))


def drawn(made: AnalyticsBench, random_: random.Random) -> dict[str, str]:
    """Parameters of a gap, each in half of the draws."""
    records = made.data.records
    return {
        "capacity": random_.choice(["", random_.choice(records["capacity"])["qid"]]),
        "territory": random_.choice(["", random_.choice(records["territory"][:20])["code"]]),
        "language": random_.choice(["", random_.choice(records["language"])["code"]]),
    }


@pytest.mark.parametrize("panel", COUNTED)
def test_a_panel_counts_what_plain_loops_count(made: AnalyticsBench, panel: str) -> None:
    assert counts(made.by_bitmaps.panel(unhidden(panel))) == PlainAnalytics(made.data).counts(panel)


@pytest.mark.parametrize("panel", COUNTED)
def test_bitmaps_and_queries_count_alike(made: AnalyticsBench, panel: str) -> None:
    asked = unhidden(panel)
    assert made.by_sparql.panel(asked).lines == made.by_bitmaps.panel(asked).lines


@pytest.mark.parametrize("draw", [*range(3), *(pytest.param(draw, marks=pytest.mark.slow) for draw in range(3, 8))])
def test_a_gap_with_parameters_is_counted_three_ways_alike(made: AnalyticsBench, draw: int) -> None:
    values = drawn(made, random.Random(draw))
    plain = PlainAnalytics(made.data).counts("gap", **values)
    assert counts(made.by_bitmaps.panel(unhidden("gap", **values))) == plain
    assert counts(made.by_sparql.panel(unhidden("gap", **values))) == plain


@pytest.mark.parametrize("draw", range(3))
def test_other_parameters_are_counted_three_ways_alike(made: AnalyticsBench, draw: int) -> None:
    random_ = random.Random(draw)
    capacity = random_.choice(made.data.records["capacity"])["qid"]
    territory = random_.choice(made.data.records["territory"])["code"]
    plain = PlainAnalytics(made.data)
    for panel, values in (
        ("territories", {"capacity": capacity}),
        ("capacities_by_territory", {"territory": territory}),
    ):
        expected = plain.counts(panel, **values)
        assert counts(made.by_bitmaps.panel(unhidden(panel, **values))) == expected
        assert counts(made.by_sparql.panel(unhidden(panel, **values))) == expected


class Oracle:
    """The recorded answers of the CapX backend."""

    def __init__(self, shared: Path) -> None:
        self._folder = shared / "bench" / "oracle" / "1000"

    def __getitem__(self, name: str) -> Any:
        return json.loads((self._folder / f"{name}.json").read_text(encoding="utf-8"))


@pytest.fixture(scope="module")
def oracle(shared: Path) -> Iterator[Oracle]:
    return Oracle(shared)


def one(made: AnalyticsBench, panel: str, place: int = 0) -> dict[str, int]:
    """Counts of one measure by the last part of the key."""
    found = counts(made.by_bitmaps.panel(unhidden(panel)))
    return {key[-1]: values[place] for key, values in found.items()}


def test_totals_are_those_of_the_backend(oracle_set: AnalyticsBench, oracle: Oracle) -> None:
    recorded = oracle["statistics"]
    ours = one(oracle_set, "totals") | one(oracle_set, "directory_totals")
    for name, measure in (
        ("total_users", "people"),
        ("new_users", "new"),
        ("users_with_capacities", "with_capacities"),
        ("users_with_language", "with_language"),
        ("users_with_territory", "with_territory"),
        ("total_capacities", "capacities"),
        ("new_capacities", "new_capacities"),
        ("total_organizations", "organizations"),
        ("new_organizations", "new_organizations"),
    ):
        assert ours[measure] == recorded[name], name


def test_trees_are_rolled_up_as_the_backend_does(oracle_set: AnalyticsBench, oracle: Oracle) -> None:
    recorded = oracle["statistics"]
    for place, role in enumerate(("known", "available", "wanted")):
        rolled = one(oracle_set, "capacities", place)
        roots = recorded[f"skill_{role}_user_counts"]
        assert {qid: rolled[qid] for qid in roots} == roots
    people = one(oracle_set, "territories")
    assert {code: people[code] for code in recorded["territory_user_counts"]} == recorded["territory_user_counts"]


def test_languages_are_those_of_the_backend_but_for_its_quirk(oracle_set: AnalyticsBench, oracle: Oracle) -> None:
    """The backend drops a person from every language if any one of theirs has level 0; this copies it to compare."""
    data = oracle_set.data
    ours = one(oracle_set, "languages")
    for person in data.records["person"]:
        spoken = {skill["code"]: skill["proficiency"] for skill in person["languages"]}
        if "0" in spoken.values():
            for code, level in spoken.items():
                ours[code] -= level != "0"
    assert ours == oracle["statistics"]["language_user_counts"]


def test_languages_by_territory_are_those_of_the_backend(oracle_set: AnalyticsBench, oracle: Oracle) -> None:
    recorded = {
        (code, language): (count,)
        for code, languages in oracle["statistics_languages_by_territory"].items()
        for language, count in languages.items()
    }
    assert counts(oracle_set.by_bitmaps.panel(unhidden("languages_by_territory"))) == recorded


def test_capacities_by_territory_are_those_of_the_backend(oracle_set: AnalyticsBench, oracle: Oracle) -> None:
    recorded = {
        (code, qid): (held["known"], held["available"], held["wanted"])
        for code, capacities in oracle["statistics_capacities_by_territory"].items()
        for qid, held in capacities.items()
    }
    assert counts(oracle_set.by_bitmaps.panel(unhidden("capacities_by_territory"))) == recorded


def test_a_panel_or_a_value_that_is_not_there_is_refused(oracle_set: AnalyticsBench) -> None:
    with pytest.raises(NotFound):
        oracle_set.by_bitmaps.panel(PanelRequest("unheard"))
    for values in ({"capacity": "Q1"}, {"territory": "nowhere"}, {"language": "wikidata:Q5"}, {"capacity": "BR"}):
        with pytest.raises(InvalidParameter):
            oracle_set.by_bitmaps.panel(PanelRequest("gap", values))
