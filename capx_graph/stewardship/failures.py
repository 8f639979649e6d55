"""Why a record was not saved; given out by the package. Nothing was written when one of these is raised."""

from __future__ import annotations

from collections.abc import Mapping

from capx_graph.errors import Conflict, InvalidInput
from capx_graph.membership import Part


class RecordConflict(Conflict):
    """Fields changed since they were seen; ``theirs`` has them as they are now."""

    def __init__(self, theirs: Mapping[str, Part]) -> None:
        super().__init__(f"changed meanwhile: {', '.join(theirs)}")
        self.theirs = theirs


class RecordProblems(InvalidInput):
    """A record that the rules refuse; ``problems`` has the messages of each field."""

    def __init__(self, problems: Mapping[str, tuple[str, ...]]) -> None:
        super().__init__("; ".join(text for texts in problems.values() for text in texts))
        self.problems = problems
