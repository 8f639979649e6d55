"""Connected mode: its wiring, the following of the connected Wikibase, and the proof of being in step with it.

``opening`` and the rooms above import from here. Everybody else reads the repository, which has what was mirrored.
"""

from __future__ import annotations

from capx_graph.connected.comparing import RemoteCheck
from capx_graph.connected.following import Following, Loaded, follow_once, follower_of, heal, load_dump
from capx_graph.connected.wiring import (
    INSTANCES,
    Pacing,
    assumed,
    connection_to,
    credentials_of,
    instance_of,
    load_embedded,
    open_sync,
    reading_as,
    site_of,
    sync_over,
)
from capx_graph.connected.writing import writer_of

__all__ = [
    "INSTANCES",
    "Following",
    "Loaded",
    "Pacing",
    "RemoteCheck",
    "assumed",
    "connection_to",
    "credentials_of",
    "follow_once",
    "follower_of",
    "heal",
    "instance_of",
    "load_dump",
    "load_embedded",
    "open_sync",
    "reading_as",
    "site_of",
    "sync_over",
    "writer_of",
]
