"""Edits of a connected Wikibase: who the service is there, and a writer that sends each edit to where it belongs.

Given out by the package. Without credentials nothing is written there: what lives there can be read and not edited.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence

from capx_graph import __version__
from capx_graph.connected.following import Following
from capx_graph.connected.wiring import credentials_of
from capx_graph.settings import DEFAULT_BASE, Settings
from capx_graph.wikibase.elsewhere import Elsewhere, KeptSession, Manners
from capx_graph.wikibase.splitwriter import SplitWriter
from capx_graph.wikibase.writer import Writer, WriterSettings


def writer_of(here: Writer, settings: Settings, following: Following | None, *, seen: Callable[[], object]) -> Writer:
    """The writer of a service; ``seen`` brings what was taken in from there into the graph."""
    credentials = credentials_of(settings)
    if following is None or settings.wikibase is None or not credentials.given:
        return here

    def taken(entity_ids: Sequence[str]) -> None:
        following.take(*entity_ids)
        seen()

    agent = f"capx-graph/{__version__} ({settings.contact or settings.base or DEFAULT_BASE})"
    session = KeptSession(
        settings.wikibase.url, credentials, Manners(agent, settings.writing.pause), clock=settings.now
    )
    there = Writer(WriterSettings(settings.wikibase.url, agent, traceable=True), Elsewhere(session))
    return SplitWriter(here, there, taken=taken)
