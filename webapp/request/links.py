"""Where things live: the address of a person, a capacity, an organization ... from its ``Ref``.

A name in an address is the natural one (username, code) where there is one, the item id otherwise. What has no
page of its own (a language, a Wikimedia project) leads to the search that it stands for.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any
from urllib.parse import parse_qs, quote, urlencode, urlsplit

from flask import Flask, has_request_context, request, url_for

from capx_graph.model import EntityKind, Ref
from webapp.request.reader import reader

_PAGES = {
    EntityKind.PERSON: "pages.person",
    EntityKind.ORGANIZATION: "pages.organization",
    EntityKind.CAPACITY: "pages.capacity",
    EntityKind.TERRITORY: "pages.territory",
    EntityKind.EVENT: "pages.event",
    EntityKind.PROJECT: "pages.project",
}
_PLACE = "-NAME-"
"""Where the name stands in a pattern of addresses; of signs that no address spells otherwise."""
_SAFE = "!$&'()*+,/:;=@"
"""Signs that Werkzeug leaves as they are in a path."""
_SEARCHES = {EntityKind.LANGUAGE: "language", EntityKind.WIKIMEDIA_PROJECT: "project"}


def entity_url(ref: Ref) -> str | None:
    """The address of the thing's page, or of the search it stands for; None for what has neither."""
    if ref.kind in _PAGES:
        return url_for(_PAGES[ref.kind], name=facet_value(ref))
    if ref.kind in _SEARCHES:
        values: dict[str, Any] = {_SEARCHES[ref.kind]: facet_value(ref)}
        return url_for("search.page", **values)
    return None


def page_addresses() -> Callable[[Ref], str | None]:
    """``entity_url`` for an answer that names hundreds of things: the router is asked once for each kind (40 µs)."""
    patterns: dict[EntityKind, tuple[str, str]] = {}

    def address(ref: Ref) -> str | None:
        if ref.kind not in _PAGES:
            return entity_url(ref)
        pattern = patterns.get(ref.kind)
        if pattern is None:
            before, _, after = url_for(_PAGES[ref.kind], name=_PLACE).partition(_PLACE)
            pattern = patterns[ref.kind] = before, after
        return pattern[0] + quote(facet_value(ref), safe=_SAFE) + pattern[1]

    return address


def facet_value(ref: Ref) -> str:
    """How a parameter names the thing: by code where it has one, capacities by item id."""
    return ref.id if ref.kind is EntityKind.CAPACITY or not ref.code else ref.code


def names(ref: Ref, value: str) -> bool:
    """Whether ``value``, as somebody wrote it in a parameter, means this thing."""
    forms = {ref.id.lower(), (ref.code or ref.id).lower()}
    if ref.wikidata:
        forms.add(f"wikidata:{ref.wikidata}".lower())
    return value.lower() in forms


def keep_language(endpoint: str, values: dict[str, Any]) -> None:
    """Carries ``uselang`` of the present address into every link of its page, and into where it leads on to."""
    if endpoint != "static" and "uselang" not in values and has_request_context() and reader().uselang:
        values["uselang"] = reader().uselang


def local_path(path: str | None) -> str:
    """The path if it is one of this site, else the start page: a form may not send people elsewhere."""
    own = path and path.startswith("/") and not path.startswith(("//", "/\\")) and "\\" not in path
    control = any(ord(character) < 32 for character in path or "")
    if path and own and not control:
        return path
    return url_for("search.page")


def going_on(address: str, *used: str) -> str:
    """An address that a request is led on to with its parameters, except those that were ``used`` up.

    Their names are the client's, and ``url_for`` would take some of them for its own, so that they are appended.
    """
    written = {*used, *parse_qs(urlsplit(address).query)}
    pairs = [(name, value) for name, value in request.args.items(multi=True) if name not in written]
    return f"{address}{'&' if '?' in address else '?'}{urlencode(pairs)}" if pairs else address


def here(*, without: str = "uselang") -> str:
    """The path and query of the present request, without one parameter: the language asked for in it."""
    pairs = [(name, value) for name, value in request.args.items(multi=True) if name != without]
    base = "/" + quote(request.script_root + request.path).lstrip("/")  # two slashes would lead to another host
    return f"{base}?{urlencode(pairs)}" if pairs else base


def install(app: Flask) -> None:
    """Makes the addresses known to templates."""
    app.url_defaults(keep_language)
    app.add_template_global(entity_url)
    app.add_template_global(here)
