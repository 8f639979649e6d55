"""Values of statements: JSON of a datavalue, as a client sends it, to its one normal form.

Any room of the repository may import it. Only the form is judged here (a month is at most 12, a quantity has a
unit); what a property's datatype demands is judged in validators.py. Numbers given as text become numbers.
"""

from __future__ import annotations

import math
import re
from collections.abc import Callable
from typing import Any

from capx_graph.namespaces import WIKIDATA
from capx_graph.repository.ids import kind_of, make_id, number_of, parse_id
from capx_graph.repository.refusals import Malformed

GREGORIAN = WIKIDATA + "Q1985727"
JULIAN = WIKIDATA + "Q1985786"
EARTH = WIKIDATA + "Q2"

_DECIMAL = re.compile(r"[-+]?(?:[1-9][0-9]*|0)(?:\.[0-9]+)?\Z")
_NUMBER_TEXT = re.compile(r"[ \t\n\r\v\f]*[-+]?(?:[0-9]+(?:\.[0-9]*)?|\.[0-9]+)(?:[eE][-+]?[0-9]+)?[ \t\n\r\v\f]*\Z")
_TIME = re.compile(
    r"([-+])([0-9]{1,16})-([0-9]{2})-([0-9]{2})T([0-9]{2}):([0-9]{2}):([0-9]{2})Z\Z",
)
_DECIMAL_LENGTH = 127
_MOST_PRECISION = 14


def read(raw: object) -> dict[str, Any]:
    """The normal form ``{"value", "type"}`` of a datavalue; raises Malformed."""
    if not isinstance(raw, dict) or not isinstance(raw.get("type"), str):
        raise Malformed("a datavalue is an object with type and value")
    reader = _READERS.get(raw["type"])
    if reader is None:
        raise Malformed(f"there is no value type {raw['type']!r}")
    if "value" not in raw:
        raise Malformed("the datavalue has no value")
    return {"value": reader(raw["value"]), "type": raw["type"]}


def read_value(value: object, value_type: str) -> dict[str, Any]:
    """The normal form of a datavalue from its ``value`` part alone; raises Malformed."""
    return {"value": _READERS[value_type](value), "type": value_type}


def _string(value: object) -> str:
    if not isinstance(value, str):
        raise Malformed("a string value is text")
    return value


def _entity(value: object) -> dict[str, Any]:
    if isinstance(value, dict) and "id" in value:
        entity_id = parse_id(value["id"]) if isinstance(value["id"], str) else None
    elif isinstance(value, dict):
        entity_id = _entity_by_number(value.get("entity-type"), value.get("numeric-id"))
    else:
        entity_id = None
    if entity_id is None:
        raise Malformed("an entity value has an id such as Q42")
    return {"entity-type": kind_of(entity_id), "numeric-id": number_of(entity_id), "id": entity_id}


def _entity_by_number(kind: object, number: object) -> str | None:
    if kind not in ("item", "property") or isinstance(number, bool):
        return None
    if isinstance(number, str) and number.isascii() and number.isdigit():
        number = int(number)
    if isinstance(number, float) and number.is_integer():
        number = int(number)
    return parse_id(make_id(str(kind), number)) if isinstance(number, int) else None


def _monolingual(value: object) -> dict[str, Any]:
    fields = _fields(value, "a text in a language", "language", "text")
    language, text = fields["language"], fields["text"]
    if not isinstance(language, str) or not language or not isinstance(text, str):
        raise Malformed("a text in a language has language and text")
    return {"text": text, "language": language}


def _quantity(value: object) -> dict[str, Any]:
    fields = _fields(value, "a quantity", "amount", "unit")
    unit = fields["unit"]
    if not isinstance(unit, str) or not unit:
        raise Malformed("a quantity has a unit, 1 for none")
    amount = decimal(fields["amount"])
    bounds = ("upperBound" in fields) + ("lowerBound" in fields)
    if bounds == 1:
        raise Malformed("a quantity has both bounds or none")
    if not bounds:
        return {"amount": amount, "unit": unit}
    upper, lower = decimal(fields["upperBound"]), decimal(fields["lowerBound"])
    if not compare_decimals(lower, amount) <= 0 <= compare_decimals(upper, amount):
        raise Malformed("the bounds of a quantity lie around its amount")
    return {"amount": amount, "unit": unit, "upperBound": upper, "lowerBound": lower}


def decimal(value: object) -> str:
    """A decimal number with its sign, as Wikibase writes it (``+5``, ``-0.50``); raises Malformed."""
    if isinstance(value, int) and not isinstance(value, bool):
        text = str(value)
    elif isinstance(value, float) and math.isfinite(value):
        text = _plain_float(value)
    else:
        text = value if isinstance(value, str) else ""
    if not _DECIMAL.match(text):
        raise Malformed(f"{value!r} is not a decimal number")
    text = text if text[0] in "+-" else "+" + text
    if len(text) > _DECIMAL_LENGTH:
        raise Malformed("a decimal number has at most 127 characters")
    return "+" + text[1:] if text.strip("-0.") == "" else text


def _plain_float(value: float) -> str:
    text = f"{value:.14g}"
    return f"{value:.100f}".rstrip("0").rstrip(".") if "e" in text else text


def compare_decimals(left: str, right: str) -> int:
    """-1, 0 or 1 as ``left`` is below, equal to or above ``right`` (both in normal form)."""
    a, b = _scaled(left, right)
    return (a > b) - (a < b)


def _scaled(left: str, right: str) -> tuple[int, int]:
    fractions = [text.partition(".")[2] for text in (left, right)]
    width = max(map(len, fractions))
    first, second = (
        int(text.partition(".")[0].lstrip("+-") + fraction.ljust(width, "0")) * (-1 if text[0] == "-" else 1)
        for text, fraction in zip((left, right), fractions, strict=True)
    )
    return first, second


def _time(value: object) -> dict[str, Any]:
    fields = _fields(value, "a time", "time", "timezone", "before", "after", "precision", "calendarmodel")
    whole = {key: _whole(fields[key], key) for key in ("timezone", "before", "after", "precision")}
    calendar = fields["calendarmodel"]
    if not isinstance(calendar, str) or not calendar:
        raise Malformed("a time names its calendar by an IRI")
    if not 0 <= whole["precision"] <= _MOST_PRECISION:
        raise Malformed("the precision of a time is a number from 0 to 14")
    if not -12 * 3600 <= whole["timezone"] <= 14 * 3600 or whole["before"] < 0 or whole["after"] < 0:
        raise Malformed("timezone, before or after of a time is out of range")
    return {"time": _timestamp(fields["time"]), **whole, "calendarmodel": calendar}


def _timestamp(value: object) -> str:
    found = _TIME.match(value) if isinstance(value, str) else None
    if not found:
        raise Malformed("a time reads like +2020-01-31T00:00:00Z")
    sign, year, month, day, hour, minute, second = found.groups()
    if int(month) > 12 or int(day) > 31 or int(hour) > 23 or int(minute) > 59 or int(second) > 61:
        raise Malformed("month, day or time of day is out of range")
    year = year.lstrip("0").rjust(4, "0")
    return f"{sign}{year}-{month}-{day}T{hour}:{minute}:{second}Z"


def _whole(value: object, key: str) -> int:
    if isinstance(value, bool) or not isinstance(value, int):
        raise Malformed(f"{key} of a time is a whole number")
    return value


def _coordinate(value: object) -> dict[str, Any]:
    fields = _fields(value, "a coordinate", "latitude", "longitude")
    latitude, longitude = number(fields["latitude"]), number(fields["longitude"])
    precision = None if fields.get("precision") is None else number(fields["precision"])
    globe = fields.get("globe")
    globe = EARTH if globe is None else globe
    if not -360 <= latitude <= 360 or not -360 <= longitude <= 360:
        raise Malformed("latitude and longitude lie between -360 and 360")
    if precision is not None and not -360 <= precision <= 360:
        raise Malformed("the precision of a coordinate lies between -360 and 360")
    if not isinstance(globe, str) or not globe:
        raise Malformed("a coordinate names its globe by an IRI")
    return {
        "latitude": latitude,
        "longitude": longitude,
        "altitude": None,
        "precision": precision,
        "globe": globe,
    }


def number(value: object) -> float | int:
    """A number, also from text; whole ones as int, so that JSON shows them without a fraction; raises Malformed."""
    if isinstance(value, str) and len(value) < 400 and _NUMBER_TEXT.match(value):
        value = float(value)
    if isinstance(value, bool) or not isinstance(value, (int, float)):
        raise Malformed(f"{value!r} is not a number")
    try:
        real = float(value)
    except OverflowError as error:
        raise Malformed("the number is too large") from error
    if not math.isfinite(real):
        raise Malformed("the number is too large")
    return int(real) if real.is_integer() else real


def _fields(value: object, noun: str, *needed: str) -> dict[str, Any]:
    if not isinstance(value, dict):
        raise Malformed(f"{noun} is an object")
    for key in needed:
        if value.get(key) is None:
            raise Malformed(f"{noun} has {key}")
    return value


_READERS: dict[str, Callable[[object], Any]] = {
    "string": _string,
    "wikibase-entityid": _entity,
    "monolingualtext": _monolingual,
    "quantity": _quantity,
    "time": _time,
    "globecoordinate": _coordinate,
}
