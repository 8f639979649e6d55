"""The matches of somebody as pages and answers show them: everything named for a reader, nothing left to look up.

Doors import it. The lists are those of ``finding.LISTS``.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from capx_graph.model import Ref


@dataclass(frozen=True, slots=True)
class Via:
    """A match through the tree; ``path`` leads from the wanted capacity down to the offered one, both included."""

    wanted: Ref
    offered: Ref
    path: tuple[Ref, ...]


@dataclass(frozen=True, slots=True)
class Served:
    """What matches in one direction: capacities exactly, others through the tree."""

    exact: tuple[Ref, ...] = ()
    via: tuple[Via, ...] = ()

    def __bool__(self) -> bool:
        return bool(self.exact or self.via)


@dataclass(frozen=True, slots=True)
class CommonLanguage:
    """A language that both speak, with the levels of the asker and of the hit (1 to 5, n, empty: not told)."""

    language: Ref
    mine: str
    theirs: str


@dataclass(frozen=True, slots=True)
class Match:
    """A person or an organization with what connects it to the asker.

    ``learn`` is what the asker can learn from it, ``share`` what the asker can teach it. ``count`` is the number of
    exact capacities of the list that it stands in, of common languages where those are looked for.
    """

    ref: Ref
    name: str
    points: int
    count: int
    learn: Served
    share: Served
    languages: tuple[CommonLanguage, ...] = ()
    territories: tuple[Ref, ...] = ()
    near: Ref | None = None
    projects: tuple[Ref, ...] = ()
    affiliations: tuple[Ref, ...] = ()
    last_active: str | None = None
    source: Ref | None = None


@dataclass(frozen=True, slots=True)
class EventMatch:
    """A coming event about something that the asker wants or knows; ``zone`` is that of its hours."""

    ref: Ref
    begin: str
    wanted: Served
    known: Served
    zone: str | None = None

    @property
    def count(self) -> int:
        """The number of capacities that it is exactly about."""
        return len(self.wanted.exact) + len(self.known.exact)


@dataclass(frozen=True, slots=True)
class CapacityToConsider:
    """A capacity that ``peers`` people like the asker want and ``offerers`` could teach, and why it is close."""

    ref: Ref
    peers: int
    offerers: int
    part_of: Ref | None = None
    beside: Ref | None = None


@dataclass(frozen=True, slots=True)
class Matches:
    """Everything for one asker; ``totals`` has the length of each list before it was cut."""

    person: str
    lists: Mapping[str, tuple[Match, ...]]
    events: tuple[EventMatch, ...]
    capacities: tuple[CapacityToConsider, ...]
    totals: Mapping[str, int]
    hierarchy: bool
    version: int = 0
