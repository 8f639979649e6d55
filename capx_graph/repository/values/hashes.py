"""Hashes of snaks and references and the names of value nodes, equal to Wikibase's own.

Any room of the repository may import it. They are digests of the way PHP serialises the value classes, so the
class names and byte lengths below are part of the contract; clients treat the results as opaque names.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Callable, Iterable, Mapping
from typing import Any

from capx_graph.repository.ids import ITEM, kind_of

_ITEM_ID = "Wikibase\\DataModel\\Entity\\ItemId"
_PROPERTY_ID = "Wikibase\\DataModel\\Entity\\NumericPropertyId"
_ENTITY_ID_VALUE = "Wikibase\\DataModel\\Entity\\EntityIdValue"
_SNAKS = {
    "value": "Wikibase\\DataModel\\Snak\\PropertyValueSnak",
    "novalue": "Wikibase\\DataModel\\Snak\\PropertyNoValueSnak",
    "somevalue": "Wikibase\\DataModel\\Snak\\PropertySomeValueSnak",
}


def snak_hash(snaktype: str, property_id: str, datavalue: Mapping[str, Any] | None) -> str:
    """The hash of a snak in its normal form."""
    name = _SNAKS[snaktype]
    if datavalue is None:
        text = _object(name, property_id)
    else:
        text = _object(name, f"a:2:{{i:0;{_string(property_id)}i:1;{serialised(datavalue)}}}")
    return hashlib.sha1(text.encode("utf-8", "surrogatepass"), usedforsecurity=False).hexdigest()


def reference_hash(snak_hashes: Iterable[str]) -> str:
    """The hash of a reference from those of its snaks, in any order."""
    return hashlib.sha1("|".join(sorted(snak_hashes)).encode(), usedforsecurity=False).hexdigest()


def value_node_name(datavalue: Mapping[str, Any]) -> str:
    """The last part of the IRI of a value node (times, quantities, coordinates)."""
    if datavalue["type"] == "globecoordinate":
        value = datavalue["value"]
        numbers = (fourteen_digits(value[key]) for key in ("latitude", "longitude", "precision"))
        text = "|".join((*numbers, value["globe"]))
    else:
        text = serialised(datavalue)
    return hashlib.md5(text.encode("utf-8", "surrogatepass"), usedforsecurity=False).hexdigest()


def serialised(datavalue: Mapping[str, Any]) -> str:
    """The value as PHP's serialize() writes its class."""
    return _SERIALISERS[datavalue["type"]](datavalue["value"])


def shortest(number: float) -> str:
    """A number in the shortest form that reads back the same, as PHP's json_encode writes it: ``0.1``, ``1.0e-7``."""
    return _number(number, repr(float(number)), 17, "e")


def fourteen_digits(number: float | None) -> str:
    """A number with at most 14 significant digits as PHP prints it: ``12.5``, ``1.0E-7``."""
    return "" if number is None else _number(number, f"{float(number):.13e}", 14, "E")


def _number(number: float, text: str, most_digits: int, exponent_letter: str) -> str:
    """Lays out the digits of ``text`` (any Python float form of ``number``) by the rules of PHP's %G."""
    if number == 0:
        return "-0" if text.startswith("-") else "0"
    sign = "-" if number < 0 else ""
    mantissa, _, power = text.lstrip("-").partition("e")
    whole, _, fraction = mantissa.partition(".")
    point = len(whole) + int(power or 0)
    digits = whole + fraction
    stripped = digits.lstrip("0")
    point -= len(digits) - len(stripped)
    digits = stripped.rstrip("0")
    if point < -3 or point > most_digits:
        return f"{sign}{digits[0]}.{digits[1:] or '0'}{exponent_letter}{point - 1:+d}"
    if point <= 0:
        return f"{sign}0.{'0' * -point}{digits}"
    if point >= len(digits):
        return sign + digits + "0" * (point - len(digits))
    return f"{sign}{digits[:point]}.{digits[point:]}"


def _object(name: str, data: str) -> str:
    return f'C:{len(name)}:"{name}":{_length(data)}:{{{data}}}'


def _string(text: str) -> str:
    return f's:{_length(text)}:"{text}";'


def _length(text: str) -> int:
    return len(text) if text.isascii() else len(text.encode("utf-8", "surrogatepass"))


def _of_string(value: str) -> str:
    return _object("DataValues\\StringValue", value)


def _of_entity(value: Mapping[str, Any]) -> str:
    entity_id = value["id"]
    return _object(_ENTITY_ID_VALUE, _object(_ITEM_ID if kind_of(entity_id) == ITEM else _PROPERTY_ID, entity_id))


def _of_monolingual(value: Mapping[str, Any]) -> str:
    data = f"a:2:{{i:0;{_string(value['language'])}i:1;{_string(value['text'])}}}"
    return _object("DataValues\\MonolingualTextValue", data)


def _decimal(text: str) -> str:
    return _object("DataValues\\DecimalValue", _string(text))


def _of_quantity(value: Mapping[str, Any]) -> str:
    amount = f"i:0;{_decimal(value['amount'])}i:1;{_string(value['unit'])}"
    if "upperBound" not in value:
        return _object("DataValues\\UnboundedQuantityValue", f"a:2:{{{amount}}}")
    bounds = f"i:2;{_decimal(value['upperBound'])}i:3;{_decimal(value['lowerBound'])}"
    return _object("DataValues\\QuantityValue", f"a:4:{{{amount}{bounds}}}")


def _of_time(value: Mapping[str, Any]) -> str:
    keys = ("time", "timezone", "before", "after", "precision", "calendarmodel")
    return _object("DataValues\\TimeValue", _json_array(*(_json(value[key]) for key in keys)))


def _of_coordinate(value: Mapping[str, Any]) -> str:
    numbers = ("null" if value[key] is None else shortest(value[key]) for key in ("latitude", "longitude"))
    precision = "null" if value["precision"] is None else shortest(value["precision"])
    return _object(
        "DataValues\\Geo\\Values\\GlobeCoordinateValue",
        _json_array(*numbers, "null", precision, _json(value["globe"])),
    )


def _json(value: str | int) -> str:
    return json.dumps(value).replace("/", "\\/")


def _json_array(*parts: str) -> str:
    return f"[{','.join(parts)}]"


_SERIALISERS: dict[str, Callable[[Any], str]] = {
    "string": _of_string,
    "wikibase-entityid": _of_entity,
    "monolingualtext": _of_monolingual,
    "quantity": _of_quantity,
    "time": _of_time,
    "globecoordinate": _of_coordinate,
}
