"""The shapes speak of the ontology as it is: its terms, its individuals, its classes."""

from __future__ import annotations

import pytest
from rdflib import Graph, Namespace, URIRef
from rdflib.collection import Collection

from capx_graph import resources
from capx_graph.model import EntityKind
from capx_graph.namespaces import CAPX, SHACL
from capx_graph.ontology import Ontology, load_ontology
from capx_graph.shapes.conversion import flatten, graph_of, links, predicates_read
from capx_graph.shapes.report import SHAPE
from capx_graph.terms import read_turtle

SH = Namespace(SHACL)
SCALES = {
    "language-skill-level": {"LanguageLevel"},
    "member-skill-level": {"SkillLevel"},
    "statement-format": {"Format"},
    "statement-availability": {"Availability"},
    "entity-source": {"RecordSource"},
    "organization-type": {"OrganizationType"},
    "event-location-type": {"LocationType"},
}


@pytest.fixture(scope="module")
def source() -> Graph:
    return graph_of(triple for path in sorted(resources.shapes_dir().rglob("*.ttl")) for triple in read_turtle(path))


@pytest.fixture(scope="module")
def ontology() -> Ontology:
    return load_ontology()


def test_every_term_of_the_ontology_in_the_shapes_exists(source: Graph, ontology: Ontology) -> None:
    known = {
        *(term.projected_as for term in ontology.properties.values()),
        *(term.iri for term in ontology.classes.values()),
        *(term.iri for term in ontology.individuals.values()),
    }
    used = {
        str(node) for triple in source for node in triple if isinstance(node, URIRef) and str(node).startswith(CAPX)
    }
    assert used - known == set()


def test_every_kind_of_record_has_shapes(source: Graph, ontology: Ontology) -> None:
    targets = {str(node) for node in source.objects(None, SH.targetClass)}
    assert targets == {term.iri for term in ontology.classes.values() if term.code in set(EntityKind)}


@pytest.mark.parametrize("rule", SCALES)
def test_a_choice_is_among_all_individuals_of_its_class(source: Graph, ontology: Ontology, rule: str) -> None:
    (chosen,) = source.objects(URIRef(SHAPE + rule), SH["in"])
    wanted = {i.iri for i in ontology.individuals.values() if i.class_name in SCALES[rule]}
    assert {str(node) for node in Collection(source, chosen)} == wanted


def test_every_stated_property_is_looked_at(source: Graph, ontology: Ontology) -> None:
    """What can be stated can be stated wrongly; the exceptions are properties of properties."""
    read = predicates_read(flatten(source))
    stated = {name for name, term in ontology.properties.items() if term.datatype is not None}
    unread = {name for name in stated if ontology.properties[name].projected_as not in read}
    assert unread == {"formatterUri", "formatterUrl"}


def test_closures_stay_out_of_the_graph_that_is_validated(source: Graph) -> None:
    read = predicates_read(flatten(source))
    assert not {CAPX + name for name in ("offersUnder", "knowsUnder", "wantsUnder", "basedWithin", "within")} & read


def test_links_to_statements_are_only_passed_through(source: Graph) -> None:
    assert links(flatten(source)) == {CAPX + name for name in ("knowledge", "offer", "want")}
