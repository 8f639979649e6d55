"""What the text index takes in and gives out; imported by this package and through it by everyone.

A field's place in the order says how much a match in it is worth: a label more than a text about somebody.
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

from capx_graph.model import EntityKind


class TextField(StrEnum):
    """Where a text comes from, the most telling first."""

    LABEL = "label"
    USERNAME = "username"
    NAME = "name"
    ALIAS = "alias"
    ABOUT = "about"


@dataclass(frozen=True, slots=True)
class TextEntry:
    """One text of an entity; ``kind`` is None for what is no searchable class, such as a property."""

    entity_id: str
    kind: EntityKind | None
    field: TextField
    language: str | None
    text: str


@dataclass(frozen=True, slots=True)
class FoldedName:
    """A label or an alias of an entity as it is compared (``fold``)."""

    entity_id: str
    language: str | None
    folded: str


@dataclass(frozen=True, slots=True)
class TextHit:
    """The best match of an entity. ``exact``: the whole text is the query, folded; higher ``score`` is better.

    ``score`` lies in (0, 1]: 1 exact, then texts that begin with the query, whole words, beginnings of words,
    parts of words; within each of these the better field and the shorter text win.
    """

    entity_id: str
    kind: EntityKind | None
    field: TextField
    language: str | None
    text: str
    score: float
    exact: bool
