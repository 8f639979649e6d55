"""The ETag of the wiki's pages: 304 before any handler runs, as long as nothing that they show has changed.

They show the repository, a little of the graph (whether a thing has a page of its own), and who is signed in.
"""

from __future__ import annotations

import hashlib

from flask import Response, current_app, request

from webapp.request.reader import reader
from webapp.request.visitor import identity
from webapp.response.headers import VARY
from webapp.wiki.links import wiki_services


def _tag() -> str:
    services = wiki_services()
    who = identity()
    parts = (
        str(services.wiki_pages.version),
        str(services.store.version),
        current_app.extensions["capx_program"],
        request.full_path,
        request.accept_mimetypes.to_header(),
        reader().key,
        f"{who.name} {who.key}" if who.account else "",
    )
    return hashlib.sha256("\n".join(parts).encode()).hexdigest()[:20]


def unchanged() -> Response | None:
    """304 when the reader already has this page."""
    if request.method not in {"GET", "HEAD"} or not request.if_none_match:
        return None
    tag = _tag()
    return _marked(Response(status=304), tag) if request.if_none_match.contains_weak(tag) else None


def mark(response: Response) -> Response:
    """Gives a page its ETag."""
    if request.method in {"GET", "HEAD"} and response.status_code == 200:
        return _marked(response, _tag())
    return response


def _marked(response: Response, tag: str) -> Response:
    response.set_etag(tag, weak=True)
    response.vary.update(VARY)
    response.headers["Cache-Control"] = "private, no-cache"
    return response
