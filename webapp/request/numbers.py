"""Whole numbers in addresses and forms, which anybody may fill with anything: what is none is refused by its name."""

from __future__ import annotations

from collections.abc import Mapping

from capx_graph.errors import InvalidParameter
from capx_graph.messages import told

MOST = 2**53 - 1
"""The largest number that is taken: every program holds it exactly, and SQLite holds it at all."""


def is_whole(text: str) -> bool:
    """Whether a text is a whole number in ASCII digits."""
    return text.isascii() and text.isdigit() and len(text) <= 16 and int(text) <= MOST


def whole(values: Mapping[str, str], name: str, *, default: int | None = None, most: int = MOST) -> int:
    """A parameter that is a whole number, ``most`` where it is more; raises InvalidParameter, without a default for
    one that is not given, too.
    """
    text = values.get(name, "").strip()
    if not text and default is not None:
        return default
    if not is_whole(text):
        raise InvalidParameter(name, text[:40], told("mend-whole"))
    return min(int(text), most)


def between(text: str, name: str, *, least: int, most: int) -> int:
    """A text that is a whole number within bounds; raises InvalidParameter."""
    if not is_whole(text) or not least <= int(text) <= most:
        raise InvalidParameter(name, text[:40], told("mend-between", least, most))
    return int(text)
