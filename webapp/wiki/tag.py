"""The ETag of the wiki's pages: 304 before any handler runs, as long as nothing that they show has changed.

They show the repository, a little of the graph (whether a thing has a page of its own), and who is signed in.
"""

from __future__ import annotations

from flask import Response

from webapp.needs import services
from webapp.request.visitor import identity
from webapp.response import tags


def _tag() -> str:
    who = identity()
    return tags.tag_of_page(
        str(services().wiki_pages.version),
        str(services().store.version),
        f"{who.name} {who.key}" if who.account else "",
    )


def unchanged() -> Response | None:
    """304 when the reader already has this page."""
    return tags.unchanged(_tag()) if tags.asks_for_change() else None


def mark(response: Response) -> Response:
    """Gives a page its ETag."""
    return tags.marked(response, _tag()) if tags.is_reading() and response.status_code == 200 else response
