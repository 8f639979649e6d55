"""What keepers of the directory hand in and see, as frozen values."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class NewCapacity:
    """A capacity to be made. ``labels`` and ``descriptions`` are by language; a root has a ``colour``, no parent."""

    labels: dict[str, str]
    descriptions: dict[str, str]
    parent: str | None = None
    colour: str = ""
    wikidata: str = ""


@dataclass(frozen=True, slots=True)
class Details:
    """What the form of a capacity holds besides its translations."""

    label: str
    description: str
    parent: str | None
    colour: str
    wikidata: str


@dataclass(frozen=True, slots=True)
class CapacityFacts:
    """A capacity as it stands in the Wikibase, ``details`` with its English words. ``retired`` is an instant."""

    item: str
    revision: int
    details: Details
    retired: str | None = None
    replaced_by: str | None = None
