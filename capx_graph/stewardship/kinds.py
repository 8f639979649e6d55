"""The kinds of records that have managers, each a list of fields; values without any backend.

Given out by the package. A form, its checks and what is written follow from the list: a new kind, or a new field of
one, is a line here and a message ``record-FIELD`` for its title.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum

from capx_graph.model import EntityKind


class Shape(StrEnum):
    """What a field's lines are, and so how it is asked for."""

    WORDS = "words"
    """Names and descriptions, by language."""
    CHOICE = "choice"
    """One of the ontology's fixed values."""
    ITEMS = "items"
    """Things of the directory."""
    SKILLS = "skills"
    """Capacities, each perhaps with level, formats, availability and evidence."""
    TEXT = "text"
    """One text."""
    TEXTS = "texts"
    """Several texts."""
    TIME = "time"
    """When something begins and ends, as instants (``begin``, ``end``), and the zone that says its hours."""
    MARK = "mark"
    """The instant since when something holds, or nothing."""


@dataclass(frozen=True, slots=True)
class Spec:
    """A field: the properties of the ontology that its lines are about, and what they may be.

    ``chosen_from`` is the kind of its things, ``codes`` the class of its fixed values; ``proposed`` says that the form
    of a new record has it.
    """

    name: str
    properties: tuple[str, ...]
    shape: Shape
    chosen_from: EntityKind | None = None
    codes: str = ""
    proposed: bool = False


WORDS = ("label", "description")
"""What stands for properties where a line is a term of the item."""
NAMES = Spec("names", WORDS, Shape.WORDS, proposed=True)
SKILLS = tuple(
    Spec(role, (role,), Shape.SKILLS, chosen_from=EntityKind.CAPACITY) for role in ("offers", "wants", "knows")
)
TERRITORY = Spec("territory", ("basedIn",), Shape.ITEMS, chosen_from=EntityKind.TERRITORY, proposed=True)
WEBSITE = Spec("website", ("website",), Shape.TEXTS, proposed=True)
META_PAGE = Spec("metaPage", ("metaPage",), Shape.TEXTS)
DOCUMENTS = Spec("documents", ("document",), Shape.TEXTS)
WIKIDATA = Spec("wikidata", ("wikidataId",), Shape.TEXT, proposed=True)


@dataclass(frozen=True, slots=True)
class RecordKind:
    """A kind of record. ``vouching`` are fields that name organizations, whose managers may decide about a proposal
    and edit the record too; ``listed`` is the field that names the account which confirms itself.
    """

    kind: EntityKind
    class_name: str
    fields: tuple[Spec, ...]
    vouching: tuple[str, ...] = ()
    listed: str | None = None

    def spec(self, name: str) -> Spec | None:
        """The field of this name."""
        return next((spec for spec in self.fields if spec.name == name), None)

    @property
    def proposed(self) -> tuple[Spec, ...]:
        """The fields that the form of a new record has."""
        return tuple(spec for spec in self.fields if spec.proposed)


ORGANIZATION = RecordKind(
    EntityKind.ORGANIZATION,
    "Organization",
    (
        NAMES,
        Spec("type", ("organizationType",), Shape.CHOICE, codes="OrganizationType", proposed=True),
        TERRITORY,
        *SKILLS,
        WEBSITE,
        META_PAGE,
        DOCUMENTS,
        Spec("newsTag", ("newsTag",), Shape.TEXT),
        WIKIDATA,
        Spec("account", ("username",), Shape.TEXT),
    ),
    listed="account",
)

CONCERNS = Spec("concerns", ("concerns",), Shape.ITEMS, chosen_from=EntityKind.CAPACITY, proposed=True)

EVENT = RecordKind(
    EntityKind.EVENT,
    "Event",
    (
        NAMES,
        Spec("time", ("begin", "end", "timeZone"), Shape.TIME, proposed=True),
        Spec("locationType", ("locationType",), Shape.CHOICE, codes="LocationType", proposed=True),
        Spec("venue", ("venue",), Shape.TEXT, proposed=True),
        Spec("territory", ("takesPlaceIn",), Shape.ITEMS, chosen_from=EntityKind.TERRITORY, proposed=True),
        WEBSITE,
        Spec("organizer", ("organizer",), Shape.ITEMS, chosen_from=EntityKind.ORGANIZATION, proposed=True),
        CONCERNS,
        META_PAGE,
        DOCUMENTS,
        WIKIDATA,
        Spec("cancelled", ("cancelled",), Shape.MARK),
    ),
    vouching=("organizer",),
)

PROJECT = RecordKind(
    EntityKind.PROJECT,
    "Project",
    (
        NAMES,
        Spec("partner", ("partner",), Shape.ITEMS, chosen_from=EntityKind.ORGANIZATION, proposed=True),
        CONCERNS,
        WEBSITE,
        Spec("projectPage", ("projectPage",), Shape.TEXTS),
        META_PAGE,
        DOCUMENTS,
        WIKIDATA,
    ),
    vouching=("partner",),
)

KINDS: Mapping[EntityKind, RecordKind] = {kind.kind: kind for kind in (ORGANIZATION, EVENT, PROJECT)}
