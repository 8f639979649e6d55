"""Times from text, as Wikibase reads them: ``1 March 1999``, ``100 BC``, ``2000s``, ``1999-03-01``.

Only parsing.py imports it. Notations are tried in a fixed order, the first that fits wins. One peculiarity of the
reference shows in its answers: a phrase such as ``2000s`` sets the precision of the dates in numbers after it.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any

from capx_graph import languages
from capx_graph.repository.refusals import Malformed
from capx_graph.repository.values import datavalues
from capx_graph.repository.values.datavalues import GREGORIAN, JULIAN
from capx_graph.repository.values.parsefailure import ParseFailure

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
    (0, 9, r"(.+?) billion years"),
    (1 + 2, 6, r"(.+?) million years"),
    (6, 3, r"(.+?)\. millennium"),
    (7, 2, r"(.+?)\. century"),
    (8, 0, r"(.+?) years?"),
    (8, 0, r"(.+?)s"),
)
"""Precision, zeros after the number, words; the last four stand without an era for years of our era."""

_DAY, _MONTH, _YEAR = 11, 10, 9


class _NoMatch(Exception):
    """This notation does not fit."""


class TimeParser:
    """Parses the times of one request."""

    def __init__(self, options: Mapping[str, Any], language: str) -> None:
        self._asked = options.get("precision")
        self._precision = self._asked
        self._calendar = options.get("calendar")
        self._months = _month_names(language)

    def parse(self, text: str) -> dict[str, Any]:
        """The datavalue; raises ParseFailure."""
        for notation in (
            self._year_and_month, self._iso, self._phrase, self._three_numbers, self._with_month_name, self._year
        ):  # fmt: skip
            try:
                return {"value": notation(text), "type": "time"}
            except (_NoMatch, Malformed):
                continue
        raise ParseFailure("The value is not recognized by the configured parsers", text, "time")

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
        name = named or (self._calendar if isinstance(self._calendar, str) else "")
        if name:
            model = _CALENDARS.get(name.strip().lower())
            if model is None:
                raise _NoMatch
            return model
        return JULIAN if sign == "-" or int(year) <= 1582 else GREGORIAN

    def _year_and_month(self, text: str) -> dict[str, Any]:
        found = _TWO_WORDS.match(text.strip())
        if not found:
            raise _NoMatch
        first, second = found.groups()
        for month_text, year in ((first, second), (second, first)):
            if not re.fullmatch(r"-?\d+", year):
                continue
            month = self._month(month_text)
            if month is not None:
                signed = year if year.startswith("-") else f"+{year}"
                return self._iso(f"{signed}-{month:02}-00T00:00:00Z")
        raise _NoMatch

    def _month(self, text: str) -> int | None:
        if re.fullmatch(r"\d+", text):
            return int(text) if int(text[:3]) <= 12 and len(text) < 3 else None
        return self._months.get(text.casefold())

    def _phrase(self, text: str) -> dict[str, Any]:
        stripped, bce = text.strip(), False
        before, after = re.search(r" BCE?\Z", stripped, re.IGNORECASE), re.search(r" CE\Z", stripped, re.IGNORECASE)
        if before or after:
            stripped, bce = stripped[: (before or after).start()], before is not None  # type: ignore[union-attr]
        for place, (precision, zeros, words) in enumerate(_PHRASES):
            has_era = place in (0, 1, 4)
            found = re.fullmatch(words, stripped, re.IGNORECASE)
            if not found or (has_era and not (before or after)) or (not has_era and after):
                continue
            number = found[1].replace(",", "") + "0" * zeros
            if not re.fullmatch(r"[0-9]+", number):
                raise _NoMatch
            self._precision = precision
            return self._iso(f"{'-' if bce else '+'}{number}-00-00T00:00:00Z")
        raise _NoMatch

    def _three_numbers(self, text: str) -> dict[str, Any]:
        sign, rest = _era(text)
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

    def _with_month_name(self, text: str) -> dict[str, Any]:
        """Day, name of the month and year in any of the usual orders."""
        sign, rest = _era(text)
        words = [word for word in re.split(r"[\s.,/\-]+", rest.strip()) if word]
        numbers = [re.sub(r"(?<=\d)(?:st|nd|rd|th)\Z", "", word) for word in words if word[0].isdigit()]
        months = [self._months[word.casefold()] for word in words if word.casefold() in self._months]
        if len(words) != 3 or len(months) != 1 or len(numbers) != 2 or not all(n.isdigit() for n in numbers):
            raise _NoMatch
        day, year = (numbers[1], numbers[0]) if len(numbers[0]) > 2 or int(numbers[0]) > 31 else numbers
        if len(day) > 2 or not 1 <= int(day) <= 31:
            raise _NoMatch
        written_in_order = words[0] == day and self._months.get(words[1].casefold()) == months[0]
        if not written_in_order or sign == "-":
            return self._iso(f"{sign}{year}-{months[0]:02}-{int(day):02}T00:00:00Z")
        time = f"{sign}{year.rjust(4, '0')}-{months[0]:02}-{int(day):02}T00:00:00Z"
        precision = _DAY if self._asked is None else int(str(self._asked)) if str(self._asked).isdigit() else _DAY
        return _time(time, precision, self._calendar_model(sign, year, ""))

    def _year(self, text: str) -> dict[str, Any]:
        sign, rest = _era(text)
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


def _month_names(language: str) -> dict[str, int]:
    names: dict[str, int] = {}
    for code in ("en", language):
        months = languages.locale(code).months
        for context in ("format", "stand-alone"):
            for width in ("abbreviated", "wide"):
                names |= {str(name).casefold().rstrip("."): number for number, name in months[context][width].items()}
    return names
