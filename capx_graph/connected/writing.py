"""Edits of a connected Wikibase: who the service is there, and a writer that sends each edit to where it belongs.

Given out by the package. Without credentials of the service, and without a member's own grant, nothing is written
there: what lives there can be read and not edited.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence

from capx_graph.connected.following import Following
from capx_graph.connected.grants import MemberGrants
from capx_graph.connected.wiring import credentials_of
from capx_graph.settings import Settings
from capx_graph.wikibase.elsewhere import Elsewhere, KeptSession, Manners
from capx_graph.wikibase.splitwriter import SplitWriter
from capx_graph.wikibase.writer import Writer, WriterSettings


def writer_of(
    here: Writer,
    settings: Settings,
    following: Following | None,
    *,
    seen: Callable[[], object],
    grants: MemberGrants | None = None,
) -> Writer:
    """The writer of a service; ``seen`` brings what was taken in from there into the graph."""
    there = service_writer(settings)
    if following is None or (there is None and grants is None):
        return here

    def taken(entity_ids: Sequence[str]) -> None:
        following.take(*entity_ids)
        seen()

    return SplitWriter(here, there, taken=taken, lenders=grants)


def service_writer(settings: Settings) -> Writer | None:
    """What edits the connected Wikibase as the service itself; None where nobody said as whom."""
    credentials = credentials_of(settings)
    if settings.wikibase is None or not credentials.given:
        return None
    agent = settings.user_agent()
    session = KeptSession(
        settings.wikibase.url, credentials, Manners(agent, settings.writing.pause), clock=settings.now
    )
    return Writer(WriterSettings(settings.wikibase.url, agent, traceable=True), Elsewhere(session))
