"""The one writer of graph and text index: from the repository's change log to both, each after its own cursor.

Rooms above import from here. A crash at any moment leaves each store at the cursor of its last transaction, so that
starting again is all that healing takes. Far behind, or made by another model: built anew aside and swapped.
"""

from __future__ import annotations

from capx_graph.ingest.entitygraph import EntityGraph, Owned
from capx_graph.ingest.ingest import MODEL, Ingest, Progress, Report
from capx_graph.ingest.loop import IngestLoop
from capx_graph.ingest.observing import Observer
from capx_graph.ingest.prompt import PATIENCE, Prompt
from capx_graph.ingest.pulse import Pulse, Trouble

__all__ = [
    "MODEL",
    "PATIENCE",
    "EntityGraph",
    "Ingest",
    "IngestLoop",
    "Observer",
    "Owned",
    "Progress",
    "Prompt",
    "Pulse",
    "Report",
    "Trouble",
]
