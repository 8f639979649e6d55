"""What becomes of each part of an entity that is here, there, or both: a merge of three, without a wiki.

Only this package imports it. The base of a part is what both sides said when they were last in step;
None where they never were, or where neither had it. Nothing there that changed since is ever overwritten from here,
and the other way round: what changed on both sides is for a person.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from enum import StrEnum

from capx_graph.handover.mapping import Part, Parts, main_text


class Side(StrEnum):
    """Where a part changed since the sides were in step."""

    SAME = "same"
    HERE = "here"
    THERE = "there"
    BOTH = "both"


@dataclass(frozen=True, slots=True)
class Meeting:
    """A statement here and the one there that stands for it; the tail of one alone is empty on the other side."""

    here: str
    there: str


def side(here: str | None, there: str | None, base: str | None) -> Side:
    """Where a part changed; the three are fingerprints, None for a part that is not there."""
    if here == there:
        return Side.SAME
    if there == base:
        return Side.HERE
    return Side.THERE if here == base else Side.BOTH


def meet(here: Parts, there: Parts, known: Mapping[str, str]) -> list[Meeting]:
    """Which statement here is which there: as known (tail here to tail there), by id, by all it says, by its value."""
    left_here, left_there = dict.fromkeys(here.statements), dict.fromkeys(there.statements)
    # A statement that cannot be said on the other side keeps its partner: it must not be taken for deleted.
    unsaid = [tail for kind, tail in here.unsaid if kind == "claims"]
    met: list[Meeting] = []

    def pair(ours: str, theirs: str) -> None:
        met.append(Meeting(ours, theirs))
        left_here.pop(ours, None)
        left_there.pop(theirs, None)

    for ours in unsaid:
        theirs = known.get(ours, ours)
        if theirs in left_there:
            left_there.pop(theirs)
    for ours in list(left_here):
        theirs = known.get(ours, ours)
        if theirs in left_there:
            pair(ours, theirs)
    for same in (_whole, _main):
        places: dict[str, list[str]] = {}
        for theirs in left_there:
            places.setdefault(same(there, theirs), []).append(theirs)
        for ours in list(left_here):
            if found := places.get(same(here, ours)):
                pair(ours, found.pop(0))
    return [*met, *(Meeting(ours, "") for ours in left_here), *(Meeting("", theirs) for theirs in left_there)]


def _whole(parts: Parts, tail: str) -> str:
    return parts.texts["claims", tail]


def _main(parts: Parts, tail: str) -> str:
    return main_text(parts.statements[tail])


def term_parts(*sides: Parts) -> Iterable[Part]:
    """The labels, descriptions and aliases that any of the sides has."""
    return sorted({part for parts in sides for part in parts.texts if part[0] != "claims"})
