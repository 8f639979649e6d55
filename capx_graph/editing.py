"""Single edits of the wiki in this process: without a socket, and in the graph before their answer leaves.

The wiring imports it. Whoever edits through the pages, the API or a tool finds what they wrote by their next search.
"""

from __future__ import annotations

import logging
from collections.abc import Iterable

from capx_graph.errors import CapxError
from capx_graph.ingest import Ingest, Prompt
from capx_graph.wikibase.transport import Environ, InProcessSessions, StartResponse, WsgiApp
from capx_graph.wikibase.writer import Writer, WriterSettings

_IN_PROCESS = "http://wiki.invalid"
"""The address by which this process edits its own wiki; no network knows it."""
_LOG = logging.getLogger(__name__)


def in_process_writer(wiki: WsgiApp) -> Writer:
    """Single edits of the wiki in this process, without a socket."""
    return Writer(WriterSettings(f"{_IN_PROCESS}/w/api.php", "capx-graph"), InProcessSessions(wiki, _IN_PROCESS))


def seen_at_once(wiki: WsgiApp, ingest: Ingest, prompt: Prompt) -> WsgiApp:
    """The wiki, whose edits are in the graph before their answer leaves, where that takes moments."""

    def application(environ: Environ, start_response: StartResponse) -> Iterable[bytes]:
        answer = wiki(environ, start_response)
        if environ.get("REQUEST_METHOD") == "POST" and ingest.cursor < ingest.repository.head():
            try:
                prompt()
            except CapxError as error:
                # The edit is kept; the ingest loop tries again and the log says so until it succeeds.
                _LOG.error("an edit is not in the graph yet: %s", error)
        return answer

    return application
