"""What a translator asks for, sees and hands in, as frozen values."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum

from capx_graph.errors import Conflict
from capx_graph.model import Ref

FIELDS = ("label", "description")
"""What is translated, in the words of the message bundle."""

PARTS: Mapping[str, str] = {"label": "labels", "description": "descriptions"}
"""Where Wikibase's JSON keeps it."""


class Standing(StrEnum):
    """How far a translation is, the most urgent first."""

    MISSING = "missing"
    OUTDATED = "outdated"
    UNREVIEWED = "unreviewed"
    DONE = "done"


class Shown(StrEnum):
    """Which capacities are listed; ``TODO`` are all that are not done."""

    TODO = "todo"
    MISSING = "missing"
    OUTDATED = "outdated"
    UNREVIEWED = "unreviewed"
    ALL = "all"


@dataclass(frozen=True, slots=True)
class Asked:
    """A page of the workspace: two languages, which rows, below which root."""

    source: str
    target: str
    shown: Shown = Shown.TODO
    root: str | None = None
    offset: int = 0
    limit: int = 20


@dataclass(frozen=True, slots=True)
class Words:
    """What a capacity is called in one language."""

    language: str
    label: str = ""
    description: str = ""
    aliases: tuple[str, ...] = ()

    def text(self, name: str) -> str:
        """The label or the description."""
        return self.label if name == "label" else self.description


@dataclass(frozen=True, slots=True)
class Row:
    """A capacity to translate. ``formerly`` is the source text of an outdated field as it was when it was translated.

    ``standings`` says it for each field that the source has; ``others`` are further languages, for comparison.
    """

    ref: Ref
    path: tuple[Ref, ...]
    revision: int
    source: Words
    target: Words
    standings: Mapping[str, Standing] = field(default_factory=dict)
    formerly: Mapping[str, str] = field(default_factory=dict)
    others: tuple[Words, ...] = ()

    @property
    def standing(self) -> Standing:
        """The most urgent of its fields'."""
        order = tuple(Standing)
        return min(self.standings.values(), key=order.index, default=Standing.DONE)


@dataclass(frozen=True, slots=True)
class Progress:
    """How much of the directory a language covers."""

    language: str
    total: int
    labels: int
    descriptions: int
    unreviewed: int = 0

    @property
    def percent(self) -> int:
        """Of all labels and definitions, rounded down: 100 means that nothing is missing."""
        return (self.labels + self.descriptions) * 100 // (2 * self.total) if self.total else 0


@dataclass(frozen=True, slots=True)
class Workspace:
    """A page of rows; ``counts`` are of all capacities below the root, by standing."""

    asked: Asked
    rows: tuple[Row, ...]
    counts: Mapping[Standing, int]
    total: int
    progress: Progress
    next_offset: int | None = None


@dataclass(frozen=True, slots=True)
class Translated:
    """A translator's form. ``aliases`` None leaves them as they are; ``base`` is the revision that was seen."""

    item: str
    source: str
    target: str
    base: int
    label: str
    description: str
    aliases: tuple[str, ...] | None = None


class TranslationConflict(Conflict):
    """Somebody else changed the same text first; ``theirs`` is what the capacity is called now."""

    def __init__(self, item: str, theirs: Words) -> None:
        super().__init__(f"somebody else translated {item} meanwhile")
        self.theirs = theirs
