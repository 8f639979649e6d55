"""An entity here beside the one there: what each says of every part, where it changed, what both say now.

Only this package imports it. Everything is compared in the ids of the other side.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from capx_graph.handover.mapping import Part, Parts
from capx_graph.handover.merging import Meeting, Side, meet, side, term_parts
from capx_graph.handover.state import Base, Pair


@dataclass(frozen=True, slots=True)
class Difference:
    """A part that differs: its name, where it changed, what is said here and there (None: nothing)."""

    name: str
    side: Side
    here: str | None
    there: str | None
    part: Part | None = None
    meeting: Meeting | None = None


class Comparison:
    """A pair, compared. ``differences`` leaves out what is alike."""

    def __init__(self, pair: Pair, here: Parts, there: Parts) -> None:
        self.pair = pair
        self.here = here
        self.there = there
        self._base = pair.base
        self._meetings = meet(here, there, pair.base.tails)
        self._known_there = {theirs: ours for ours, theirs in pair.base.tails.items()}
        self.differences = tuple(self._differences())

    def of(self, side: Side) -> tuple[Difference, ...]:
        """What changed on a side."""
        return tuple(difference for difference in self.differences if difference.side is side)

    def base(self, revision_here: int, revision_there: int, *, moved: Sequence[Difference] = ()) -> Base:
        """What is remembered: what is alike, what was so before, and what was ``moved`` from a side to the other."""
        parts = dict(self._base.parts)
        for name, ours, theirs, _ in self._all():
            if ours == theirs:
                _set(parts, name, ours)
        for difference in moved:
            _set(parts, difference.name, self._print(difference, difference.side))
        tails = {ours: theirs for ours, theirs in self._base.tails.items() if f"claims/{ours}" in parts}
        for meeting in self._meetings:
            if meeting.here and meeting.there and meeting.here != meeting.there:
                tails[meeting.here] = meeting.there
        return Base(revision_here, revision_there, parts, tails)

    def _print(self, difference: Difference, moved: Side) -> str | None:
        parts = self.here if moved is Side.HERE else self.there
        if difference.part is not None:
            return parts.fingerprint(difference.part)
        assert difference.meeting is not None
        tail = difference.meeting.here if moved is Side.HERE else difference.meeting.there
        return parts.fingerprint(("claims", tail)) if tail else None

    def _differences(self) -> Iterator[Difference]:
        for part in term_parts(self.here, self.there):
            if part in self.here.unsaid:
                continue
            ours, theirs = self.here.fingerprint(part), self.there.fingerprint(part)
            name = "/".join(part)
            found = side(ours, theirs, self._base.parts.get(name))
            if found is not Side.SAME:
                yield Difference(name, found, self.here.texts.get(part), self.there.texts.get(part), part=part)
        for meeting in self._meetings:
            name = self._name(meeting)
            ours, theirs = self._prints(meeting)
            found = side(ours, theirs, self._base.parts.get(name))
            if found is not Side.SAME:
                here = self.here.texts.get(("claims", meeting.here))
                there = self.there.texts.get(("claims", meeting.there))
                yield Difference(name, found, here, there, meeting=meeting)

    def _all(self) -> Iterator[tuple[str, str | None, str | None, object]]:
        for part in term_parts(self.here, self.there):
            yield "/".join(part), self.here.fingerprint(part), self.there.fingerprint(part), part
        for meeting in self._meetings:
            yield self._name(meeting), *self._prints(meeting), meeting

    def _prints(self, meeting: Meeting) -> tuple[str | None, str | None]:
        here = self.here.fingerprint(("claims", meeting.here)) if meeting.here else None
        there = self.there.fingerprint(("claims", meeting.there)) if meeting.there else None
        return here, there

    def _name(self, meeting: Meeting) -> str:
        """A statement is remembered under the end of its id here, and under that there where it was never here."""
        return f"claims/{meeting.here or self._known_there.get(meeting.there, meeting.there)}"


def _set(parts: dict[str, str], name: str, value: str | None) -> None:
    if value is None:
        parts.pop(name, None)
    else:
        parts[name] = value
