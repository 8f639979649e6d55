"""Rings and covers against plain counting: never wrong, never claimed to be better than proven."""

from __future__ import annotations

import time
from itertools import combinations, permutations
from threading import Thread

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from capx_graph.errors import AllowanceSpent, CapxError, QueryTooLong, WorkersBusy
from capx_graph.groups import solver, solving
from capx_graph.groups.solving import Solver
from tests.waiting import until

Arcs = dict[tuple[int, int], int]


def rings(
    people: int, arcs: Arcs, shortest: int = 3, longest: int = 5, seconds: float = 5.0
) -> tuple[list[list[int]], int]:
    task = {
        "people": people,
        "arcs": [[*arc, quality] for arc, quality in arcs.items()],
        "shortest": shortest,
        "longest": longest,
    }
    answer = solver.rings(task, time.monotonic() + seconds)
    return answer["rings"], answer["bound"]


def all_cycles(people: int, arcs: Arcs, shortest: int, longest: int) -> set[tuple[int, ...]]:
    """Every cycle once, told from its smallest member, by trying all orders of all subsets."""
    found = set()
    for size in range(shortest, longest + 1):
        for members in combinations(range(people), size):
            for rest in permutations(members[1:]):
                ring = (members[0], *rest)
                if all(step in arcs for step in zip(ring, (*rest, members[0]), strict=True)):
                    found.add(ring)
    return found


def most_served(cycles: set[tuple[int, ...]], free: frozenset[int]) -> int:
    best = 0
    for cycle in cycles:
        if free.issuperset(cycle):
            rest = {other for other in cycles if other > cycle and not set(other) & set(cycle)}
            best = max(best, len(cycle) + most_served(rest, free - set(cycle)))
    return best


graphs = st.integers(3, 7).flatmap(
    lambda people: st.tuples(
        st.just(people),
        st.dictionaries(
            st.tuples(st.integers(0, people - 1), st.integers(0, people - 1)).filter(lambda arc: arc[0] != arc[1]),
            st.integers(0, 9),
            max_size=16,
        ),
    )
)


@settings(max_examples=30, deadline=None)
@given(graphs, st.sampled_from([(3, 5), (2, 3), (3, 3)]))
def test_small_groups_are_served_as_well_as_can_be(graph: tuple[int, Arcs], lengths: tuple[int, int]) -> None:
    people, arcs = graph
    found, bound = rings(people, arcs, *lengths)
    cycles = all_cycles(people, arcs, *lengths)
    assert {tuple(ring[ring.index(min(ring)) :] + ring[: ring.index(min(ring))]) for ring in found} <= cycles
    members = [person for ring in found for person in ring]
    assert len(members) == len(set(members)), "a person is in one ring"
    best = most_served(cycles, frozenset(range(people)))
    assert len(members) == best
    assert best <= bound


def test_better_matches_win_among_equal_numbers() -> None:
    one = {(0, 1): 1, (1, 2): 1, (2, 0): 1}
    other = {(0, 3): 9, (3, 2): 9}
    found, bound = rings(4, one | other)
    assert [sorted(ring) for ring in found] == [[0, 2, 3]]
    assert bound == 3


def dense(people: int, share: int) -> Arcs:
    """A group in which somebody wants what every so-and-so-many-th other offers; the same at every run."""
    return {
        (i, j): (i * 7 + j) % 10
        for i in range(people)
        for j in range(people)
        if i != j and (i * 37 + j * 101 + i * j) % share == 0
    }


@pytest.mark.slow
def test_a_dense_group_of_two_hundred_is_served_in_time_and_nobody_twice() -> None:
    found, bound = rings(200, dense(200, 7), seconds=6.0)
    members = [person for ring in found for person in ring]
    assert len(members) == len(set(members))
    assert all(3 <= len(ring) <= 5 for ring in found)
    assert 100 <= len(members) <= bound <= 200


def test_the_same_group_gives_the_same_rings() -> None:
    arcs = dense(40, 11)
    assert rings(40, arcs) == rings(40, arcs)


def smallest_cover(sets: list[set[int]]) -> int:
    needs = set().union(*sets)
    return next(
        size for size in range(len(sets) + 1) for chosen in combinations(sets, size) if set().union(*chosen) == needs
    )


@settings(max_examples=50, deadline=None)
@given(st.lists(st.sets(st.integers(0, 6), min_size=1), min_size=1, max_size=8))
def test_a_cover_is_as_small_as_can_be(sets: list[set[int]]) -> None:
    task = {"sets": [sorted(members) for members in sets], "costs": [0] * len(sets)}
    answer = solver.cover(task, time.monotonic() + 5)
    chosen = [sets[number] for number in answer["chosen"]]
    assert set().union(*chosen) == set().union(*sets)
    assert len(chosen) == answer["bound"] == smallest_cover(sets)


@pytest.mark.slow
def test_a_process_does_the_work_and_says_what_failed() -> None:
    process = Solver()
    answer = process.solve("cover", {"sets": [[0], [0, 1]], "costs": [0, 0]}, seconds=60, client="")
    assert answer == {"chosen": [1], "bound": 1}
    with pytest.raises(CapxError, match="KeyError"):
        process.solve("nonsense", {}, seconds=60, client="")


def test_work_that_does_not_end_is_ended(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("capx_graph.groups.solving._GRACE", -0.95)
    with pytest.raises(QueryTooLong, match="smaller group"):
        Solver().solve("cover", {"sets": [[0]], "costs": [0]}, seconds=1, client="")


def test_the_first_answer_stands_when_there_was_no_time_for_a_better_one() -> None:
    """Rings that come as they come are told at once, with a bound that holds for any."""
    told: list[dict[str, object]] = []
    ring = {"people": 3, "arcs": [[0, 1, 5], [1, 2, 5], [2, 0, 5]], "shortest": 3, "longest": 5}
    solver.rings(ring, time.monotonic() + 5, told.append)
    (first,) = told
    assert first["bound"] == 3
    assert len(first["rings"]) == 1  # type: ignore[arg-type]
    half = solving._last_answer(b'{"rings": [[0]], "bound": 1}\n{"rings": [[0')
    assert half == {"rings": [[0]], "bound": 1}
    assert solving._last_answer(b'{"rin') is None


_COVER = {"sets": [[0]], "costs": [0]}


def test_who_finds_all_places_taken_is_told_to_come_back() -> None:
    process = Solver(patience=0.05)
    busy = pytest.raises(WorkersBusy, match="others")
    with process._place("one", 7), process._place("another", 9), busy as caught:
        process.solve("cover", _COVER, seconds=1, client="a third")
    assert 1 <= caught.value.retry_after <= 7


@pytest.mark.slow
def test_nobody_takes_two_places() -> None:
    process = Solver()
    with process._place("one", 7):
        with pytest.raises(AllowanceSpent, match="for you already; try again in") as caught:
            process.solve("cover", _COVER, seconds=1, client="one")
        assert process.solve("cover", _COVER, seconds=60, client="another")["chosen"] == [0]
    assert 1 <= caught.value.retry_after <= 7
    assert process.solve("cover", _COVER, seconds=60, client="one")["chosen"] == [0]


def in_turn(process: Solver, served: list[str], client: str) -> Thread:
    """Somebody who asks, and who is served when it is their turn."""

    def ask() -> None:
        with process._place(client, 5):
            served.append(client)

    thread = Thread(target=ask, daemon=True)
    thread.start()
    until(lambda: client in process._waiting.values() or client in served, what=f"{client} waits or is served")
    return thread


def test_two_who_ask_again_and_again_do_not_keep_a_third_out() -> None:
    process, served = Solver(), list[str]()
    first, second = process._place("one", 5), process._place("two", 5)
    with first:
        with second:
            third = in_turn(process, served, "a third")
            with pytest.raises(AllowanceSpent), process._place("two", 5):
                pass
            assert served == []
        third.join(5)
        assert served == ["a third"]


def test_few_wait_and_each_once() -> None:
    process, served = Solver(), list[str]()
    with process._place("one", 5), process._place("two", 5):
        waiting = [in_turn(process, served, name) for name in ("three", "four")]
        with pytest.raises(AllowanceSpent, match="for you already"), process._place("three", 5):
            pass
        with pytest.raises(WorkersBusy, match="others"), process._place("five", 5):
            pass
    for thread in waiting:
        thread.join(5)
    assert served == ["three", "four"]
