"""Groups over the bench data: rings, teams and needs against the records read plainly; index and graph agree."""

from __future__ import annotations

from itertools import combinations
from pathlib import Path
from typing import Any

import pytest

from capx_graph.directory import Naming
from capx_graph.errors import InvalidParameter, NotFound
from capx_graph.groups import Group, Groups, RingsRequest, TeamRequest
from capx_graph.index import Index
from tests.bench_data.graph import SPACES
from tests.bench_data.search import SearchBench
from tests.doubles.solver import solved_here

__all__ = ["solved_here"]

pytestmark = pytest.mark.usefixtures("solved_here")


@pytest.fixture(scope="module", params=["index", pytest.param("graph", marks=pytest.mark.slow)])
def groups(bench: SearchBench, request: pytest.FixtureRequest) -> Groups:
    """Groups answered from the bitmaps, and from the graph alone."""
    index = bench.index if request.param == "index" else Index(bench.store, SPACES, bench.directory)
    naming = Naming(bench.store, SPACES, bench.directory)
    return Groups(bench.store, SPACES, index=index, directory=bench.directory, naming=naming)


def people(bench: SearchBench) -> dict[str, dict[str, Any]]:
    return {record["username"]: record for record in bench.data.records["person"]}


def spoken(record: dict[str, Any]) -> set[str]:
    return {skill["code"] for skill in record["languages"] if skill["proficiency"] != "0"}


def below(bench: SearchBench, wanted: str) -> set[str]:
    return {qid for (kind, qid), above in bench.data.above.items() if kind == "capacity" and wanted in above}


def attendees(bench: SearchBench, count: int) -> tuple[str, ...]:
    return tuple(name for name, record in people(bench).items() if record["available"] and record["wanted"])[:count]


@pytest.mark.parametrize("descendants", [True, False])
def test_every_step_of_a_ring_is_true(bench: SearchBench, groups: Groups, descendants: bool) -> None:
    names = attendees(bench, 60)
    found = groups.rings(RingsRequest(Group(people=names), descendants=descendants, seconds=4))
    known = people(bench)
    assert found.people == 60
    assert found.rings
    assert found.served == sum(map(len, found.rings)) <= found.bound
    for ring in found.rings:
        assert [step.learner for step in ring] == [step.teacher for step in (*ring[1:], ring[0])]
        for step in ring:
            teacher, learner = known[step.teacher.code or ""], known[step.learner.code or ""]
            wanted = (step.wanted or step.capacity).wikidata or ""
            assert step.capacity.wikidata in teacher["available"]
            assert wanted in learner["wanted"]
            assert step.capacity.wikidata in (below(bench, wanted) if descendants else {wanted})
            common = spoken(teacher) & spoken(learner)
            assert common or not spoken(teacher) or not spoken(learner)
            assert {language.code for language in step.languages} == common
    everybody = {step.teacher.code for ring in found.rings for step in ring} | {ref.code for ref in found.alone}
    assert everybody == set(names)


def test_unknown_names_are_told_and_underscores_are_spaces(bench: SearchBench, groups: Groups) -> None:
    name = next(name for name in people(bench) if " " in name)
    found = groups.rings(RingsRequest(Group(people=(name.replace(" ", "_"), "Nobody at all")), seconds=1))
    assert (found.people, found.unknown, found.rings) == (1, ("Nobody at all",), ())
    assert found.exact


def test_the_people_of_an_organization_and_of_a_region_are_groups(bench: SearchBench, groups: Groups) -> None:
    known = people(bench)
    organization = groups.rings(RingsRequest(Group(organizations=("ORG001",)), seconds=1))
    assert organization.people == sum("ORG001" in record["affiliations"] for record in known.values())
    territory = next(code for (kind, code) in bench.data.above if kind == "territory" and not code.startswith("R-"))
    found = groups.rings(RingsRequest(Group(territories=(territory,)), seconds=1))
    assert found.people == sum(territory in record["territories"] for record in known.values())


@pytest.mark.parametrize(
    "request_",
    [
        RingsRequest(Group()),
        RingsRequest(Group(organizations=("NONE",))),
        RingsRequest(Group(territories=("R-LAC", "R-NWE", "R-SSA"))),
        RingsRequest(Group(people=("x",)), shortest=4, longest=3),
        RingsRequest(Group(people=("x",)), longest=9),
        TeamRequest(()),
        TeamRequest(("Q1",)),
        TeamRequest(("wikidata:Q80000001",) * 41),
    ],
)
def test_what_cannot_be_meant_is_named(groups: Groups, request_: RingsRequest | TeamRequest) -> None:
    with pytest.raises(InvalidParameter):
        groups.rings(request_) if isinstance(request_, RingsRequest) else groups.team(request_)


@pytest.mark.parametrize("picks", [(3, 40, 90), (12, 100, 200, 300), (0, 1, 2, 3, 4, 5, 6)])
@pytest.mark.parametrize("language", [None, "ja"])
def test_a_team_is_the_smallest_there_is(
    bench: SearchBench, groups: Groups, picks: tuple[int, ...], language: str | None
) -> None:
    capacities = [bench.data.records["capacity"][number]["qid"] for number in picks]
    found = groups.team(TeamRequest(tuple(f"wikidata:{qid}" for qid in capacities), language))
    known = people(bench)
    wanted = {qid: below(bench, qid) for qid in capacities}

    def covers(record: dict[str, Any]) -> frozenset[str]:
        held = {qid for qid, under in wanted.items() if under & set(record["available"])}
        return frozenset(held | ({language} if language and language in spoken(record) else set()))

    choices = {covers(record) for record in known.values()} - {frozenset()}
    needs = frozenset().union(*choices)
    smallest = next(
        size for size in range(1, 8) for some in combinations(choices, size) if frozenset().union(*some) == needs
    )
    assert found.size == smallest
    assert found.exact
    seated = [known[seat.person.code or ""] for seat in found.seats]
    assert frozenset().union(*map(covers, seated)) == needs
    assert {ref.wikidata for ref in found.uncovered} == set(capacities) - needs
    for seat in found.seats:
        told = {ref.wikidata for ref in seat.covers} | ({language} if seat.speaks else set())
        assert all(told <= covers(known[other.code or ""]) for other in (seat.person, *seat.alternates))


def test_a_team_of_a_group_comes_from_that_group(bench: SearchBench, groups: Groups) -> None:
    names = attendees(bench, 30)
    capacity = people(bench)[names[0]]["available"][0]
    found = groups.team(TeamRequest((f"wikidata:{capacity}",), group=Group(people=names)))
    assert found.size == 1
    assert {found.seats[0].person.code} | {other.code for other in found.seats[0].alternates} <= set(names)


def test_the_needs_of_an_organization_are_those_of_its_people_and_its_own(bench: SearchBench, groups: Groups) -> None:
    record = next(r for r in bench.data.records["organization"] if r["wanted"] and r["available"])
    own = [person for person in people(bench).values() if record["code"] in person["affiliations"]]
    found = groups.organization_needs(record["code"])
    told = {need.capacity.wikidata: (need.itself, need.people) for need in found.needs}
    wishes = {qid for person in own for qid in person["wanted"]} | set(record["wanted"])
    assert told == {qid: (qid in record["wanted"], sum(qid in p["wanted"] for p in own)) for qid in wishes}
    near = set(record["territories"])
    for need in found.needs:
        under = below(bench, need.capacity.wikidata or "")
        able = [person for person in people(bench).values() if under & set(person["available"])]
        inside = [p for p in able if record["code"] in p["affiliations"]]
        around = [p for p in able if p not in inside and any(_within(bench, code, near) for code in p["territories"])]
        assert (need.inside.total, need.near.total) == (len(inside), len(around))
        assert need.inside.total + need.near.total + need.elsewhere.total == len(able)
        assert {ref.code for ref in need.inside.people} <= {p["username"] for p in inside}


def _within(bench: SearchBench, code: str, near: set[str]) -> bool:
    return bool(bench.data.above["territory", code] & near)


def test_partners_give_what_is_wanted_and_get_what_is_offered(bench: SearchBench, groups: Groups) -> None:
    record = next(r for r in bench.data.records["organization"] if r["wanted"] and r["available"])
    others = {r["code"]: r for r in bench.data.records["organization"]}
    found = groups.organization_needs(record["code"])
    assert found.partners
    assert record["code"] not in {partner.organization.code for partner in found.partners}
    for partner in found.partners:
        other = others[partner.organization.code or ""]
        for capacity in partner.gives:
            assert below(bench, capacity.wikidata or "") & set(other["available"])
        for capacity in partner.gets:
            assert capacity.wikidata in other["wanted"]
            assert below(bench, capacity.wikidata or "") & set(record["available"])


def test_an_event_needs_who_can_talk_about_it(bench: SearchBench, groups: Groups) -> None:
    record = bench.data.records["event"][0]
    found = groups.event_needs(record["id"])
    assert {need.capacity.wikidata for need in found.needs} == set(record["capacities"])
    with pytest.raises(NotFound):
        groups.event_needs("EV9999")


@pytest.mark.slow
def test_index_and_graph_give_the_same_answers(bench: SearchBench, tmp_path: Path) -> None:
    naming = Naming(bench.store, SPACES, bench.directory)
    fast, slow = (
        Groups(bench.store, SPACES, index=index, directory=bench.directory, naming=naming)
        for index in (bench.index, Index(bench.store, SPACES, bench.directory))
    )
    for record in bench.data.records["organization"][:15]:
        assert fast.organization_needs(record["code"]) == slow.organization_needs(record["code"])
    for record in bench.data.records["event"][:10]:
        assert fast.event_needs(record["id"]) == slow.event_needs(record["id"])
    capacities = tuple(f"wikidata:{record['qid']}" for record in bench.data.records["capacity"][20:320:60])
    request = TeamRequest(capacities, "fr")
    assert fast.team(request) == slow.team(request)
