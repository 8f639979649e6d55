"""The time of a record in its form: what clocks of a zone show, to be made into instants, and an instant for a mark.

``FIELD.begin`` and ``FIELD.end`` are local times as browsers write them (``2026-06-01T14:00``), ``FIELD.zone`` says by
whose clocks; ``FIELD.begin.was`` is the instant that the form was drawn from, which stands where nothing was changed: a
local time that clocks show twice would else move by an hour. What is no time stays as it was typed, and is told of.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import datetime

from capx_graph import zones
from capx_graph.instants import stamp
from capx_graph.membership import Fault, Line, Part, fault
from capx_graph.stewardship import Shape, Spec
from webapp.forms.lines import Form, tidy
from webapp.needs import services
from webapp.request.reader import reader

_ENDS = ("begin", "end")
_FIRST, _LAST = 1900, 2200
"""Years that an event may be in; others are slips of the hand."""


@dataclass(frozen=True, slots=True)
class Clocks:
    """A field as its form shows it: local times, the instants that they were drawn from, the zone."""

    begin: str = ""
    end: str = ""
    zone: str = zones.UTC_NAME
    was: Mapping[str, str] = field(default_factory=dict)

    def is_local(self, name: str) -> bool:
        """Whether a browser's own input for local times would take the value; it would empty itself for another."""
        value: str = getattr(self, name)
        return not value or _local(value) is not None


def time_lines(form: Form, part: str) -> list[Line]:
    """The lines of a field of time; UTC is the zone where none is said."""
    zone = tidy(form.get(f"{part}.zone", "")) or zones.UTC_NAME
    found = []
    for name in _ENDS:
        local = tidy(form.get(f"{part}.{name}", ""))
        if local:
            found.append(Line(name, _instant(local, zone, was=tidy(form.get(f"{part}.{name}.was", "")))))
    return [*found, Line("timeZone", zone)] if found and zone != zones.UTC_NAME else found


def mark_lines(form: Form, spec: Spec) -> list[Line]:
    """The line of a mark: the instant that it has already, else now."""
    value = tidy(form.get(spec.name, ""))
    now = services().settings.now()
    return [Line(spec.properties[0], stamp(now) if value == "1" else value)] if value else []


def clocks_of(part: Part) -> Clocks:
    """A field of time as its form shows it."""
    held = {line.name: line.value for line in part.lines}
    zone = held.get("timeZone") or zones.UTC_NAME
    was = {name: held[name] for name in _ENDS if name in held and _read(held[name])}
    return Clocks(_shown(held.get("begin", ""), zone), _shown(held.get("end", ""), zone), zone, was)


def faults(parts: Mapping[str, Part], specs: Iterable[Spec]) -> dict[str, tuple[Fault, ...]]:
    """What is wrong with the times of a form, in the reader's words; what the shapes say, they say after it."""
    found: dict[str, tuple[Fault, ...]] = {}
    for spec in specs:
        if spec.shape is Shape.TIME and (said := tuple(_faults(parts[spec.name]))):
            found[spec.name] = said
    return found


def _faults(part: Part) -> Iterable[Fault]:
    tr = reader().tr
    held = {line.name: line.value for line in part.lines}
    zone = held.get("timeZone") or zones.UTC_NAME
    if not zones.is_zone(zone):
        yield fault(tr.text("time-zone-unknown", zone[:40]), "timeZone")
        return
    at = {name: _read(held[name]) for name in _ENDS if name in held}
    for name, found in at.items():
        if found is None:
            local = _local(held[name])
            said = (
                tr.text("time-unreadable", held[name][:40])
                if local is None
                else tr.text("time-skipped", tr.span(local), zones.label(zone, reader().code))
            )
            yield fault(said, name)
        elif not _FIRST <= found.year <= _LAST:
            yield fault(tr.text("time-far", held[name][:40]), name)
    if "begin" not in at:
        yield fault(tr.text("time-begin-missing"), "begin")
    begin, end = at.get("begin"), at.get("end")
    if begin and end and end < begin:
        yield fault(tr.text("time-reversed"), "end")


def _instant(local: str, zone: str, *, was: str) -> str:
    """The instant of a local time; the text itself where there is none."""
    if was and local == _shown(was, zone):
        return was
    if (instant := _read(local)) is not None:
        return stamp(instant)
    at = _local(local)
    if at is None or not zones.is_zone(zone):
        return local
    try:
        return stamp(zones.instant(at, zone))
    except (zones.NoSuchTime, OverflowError):
        return local


def _shown(value: str, zone: str) -> str:
    """What an input for a local time shows of an instant; of a text that is none, the text."""
    at = _read(value)
    if at is None:
        return value
    return zones.shown(at, zone).strftime("%Y-%m-%dT%H:%M:%S").removesuffix(":00")


def _read(text: str) -> datetime | None:
    try:
        at = datetime.fromisoformat(text)
    except ValueError:
        return None
    return at if at.tzinfo is not None and datetime.min.year < at.year < datetime.max.year else None


def _local(text: str) -> datetime | None:
    try:
        at = datetime.fromisoformat(text)
    except ValueError:
        return None
    return at if at.tzinfo is None and datetime.min.year < at.year < datetime.max.year else None
