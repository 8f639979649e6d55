"""Matching: whom a person can learn from, teach, or swap with, and why; people, organizations, events, capacities.

Doors and the wiring import from here. ``weights`` has the published formula, ``sparql`` answers by the queries of
``queries/match/``, ``bitmapmatcher`` by sets that are held equal to them.
"""

from capx_graph.matching.asker import Asker
from capx_graph.matching.finding import CAPACITIES, EVENTS, LISTS, RANKED
from capx_graph.matching.model import CapacityToConsider, CommonLanguage, EventMatch, Match, Matches, Served, Via
from capx_graph.matching.service import LIMIT, Matching
from capx_graph.matching.weights import SCALE, WEIGHTS, WHOLE

__all__ = [
    "CAPACITIES",
    "EVENTS",
    "LIMIT",
    "LISTS",
    "RANKED",
    "SCALE",
    "WEIGHTS",
    "WHOLE",
    "Asker",
    "CapacityToConsider",
    "CommonLanguage",
    "EventMatch",
    "Match",
    "Matches",
    "Matching",
    "Served",
    "Via",
]
