"""A message in banana JSON as its parts: plain text, parameters, choices. Used by its siblings alone."""

from __future__ import annotations

import re
from dataclasses import dataclass

from capx_graph.errors import DataError

_OPEN = re.compile(r"\{\{\s*(PLURAL|GENDER|bidi)\s*:\s*\$(\d+)\s*", re.IGNORECASE)
_PARAMETER = re.compile(r"\$(\d+)")
_EXPLICIT = re.compile(r"\s*(\d+)\s*=\s*(.*)", re.DOTALL)


@dataclass(frozen=True, slots=True)
class Choice:
    """``{{NAME:$number|form|form}}``; ``forms`` are messages themselves."""

    name: str
    number: int
    forms: tuple[Message, ...]
    explicit: tuple[tuple[int, Message], ...]


Part = str | int | Choice
"""Plain text, the number of a parameter, or a choice."""
Message = tuple[Part, ...]


def parse(text: str) -> Message:
    """The parts of a message; raises DataError for a brace that is never closed."""
    parts, end = _sequence(text, 0, inside=False)
    assert end == len(text)
    return parts


def _sequence(text: str, start: int, *, inside: bool) -> tuple[Message, int]:
    """Parts up to the end of the text, or up to ``|`` or ``}}`` when inside braces."""
    parts: list[Part] = []
    plain = position = start
    while position < len(text) and not (inside and text.startswith(("|", "}}"), position)):
        choice = _OPEN.match(text, position)
        parameter = _PARAMETER.match(text, position)
        if not choice and not parameter:
            position += 1
            continue
        if position > plain:
            parts.append(text[plain:position])
        if choice:
            part, position = _choice(text, choice)
            parts.append(part)
        elif parameter:
            parts.append(int(parameter[1]))
            position = parameter.end()
        plain = position
    if position > plain:
        parts.append(text[plain:position])
    return tuple(parts), position


def _choice(text: str, opening: re.Match[str]) -> tuple[Choice, int]:
    position = opening.end()
    forms: list[Message] = []
    explicit: list[tuple[int, Message]] = []
    while text.startswith("|", position):
        numbered = _EXPLICIT.match(text[position + 1 : _form_end(text, position + 1)])
        if numbered and opening[1].upper() == "PLURAL":
            position += 1 + numbered.start(2)
            form, position = _sequence(text, position, inside=True)
            explicit.append((int(numbered[1]), form))
        else:
            form, position = _sequence(text, position + 1, inside=True)
            forms.append(form)
    if not text.startswith("}}", position):
        raise DataError(f"the message {text!r} opens {opening[0]!r} and never closes it")
    return Choice(opening[1].lower(), int(opening[2]), tuple(forms), tuple(explicit)), position + 2


def _form_end(text: str, start: int) -> int:
    """Where a form ends at the latest, looking no deeper: enough to see whether it begins with ``0=``."""
    ends = [end for mark in ("|", "}}") if (end := text.find(mark, start)) >= 0]
    return min(ends, default=len(text))
