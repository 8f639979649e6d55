"""Events as an iCalendar object (RFC 5545): what a calendar program subscribes to.

Given out by the package; the only user of icalendar, which folds and escapes. An event that names its time zone is
given in it, with the rules of that zone beside it; any other in UTC. Its number of revisions grows with every edit, so
it serves as SEQUENCE. Texts come here as members wrote them: control characters end here, before they reach a line.
"""

from __future__ import annotations

import unicodedata
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

from icalendar import Calendar, Event, Timezone, vDuration, vText, vUri

from capx_graph import languages, zones
from capx_graph.events.model import Dated
from capx_graph.model import Ref
from capx_graph.namespaces import WikibaseNamespaces
from capx_graph.profiles import EventProfile

_PRODUCT = "-//capx-graph//events//EN"
_REFRESH = timedelta(hours=6)
_RULES = timedelta(days=366)
"""How far around its events the rules of a zone are told."""
_ONLINE = frozenset({"virtual", "hybrid"})
_LONGEST_SEQUENCE = 2**31 - 1


@dataclass(frozen=True, slots=True)
class Words:
    """What a calendar says in the reader's language: its name, an event's page, and all that is told about one.

    ``note`` is what is said of the calendar as a whole, empty for most.
    """

    name: str
    page: Callable[[EventProfile], str]
    told: Callable[[EventProfile], str]
    note: str = ""


def calendar(events: Sequence[Dated], words: Words, namespaces: WikibaseNamespaces) -> bytes:
    """The object as bytes in UTF-8, with the line ends that the standard asks for."""
    made = Calendar()
    made.add("prodid", _PRODUCT)
    made.add("version", "2.0")
    made.add("calscale", "GREGORIAN")
    name = _line(words.name)
    made.add("name", name)
    made.add("x-wr-calname", name)
    if words.note:
        made.add("description", _line(words.note))
        made.add("x-wr-caldesc", _line(words.note))
    made.add("refresh-interval", _REFRESH, parameters={"VALUE": "DURATION"})
    made.add("x-published-ttl", vDuration(_REFRESH))
    for rules in _zones(events):
        made.add_component(rules)
    for dated in events:
        made.add_component(_event(dated, words, namespaces))
    return bytes(made.to_ical())


def _event(dated: Dated, words: Words, namespaces: WikibaseNamespaces) -> Event:
    event = dated.event
    made = Event()
    made.add("uid", namespaces.entity + event.ref.id)
    made.add("dtstamp", dated.changed)
    made.add("last-modified", dated.changed)
    made.add("sequence", min(dated.revision, _LONGEST_SEQUENCE))
    if event.zone and zones.is_zone(event.zone) and event.zone != zones.UTC_NAME:
        made.add("dtstart", zones.shown(dated.begin, event.zone))
        if dated.end is not None:
            made.add("dtend", zones.shown(dated.end, event.zone))
    else:
        made.add("dtstart", dated.begin)
        if dated.end is not None:
            made.add("dtend", dated.end)
    name, language = _named(event.ref)
    made.add("summary", name, parameters=language)
    made.add("status", "CANCELLED" if event.cancelled else "CONFIRMED")
    if place := _place(event):
        made.add("location", place)
    if told := _lines(words.told(event)):
        made.add("description", told)
    made.add("url", vUri(_website(event) or words.page(event)))
    if names := [vText(_line(ref.label)) for ref in event.capacities]:
        made.add("categories", names)
    return made


def _named(ref: Ref) -> tuple[str, dict[str, str]]:
    """A name, and the language it is in where that is one of people."""
    known = ref.language is not None and languages.is_known(ref.language)
    return _line(ref.label), {"LANGUAGE": languages.bcp47(ref.language or "")} if known else {}


def _place(event: EventProfile) -> str:
    """Where to go; for an event that is online only, the address to open."""
    places = [event.venue or "", *(ref.label for ref in event.territories)]
    found = ", ".join(_line(place) for place in places if place.strip())
    online = event.location_type is not None and event.location_type.code in _ONLINE
    return found or (_website(event) or "" if online else "")


def _website(event: EventProfile) -> str | None:
    """The first address that is of the web; what members write may hold ``javascript:``."""
    found = (_line(address) for address in event.websites)
    return next((address for address in found if address.startswith(("https://", "http://"))), None)


def _zones(events: Sequence[Dated]) -> list[Timezone]:
    """The rules of every zone that an event is given in, for the years around these events."""
    times: dict[str, list[datetime]] = {}
    for dated in events:
        name = dated.event.zone
        if name and zones.is_zone(name) and name != zones.UTC_NAME:
            times.setdefault(name, []).extend(at for at in (dated.begin, dated.end) if at is not None)
    return [
        Timezone.from_tzid(
            name, first_date=(min(at).astimezone(UTC) - _RULES).date(), last_date=(max(at) + _RULES).date()
        )
        for name, at in sorted(times.items())
    ]


def _line(text: str) -> str:
    """A text on one line, without what no line can hold."""
    return " ".join(_lines(text).split())


def _lines(text: str) -> str:
    """A text whose lines end in a line feed alone."""
    lines = text.splitlines()
    return "\n".join("".join(c for c in line if unicodedata.category(c) not in ("Cc", "Cs")) for line in lines).strip()
