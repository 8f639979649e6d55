"""How the service does: how far its data stands, what it follows, what ran last; for pages, programs and alerts.

Doors and the wiring import from here. Anybody may read all of it, so that it tells kinds of failures and times, and
neither names nor addresses; what went wrong in words is in the log.
"""

from capx_graph.status.exposition import CONTENT_TYPE, exposition
from capx_graph.status.opening import engine_of, kept_here, silent_since, standing_over, status_over
from capx_graph.status.sources import GraphSource, Source, SourceState, WikibaseSource
from capx_graph.status.standing import Stand, Standing
from capx_graph.status.status import Gatherer, State, Status, Surroundings
from capx_graph.status.watching import EngineWatch

__all__ = [
    "CONTENT_TYPE",
    "EngineWatch",
    "Gatherer",
    "GraphSource",
    "Source",
    "SourceState",
    "Stand",
    "Standing",
    "State",
    "Status",
    "Surroundings",
    "WikibaseSource",
    "engine_of",
    "exposition",
    "kept_here",
    "silent_since",
    "standing_over",
    "status_over",
]
