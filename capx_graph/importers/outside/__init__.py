"""Files of other services: what they say of people becomes drafts, of the directory and of organizations items.

The command and the wiring import from here. A file is recognised by what is in it (``recognise``), read into records
with the fields that are used and no others (``forms``), and taken in by ``OutsideImport``.
"""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from capx_graph.importers.outside.forms import Form, Listing
from capx_graph.importers.outside.importing import OutsideImport, OutsideReport
from capx_graph.importers.outside.recognising import recognise

__all__ = ["Form", "Listing", "OutsideImport", "OutsideReport", "read_files", "recognise"]


def read_files(paths: Sequence[Path]) -> tuple[Listing, ...]:
    """What is in these files; raises NotFound, and InvalidInput for a file of no known form."""
    return tuple(recognise(path) for path in paths)
