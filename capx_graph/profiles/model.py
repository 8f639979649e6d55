"""What a page shows of a capacity, a person, an organization or a territory, as frozen values.

Made by the rooms beside this one, rendered by the pages; anyone above may import it through ``profiles``. Every name
is in the best language that the reader has, and says which (``Ref.language``): it may differ from the page's.
Lists of people are pages of a longer list: ``total`` counts all, ``next_offset`` is None on the last.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

from capx_graph.model import Ref, Role


@dataclass(frozen=True, slots=True)
class Text:
    """A text and the language it is written in (None for one that belongs to no language)."""

    text: str
    language: str | None = None


@dataclass(frozen=True, slots=True)
class Tally:
    """How many people: those with exactly this value, and those with it or anything beneath it."""

    exact: int = 0
    within: int = 0


@dataclass(frozen=True, slots=True)
class RoleTallies:
    """How many people offer, want and know a capacity."""

    offers: Tally = field(default_factory=Tally)
    wants: Tally = field(default_factory=Tally)
    knows: Tally = field(default_factory=Tally)


@dataclass(frozen=True, slots=True)
class Evidence:
    """What supports a statement: a link, the name of a wiki page, or both."""

    url: str | None = None
    page: str | None = None


@dataclass(frozen=True, slots=True)
class CapacityStatement:
    """One capacity that a person or an organization offers, wants or knows, with all that is said about it.

    ``path`` leads from the root to the capacity's parent. ``statement`` is the IRI of the statement.
    """

    role: Role
    capacity: Ref
    path: tuple[Ref, ...] = ()
    level: Ref | None = None
    formats: tuple[Ref, ...] = ()
    availability: Ref | None = None
    evidence: tuple[Evidence, ...] = ()
    statement: str = ""


@dataclass(frozen=True, slots=True)
class LanguageSkill:
    """A language with its level on the Babel scale: ``0`` to ``5`` or ``n``, None where none is given."""

    language: Ref
    level: str | None = None
    level_name: Ref | None = None


@dataclass(frozen=True, slots=True)
class PersonLine:
    """A person in a list; ``person.code`` is the username. ``via`` are the exact capacities that put them there."""

    person: Ref
    via: tuple[Ref, ...] = ()
    last_active: str | None = None


@dataclass(frozen=True, slots=True)
class PeoplePage:
    """A page of a list of people."""

    total: int = 0
    people: tuple[PersonLine, ...] = ()
    next_offset: int | None = None


@dataclass(frozen=True, slots=True)
class OrganizationLine:
    """An organization in a list; ``type`` is such as *chapter*. ``via`` as for people."""

    organization: Ref
    type: Ref | None = None
    via: tuple[Ref, ...] = ()


@dataclass(frozen=True, slots=True)
class EventLine:
    """An event in a list; ``begin`` and ``end`` are instants in ISO 8601, ``zone`` is that of its hours."""

    event: Ref
    begin: str | None = None
    end: str | None = None
    location_type: Ref | None = None
    cancelled: bool = False
    zone: str | None = None


@dataclass(frozen=True, slots=True)
class CapacityNode:
    """A capacity in the directory tree with how many people offer, want and know it."""

    capacity: Ref
    description: Text | None = None
    counts: RoleTallies = field(default_factory=RoleTallies)
    children: tuple[CapacityNode, ...] = ()


@dataclass(frozen=True, slots=True)
class Count:
    """A thing and how many people it concerns."""

    ref: Ref
    count: int


@dataclass(frozen=True, slots=True)
class CapacityProfile:
    """The page of a capacity. ``path`` leads from the root to its parent; ``territories`` counts people by place.

    ``retired`` is the instant since when it should not be chosen any more, ``replaced_by`` what to choose instead.
    """

    ref: Ref
    description: Text | None
    labels: tuple[Text, ...]
    aliases: tuple[Text, ...]
    path: tuple[Ref, ...]
    children: tuple[CapacityNode, ...]
    counts: RoleTallies
    offering: PeoplePage
    wanting: PeoplePage
    knowing: PeoplePage
    organizations_offering: tuple[OrganizationLine, ...] = ()
    organizations_wanting: tuple[OrganizationLine, ...] = ()
    events: tuple[EventLine, ...] = ()
    territories: tuple[Count, ...] = ()
    retired: str | None = None
    replaced_by: Ref | None = None


@dataclass(frozen=True, slots=True)
class PersonProfile:
    """All public facts about a person; ``ref.code`` is the username. ``about`` has one text a language."""

    ref: Ref
    username: str
    display_name: str | None
    pronoun: str | None
    image: str | None
    about: tuple[Text, ...]
    joined: str | None
    last_active: str | None
    source: Ref | None
    offers: tuple[CapacityStatement, ...]
    wants: tuple[CapacityStatement, ...]
    knows: tuple[CapacityStatement, ...]
    languages: tuple[LanguageSkill, ...]
    territories: tuple[Ref, ...]
    affiliations: tuple[Ref, ...]
    projects: tuple[Ref, ...]
    manages: tuple[Ref, ...] = ()
    takes_part: tuple[Ref, ...] = ()


@dataclass(frozen=True, slots=True)
class Manager:
    """A manager of an organization; ``since`` is an instant in ISO 8601."""

    person: Ref
    since: str | None = None


@dataclass(frozen=True, slots=True)
class OrganizationProfile:
    """The page of an organization; ``ref.code`` is such as ``ORG001``."""

    ref: Ref
    description: Text | None
    labels: tuple[Text, ...]
    type: Ref | None
    websites: tuple[str, ...]
    meta_pages: tuple[str, ...]
    news_tags: tuple[str, ...]
    documents: tuple[str, ...]
    source: Ref | None
    offers: tuple[CapacityStatement, ...]
    wants: tuple[CapacityStatement, ...]
    knows: tuple[CapacityStatement, ...]
    territories: tuple[Ref, ...]
    managers: tuple[Manager, ...]
    people: PeoplePage
    events: tuple[EventLine, ...]
    projects: tuple[Ref, ...]


@dataclass(frozen=True, slots=True)
class TerritoryNode:
    """A territory within another with how many people are based in it (sub-territories included)."""

    territory: Ref
    people: int
    organizations: int


@dataclass(frozen=True, slots=True)
class TerritoryProfile:
    """The page of a territory; ``parents`` are the territories it is directly part of (a country may have two)."""

    ref: Ref
    labels: tuple[Text, ...]
    parents: tuple[Ref, ...]
    children: tuple[TerritoryNode, ...]
    counts: Tally
    people: PeoplePage
    organizations: tuple[OrganizationLine, ...]
    languages: tuple[Count, ...]
    offered: tuple[Count, ...] = ()
    wanted: tuple[Count, ...] = ()


@dataclass(frozen=True, slots=True)
class EventProfile:
    """The page of an event; ``begin``, ``end`` and ``cancelled`` are instants in ISO 8601.

    ``zone`` is the time zone in which it announces its hours, ``tallies`` who offers and wants its capacities, by item.
    """

    ref: Ref
    description: Text | None
    begin: str | None
    end: str | None
    location_type: Ref | None
    venue: str | None
    websites: tuple[str, ...]
    source: Ref | None
    organizers: tuple[Ref, ...]
    creators: tuple[Ref, ...]
    capacities: tuple[Ref, ...]
    territories: tuple[Ref, ...] = ()
    zone: str | None = None
    cancelled: str | None = None
    tallies: Mapping[str, RoleTallies] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class ProjectProfile:
    """The page of a project of organizations (not of a Wikimedia project, which is a wiki); ``people`` say themselves
    that they take part in it.
    """

    ref: Ref
    description: Text | None
    websites: tuple[str, ...]
    source: Ref | None
    partners: tuple[Ref, ...]
    creators: tuple[Ref, ...]
    capacities: tuple[Ref, ...]
    created: str | None = None
    people: PeoplePage = PeoplePage()
    tallies: Mapping[str, RoleTallies] = field(default_factory=dict)
