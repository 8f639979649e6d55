"""Criteria answered from bitmaps: the same answers as the queries give, some hundred times faster.

A condition is a union of sets, a search their intersection, a count the size of one more. What a search means is
said in ``criteria``; a test holds both finders equal.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Iterator, Sequence
from functools import reduce
from itertools import islice

from pyroaring import BitMap

from capx_graph.directory.catalogue import item_number
from capx_graph.index import Bitmaps, Family, Index, Value
from capx_graph.index.families import CLASS, ORGANIZATION, PROJECT, ROLE, SKILL, SPEAKS
from capx_graph.model import Role
from capx_graph.search.conditions import TEXT, asked_facets
from capx_graph.search.criteria import (
    BY_CAPACITY,
    CAPACITY,
    EXACT_NAME,
    LANGUAGE,
    LEVEL,
    LEVELS,
    PART_OF_NAME,
    SEARCHED,
    TERRITORY,
    Criteria,
    Found,
    Page,
    TextMatch,
)

_DECIDED_BY = {ROLE: (CAPACITY, TEXT), LEVEL: (LANGUAGE,)}
"""The conditions that a facet's values decide, where it is not the one of its name."""


class BitmapFinder:
    """A Finder on the index; raises Unavailable while that is being loaded."""

    def __init__(self, index: Index) -> None:
        self._index = index

    def find(self, criteria: Criteria, page: Page) -> Found:
        with self._index.reading() as (sets, version):
            return _Search(sets, criteria).answer(page, version)


class _Search:
    """One search over one state of the bitmaps."""

    def __init__(self, sets: Bitmaps, criteria: Criteria) -> None:
        self._sets = sets
        self._asked = criteria
        self._conditions = {facet: self._condition(facet) for facet in asked_facets(criteria)}
        self._found = self._all_but(())

    def answer(self, page: Page, version: int) -> Found:
        groups = self._groups() if page.sort == "relevance" else [self._found]
        items = tuple(f"Q{thing}" for thing in self._page(groups, page))
        counts = {facet: self._counts(facet) for facet in page.facets}
        return Found(len(self._found), items, counts, version)

    def _all_but(self, facets: Collection[str]) -> BitMap:
        """The things that meet every condition but those of some facets."""
        others = sorted((things for name, things in self._conditions.items() if name not in facets), key=len)
        if not others:
            return _union(self._sets.family(CLASS).values())
        return reduce(lambda one, other: one & other, others)

    def _condition(self, facet: str) -> BitMap:
        asked = self._asked
        if facet == TEXT and asked.text:
            return self._answering(asked.text, asked.roles)
        if facet == CAPACITY:
            return self._in_roles(asked.roles)
        if facet == LANGUAGE:
            return self._any_of(SKILL, self._skills(asked.languages, asked.levels))
        if facet == CLASS:
            return self._any_of(CLASS, asked.classes)
        return self._any_of(self._plain_family(facet), map(item_number, self._values(facet)))

    def _answering(self, text: TextMatch, roles: Sequence[Role]) -> BitMap:
        return BitMap(map(item_number, text.named)) | self._with_capacities(text.capacities, roles)

    def _in_roles(self, roles: Sequence[Role]) -> BitMap:
        if self._asked.capacities:
            return self._with_capacities(self._asked.capacities, roles)
        return self._any_of(ROLE, roles)

    def _with_capacities(self, capacities: Sequence[str], roles: Sequence[Role]) -> BitMap:
        values = [item_number(item) for item in capacities]
        return _union(self._any_of(family, values) for family in self._capacity_families(roles))

    def _any_of(self, family: str, values: Iterable[Value]) -> BitMap:
        sets = self._sets.family(family)
        return _union(sets[value] for value in values if value in sets)

    def _capacity_families(self, roles: Sequence[Role]) -> list[str]:
        suffix = "Under" if self._asked.descendants else ""
        return [f"{role}{suffix}" for role in roles] or [f"involves{suffix}"]

    def _plain_family(self, facet: str) -> str:
        if facet == TERRITORY:
            return "basedWithin" if self._asked.descendants else "based"
        return facet

    def _values(self, facet: str) -> Sequence[str]:
        asked = self._asked
        return {TERRITORY: asked.territories, ORGANIZATION: asked.organizations, PROJECT: asked.projects}[facet]

    def _skills(self, languages: Sequence[str], levels: Sequence[str] | None) -> list[Value]:
        """Keys of the family ``skill``: any level is written as an empty one, any language as number 0."""
        numbers = [item_number(item) for item in languages] or [0]
        return [(number, level) for number in numbers for level in ([""] if levels is None else levels)]

    def _groups(self) -> Iterator[BitMap]:
        """The found things from the most to the least relevant."""
        text = self._asked.text
        if not text:
            yield from self._by_matches(self._found)
            return
        left = self._found
        for tier in (EXACT_NAME, PART_OF_NAME, BY_CAPACITY):
            named = BitMap(item_number(item) for item, how in text.named.items() if how == tier)
            yield from self._by_matches(left & named)
            left = left - named
        yield from self._by_matches(left)

    def _by_matches(self, things: BitMap) -> Iterator[BitMap]:
        """The things in groups, those that have more of the asked values first."""
        at_least = [things]
        for values in self._asked_values():
            for count in range(len(at_least) - 1, -1, -1):
                more = at_least[count] & values
                if count + 1 < len(at_least):
                    at_least[count + 1] |= more
                elif more:
                    at_least.append(more)
        at_least.append(BitMap())
        for count in range(len(at_least) - 2, -1, -1):
            yield at_least[count] - at_least[count + 1]

    def _asked_values(self) -> Iterator[BitMap]:
        """The things that have each asked value; facets with one value are left out, for all found things have it."""
        asked = self._asked
        if len(asked.capacities) > 1:
            for item in asked.capacities:
                yield self._with_capacities([item], asked.roles)
        if len(asked.languages) > 1:
            for item in asked.languages:
                yield self._any_of(SKILL, self._skills([item], asked.levels))
        for facet in (TERRITORY, ORGANIZATION, PROJECT):
            values = self._values(facet)
            if len(values) > 1:
                for item in values:
                    yield self._sets.things(self._plain_family(facet), item_number(item))

    def _page(self, groups: Iterable[BitMap], page: Page) -> Iterator[int]:
        limit, offset = page.limit, page.offset
        for group in groups:
            if not limit:
                return
            if offset >= len(group):
                offset -= len(group)
                continue
            part = list(islice(self._sets.in_order(group, page.sort), offset, offset + limit))
            yield from part
            limit -= len(part)
            offset = 0

    def _counts(self, facet: str) -> dict[str, int]:
        decided = _DECIDED_BY.get(facet, (facet,))
        things = self._found if self._conditions.keys().isdisjoint(decided) else self._all_but(decided)
        return {word: count for word, count in self._counting(facet)(things) if count}

    def _counting(self, facet: str) -> Callable[[BitMap], Iterator[tuple[str, int]]]:
        counting: dict[str, Callable[[BitMap], Iterator[tuple[str, int]]]] = {
            CLASS: self._count_classes,
            ROLE: self._count_roles,
            CAPACITY: self._count_capacities,
            LANGUAGE: self._count_languages,
            LEVEL: self._count_levels,
        }
        return counting.get(facet) or (lambda things: _sizes(self._sets.family(self._plain_family(facet)), things))

    def _count_classes(self, things: BitMap) -> Iterator[tuple[str, int]]:
        for kind in dict.fromkeys((*SEARCHED, *self._asked.classes)):
            yield kind.value, things.intersection_cardinality(self._sets.things(CLASS, kind))

    def _count_roles(self, things: BitMap) -> Iterator[tuple[str, int]]:
        text = self._asked.text
        for role in Role:
            having = self._in_roles([role])
            if text:
                having = having & self._answering(text, [role])
            yield role.value, things.intersection_cardinality(having)

    def _count_capacities(self, things: BitMap) -> Iterator[tuple[str, int]]:
        families = [self._sets.family(name) for name in self._capacity_families(self._asked.roles)]
        if len(families) == 1:
            yield from _sizes(families[0], things)
            return
        for value in set().union(*families):
            having = _union(family[value] for family in families if value in family)
            yield f"Q{value}", things.intersection_cardinality(having)

    def _count_languages(self, things: BitMap) -> Iterator[tuple[str, int]]:
        levels = self._asked.levels
        if levels is None:
            yield from _sizes(self._sets.family(SPEAKS), things)
            return
        for value in self._sets.family(SPEAKS):
            having = self._any_of(SKILL, [(value, level) for level in levels if isinstance(value, int)])
            yield f"Q{value}", things.intersection_cardinality(having)

    def _count_levels(self, things: BitMap) -> Iterator[tuple[str, int]]:
        for level in LEVELS:
            having = self._any_of(SKILL, self._skills(self._asked.languages, [level]))
            yield level, things.intersection_cardinality(having)


def _sizes(family: Family, things: BitMap) -> Iterator[tuple[str, int]]:
    for value, having in family.items():
        yield f"Q{value}", things.intersection_cardinality(having)


def _union(sets: Iterable[BitMap]) -> BitMap:
    found = BitMap()
    for members in sets:
        found |= members
    return found
