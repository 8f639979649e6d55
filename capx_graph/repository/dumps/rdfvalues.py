"""Data values from their RDF, as far as the RDF determines them; rdfentity.py alone imports it.

Times and quantities are proven by the name of their value node, which is a hash of all they say: what does not lead to
the same name is not guessed at. Coordinates are told to fourteen digits only, and so never taken from RDF.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from functools import cache
from itertools import product
from typing import Any
from urllib.parse import unquote, unquote_plus

from capx_graph import languages
from capx_graph.errors import CapxError
from capx_graph.namespaces import WIKIBASE, WikibaseNamespaces
from capx_graph.repository.rdf.times import JULIAN, YEAR
from capx_graph.repository.rdf.values import COMMONS_DATA, MEDIA, ONE
from capx_graph.repository.values import datavalues
from capx_graph.repository.values.datatypes import VALUE_TYPES
from capx_graph.repository.values.hashes import value_node_name
from capx_graph.terms import Literal, NamedNode, Term, Triple

Json = dict[str, Any]

WITH_NODES = frozenset({"globe-coordinate", "quantity", "time"})
"""Datatypes whose values are told by a node."""

_ENCODED = re.compile(r"%(?:[01][0-9A-F]|2[025]|3[CE]|5[BCDE]|60|7[BCD])", re.IGNORECASE)
"""Octets that the writer of the RDF encodes: they were so in the URL, or not."""
_DATE = re.compile(r"(-?)([0-9]{4,})-([0-9]{2})-([0-9]{2})T(.*)", re.DOTALL)
_DAY = 11


class Unproven(CapxError):
    """The RDF does not determine what the entity says."""


def plain_value(spaces: WikibaseNamespaces, datatype: str, term: Term | Triple) -> Json:
    """The value of a snak whose term says everything; raises Unproven."""
    value_type = VALUE_TYPES.get(datatype)
    if value_type == "wikibase-entityid" and isinstance(term, NamedNode):
        return datavalues.read({"type": value_type, "value": {"id": spaces.entity_id(term.value)}})
    if value_type == "monolingualtext" and isinstance(term, Literal) and term.language:
        code = code_of(term.language, languages.monolingual_codes())
        return datavalues.read({"type": value_type, "value": {"language": code, "text": term.value}})
    if value_type == "string" and isinstance(term, NamedNode | Literal):
        return datavalues.read({"type": value_type, "value": _text(datatype, term)})
    raise Unproven(f"{term} is no value of {datatype or 'an unknown datatype'}")


def node_value(datatype: str, name: str, triples: Sequence[Triple]) -> Json:
    """The value that a value node of this name tells; raises Unproven."""
    told = {triple.predicate.value.removeprefix(WIKIBASE): triple.object for triple in triples}
    texts = {key: term.value for key, term in told.items() if isinstance(term, Literal | NamedNode)}
    try:
        candidates = _quantities(texts) if datatype == "quantity" else _times(texts) if datatype == "time" else ()
        for candidate in candidates:
            value = datavalues.read(candidate)
            if value_node_name(value) == name:
                return value
    except (KeyError, ValueError) as error:
        raise Unproven(f"the value node {name} lacks {error}") from error
    raise Unproven(f"the value node {name} is told in part only")


def code_of(tag: str, codes: frozenset[str]) -> str:
    """The wiki's code of a language tag, where it cannot be another one; raises Unproven."""
    code = tag.lower()
    if code not in codes or code in _told_otherwise():
        raise Unproven(f"the tag {tag!r} may stand for several codes")
    return code


@cache
def _told_otherwise() -> frozenset[str]:
    """Tags under which texts of other codes are told: ``nan`` is also what ``zh-min-nan`` becomes."""
    standard = {code: languages.bcp47(code).lower() for code in languages.term_codes() | languages.monolingual_codes()}
    return frozenset({tag for code, tag in standard.items() if tag != code} | {"bho", "crh-latn", "nb"})


def _text(datatype: str, term: NamedNode | Literal) -> str:
    if datatype == "commonsMedia":
        return unquote(term.value.removeprefix(MEDIA))
    if datatype in ("geo-shape", "tabular-data"):
        return unquote_plus(term.value.removeprefix(COMMONS_DATA))
    if datatype == "url" and _ENCODED.search(term.value):
        raise Unproven(f"{term} may have been typed with or without its percent signs")
    return term.value


def _quantities(texts: Mapping[str, str]) -> Iterator[Json]:
    unit = texts["quantityUnit"]
    content = {"amount": texts["quantityAmount"], "unit": "1" if unit == ONE else unit}
    if "quantityUpperBound" in texts:
        content |= {"upperBound": texts["quantityUpperBound"], "lowerBound": texts["quantityLowerBound"]}
    yield {"type": "quantity", "value": content}


def _times(texts: Mapping[str, str]) -> Iterator[Json]:
    """What may have been written: month and day of a coarse date are told as 1 and may have been 0."""
    precision, calendar = int(texts["timePrecision"]), texts["timeCalendarModel"]
    date = _DATE.fullmatch(texts["timeValue"])
    if date is None or (calendar == JULIAN and precision >= _DAY):
        return
    sign, year = ("-" if date[1] else "+"), int(date[2])
    if precision >= YEAR and (date[1] or not year):
        sign, year = "-", year + 1
    months = ("00", date[3]) if date[3] == "01" else (date[3],)
    days = ("00", date[4]) if date[4] == "01" else (date[4],)
    for month, day in product(months, days):
        if month == "00" != day:
            continue
        content = {
            "time": f"{sign}{year:04d}-{month}-{day}T{date[5]}",
            "timezone": int(texts["timeTimezone"]),
            "before": 0,
            "after": 0,
            "precision": precision,
            "calendarmodel": calendar,
        }
        yield {"type": "time", "value": content}
