"""When an event is, as a page says it: by the clocks of its own zone, and by those of the reader's.

A page never leaves the zone to be guessed. Whose zone the reader did not choose is told by their browser, where it
runs scripts; all others find a choice beside the times.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime

from flask import Flask

from capx_graph import zones
from webapp.request.reader import reader


@dataclass(frozen=True, slots=True)
class Told:
    """Day and hours in words, what the time of their zone is called, and the zone's name; ``month`` is ISO 8601."""

    text: str
    called: str
    zone: str
    month: str


def told(begin: datetime | str, end: datetime | str | None, zone: str | None) -> Told | None:
    """A time by the clocks of a zone (UTC where there is none of this name); None for what is no instant."""
    at, until = _instant(begin), _instant(end)
    if at is None:
        return None
    shown = zones.shown(at, zone)
    tr = reader().tr
    name = str(shown.tzinfo)
    kept = until if until is not None and until >= at else None
    return Told(tr.span(shown, kept), tr.zone(shown), name, shown.strftime("%Y-%m-01"))


def day_there(at: str, zone: str | None) -> str:
    """The day of an instant by the clocks of a zone, in words: where an event is, it is often another than in UTC."""
    moment = _instant(at)
    return at if moment is None else reader().tr.day(zones.shown(moment, zone).isoformat())


def own_zone() -> str | None:
    """The zone that the reader chose."""
    return reader().zone


def zone_choices(present: str | None) -> tuple[tuple[str, str], ...]:
    """Zones by name, with what the reader calls them; the present one among them, whatever its spelling."""
    offered = zones.choices(reader().code)
    return offered if not present or any(present == name for name, _ in offered) else (*offered, (present, present))


def zone_label(name: str) -> str:
    """Country and city of a zone in the reader's words."""
    return zones.label(name, reader().code)


def _instant(value: datetime | str | None) -> datetime | None:
    if isinstance(value, str):
        try:
            value = datetime.fromisoformat(value)
        except ValueError:
            return None
    return value if value is None or value.tzinfo else value.replace(tzinfo=UTC)


def install(app: Flask) -> None:
    """Makes times known to templates."""
    for tool in (told, day_there, own_zone, zone_choices, zone_label):
        app.add_template_global(tool)
