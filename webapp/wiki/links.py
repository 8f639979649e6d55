"""Addresses of the wiki's pages, in MediaWiki's form, so that links of its tools and of its people lead somewhere.

``/wiki/Item:Q1?action=history``, ``?oldid=7``, ``?diff=7&oldid=5``, ``/wiki/Special:RecentChanges``.
"""

from __future__ import annotations

from typing import Any, cast
from urllib.parse import urlsplit

from flask import current_app, request, url_for

from capx_graph.errors import InvalidParameter
from capx_graph.repository.ids import title_of
from webapp.needs import WikiServices

MOST = 2**53 - 1
"""The largest revision number that is looked for."""


def wiki_services() -> WikiServices:
    """The services, with what the wiki's pages need of them."""
    return cast(WikiServices, current_app.extensions["capx"])


def wiki_url(entity_id: str, **query: Any) -> str:
    """The address of an entity's page."""
    return url_for("wiki.page", title=title_of(entity_id), **query)


def special_url(name: str, **query: Any) -> str:
    """The address of a special page."""
    return url_for(f"special.{name}", **query)


def data_url(entity_id: str, extension: str, revision: int = 0) -> str:
    """The address of an entity as data."""
    query = f"?revision={revision}" if revision else ""
    return f"{request.script_root}/wiki/Special:EntityData/{entity_id}.{extension}{query}"


def lasting(path: str) -> str:
    """The address of one of our pages as others should keep it: at the concept base, whatever host was asked."""
    base = urlsplit(wiki_services().wiki_pages.base)
    return f"{base.scheme}://{base.netloc}{path}"


def number(name: str, *, default: int = 0, most: int = MOST) -> int:
    """A parameter that is a whole number; raises InvalidParameter."""
    text = request.args.get(name, "")
    if not text:
        return default
    if not text.isascii() or not text.isdigit() or len(text) > 16 or int(text) > MOST:
        raise InvalidParameter(name, text[:40], "must be a whole number")
    return min(int(text), most)


def choice(name: str, choices: tuple[str, ...]) -> str | None:
    """A parameter with a few values, None when it is not given; raises InvalidParameter."""
    text = request.args.get(name, "")
    if text and text not in choices:
        raise InvalidParameter(name, text[:40], f"must be one of {', '.join(choices)}")
    return text or None


LIMITS = (50, 100, 250, 500)
"""How many lines a list may have."""


def limit() -> int:
    """How many lines are wanted."""
    return max(1, number("limit", default=LIMITS[0], most=LIMITS[-1]))
