"""What the engine's parser says of a text, as a person can use it: line, column, and the few words that could follow.

Used by the endpoint. The parser lists every letter that might have come next; what remains here are words and marks, or
its reason where it has one.
"""

from __future__ import annotations

import re

from capx_graph.errors import InvalidQuery

_PLACE = re.compile(r"error at (\d+):(\d+): expected (?:one of )?(.*)", re.DOTALL)
_EXPECTED = re.compile(r"""\[[^\[\]]*(?:'[^']*'[^\[\]]*)*\]|"(?:[^"\\]|\\.)*"|[^,\s][^,]*""", re.DOTALL)
_MOST = 8


def readable(complaint: str) -> InvalidQuery | None:
    """The error that the parser's text is about; None for texts that name no place."""
    match = _PLACE.search(complaint)
    if match is None:
        return None
    return InvalidQuery(_rule(match[3]), line=int(match[1]), column=int(match[2]))


def _rule(expected: str) -> str:
    found = [part.strip() for part in _EXPECTED.findall(expected)]
    reasons: list[str] = [part for part in found if " " in part and part[0].isalpha()]
    if reasons:
        return reasons[0]
    words = [part for part in found if part.isalpha() or (part[0] == part[-1] == '"')]
    if not words:
        return "the query cannot be read from here on"
    shown = ", ".join(word.strip('"').replace("\\", "") for word in words[:_MOST])
    return f"the query cannot be read from here on; expected {shown}{' ...' if len(words) > _MOST else ''}"
