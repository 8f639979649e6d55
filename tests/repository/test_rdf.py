"""The mapping to RDF where the recorded entities are silent, and the documents it is written into."""

from __future__ import annotations

import pytest
import rdflib

from capx_graph.repository.rdf.entity import EntityRdf, Flavor
from capx_graph.repository.rdf.serialise import (
    JSON_LD,
    N_TRIPLES,
    RDF_XML,
    TURTLE,
    Format,
    php_document,
    rdf_document,
    wikibase_prefixes,
)
from capx_graph.repository.rdf.times import JULIAN, xsd_date_time
from capx_graph.repository.rdf.vocabulary import lenient_iri, url_encoded
from capx_graph.terms import BlankNode, RdfFormat, parse_rdf
from tests.houses.rdf import BASE, NAMESPACES, Wiki, canonical, item, prop, snak

GREGORIAN = "http://www.wikidata.org/entity/Q1985727"
UNKNOWN = {"mainsnak": {"snaktype": "somevalue", "property": "P1"}}


@pytest.fixture
def wiki() -> Wiki:
    wiki = Wiki()
    wiki.add(prop("P1", "string"))
    wiki.add(prop("P2", "quantity"))
    wiki.add(prop("P3", "globe-coordinate"))
    wiki.add(prop("P4", "monolingualtext"))
    return wiki


def _rich(wiki: Wiki) -> None:
    quantity = {"amount": "+10.50", "unit": "1", "upperBound": "+11.0", "lowerBound": "+10.0"}
    place = {"latitude": 1e-7, "longitude": -10.5, "altitude": None, "precision": 1, "globe": GREGORIAN}
    wiki.add(
        item(
            "Q1",
            {"mainsnak": snak("P1", "string", 'line\n"quoted" \\ é 日本 </x>')},
            {"mainsnak": snak("P2", "quantity", quantity)},
            {"mainsnak": snak("P3", "globecoordinate", place)},
            {"mainsnak": snak("P4", "monolingualtext", {"text": "olá", "language": "pt-br"})},
            UNKNOWN,
            {"mainsnak": {"snaktype": "novalue", "property": "P2"}},
            en="one",
        )
    )


@pytest.mark.filterwarnings("ignore:ConjunctiveGraph is deprecated")
@pytest.mark.parametrize(
    ("format_", "name"), [(TURTLE, "turtle"), (N_TRIPLES, "nt"), (RDF_XML, "xml"), (JSON_LD, "json-ld")]
)
def test_a_foreign_reader_finds_every_literal_as_it_was_written(
    wiki: Wiki, format_: Format, name: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(rdflib, "NORMALIZE_LITERALS", False)
    _rich(wiki)
    triples = EntityRdf(NAMESPACES, wiki).triples(wiki.pages["Q1"])
    document = rdf_document(triples, format_, wikibase_prefixes(NAMESPACES))
    read = rdflib.Graph().parse(data=document, format=name)
    again = list(parse_rdf(read.serialize(format="nt", encoding="utf-8"), RdfFormat.N_TRIPLES))
    assert canonical(again) == canonical(triples)


def test_turtle_uses_the_prefixes_of_a_wikibase(wiki: Wiki) -> None:
    wiki.add(item("Q1", UNKNOWN))
    text = rdf_document(
        EntityRdf(NAMESPACES, wiki).triples(wiki.pages["Q1"]), TURTLE, wikibase_prefixes(NAMESPACES)
    ).decode()
    assert "@prefix s: <http://127.0.0.1:8181/entity/statement/> ." in text
    assert "data:Q1 a schema:Dataset ;\n\tschema:about wd:Q1 ;" in text
    assert 'schema:version "7"^^xsd:integer' in text


def test_skolem_iris_stay_the_same_and_no_blank_node_is_left(wiki: Wiki) -> None:
    unknown_qualifier = {**UNKNOWN, "qualifiers": {"P1": [{"snaktype": "somevalue", "property": "P1"}]}}
    wiki.add(item("Q1", UNKNOWN, unknown_qualifier))
    first, second = (EntityRdf(NAMESPACES, wiki).triples(wiki.pages["Q1"], Flavor.DUMP, skolem=True) for _ in range(2))
    assert first == second
    unknown = {str(t.object) for t in first if f"{BASE}/.well-known/genid/" in str(t.object)}
    assert len(unknown) == 5, "two truthy, two main values, one qualifier, each its own"
    everything = first + EntityRdf(NAMESPACES, wiki).triples(wiki.pages["P1"], Flavor.DUMP, skolem=True)
    assert not any(isinstance(term, BlankNode) for t in everything for term in (t.subject, t.object))


@pytest.mark.parametrize(
    ("time", "precision", "calendar", "expected"),
    [
        ("+0000-00-00T00:00:00Z", 9, GREGORIAN, None),
        ("nonsense", 9, GREGORIAN, None),
        ("+2020-13-40T00:00:00Z", 11, GREGORIAN, "2020-12-31T00:00:00Z"),
        ("+2000-02-30T00:00:00Z", 11, GREGORIAN, "2000-02-29T00:00:00Z"),
        ("-0001-02-29T00:00:00Z", 11, GREGORIAN, "0000-02-29T00:00:00Z"),
        ("-0005-02-29T00:00:00Z", 11, GREGORIAN, "-0004-02-29T00:00:00Z"),
        ("-0044-02-29T00:00:00Z", 11, GREGORIAN, "-0043-02-28T00:00:00Z"),
        ("-0044-03-15T00:00:00Z", 10, JULIAN, "-0043-03-01T00:00:00Z"),
        ("-0100-00-00T00:00:00Z", 8, GREGORIAN, "-0100-01-01T00:00:00Z"),
        ("+2020-06-32T00:00:00Z", 11, JULIAN, "2020-06-30T00:00:00Z"),
        ("+1582-10-04T00:00:00Z", 11, JULIAN, "1582-10-14T00:00:00Z"),
        ("+1582-10-05T00:00:00Z", 11, JULIAN, "1582-10-15T00:00:00Z"),
        ("-4713-01-01T00:00:00Z", 11, JULIAN, "-4712-01-01T00:00:00Z"),
        ("-4713-01-02T00:00:00Z", 11, JULIAN, "-4713-11-25T00:00:00Z"),
        ("-9999-01-01T00:00:00Z", 11, JULIAN, "-9998-01-01T00:00:00Z"),
        ("+2000000-01-01T00:00:00Z", 11, JULIAN, "2000000-01-01T00:00:00Z"),
        ("+2020-01-01T12:30:45Z", 11, GREGORIAN, "2020-01-01T12:30:45Z"),
    ],
)
def test_times_become_proleptic_gregorian(time: str, precision: int, calendar: str, expected: str | None) -> None:
    assert xsd_date_time(time, precision, calendar) == expected


@pytest.mark.parametrize(
    ("url", "expected"),
    [
        ("http://a/b c|d", "<http://a/b%20c%7Cd>"),
        ("http://a/100%", "<http://a/100%25>"),
        ("http://a/[x]", "<http://a/%5Bx%5D>"),
        ("http://é/ñ", "<http://é/ñ>"),
        ("no scheme", '"no scheme"^^<http://www.w3.org/2001/XMLSchema#anyURI>'),
    ],
)
def test_a_url_that_is_no_iri_is_mended_not_refused(url: str, expected: str) -> None:
    assert str(lenient_iri(url)) == expected


def test_ids_are_put_into_addresses_as_mediawiki_does() -> None:
    assert url_encoded("a b/c:d,e@f!g*(h)~;$ü&=?#'+") == "a+b/c:d,e@f!g*(h)~;$%C3%BC%26%3D%3F%23%27%2B"


def test_a_language_code_that_is_no_tag_does_not_lose_the_text(wiki: Wiki) -> None:
    wiki.add(item("Q1", **{"zh-classical": "文"}))
    labels = {
        str(t.object) for t in EntityRdf(NAMESPACES, wiki).triples(wiki.pages["Q1"]) if "label" in str(t.predicate)
    }
    assert labels == {'"文"@und'}


def test_a_statement_of_a_deleted_property_keeps_its_value(wiki: Wiki) -> None:
    wiki.add(item("Q1", {"mainsnak": snak("P99", "string", "x")}))
    objects = {
        str(t.object) for t in EntityRdf(NAMESPACES, wiki).triples(wiki.pages["Q1"]) if "P99" in str(t.predicate)
    }
    assert '"x"' in objects


def test_php_documents_count_bytes() -> None:
    assert (
        php_document({"é": [1, True, None, "日"]}) == 'a:1:{s:2:"é";a:4:{i:0;i:1;i:1;b:1;i:2;N;i:3;s:3:"日";}}'.encode()
    )
