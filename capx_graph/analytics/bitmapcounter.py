"""Panels counted from bitmaps: the same counts as the queries give, some hundred times faster.

Only people count, organizations are in many of the same sets. Sets are read under the lock of the index; the large
tables are multiplied after it is let go. A test holds both counters equal.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence

from pyroaring import BitMap

from capx_graph.analytics.counting import NO_VALUE, Asked, Counted, Counts, Key, parts
from capx_graph.analytics.crosstab import Crosstab, Members
from capx_graph.analytics.panels import Panel
from capx_graph.directory import Directory
from capx_graph.directory.catalogue import item_number
from capx_graph.index import Bitmaps, Family, Index, Value
from capx_graph.index.families import CLASS, HELD, JOINED, MANAGED, PLACE, SKILL, SPEAKS, TYPE, WITHIN, YES
from capx_graph.model import EntityKind

NATIVE = "n"
_MONTH = len("2026-06")

Pairs = Iterator[tuple[Key, tuple[int, ...]]]


class BitmapCounter:
    """A Counter on the index; raises Unavailable while that is being loaded."""

    def __init__(self, index: Index) -> None:
        self._index = index

    def knows(self, panel: Panel) -> bool:
        """Whether the index knows enough for this panel."""
        return panel.name in _COUNTING or panel.name in _CROSSED

    def count(self, panel: Panel, asked: Asked, directory: Directory) -> Counted:
        crossed = _CROSSED.get(panel.name)
        if crossed:
            with self._index.reading() as (sets, version):
                table = crossed(_People(sets, asked, directory))
            return Counted(table.counts(), version)
        with self._index.reading() as (sets, version):
            pairs = _COUNTING[panel.name](_People(sets, asked, directory))
            counts: Counts = {key: counts for key, counts in pairs if any(counts)}
        return Counted(counts, version)


class _People:
    """One state of the bitmaps, and what is asked of it."""

    def __init__(self, sets: Bitmaps, asked: Asked, directory: Directory) -> None:
        self.sets = sets
        self.asked = asked
        self.directory = directory
        self.everybody = sets.things(CLASS, EntityKind.PERSON.value)

    def totals(self) -> Pairs:
        people = self.everybody
        told = {
            "people": people,
            "with_capacities": people & self._anything(*HELD.values()),
            "with_language": people & self._anything(SPEAKS),
            "with_territory": people & self._anything(PLACE),
            "new": people & _union(v for day, v in self.sets.family(JOINED).items() if str(day) >= self.asked.since),
        }
        return (((name,), (len(found),)) for name, found in told.items())

    def months(self) -> Pairs:
        found: dict[str, int] = {}
        for day, things in self.sets.family(JOINED).items():
            month = str(day)[:_MONTH]
            found[month] = found.get(month, 0) + things.intersection_cardinality(self.everybody)
        return (((month,), (count, 0, 0)) for month, count in found.items())

    def capacities(self) -> Pairs:
        families = [self.sets.family(f"{name}Under") for name in ("knows", "offers", "wants")]
        for number in set().union(*families):
            yield (f"Q{number}",), self._sizes(families, number)

    def bottlenecks(self) -> Pairs:
        families = [self.sets.family(name) for name in ("offers", "wants")]
        for number in families[0]:
            offering, wanting = self._sizes(families, number)
            if 0 < offering <= self.asked.most:
                yield (f"Q{number}",), (offering, wanting)

    def gap(self) -> Pairs:
        asked, directory = self.asked, self.directory
        among = self.everybody & self.sets.things(SPEAKS, _number(asked.language)) if asked.language else self.everybody
        there = {
            item: among & self.sets.things(WITHIN, _number(item))
            for item in parts(directory, EntityKind.TERRITORY, asked.territory)
        }
        for capacity in parts(directory, EntityKind.CAPACITY, asked.capacity):
            held = [self.sets.things(f"{role}Under", _number(capacity)) for role in ("offers", "wants")]
            for territory, people in there.items():
                yield (capacity, territory), tuple(people.intersection_cardinality(things) for things in held)

    def territories(self) -> Pairs:
        asked = self.asked.capacity
        offering, wanting = (
            self.everybody
            & (self.sets.things(f"{role}Under", _number(asked)) if asked else self._anything(role))
            for role in ("offers", "wants")
        )  # fmt: skip
        for number, there in self.sets.family(WITHIN).items():
            yield (
                (f"Q{number}",),
                tuple(there.intersection_cardinality(some) for some in (self.everybody, offering, wanting)),
            )

    def languages(self) -> Pairs:
        spoken, skills = self.sets.family(SPEAKS), self.sets.family(SKILL)
        for number, people in spoken.items():
            native = skills.get((number, NATIVE)) if isinstance(number, int) else None
            yield (
                (f"Q{number}",),
                (
                    people.intersection_cardinality(self.everybody),
                    native.intersection_cardinality(self.everybody) if native else 0,
                ),
            )

    def organizations(self) -> Pairs:
        managed = self.sets.things(CLASS, EntityKind.ORGANIZATION.value) & self.sets.things(MANAGED, YES)
        regions = parts(self.directory, EntityKind.TERRITORY, None)
        placed = {item: self.sets.things(WITHIN, _number(item)) for item in regions}
        types: dict[str, BitMap] = {str(word): managed & things for word, things in self.sets.family(TYPE).items()}
        types[NO_VALUE] = managed - _union(types.values())
        somewhere = _union(placed.values())
        for word, things in types.items():
            for region, there in placed.items():
                yield (word, region), (things.intersection_cardinality(there),)
            yield (word, NO_VALUE), (len(things - somewhere),)

    def languages_by_territory(self) -> Crosstab:
        return Crosstab(self._members(self.sets.family(PLACE)), [self._members(self.sets.family(SPEAKS))])

    def capacities_by_territory(self) -> Crosstab:
        held = [self._members(self.sets.family(name)) for name in ("knows", "offers", "wants")]
        return Crosstab(self._members(self.sets.family(PLACE)), held)

    def _members(self, family: Family) -> Members:
        """Each value with the people who have it."""
        return [(f"Q{value}", (things & self.everybody).to_array()) for value, things in family.items()]

    def _sizes(self, families: Sequence[Family], number: Value) -> tuple[int, ...]:
        found = (family.get(number) for family in families)
        return tuple(things.intersection_cardinality(self.everybody) if things else 0 for things in found)

    def _anything(self, *families: str) -> BitMap:
        return _union(things for name in families for things in self.sets.family(name).values())


_COUNTING: Mapping[str, Callable[[_People], Pairs]] = {
    "totals": _People.totals,
    "growth": _People.months,
    "capacities": _People.capacities,
    "bottlenecks": _People.bottlenecks,
    "gap": _People.gap,
    "territories": _People.territories,
    "languages": _People.languages,
    "organizations": _People.organizations,
}

_CROSSED: Mapping[str, Callable[[_People], Crosstab]] = {
    "languages_by_territory": _People.languages_by_territory,
    "capacities_by_territory": _People.capacities_by_territory,
}


def _number(item: str | None) -> int:
    return item_number(item) if item else 0


def _union(sets: Iterable[BitMap]) -> BitMap:
    return BitMap.union(*found) if (found := list(sets)) else BitMap()
