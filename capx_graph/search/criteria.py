"""What is asked, resolved to items, and what answers it: the seam between SPARQL and the bitmaps.

The definition of a search. A thing is found when it is of an asked class and meets every condition:

* capacity and role are one condition: in an asked role (any of offers, wants, knows when none is asked) it has an
  asked capacity or one beneath it; events and projects meet it by what they concern, when no role is asked. A role
  without a capacity asks for anything in that role;
* language and level are one condition, met by a single statement; level 0 means "does not speak" and finds nobody;
* territory: people and organizations based, events taking place in an asked territory or one within it;
* organization: people affiliated with it, events it organizes, projects it is a partner of;
* project: people who contribute to the Wikimedia project;
* text: a name of its own matches, or it meets the capacity condition with the capacities whose names match, in an
  asked role. A text that finds nothing so may be taken for filters, which are asked instead (``understanding``).

The count beside a value is the number of things that would be found if that value alone were asked in its facet.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Protocol

from capx_graph.index.families import CLASS, ORGANIZATION, PROJECT, ROLE
from capx_graph.model import EntityKind, Role

SEARCHED = (
    EntityKind.PERSON,
    EntityKind.ORGANIZATION,
    EntityKind.CAPACITY,
    EntityKind.EVENT,
    EntityKind.PROJECT,
    EntityKind.TERRITORY,
)
"""The classes that a search without ``class`` looks through."""

LEVELS = ("1", "2", "3", "4", "5", "n")
"""Levels of the Babel scale at which a person speaks a language."""

SORTS = ("relevance", "active", "name")

CAPACITY = "capacity"
LANGUAGE = "language"
LEVEL = "level"
TERRITORY = "territory"
FACETS = (CLASS, ROLE, CAPACITY, LANGUAGE, LEVEL, TERRITORY, ORGANIZATION, PROJECT)

EXACT_NAME = 3
PART_OF_NAME = 2
BY_CAPACITY = 1
"""How well a thing answers the text; things that answer it better come first by relevance."""


@dataclass(frozen=True, slots=True)
class TextMatch:
    """What the text matches: things by a name of their own with how well, and capacities by any of their names.

    ``texts`` holds the name that matched, for each of them.
    """

    named: Mapping[str, int]
    capacities: tuple[str, ...]
    texts: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Criteria:
    """A search over items; empty means that nothing is asked. ``levels`` is None when no level is asked."""

    classes: tuple[EntityKind, ...] = ()
    text: TextMatch | None = None
    capacities: tuple[str, ...] = ()
    roles: tuple[Role, ...] = ()
    languages: tuple[str, ...] = ()
    levels: tuple[str, ...] | None = None
    territories: tuple[str, ...] = ()
    organizations: tuple[str, ...] = ()
    projects: tuple[str, ...] = ()
    descendants: bool = True


@dataclass(frozen=True, slots=True)
class Page:
    """What of the answer is wanted: a part of the list in one of SORTS, and the counts of these facets.

    Every order is total: it ends in activity, name and age of the item.
    """

    sort: str = "relevance"
    limit: int = 20
    offset: int = 0
    facets: tuple[str, ...] = FACETS


@dataclass(frozen=True, slots=True)
class Found:
    """The answer: how many, the ids of the asked page in order, and counts by facet and value (an id or a word)."""

    total: int
    items: tuple[str, ...]
    counts: Mapping[str, Mapping[str, int]]
    version: int


class Finder(Protocol):
    """Answers criteria."""

    def find(self, criteria: Criteria, page: Page) -> Found: ...
