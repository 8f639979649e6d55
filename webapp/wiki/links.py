"""Addresses of the wiki's pages, in MediaWiki's form, so that links of its tools and of its people lead somewhere.

``/wiki/Item:Q1?action=history``, ``?oldid=7``, ``?diff=7&oldid=5``, ``/wiki/Special:RecentChanges``.
"""

from __future__ import annotations

import re
from typing import Any

from flask import request, url_for

from capx_graph.errors import InvalidParameter, NotFound
from capx_graph.messages import told
from capx_graph.repository.ids import title_of
from webapp.request.links import going_on
from webapp.request.numbers import MOST, whole

_PLACES = {
    "recentchanges": "recent",
    "listproperties": "properties",
    "statistics": "statistics",
    "search": "search",
    "whatlinkshere": "mentions",
}
_PREFIX = re.compile(r"special:\s*", re.IGNORECASE)


def wiki_url(entity_id: str, **query: Any) -> str:
    """The address of an entity's page."""
    return url_for("wiki.page", title=title_of(entity_id), **query)


def special_url(name: str, **query: Any) -> str:
    """The address of a special page."""
    return url_for(f"special.{name}", **query)


def canonical_address(title: str) -> str:
    """The address of a special page whose title is written otherwise; raises NotFound."""
    prefix = _PREFIX.match(title)
    name, _, rest = title[prefix.end() :].partition("/") if prefix else ("", "", "")
    endpoint = _PLACES.get(name.replace("_", "").replace(" ", "").lower())
    if endpoint is None:
        raise NotFound(told("refused-absent", title[:80]))
    named = {"mentions": "target", "properties": "datatype", "search": "search"}.get(endpoint, "subpage")
    return going_on(special_url(endpoint, **{named: rest} if rest else {}))


def data_url(entity_id: str, extension: str, revision: int = 0) -> str:
    """The address of an entity as data."""
    query = f"?revision={revision}" if revision else ""
    return f"{request.script_root}/wiki/Special:EntityData/{entity_id}.{extension}{query}"


def number(name: str, *, default: int = 0, most: int = MOST) -> int:
    """A parameter that is a whole number; raises InvalidParameter."""
    return whole(request.args, name, default=default, most=most)


def choice(name: str, choices: tuple[str, ...]) -> str | None:
    """A parameter with a few values, None when it is not given; raises InvalidParameter."""
    text = request.args.get(name, "")
    if text and text not in choices:
        raise InvalidParameter(name, text[:40], told("mend-one-of", ", ".join(choices)))
    return text or None


LIMITS = (50, 100, 250, 500)
"""How many lines a list may have."""


def limit() -> int:
    """How many lines are wanted."""
    return max(1, number("limit", default=LIMITS[0], most=LIMITS[-1]))
