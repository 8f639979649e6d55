"""A connected Wikibase: found out about, read through its API, mirrored, followed.

The wiring and the doors import from here. What is read lies in the repository's mirror, beside what is kept here
itself; everybody else reads the repository and never asks the network.
"""

from __future__ import annotations

from capx_graph.upstream.loop import Stopped, SyncLoop, SyncState
from capx_graph.upstream.selection import Selection
from capx_graph.upstream.site import Site, discover, keep_site, kept_site
from capx_graph.upstream.source import Source
from capx_graph.upstream.sync import Pass, Sync

__all__ = [
    "Pass",
    "Selection",
    "Site",
    "Source",
    "Stopped",
    "Sync",
    "SyncLoop",
    "SyncState",
    "discover",
    "keep_site",
    "kept_site",
]
