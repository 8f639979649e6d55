"""Matches from the bitmaps of the index: for each capacity its weight is added at the numbers of those who hold it.

The same answers as ``sparql`` gives, in milliseconds at 100,000 people; a test holds both equal. Arrays are as long as
the highest number of an item: 0.8 MB for each at 100,000 people, made and dropped within a request. What is the same
for all askers is kept until the bitmaps change.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import replace
from itertools import islice

import numpy
from numpy.typing import NDArray
from pyroaring import BitMap

from capx_graph.directory import Directory, Tree
from capx_graph.directory.catalogue import item_number
from capx_graph.index import Index
from capx_graph.index.families import (
    CANCELLED,
    CLASS,
    CONCERNS,
    HELD,
    INVOLVES,
    ORGANIZATION,
    PLACE,
    PROJECT,
    SKILL,
    SPEAKS,
    WITHIN,
    YES,
)
from capx_graph.matching import weights
from capx_graph.matching.asker import Asker
from capx_graph.matching.closeness import above
from capx_graph.matching.finding import (
    LEARN,
    PLACED,
    SAME_LANGUAGE,
    SHARE,
    SWAPS,
    Commons,
    Direction,
    Found,
    Ranking,
    Suggested,
    UpcomingEvent,
    attending,
    learning,
    matched,
    sharing,
    suggestions,
    surroundings,
)
from capx_graph.matching.population import Population, union
from capx_graph.model import EntityKind, Role

Numbers = NDArray[numpy.int64]


class BitmapMatcher:
    """A Matcher on the index; raises Unavailable while that is being loaded."""

    def __init__(self, index: Index) -> None:
        self._index = index
        self._population: Population | None = None

    def find(self, asker: Asker, directory: Directory, *, limit: int, now: float) -> Found:
        with self._index.reading() as (sets, version):
            population = self._population
            if population is None or population.sets is not sets or population.version != version:
                population = self._population = Population.of(sets, version)
            matching = _Matching(population, asker, directory)
            rankings = matching.rankings(limit)
            commons = Commons(asker, directory.tree, sets)
            return Found(
                rankings=rankings,
                events=matching.events(limit, now),
                capacities=matching.capacities(limit),
                common=commons.of(dict.fromkeys(item for ranking in rankings.values() for item, _ in ranking.hits)),
                version=version,
            )


class _Matching:
    """One asker against one state of the bitmaps."""

    def __init__(self, population: Population, asker: Asker, directory: Directory) -> None:
        self._sets = population.sets
        self._asker = asker
        self._directory = directory
        self._tree: Tree = directory.tree
        excluded = BitMap(map(item_number, asker.excluded))
        self._population = population
        self._people = population.people - excluded
        self._of_kind = {
            EntityKind.PERSON: self._people,
            EntityKind.ORGANIZATION: population.organizations - excluded,
        }
        self._anybody = population.anybody - excluded
        self._holding = population.holders
        self._size = self._anybody.max() + 1 if self._anybody else 1
        self._speakers = [(language, list(self._by_level(language))) for language in asker.languages]

    def rankings(self, limit: int) -> dict[str, Ranking]:
        """All lists of people and organizations."""
        learn, learning_from = self._capacity_points(learning(self._asker, self._tree))
        share, sharing_with = self._capacity_points(sharing(self._asker, self._tree))
        same, speaking = self._language_points()
        surrounding = self._surrounding()
        factors = surrounding + weights.WEIGHTS[weights.LANGUAGE] * self._best_levels()
        found = {
            LEARN: (learning_from, learn, factors),
            SHARE: (sharing_with, share, factors),
            SWAPS: (learning_from & sharing_with, learn + share, factors),
            SAME_LANGUAGE: (speaking, same, surrounding),
        }
        return {name: self._ranking(kind, *found[points], limit) for name, (points, kind) in PLACED.items()}

    def events(self, limit: int, now: float) -> tuple[int, tuple[UpcomingEvent, ...]]:
        """Coming events about something that the asker knows or wants, in the order of their beginning."""
        rows = [
            (pair, self._sets.things(CONCERNS, item_number(pair.theirs)))
            for pair in attending(self._asker, self._tree).rows()
        ]
        events = self._sets.things(CLASS, EntityKind.EVENT) - self._sets.things(CANCELLED, YES)
        about = union(holders for _, holders in rows) & events
        coming = [beginning for number, beginning in self._population.coming(now).items() if number in about]
        return len(coming), tuple(
            UpcomingEvent(f"Q{number}", begin, matched(rows, number)) for _, begin, number in coming[:limit]
        )

    def capacities(self, limit: int) -> tuple[int, tuple[Suggested, ...]]:
        """Capacities to consider."""
        peers = self._peers()
        counts = {item: peers.intersection_cardinality(members) for item, members in self._population.wished.items()}
        total, found = suggestions(self._asker, self._directory, counts, limit=limit)
        return total, tuple(replace(one, offerers=self._offerers(one.item)) for one in found)

    def _capacity_points(self, direction: Direction) -> tuple[Numbers, BitMap]:
        """The points of everybody's capacities, and who has any."""
        points = numpy.zeros(self._size, dtype=numpy.int64)
        everyone = BitMap()
        for mine, levels in direction.capacities:
            served = BitMap()
            nearest: list[BitMap] = []
            for level in levels:
                holders = self._holders(direction.family, level) - served
                served |= holders
                nearest.append(holders & self._anybody)
            demand = weights.Demand(self._offerers(mine), self._seekers(mine))
            weighs = weights.weight(self._holding, len(served), demand)
            for steps, holders in enumerate(nearest):
                points[_numbers(holders)] += weights.closeness(weighs, steps)
            everyone |= served
        return points, everyone & self._anybody

    def _offerers(self, capacity: str) -> int:
        family = f"{HELD[Role.OFFERS]}Under" if self._asker.hierarchy else HELD[Role.OFFERS]
        return len(self._sets.things(family, item_number(capacity)))

    def _seekers(self, capacity: str) -> int:
        levels = above(self._tree, capacity, hierarchy=self._asker.hierarchy)
        return len(self._holders(HELD[Role.WANTS], (one for level in levels for one in level)))

    def _language_points(self) -> tuple[Numbers, BitMap]:
        points = numpy.zeros(self._size, dtype=numpy.int64)
        everyone = BitMap()
        for language, levels in self._speakers:
            speakers = self._sets.things(SPEAKS, item_number(language))
            weighs = weights.language_weight(self._holding, len(speakers))
            for level, numbers in levels:
                points[numbers] += weighs * level
            everyone |= speakers
        return points, everyone & self._anybody

    def _best_levels(self) -> Numbers:
        """The level of everybody's best common language."""
        best = numpy.zeros(self._size, dtype=numpy.int64)
        for _, levels in self._speakers:
            for level, numbers in levels:
                best[numbers] = numpy.maximum(best[numbers], level)
        return best

    def _by_level(self, language: str) -> Iterator[tuple[int, NDArray[numpy.uint32]]]:
        """Who speaks a language, by the level that both speak it at; everybody once, at their best."""
        number = item_number(language)
        mine = weights.RANKS[self._asker.languages[language]]
        left = self._sets.things(SPEAKS, number) & self._anybody
        for code, rank in sorted(weights.RANKS.items(), key=lambda pair: -pair[1]):
            members = left & self._sets.things(SKILL, (number, code)) if code else left
            left = left - members
            yield min(mine, rank), _numbers(members)

    def _surrounding(self) -> Numbers:
        """Thousandths for what is in common besides capacities and languages."""
        factors = numpy.full(self._size, weights.WHOLE, dtype=numpy.int64)
        asker = self._asker
        same = self._holders(PLACE, asker.territories)
        near = self._holders(WITHIN, surroundings(asker, self._tree)) - same
        colleagues = self._holders(ORGANIZATION, asker.affiliations) | BitMap(map(item_number, asker.affiliations))
        for members, thousandths in (
            (same, weights.WEIGHTS[weights.TERRITORY]),
            (near, weights.WEIGHTS[weights.REGION]),
            (self._holders(PROJECT, asker.projects), weights.WEIGHTS[weights.PROJECT]),
            (colleagues, weights.WEIGHTS[weights.AFFILIATION]),
        ):
            factors[_numbers(members & self._anybody)] += thousandths
        return factors

    def _ranking(self, kind: EntityKind, members: BitMap, points: Numbers, factors: Numbers, limit: int) -> Ranking:
        numbers = _numbers(members & self._of_kind[kind])
        totals = points[numbers] * factors[numbers]
        if not 0 < limit < len(numbers):
            first = self._sets.by_total(zip(numbers.tolist(), totals.tolist(), strict=True)) if limit else []
            return Ranking(len(numbers), tuple((f"Q{number}", total) for number, total in first))
        least = int(numpy.partition(totals, len(totals) - limit)[len(totals) - limit])
        above = totals > least
        hits = self._sets.by_total(zip(numbers[above].tolist(), totals[above].tolist(), strict=True))
        tied = self._sets.in_order(BitMap(numbers[totals == least]), "active")
        hits += ((number, least) for number in islice(tied, limit - len(hits)))
        return Ranking(len(numbers), tuple((f"Q{number}", total) for number, total in hits))

    def _peers(self) -> BitMap:
        """People who share two capacities with the asker, or one if the asker has no more."""
        one, two = BitMap(), BitMap()
        for capacity in self._asker.held:
            members = self._sets.things(INVOLVES, item_number(capacity))
            two |= one & members
            one |= members
        return (two if len(self._asker.held) > 1 else one) & self._people

    def _holders(self, family: str, items: Iterable[str]) -> BitMap:
        return union(self._sets.things(family, item_number(item)) for item in items)


def _numbers(members: BitMap) -> NDArray[numpy.uint32]:
    return numpy.frombuffer(members.to_array(), dtype=numpy.uint32)
