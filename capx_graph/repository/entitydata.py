"""Linked data of entities over HTTP, without a web framework: ``/entity/ID`` and ``/wiki/Special:EntityData/ID.ext``.

The WSGI app turns its request into an ``EntityDataRequest`` and sends the ``HttpAnswer`` as it is.
The surprising thing: redirects name the wiki's own address, whatever host was asked, because an IRI must lead to
one place; and an unknown entity is only found out once a format is chosen.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime
from email.utils import format_datetime, parsedate_to_datetime
from html import escape
from typing import Protocol
from urllib.parse import quote, urlencode

from capx_graph.instants import stamp
from capx_graph.model import Page
from capx_graph.namespaces import WikibaseNamespaces
from capx_graph.repository.acceptance import best_match
from capx_graph.repository.compact import json_bytes
from capx_graph.repository.ids import kind_of, namespace_of, parse_id, title_of
from capx_graph.repository.rdf.entity import EntityRdf, Flavor, Lookup
from capx_graph.repository.rdf.serialise import (
    FORMATS,
    JSON,
    PHP,
    Format,
    format_named,
    php_document,
    rdf_document,
    wikibase_prefixes,
)

HTML = "text/html"
PAGE = "/wiki/Special:EntityData"
_HTML_NAMES = ("html", "htm", HTML)
_HTML_TYPE = "text/html; charset=UTF-8"
_ERROR_TYPE = "text/html; charset=utf-8"


class RevisionLookup(Lookup, Protocol):
    """The wiki's pages, their earlier revisions too."""

    def revision(self, entity_id: str, revision_id: int) -> Page | None:
        """The entity as it was in one of its revisions; None when there is none or its text is hidden."""


@dataclass(frozen=True, slots=True)
class EntityDataRequest:
    """``document`` is what follows ``Special:EntityData/`` (``Q5.json``), empty when nothing does."""

    document: str
    query: Mapping[str, str] = field(default_factory=dict)
    accept: str | None = None
    if_modified_since: str | None = None


@dataclass(frozen=True, slots=True)
class HttpAnswer:
    """Status, headers and body, as they are to be sent."""

    status: int
    headers: tuple[tuple[str, str], ...]
    body: bytes = b""


class _Failure(Exception):
    """An answer that is not data."""

    def __init__(self, status: int, text: str) -> None:
        super().__init__(text)
        self.status = status


class EntityData:
    """Answers for the entities of one wiki."""

    def __init__(self, namespaces: WikibaseNamespaces, lookup: RevisionLookup, rdf: EntityRdf) -> None:
        self._base = namespaces.site
        self._prefixes = wikibase_prefixes(namespaces)
        self._lookup = lookup
        self._rdf = rdf

    def concept(self, name: str, query: Mapping[str, str]) -> HttpAnswer:
        """What ``/entity/NAME`` answers: see the document about it. A statement's IRI leads to its entity."""
        if name.startswith("statement/"):
            name = name.removeprefix("statement/").partition("-")[0].upper()
        return self._redirect(f"{PAGE}/{quote(name, safe='/.:')}", 303, query)

    def answer(self, request: EntityDataRequest) -> HttpAnswer:
        """What ``/wiki/Special:EntityData/DOCUMENT`` answers."""
        if not request.document and not request.query.get("id"):
            return HttpAnswer(200, (("Content-Type", _HTML_TYPE), _CORS), _about().encode())
        try:
            return self._answer(request)
        except _Failure as failure:
            page = _html(f"{failure.status}", escape(str(failure)))
            return HttpAnswer(failure.status, (("Content-Type", _ERROR_TYPE), _CORS), page.encode())

    def _answer(self, request: EntityDataRequest) -> HttpAnswer:
        name, _, extension = request.document.partition(".")
        wanted = request.query.get("format") or extension
        text = request.query.get("id") or name
        entity_id = parse_id(text)
        if entity_id is None:
            raise _Failure(400, f"{text!r} is not an entity id.")
        revision = _revision(request.query)
        if not wanted:
            return self._negotiated(request.accept, entity_id, revision)
        format_ = None if wanted.lower() in _HTML_NAMES else format_named(wanted)
        if format_ is None and wanted.lower() not in _HTML_NAMES:
            raise _Failure(415, f"There is no format {wanted!r}.")
        canonical = f"{entity_id}.{format_.extension if format_ else 'html'}"
        if request.document and request.document != canonical:
            return self._to_document(entity_id, format_, revision, 301)
        if format_ is None or request.query.get("redirect") == "force":
            return self._to_document(entity_id, format_, revision, 303)
        return self._data(request, entity_id, format_, revision)

    def _negotiated(self, accept: str | None, entity_id: str, revision: int) -> HttpAnswer:
        offered = [media_type for format_ in FORMATS for media_type in format_.media_types]
        chosen = best_match(accept, [*offered, HTML])
        if chosen is None:
            raise _Failure(406, f"These types can be had: {', '.join(offered)}, {HTML}.")
        answer = self._to_document(entity_id, format_named(chosen), revision, 303)
        return HttpAnswer(answer.status, (*answer.headers, ("Vary", "Accept")), answer.body)

    def _to_document(self, entity_id: str, format_: Format | None, revision: int, status: int) -> HttpAnswer:
        path = f"{PAGE}/{entity_id}.{format_.extension}" if format_ else f"/wiki/{title_of(entity_id)}"
        name = "revision" if format_ else "oldid"
        return self._redirect(path, status, {name: str(revision)} if revision else {})

    def _redirect(self, path: str, status: int, query: Mapping[str, str]) -> HttpAnswer:
        address = f"{self._base}{path}" + (f"?{urlencode(query)}" if query else "")
        page = _html(f"{status}", f'<a href="{escape(address)}">{escape(address)}</a>')
        headers = (("Content-Type", _HTML_TYPE), ("Location", address), _CORS)
        return HttpAnswer(status, headers, page.encode())

    def _data(self, request: EntityDataRequest, entity_id: str, format_: Format, revision: int) -> HttpAnswer:
        flavor = request.query.get("flavor") or Flavor.FULL
        page = self._page(entity_id, revision, dump=flavor == Flavor.DUMP)
        target = self._lookup.page(page.redirect_to) if page.redirect_to else page
        if target is None:
            raise _Failure(404, f"{entity_id} redirects to {page.redirect_to}, which does not exist.")
        modified = max(page.modified, target.modified)
        headers = (
            ("Content-Type", format_.content_type),
            ("Last-Modified", format_datetime(modified.astimezone(UTC), usegmt=True)),
            ("Cache-Control", "private, no-cache, s-maxage=0"),
            ("X-Frame-Options", "DENY"),
            _CORS,
        )
        if _unchanged(request.if_modified_since, modified):
            return HttpAnswer(304, headers[1:])
        return HttpAnswer(200, headers, self._document(page, target, format_, flavor, current=not revision))

    def _page(self, entity_id: str, revision: int, *, dump: bool) -> Page:
        page = self._lookup.revision(entity_id, revision) if revision else self._lookup.page(entity_id)
        if page is None:
            what = f"revision {revision} of {entity_id}" if revision else entity_id
            raise _Failure(404, f"There is no {what}.")
        if revision and page.redirect_to and not dump:
            raise _Failure(400, f"Revision {revision} of {entity_id} is a redirect.")
        return page

    def _document(self, page: Page, target: Page, format_: Format, flavor: str, *, current: bool) -> bytes:
        if format_ in (JSON, PHP):
            content = {"entities": {target.entity_id: entity_with_page(target)}}
            return json_bytes(content) if format_ == JSON else php_document(content)
        if flavor not in list(Flavor):
            raise _Failure(400, f"There is no flavor {flavor!r}, only {', '.join(Flavor)}.")
        triples = self._rdf.triples(page, Flavor(flavor), incoming=current)
        return rdf_document(triples, format_, self._prefixes)


def entity_with_page(page: Page) -> dict[str, object]:
    """The JSON of an entity with the facts of its page, as EntityData and ``wbgetentities`` answer it."""
    facts: dict[str, object] = {
        "pageid": page.page_id,
        "ns": namespace_of(page.entity_id),
        "title": title_of(page.entity_id),
        "lastrevid": page.revision_id,
        "modified": stamp(page.modified),
    }
    return facts | dict(page.entity or {"type": kind_of(page.entity_id), "id": page.entity_id})


_CORS = ("Access-Control-Allow-Origin", "*")


def _revision(query: Mapping[str, str]) -> int:
    """The revision asked for, 0 for the current one; text that is no number means the current one."""
    text = query.get("revision") or ""
    return int(text) if text.isascii() and text.isdigit() and len(text) < 16 else 0


def _unchanged(if_modified_since: str | None, modified: datetime) -> bool:
    if not if_modified_since:
        return False
    try:
        since = parsedate_to_datetime(if_modified_since)
    except ValueError:
        return False
    return modified.replace(microsecond=0) <= since.replace(tzinfo=since.tzinfo or UTC)


def _about() -> str:
    rows = "".join(f"<li>{escape(f.extension)}: {escape(', '.join(f.media_types))}</li>" for f in FORMATS)
    form = f'<form action="{PAGE}"><label>ID <input name="id"></label> <button>OK</button></form>'
    return _html("EntityData", f"{form}<ul>{rows}</ul>")


def _html(title: str, body: str) -> str:
    return f"<!DOCTYPE html><html lang=en><meta charset=utf-8><title>{title}</title><body>{body}</body></html>\n"
