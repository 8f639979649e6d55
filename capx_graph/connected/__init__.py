"""Connected mode: its wiring, the following of the connected Wikibase, and the proof of being in step with it.

``opening`` and the rooms above import from here. Everybody else reads the repository, which has what was mirrored.
"""

from __future__ import annotations

from capx_graph.connected.comparing import RemoteCheck
from capx_graph.connected.following import Following, Loaded, follow_once, follower_of, heal, load_dump
from capx_graph.connected.grants import AnotherPerson, MemberGrants, OnlyIdentifies, grants_of
from capx_graph.connected.leaving import LeavingThere, leaving_there
from capx_graph.connected.people import people_there
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
from capx_graph.connected.writing import service_writer, writer_of

__all__ = [
    "INSTANCES",
    "AnotherPerson",
    "Following",
    "LeavingThere",
    "Loaded",
    "MemberGrants",
    "OnlyIdentifies",
    "Pacing",
    "RemoteCheck",
    "assumed",
    "connection_to",
    "credentials_of",
    "follow_once",
    "follower_of",
    "grants_of",
    "heal",
    "instance_of",
    "leaving_there",
    "load_dump",
    "load_embedded",
    "open_sync",
    "people_there",
    "reading_as",
    "service_writer",
    "site_of",
    "sync_over",
    "writer_of",
]
