"""What of a form really changes something, and why it was not saved; given out by the package.

Profiles here and records of ``stewardship`` are changed field by field in the same way. Nothing was kept when one of
these failures is raised.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Generic, TypeVar

from capx_graph.errors import Conflict, InvalidInput
from capx_graph.membership.fields import Change, Field, Part

Name = TypeVar("Name", bound=str)


class Fault(str):
    """What is wrong with a field, in the reader's words, that knows with which line: the property ``name`` and the
    ``value`` that it has, empty where it holds for the property whatever it says.
    """

    __slots__ = ("name", "value")

    name: str
    value: str


def fault(text: str, name: str = "", value: str = "") -> Fault:
    """What is wrong, and with which line."""
    found = Fault(text)
    found.name, found.value = name, value
    return found


class FieldsChanged(Conflict, Generic[Name]):
    """Fields changed since they were seen; ``theirs`` has them as they are now."""

    def __init__(self, theirs: Mapping[Name, Part]) -> None:
        super().__init__(f"changed meanwhile: {', '.join(theirs)}")
        self.theirs = theirs


class FieldsRefused(InvalidInput, Generic[Name]):
    """What the rules refuse; ``problems`` has all that is wrong with each field."""

    def __init__(self, problems: Mapping[Name, tuple[Fault, ...]]) -> None:
        super().__init__("; ".join(text for texts in problems.values() for text in texts))
        self.problems = problems


class ProfileConflict(FieldsChanged[Field]):
    """A profile that changed since it was seen."""


class Problematic(FieldsRefused[Field]):
    """A profile that the rules refuse; ``unagreed`` says that the consent to show it is missing, too."""

    def __init__(self, problems: Mapping[Field, tuple[Fault, ...]], *, unagreed: bool = False) -> None:
        super().__init__(problems)
        self.unagreed = unagreed


class ConsentMissing(InvalidInput):
    """Something would be shown to others without a consent to it."""

    def __init__(self) -> None:
        super().__init__("nothing is shown to others without your consent")


def really_changed(
    present: Mapping[Name, Part], changes: Mapping[Name, Change], conflict: type[FieldsChanged[Name]]
) -> dict[Name, Part]:
    """The changes that change something; raises ``conflict`` for what changed since it was seen."""
    wanted: dict[Name, Part] = {}
    theirs: dict[Name, Part] = {}
    for name, change in changes.items():
        now = present[name]
        if change.part.mark in (now.mark, change.seen):
            continue
        if change.seen != now.mark:
            theirs[name] = now
        wanted[name] = change.part
    if theirs:
        raise conflict(theirs)
    return wanted
