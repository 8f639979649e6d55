"""Messages written for one reader: parameters put in, plurals and genders chosen, dates and lists as CLDR has them."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from datetime import UTC, date, datetime
from functools import lru_cache

from babel.dates import (
    format_date,
    format_datetime,
    format_interval,
    format_skeleton,
    format_time,
    get_datetime_format,
    get_timezone_name,
)
from babel.lists import format_list
from babel.numbers import format_decimal
from markupsafe import Markup, escape

from capx_graph import languages
from capx_graph.messages.parsing import Choice, Message

KEYS = "qqx"
"""The language in which MediaWiki shows, instead of each message, its key."""

Parameter = str | int
"""A parameter of a message: text (safe when it is ``Markup``) or a number, written as the language writes it."""

_ORDER = ("zero", "one", "two", "few", "many", "other")
_GENDERS = ("male", "female", "unknown")
_SPOKEN_OF = {"he-him": "male", "she-her": "female"}
_ISOLATE, _POP = "\u2068", "\u2069"
_BDI = Markup("<bdi>{}</bdi>")
_NEVER = 1 << 30
"""More parameters than any message is given."""


def gender_of(pronoun: str | None) -> str:
    """What GENDER takes for somebody who wishes to be spoken of with this pronoun."""
    return _SPOKEN_OF.get(pronoun or "", "unknown")


@lru_cache(maxsize=4096)
def _number(value: int, code: str) -> str:
    """The same few numbers are written all the time; CLDR's way takes 50 µs."""
    return format_decimal(value, locale=languages.locale(code))


class Translator:
    """Messages for a reader of one language: ``text`` for JSON, ``html`` for pages."""

    __slots__ = ("_find", "_found", "_templates", "chain", "code")

    def __init__(self, code: str, find: Callable[[str, tuple[str, ...]], tuple[str, Message] | None]) -> None:
        self.code = code
        self.chain = languages.fallback(code)
        self._find = find
        self._found: dict[str, tuple[str, Message]] = {}
        self._templates: dict[str, tuple[str, int]] = {}

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
        return self._message(key) is not None

    def text(self, key: str, *parameters: Parameter) -> str:
        """The message as plain text; ``⧼key⧽`` where there is none, as MediaWiki shows it."""
        template, needs = self._templates.get(key) or self._template(key)
        if needs <= len(parameters):
            return template.format(*[self.number(each) if isinstance(each, int) else each for each in parameters])
        return "".join(self._pieces(key, parameters, _isolated))

    def html(self, key: str, *parameters: Parameter) -> Markup:
        """The message as HTML: escaped, except for parameters that are Markup."""
        return Markup("").join(self._pieces(key, parameters, _BDI.format))

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

    def span(self, begin: datetime, end: datetime | None = None) -> str:
        """Day and hours of something that lasts, by the clocks of the zone that ``begin`` is in."""
        locale = languages.locale(self.code)
        until = None if end is None or end == begin else end.astimezone(begin.tzinfo)
        if until is None:
            return self._dated(begin, format_time(begin, format="short", locale=locale))
        if until.date() == begin.date():
            hours = "hm" if "h" in locale.time_formats["short"].pattern else "Hm"
            return self._dated(begin, format_interval(begin, until, hours, tzinfo=begin.tzinfo, locale=locale))
        ends = (self._dated(at, format_time(at, format="short", locale=locale)) for at in (begin, until))
        return str(locale.interval_formats[None]).format(*ends)

    def _dated(self, at: datetime, hours: str) -> str:
        """A day with hours of it, in the order and with the marks of the language."""
        locale = languages.locale(self.code)
        return str(get_datetime_format("full", locale=locale)).format(hours, format_date(at, "full", locale=locale))

    def zone(self, at: datetime) -> str:
        """What the time of the zone that an instant is in is called then: ``Brasilia Standard Time``."""
        return get_timezone_name(at, width="long", locale=languages.locale(self.code))

    def listing(self, items: Iterable[str]) -> Markup:
        """Items joined as the language joins them, as HTML: ``a, b and c``."""
        parts = [escape(item) for item in items]
        places = format_list([f"\0{number}\0" for number in range(len(parts))], locale=languages.locale(self.code))
        pieces = places.split("\0")
        return Markup("").join(parts[int(piece)] if place % 2 else escape(piece) for place, piece in enumerate(pieces))

    def _message(self, key: str) -> tuple[str, Message] | None:
        """The language that a message is in and its parts; each is looked for once."""
        found = self._found.get(key) or self._find(key, self.chain)
        if found is not None:
            self._found[key] = found
        return found

    def _template(self, key: str) -> tuple[str, int]:
        """A message as a pattern of Python, in a third of the time, and how many parameters it needs.

        No number is enough for one that has choices, or is not there.
        """
        found = self._message(key)
        if found is None:
            return "", _NEVER
        template = self._templates[key] = _pattern(found[1])
        return template

    def _pieces(self, key: str, parameters: tuple[Parameter, ...], isolate: Callable[[str], str]) -> list[str]:
        found = self._message(key)
        if found is None:
            return [f"⧼{key}⧽"]
        source, message = found
        return self._filled(message, parameters, source, isolate)

    def _filled(
        self, message: Message, parameters: tuple[Parameter, ...], source: str, isolate: Callable[[str], str]
    ) -> list[str]:
        pieces: list[str] = []
        for part in message:
            if isinstance(part, str):
                pieces.append(part)
            elif isinstance(part, int):
                pieces.append(self._parameter(part, parameters))
            elif part.name == "bidi":
                pieces.append(isolate(self._parameter(part.number, parameters)))
            else:
                pieces += self._filled(_chosen(part, parameters, source), parameters, source, isolate)
        return pieces

    def _parameter(self, number: int, parameters: tuple[Parameter, ...]) -> str:
        if not 1 <= number <= len(parameters):
            return f"${number}"
        value = parameters[number - 1]
        return self.number(value) if isinstance(value, int) else value


class KeyTranslator(Translator):
    """Says of each message which it is and what is put into it, ``(results-total: 42)``, as MediaWiki does in qqx."""

    __slots__ = ()

    def text(self, key: str, *parameters: Parameter) -> str:
        """The key of the message, with its parameters."""
        return "".join(self._pieces(key, parameters, _isolated))

    def _pieces(self, key: str, parameters: tuple[Parameter, ...], isolate: Callable[[str], str]) -> list[str]:
        shown = [self.number(each) if isinstance(each, int) else isolate(each) for each in parameters]
        separated = [piece for each in shown for piece in (", ", each)][1:]
        return [f"({key}", *([": "] if shown else []), *separated, ")"]


def _chosen(choice: Choice, parameters: tuple[Parameter, ...], source: str) -> Message:
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
    return forms[min(_form(source, count), len(forms) - 1)]


@lru_cache(maxsize=4096)
def _form(source: str, count: int) -> int:
    """Which of its forms a language takes for a number; CLDR's way takes 10 µs."""
    rule = languages.locale(source).plural_form
    order = [tag for tag in _ORDER if tag in rule.tags or tag == "other"]
    return order.index(rule(count))


def _isolated(text: str) -> str:
    return f"{_ISOLATE}{text}{_POP}"


def _pattern(message: Message) -> tuple[str, int]:
    text, needs = "", 0
    for part in message:
        if isinstance(part, str):
            text += part.replace("{", "{{").replace("}", "}}")
        elif isinstance(part, int):
            text, needs = f"{text}{{{part - 1}}}", max(needs, part if part else _NEVER)
        elif part.name == "bidi":
            text, needs = text + _isolated(f"{{{part.number - 1}}}"), max(needs, part.number or _NEVER)
        else:
            return "", _NEVER
    return text, needs
