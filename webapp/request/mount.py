"""The Wikibase's own addresses beside the pages: one WSGI application in front of two.

Addresses and their meaning are Wikibase's (/w/api.php, /entity/Q1, /wiki/Special:EntityData/Q1.json), so that its
tools work unchanged; nothing of the request is touched. Whatever is done for a request waits for no wiki for long.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from typing import Any

from capx_graph.wikibase.patience import IN_A_REQUEST, waiting_at_most
from webapp.needs import WsgiApp

PREFIXES = ("/w/", "/entity/", "/wiki/Special:EntityData")
API = "/w/api.php"
PAGES = "/w/index.php"
"""MediaWiki's other address of its pages."""
FEEDS = re.compile(r"(?:^|&)action=feed(?:recentchanges|contributions)(?:&|$)")
"""What the API answers with a feed, which is made like a page."""


def mounted(pages: WsgiApp, wiki: WsgiApp) -> WsgiApp:
    """An application that sends the Wikibase's addresses to ``wiki`` and the rest to ``pages``."""

    def application(environ: dict[str, Any], start_response: Any) -> Iterable[bytes]:
        path = str(environ.get("PATH_INFO", ""))
        chosen = wiki if path.startswith(PREFIXES) and not _is_page(path, environ) else pages
        with waiting_at_most(IN_A_REQUEST):
            return chosen(environ, start_response)

    return application


def _is_page(path: str, environ: dict[str, Any]) -> bool:
    if path == PAGES:
        return True
    reads = environ.get("REQUEST_METHOD") in {"GET", "HEAD"}
    return path == API and reads and FEEDS.search(str(environ.get("QUERY_STRING", ""))) is not None
