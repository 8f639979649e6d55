"""Every match equals a plain reading of the records, whoever found it: the index, or the queries that define it."""

from __future__ import annotations

import json
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from capx_graph import queries
from capx_graph.matching import Asker
from capx_graph.terms import integer
from tests.bench_data.matching import MatchBench, key, seen

ALL = 5000
USERS = range(50)
FEWER = [pytest.param(number, marks=[pytest.mark.slow] if number % 10 else []) for number in USERS]
"""A tenth of them in the quick suite: the queries take about half a second for each."""


@pytest.fixture(scope="module")
def bench(shared: Path, tmp_path_factory: pytest.TempPathFactory) -> MatchBench:
    return MatchBench.generated(shared, tmp_path_factory.mktemp("matches"), people=1000)


@pytest.fixture(scope="module", params=[2, 3])
def seeded(shared: Path, tmp_path_factory: pytest.TempPathFactory, request: pytest.FixtureRequest) -> MatchBench:
    """Smaller sets of other seeds: the plain reading looks at everybody for every weight."""
    return MatchBench.generated(shared, tmp_path_factory.mktemp("seeded"), people=200, seed=request.param)


@pytest.fixture(scope="module")
def oracle(shared: Path) -> dict[str, dict[str, Any]]:
    text = (shared / "bench" / "oracle" / "1000" / "recommendation_full.json").read_text(encoding="utf-8")
    answers: dict[str, dict[str, Any]] = json.loads(text)
    return answers


@pytest.mark.parametrize("hierarchy", [True, False])
@pytest.mark.parametrize("number", FEWER)
def test_the_index_gives_what_the_queries_give(bench: MatchBench, number: int, hierarchy: bool) -> None:
    """Order, totals, points and everything that is said of each hit."""
    asker = bench.asker(bench.users[number], hierarchy=hierarchy)
    assert bench.by_index.matches(asker, limit=30) == bench.by_sparql.matches(asker, limit=30)


@pytest.mark.parametrize("number", USERS)
def test_exact_matches_are_those_of_the_recorded_answers(
    bench: MatchBench, oracle: dict[str, dict[str, Any]], number: int
) -> None:
    username = bench.users[number]
    expected = oracle[username]
    found = bench.by_index.matches(bench.asker(username, hierarchy=False, saved=True), limit=ALL)
    for recorded, own in (
        ("learn_from", "learn_from"),
        ("share_with", "share_with"),
        ("same_language", "same_language"),
        ("learn_from_orgs", "learn_from_organizations"),
        ("share_with_orgs", "share_with_organizations"),
    ):
        assert {key(hit.ref): hit.count for hit in found.lists[own]} == expected[recorded], own
        assert found.totals[own] == len(expected[recorded])
    assert [event.ref.code for event in found.events] == expected["events"]
    assert [event.begin for event in found.events] == expected["events_begin"]


@pytest.mark.parametrize("number", USERS)
def test_nothing_is_proposed_that_the_recorded_answers_exclude(
    bench: MatchBench, oracle: dict[str, dict[str, Any]], number: int
) -> None:
    found = bench.by_index.matches(bench.asker(bench.users[number]), limit=ALL)
    proposed = {key(one.ref) for one in found.capacities}
    assert len(proposed) >= 10
    assert not proposed & set(oracle[bench.users[number]]["new_skills_excluded"])


@pytest.mark.parametrize("hierarchy", [True, False])
@pytest.mark.parametrize("number", [0, 10, *(pytest.param(number, marks=pytest.mark.slow) for number in (20, 30, 40))])
def test_every_list_is_that_of_a_plain_reading(seeded: MatchBench, number: int, hierarchy: bool) -> None:
    """Who, in which order, with how many capacities and points, by the published formula alone."""
    username = seeded.users[number]
    record = seeded.plain.people[username]
    saved = {one["username"] for one in record["saved_users"]} | {one["code"] for one in record["saved_orgs"]}
    expected = seeded.plain.lists(username, hierarchy=hierarchy, left_out=saved)
    found = seeded.by_index.matches(seeded.asker(username, hierarchy=hierarchy, saved=True), limit=ALL)
    everybody = seeded.by_index.matches(seeded.asker(username, hierarchy=hierarchy), limit=ALL)
    assert {name: hits for name, hits in seen(everybody).items() if hits} == seeded.plain.lists(
        username, hierarchy=hierarchy, left_out=set()
    )
    assert {name: hits for name, hits in seen(found).items() if hits} == expected
    assert [(event.ref.code, event.begin) for event in found.events] == seeded.plain.events(
        username, hierarchy=hierarchy
    )
    assert [(key(one.ref), one.peers) for one in everybody.capacities] == seeded.plain.to_consider(username)


@pytest.mark.parametrize("limit", [0, 1, 2, 7])
def test_a_shorter_list_is_the_beginning_of_the_longer(bench: MatchBench, limit: int) -> None:
    """Also where several stand equal at its end."""
    for username in bench.users[:10]:
        asker = bench.asker(username)
        whole, part = (bench.by_index.matches(asker, limit=number) for number in (ALL, limit))
        assert part.totals == whole.totals
        assert {name: hits[:limit] for name, hits in whole.lists.items()} == dict(part.lists)
        assert part.events == whole.events[:limit]
        assert part.capacities == whole.capacities[:limit]


def test_ties_go_to_who_was_active_last(bench: MatchBench) -> None:
    """Somebody with nothing but a wish: all who offer it stand equal."""
    wish = bench.data.ids["capacity", bench.data.records["person"][0]["available"][0]]
    found = bench.by_index.matches(Asker(wants=frozenset({wish}), hierarchy=False), limit=ALL)
    hits = found.lists["learn_from"]
    assert len({hit.points for hit in hits}) == 1
    assert [hit.last_active for hit in hits] == sorted((hit.last_active or "" for hit in hits), reverse=True)


def test_somebody_without_anything_matches_nobody(bench: MatchBench) -> None:
    for matching in (bench.by_index, bench.by_sparql):
        found = matching.matches(Asker())
        assert set(found.totals.values()) == {0}


def test_wishes_that_nobody_published_are_matched_as_well(bench: MatchBench) -> None:
    """What somebody keeps to themselves comes in as a value; the graph knows nothing of it."""
    asker = bench.asker(bench.users[3])
    offered = {bench.data.ids["capacity", one] for record in bench.plain.everybody for one in record["available"]}
    capacity = min(offered - asker.wants)
    wider = replace(asker, wants=asker.wants | {capacity})
    for matching in (bench.by_index, bench.by_sparql):
        before, after = (matching.matches(one, limit=ALL) for one in (asker, wider))
        assert after.totals["learn_from"] > before.totals["learn_from"]
    assert bench.by_index.matches(wider, limit=50) == bench.by_sparql.matches(wider, limit=50)


def test_swaps_are_those_of_their_query(bench: MatchBench) -> None:
    """The query that the page offers for editing."""
    asker = bench.asker(bench.users[2])
    bound = queries.load("match/swaps").bind(
        wanted=bench.items.iris(asker.wants),
        offered=bench.items.iris(asker.offers),
        hierarchy=integer(1),
        left_out=bench.items.iris(asker.excluded),
    )
    found = {bench.items.id(row[0]) for row in bench.store.select(bound)}
    assert found == {hit.ref.id for hit in bench.by_index.matches(asker, limit=ALL).lists["swaps"]}
    assert found
