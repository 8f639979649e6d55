"""The nouns that several rooms share, as frozen values; anyone may import this leaf.

Wikibase JSON stays a mapping (``EntityJson``): its shape is Wikibase's own, and re-modelling it would only
add a place to be wrong. Everything else that crosses a room is a class here or in the room that owns it.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum
from typing import Any

EntityJson = Mapping[str, Any]
"""An entity in Wikibase's JSON form: type, id, labels, descriptions, aliases, claims, datatype."""

SYSTEM = "system>"
"""How the name of an owner begins that is no account: none can have ``>`` in its name, so nobody can become it."""


class EntityKind(StrEnum):
    """What an item is about; the value is the ``class`` of the search parameters."""

    PERSON = "person"
    ORGANIZATION = "organization"
    CAPACITY = "capacity"
    EVENT = "event"
    PROJECT = "project"
    TERRITORY = "territory"
    LANGUAGE = "language"
    WIKIMEDIA_PROJECT = "wikimedia_project"


class Role(StrEnum):
    """How a person or an organization relates to a capacity."""

    OFFERS = "offers"
    WANTS = "wants"
    KNOWS = "knows"


class Decision(StrEnum):
    """What became of something that a member proposed or suggested."""

    OPEN = "open"
    ACCEPTED = "accepted"
    DECLINED = "declined"


@dataclass(frozen=True, slots=True)
class Change:
    """A line of the repository's change log: entity ``entity_id`` has a new state since ``sequence``."""

    sequence: int
    entity_id: str


@dataclass(frozen=True, slots=True)
class Page:
    """The current state of an entity in the repository.

    ``entity`` is None for a redirect (``redirect_to`` names the target). ``owner`` is the account that alone may
    edit the page, or None. A deleted or never made entity has no Page.
    """

    entity_id: str
    page_id: int
    revision_id: int
    modified: datetime
    entity: EntityJson | None
    redirect_to: str | None = None
    owner: str | None = None

    @property
    def says_nothing(self) -> bool:
        """Whether it is an entity from which everything was taken."""
        said = ("labels", "descriptions", "aliases", "claims", "sitelinks")
        return self.entity is not None and not any(self.entity.get(part) for part in said)


@dataclass(frozen=True, slots=True)
class Draft:
    """An entity to be written through the bulk door, complete, under its id (new or existing).

    With ``base_revision`` the batch is refused where the entity has another revision by then.
    """

    entity: EntityJson
    owner: str | None = None
    base_revision: int | None = None


@dataclass(frozen=True, slots=True)
class Receipt:
    """An entity as it stands after a write; ``changed`` is False where it was already so.

    ``entity`` is what the wiki answered that it says now, where it answered that.
    """

    entity_id: str
    revision_id: int
    changed: bool
    entity: EntityJson | None = field(default=None, compare=False, repr=False)


@dataclass(frozen=True, slots=True)
class Ref:
    """A thing named for a reader: ``label`` in the best of their languages, ``language`` the one it is in.

    ``id`` is the item id (``Q12``), ``code`` the natural code (``pt-br``, ``BR``, ``ORG001``, a username),
    ``wikidata`` the Wikidata id (``Q11024``), ``colour`` the colour of the capacity's root (``#BE0078``). ``retired``
    says that a capacity should not be chosen any more.
    """

    id: str
    label: str
    language: str | None = None
    kind: EntityKind | None = None
    code: str | None = None
    wikidata: str | None = None
    colour: str | None = None
    retired: bool = False


class ReasonKind(StrEnum):
    """Why a hit matched."""

    NAME = "name"
    TEXT = "text"
    CAPACITY = "capacity"
    LANGUAGE = "language"
    TERRITORY = "territory"
    ORGANIZATION = "organization"
    PROJECT = "project"


@dataclass(frozen=True, slots=True)
class Reason:
    """One reason: ``value`` is what the hit has; ``asked`` what was asked for when that differs (an ancestor).

    ``role`` belongs to capacities, ``level`` (``0``-``5`` or ``n``) to languages, ``text`` to matches of free text.
    """

    kind: ReasonKind
    value: Ref | None = None
    asked: Ref | None = None
    role: Role | None = None
    level: str | None = None
    text: str | None = None


@dataclass(frozen=True, slots=True)
class SearchRequest:
    """A search as a person asks it; values are as given (``Q12``, ``wikidata:Q11024``, ``pt-br``), not yet resolved.

    Values of one facet are alternatives, facets are conditions that all hold. ``facets`` names those to be counted,
    None counts all.
    """

    text: str = ""
    classes: tuple[EntityKind, ...] = ()
    capacities: tuple[str, ...] = ()
    roles: tuple[Role, ...] = ()
    languages: tuple[str, ...] = ()
    levels: tuple[str, ...] = ()
    territories: tuple[str, ...] = ()
    organizations: tuple[str, ...] = ()
    projects: tuple[str, ...] = ()
    sort: str = "relevance"
    limit: int = 20
    offset: int = 0
    descendants: bool = True
    reader: tuple[str, ...] = ("en",)
    facets: tuple[str, ...] | None = None


@dataclass(frozen=True, slots=True)
class Hit:
    """One result. ``name`` is the username of a person, the code of anything else that has one, else the item id.

    ``source`` marks a record of the demonstration or a generated one.
    """

    ref: Ref
    name: str
    description: str | None
    last_active: str | None
    reasons: tuple[Reason, ...] = ()
    source: Ref | None = None


@dataclass(frozen=True, slots=True)
class FacetValue:
    """A value of a facet with the number of hits that choosing it alone in its facet would give."""

    ref: Ref
    count: int
    selected: bool = False
    parent: str | None = None


@dataclass(frozen=True, slots=True)
class Understood:
    """A text that nothing is called, taken for filters: their values by parameter, and the words that name nothing."""

    text: str
    filters: Mapping[str, tuple[Ref, ...]]
    aside: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class SearchPage:
    """The answer to a SearchRequest; ``next_offset`` is None on the last page.

    ``whole`` is False where the graph's engine did not answer, so that hits have names and nothing else.
    ``understood`` is there where filters that the text names were asked instead of it, ``alike`` are capacities with
    names that resemble words of it, where none has them.
    """

    total: int
    hits: tuple[Hit, ...]
    facets: Mapping[str, tuple[FacetValue, ...]] = field(default_factory=dict)
    next_offset: int | None = None
    version: int = 0
    whole: bool = True
    understood: Understood | None = None
    alike: tuple[FacetValue, ...] = ()


@dataclass(frozen=True, slots=True)
class Account:
    """A local account as everybody may see it; secrets stay in the private store."""

    name: str
    user_id: int
    groups: frozenset[str] = frozenset()
