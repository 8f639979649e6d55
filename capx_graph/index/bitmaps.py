"""Sets of things as roaring bitmaps, one for each property and value; pyroaring is known here and in what computes.

Members are the numbers of item ids, so nothing has to be translated and a change touches one number. The sets that
follow from the trees (``...Under``, ``involves``, ``basedWithin``) are derived here, as the ontology declares them.
Not for several threads at once: the index that owns it guards it.
"""

from __future__ import annotations

from bisect import bisect_left, insort
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence

from pyroaring import BitMap

from capx_graph.index.families import DERIVED
from capx_graph.index.standing import Key, Standing

Value = int | str | tuple[int, str]
"""The number of an item, a word (a class, a role, a level), or a language with a level."""

Fact = tuple[str, Value, Iterable[int]]
"""Family, value, things."""

Family = Mapping[Value, BitMap]
_NOTHING: Family = {}

_MANY = 0.02
"""Part of all places from which re-sorting them is cheaper than moving each."""


class Bitmaps:
    """Which things have which value, and the places of things in the two orders."""

    def __init__(self, above: Callable[[int], Sequence[int]]) -> None:
        """``above`` gives a capacity or a territory and everything over it."""
        self._above = above
        self._families: dict[str, dict[Value, BitMap]] = {}
        self._standings: dict[int, Standing] = {}
        self._by_activity: list[Key] = []
        self._by_name: list[Key] = []

    def family(self, name: str) -> Family:
        """All values of one family with their things."""
        return self._families.get(name, _NOTHING)

    def things(self, name: str, value: Value) -> BitMap:
        """The things with one value; not to be changed."""
        return self.family(name).get(value) or BitMap()

    def add(self, facts: Iterable[Fact]) -> None:
        """Take in facts of things about which nothing is known yet."""
        for family, value, members in facts:
            things = BitMap(members)
            self._grow(family, value, things)
            self._follow(family, value, things)

    def remove(self, numbers: Iterable[int]) -> None:
        """Forget everything about these things."""
        things = BitMap(numbers)
        for family in self._families.values():
            for members in family.values():
                # nearly all sets have none of a few things, and looking is eight times cheaper than taking away
                if not members.isdisjoint(things):
                    members.difference_update(things)
        gone = [thing for thing in things if thing in self._standings]
        if len(gone) > _MANY * len(self._standings):
            for thing in gone:
                del self._standings[thing]
            self._sort()
        else:
            for thing in gone:
                standing = self._standings.pop(thing)
                _take_out(self._by_activity, standing.by_activity)
                _take_out(self._by_name, standing.by_name)

    def place(self, standings: Sequence[Standing]) -> None:
        """Give their places to things that have none yet."""
        several = len(standings) > _MANY * len(self._standings)
        for standing in standings:
            key = standing.by_activity
            self._standings[key[2]] = standing
            if not several:
                insort(self._by_activity, key)
                insort(self._by_name, standing.by_name)
        if several:
            self._sort()

    def derive(self, above: Callable[[int], Sequence[int]]) -> None:
        """Follow other trees from now on: everything that follows from them is made anew."""
        self._above = above
        for derived in DERIVED.values():
            for name, _ in derived:
                self._families.pop(name, None)
        for family in DERIVED:
            for value, things in self.family(family).items():
                self._follow(family, value, things)

    def in_order(self, things: BitMap, sort: str) -> Iterator[int]:
        """These things in one of the orders, ``name`` or else by activity.

        Walking the whole order and asking for membership (about 50 ns each) is cheaper than sorting the things
        (about 1 us each) when they are many.
        """
        order = self._by_name if sort == "name" else self._by_activity
        if len(things) * 16 > len(order):
            return (key[2] for key in order if key[2] in things)
        places = self._standings
        found = [places[thing] for thing in things if thing in places]
        keys = sorted(place.by_name if sort == "name" else place.by_activity for place in found)
        return (key[2] for key in keys)

    def by_total(self, totals: Iterable[tuple[int, int]]) -> list[tuple[int, int]]:
        """Things with what they come to, the most first, those that come to the same by activity."""
        places = self._standings
        found = [(-total, places[thing].by_activity) for thing, total in totals if thing in places]
        return [(key[2], -total) for total, key in sorted(found)]

    def _follow(self, family: str, value: Value, things: BitMap) -> None:
        for name, upwards in DERIVED.get(family, ()):
            for reached in self._above(value) if upwards and isinstance(value, int) else (value,):
                self._grow(name, reached, things)

    def _grow(self, family: str, value: Value, things: BitMap) -> None:
        members = self._families.setdefault(family, {}).setdefault(value, BitMap())
        members.update(things)

    def _sort(self) -> None:
        self._by_activity = sorted(standing.by_activity for standing in self._standings.values())
        self._by_name = sorted(standing.by_name for standing in self._standings.values())


def _take_out(order: list[Key], key: Key) -> None:
    place = bisect_left(order, key)
    if place < len(order) and order[place] == key:
        del order[place]
