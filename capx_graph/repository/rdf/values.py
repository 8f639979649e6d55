"""Data values as RDF terms: the plain one, the node with all details, the normalised IRI; for the rdf rooms only.

The property's datatype decides (a ``string`` value is an IRI for ``url``, a literal for ``string``); a value of an
unknown datatype falls back to what its own type says.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any, NamedTuple
from urllib.parse import quote

from capx_graph.namespaces import WIKIBASE
from capx_graph.repository.rdf.times import xsd_date_time
from capx_graph.repository.rdf.vocabulary import (
    WKT,
    XSD_DATE_TIME,
    XSD_DECIMAL,
    XSD_DOUBLE,
    XSD_INTEGER,
    Vocabulary,
    lenient_iri,
    term_literal,
    url_encoded,
)
from capx_graph.repository.values.hashes import fourteen_digits, value_node_name
from capx_graph.terms import RDF_TYPE, Literal, NamedNode, Term

MEDIA = "http://commons.wikimedia.org/wiki/Special:FilePath/"
COMMONS_DATA = "http://commons.wikimedia.org/data/main/"
EARTH = "http://www.wikidata.org/entity/Q2"
ONE = "http://www.wikidata.org/entity/Q199"
"""The unit of a quantity without unit (the JSON says ``1``)."""

Details = tuple[tuple[NamedNode, Term], ...]
ValueJson = Mapping[str, Any]


class RdfValue(NamedTuple):
    """A value in RDF: ``node`` is the name of its value node and ``details`` what hangs on it, for some types."""

    term: Term
    node: str | None = None
    details: Details = ()
    normalized: Term | None = None
    mentions: str | None = None


def rdf_value(vocabulary: Vocabulary, datatype: str | None, value: ValueJson, formatter: str | None) -> RdfValue:
    """How the ``datavalue`` of a snak is written; ``formatter`` is the property's URI template, if it has one."""
    content = value["value"]
    if value["type"] == "string":
        return _string(content, datatype, formatter)
    convert = _BY_TYPE.get(value["type"])
    if convert is None:
        return RdfValue(Literal(str(content)))
    return convert(vocabulary, value)


def _string(text: str, datatype: str | None, formatter: str | None) -> RdfValue:
    if datatype == "external-id" and formatter is not None:
        return RdfValue(Literal(text), normalized=lenient_iri(formatter.replace("$1", url_encoded(text))))
    if datatype == "url":
        return RdfValue(lenient_iri(text))
    if datatype == "commonsMedia":
        return RdfValue(NamedNode(MEDIA + quote(text, safe="")))
    if datatype in ("geo-shape", "tabular-data"):
        return RdfValue(lenient_iri(COMMONS_DATA + url_encoded(text)))
    return RdfValue(Literal(text))


def _entity(vocabulary: Vocabulary, value: ValueJson) -> RdfValue:
    content = value["value"]
    entity_id = content.get("id")
    if entity_id is None:
        entity_id = f"{'P' if content['entity-type'] == 'property' else 'Q'}{content['numeric-id']}"
    return RdfValue(vocabulary.entity(entity_id), mentions=entity_id)


def _monolingual(_vocabulary: Vocabulary, value: ValueJson) -> RdfValue:
    content = value["value"]
    return RdfValue(term_literal(content["text"], content["language"]))


def _quantity(_vocabulary: Vocabulary, value: ValueJson) -> RdfValue:
    content = value["value"]
    amount = Literal(content["amount"], datatype=XSD_DECIMAL)
    details: list[tuple[NamedNode, Term]] = [(RDF_TYPE, _QUANTITY_VALUE), (_AMOUNT, amount)]
    if content.get("upperBound") is not None and content.get("lowerBound") is not None:
        details.append((_UPPER, Literal(content["upperBound"], datatype=XSD_DECIMAL)))
        details.append((_LOWER, Literal(content["lowerBound"], datatype=XSD_DECIMAL)))
    unit = content["unit"]
    details.append((_UNIT, lenient_iri(ONE if unit == "1" else unit)))
    return RdfValue(amount, value_node_name(value), tuple(details))


def _time(_vocabulary: Vocabulary, value: ValueJson) -> RdfValue:
    content = value["value"]
    date = xsd_date_time(content["time"], content["precision"], content["calendarmodel"])
    term = Literal(content["time"]) if date is None else Literal(date, datatype=XSD_DATE_TIME)
    details = (
        (RDF_TYPE, _TIME_VALUE),
        (_TIME, term),
        (_TIME_PRECISION, Literal(str(content["precision"]), datatype=XSD_INTEGER)),
        (_TIMEZONE, Literal(str(content["timezone"]), datatype=XSD_INTEGER)),
        (_CALENDAR, lenient_iri(content["calendarmodel"])),
    )
    return RdfValue(term, value_node_name(value), details)


def _coordinate(_vocabulary: Vocabulary, value: ValueJson) -> RdfValue:
    content = value["value"]
    latitude, longitude = fourteen_digits(content["latitude"]), fourteen_digits(content["longitude"])
    precision, globe = content.get("precision"), content["globe"]
    point = f"Point({longitude} {latitude})"
    if globe != EARTH:
        point = f"<{globe.replace('>', '%3E')}> {point}"
    details: list[tuple[NamedNode, Term]] = [
        (RDF_TYPE, _COORDINATE_VALUE),
        (_LATITUDE, Literal(latitude, datatype=XSD_DOUBLE)),
        (_LONGITUDE, Literal(longitude, datatype=XSD_DOUBLE)),
        # Without a precision the reference states an arc second and says that it did so.
        (_GEO_PRECISION, Literal(fourteen_digits(1 / 3600 if precision is None else precision), datatype=XSD_DOUBLE)),
        (_GLOBE, lenient_iri(globe.strip())),
    ]
    if precision is None:
        details.append((RDF_TYPE, _AUTO_PRECISION))
    return RdfValue(Literal(point, datatype=WKT), value_node_name(value), tuple(details))


_BY_TYPE: dict[str, Callable[[Vocabulary, ValueJson], RdfValue]] = {
    "wikibase-entityid": _entity,
    "monolingualtext": _monolingual,
    "quantity": _quantity,
    "time": _time,
    "globecoordinate": _coordinate,
}

_QUANTITY_VALUE = NamedNode(WIKIBASE + "QuantityValue")
_AMOUNT = NamedNode(WIKIBASE + "quantityAmount")
_UPPER = NamedNode(WIKIBASE + "quantityUpperBound")
_LOWER = NamedNode(WIKIBASE + "quantityLowerBound")
_UNIT = NamedNode(WIKIBASE + "quantityUnit")
_TIME_VALUE = NamedNode(WIKIBASE + "TimeValue")
_TIME = NamedNode(WIKIBASE + "timeValue")
_TIME_PRECISION = NamedNode(WIKIBASE + "timePrecision")
_TIMEZONE = NamedNode(WIKIBASE + "timeTimezone")
_CALENDAR = NamedNode(WIKIBASE + "timeCalendarModel")
_COORDINATE_VALUE = NamedNode(WIKIBASE + "GlobecoordinateValue")
_AUTO_PRECISION = NamedNode(WIKIBASE + "GeoAutoPrecision")
_LATITUDE = NamedNode(WIKIBASE + "geoLatitude")
_LONGITUDE = NamedNode(WIKIBASE + "geoLongitude")
_GEO_PRECISION = NamedNode(WIKIBASE + "geoPrecision")
_GLOBE = NamedNode(WIKIBASE + "geoGlobe")
