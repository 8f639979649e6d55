"""What is asked of a list of events or projects, and what it answers, as frozen values; given out by the package."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from capx_graph.profiles import EventProfile, ProjectProfile


class When(StrEnum):
    """Which events: those that are not over, the next first, or those that are, the latest first."""

    COMING = "coming"
    PAST = "past"


@dataclass(frozen=True, slots=True)
class Wanted:
    """Conditions as somebody wrote them (``Q12``, ``wikidata:Q11024``, a code), as those of a search.

    Values of one condition are alternatives; conditions all hold.
    """

    capacities: tuple[str, ...] = ()
    territories: tuple[str, ...] = ()
    organizations: tuple[str, ...] = ()
    descendants: bool = True
    reader: tuple[str, ...] = ("en",)


@dataclass(frozen=True, slots=True)
class Listed:
    """An event of a list, with its instants read."""

    event: EventProfile
    begin: datetime
    end: datetime | None = None


@dataclass(frozen=True, slots=True)
class Dated:
    """An event of a calendar: besides, the revision that says so and when that was saved."""

    event: EventProfile
    begin: datetime
    end: datetime | None
    revision: int
    changed: datetime


@dataclass(frozen=True, slots=True)
class Agenda:
    """The events of a calendar; ``total`` is how many there would be without its limit."""

    events: tuple[Dated, ...]
    total: int


@dataclass(frozen=True, slots=True)
class Listing:
    """A page of a list: how many there are in all, and where the next page begins (None on the last)."""

    total: int
    events: tuple[Listed, ...] = ()
    projects: tuple[ProjectProfile, ...] = ()
    next_offset: int | None = None
