"""Values from what people type, as ``wbparsevalue`` reads them: quantities, coordinates, ids, texts.

Any room of the repository may import it; times are in timeparsing.py. Numbers are read with the marks of a language.
The texts of errors are Wikibase's, clients get them as they are.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from decimal import Context, Decimal
from typing import Any

from capx_graph.repository.ids import not_recognized, parse_id
from capx_graph.repository.refusals import Malformed
from capx_graph.repository.values import datavalues
from capx_graph.repository.values.coordinateparsing import UNDETERMINED, parse_coordinate
from capx_graph.repository.values.datatypes import VALUE_TYPES
from capx_graph.repository.values.parsefailure import ParseFailure
from capx_graph.repository.values.texts import clean_text
from capx_graph.repository.values.timeparsing import UNRECOGNIZED, TimeParser
from capx_graph.repository.values.words import NumberMarks, number_marks

Options = Mapping[str, Any]
_EXACT = Context(prec=400)
_MALFORMED = "Malformed quantity"
_BY_PATTERN: Mapping[str, tuple[int, str, str]] = {
    "quantity": (400, _MALFORMED, "quantity"),
    "globecoordinate": (150, UNDETERMINED, "globe-coordinate"),
    "time": (150, UNRECOGNIZED, "time"),
}
"""Types that are read by patterns: how many characters are looked at (a valid amount and its margin have 127 digits
each), what is said of a text that fits none, what was expected. The patterns take white space in many places, and time
grows with its third power: 4,000 spaces took 5 s, in which nobody else was answered."""
_MOST_EXPONENT = 120
_FARTHEST = 360
_EXPONENT = re.compile(r"(.*)(?:[eE]|x10\^)([-+]?[\d,]+)\Z")


class ValueParser:
    """Parses the values of one request, of one datatype."""

    def __init__(self, datatype: str, options: Options, language: str) -> None:
        self._options = options
        self._language = language
        self._times = TimeParser(options, language)
        readers: dict[str, Callable[[str], dict[str, Any]]] = {
            "string": _string,
            "wikibase-entityid": _entity,
            "monolingualtext": self._monolingual,
            "quantity": self._quantity,
            "globecoordinate": self._coordinate,
            "time": self._times.parse,
        }
        self._type = VALUE_TYPES[datatype]
        self._read = readers[self._type]

    def parse(self, text: str) -> dict[str, Any]:
        """The datavalue; raises ParseFailure."""
        if self._type in _BY_PATTERN:
            longest, said, expected = _BY_PATTERN[self._type]
            if len(text) > longest:
                raise ParseFailure(said, text, expected)
        return self._read(text)

    def _monolingual(self, text: str) -> dict[str, Any]:
        if "valuelang" not in self._options:
            raise ParseFailure(
                "Cannot construct a MonolingualTextValue without a language code.", text, "monolingual-text"
            )
        language = self._options["valuelang"]
        if not isinstance(language, str):
            raise ParseFailure("MonolingualTextValue language option must be a string.", text, "monolingual-text")
        return _checked(
            "monolingualtext", {"language": language.strip(), "text": text.strip()}, text, "monolingual-text"
        )

    def _coordinate(self, text: str) -> dict[str, Any]:
        latitude, longitude, precision = parse_coordinate(text)
        if max(abs(latitude), abs(longitude)) > _FARTHEST:
            raise ParseFailure(UNDETERMINED, text, "globe-coordinate")
        asked = self._options.get("precision")
        value = {
            "latitude": latitude,
            "longitude": longitude,
            "precision": precision if asked is None else asked,
            "globe": self._options.get("globe"),
        }
        return _checked("globecoordinate", value, text, "globe-coordinate")

    def _quantity(self, text: str) -> dict[str, Any]:
        known = number_marks(self._language)
        group = known.group
        marks = "".join(dict.fromkeys(f",.{group}{known.point}" + (" " if group.isspace() else "")))
        digits = f"0-9{known.digits}"
        number = rf"[-−+]?[{digits}{re.escape(marks)}]+(?:(?:[eE]|x10\^)[-+]?[{digits}]+)?"
        found = re.fullmatch(rf"\s*({number})\s*(?:([~!])|(?:\+/?-|±)\s*({number}))?\s*", text)
        if not found:
            raise ParseFailure(_MALFORMED, text, "quantity")
        amount, exponent = _split_exponent(found[1])
        base = _decimal(amount, known)
        value: dict[str, Any] = {"amount": _shifted(base, exponent), "unit": self._unit()}
        if found[2] == "!":
            value |= {"upperBound": value["amount"], "lowerBound": value["amount"]}
        elif found[3] is not None:
            margin = abs(_decimal(found[3], known))
            shifted = Decimal(value["amount"])
            value |= {"upperBound": _signed(shifted + margin), "lowerBound": _signed(shifted - margin)}
        elif found[2] == "~":
            margin = Decimal(5).scaleb(min(int(base.as_tuple().exponent), 0) - 1)
            value["upperBound"] = _shifted(_EXACT.normalize(base + margin), exponent)
            value["lowerBound"] = _shifted(_EXACT.normalize(base - margin), exponent)
        return _checked("quantity", value, text, "quantity")

    def _unit(self) -> str:
        unit = self._options.get("unit")
        return unit.strip() if isinstance(unit, str) else "1"


def _decimal(text: str, marks: NumberMarks) -> Decimal:
    plain = marks.plain(text.replace("−", "-"))
    plain, exponent = _split_exponent(re.sub(r"[\s'_,`]+", "", plain))
    plain = plain.removesuffix(".")
    if not re.fullmatch(r"[-+]?(?:[0-9]+(?:\.[0-9]+)?|\.[0-9]+)", plain):
        signed = plain if plain[:1] in "+-" else f"+{plain}"
        message = f'"{signed}" is not a well formed decimal value' if plain else "Decimal value must not be empty"
        raise ParseFailure(message, text, "decimal")
    return Decimal(_shifted(Decimal(plain), exponent))


def _split_exponent(text: str) -> tuple[str, int]:
    found = _EXPONENT.match(text)
    if not found:
        return text, 0
    exponent = int(found[2].replace(",", "")[:9])
    return found[1], max(-_MOST_EXPONENT * 2, min(exponent, _MOST_EXPONENT * 2))


def _shifted(number: Decimal, exponent: int) -> str:
    return _signed(number.scaleb(exponent, _EXACT))


def _signed(number: Decimal) -> str:
    text = f"{number:f}"
    return text if text.startswith("-") else f"+{text}"


def _string(text: str) -> dict[str, Any]:
    return {"value": clean_text(text), "type": "string"}


def _entity(text: str) -> dict[str, Any]:
    entity_id = parse_id(text)
    if entity_id is None:
        raise ParseFailure(not_recognized(text), text, "entity-id-value")
    return datavalues.read_value({"id": entity_id}, "wikibase-entityid")


def _checked(value_type: str, value: dict[str, Any], text: str, expected: str) -> dict[str, Any]:
    try:
        return datavalues.read_value(value, value_type)
    except Malformed as error:
        raise ParseFailure(str(error), text, expected) from error
