"""Events and projects as lists and as calendars; what a single one says is a page of ``profiles``.

The wiring makes one ``Events`` for all threads. Which of them are found, the search's own conditions decide.
"""

from __future__ import annotations

from capx_graph.events.calendar import Words, calendar
from capx_graph.events.listing import MOST as MOST_IN_CALENDAR
from capx_graph.events.listing import Events
from capx_graph.events.model import Agenda, Dated, Listed, Listing, Wanted, When

__all__ = [
    "MOST_IN_CALENDAR",
    "Agenda",
    "Dated",
    "Events",
    "Listed",
    "Listing",
    "Wanted",
    "When",
    "Words",
    "calendar",
]
