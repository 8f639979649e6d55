"""What is asked of a panel, resolved to items, and what counts it: the seam between SPARQL and the bitmaps.

A count is given for each key with one that is not zero; a key is item ids and words in the order of the panel's keys.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Protocol

from capx_graph.analytics.panels import Panel
from capx_graph.directory import Directory
from capx_graph.model import EntityKind

Key = tuple[str, ...]
Counts = dict[Key, tuple[int, ...]]
"""For each key a count for every measure of the panel."""

NEW = timedelta(days=30)
"""How long something is new, as in the CapX backend; counted in whole days (UTC)."""

FEW = 2
"""How many people are a bottleneck. Where small counts are hidden, it is all whose number is, so that the list tells no
number."""

NO_VALUE = ""
"""The key of what has no value: an organization without a type."""


@dataclass(frozen=True, slots=True)
class Asked:
    """Parameters of a panel as item ids, and the day (``2026-05-02``) since which something is new."""

    capacity: str | None = None
    territory: str | None = None
    language: str | None = None
    since: str = ""
    most: int = FEW

    def without(self, parameters: Sequence[str]) -> Asked:
        """The same without some parameters."""
        capacity, territory, language = (
            None if name in parameters else self.of(name) for name in ("capacity", "territory", "language")
        )
        return Asked(capacity, territory, language, self.since, self.most)

    def of(self, parameter: str) -> str | None:
        """The item asked for under a name."""
        return {"capacity": self.capacity, "territory": self.territory, "language": self.language}[parameter]


@dataclass(frozen=True, slots=True)
class Counted:
    """Counts, and the version of the graph that they show."""

    counts: Mapping[Key, tuple[int, ...]]
    version: int


class Counter(Protocol):
    """Counts a panel."""

    def count(self, panel: Panel, asked: Asked, directory: Directory) -> Counted: ...


def since(now: datetime) -> str:
    """The day since which something is new."""
    day: date = (now - NEW).date()
    return day.isoformat()


def parts(directory: Directory, kind: EntityKind, whole: str | None) -> list[str]:
    """What the whole is compared by: its parts, itself where it has none; the roots where no whole is named."""
    tree = directory.tree
    if whole is None:
        return [entry.id for entry in directory.of_kind(kind) if not tree.parents.get(entry.id)]
    return [item for item in tree.children.get(whole, ()) if item in directory.entries] or [whole]
