"""What matching by bitmaps counts once for all who ask: everybody, who wants what, when events begin.

Used by ``bitmapmatcher`` alone, which keeps one until the bitmaps change.
"""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache, reduce
from operator import itemgetter, or_

from pyroaring import BitMap

from capx_graph.index import Bitmaps, seconds
from capx_graph.index.families import BEGIN, CLASS, HELD, MANAGED, ROLE, YES
from capx_graph.model import EntityKind, Role

Beginning = tuple[float, str, int]
"""The instant at which an event begins, as it is written too, and the number of its item."""

_instant = lru_cache(maxsize=65536)(seconds)
"""The beginnings of all events are read anew after each edit."""


@dataclass(frozen=True, slots=True)
class Population:
    """What is the same for every asker at one state of the bitmaps.

    ``holders`` is how many have any capacity, ``wished`` who wants each.
    """

    sets: Bitmaps
    version: int
    people: BitMap
    organizations: BitMap
    anybody: BitMap
    holders: int
    begins: Sequence[Beginning]
    wished: Mapping[str, BitMap]

    @classmethod
    def of(cls, sets: Bitmaps, version: int) -> Population:
        """Counted from the bitmaps as they are."""
        people = sets.things(CLASS, EntityKind.PERSON)
        organizations = sets.things(CLASS, EntityKind.ORGANIZATION) & sets.things(MANAGED, YES)
        capacities = sets.things(CLASS, EntityKind.CAPACITY)
        wanted = sets.family(HELD[Role.WANTS]).items()
        begins = [
            (_instant(text), text, number)
            for text, members in sets.family(BEGIN).items()
            if isinstance(text, str)
            for number in members
        ]
        return cls(
            sets,
            version,
            people,
            organizations,
            people | organizations,
            len(union(sets.things(ROLE, role) for role in HELD.values())),
            sorted(begins),
            {f"Q{number}": members for number, members in wanted if isinstance(number, int) and number in capacities},
        )

    def coming(self, now: float) -> dict[int, Beginning]:
        """The next beginning of each event that is still to come, in that order."""
        found: dict[int, Beginning] = {}
        for beginning in self.begins[bisect_left(self.begins, now, key=itemgetter(0)) :]:
            found.setdefault(beginning[2], beginning)
        return found


def union(sets: Iterable[BitMap]) -> BitMap:
    """All numbers that are in any of the sets."""
    return reduce(or_, sets, BitMap())
