"""The index of the graph: roaring bitmaps of who has which value; derived, disposable, held equal to SPARQL by tests.

Use cases (search, matches, analytics) import from here; what a family means stands in ``families``.
"""

from capx_graph.index.bitmaps import Bitmaps, Family, Value
from capx_graph.index.index import Index
from capx_graph.index.standing import Key, Standing, joined, seconds

__all__ = ["Bitmaps", "Family", "Index", "Key", "Standing", "Value", "joined", "seconds"]
