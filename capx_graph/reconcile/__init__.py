"""Which of our things somebody means by a name: candidates with scores, suggestions, and values of their properties.

Doors import from here; ``webapp`` speaks the W3C Entity Reconciliation API with it. ``scoring`` says how names and
properties are weighed. Only public facts of the graph and the names of the text index are read.
"""

from __future__ import annotations

from capx_graph.reconcile.extension import Cell, CellKind, Column, Extension, ValueContent
from capx_graph.reconcile.model import Candidate, Condition, Given, Named, Overview, Query, Strictness
from capx_graph.reconcile.reconciler import Reconciler

__all__ = [
    "Candidate",
    "Cell",
    "CellKind",
    "Column",
    "Condition",
    "Extension",
    "Given",
    "Named",
    "Overview",
    "Query",
    "Reconciler",
    "Strictness",
    "ValueContent",
]
