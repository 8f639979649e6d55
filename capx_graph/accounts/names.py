"""What the name of an account may be; rooms of the accounts import it, others from the package."""

from __future__ import annotations

import re

from capx_graph.errors import InvalidInput

# Without ">", which begins the names of owners that are no accounts (model.SYSTEM).
# Nor can it hold what nobody sees, as in MediaWiki: controls, marks of direction, spaces that are no space.
_NAME = re.compile(
    r"[^#<>\[\]|{}/@:=\x00-\x1f\x7f-\xa0\u2000-\u200f\u2028-\u202f\u2060-\u206f\u3000\ue000-\uf8ff\ufeff]{1,85}\Z"
)


def canonical_name(name: str) -> str:
    """The one form of an account's name; raises InvalidInput for a name that cannot be."""
    name = first_upper(name)
    if not _NAME.match(name) or name != " ".join(name.split()):
        raise InvalidInput(f"{name!r} cannot be the name of an account")
    return name


def first_upper(name: str) -> str:
    """The name as a wiki writes it: with spaces, beginning with a capital."""
    name = name.replace("_", " ").strip()
    return name[:1].upper() + name[1:]
