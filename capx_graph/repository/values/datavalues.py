"""Values of statements: JSON of a datavalue, as a client sends it, to its one normal form.

Any room of the repository may import it. Only the form is judged here (a month is at most 12, a quantity has a
unit); what a property's datatype demands is judged in validators.py. Numbers given as text become numbers. The
texts of the errors are Wikibase's: it hands them to clients as message parameters.
"""

from __future__ import annotations

import math
import re
from collections.abc import Callable
from typing import Any

from capx_graph.repository.ids import kind_of, letter_of, number_of, parse_id, parse_of_kind
from capx_graph.repository.refusals import Malformed

EARTH = "http://www.wikidata.org/entity/Q2"
GREGORIAN = "http://www.wikidata.org/entity/Q1985727"
JULIAN = "http://www.wikidata.org/entity/Q1985786"
ONE = "http://www.wikidata.org/entity/Q199"
"""Constants of the data model, the same on every Wikibase."""

_DECIMAL = re.compile(r"[-+](?:[1-9][0-9]*|[0-9])(?:\.[0-9]+)?\Z")
_NUMERIC = re.compile(r"[ \t\n\r\v\f]*[-+]?(?:[0-9]+(?:\.[0-9]*)?|\.[0-9]+)(?:[eE][-+]?[0-9]+)?[ \t\n\r\v\f]*\Z")
_TIME = re.compile(r"([-+])([0-9]{1,16})-([0-9]{2})-([0-9]{2})T([0-9]{2}):([0-9]{2}):([0-9]{2})Z\Z")
_DECIMAL_LENGTH = 127
_MOST_PRECISION = 14
_TIME_FIELDS = (("Month", 12), ("Day", 31), ("Hour", 23), ("Minute", 59), ("Second", 61))


def read(raw: object) -> dict[str, Any]:
    """The normal form ``{"value", "type"}`` of a datavalue; raises Malformed."""
    if not isinstance(raw, dict) or "type" not in raw:
        raise Malformed('Not an array or missing the key "type"')
    if "value" not in raw:
        raise Malformed('Attribute "value" is missing')
    reader = _READERS.get(raw["type"]) if isinstance(raw["type"], str) else None
    if reader is None:
        raise Malformed(f'Type "{raw["type"]}" is unsupported')
    return {"value": reader(raw["value"]), "type": raw["type"]}


def read_value(value: object, value_type: str) -> dict[str, Any]:
    """The normal form of a datavalue from its ``value`` part alone; raises Malformed."""
    return {"value": _READERS[value_type](value), "type": value_type}


def _string(value: object) -> str:
    if not isinstance(value, str):
        raise Malformed("Can only construct StringValue from strings")
    return value


def _entity(value: object) -> dict[str, Any]:
    if not isinstance(value, dict):
        raise Malformed("$data must be an array")
    if value.get("id") is not None:
        entity_id = parse_id(value["id"]) if isinstance(value["id"], str) else None
        if entity_id is None:
            raise Malformed(f"Can not parse id '{value['id']}' to build EntityIdValue with")
    elif "entity-type" in value and "numeric-id" in value:
        entity_id = _entity_by_number(value["entity-type"], value["numeric-id"])
    else:
        raise Malformed('Either "id" or "entity-type" and "numeric-id" fields required')
    return {"entity-type": kind_of(entity_id), "numeric-id": number_of(entity_id), "id": entity_id}


def _entity_by_number(kind: object, number: object) -> str:
    if kind not in ("item", "property"):
        raise Malformed(f"Invalid entityType {kind}")
    if isinstance(number, str) and _NUMERIC.match(number):
        text = number
    elif isinstance(number, int | float) and not isinstance(number, bool):
        text = str(int(number)) if isinstance(number, float) and number.is_integer() else str(number)
    else:
        raise Malformed("$numericId must be numeric")
    entity_id = parse_of_kind(letter_of(str(kind)) + text, str(kind))
    if entity_id is None:
        raise Malformed("$idSerialization is not a valid entity id")
    return entity_id


def _monolingual(value: object) -> dict[str, Any]:
    fields = _fields(value, "language", "text")
    language, text = fields["language"], fields["text"]
    if not isinstance(language, str) or not language:
        raise Malformed("$languageCode must be a non-empty string")
    if not isinstance(text, str):
        raise Malformed("$text must be a string")
    return {"text": text, "language": language}


def _quantity(value: object) -> dict[str, Any]:
    fields = _fields(value, "amount", "unit")
    bounded = fields.get("upperBound") is not None or fields.get("lowerBound") is not None
    if bounded:
        _fields(value, "upperBound", "lowerBound")
    amount = decimal(fields["amount"])
    bounds = (decimal(fields["upperBound"]), decimal(fields["lowerBound"])) if bounded else None
    unit = fields["unit"]
    if not isinstance(unit, str) or not unit:
        raise Malformed('$unit must be a non-empty string. Use "1" for unit-less quantities.')
    if bounds is None:
        return {"amount": amount, "unit": unit}
    upper, lower = bounds
    if compare_decimals(lower, amount) > 0:
        raise Malformed(f"$lowerBound {lower} must be <= $amount {amount}")
    if compare_decimals(upper, amount) < 0:
        raise Malformed(f"$upperBound {upper} must be >= $amount {amount}")
    return {"amount": amount, "unit": unit, "upperBound": upper, "lowerBound": lower}


def decimal(value: object) -> str:
    """A decimal number with its sign, as Wikibase writes it (``+5``, ``-0.50``); raises Malformed."""
    if isinstance(value, int | float) and not isinstance(value, bool):
        text = _from_number(value)
    elif isinstance(value, str):
        text = value.strip(" \t\n\r\0\x0b")
        text = text if text[:1] in ("+", "-") else f"+{text}"
    else:
        raise Malformed("$number must be a numeric string.")
    if len(text) > _DECIMAL_LENGTH:
        raise Malformed("Value must be at most 127 characters long.")
    if not _DECIMAL.match(text):
        raise Malformed(f'"{text}" is not a well formed decimal value')
    return f"+{text[1:]}" if text.strip("-0.") == "" else text


def _from_number(value: float) -> str:
    try:
        real = float(value)
    except OverflowError:
        real = math.inf
    if not math.isfinite(real):
        raise Malformed("$number must not be NAN or INF.")
    base, _, exponent = f"{abs(real):.16e}".partition("e")
    digits, point = base.replace(".", ""), 1 + int(exponent)
    if point <= 0:
        whole, fraction = "0", "0" * -point + digits
    else:
        digits = digits.ljust(point, "0")
        whole, fraction = digits[:point], digits[point:]
    fraction = fraction.rstrip("0")
    sign = "-" if real < 0 else "+"
    return f"{sign}{whole}.{fraction}" if fraction else f"{sign}{whole}"


def compare_decimals(left: str, right: str) -> int:
    """-1, 0 or 1 as ``left`` is below, equal to or above ``right`` (both in normal form)."""
    fractions = [text.partition(".")[2] for text in (left, right)]
    width = max(map(len, fractions))
    a, b = (
        int(text.partition(".")[0].lstrip("+-") + fraction.ljust(width, "0")) * (-1 if text[0] == "-" else 1)
        for text, fraction in zip((left, right), fractions, strict=True)
    )
    return (a > b) - (a < b)


def _time(value: object) -> dict[str, Any]:
    fields = _fields(value, "time", "timezone", "before", "after", "precision", "calendarmodel")
    if not isinstance(fields["time"], str) or not fields["time"]:
        raise Malformed("$timestamp must be a non-empty string")
    timezone = _whole(fields["timezone"], "$timezone must be an integer")
    if not -12 * 3600 <= timezone <= 14 * 3600:
        raise Malformed("$timezone out of allowed bounds")
    before = _whole(fields["before"], "$before must be an unsigned integer", least=0)
    after = _whole(fields["after"], "$after must be an unsigned integer", least=0)
    precision = _whole(fields["precision"], "$precision must be an integer")
    if not 0 <= precision <= _MOST_PRECISION:
        raise Malformed("$precision out of allowed bounds")
    calendar = fields["calendarmodel"]
    if not isinstance(calendar, str) or not calendar:
        raise Malformed("$calendarModel must be a non-empty string")
    return {
        "time": _timestamp(fields["time"]),
        "timezone": timezone,
        "before": before,
        "after": after,
        "precision": precision,
        "calendarmodel": calendar,
    }


def _timestamp(text: str) -> str:
    found = _TIME.match(text)
    if not found:
        raise Malformed(f"$timestamp must resemble ISO 8601, given {text}")
    sign, year, *parts = found.groups()
    numbers = [int(part) for part in parts]
    for (name, most), number in zip(_TIME_FIELDS, numbers, strict=True):
        if number > most:
            raise Malformed(f"{name} out of allowed bounds")
    month, day, *clock = numbers
    if month < 1 and day > 0:
        raise Malformed("Cannot have a day with no month")
    if day < 1 and any(clock):
        raise Malformed("Cannot have hour, minute or second with no day")
    year = year.lstrip("0").rjust(4, "0")
    return f"{sign}{year}-{parts[0]}-{parts[1]}T{parts[2]}:{parts[3]}:{parts[4]}Z"


def _whole(value: object, complaint: str, *, least: int | None = None) -> int:
    if isinstance(value, bool) or not isinstance(value, int) or (least is not None and value < least):
        raise Malformed(complaint)
    return value


def _coordinate(value: object) -> dict[str, Any]:
    if not isinstance(value, dict):
        raise Malformed("array expected")
    latitude = _real(value.get("latitude"), "numeric latitude field required")
    longitude = _real(value.get("longitude"), "numeric longitude field required")
    if not -360 <= latitude <= 360:
        raise Malformed("Latitude needs to be between -360 and 360")
    if not -360 <= longitude <= 360:
        raise Malformed("Longitude needs to be between -360 and 360")
    precision = value.get("precision")
    if precision is not None:
        precision = _real(precision, "$precision needs to be between -360 and 360")
        if not -360 <= precision <= 360:
            raise Malformed("$precision needs to be between -360 and 360")
    globe = EARTH if value.get("globe") is None else value["globe"]
    if not isinstance(globe, str) or not globe:
        raise Malformed("$globe must be a non-empty string or null")
    return {
        "latitude": latitude,
        "longitude": longitude,
        "altitude": None,
        "precision": precision,
        "globe": globe,
    }


def _real(value: object, complaint: str) -> float | int:
    """A number, also from text; whole ones as int, so that JSON shows them without a fraction."""
    if isinstance(value, str) and len(value) < 400 and _NUMERIC.match(value):
        value = float(value)
    if isinstance(value, bool) or not isinstance(value, int | float):
        raise Malformed(complaint)
    try:
        real = float(value)
    except OverflowError as error:
        raise Malformed(complaint) from error
    if not math.isfinite(real):
        raise Malformed(complaint)
    return int(real) if real.is_integer() else real


def _fields(value: object, *needed: str) -> dict[str, Any]:
    if not isinstance(value, dict):
        raise Malformed("array expected")
    for key in needed:
        if key not in value:
            raise Malformed(f"{key} field required")
    return value


_READERS: dict[str, Callable[[object], Any]] = {
    "string": _string,
    "wikibase-entityid": _entity,
    "monolingualtext": _monolingual,
    "quantity": _quantity,
    "time": _time,
    "globecoordinate": _coordinate,
}
