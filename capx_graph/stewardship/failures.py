"""Why a record was not saved; given out by the package. Nothing was written when one of these is raised."""

from __future__ import annotations

from capx_graph.membership import FieldsChanged, FieldsRefused


class RecordConflict(FieldsChanged[str]):
    """A record that changed since it was seen."""


class RecordProblems(FieldsRefused[str]):
    """A record that the rules refuse."""
