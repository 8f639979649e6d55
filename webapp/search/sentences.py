"""Reasons as sentences: why a hit matched, in the reader's language, with or without links.

Each sentence is one message with places for names, so that a translator decides the order of words.
"""

from __future__ import annotations

from collections.abc import Callable

from markupsafe import Markup

from capx_graph.messages import Translator
from capx_graph.model import EntityKind, Reason, ReasonKind, Ref, Role

Names = Callable[[Ref], str]
"""How a thing is written in a sentence: its label, or a link (as Markup)."""

_PLAIN = {
    ReasonKind.TERRITORY: "reason-territory",
    ReasonKind.ORGANIZATION: "reason-organization",
    ReasonKind.PROJECT: "reason-project",
}
_ROLES = {Role.OFFERS: "reason-offers", Role.WANTS: "reason-wants", Role.KNOWS: "reason-knows"}


def message_of(reason: Reason, kind: EntityKind | None, name: Names, level: str) -> tuple[str, tuple[str, ...]]:
    """The key of the sentence and its parameters; ``level`` is the name of the reason's language level."""
    value = name(reason.value) if reason.value else reason.text or ""
    beneath = reason.asked is not None and reason.value is not None and reason.asked.id != reason.value.id
    parameters = (value, name(reason.asked)) if beneath and reason.asked else (value,)
    if reason.kind is ReasonKind.CAPACITY:
        key = _ROLES[reason.role] if reason.role else "reason-concerns"
        return (f"{key}-part" if beneath else key), parameters
    if reason.kind is ReasonKind.LANGUAGE:
        return ("reason-language-level", (value, level)) if reason.level else ("reason-language", (value,))
    if reason.kind in (ReasonKind.NAME, ReasonKind.TEXT):
        return f"reason-{reason.kind.value}", (reason.text or value,)
    key = _PLAIN[reason.kind]
    if reason.kind is ReasonKind.ORGANIZATION and kind is EntityKind.EVENT:
        key = "reason-organizer"
    if reason.kind is ReasonKind.ORGANIZATION and kind is EntityKind.PROJECT:
        key = "reason-partner"
    return (f"{key}-part" if beneath and reason.kind is ReasonKind.TERRITORY else key), parameters


def plain(reason: Reason, kind: EntityKind | None, tr: Translator) -> str:
    """The sentence as text, for JSON."""
    key, parameters = message_of(reason, kind, lambda ref: ref.label, _level(reason, tr))
    return tr.text(key, *parameters)


def marked_up(reason: Reason, kind: EntityKind | None, tr: Translator, name: Callable[[Ref], Markup]) -> Markup:
    """The sentence as HTML; ``name`` writes a thing, such as a link."""
    key, parameters = message_of(reason, kind, name, _level(reason, tr))
    return tr.html(key, *parameters)


def level_name(level: str, tr: Translator) -> str:
    """A level of the Babel scale in words."""
    return tr.text(f"level-{level}")


def _level(reason: Reason, tr: Translator) -> str:
    return level_name(reason.level, tr) if reason.level else ""
