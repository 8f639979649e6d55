"""What is asked of a reconciliation and what it answers, as frozen values; doors import them through the package.

Identifiers of types and properties are the last part of their IRI in the ontology (``Person``, ``offers``), of
entities the last part of theirs (``Q12``), so that space and identifier together are the IRI.
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

from capx_graph.model import Ref


class Strictness(StrEnum):
    """What several types of a query mean: at least one, rather one, all of them."""

    ANY = "any"
    SHOULD = "should"
    ALL = "all"


@dataclass(frozen=True, slots=True)
class Given:
    """A value that came with a query: a text, or the identifier of an entity that is known already."""

    text: str
    is_entity: bool = False


@dataclass(frozen=True, slots=True)
class Condition:
    """A property of what is looked for, with the values it may have."""

    property: str
    values: tuple[Given, ...]


@dataclass(frozen=True, slots=True)
class Query:
    """One name to be matched; without ``text`` the conditions alone decide."""

    text: str = ""
    types: tuple[str, ...] = ()
    strictness: Strictness = Strictness.ANY
    limit: int = 10
    conditions: tuple[Condition, ...] = ()


@dataclass(frozen=True, slots=True)
class Named:
    """A type, a property or an entity by identifier, with its name and what it is in the reader's language."""

    id: str
    name: str
    description: str | None = None
    broader: tuple[Named, ...] = ()


@dataclass(frozen=True, slots=True)
class Candidate:
    """An entity that may be meant. ``score`` is from 0 to 100; ``features`` are the scores it was made of."""

    id: str
    name: str
    description: str | None
    score: float
    match: bool
    types: tuple[Named, ...]
    features: tuple[tuple[str, float], ...] = ()


@dataclass(frozen=True, slots=True)
class Overview:
    """An entity for a preview: its name, types, description and a few of its facts."""

    ref: Ref
    description: str | None
    types: tuple[Named, ...]
    facts: tuple[tuple[str, tuple[str, ...]], ...] = ()
