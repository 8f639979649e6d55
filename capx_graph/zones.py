"""Time zones by their names in the IANA database: which there are, how they are called, what their clocks show.

Anyone may import this leaf. A clock that is set forward skips an hour, in which nothing can begin (``NoSuchTime``);
one that is set back shows an hour twice, of which the first is meant.
"""

from __future__ import annotations

import re
from datetime import UTC, datetime
from functools import cache
from zoneinfo import ZoneInfo, available_timezones

from babel.core import get_global
from babel.dates import get_timezone_location

from capx_graph import languages
from capx_graph.errors import InvalidInput

UTC_NAME = "UTC"
_NAME = re.compile(r"UTC|[A-Z][A-Za-z_]+(/[A-Za-z0-9_+-]+){1,2}")
"""Names as the shape of events takes them: of places, not of abbreviations such as EST."""


class NoSuchTime(InvalidInput):
    """A local time that the clocks of its zone skip."""


def is_zone(name: str) -> bool:
    """Whether there is a zone of this name."""
    return name in _known()


def zone(name: str | None) -> ZoneInfo:
    """The zone of this name, UTC where there is none."""
    return ZoneInfo(name if name and is_zone(name) else UTC_NAME)


@cache
def _known() -> frozenset[str]:
    return frozenset(name for name in available_timezones() if _NAME.fullmatch(name))


@cache
def choices(code: str) -> tuple[tuple[str, str], ...]:
    """Zones to choose from with what a reader of the language calls them, in the order of that; UTC first."""
    named = sorted(((name, label(name, code)) for name in _of_places()), key=lambda pair: (pair[1].casefold(), pair[0]))
    return ((UTC_NAME, UTC_NAME), *named)


@cache
def label(name: str, code: str) -> str:
    """Country and city of a zone in the reader's words (``Brazil, São Paulo``); its name where CLDR has no place."""
    territory = get_global("zone_territories").get(name)
    if territory is None or not is_zone(name):
        return name
    country = languages.territory_name(territory, code) or languages.territory_name(territory, languages.LAST_RESORT)
    city = str(get_timezone_location(name, locale=languages.locale(code), return_city=True))
    return ", ".join(dict.fromkeys(part for part in (country, city) if part))


@cache
def _of_places() -> tuple[str, ...]:
    """The names that CLDR keeps, each place once: old spellings and areas without a territory are left out."""
    territories = get_global("zone_territories")
    return tuple(sorted(name for name in _known() if territories.get(name) not in (None, "001")))


def instant(local: datetime, name: str) -> datetime:
    """The instant (UTC) at which the clocks of a zone show this; raises NoSuchTime."""
    found = local.replace(tzinfo=ZoneInfo(name), fold=0).astimezone(UTC)
    if found.astimezone(ZoneInfo(name)).replace(tzinfo=None) != local.replace(tzinfo=None, fold=0):
        raise NoSuchTime(f"the clocks of {name} are set forward past {local.strftime('%Y-%m-%d %H:%M')}")
    return found


def shown(at: datetime, name: str | None) -> datetime:
    """What the clocks of a zone show at an instant, with the zone."""
    return at.astimezone(zone(name))
