"""Values as a person reads them in a language: plain text.

Any room of the repository may import it. The forms are Wikibase's: dates as ``11 March 1952``, quantities with
``±``, coordinates in degrees, minutes and seconds. Names and marks of languages come from words.py.
"""

from __future__ import annotations

import math
import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from capx_graph.repository.values.datavalues import GREGORIAN, JULIAN, ONE
from capx_graph.repository.values.words import Words, number_marks, value_words

LabelOf = Callable[[str], str | None]
UNITLESS = ("1", ONE, "http://qudt.org/vocab/unit#Unitless")
_SECOND = 1 / 3600
_TIME = re.compile(r"([-+])(\d+)-(\d\d)-(\d\d)T")


def _half_up(value: float, digits: int = 0) -> float:
    factor = 10**digits
    return float(math.floor(value * factor + 0.5) / factor)


@dataclass(frozen=True, slots=True)
class _Span:
    """How a year of a coarse precision is written: divided, rounded, multiplied back."""

    words: str
    divisor: int
    factor: int = 1
    rounding: Callable[[float], float] = _half_up


_SPANS = {
    0: _Span("Gannum", 10**9),
    1: _Span("Mannum", 10**8, 100),
    2: _Span("Mannum", 10**7, 10),
    3: _Span("Mannum", 10**6),
    4: _Span("annum", 10**5, 10**5),
    5: _Span("annum", 10**4, 10**4),
    6: _Span("millennium", 1000, 1, math.ceil),
    7: _Span("century", 100, 1, math.ceil),
    8: _Span("10annum", 10, 10, math.floor),
}
_YEAR, _MONTH, _DAY = 9, 10, 11


def plain(datavalue: Mapping[str, Any], language: str, label_of: LabelOf) -> str:
    """The value as text; ``label_of`` names the items of values and units."""
    value = datavalue["value"]
    match datavalue["type"]:
        case "wikibase-entityid":
            return label_of(value["id"]) or str(value["id"])
        case "monolingualtext":
            return str(value["text"])
        case "quantity":
            return quantity(value, language, label_of)
        case "time":
            return time(value, language)
        case "globecoordinate":
            return coordinate(value)
        case _:
            return str(value)


def quantity(value: Mapping[str, Any], language: str, label_of: LabelOf) -> str:
    """``1,234.5±0.5 metre``."""
    amount = Decimal(value["amount"])
    if "upperBound" in value:
        margin = max(Decimal(value["upperBound"]) - amount, amount - Decimal(value["lowerBound"]))
        text = f"{number(_trimmed(amount), language)}±{number(_trimmed(margin), language)}"
    else:
        text = number(value["amount"].removeprefix("+"), language)
    unit = unit_name(value["unit"], label_of)
    return f"{text} {unit}" if unit else text


def unit_name(unit: str, label_of: LabelOf) -> str:
    """The name of a unit, its id when it has none, its IRI when it is of another wiki; empty for no unit."""
    if unit in UNITLESS:
        return ""
    entity_id = unit.rpartition("/")[2]
    return label_of(entity_id) or entity_id


def _trimmed(value: Decimal) -> str:
    text = f"{value:f}"
    return text.rstrip("0").rstrip(".") if "." in text else text


def number(text: str, language: str) -> str:
    """A decimal number with the marks of a language."""
    marks = number_marks(language)
    if Decimal(repr(float(text))) != Decimal(text):
        # MediaWiki formats floats, and leaves alone what a float cannot hold.
        return text
    whole, point, fraction = text.lstrip("-").partition(".")
    sign = "−" if text.startswith("-") else ""
    return sign + marks.in_digits(marks.grouped(whole) + (marks.point + fraction if point else ""))


def time(value: Mapping[str, Any], language: str, *, show_calendar: bool = False) -> str:
    """``11 March 1952``, ``March 1952``, ``1950s``, ``15 March 44 BCE``."""
    text = _date(value, language)
    if show_calendar:
        pattern = value_words(language).texts["with calendar"]
        return pattern.replace("$1", text).replace("$2", calendar_name(value, language))
    return text


def calendar_name(value: Mapping[str, Any], language: str = "en") -> str:
    """``Julian``, ``Gregorian`` or the IRI of another calendar."""
    calendar, texts = str(value["calendarmodel"]), value_words(language).texts
    return {GREGORIAN: texts["gregorian"], JULIAN: texts["julian"]}.get(calendar, calendar)


def needs_calendar(value: Mapping[str, Any]) -> bool:
    """Whether a reader could take the date for one of the other calendar."""
    found = _TIME.match(value["time"])
    if value["precision"] < _YEAR or not found:
        return found is None
    year = int(found[1] + found[2])
    if value["calendarmodel"] != (JULIAN if year <= 1582 else GREGORIAN):
        return True
    return value["precision"] > _YEAR and 1580 < year < 1930


def _date(value: Mapping[str, Any], language: str) -> str:
    found = _TIME.match(value["time"])
    precision = value["precision"]
    if not found or precision > _DAY:
        return str(value["time"])
    sign, year_text, month, day = found[1], found[2], int(found[3]), int(found[4])
    words = value_words(language)
    year = _year(int(year_text), precision, words, bce=sign == "-")
    if precision <= _YEAR:
        return year
    if month == 0 or month > 12 or (precision == _DAY and day == 0):
        return str(value["time"])
    if precision == _MONTH:
        return f"{words.named_month(month, words.month)} {year}"
    day_part, _, month_part = words.day.partition(" ")
    number = words.in_digits(f"{day:02}" if day_part.startswith("d") else str(day))
    return f"{number}{day_part[1:]} {words.named_month(month, month_part)} {year}"


def _year(year: int, precision: int, words: Words, *, bce: bool) -> str:
    span = _SPANS.get(precision)
    if span is not None:
        shifted = int(span.rounding(year / span.divisor)) * span.factor
        if shifted:
            return words.filled(("BCE-" if bce else "") + span.words, str(shifted))
    if bce:
        return words.filled("BCE", str(year))
    return words.filled("CE", str(year)) if year < 100 else str(year)


def coordinate(value: Mapping[str, Any]) -> str:
    """``44°27'30"N, 93°9'40"W``, as fine as the precision says."""
    precision = value["precision"]
    if precision is None or precision <= 0:
        precision = _SECOND
    latitude, longitude = (_degrees(float(value[key]), precision) for key in ("latitude", "longitude"))
    return f"{_directed(latitude, 'N', 'S')}, {_directed(longitude, 'E', 'W')}"


def _directed(text: str, positive: str, negative: str) -> str:
    return f"{text[1:]}{negative}" if text.startswith("-") else f"{text}{positive}"


def _degrees(degrees: float, precision: float) -> str:
    sign = 1 if degrees > 0 else -1
    degrees = sign * _half_up(abs(degrees) / precision) * precision
    if 1 - 1 / 60 <= precision < 1:
        precision = 1
    elif 1 / 60 - _SECOND <= precision < 1 / 60:
        precision = 1 / 60
    if precision >= 1:
        return f"{_fixed(degrees, _digits(1, precision))}°"
    prefix = "-" if degrees < 0 else ""
    if precision >= 1 / 60:
        digits = _digits(60, precision)
        minutes = _half_up(abs(degrees) * 60, max(0, digits))
        whole = int(minutes / 60)
        return f"{prefix}{whole}°{_fixed(minutes - whole * 60, digits)}'"
    digits = _digits(3600, precision)
    seconds = _half_up(abs(degrees) * 3600, max(0, digits))
    minutes = int(seconds / 60)
    whole = int(minutes / 60)
    return f"{prefix}{whole}°{minutes - whole * 60}'{_fixed(seconds - minutes * 60, digits)}\""


def _digits(units: float, precision: float) -> int:
    return math.ceil(-math.log10(units * precision))


def _fixed(value: float, digits: int) -> str:
    text = f"{value:.{max(0, digits)}f}"
    return text.removeprefix("-") if float(text) == 0 else text
