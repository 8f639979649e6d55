"""The node that describes a property: its type, its predicates, their OWL kinds, the class of 'no value'.

Rooms that write or read such RDF import it. Tools rely on it to find ``p:`` and ``ps:`` from ``wd:P1``, so the graph
holds it for every property. The surprising thing: quantities declare predicates for normalised values although no value
is ever normalised here, as the reference does.
"""

from __future__ import annotations

from collections.abc import Iterator

from capx_graph.namespaces import OWL, WIKIBASE
from capx_graph.repository.rdf.vocabulary import Vocabulary
from capx_graph.terms import RDF_TYPE, BlankNode, NamedNode, Triple

IRI_VALUED = frozenset({"commonsMedia", "geo-shape", "tabular-data", "url", "wikibase-item", "wikibase-property"})
"""Datatypes whose plain values are IRIs; all others are literals."""

_OBJECT_PROPERTY = NamedNode(OWL + "ObjectProperty")
_DATATYPE_PROPERTY = NamedNode(OWL + "DatatypeProperty")
_CLASS = NamedNode(OWL + "Class")
_COMPLEMENT_OF = NamedNode(OWL + "complementOf")
_RESTRICTION = NamedNode(OWL + "Restriction")
_ON_PROPERTY = NamedNode(OWL + "onProperty")
_SOME_VALUES_FROM = NamedNode(OWL + "someValuesFrom")
_THING = NamedNode(OWL + "Thing")
_PROPERTY_TYPE = NamedNode(WIKIBASE + "propertyType")
_DIRECT_CLAIM = NamedNode(WIKIBASE + "directClaim")
_DIRECT_CLAIM_NORMALIZED = NamedNode(WIKIBASE + "directClaimNormalized")
_CLAIM = NamedNode(WIKIBASE + "claim")
_PLACES = {
    name: (
        NamedNode(f"{WIKIBASE}{name if name != 'statement' else 'statementProperty'}"),
        NamedNode(f"{WIKIBASE}{name}Value"),
        NamedNode(f"{WIKIBASE}{name}ValueNormalized"),
    )
    for name in ("statement", "qualifier", "reference")
}
_NOVALUE = NamedNode(WIKIBASE + "novalue")


def type_iri(datatype: str) -> NamedNode:
    """The IRI of a datatype: ``wikibase:GlobeCoordinate`` for ``globe-coordinate``."""
    return NamedNode(WIKIBASE + "".join(part[:1].upper() + part[1:] for part in datatype.split("-")))


def property_node(vocabulary: Vocabulary, property_id: str, datatype: str, *, skolem: bool) -> Iterator[Triple]:
    """Everything a property's page says beside its terms and statements."""
    terms = vocabulary.property(property_id)
    entity = terms.entity
    kind = _OBJECT_PROPERTY if datatype in IRI_VALUED else _DATATYPE_PROPERTY
    normalized = {"external-id": _OBJECT_PROPERTY, "quantity": _DATATYPE_PROPERTY}.get(datatype)
    yield Triple(entity, _PROPERTY_TYPE, type_iri(datatype))
    yield Triple(entity, _CLAIM, terms.claim)
    yield Triple(terms.claim, RDF_TYPE, _OBJECT_PROPERTY)
    yield Triple(entity, _DIRECT_CLAIM, terms.direct)
    yield Triple(terms.direct, RDF_TYPE, kind)
    if normalized is not None:
        yield Triple(entity, _DIRECT_CLAIM_NORMALIZED, terms.direct_normalized)
        yield Triple(terms.direct_normalized, RDF_TYPE, normalized)
    for name, place in (
        ("statement", terms.statement),
        ("qualifier", terms.qualifier),
        ("reference", terms.reference),
    ):
        plain, node, node_normalized = _PLACES[name]
        yield Triple(entity, plain, place.plain)
        yield Triple(place.plain, RDF_TYPE, kind)
        yield Triple(entity, node, place.node)
        yield Triple(place.node, RDF_TYPE, _OBJECT_PROPERTY)
        if normalized is not None:
            yield Triple(entity, node_normalized, place.normalized)
            yield Triple(place.normalized, RDF_TYPE, _OBJECT_PROPERTY)
    yield Triple(entity, _NOVALUE, terms.novalue)
    yield Triple(terms.novalue, RDF_TYPE, _CLASS)
    name = f"novalue-{property_id}"
    restriction = vocabulary.skolem(name) if skolem else BlankNode(name)
    yield Triple(terms.novalue, _COMPLEMENT_OF, restriction)
    yield Triple(restriction, RDF_TYPE, _RESTRICTION)
    yield Triple(restriction, _ON_PROPERTY, terms.direct)
    yield Triple(restriction, _SOME_VALUES_FROM, _THING)
