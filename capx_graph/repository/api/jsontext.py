"""JSON that clients send, read as PHP reads it: no NaN, no lone surrogates, no bottomless nesting.

Rooms of the API import it.
"""

from __future__ import annotations

import json
from typing import Any

_DEEPEST = 512
_LARGEST_INTEGER = 2**63


def decode(text: str) -> Any:
    """The value of a JSON text; raises ValueError."""
    try:
        value = json.loads(text, parse_constant=_refuse, parse_int=_integer)
    except RecursionError as error:
        raise ValueError("nested too deeply") from error
    if "\\u" in text and "\\ud" in text.lower():
        json.dumps(value, ensure_ascii=False).encode()
    _check_depth(text)
    return value


def _refuse(name: str) -> None:
    raise ValueError(f"{name} is not JSON")


def _integer(text: str) -> float | int:
    if len(text) > 400:
        raise ValueError("the number is too large")
    number = int(text)
    return number if -_LARGEST_INTEGER <= number < _LARGEST_INTEGER else float(text)


def _check_depth(text: str) -> None:
    if text.count("[") + text.count("{") <= _DEEPEST:
        return
    depth = deepest = 0
    for character in text:
        if character in "[{":
            depth += 1
            deepest = max(deepest, depth)
        elif character in "]}":
            depth -= 1
    if deepest > _DEEPEST:
        raise ValueError("nested too deeply")
