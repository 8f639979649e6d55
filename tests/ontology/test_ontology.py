"""The ontology and the mappings load, agree with each other, and refuse files that contradict themselves."""

from __future__ import annotations

from pathlib import Path

import pytest

from capx_graph.errors import OntologyError
from capx_graph.namespaces import CAPX, SKOS
from capx_graph.ontology import (
    Instance,
    InstanceHeader,
    Ontology,
    load_instance,
    load_ontology,
    read_instance,
    written_instance,
)
from capx_graph.resources import ontology_dir

_PREFIXES = """
@prefix capx: <https://w3id.org/capx/ontology/> .
@prefix capxi: <https://w3id.org/capx/instance/> .
@prefix wikibase: <http://wikiba.se/ontology#> .
<https://w3id.org/capx/instance/other> a capxi:Instance .
"""


@pytest.fixture(scope="module")
def ontology() -> Ontology:
    return load_ontology()


@pytest.fixture(scope="module")
def embedded(ontology: Ontology) -> Instance:
    return load_instance("embedded", ontology)


def test_a_property_knows_how_its_statements_become_triples(ontology: Ontology) -> None:
    offers = ontology.property("offers")
    assert (offers.iri, offers.projected_as, offers.datatype) == (CAPX + "offers", CAPX + "offers", "wikibase-item")
    assert (offers.statement_link, offers.statement_value) == (CAPX + "offer", CAPX + "capacity")
    assert set(offers.qualifiers) == {"level", "format", "availability"}
    assert set(offers.domain) == {CAPX + "Person", CAPX + "Organization"}
    assert ontology.property("speaks").negated_by == ("Level0",)
    assert ontology.property("begin").is_instant
    assert not ontology.property("username").is_instant


def test_closures_say_where_they_start_and_whether_they_hold_the_start(ontology: Ontology) -> None:
    above, offered = ontology.closures["broaderTransitive"], ontology.closures["offersUnder"]
    assert (above.sources, above.is_hierarchy, above.includes_self) == (("broader",), True, False)
    assert (offered.sources, offered.along, offered.includes_self) == (("offers",), "broaderTransitive", True)
    assert set(ontology.closures["involvesUnder"].sources) == {"knows", "offers", "wants"}


def test_the_class_decides_how_an_identity_is_expressed(ontology: Ontology) -> None:
    assert ontology.class_("Capacity").identity_link == SKOS + "exactMatch"
    assert ontology.class_("Person").identity_link is None
    assert ontology.property("wikidataId").identity_link == "http://www.w3.org/2002/07/owl#sameAs"


def test_the_embedded_mapping_goes_both_ways(embedded: Instance) -> None:
    for name, property_id in embedded.property_ids.items():
        term = embedded.term_of_property(property_id)
        assert term is not None
        assert term.name == name
    level = embedded.term_of_item(embedded.item_id("LevelN"))
    assert level == embedded.ontology.individual("LevelN")
    assert (level.class_name, level.code) == ("LanguageLevel", "n")
    assert embedded.term_of_item("Q100000") is None


def test_a_term_without_an_id_is_an_error_that_names_it(ontology: Ontology) -> None:
    with pytest.raises(OntologyError, match="metabase has no id for 'wants'"):
        load_instance("metabase", ontology).property_id("wants")


@pytest.mark.parametrize(
    ("change", "problem"),
    [
        (("capx:statementLink capx:offer ;", ""), "both capx:statementLink"),
        (("rdfs:range capx:LocationType ;", ""), "needs rdfs:domain and rdfs:range"),
        (("rdfs:range capx:LocationType ;", "rdfs:range capx:LocationTipe ;"), "LocationTipe>, which is not declared"),
        (("rdfs:range capx:LocationType ;", "rdfs:range schema:Thing ;"), "unknown domain or range"),
        (("wikibase:propertyType wikibase:CommonsMedia", "wikibase:propertyType wikibase:Film"), "unknown wikibase"),
        (
            ("capx:website a owl:ObjectProperty , capx:StatementProperty", "capx:website a owl:ObjectProperty"),
            "exactly",
        ),
        (("( capx:partOf capx:within )", "( capx:partOf )"), "chains of two properties"),
        (("( capx:concerns skos:broaderTransitive )", "( capx:concerns capx:organizer )"), "no hierarchy"),
        (("( capx:concerns skos:broaderTransitive )", "( capx:venue skos:broaderTransitive )"), "not items"),
        (('rdfs:label "offers"@en', 'rdfs:label "offers"@en , "shares"@en'), "once a language"),
        (("capx:qualifier capx:level ;\n", "capx:qualifier capx:venue ;\n"), "venue, which is not a QualifierProperty"),
        (('capx:code "hybrid"', 'capx:code "hybrid" , "both"'), "once, not 2 times"),
        (("skos:exactMatch wikidata:P18 ;", 'skos:exactMatch "P18" ;'), "must lead to a node"),
        (("capx:Hybrid a capx:LocationType ,", "capx:Hybrid a"), "needs one class"),
    ],
)
def test_an_ontology_that_contradicts_itself_is_refused(tmp_path: Path, change: tuple[str, str], problem: str) -> None:
    text = (ontology_dir() / "capx.ttl").read_text(encoding="utf-8")
    assert change[0] in text, "the fixture changes something"
    broken = tmp_path / "broken.ttl"
    broken.write_text(text.replace(*change), encoding="utf-8")
    with pytest.raises(OntologyError, match=problem):
        load_ontology(broken)


@pytest.mark.parametrize(
    ("lines", "problem"),
    [
        ('capx:knows capxi:property "P7" , "P8" .', "once, not 2 times"),
        ('capx:knows capxi:property "P7" . capx:wants capxi:property "P7" .', "P7 stand for two terms"),
        ('capx:knows capxi:property "Q7" .', "needs one capxi:property"),
        ('capx:knows capxi:item "Q7" .', "needs one capxi:property"),
        ('capx:Person capxi:property "P7" .', "needs one capxi:item"),
        ('capx:offersUnder capxi:property "P7" .', "must be a stored property"),
        ('capx:nothing capxi:property "P7" .', "not a stored term"),
        ('capx:knows capxi:property "P7" ; capxi:datatype wikibase:Film .', "unknown datatype"),
        ('capx:knows capxi:property "P7" ; capxi:path [ capxi:of capx:Person ] .', "capxi:steps"),
        ('capx:knows capxi:property "P7" ; capxi:path [ capxi:of capx:Person ; capxi:steps ( [] ) ] .', "two steps"),
        ("<https://w3id.org/capx/instance/other> capxi:complete true .", "is complete and has no id for"),
        ("<https://w3id.org/capx/instance/second> a capxi:Instance .", "one capxi:Instance, not 2"),
    ],
)
def test_a_mapping_that_contradicts_the_ontology_is_refused(
    tmp_path: Path, ontology: Ontology, lines: str, problem: str
) -> None:
    broken = tmp_path / "other.ttl"
    broken.write_text(_PREFIXES + lines, encoding="utf-8")
    with pytest.raises(OntologyError, match=problem):
        read_instance(broken, ontology)


def test_an_unknown_instance_is_refused_with_the_known_ones(ontology: Ontology) -> None:
    with pytest.raises(OntologyError, match="embedded, metabase"):
        load_instance("../embedded", ontology)


def _statement(value: object, *, rank: str = "normal") -> dict[str, object]:
    return {"rank": rank, "mainsnak": {"snaktype": "value", "datavalue": {"value": value}}}


def test_a_wikidata_id_on_a_second_item_is_found_through_the_path(ontology: Ontology) -> None:
    metabase = load_instance("metabase", ontology)
    capacity = {
        "id": "Q34600",
        "claims": {
            "P5": [_statement({"id": "Q34531"})],
            "P67": [_statement({"id": "Q900"}), _statement({"id": "Q901"}), _statement({"id": "Q902"})],
        },
    }
    others = {
        "Q900": {"claims": {"P5": [_statement({"id": "Q12"})], "P1": [_statement("Q11024")]}},
        "Q901": {"claims": {"P5": [_statement({"id": "Q23"})], "P1": [_statement("Q42")]}},
    }
    assert metabase.path("wikidataId") == ("P67", "P1")
    assert metabase.values("wikidataId", capacity, others.get) == ("Q11024",), "only index terms lead on"
    person = {"claims": {"P5": [_statement({"id": "Q23"})], "P1": [_statement("Q42")]}}
    assert metabase.values("wikidataId", person, others.get) == ("Q42",), "the path belongs to capacities alone"


def test_values_are_those_of_best_rank(embedded: Instance) -> None:
    unknown = {"rank": "normal", "mainsnak": {"snaktype": "somevalue"}}
    statements = [_statement("old"), _statement("gone", rank="deprecated"), unknown, _statement("old")]
    entity = {"claims": {embedded.property_id("username"): statements}}
    assert embedded.values("username", entity, lambda _: None) == ("old",)
    statements.append(_statement("new", rank="preferred"))
    assert embedded.values("username", entity, lambda _: None) == ("new",)


def test_a_wikibase_elsewhere_was_complete_when_it_was_provisioned(tmp_path: Path, ontology: Ontology) -> None:
    """A term that the ontology gets later must not make its file unreadable: capx provision adds it."""
    header = InstanceHeader("mine", "Mine", "https://wiki.example/entity/")
    path = tmp_path / "mine.ttl"
    path.write_text(written_instance(header, ontology, {"username": "P7"}, complete=True), encoding="utf-8")
    instance = read_instance(path, ontology)
    assert not instance.is_complete
    assert instance.property_id("username") == "P7"
