"""What a profile is made of: fields that are made visible as a whole, each with lines; values without any backend.

Given out by the package. A line is one fact: a capacity offered, a language spoken, a name. How it is kept (a
statement of the item, JSON in the private store) is known to others.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterable, Mapping
from dataclasses import asdict, dataclass, field, replace
from enum import StrEnum

from capx_graph.model import EntityKind
from capx_graph.spelling import seen, unseen_in


class State(StrEnum):
    """Who sees a field."""

    PRIVATE = "private"
    MEMBERS = "members"
    PUBLIC = "public"


class Field(StrEnum):
    """A part of a profile, in the order of the page."""

    ABOUT = "about"
    OFFERS = "offers"
    WANTS = "wants"
    KNOWS = "knows"
    LANGUAGES = "languages"
    TERRITORY = "territory"
    AFFILIATIONS = "affiliations"
    TAKING_PART = "takingPart"
    PROJECTS = "projects"
    WIKIDATA = "wikidata"
    ACTIVITY = "activity"


PROPERTIES: Mapping[Field, tuple[str, ...]] = {
    Field.ABOUT: ("displayName", "pronoun", "image", "about"),
    Field.OFFERS: ("offers",),
    Field.WANTS: ("wants",),
    Field.KNOWS: ("knows",),
    Field.LANGUAGES: ("speaks",),
    Field.TERRITORY: ("basedIn",),
    Field.AFFILIATIONS: ("affiliatedWith",),
    Field.TAKING_PART: ("takesPartIn",),
    Field.PROJECTS: ("contributesTo",),
    Field.WIKIDATA: ("wikidataId",),
    Field.ACTIVITY: ("joined", "lastActive"),
}
"""The properties of the ontology that a field's lines are about."""

FIELD_OF = {name: part for part, names in PROPERTIES.items() for name in names}

CHOSEN_FROM: Mapping[Field, EntityKind] = {
    Field.OFFERS: EntityKind.CAPACITY,
    Field.WANTS: EntityKind.CAPACITY,
    Field.KNOWS: EntityKind.CAPACITY,
    Field.LANGUAGES: EntityKind.LANGUAGE,
    Field.TERRITORY: EntityKind.TERRITORY,
    Field.AFFILIATIONS: EntityKind.ORGANIZATION,
    Field.TAKING_PART: EntityKind.PROJECT,
    Field.PROJECTS: EntityKind.WIKIMEDIA_PROJECT,
}
"""Fields whose values are things chosen: projects of organizations, or items of the directory."""

SKILLS = (Field.OFFERS, Field.WANTS, Field.KNOWS)
MOST_LINES = 200
LONGEST_TEXT = 400
"""Wikibase's own limit for a text."""


@dataclass(frozen=True, slots=True)
class Line:
    """One fact; ``value`` is an item id or a text. Levels, formats and availability are codes, such as ``advanced``."""

    name: str
    value: str
    language: str = ""
    level: str = ""
    formats: tuple[str, ...] = ()
    availability: str = ""
    evidence: str = ""
    page: str = ""

    @property
    def key(self) -> tuple[str, str, str]:
        """What makes it the same fact, whatever else is said about it."""
        return self.name, self.value, self.language


@dataclass(frozen=True, slots=True)
class Part:
    """A field as it stands or is wanted; ``mark`` tells it from any other state of it."""

    state: State = State.PRIVATE
    lines: tuple[Line, ...] = ()

    @property
    def mark(self) -> str:
        """A digest of state and lines, whatever their order."""
        content = [self.state.value, *sorted(to_json(self.lines, sort=True))]
        return hashlib.sha256("\n".join(content).encode()).hexdigest()[:16]

    @property
    def freed(self) -> Part:
        """Without what nobody sees, which was kept before a rule refused it; as a form would have taken it out."""
        return Part(self.state, tuple(line for held in self.lines if (line := _freed(held)).value))


@dataclass(frozen=True, slots=True)
class Change:
    """A field as its owner wants it; ``seen`` is the mark of what they saw when they began."""

    part: Part
    seen: str


@dataclass(frozen=True, slots=True)
class Profile:
    """A member's own profile, all of it; ``revision`` is that of the item, 0 where there is none."""

    member_id: int
    name: str
    item: str | None
    revision: int
    parts: Mapping[Field, Part] = field(default_factory=dict)

    def lines(self, *fields: Field) -> tuple[Line, ...]:
        """The lines of some fields."""
        return tuple(line for part in fields for line in self.parts[part].lines)

    def values(self, part: Field) -> frozenset[str]:
        """The values of one field."""
        return frozenset(line.value for line in self.parts[part].lines)


def _freed(line: Line) -> Line:
    value, page, evidence = (seen(text) if unseen_in(text) else text for text in (line.value, line.page, line.evidence))
    return replace(line, value=value, page=page, evidence=evidence)


def to_json(lines: Iterable[Line], *, sort: bool = False) -> list[str]:
    """Each line as JSON, without what is empty."""
    return [
        json.dumps({key: value for key, value in asdict(line).items() if value}, ensure_ascii=False, sort_keys=sort)
        for line in lines
    ]


def kept(lines: Iterable[Line]) -> str:
    """Lines as the private store keeps them."""
    return f"[{','.join(to_json(lines))}]"


def from_kept(text: str) -> tuple[Line, ...]:
    """Lines from how the private store keeps them."""
    return tuple(Line(**{**given, "formats": tuple(given.get("formats", ()))}) for given in json.loads(text))
