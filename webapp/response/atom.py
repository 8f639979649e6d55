"""Atom feeds (RFC 4287): values in, XML out. Rooms with feeds import it.

Characters that XML cannot hold are left out; everything else is escaped by the XML library. Addresses in a feed are
those at the concept base, so that an entry stays the same whatever host a reader asks.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from xml.etree import ElementTree

from flask import Response, request

from capx_graph.instants import stamp
from webapp.request.absolute import lasting
from webapp.request.reader import reader

_ATOM = "http://www.w3.org/2005/Atom"
_NOT_XML = re.compile("[^\t\n\r\u0020-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")
_LANGUAGE = "{http://www.w3.org/XML/1998/namespace}lang"
_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)


@dataclass(frozen=True, slots=True)
class Entry:
    """One entry; ``id`` stays the same for ever, ``page`` is the path that it leads to."""

    id: str
    title: str
    at: datetime
    page: str
    summary: str
    author: str = ""


def atom(
    title: str, page: str, entries: Sequence[Entry], *, author: str = "", began: datetime = _EPOCH, id: str = ""
) -> Response:
    """The feed of a page, whose own path it knows; ``began`` is when an empty one was last changed."""
    ElementTree.register_namespace("", _ATOM)
    root = ElementTree.Element(f"{{{_ATOM}}}feed", {_LANGUAGE: reader().tr.tag})
    own = lasting(request.full_path.rstrip("?"))
    _add(root, "id", id or own)
    _add(root, "title", title)
    _add(root, "updated", stamp(max((entry.at for entry in entries), default=began)))
    if author:
        _add(ElementTree.SubElement(root, f"{{{_ATOM}}}author"), "name", author)
    _add(root, "link", rel="self", type="application/atom+xml", href=own)
    _add(root, "link", rel="alternate", type="text/html", href=lasting(page))
    for entry in entries:
        _add_entry(root, entry)
    body = ElementTree.tostring(root, encoding="utf-8", xml_declaration=True)
    return Response(body, content_type="application/atom+xml; charset=utf-8")


def _add_entry(root: ElementTree.Element, entry: Entry) -> None:
    element = ElementTree.SubElement(root, f"{{{_ATOM}}}entry")
    _add(element, "id", entry.id)
    _add(element, "title", entry.title)
    _add(element, "updated", stamp(entry.at))
    _add(element, "link", rel="alternate", type="text/html", href=lasting(entry.page))
    if entry.author:
        _add(ElementTree.SubElement(element, f"{{{_ATOM}}}author"), "name", entry.author)
    _add(element, "summary", entry.summary)


def _add(parent: ElementTree.Element, name: str, text: str | None = None, **attributes: str) -> None:
    kept = {key: _NOT_XML.sub("", value) for key, value in attributes.items()}
    element = ElementTree.SubElement(parent, f"{{{_ATOM}}}{name}", kept)
    element.text = None if text is None else _NOT_XML.sub("", text)
