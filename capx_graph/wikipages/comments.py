"""Summaries of edits, taken apart for readers: ``/* wbsetlabel-set:1|en */ text``; only this package imports it.

What the program did is known by the action and its arguments and can be told in any language; what follows is as
the author or the program wrote it, with links to entities in wikitext.
"""

from __future__ import annotations

import re

from capx_graph.repository.ids import entity_of_title, parse_id
from capx_graph.wikipages.model import Comment, Named
from capx_graph.wikipages.naming import Names

_AUTOMATIC = re.compile(r"/\*\s*([a-z][a-z-]*)(?::(.*?))?\s*\*/\s*(.*)", re.DOTALL)
_LINK = re.compile(r"\[\[([^\[\]|]{1,40})(?:\|[^\[\]]*)?\]\]")


def mentioned(summary: str) -> set[str]:
    """The entities that a summary names, to be read together with others."""
    automatic = _AUTOMATIC.fullmatch(summary)
    arguments = automatic[2].split("|") if automatic and automatic[2] else ()
    found = {entity_of_title(link[1]) for link in _LINK.finditer(summary)}
    return {entity_id for entity_id in (*found, *map(parse_id, arguments)) if entity_id}


def comment(summary: str, names: Names) -> Comment:
    """The parts of a summary."""
    automatic = _AUTOMATIC.fullmatch(summary)
    if automatic is None:
        return Comment(pieces=_pieces(summary, names))
    arguments = tuple((automatic[2] or "").split("|")) if automatic[2] else ()
    return Comment(automatic[1], arguments, _pieces(automatic[3], names))


def _pieces(text: str, names: Names) -> tuple[str | Named, ...]:
    pieces: list[str | Named] = []
    start = 0
    for link in _LINK.finditer(text):
        entity_id = entity_of_title(link[1])
        if entity_id is not None:
            pieces += [text[start : link.start()], names.of(entity_id)]
            start = link.end()
    pieces.append(text[start:])
    return tuple(piece for piece in pieces if piece)
