"""Atom feeds of what happened: lines of a history or of the recent changes, one entry each (RFC 4287).

Addresses in a feed are those at the concept base, so that an entry stays the same whatever host a reader asks.
Characters that XML cannot hold are left out; everything else is escaped by the XML library.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from datetime import UTC, datetime
from xml.etree import ElementTree

from flask import Response, request
from markupsafe import Markup

from capx_graph.wikipages import Line
from webapp.reader import reader
from webapp.wikidrawing import wiki_comment, wiki_log
from webapp.wikilinks import lasting, special_url, wiki_url

_ATOM = "http://www.w3.org/2005/Atom"
_NOT_XML = re.compile("[^\t\n\r\u0020-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")
_LANGUAGE = "{http://www.w3.org/XML/1998/namespace}lang"
_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)

FORMATS = ("atom",)


def feed(title: str, page: str, lines: Iterable[Line]) -> Response:
    """The feed of a page's lines; ``page`` is the page's own address."""
    shown = list(lines)
    ElementTree.register_namespace("", _ATOM)
    root = ElementTree.Element(f"{{{_ATOM}}}feed", {_LANGUAGE: reader().tr.tag})
    own = request.full_path.rstrip("?")
    _add(root, "id", lasting(own))
    _add(root, "title", title)
    _add(root, "updated", _stamp(max((line.at for line in shown), default=_EPOCH)))
    _add(root, "link", rel="self", type="application/atom+xml", href=lasting(own))
    _add(root, "link", rel="alternate", type="text/html", href=lasting(page))
    for line in shown:
        _add_entry(root, line)
    body = ElementTree.tostring(root, encoding="utf-8", xml_declaration=True)
    return Response(body, content_type="application/atom+xml; charset=utf-8")


def _add_entry(root: ElementTree.Element, line: Line) -> None:
    entry = ElementTree.SubElement(root, f"{{{_ATOM}}}entry")
    page = wiki_url(line.entity_id, uselang=None)
    address = special_url("revision", revision=line.revision_id, uselang=None) if line.revision_id else page
    mark = "" if line.revision_id else f"#{line.log}-{_stamp(line.at)}"
    did = (wiki_log(line) if line.log else Markup("")) + wiki_comment(line.comment)
    told = " ".join(did.striptags().split())
    about = f"{line.name.label} ({line.entity_id})" if line.name and line.name.language else line.entity_id
    _add(entry, "id", lasting(address) + mark)
    _add(entry, "title", about if line.name else (told or about))
    _add(entry, "updated", _stamp(line.at))
    _add(entry, "link", rel="alternate", type="text/html", href=lasting(address))
    author = ElementTree.SubElement(entry, f"{{{_ATOM}}}author")
    _add(author, "name", line.actor)
    _add(entry, "summary", told)


def _add(parent: ElementTree.Element, name: str, text: str | None = None, **attributes: str) -> None:
    element = ElementTree.SubElement(parent, f"{{{_ATOM}}}{name}", attributes)
    element.text = None if text is None else _NOT_XML.sub("", text)


def _stamp(at: datetime) -> str:
    return at.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%SZ")
