"""Interface messages in Wikimedia's banana JSON, with plurals, genders and fallback along MediaWiki's chains.

Anyone above the leaves may import it. A message is text, never markup: it is escaped as a whole, and markup comes in
only through parameters that are marked as safe (``Markup``), so a translation cannot bring script into a page.
Understood are ``$1``, ``{{PLURAL:$1|one|other}}``, ``{{GENDER:$1|he|she|they}}`` and ``{{bidi:$1}}``.
"""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import UTC, date, datetime
from functools import cache, lru_cache
from pathlib import Path

from babel.dates import format_date, format_datetime, format_skeleton, format_time
from babel.lists import format_list
from babel.numbers import format_decimal
from markupsafe import Markup, escape

from capx_graph import languages
from capx_graph.errors import DataError

Parameter = str | int
"""A parameter of a message: text (safe when it is ``Markup``) or a number, written as the language writes it."""

DOCUMENTATION = "qqq"
_ORDER = ("zero", "one", "two", "few", "many", "other")
_GENDERS = ("male", "female", "unknown")
_OPEN = re.compile(r"\{\{\s*(PLURAL|GENDER|bidi)\s*:\s*\$(\d+)\s*", re.IGNORECASE)
_PARAMETER = re.compile(r"\$(\d+)")
_EXPLICIT = re.compile(r"\s*(\d+)\s*=\s*(.*)", re.DOTALL)
_ISOLATE, _POP = "\u2068", "\u2069"


@dataclass(frozen=True, slots=True)
class _Choice:
    """``{{NAME:$number|form|form}}``; ``forms`` are messages themselves."""

    name: str
    number: int
    forms: tuple[_Message, ...]
    explicit: tuple[tuple[int, _Message], ...]


_Part = str | int | _Choice
"""Plain text, the number of a parameter, or a choice."""
_Message = tuple[_Part, ...]


def parse(text: str) -> _Message:
    """The parts of a message; raises DataError for a brace that is never closed."""
    parts, end = _sequence(text, 0, inside=False)
    assert end == len(text)
    return parts


def _sequence(text: str, start: int, *, inside: bool) -> tuple[_Message, int]:
    """Parts up to the end of the text, or up to ``|`` or ``}}`` when inside braces."""
    parts: list[_Part] = []
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


def _choice(text: str, opening: re.Match[str]) -> tuple[_Choice, int]:
    position = opening.end()
    forms: list[_Message] = []
    explicit: list[tuple[int, _Message]] = []
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
    return _Choice(opening[1].lower(), int(opening[2]), tuple(forms), tuple(explicit)), position + 2


def _form_end(text: str, start: int) -> int:
    """Where a form ends at the latest, looking no deeper: enough to see whether it begins with ``0=``."""
    ends = [end for mark in ("|", "}}") if (end := text.find(mark, start)) >= 0]
    return min(ends, default=len(text))


@lru_cache(maxsize=4096)
def _number(value: int, code: str) -> str:
    """The same few numbers are written all the time; CLDR's way takes 50 µs."""
    return format_decimal(value, locale=languages.locale(code))


class Translator:
    """Messages for a reader of one language: ``text`` for JSON, ``html`` for pages."""

    __slots__ = ("_find", "chain", "code")

    def __init__(self, code: str, find: Callable[[str, tuple[str, ...]], tuple[str, _Message] | None]) -> None:
        self.code = code
        self.chain = languages.fallback(code)
        self._find = find

    @property
    def tag(self) -> str:
        """The BCP 47 tag, for ``lang``."""
        return languages.bcp47(self.code)

    @property
    def direction(self) -> str:
        """``rtl`` or ``ltr``, for ``dir``."""
        return "rtl" if languages.is_rtl(self.code) else "ltr"

    def has(self, key: str) -> bool:
        """Whether there is such a message in any language of the chain."""
        return self._find(key, self.chain) is not None

    def text(self, key: str, *parameters: Parameter) -> str:
        """The message as plain text; ``⧼key⧽`` where there is none, as MediaWiki shows it."""
        return "".join(self._pieces(key, parameters, lambda part: f"{_ISOLATE}{part}{_POP}"))

    def html(self, key: str, *parameters: Parameter) -> Markup:
        """The message as HTML: escaped, except for parameters that are Markup."""
        return Markup("").join(self._pieces(key, parameters, Markup("<bdi>{}</bdi>").format))

    def number(self, value: int) -> str:
        """A whole number as the language writes it: ``12,345`` or ``12.345``."""
        return _number(value, self.code)

    def day(self, iso: str) -> str:
        """The day of an ISO 8601 instant as the language writes it; the text as it is when it is none."""
        try:
            moment: date = datetime.fromisoformat(iso)
        except ValueError:
            return iso
        return format_date(moment, format="long", locale=languages.locale(self.code))

    def month(self, iso: str) -> str:
        """The month and year of a date as the language writes them."""
        try:
            moment: date = datetime.fromisoformat(iso)
        except ValueError:
            return iso
        return format_skeleton("yMMMM", moment, locale=languages.locale(self.code))

    def moment(self, iso: str) -> str:
        """An ISO 8601 instant as the language writes it, in UTC; the text as it is when it is none."""
        try:
            moment = datetime.fromisoformat(iso)
        except ValueError:
            return iso
        return format_datetime(moment, format="long", tzinfo=UTC, locale=languages.locale(self.code))

    def clock(self, iso: str) -> str:
        """The time of day of an ISO 8601 instant, in UTC; the text as it is when it is none."""
        try:
            moment = datetime.fromisoformat(iso)
        except ValueError:
            return iso
        return format_time(moment, format="short", tzinfo=UTC, locale=languages.locale(self.code))

    def listing(self, items: Iterable[str]) -> Markup:
        """Items joined as the language joins them, as HTML: ``a, b and c``."""
        parts = [escape(item) for item in items]
        places = format_list([f"\0{number}\0" for number in range(len(parts))], locale=languages.locale(self.code))
        pieces = places.split("\0")
        return Markup("").join(parts[int(piece)] if place % 2 else escape(piece) for place, piece in enumerate(pieces))

    def _pieces(self, key: str, parameters: tuple[Parameter, ...], isolate: Callable[[str], str]) -> Iterator[str]:
        found = self._find(key, self.chain)
        if found is None:
            return iter([f"⧼{key}⧽"])
        source, message = found
        return self._filled(message, parameters, source, isolate)

    def _filled(
        self, message: _Message, parameters: tuple[Parameter, ...], source: str, isolate: Callable[[str], str]
    ) -> Iterator[str]:
        for part in message:
            if isinstance(part, str):
                yield part
            elif isinstance(part, int):
                yield self._parameter(part, parameters)
            elif part.name == "bidi":
                yield isolate(self._parameter(part.number, parameters))
            else:
                yield from self._filled(_chosen(part, parameters, source), parameters, source, isolate)

    def _parameter(self, number: int, parameters: tuple[Parameter, ...]) -> str:
        if not 1 <= number <= len(parameters):
            return f"${number}"
        value = parameters[number - 1]
        return self.number(value) if isinstance(value, int) else value


def _chosen(choice: _Choice, parameters: tuple[Parameter, ...], source: str) -> _Message:
    """The form of a choice that fits its parameter, by the rules of the language the message is in."""
    value = parameters[choice.number - 1] if choice.number <= len(parameters) else 0
    forms = choice.forms or ((),)
    if choice.name == "gender":
        index = _GENDERS.index(value) if value in _GENDERS else 2
        return forms[min(index, len(forms) - 1)] if len(forms) != 2 or index < 2 else forms[0]
    count = value if isinstance(value, int) else int(value) if value.isdecimal() else 0
    for number, form in choice.explicit:
        if number == count:
            return form
    rule = languages.locale(source).plural_form
    order = [tag for tag in _ORDER if tag in rule.tags or tag == "other"]
    return forms[min(order.index(rule(count)), len(forms) - 1)]


class Messages:
    """All messages of a folder of banana files, one a language."""

    def __init__(self, texts: Mapping[str, Mapping[str, str]]) -> None:
        self._texts = texts
        self._parsed: dict[tuple[str, str], _Message] = {}

    @classmethod
    def load(cls, folder: Path) -> Messages:
        """Reads every ``CODE.json``; raises DataError naming the file that is no banana file."""
        return cls({path.stem: _read(path) for path in sorted(folder.glob("*.json"))})

    @property
    def languages(self) -> tuple[str, ...]:
        """The languages that have messages, by code."""
        return tuple(code for code in self._texts if code != DOCUMENTATION)

    def keys(self, code: str) -> frozenset[str]:
        """The messages that a language has itself."""
        return frozenset(self._texts.get(code, {}))

    def raw(self, code: str, key: str) -> str:
        """A message as written in its file; raises KeyError."""
        return self._texts[code][key]

    def translator(self, code: str) -> Translator:
        """Messages for a reader of any language; what is not translated falls back along its chain."""
        return Translator(code, self._find)

    def _find(self, key: str, chain: tuple[str, ...]) -> tuple[str, _Message] | None:
        for code in chain:
            text = self._texts.get(code, {}).get(key)
            if text is not None:
                parsed = self._parsed.get((code, key))
                if parsed is None:
                    parsed = self._parsed[code, key] = parse(text)
                return code, parsed
        return None


def _read(path: Path) -> Mapping[str, str]:
    try:
        data = json.loads(path.read_text(encoding="utf-8"))
    except ValueError as error:
        raise DataError(f"{path} is not valid JSON: {error}") from error
    if not isinstance(data, dict) or not all(isinstance(v, str) for k, v in data.items() if k != "@metadata"):
        raise DataError(f"{path} must be one object of message keys and texts")
    return {key: text for key, text in data.items() if key != "@metadata"}


@cache
def load_messages(folder: Path) -> Messages:
    """The messages of a folder, read once a process."""
    return Messages.load(folder)
