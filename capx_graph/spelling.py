"""How texts and names are spelt where they are compared: on one line, composed, names as a wiki writes them. Leaf.

Addresses of a wiki and files of others have underscores for spaces and names in small letters; here they are one.
"""

from __future__ import annotations

import re
import unicodedata

UNSEEN = re.compile(r"[\u0000-\u001f\u007f-\u009f\u00ad\u180e\u200b\u202a-\u202e\u2060-\u206f\ufeff\ufff9-\ufffb]")
"""Characters that nobody sees and that change what is seen: control characters, those that turn the direction of
writing, spaces without width. Not joiners and marks (U+200C to U+200F), without which some scripts cannot be written.
"""


def one_line(text: str) -> str:
    """The text composed (NFC), with single spaces for whatever white space it has."""
    return " ".join(unicodedata.normalize("NFC", text).split())


def unseen_in(text: str) -> str:
    """The first character of a text that nobody sees, as ``U+202E``; empty where there is none."""
    found = UNSEEN.search(text)
    return f"U+{ord(found[0]):04X}" if found else ""


def seen(text: str) -> str:
    """The text on one line, without what nobody sees."""
    return " ".join(UNSEEN.sub("", " ".join(text.split())).split())


def spaced(name: str) -> str:
    """The name with single spaces for its white space and underscores."""
    return " ".join(name.replace("_", " ").split())


def capital(name: str) -> str:
    """The name beginning with a capital, as MediaWiki writes every title."""
    return name[:1].upper() + name[1:]


def spellings(username: str) -> tuple[str, ...]:
    """What an account that somebody names may be called: as it was typed, else as a wiki writes it; each once."""
    return tuple(dict.fromkeys((username, spaced(username), capital(spaced(username)))))
