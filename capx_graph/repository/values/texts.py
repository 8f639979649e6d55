"""Text as a Wikibase stores it: terms, summaries, values of type string from what people type.

Any room of the repository may import it.
"""

from __future__ import annotations

import re
import unicodedata

_CONTROL = re.compile(r"[\x00-\x1f\x7f-\x9f]+")
_SEPARATORS = (
    " \xa0\u1680\u2000\u2001\u2002\u2003\u2004\u2005\u2006\u2007\u2008\u2009\u200a\u2028\u2029\u202f\u205f\u3000"
)


def clean_text(text: str) -> str:
    """A term as it is stored: composed Unicode, control characters as one space, no space at the ends."""
    if text.isascii() and text.isprintable():
        return text.strip(" ")
    return unicodedata.normalize("NFC", _CONTROL.sub(" ", text).strip(_SEPARATORS))
