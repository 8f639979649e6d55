"""A label or a definition as it may be saved: one line, normalised, within Wikibase's length.

Rooms of the directory's keepers and translators import it. Wikibase trims by itself and refuses by codes; here a
person reads what to mend before anything is sent.
"""

from __future__ import annotations

import re
import unicodedata

from capx_graph.errors import Conflict, InvalidParameter
from capx_graph.messages import Told, told
from capx_graph.spelling import one_line

LONGEST_TERM = 250
"""Characters that Wikibase takes for a label, a description or an alias."""

_ITEM = re.compile(r"\bQ[1-9][0-9]*\b")
_KEPT_CONTROLS = frozenset("\u200c\u200d\u200e\u200f")
"""Joiners and direction marks, which some scripts cannot be written without."""


def same_words(error: Conflict) -> Told:
    """What a wiki says of a name and description that another item has, by the item that it names."""
    found = _ITEM.search(str(error))
    return told("refused-same-words", found[0] if found else "?")


def tidy(name: str, text: str) -> str:
    """The text on one line; raises InvalidParameter naming the field and what is wrong with it."""
    line = one_line(text)
    strange = [c for c in line if unicodedata.category(c) in ("Cc", "Cf", "Cs", "Co", "Cn") and c not in _KEPT_CONTROLS]
    if strange:
        raise InvalidParameter(name, line[:40], told("mend-character", f"U+{ord(strange[0]):04X}"))
    if len(line) > LONGEST_TERM:
        raise InvalidParameter(name, line[:40] + "…", told("mend-long", LONGEST_TERM, f"{line[:40]}…"))
    return line
