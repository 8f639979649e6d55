"""Values of snaks for a reader; only rooms of this package import it.

Numbers and coordinates come as the reader's language writes them, times as parts, because their words belong to
the messages of whoever draws them. A formatter may hold anything: only addresses of the web become links.
"""

from __future__ import annotations

import math
import re
from collections.abc import Iterable, Mapping
from typing import Any
from urllib.parse import quote, urlsplit

from capx_graph.repository.ids import parse_id
from capx_graph.repository.statements import all_snaks, grouped, mentioned_entities, statements_of
from capx_graph.repository.store import Repository
from capx_graph.repository.values import plainformat
from capx_graph.repository.values.datavalues import EARTH, JULIAN
from capx_graph.wikipages.model import Moment, Said, Statement, Value, ValueKind
from capx_graph.wikipages.naming import Names

_COMMONS = "https://commons.wikimedia.org/wiki/"
_MAP = "https://www.openstreetmap.org/?mlat={0}&mlon={1}#map=10/{0}/{1}"
_PATH = "/:;@$!*(),~-._"
_TIME = re.compile(r"([-+])(\d+)-(\d\d)-(\d\d)T")
_UNITS = {11: "day", 10: "month", 9: "year", 8: "decade", 7: "century", 6: "millennium"}

Json = Mapping[str, Any]


def web_address(address: str) -> str | None:
    """The address if it is of the web."""
    try:
        return address if urlsplit(address).scheme in {"http", "https"} else None
    except ValueError:
        return None


def _unit(snak: Json) -> str | None:
    """The IRI of the unit of a quantity that has one."""
    value = snak.get("datavalue")
    if value is None or value["type"] != "quantity":
        return None
    unit = str(value["value"]["unit"])
    return None if unit in plainformat.UNITLESS else unit


class Values:
    """Reads values for one reader."""

    def __init__(self, repository: Repository, names: Names) -> None:
        self._repository = repository
        self._names = names
        self._language = names.reader[0]

    def learn(self, entity: Json) -> None:
        """Reads the names that the page of an entity shows: of properties, values and units."""
        units = (self._own(_unit(snak)) for statement in statements_of(entity) for snak in all_snaks(statement))
        self._names.learn(mentioned_entities(entity) | {unit for unit in units if unit})

    def _own(self, iri: str | None) -> str | None:
        """The id of an entity of this wiki by its IRI."""
        return parse_id(self._repository.namespaces.entity_id(iri)) if iri else None

    def statement(self, statement: Json) -> Statement:
        """A statement with qualifiers and references."""
        return Statement(
            statement["id"],
            statement["rank"],
            self.value(statement["mainsnak"]),
            self.lines(statement.get("qualifiers", {})),
            tuple(self.lines(reference["snaks"]) for reference in statement.get("references", ())),
        )

    def lines(self, groups: Mapping[str, Iterable[Json]]) -> tuple[Said, ...]:
        """Qualifiers, or the snaks of a reference."""
        return tuple(
            Said(self._names.of(property_id), tuple(map(self.value, snaks))) for property_id, snaks in groups.items()
        )

    def some(self, snaks: Iterable[Any]) -> tuple[Said, ...]:
        """Loose snaks, grouped by their property."""
        return self.lines(grouped(snaks))

    def value(self, snak: Json) -> Value:
        """The value of a snak."""
        key = snak.get("hash", "")
        if snak["snaktype"] != "value":
            return Value(ValueKind.UNKNOWN if snak["snaktype"] == "somevalue" else ValueKind.NONE, key=key)
        datavalue = snak["datavalue"]
        content = datavalue["value"]
        match datavalue["type"]:
            case "wikibase-entityid":
                return Value(ValueKind.ENTITY, entity=self._names.of(content["id"]), key=key)
            case "monolingualtext":
                return Value(ValueKind.MONOLINGUAL, content["text"], language=content["language"], key=key)
            case "time":
                return self._time(content, key)
            case "quantity":
                return self._quantity(content, _unit(snak), key)
            case "globecoordinate":
                return Value(ValueKind.LINK, plainformat.coordinate(content), address=_map(content), key=key)
        text = str(content)
        address = self._address(text, snak.get("datatype"), snak["property"])
        return Value(ValueKind.LINK if address else ValueKind.TEXT, text, address=address, key=key)

    def _quantity(self, content: Json, unit: str | None, key: str) -> Value:
        """An amount with its unit, an entity of this wiki or of another one."""
        text = plainformat.quantity(dict(content, unit="1"), self._language, lambda _: None)
        own = self._own(unit)
        if own is not None:
            return Value(ValueKind.QUANTITY, text, entity=self._names.of(own), key=key)
        return Value(ValueKind.QUANTITY, text, address=web_address(unit) if unit else None, key=key)

    def _time(self, content: Json, key: str) -> Value:
        moment = moment_of(content)
        if moment is None:
            return Value(ValueKind.TEXT, str(content["time"]), key=key)
        return Value(ValueKind.MOMENT, plainformat.time(content, self._language), moment=moment, key=key)

    def _address(self, text: str, datatype: str | None, property_id: str) -> str | None:
        match datatype:
            case "url":
                return web_address(text)
            case "commonsMedia":
                return f"{_COMMONS}File:{quote(text.replace(' ', '_'), safe=_PATH)}"
            case "geo-shape" | "tabular-data":
                return _COMMONS + quote(text.replace(" ", "_"), safe=_PATH)
            case "external-id":
                template = self._repository.formatter_url(property_id)
                return web_address(template.replace("$1", quote(text, safe=_PATH))) if template else None
        return None


def moment_of(content: Json) -> Moment | None:
    """The parts of a time; None for one that has not the parts that its precision asks for."""
    found = _TIME.match(content["time"])
    precision = content["precision"]
    if not found or not 0 <= precision <= 11:
        return None
    year, month, day = int(found[2]), int(found[3]), int(found[4])
    if precision >= 10 and not (1 <= month <= 12 and (day > 0 or precision == 10)):
        return None
    calendar = None
    if plainformat.needs_calendar(content):
        calendar = "julian" if content["calendarmodel"] == JULIAN else "gregorian"
    unit = _UNITS.get(precision, "years")
    return Moment(
        unit,
        _counted(year, unit, precision),
        month if precision >= 10 else 0,
        day if precision == 11 else 0,
        before_christ=found[1] == "-",
        calendar=calendar,
    )


def _counted(year: int, unit: str, precision: int) -> int:
    """The number of the unit: centuries and millennia are counted from one, decades go by their first year."""
    match unit:
        case "decade":
            return year // 10 * 10
        case "century":
            return math.ceil(year / 100)
        case "millennium":
            return math.ceil(year / 1000)
        case "years":
            size: int = 10 ** (9 - precision)
            return (year + size // 2) // size * size
    return year


def _map(content: Json) -> str | None:
    if content.get("globe", EARTH) != EARTH:
        return None
    return _MAP.format(*(f"{float(content[part]):.6f}".rstrip("0").rstrip(".") for part in ("latitude", "longitude")))
