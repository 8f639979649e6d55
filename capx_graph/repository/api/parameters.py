"""Parameters of API modules: declared once, read by MediaWiki's rules.

Rooms of the API import it. A value that a single-valued parameter cannot have is an error; among several values
the wrong ones are dropped with a warning. Text is made valid, composed Unicode before anything reads it.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Callable, Collection, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

from capx_graph.instants import from_epoch, to_epoch, utc_now
from capx_graph.repository.api.errors import ApiError, Warnings
from capx_graph.repository.refusals import Message

LIMIT, LIMIT_HIGH = 500, 5000
VALUES, VALUES_HIGH = 50, 500
_INTEGER = re.compile(r"[-+]?[0-9]+\Z")
_CONTROL = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f]")
_SEPARATOR = "\x1f"


@dataclass(frozen=True, slots=True)
class Param:
    """``kind`` is text, flag, integer, limit, timestamp or tags; text may be restricted to ``choices``.

    ``many`` takes several values; a required parameter without choices must not be empty.
    """

    name: str
    kind: str = "text"
    choices: Callable[[], Collection[str]] | Collection[str] | None = None
    many: bool = False
    required: bool = False
    default: Any = None
    least: int | None = None
    most: int | None = None
    most_high: int | None = None
    all_mark: str | None = None
    duplicates: bool = False

    def allowed(self) -> Collection[str] | None:
        """The values to choose from."""
        return self.choices() if callable(self.choices) else self.choices


TAGS = Param("tags", "tags", many=True)
"""Tags of changes: a client can give none, because none are defined."""


def flag(name: str) -> Param:
    """A parameter that counts by being there."""
    return Param(name, "flag", default=False)


@dataclass(frozen=True, slots=True)
class Values:
    """The parameters of one module in one request, typed by the methods that fetch them."""

    raw: Mapping[str, Any]

    def has(self, name: str) -> bool:
        """Whether it was given (or has a default)."""
        return self.raw.get(name) is not None

    def text(self, name: str) -> str:
        """A text, empty when not given."""
        return str(self.raw.get(name) or "")

    def optional(self, name: str) -> str | None:
        """A text, None when not given."""
        value = self.raw.get(name)
        return None if value is None else str(value)

    def on(self, name: str) -> bool:
        """Whether a flag is set."""
        return bool(self.raw.get(name))

    def number(self, name: str) -> int | None:
        """A whole number, None when not given."""
        value = self.raw.get(name)
        return value if isinstance(value, int) else None

    def several(self, name: str) -> list[str]:
        """Several texts, none when not given."""
        return list(self.raw.get(name) or ())


class ParameterReader:
    """Reads the parameters of one request."""

    def __init__(self, given: Mapping[str, str], warnings: Warnings, *, high_limits: bool) -> None:
        self._given = given
        self._warnings = warnings
        self._high_limits = high_limits
        self.used: set[str] = set()
        self.limits: dict[str, int] = {}
        """The limits that ``max`` stood for, by module."""

    def values(self, module: str, params: Collection[Param], *, prefix: str = "") -> Values:
        """The values of a module's parameters; raises ApiError."""
        return Values({param.name: self._value(module, param, prefix) for param in params})

    def unused(self) -> list[str]:
        """Names given that no module knows."""
        return [name for name in self._given if name not in self.used]

    def _value(self, module: str, param: Param, prefix: str) -> Any:
        name = prefix + param.name
        self.used.add(name)
        raw = self._given.get(name)
        if param.kind == "flag":
            return raw is not None
        if raw is not None:
            raw = self._normal(module, name, raw)
        if raw is None or (param.required and not param.many and raw == "" and param.allowed() is None):
            if param.required:
                message = Message("paramvalidator-missingparam", ({"plaintext": name},))
                raise ApiError("missingparam", f'The "{name}" parameter must be set.', module=module, message=message)
            return param.default
        if param.many:
            return self._several(module, name, param, raw)
        return self._single(module, name, param, raw)

    def _normal(self, module: str, name: str, raw: str) -> str:
        cleaned = raw
        if not raw.isascii():
            cleaned = unicodedata.normalize("NFC", raw.encode("utf-8", "replace").decode())
        cleaned = _CONTROL.sub("\ufffd", cleaned) if not raw.startswith(_SEPARATOR) else cleaned
        if cleaned != raw:
            text = f'The value passed for "{name}" contains invalid or non-normalized Unicode, or control characters.'
            self._warnings.add(module, "badutf8", text)
        return cleaned

    def _several(self, module: str, name: str, param: Param, raw: str) -> list[str]:
        if raw == "":
            return []
        parts = raw[1:].split(_SEPARATOR) if raw.startswith(_SEPARATOR) else raw.split("|")
        allowed = param.allowed()
        if param.all_mark is not None and parts == [param.all_mark] and allowed is not None:
            return list(allowed)
        parts = parts if param.duplicates else list(dict.fromkeys(parts))
        if param.kind == "tags":
            raise ApiError("badtags", "No tags are defined here.", module=module, data={"disallowedtags": parts})
        most = VALUES_HIGH if self._high_limits else VALUES
        if len(parts) > most and allowed is None:
            data = {"parameter": name, "limit": most, "lowlimit": VALUES, "highlimit": VALUES_HIGH}
            raise ApiError("toomanyvalues", f'At most {most} values for "{name}".', module=module, data=data)
        if allowed is None:
            return parts
        unknown = [part for part in parts if part not in allowed]
        if unknown:
            noun = "value" if len(unknown) == 1 else "values"
            text = f'Unrecognized {noun} for parameter "{name}": {", ".join(unknown)}'
            self._warnings.add(module, "unrecognizedvalues", text)
        return [part for part in parts if part in allowed]

    def _single(self, module: str, name: str, param: Param, raw: str) -> Any:
        if param.kind in ("integer", "limit"):
            return self._number(module, name, param, raw)
        if param.kind == "timestamp":
            return timestamp(module, name, raw)
        allowed = param.allowed()
        if allowed is not None and raw not in allowed:
            raise ApiError("badvalue", f'Unrecognized value for parameter "{name}": {raw}.', module=module)
        return raw

    def _number(self, module: str, name: str, param: Param, raw: str) -> int:
        most = param.most_high if self._high_limits and param.most_high is not None else param.most
        if param.kind == "limit" and raw == "max":
            self.limits[module.rpartition("+")[2]] = most or 0
            return most or 0
        if not _INTEGER.match(raw) or len(raw) > 18:
            raise ApiError("badinteger", f'Invalid value "{raw}" for integer parameter "{name}".', module=module)
        number = int(raw)
        nearest = number if param.least is None else max(number, param.least)
        nearest = nearest if most is None else min(nearest, most)
        if nearest != number:
            text = f'The value "{number}" for parameter "{name}" must be between {param.least} and {most}.'
            self._warnings.add(module, "outofrange", text)
        return nearest


def timestamp(module: str, name: str, raw: str) -> int:
    """Seconds since 1970 of a time as clients write it; raises ApiError."""
    digits = re.fullmatch(r"(\d{4})-?(\d\d)-?(\d\d)[T ]?(\d\d):?(\d\d):?(\d\d)Z?", raw)
    try:
        if raw in ("", "now"):
            return to_epoch(utc_now())
        if digits:
            year, month, day, hour, minute, second = map(int, digits.groups())
            return to_epoch(datetime(year, month, day, hour, minute, second, tzinfo=UTC))
        return to_epoch(from_epoch(int(raw)))
    except (ValueError, OverflowError, OSError) as error:
        text = f'Invalid value "{raw}" for timestamp parameter "{name}".'
        message = Message("paramvalidator-badtimestamp", ({"plaintext": name}, {"plaintext": raw}))
        raise ApiError("badtimestamp", text, module=module, message=message) from error
