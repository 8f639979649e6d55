"""How a text mentions an account by its name, and the text without it; anyone may import this leaf.

A name is found as a whole word, spelt as wikis spell it: spaces or underscores, a small first letter, percent-encoded.
A name shorter than four characters may be any word, so it counts only where a text says that it is a user. What tools
read in a text (its automatic comment, links to entities) stays as it is, but for the name that an undo tells.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable
from urllib.parse import quote

from capx_graph.spelling import capital, spaced

ERASED = "erased account"
"""Stands where a name stood. No account can have it: their names begin with a capital."""

_SHORTEST_WORD = 4
_USER = r"(?:\buser(?:[ _]talk)?:|Special:Contributions/|/person/|@)"
_FOR_TOOLS = re.compile(r"(/\*.*?\*/|\[\[(?:Item|Property):[A-Z][0-9]+\]\])", re.DOTALL)
_UNDOING = re.compile(r"/\*\s*(?:undo|restore)\b")


class Mentions:
    """The mentions of some names of one account."""

    def __init__(self, names: Iterable[str]) -> None:
        wanted = {name for name in names if name.strip()}
        self.spellings = tuple(sorted({way for name in wanted for way in _spellings(name)}, key=len, reverse=True))
        words = [_pattern(way) for way in self.spellings if len(way) >= _SHORTEST_WORD]
        users = [_pattern(way) for way in self.spellings]
        self._word = re.compile("|".join(rf"(?<!\w){way}(?!\w)" for way in words)) if words else None
        self._user = re.compile(rf"({_USER})(?:{'|'.join(users)})(?!\w)", re.IGNORECASE) if users else None

    def within(self, text: str) -> bool:
        """Whether the text mentions the account."""
        return self.replaced(text) != text

    def replaced(self, text: str) -> str:
        """The text with ``erased account`` in place of every mention."""
        parts = _FOR_TOOLS.split(text)
        return "".join(self._told(part) if number % 2 else self._said(part) for number, part in enumerate(parts))

    def _said(self, text: str) -> str:
        if self._user is not None:
            text = self._user.sub(rf"\1{ERASED}", text)
        return self._word.sub(ERASED, text) if self._word is not None else text

    def _told(self, text: str) -> str:
        """An automatic comment: what an undo tells of the account whose edit was undone."""
        if not _UNDOING.match(text):
            return text
        names = {way.replace("*/", "* /") for way in self.spellings}
        parts = text.removesuffix("*/").rstrip().split("|")
        return "|".join(ERASED if part in names else part for part in parts) + " */"


def _spellings(name: str) -> set[str]:
    plain = spaced(name)
    found = {plain, plain[:1].lower() + plain[1:], capital(plain)}
    found |= {unicodedata.normalize(form, way) for form in ("NFC", "NFD") for way in tuple(found)}
    found |= {way.replace(" ", "_") for way in tuple(found)}
    return found | {quote(way, safe=safe) for way in tuple(found) for safe in ("", "/:@!*'()")}


def _pattern(spelling: str) -> str:
    return re.escape(spelling)
