"""The optimisation itself, run in a process of its own: disjoint cycles in a graph, the smallest cover of a set.

Started by ``solving`` with a task on standard input, as JSON; answers go to standard output, one a line, each better
than the one before, so that something is there when time is over. Nothing else imports it: SciPy, whose HiGHS solves
the integer programs, and NetworkX take 60 MB that the service need not carry.
"""

from __future__ import annotations

import json
import random
import sys
import time
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from itertools import islice
from typing import Any

import networkx as nx
import numpy as np
from numpy.typing import NDArray
from scipy.optimize import Bounds, LinearConstraint, linear_sum_assignment, linprog, milp
from scipy.sparse import csc_array

_MOST_CYCLES = 120_000
"""Cycles that are listed (2 s); a graph with more is too dense to need them all."""
_FIRST, _MORE = 300, 400
"""Columns that the linear program begins with, and those that join it a round."""
_MOST_COLUMNS = 8_000
_NARROW, _WIDE, _ALL = "narrow", "wide", "all"
_GREEDY = 12
_OPENED = 4
"""Rings that are taken apart at once: up to 25 people, whose cycles are listed in a few milliseconds."""
_MOST_LOCAL = 3_000
_SLACK = 1e-6

Floats = NDArray[np.float64]
Ints = NDArray[np.int64]
Cycle = tuple[int, ...]
Answer = dict[str, Any]


@dataclass(frozen=True, slots=True)
class Exchange:
    """Who could teach whom: ``arcs`` leads from teacher to learner with the quality of the match, 0 to 9.

    ``scale`` is what one person served is worth beside all quality together.
    """

    people: int
    arcs: dict[tuple[int, int], int]
    shortest: int
    longest: int
    learners: dict[int, list[int]]
    """For each teacher, whom they could teach."""

    @classmethod
    def of(cls, task: dict[str, Any]) -> Exchange:
        """The exchange that a task describes."""
        learners: dict[int, list[int]] = {}
        for teacher, learner, _ in sorted(task["arcs"]):
            learners.setdefault(teacher, []).append(learner)
        arcs = {(teacher, learner): quality for teacher, learner, quality in task["arcs"]}
        return cls(task["people"], arcs, task["shortest"], task["longest"], learners)

    @property
    def scale(self) -> int:
        return 10 * self.people + 1

    @staticmethod
    def served(cycles: Sequence[Cycle]) -> int:
        """How many people are in these."""
        return sum(map(len, cycles))

    def total(self, cycles: Sequence[Cycle]) -> int:
        """What these are worth together."""
        return sum(map(self.worth, cycles))

    def worth(self, cycle: Cycle) -> int:
        """People served first, quality second."""
        pairs = zip(cycle, (*cycle[1:], cycle[0]), strict=True)
        return len(cycle) * self.scale + sum(self.arcs[pair] for pair in pairs)


def rings(task: dict[str, Any], end: float, tell: Callable[[Answer], None] = lambda _: None) -> Answer:
    """Disjoint cycles that serve as many people as can be found, and how many nobody can pass.

    Where all cycles can be listed, a linear program gives the bound and an integer one the rings. Where they are too
    many, the bound is that of cycles of any length. What is found is improved piece by piece while it is below.
    """
    exchange = Exchange.of(task)
    best = max((_greedy(exchange, seed) for seed in range(_GREEDY)), key=exchange.total)
    tell({"rings": [list(cycle) for cycle in best], "bound": _assignment_bound(exchange)})
    cycles = _cycles(exchange, time.monotonic() + (end - time.monotonic()) / 4)
    packing = _Packing(exchange, cycles) if cycles else None
    bound = packing.relax() if packing else 0 if cycles == [] else _assignment_bound(exchange)
    if packing:
        best = max(best, packing.chosen_among(_NARROW, end, share=0.4), key=exchange.total)
    best = _improved(exchange, best, bound, end - (end - time.monotonic()) * (0.5 if packing else 0.0))
    if packing and exchange.served(best) < bound:
        best = max(best, packing.chosen_among(_WIDE, end, share=1.0), key=exchange.total)
    return {"rings": [list(cycle) for cycle in best], "bound": bound}


def _cycles(exchange: Exchange, end: float) -> list[Cycle] | None:
    """All cycles of the allowed lengths; None when they are too many."""
    listing = _listed(exchange, range(exchange.people))
    found: list[Cycle] = []
    while part := list(islice(listing, 2000)):
        found += part
        if len(found) > _MOST_CYCLES or time.monotonic() > end:
            return None
    return found


def _listed(exchange: Exchange, people: Iterable[int]) -> Iterator[Cycle]:
    """The cycles among some people, in a fixed order."""
    among = set(people)
    graph: nx.DiGraph[int] = nx.DiGraph()
    graph.add_nodes_from(sorted(among))
    for teacher in sorted(among):
        graph.add_edges_from((teacher, learner) for learner in exchange.learners.get(teacher, ()) if learner in among)
    return (tuple(c) for c in nx.simple_cycles(graph, exchange.longest) if len(c) >= exchange.shortest)


def _greedy(exchange: Exchange, seed: int) -> list[Cycle]:
    """Disjoint cycles as they come, from people in an order that the seed gives."""
    shuffled = random.Random(seed)  # noqa: S311 variety, not secrecy
    order = list(range(exchange.people))
    shuffled.shuffle(order)
    free, found = set(order), []
    for person in order:
        if person in free and (cycle := _cycle_from(person, free, exchange, shuffled)):
            free.difference_update(cycle)
            found.append(cycle)
    return found


def _improved(exchange: Exchange, found: list[Cycle], bound: int, end: float) -> list[Cycle]:
    """Take a few rings and unserved people out, arrange them anew at their best, until the bound or the end."""
    near: dict[int, set[int]] = {}
    for teacher, learner in exchange.arcs:
        near.setdefault(teacher, set()).add(learner)
        near.setdefault(learner, set()).add(teacher)
    shuffled = random.Random(0)  # noqa: S311 variety, not secrecy
    while exchange.served(found) < bound and time.monotonic() < end:
        served = {person for cycle in found for person in cycle}
        unserved = [person for person in near if person not in served]
        if not unserved:
            break
        start = shuffled.choice(unserved)
        touched = [cycle for cycle in found if not near[start].isdisjoint(cycle)]
        opened = shuffled.sample(touched, min(_OPENED, len(touched)))
        some = {person for cycle in opened for person in cycle}
        some |= {start, *shuffled.sample(unserved, min(_OPENED, len(unserved)))}
        cycles = list(islice(_listed(exchange, some), _MOST_LOCAL))
        if cycles:
            renewed = _Packing(exchange, cycles).chosen_among(_ALL, end, share=1.0)
            if exchange.total(renewed) > exchange.total(opened):
                found = [cycle for cycle in found if cycle not in opened] + renewed
    return found


def _cycle_from(start: int, free: set[int], exchange: Exchange, shuffled: random.Random) -> Cycle | None:
    """A cycle through one person over free ones, by a walk that is given up after 200 steps."""
    steps = 0
    path = [start]
    choices = [_shuffled(exchange.learners.get(start, []), shuffled)]
    while choices and steps < 200:
        steps += 1
        following = next((p for p in choices[-1] if p in free and (p == start or p not in path)), None)
        if following is None:
            choices.pop()
            path.pop()
        elif following == start:
            if len(path) >= exchange.shortest:
                return tuple(path)
        elif len(path) < exchange.longest:
            path.append(following)
            choices.append(_shuffled(exchange.learners.get(following, []), shuffled))
    return None


def _shuffled(people: list[int], shuffled: random.Random) -> Iterator[int]:
    return iter(shuffled.sample(people, len(people)))


def _assignment_bound(exchange: Exchange) -> int:
    """The most people that cycles of any length can serve: an assignment of learners to teachers."""
    size = exchange.people
    served = np.zeros((size, size))
    forbidden = np.full((size, size), -float(size))
    np.fill_diagonal(forbidden, 0.0)
    for teacher, learner in exchange.arcs:
        served[teacher, learner], forbidden[teacher, learner] = 1.0, 0.0
    rows, columns = linear_sum_assignment(served + forbidden, maximize=True)
    return int(served[rows, columns].sum())


class _Packing:
    """Choosing among listed cycles: a linear program with few columns at a time, integer ones on the promising."""

    def __init__(self, exchange: Exchange, cycles: Sequence[Cycle]) -> None:
        self._people = exchange.people
        self._scale = exchange.scale
        self._cycles = cycles
        self._worth: Floats = np.array([exchange.worth(cycle) for cycle in cycles], dtype=np.float64)
        rows = [person for cycle in cycles for person in cycle]
        columns = [number for number, cycle in enumerate(cycles) for _ in cycle]
        self._uses = csc_array((np.ones(len(rows)), (rows, columns)), shape=(exchange.people, len(cycles)))
        self._in: NDArray[np.bool_] = np.zeros(len(cycles), dtype=np.bool_)
        self._in[np.linspace(0, len(cycles) - 1, min(_FIRST, len(cycles))).astype(np.int64)] = True
        self._spare: Floats = np.zeros(len(cycles))

    def relax(self) -> int:
        """The bound of the linear program over all listed cycles, in people."""
        while True:
            columns: Ints = np.flatnonzero(self._in)
            limits = np.ones(self._people)
            solved = linprog(-self._worth[columns], self._uses[:, columns].toarray(), limits, method="highs")
            prices = -np.asarray(solved.ineqlin.marginals, dtype=np.float64)
            self._spare = self._worth - self._uses.T @ prices
            wanting = np.flatnonzero(self._spare > _SLACK * self._scale)
            if not len(wanting):
                return int((-float(solved.fun or 0.0) + _SLACK) // self._scale)
            self._in[wanting[np.argsort(-self._spare[wanting], kind="stable")[:_MORE]]] = True

    def chosen_among(self, width: str, end: float, *, share: float) -> list[Cycle]:
        """The best packing of the columns of the linear program, of the nearly as good ones too, or of all."""
        seconds = (end - time.monotonic()) * share
        if seconds <= 0:
            return []
        columns = self._columns(width)
        solved = milp(
            -self._worth[columns],
            constraints=LinearConstraint(self._uses[:, columns], ub=np.ones(self._people)),
            integrality=np.ones(len(columns), dtype=np.int64),
            bounds=Bounds(0, 1),
            options={"time_limit": max(0.1, seconds), "mip_rel_gap": 0.0},
        )
        if solved.x is None:
            return []
        return [self._cycles[int(number)] for number in columns[np.asarray(solved.x) > 0.5]]

    def _columns(self, width: str) -> Ints:
        if width == _ALL:
            return np.arange(len(self._cycles))
        columns: Ints = np.flatnonzero(self._in)
        if width == _WIDE:
            nearly = np.argsort(-self._spare, kind="stable")[:_MOST_COLUMNS]
            columns = np.union1d(columns, nearly[self._spare[nearly] > -self._scale])
        return columns


def cover(task: dict[str, Any], end: float, _: Callable[[Answer], None] | None = None) -> Answer:
    """The fewest of the given sets that together hold every need, cheapest first among equals.

    ``sets`` holds lists of needs, each need is in one at least; ``costs`` (0 to 999) settle equal sizes.
    """
    sets: list[list[int]] = task["sets"]
    needs = sorted({need for members in sets for need in members})
    place = {need: row for row, need in enumerate(needs)}
    rows = [place[need] for members in sets for need in members]
    columns = [number for number, members in enumerate(sets) for _ in members]
    holds = csc_array((np.ones(len(rows)), (rows, columns)), shape=(len(needs), len(sets)))
    scale = 1000 * len(needs) + 1
    solved = milp(
        np.array([scale + cost for cost in task["costs"]], dtype=np.float64),
        constraints=LinearConstraint(holds, lb=np.ones(len(needs))),
        integrality=np.ones(len(sets), dtype=np.int64),
        bounds=Bounds(0, 1),
        options={"time_limit": max(0.1, end - time.monotonic()), "mip_rel_gap": 0.0},
    )
    if solved.x is None:
        return {"chosen": [], "bound": 0}
    chosen = [int(number) for number in np.flatnonzero(np.asarray(solved.x) > 0.5)]
    lowest = float(solved.mip_dual_bound) if solved.mip_dual_bound is not None else 0.0
    return {"chosen": chosen, "bound": max(1, round(lowest / scale))}


def main() -> None:
    """Read a task, work at it until its time is over, write the answer."""
    task = json.load(sys.stdin)
    end = time.monotonic() + float(task["until"]) - time.time()  # starting counts too
    work = {"rings": rings, "cover": cover}[task["kind"]]
    _tell(work(task, end, _tell))


def _tell(answer: Answer) -> None:
    print(json.dumps(answer), flush=True)  # noqa: T201 standard output is where answers go


if __name__ == "__main__":
    main()
