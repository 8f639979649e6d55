"""Replacing spans of a text, the one operation that all rewriters share."""

from __future__ import annotations

from collections.abc import Sequence

Edit = tuple[int, int, str]
"""First offset, offset after the last, replacement."""


def edited(text: str, edits: Sequence[Edit]) -> str:
    """The text with spans replaced, which do not overlap; insertions at one place come in the order given."""
    parts: list[str] = []
    at = 0
    for first, last, replacement in sorted(edits, key=lambda edit: edit[:2]):
        parts += [text[at:first], replacement]
        at = last
    return "".join(parts) + text[at:]
