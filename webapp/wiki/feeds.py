"""Feeds of what happened in the wiki: lines of a history or of the recent changes, one entry each."""

from __future__ import annotations

from collections.abc import Iterable

from flask import Response
from markupsafe import Markup

from capx_graph.instants import stamp
from capx_graph.wikipages import Line
from webapp.request.absolute import lasting
from webapp.response.atom import Entry, atom
from webapp.wiki.drawing import wiki_comment, wiki_log
from webapp.wiki.links import special_url, wiki_url

FORMATS = ("atom",)


def feed(title: str, page: str, lines: Iterable[Line]) -> Response:
    """The feed of a page's lines; ``page`` is the page's own address."""
    return atom(title, page, [_entry(line) for line in lines])


def _entry(line: Line) -> Entry:
    page = wiki_url(line.entity_id, uselang=None)
    address = special_url("revision", revision=line.revision_id, uselang=None) if line.revision_id else page
    at = stamp(line.at)
    mark = "" if line.revision_id else f"#{line.log}-{at}"
    did = (wiki_log(line) if line.log else Markup("")) + wiki_comment(line.comment)
    told = " ".join(did.striptags().split())
    about = f"{line.name.label} ({line.entity_id})" if line.name and line.name.language else line.entity_id
    title = about if line.name else (told or about)
    return Entry(lasting(address) + mark, title, line.at, address, told, author=line.actor)
