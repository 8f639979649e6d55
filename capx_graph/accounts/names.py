"""What the name of an account may be; rooms of the accounts import it, others from the package."""

from __future__ import annotations

import ipaddress
import re
import unicodedata

from capx_graph.errors import InvalidInput
from capx_graph.spelling import capital

# Without ">", which begins the names of owners that are no accounts (model.SYSTEM).
# Nor can it hold what nobody sees, as in MediaWiki: controls, marks of direction, spaces that are no space; two names
# that look alike because of it would be two people.
_NAME = re.compile(
    r"[^#<>\[\]|{}/@:=\x00-\x1f\x7f-\xa0\u2000-\u200f\u2028-\u202f\u2060-\u206f\u3000\ue000-\uf8ff\ufeff]{1,85}\Z"
)


_UNSEEN = frozenset("\u034f\u115f\u1160\u17b4\u17b5\u180b\u180c\u180d\u2800\u3164\uffa0") | frozenset(
    map(chr, range(0xFE00, 0xFE10))
)
"""Letters and marks that show nothing."""


def canonical_name(name: str) -> str:
    """The one form of an account's name; raises InvalidInput for a name that cannot be."""
    name = first_upper(name)
    if not _NAME.match(name) or name != " ".join(name.split()):
        raise InvalidInput(f"{name!r} cannot be the name of an account")
    return name


def chosen_name(name: str) -> str:
    """The form of a name that somebody chooses here: a wiki elsewhere may have let more people have theirs.

    Raises InvalidInput.
    """
    name = canonical_name(name)
    if not _is_seen(name) or _is_address(name):
        raise InvalidInput(f"{name!r} cannot be the name of an account")
    return name


def first_upper(name: str) -> str:
    """The name as a wiki writes it: composed, with spaces, beginning with a capital."""
    name = unicodedata.normalize("NFC", name).replace("_", " ").strip()
    return capital(name)


def _is_seen(name: str) -> bool:
    return all(unicodedata.category(letter)[0] != "C" and letter not in _UNSEEN for letter in name)


def _is_address(name: str) -> bool:
    """Whether visitors could appear under the name."""
    try:
        ipaddress.ip_address(name)
    except ValueError:
        return False
    return True
