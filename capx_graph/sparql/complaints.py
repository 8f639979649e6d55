"""What the engine's parser says of a text, as a person can use it: the word that cannot stand where it stands.

Used by the endpoint. The parser tries keywords over whatever follows, so the place it names can lie a dozen letters
behind the fault, on the next line. In a text whose tokens are spread wide apart, the fault lies between the beginning
of its token and that of the next. The parser's list of what could follow is of as little use; only its reasons, which
are sentences, are handed on.
"""

from __future__ import annotations

import re
from collections.abc import Sequence

from capx_graph.errors import InvalidQuery
from capx_graph.sparql.tokens import Token, position

_GAP = " " * 40
"""Wider than the longest keyword."""

_PLACE = re.compile(r"error at (\d+):(\d+): expected (?:one of )?(.*)", re.DOTALL)
_IN_OTHER_WORDS = {
    "The SELECT contains a variable that is unbound": "a variable is shown that is neither grouped by nor computed: "
    "name it in GROUP BY, or show SAMPLE(?it)",
    "Duplicated variable name in SELECT": "a variable is shown twice",
}
_SENTENCE = re.compile(r"(?:^|, )([A-Z][a-z]*(?: [A-Za-z?_:'$-]+){2,})")


def spread(found: Sequence[Token]) -> str:
    """The tokens of a text far apart."""
    return "".join(token.text + _GAP for token in found)


def is_about_syntax(complaint: str) -> bool:
    """Whether the parser complains, not the evaluation."""
    return _PLACE.search(complaint) is not None


def located(text: str, found: Sequence[Token], complaint: str) -> InvalidQuery:
    """The error for a text, from the complaint about its tokens spread."""
    match = _PLACE.search(complaint)
    assert match is not None, "only complaints of the parser have a place"
    reason = _SENTENCE.search(match[3])
    offset = _offset(spread(found), int(match[1]), int(match[2]))
    end = 0
    for token in found:
        end += len(token.text) + len(_GAP)
        if offset < end:
            line, column = position(text, token.start)
            return InvalidQuery(_rule(reason, f"{_short(token)} cannot stand here"), line=line, column=column)
    line, column = position(text, len(text.rstrip()))
    return InvalidQuery(_rule(reason, "the query ends too early"), line=line, column=column)


def unlocated(complaint: str) -> InvalidQuery:
    """The error where the text that was sent is well formed, and what was made of it is not."""
    match = _PLACE.search(complaint)
    reason = _SENTENCE.search(match[3]) if match else None
    return InvalidQuery(_rule(reason, "the labels asked for do not fit into this query"), line=1, column=1)


def _rule(reason: re.Match[str] | None, otherwise: str) -> str:
    return _IN_OTHER_WORDS.get(reason[1], reason[1]) if reason else otherwise


def _short(token: Token) -> str:
    return repr(token.text if len(token.text) <= 40 else token.text[:40] + "…")


def _offset(text: str, line: int, column: int) -> int:
    """The offset of a line and column, both from 1."""
    lines = text.split("\n")
    return sum(len(before) + 1 for before in lines[: line - 1]) + column - 1
