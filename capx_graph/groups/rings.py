"""Teaching rings: A teaches B, B teaches C, C teaches A; as many people of a group served as possible.

An arc leads from a teacher to a learner who wants what is offered, and shares a language with them when that is asked.
Its quality settles equal choices: 5 for exactly what is wanted, less for each level beneath it, 2 for a language.
"""

from __future__ import annotations

import time
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from capx_graph.directory import Tree
from capx_graph.errors import InvalidParameter
from capx_graph.groups.choosing import Participant
from capx_graph.groups.model import Rings, RingsRequest, Teaching
from capx_graph.groups.solving import Solver
from capx_graph.messages import told
from capx_graph.model import Ref

MOST_PEOPLE = 400
_EXACT = 5
_LANGUAGE = 2


@dataclass(frozen=True, slots=True)
class Arc:
    """What one person can teach another: the offered capacity, the wanted one, and how good a match it is (0 to 9)."""

    offered: str
    wanted: str
    quality: int


def check(request: RingsRequest) -> None:
    """Raises InvalidParameter for lengths that no ring has."""
    if not 2 <= request.shortest <= request.longest <= 5:
        raise InvalidParameter("longest", request.longest, told("rings-lengths"))


def arcs(people: Sequence[Participant], request: RingsRequest, tree: Tree) -> dict[tuple[int, int], Arc]:
    """Who can teach whom what, by their places in the group; the best match of each pair."""
    wanting: dict[str, list[int]] = {}
    for place, person in enumerate(people):
        for capacity in person.wants:
            wanting.setdefault(capacity, []).append(place)
    found: dict[tuple[int, int], Arc] = {}
    for teacher, person in enumerate(people):
        for offered in sorted(person.offers):
            lineage = tree.above(offered) if request.descendants else (offered,)
            for steps, wanted in enumerate(lineage):
                for learner in wanting.get(wanted, ()):
                    if learner == teacher:
                        continue
                    common = not person.speaks.isdisjoint(people[learner].speaks)
                    if request.common_language and not common and person.speaks and people[learner].speaks:
                        continue
                    arc = Arc(offered, wanted, max(0, _EXACT - steps) + _LANGUAGE * common)
                    known = found.get((teacher, learner))
                    if known is None or arc.quality > known.quality:
                        found[teacher, learner] = arc
    return found


def find(people: Sequence[Participant], request: RingsRequest, tree: Tree, solver: Solver) -> RingsFound:
    """The rings of a group; raises AllowanceSpent, WorkersBusy, QueryTooLong."""
    started = time.monotonic()
    pairs = arcs(people, request, tree)
    task = {
        "people": len(people),
        "arcs": [[teacher, learner, arc.quality] for (teacher, learner), arc in sorted(pairs.items())],
        "shortest": request.shortest,
        "longest": request.longest,
    }
    answer: Mapping[str, Any] = {"rings": [], "bound": 0}
    if pairs:
        answer = solver.solve("rings", task, seconds=request.seconds, client=request.client)
    rings = tuple(_from_first(tuple(ring)) for ring in answer["rings"])
    return RingsFound(people, pairs, tuple(sorted(rings)), answer["bound"], time.monotonic() - started)


@dataclass(frozen=True, slots=True)
class RingsFound:
    """Rings as places in a group, before anything is named."""

    people: Sequence[Participant]
    arcs: Mapping[tuple[int, int], Arc]
    rings: tuple[tuple[int, ...], ...]
    bound: int
    seconds: float

    def items(self) -> set[str]:
        """Everything that an answer names."""
        found = {person.item for person in self.people}
        for pair in self._pairs():
            teacher, learner = (self.people[place] for place in pair)
            found |= {self.arcs[pair].offered, self.arcs[pair].wanted, *(teacher.speaks & learner.speaks)}
        return found

    def shown(self, refs: Mapping[str, Ref], unknown: tuple[str, ...]) -> Rings:
        """The answer with names."""
        served = {place for ring in self.rings for place in ring}
        return Rings(
            people=len(self.people),
            served=len(served),
            bound=self.bound,
            seconds=self.seconds,
            rings=tuple(tuple(self._teaching(pair, refs) for pair in _steps(ring)) for ring in self.rings),
            alone=tuple(refs[p.item] for place, p in enumerate(self.people) if place not in served),
            unknown=unknown,
        )

    def _pairs(self) -> list[tuple[int, int]]:
        return [pair for ring in self.rings for pair in _steps(ring)]

    def _teaching(self, pair: tuple[int, int], refs: Mapping[str, Ref]) -> Teaching:
        teacher, learner = (self.people[place] for place in pair)
        arc = self.arcs[pair]
        return Teaching(
            refs[teacher.item],
            refs[learner.item],
            refs[arc.offered],
            refs[arc.wanted] if arc.wanted != arc.offered else None,
            tuple(refs[language] for language in sorted(teacher.speaks & learner.speaks)),
        )


def _steps(ring: tuple[int, ...]) -> list[tuple[int, int]]:
    return list(zip(ring, (*ring[1:], ring[0]), strict=True))


def _from_first(ring: tuple[int, ...]) -> tuple[int, ...]:
    """The same ring, told from its oldest member."""
    start = ring.index(min(ring))
    return ring[start:] + ring[:start]
