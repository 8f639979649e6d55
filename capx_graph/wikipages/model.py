"""What the wiki's own pages show, as frozen values: entities for a reader, histories, differences, lists.

Doors import these through the package. Texts are as members wrote them: whoever draws them escapes them. Addresses
in ``Value.address`` are of the web (http, https) and nothing else.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum


@dataclass(frozen=True, slots=True)
class Named:
    """An entity in the words of a reader; ``language`` is None where it has no name and the id stands for it."""

    id: str
    label: str
    language: str | None = None
    missing: bool = False


@dataclass(frozen=True, slots=True)
class Wording:
    """Text with its language."""

    text: str
    language: str


class ValueKind(StrEnum):
    """How a value is drawn."""

    TEXT = "text"
    LINK = "link"
    ENTITY = "entity"
    MONOLINGUAL = "monolingual"
    MOMENT = "moment"
    QUANTITY = "quantity"
    UNKNOWN = "unknown"
    NONE = "none"


@dataclass(frozen=True, slots=True)
class Moment:
    """A time as far as it is known: ``unit`` is day, month, year, decade, century, millennium or years.

    ``number`` counts the unit (the 20th century: 20) and is the year for day, month and year. ``calendar`` is
    named only where a reader could take the date for one of the other calendar.
    """

    unit: str
    number: int
    month: int = 0
    day: int = 0
    before_christ: bool = False
    calendar: str | None = None


@dataclass(frozen=True, slots=True)
class Value:
    """A value of a statement, a qualifier or a reference; which fields it has depends on its kind."""

    kind: ValueKind
    text: str = ""
    language: str | None = None
    address: str | None = None
    entity: Named | None = None
    moment: Moment | None = None
    key: str = ""
    """The hash of the snak, by which differences tell values apart."""


@dataclass(frozen=True, slots=True)
class Said:
    """A property with values: a line of qualifiers or of a reference."""

    property: Named
    values: tuple[Value, ...]


@dataclass(frozen=True, slots=True)
class Statement:
    """A statement; ``rank`` is preferred, normal or deprecated. A reference is its lines."""

    id: str
    rank: str
    value: Value
    qualifiers: tuple[Said, ...] = ()
    references: tuple[tuple[Said, ...], ...] = ()


@dataclass(frozen=True, slots=True)
class Group:
    """The statements of one property."""

    property: Named
    datatype: str | None
    statements: tuple[Statement, ...]


@dataclass(frozen=True, slots=True)
class Terms:
    """What an entity is called in one language."""

    language: str
    label: str | None
    description: str | None
    aliases: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class EntityView:
    """An entity for a reader, in one of its revisions. ``terms`` begins with the reader's own languages,
    ``own_terms`` says how many those are. ``redirect`` is the target where this revision is a redirect."""

    id: str
    kind: str
    datatype: str | None
    name: Named
    description: Wording | None
    aliases: tuple[str, ...]
    terms: tuple[Terms, ...]
    own_terms: int
    groups: tuple[Group, ...]
    revision_id: int
    modified: datetime
    owner: str | None = None
    redirect: Named | None = None


@dataclass(frozen=True, slots=True)
class Comment:
    """A summary, taken apart: what the program did (``action`` with its arguments), then what was said of it.

    ``pieces`` are text and the entities that the text links to.
    """

    action: str = ""
    arguments: tuple[str, ...] = ()
    pieces: tuple[str | Named, ...] = ()


@dataclass(frozen=True, slots=True)
class Line:
    """A line of a history or of the recent changes: a revision, or (``log``) something done to the whole page.

    ``name`` is set in lists of several pages. ``hidden`` says that the revision's text was dropped.
    """

    entity_id: str
    at: datetime
    actor: str
    comment: Comment
    revision_id: int = 0
    parent_id: int = 0
    name: Named | None = None
    log: str | None = None
    size: int = 0
    parent_size: int = 0
    new: bool = False
    bot: bool = False
    minor: bool = False
    hidden: bool = False


@dataclass(frozen=True, slots=True)
class Lines:
    """A page of a list; ``following`` is where older lines go on, ``preceding`` where newer ones do."""

    lines: tuple[Line, ...]
    following: int | None = None
    preceding: int | None = None


@dataclass(frozen=True, slots=True)
class HistoryView:
    """The history of a page; ``current`` is its newest revision. Only a page without owner has texts to bring back."""

    name: Named
    kind: str
    current: int
    owner: str | None
    page: Lines


@dataclass(frozen=True, slots=True)
class Piece:
    """A part of a text in a difference."""

    text: str
    changed: bool = False


@dataclass(frozen=True, slots=True)
class Cell:
    """One side of a changed fact; only the field that the fact is about is filled."""

    pieces: tuple[Piece, ...] = ()
    texts: tuple[str, ...] = ()
    value: Value | None = None
    statement: Statement | None = None
    said: tuple[Said, ...] = ()
    references: tuple[tuple[Said, ...], ...] = ()
    rank: str | None = None
    entity: Named | None = None


@dataclass(frozen=True, slots=True)
class ChangedFact:
    """A row of a difference. ``fact`` is label, description, alias, statement, value, rank, qualifiers, references,
    order or redirect; ``subject`` the main value of the statement of which a part changed."""

    fact: str
    old: Cell | None
    new: Cell | None
    language: str | None = None
    property: Named | None = None
    subject: Value | None = None


@dataclass(frozen=True, slots=True)
class DifferenceView:
    """What changed between two revisions of a page; ``hidden`` when the text of either was dropped."""

    name: Named
    kind: str
    owner: str | None
    old: Line | None
    new: Line
    current: int
    facts: tuple[ChangedFact, ...] = ()
    hidden: bool = False
    between: int = 0
    next_id: int | None = None


@dataclass(frozen=True, slots=True)
class PropertyLine:
    """A property in the list of properties."""

    name: Named
    datatype: str
    description: Wording | None


@dataclass(frozen=True, slots=True)
class PropertyPage:
    """A page of the list of properties; ``following`` is the id after which it goes on."""

    lines: tuple[PropertyLine, ...]
    total: int
    datatypes: Mapping[str, int]
    following: str | None = None


@dataclass(frozen=True, slots=True)
class Mentions:
    """A page of the entities that mention one; ``following`` is where it goes on."""

    name: Named
    entities: tuple[Named, ...]
    following: int | None = None


@dataclass(frozen=True, slots=True)
class Statistics:
    """How much there is."""

    items: int
    properties: int
    redirects: int
    revisions: int
    editors: int
    datatypes: Mapping[str, int]


@dataclass(frozen=True, slots=True)
class Gone:
    """What is known of a page that is not there: when and by whom it was deleted, or None if it never was."""

    entity_id: str
    deletion: Line | None
