"""Times from text, as Wikibase reads them: ``1 March 1999``, ``100 BC``, ``2000s``, ``1999-03-01``.

Only parsing.py imports it. Notations are tried in a fixed order, the first that fits wins. One peculiarity of the
reference shows in its answers: a phrase such as ``2000s`` sets the precision of the dates in numbers after it.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any

from capx_graph.repository.refusals import Malformed
from capx_graph.repository.values import datavalues
from capx_graph.repository.values.datavalues import GREGORIAN, JULIAN
from capx_graph.repository.values.loosedates import loose_date
from capx_graph.repository.values.parsefailure import ParseFailure
from capx_graph.repository.values.words import number_marks, value_words

UNRECOGNIZED = "The value is not recognized by the configured parsers"
_CALENDARS = {
    "gregorian": GREGORIAN, "western": GREGORIAN, "christian": GREGORIAN, "julian": JULIAN,
    GREGORIAN.lower(): GREGORIAN, JULIAN.lower(): JULIAN,
}  # fmt: skip
_ISO = re.compile(
    r"\s*([-+−]?)\s*(\d{1,16})-(\d\d)-(\d\d)(?:T(\d\d):?(\d\d)(?::?(\d\d))?)?Z?"
    r"\s*\(?\s*(Gregorian|Julian|)\s*\)?\s*\Z",
    re.IGNORECASE,
)
_TWO_WORDS = re.compile(r"(-?[^\W_]+)\s*?[/\-\s.,]\s*(-?[^\W_]+)\Z")
_THREE_NUMBERS = re.compile(r"\D*?(-?\d+)\D+(\d+)\D+?(-?\d+)\D*\Z")
_BEFORE = re.compile(
    r"\s*(?:B\.?\s*C\.?(?:\s*E\.?)?|Before\s+C(?:hrist|(?:ommon|urrent|hristian)\s+Era))\Z", re.IGNORECASE
)
_AFTER = re.compile(
    r"\s*(?:C\.?\s*E\.?|A\.?\s*D\.?|C(?:ommon|urrent|hristian)\s+Era|After\s+Christ|Anno\s+Domini)\Z", re.IGNORECASE
)
_PHRASES = (
    ("Gannum", 0, 9),
    ("BCE-Gannum", 0, 9),
    ("Mannum", 3, 6),
    ("BCE-Mannum", 3, 6),
    ("millennium", 6, 3),
    ("BCE-millennium", 6, 3),
    ("century", 7, 2),
    ("BCE-century", 7, 2),
    ("annum", 8, 0),
    ("BCE-annum", 8, 0),
    ("10annum", 8, 0),
    ("BCE-10annum", 8, 0),
)
"""Patterns of words.py in the order in which they are tried, their precision, zeros after the number."""

_DAY, _MONTH, _YEAR = 11, 10, 9


class _NoMatch(Exception):
    """This notation does not fit."""


class TimeParser:
    """Parses the times of one request."""

    def __init__(self, options: Mapping[str, Any], language: str) -> None:
        self._asked = options.get("precision")
        self._precision = self._asked
        self._calendar = options.get("calendar")
        self._words = [value_words(code) for code in dict.fromkeys((language, "en"))]
        self._marks = number_marks(language)
        self._months = {name.casefold(): number for name, number in self._words[0].months().items()}
        self._written = _pattern_of(self._words[0].format, self._months, f"[0-9{self._marks.digits}]")

    def parse(self, text: str) -> dict[str, Any]:
        """The datavalue; raises ParseFailure."""
        for notation in (
            self._year_and_month, self._iso, self._phrase, self._three_numbers, self._as_written,
            self._loose, self._year,
        ):  # fmt: skip
            try:
                return {"value": notation(text), "type": "time"}
            except (_NoMatch, Malformed):
                continue
        raise ParseFailure(UNRECOGNIZED, text, "time")

    def _iso(self, text: str) -> dict[str, Any]:
        found = _ISO.match(text)
        if not found:
            raise _NoMatch
        sign, year = found[1].replace("−", "-"), found[2]
        month, day, *clock = (int(part or 0) for part in found.groups()[2:7])
        if not sign and len(year) < 3 and int(year) < 32 and found[5] is None:
            raise _NoMatch
        hour, minute, second = clock
        precision = self._with_option(_precision(year, month, day, clock))
        time = f"{sign or '+'}{year}-{month:02}-{day:02}T{hour:02}:{minute:02}:{second:02}Z"
        return _time(time, precision, self._calendar_model(sign, year, found[8]))

    def _with_option(self, precision: int) -> int:
        option = self._precision
        if option is None:
            return precision
        if not isinstance(option, int | str) or not str(option).isdigit() or len(str(option)) > 4:
            raise _NoMatch
        return int(option) if int(option) <= precision or precision >= _DAY else precision

    def _calendar_model(self, sign: str, year: str, named: str) -> str:
        name = named or self._calendar
        if name is not None and name != "":
            model = _CALENDARS.get(str(name).strip().lower())
            if model is None:
                raise _NoMatch
            return model
        return JULIAN if sign == "-" or int(year) <= 1582 else GREGORIAN

    def _year_and_month(self, text: str) -> dict[str, Any]:
        stripped = text.strip()
        sign, rest = ("", stripped) if stripped[:1] in ("+", "-") else self._era(stripped)
        sign = "" if rest == stripped else sign
        found = _TWO_WORDS.match(rest)
        if not found:
            raise _NoMatch
        first, second = found.groups()
        if sign == "-" and first.isdigit() and second.isdigit():
            raise _NoMatch
        for month_text, year in ((first, second), (second, first)):
            if not re.fullmatch(r"\d+" if sign else r"-?\d+", year):
                continue
            month = self._month(month_text)
            if month is not None:
                signed = year if year.startswith("-") else f"{sign or '+'}{year}"
                return self._iso(f"{signed}-{month:02}-00T00:00:00Z")
        raise _NoMatch

    def _month(self, text: str) -> int | None:
        if re.fullmatch(r"\d+", text):
            return int(text) if int(text[:3]) <= 12 and len(text) < 3 else None
        return self._months.get(text.casefold())

    def _phrase(self, text: str) -> dict[str, Any]:
        """A span of years as it is formatted, in the language or in English."""
        for words in self._words:
            for key, precision, zeros in _PHRASES:
                found = next(filter(None, (_phrase_in(pattern, text) for pattern in words.patterns(key))), None)
                if found is None:
                    continue
                numbers = [self._marks.plain(number).replace(",", "") for number in found.groups() if number]
                year = next((number for number in numbers if re.fullmatch(r"[0-9]+", number)), None)
                if year is None:
                    raise _NoMatch
                self._precision = precision
                return self._iso(f"{'-' if key.startswith('BCE') else '+'}{year}{'0' * zeros}-00-00T00:00:00Z")
        raise _NoMatch

    def _three_numbers(self, text: str) -> dict[str, Any]:
        sign, rest = self._era(text)
        found = _THREE_NUMBERS.match(rest)
        if not found:
            raise _NoMatch
        year, month, day = _year_month_day(*found.groups())
        if year.startswith("-") and sign == "-":
            raise _NoMatch
        signed = year if year.startswith("-") else sign + year
        if not 1 <= int(month) <= 12 or not 1 <= int(day) <= 31:
            raise _NoMatch
        return self._iso(f"{signed}-{int(month):02}-{int(day):02}T00:00:00Z")

    def _as_written(self, text: str) -> dict[str, Any]:
        """A day as people write it in the language, with the name or the number of its month."""
        found = re.fullmatch(self._written, text, re.IGNORECASE)
        if not found:
            raise _NoMatch
        day, named, year = (self._western(found[part]) for part in ("day", "month", "year"))
        number = self._months.get(named.casefold()) or (int(named) if named.isdigit() else 0)
        if not 1 <= number <= 12 or int(day) > 31:
            raise _NoMatch
        time = f"+{year.rjust(4, '0')}-{number:02}-{int(day):02}T00:00:00Z"
        self._iso(time)
        option = self._precision
        return _time(time, _DAY if option is None else int(option), self._calendar_model("+", year, ""))

    def _western(self, text: str) -> str:
        return text.translate(str.maketrans(self._marks.digits, "0123456789")) if self._marks.digits else text

    def _loose(self, text: str) -> dict[str, Any]:
        """Day, month and year in any other order that a date is written in, as PHP reads them."""
        sign, rest = self._era(text)
        moment = loose_date(self._in_english(rest.strip()))
        if moment is None:
            raise _NoMatch
        return self._iso(f"{sign}{moment}")

    def _in_english(self, text: str) -> str:
        """The text with a month of the language by its English name."""
        english = value_words("en").names
        if self._words[0].code == "en":
            return text
        for name, number in sorted(self._words[0].months().items(), key=lambda entry: -len(entry[0])):
            if text.count(name) == 1 and not name.isdigit():
                month = english[number - 1]
                return text if month in text and len(month) >= len(name) else text.replace(name, month)
        return text

    def _era(self, text: str) -> tuple[str, str]:
        """The sign of the year, told by the words of the language or of English, and the rest."""
        for words in self._words:
            for key, sign in (("BCE", "-"), ("CE", "+")):
                found = re.fullmatch(words.patterns(key)[0], text.strip())
                if found:
                    return sign, found[1]
        return _era(text)

    def _year(self, text: str) -> dict[str, Any]:
        sign, rest = self._era(text)
        year = rest.strip()
        if sign == "-":
            year = re.sub(r"(?<=\d)[,\s_](?=\d)", "", year)
        if not re.fullmatch(r"[0-9]+", year):
            raise _NoMatch
        return self._iso(f"{sign}{year}-00-00T00:00:00Z")


def _precision(year: str, month: int, day: int, clock: list[int]) -> int:
    hour, minute, second = clock
    for precision, part in ((14, second), (13, minute), (12, hour)):
        if part:
            return precision
    if month:
        return _DAY if day else _MONTH
    if int(year) <= 4000:
        return _YEAR
    return max(0, _YEAR - (len(year) - len(year.rstrip("0"))))


def _time(time: str, precision: int, calendar: str) -> dict[str, Any]:
    raw = {
        "time": time, "timezone": 0, "before": 0, "after": 0, "precision": precision, "calendarmodel": calendar,
    }  # fmt: skip
    value: dict[str, Any] = datavalues.read_value(raw, "time")["value"]
    return value


def _era(text: str) -> tuple[str, str]:
    """``-`` or ``+``, and the text without what tells it."""
    stripped = text.strip()
    before, after = _BEFORE.search(stripped), _AFTER.search(stripped)
    signed = stripped[:1] in ("+", "-")
    if signed and (before or after):
        raise _NoMatch
    if signed:
        return stripped[0], stripped[1:]
    if before:
        return "-", stripped[: before.start()]
    return "+", stripped[: after.start()] if after else stripped


def _year_month_day(a: str, b: str, c: str) -> tuple[str, str, str]:
    """Which of three numbers is which, where that can be told."""
    first, second, third = (int(part[:18]) for part in (a, b, c))
    if first < 1 or first > 31:
        if third > 12 or second == third:
            return a, b, c
        if second > 12:
            return a, c, b
    elif third < 1 or third > 59 or (abs(first) > 24 and third > 31):
        if first > 12 or first == second:
            return c, b, a
        if second > 12:
            return c, a, b
    raise _NoMatch


def _pattern_of(written: str, months: Mapping[str, int], digit: str) -> str:
    """A regular expression for dates in a format of PHP; punctuation and names of weekdays may be left out."""
    names = "|".join(re.escape(name) for name in sorted(months, key=len, reverse=True) if name)
    parts = {
        "Y": rf"(?P<year>{digit}+)(?!{digit})\s*",
        "F": rf"(?P<month>{digit}{{1,2}}(?!{digit})|{names})[^\w\s]*\s*",
        "j": rf"(?P<day>{digit}{{1,2}})(?!{digit})[^\w\s]*\s*",
        "l": r"[^\W\d_]*[^\w\s]*\s*",
    }
    made = r"\s*"
    for quoted, part in re.findall(r"\"([^\"]*)\"|(xg|.)", written):
        if quoted:
            made += re.escape(quoted)
        elif part in "YFMmnxgjdDl":
            made += parts[{"M": "F", "m": "F", "n": "F", "xg": "F", "d": "j", "D": "l"}.get(part, part)]
        else:
            made += r"\s*" if part.isspace() else re.escape(part) if part.isalnum() else r"[^\w\s]*"
    return made


def _phrase_in(pattern: str, text: str) -> re.Match[str] | None:
    return re.fullmatch(rf"\s*{pattern}\s*", text, re.IGNORECASE)
