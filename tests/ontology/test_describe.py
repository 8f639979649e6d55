"""A term is described for its page, as RDF, and by the JSON-LD context that other tools read."""

from __future__ import annotations

import json

import pytest

from capx_graph.errors import NotFound
from capx_graph.namespaces import CAPX, RDFS, WIKIDATA, XSD
from capx_graph.ontology import Ontology, describe, json_ld_context, load_ontology, ontology_rdf
from capx_graph.resources import ontology_dir
from capx_graph.terms import RdfFormat, parse_rdf


@pytest.fixture(scope="module")
def ontology() -> Ontology:
    return load_ontology()


def test_a_property_is_described_with_domain_range_and_alignments(ontology: Ontology) -> None:
    speaks = describe(ontology, "speaks")
    assert (speaks.kind, speaks.words.labels["ja"]) == ("property", "話す言語")
    assert speaks.relations["domain"] == (CAPX + "Person",)
    assert speaks.relations["range"] == (CAPX + "Language",)
    assert speaks.relations["exactMatch"] == (WIKIDATA + "P1412",)
    assert speaks.relations["negated_by"] == (CAPX + "Level0",)
    assert speaks.texts["datatype"] == "wikibase-item"
    assert describe(ontology, "offersUnder").relations["closure_of"] == (CAPX + "offers",)


def test_a_class_names_its_properties_and_its_individuals_in_order(ontology: Ontology) -> None:
    levels = describe(ontology, "LanguageLevel")
    assert [iri.removeprefix(CAPX) for iri in levels.relations["individuals"]] == [f"Level{c}" for c in "012345N"]
    assert CAPX + "offers" in describe(ontology, "Person").relations["properties"]
    assert describe(ontology, "LevelN").texts == {"code": "n", "level_code": "n", "rank": "6"}


def test_every_term_can_be_described_and_written(ontology: Ontology) -> None:
    names = [*ontology.classes, *ontology.individuals, *ontology.properties, *ontology.annotations]
    assert all(describe(ontology, name).name == name for name in names)


@pytest.mark.parametrize("name", ["offer s", "", "../capx", "OFFERS", "nothing"])
def test_what_is_no_term_is_not_found(ontology: Ontology, name: str) -> None:
    with pytest.raises(NotFound):
        describe(ontology, name)
    with pytest.raises(NotFound):
        ontology_rdf(RdfFormat.TURTLE, name=name)


def test_the_turtle_of_a_term_holds_its_union_and_nothing_of_other_terms() -> None:
    triples = list(parse_rdf(ontology_rdf(RdfFormat.TURTLE, name="offers"), RdfFormat.TURTLE))
    named = {str(t.subject) for t in triples if str(t.subject).startswith("<")}
    assert named == {f"<{CAPX}offers>"}
    assert {CAPX + "Person", CAPX + "Organization"} <= {str(t.object)[1:-1] for t in triples}
    broader = ontology_rdf(RdfFormat.TURTLE, name="broader")
    assert b"skos:broader a" in broader.replace(b"\n", b" ")


def test_the_rdf_of_a_class_brings_its_individuals() -> None:
    triples = parse_rdf(ontology_rdf(RdfFormat.N_TRIPLES, name="LocationType"), RdfFormat.N_TRIPLES)
    names = ("LocationType", "Virtual", "InPerson", "Hybrid")
    assert {f"<{CAPX}{name}>" for name in names} == {str(triple.subject) for triple in triples}


def test_the_context_file_follows_the_ontology(ontology: Ontology) -> None:
    written = json.loads((ontology_dir() / "context.jsonld").read_text(encoding="utf-8"))
    assert written == json_ld_context(ontology), "write it anew with json_ld_context() after a change of capx.ttl"


def test_plain_json_becomes_rdf_by_the_context(ontology: Ontology) -> None:
    person = {
        **json_ld_context(ontology),
        "id": "http://example.org/entity/Q300",
        "type": "Person",
        "label": {"en": "Ada"},
        "username": "Ada",
        "offers": "http://example.org/entity/Q400",
        "lastActive": "2026-06-01T00:00:00Z",
        "about": {"pt": "Olá"},
    }
    written = {str(triple) for triple in parse_rdf(json.dumps(person), RdfFormat.JSON_LD)}
    ada = "<http://example.org/entity/Q300>"
    assert f"{ada} <{CAPX}offers> <http://example.org/entity/Q400>" in written
    assert f'{ada} <{RDFS}label> "Ada"@en' in written
    assert f'{ada} <{CAPX}about> "Olá"@pt' in written
    assert f'{ada} <{CAPX}lastActive> "2026-06-01T00:00:00Z"^^<{XSD}dateTime>' in written
