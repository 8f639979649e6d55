"""ETags: made of everything that an answer depends on, so that an unchanged one is neither made nor sent again.

Who marks answers with one imports it. A tag is weak: it stands for an answer compressed or not. A marked answer is one
reader's, who asks for it anew every time and is told that it is the same.
"""

from __future__ import annotations

import hashlib

from flask import Response, request

from webapp.needs import program
from webapp.request.reader import reader

VARY = ("Accept", "Accept-Encoding", "Accept-Language", "Cookie")
_READING = frozenset({"GET", "HEAD"})


def tag_of(*parts: str) -> str:
    """The tag of what depends on these parts and on the program."""
    return hashlib.sha256("\n".join((program(), *parts)).encode(errors="replace")).hexdigest()[:20]


def tag_of_page(*parts: str) -> str:
    """The tag of what depends on the address, the forms that a client takes and the reader, too."""
    return tag_of(request.full_path, request.accept_mimetypes.to_header(), reader().key, *parts)


def is_reading() -> bool:
    """Whether the request asks for an answer, and changes nothing."""
    return request.method in _READING


def asks_for_change() -> bool:
    """Whether the client has an answer already and asks for another; for no other request is a tag worth making."""
    return is_reading() and bool(request.if_none_match)


def has(tag: str) -> bool:
    """Whether the client has the answer of this tag."""
    return is_reading() and request.if_none_match.contains_weak(tag)


def unchanged(tag: str) -> Response | None:
    """304 for a client that has the answer of this tag."""
    return marked(Response(status=304), tag) if has(tag) else None


def marked(response: Response, tag: str) -> Response:
    """The same answer with its tag."""
    response.set_etag(tag, weak=True)
    return kept_by_one(response)


def kept_by_one(response: Response) -> Response:
    """The same answer, for the browser of one reader to keep and ask about."""
    response.vary.update(VARY)
    response.headers["Cache-Control"] = "private, no-cache"
    return response
