"""The functions that queries call by IRI."""

from __future__ import annotations

import pytest
from pyoxigraph import BlankNode, Literal, NamedNode, QuerySolutions, Store

from capx_graph.namespaces import GEO, VOCABULARY_PREFIXES
from capx_graph.sparql.blazegraph import PREFIXES
from capx_graph.store.functions import FUNCTIONS, decode_uri, distance, is_some_value, latitude, longitude

WKT = NamedNode(GEO + "wktLiteral")


def point(text: str) -> Literal:
    return Literal(text, datatype=WKT)


def value(found: object) -> float:
    assert isinstance(found, Literal)
    return float(found.value)


@pytest.mark.parametrize(
    ("here", "there", "kilometres"),
    [
        ("Point(0 0)", "Point(0 0)", 0),
        ("Point(0 0)", "Point(180 0)", 20015),
        ("Point(13.383 52.517)", "Point(2.351 48.857)", 878),  # Berlin, Paris
        ("POINT ( -43.2 -22.9 )", "<http://www.wikidata.org/entity/Q2> Point(1.39e2 3.5e1)", 18653),
    ],
)
def test_distances_are_in_kilometres(here: str, there: str, kilometres: float) -> None:
    assert value(distance(point(here), point(there))) == pytest.approx(kilometres, abs=2)


@pytest.mark.parametrize(
    "text", ["", "Point()", "Point(1)", "Point(a b)", "LineString(1 2, 3 4)", "Point(1 2) x", "x" * 99]
)
def test_what_is_no_place_has_no_value(text: str) -> None:
    assert distance(point(text), point("Point(0 0)")) is None
    assert latitude(point(text)) is None
    assert longitude(NamedNode("http://x/")) is None


def test_unknown_values_are_told_from_known_ones() -> None:
    assert is_some_value(NamedNode("http://x/.well-known/genid/a")).value == "true"
    assert is_some_value(BlankNode()).value == "true"
    assert is_some_value(NamedNode("http://x/entity/Q1")).value == "false"


def test_percent_signs_are_decoded() -> None:
    assert decode_uri(Literal("S%C3%A3o_Paulo")) == Literal("São_Paulo")
    assert decode_uri(NamedNode("http://x/S%C3%A3o")) == NamedNode("http://x/São")


def test_the_engine_calls_them() -> None:
    text = "SELECT (geof:latitude('Point(3 4)'^^geo:wktLiteral) AS ?lat) (geof:distance('x', 'y') AS ?none) {}"
    answer = Store().query(text, prefixes={**VOCABULARY_PREFIXES, **PREFIXES}, custom_functions=dict(FUNCTIONS))
    assert isinstance(answer, QuerySolutions)
    row = next(answer)
    assert value(row["lat"]) == 4
    assert row["none"] is None
