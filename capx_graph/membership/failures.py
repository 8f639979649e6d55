"""Why a profile was not saved; given out by the package. Nothing was kept when one of these is raised."""

from __future__ import annotations

from collections.abc import Mapping

from capx_graph.errors import Conflict, InvalidInput
from capx_graph.membership.fields import Field, Part


class ProfileConflict(Conflict):
    """Fields changed since they were seen; ``theirs`` has them as they are now."""

    def __init__(self, theirs: Mapping[Field, Part]) -> None:
        super().__init__(f"changed meanwhile: {', '.join(theirs)}")
        self.theirs = theirs


class Problematic(InvalidInput):
    """A profile that the rules refuse; ``problems`` has the messages of each field."""

    def __init__(self, problems: Mapping[Field, tuple[str, ...]]) -> None:
        super().__init__("; ".join(text for texts in problems.values() for text in texts))
        self.problems = problems


class ConsentMissing(InvalidInput):
    """Something would be shown to others without a consent to it."""

    def __init__(self) -> None:
        super().__init__("nothing is shown to others without your consent")
