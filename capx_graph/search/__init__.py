"""Search: free text and facets over everything in the graph, with counts, and the reason why each hit matched.

Doors and the wiring import from here. ``criteria`` says what a search means, ``sparql`` answers it by the queries of
``queries/search/``, ``bitmapfinder`` by sets that are held equal to them.
"""

from capx_graph.search.criteria import FACETS, LEVELS, SEARCHED, SORTS
from capx_graph.search.service import Search, Suggestion

__all__ = ["FACETS", "LEVELS", "SEARCHED", "SORTS", "Search", "Suggestion"]
