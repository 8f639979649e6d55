"""Reads ``ontology/capx.ttl`` and its translations into an Ontology and refuses a file that contradicts itself.

What it checks is what the projection, the drafts and the pages rely on: every stored property has a Wikibase
datatype, domains and ranges exist, statement links come in pairs, chains are complete, and no IRI of our own
namespace is used that is not declared (which is how typing errors show).
"""

from __future__ import annotations

from pathlib import Path

from capx_graph.errors import OntologyError
from capx_graph.namespaces import CAPX, FOAF, OWL, RDF, RDFS, SKOS, WIKIBASE, XSD
from capx_graph.ontology.index import TripleIndex
from capx_graph.ontology.vocabulary import (
    ClassTerm,
    Closure,
    IndividualTerm,
    Ontology,
    PropertyTerm,
    PropertyUse,
    Words,
)
from capx_graph.resources import ontology_dir

_TYPE = RDF + "type"
DATATYPES = {
    WIKIBASE + "WikibaseItem": "wikibase-item",
    WIKIBASE + "String": "string",
    WIKIBASE + "ExternalId": "external-id",
    WIKIBASE + "Url": "url",
    WIKIBASE + "Monolingualtext": "monolingualtext",
    WIKIBASE + "CommonsMedia": "commonsMedia",
    WIKIBASE + "Quantity": "quantity",
    WIKIBASE + "Time": "time",
    WIKIBASE + "GlobeCoordinate": "globe-coordinate",
}
"""Wikibase's property types (IRI) and the names they have in its JSON."""
_FOREIGN = {
    RDFS + "Resource", RDFS + "Class", RDF + "Property", RDF + "List", RDF + "langString",
    XSD + "string", XSD + "dateTime", XSD + "integer", XSD + "boolean",
    FOAF + "Document", FOAF + "Image",
}  # fmt: skip
"""Classes and datatypes of other vocabularies that a domain or range may name."""
_ALIGNMENTS = (
    RDFS + "subClassOf", RDFS + "subPropertyOf", OWL + "equivalentClass", OWL + "equivalentProperty",
    SKOS + "exactMatch", SKOS + "closeMatch", SKOS + "relatedMatch",
)  # fmt: skip


def load_ontology(path: Path | None = None) -> Ontology:
    """The ontology of this house (or of another file); raises OntologyError."""
    index = TripleIndex(path or ontology_dir() / "capx.ttl")
    names = _Names(index)
    classes = {names.of(s): _class(index, names, s) for s in names.classes}
    properties = {names.of(s): _property(index, names, s) for s in names.properties}
    annotations = {names.of(s): _property(index, names, s) for s in names.annotations}
    ontology = Ontology(
        words=_words(index, CAPX),
        classes=classes,
        individuals={names.of(s): _individual(index, names, s) for s in names.individuals},
        properties=properties,
        annotations=annotations,
        closures={c.name: c for s in names.properties if (c := _closure(index, names, s))},
    )
    _check_nothing_undeclared(index, names)
    for term in (*properties.values(), *annotations.values()):
        _check_property(index, term, ontology, names)
    for closure in ontology.closures.values():
        _check_closure(index, closure, ontology)
    return ontology


class _Names:
    """Which subjects are classes, individuals, properties, and the short name of each."""

    def __init__(self, index: TripleIndex) -> None:
        types = {s: set(index.nodes(s, _TYPE)) for s in index.subjects()}
        self.classes = [s for s, t in types.items() if OWL + "Class" in t]
        self.individuals = [s for s, t in types.items() if OWL + "NamedIndividual" in t]
        self.annotations = [s for s, t in types.items() if OWL + "AnnotationProperty" in t]
        uses = {CAPX + use.value for use in PropertyUse}
        self.properties = [s for s, t in types.items() if t & uses]
        self._names: dict[str, str] = {}
        terms = [*self.classes, *self.individuals, *self.properties, *self.annotations]
        for subject in types:
            if subject != CAPX and terms.count(subject) != 1:
                raise index.error(subject, "must be exactly one of class, individual, property with a use, annotation")
        for subject in terms:
            name = subject.rsplit("/", 1)[-1].rsplit("#", 1)[-1]
            if name in self._names.values():
                raise index.error(subject, f"has a name that another term has: {name}")
            self._names[subject] = name

    def __contains__(self, iri: str) -> bool:
        return iri in self._names

    def of(self, iri: str) -> str:
        """The name of a declared term; raises OntologyError for another IRI."""
        if iri not in self._names:
            raise OntologyError(f"<{iri}> is not a term of the ontology")
        return self._names[iri]


def _words(index: TripleIndex, subject: str) -> Words:
    alignments = {p: index.nodes(subject, p) for p in _ALIGNMENTS if index.objects(subject, p)}
    words = Words(
        labels=index.by_language(subject, RDFS + "label"),
        definitions=index.by_language(subject, SKOS + "definition"),
        alignments=alignments,
    )
    if "en" not in words.labels or "en" not in words.definitions:
        raise index.error(subject, "needs an English label and definition")
    return words


def _class(index: TripleIndex, names: _Names, subject: str) -> ClassTerm:
    return ClassTerm(
        name=names.of(subject),
        iri=subject,
        words=_words(index, subject),
        code=index.text(subject, CAPX + "code"),
        identity_link=index.node(subject, CAPX + "identityLink"),
        parents=tuple(names.of(p) for p in index.nodes(subject, RDFS + "subClassOf") if p in names),
    )


def _individual(index: TripleIndex, names: _Names, subject: str) -> IndividualTerm:
    classes = [t for t in index.nodes(subject, _TYPE) if t in names]
    code = index.text(subject, CAPX + "code")
    if len(classes) != 1 or code is None:
        raise index.error(subject, "needs one class of the ontology and a capx:code")
    rank = index.text(subject, CAPX + "rank")
    return IndividualTerm(
        name=names.of(subject),
        iri=subject,
        words=_words(index, subject),
        class_name=names.of(classes[0]),
        code=code,
        level_code=index.text(subject, CAPX + "levelCode"),
        rank=None if rank is None else int(rank),
    )


def _property(index: TripleIndex, names: _Names, subject: str) -> PropertyTerm:
    types = index.nodes(subject, _TYPE)
    wikibase_type = index.node(subject, WIKIBASE + "propertyType")
    if wikibase_type is not None and wikibase_type not in DATATYPES:
        raise index.error(subject, f"has the unknown wikibase:propertyType <{wikibase_type}>")
    along = index.node(subject, CAPX + "derivedAlong")
    return PropertyTerm(
        name=names.of(subject),
        iri=subject,
        words=_words(index, subject),
        uses=frozenset(use for use in PropertyUse if CAPX + use.value in types),
        datatype=DATATYPES[wikibase_type] if wikibase_type else None,
        domain=index.union(subject, RDFS + "domain"),
        range=index.union(subject, RDFS + "range"),
        projected_as=index.node(subject, CAPX + "projectedAs") or subject,
        statement_link=index.node(subject, CAPX + "statementLink"),
        statement_value=index.node(subject, CAPX + "statementValue"),
        qualifiers=tuple(names.of(q) for q in index.nodes(subject, CAPX + "qualifier")),
        references=tuple(names.of(r) for r in index.nodes(subject, CAPX + "reference")),
        negated_by=tuple(names.of(n) for n in index.nodes(subject, CAPX + "negatedBy")),
        identity_link=index.node(subject, CAPX + "identityLink"),
        formatter_url=index.text(subject, CAPX + "formatterUrl"),
        formatter_uri=index.text(subject, CAPX + "formatterUri"),
        derived_along=tuple(names.of(p) for p in index.list(along)) if along else (),
    )


def _closure(index: TripleIndex, names: _Names, subject: str) -> Closure | None:
    chains = [index.list(node) for node in index.nodes(subject, OWL + "propertyChainAxiom")]
    if not chains:
        return None
    includes_self = index.text(subject, CAPX + "includesSelf")
    if includes_self not in ("true", "false"):
        raise index.error(subject, "has a chain, so it must say capx:includesSelf true or false")
    if any(len(chain) != 2 for chain in chains) or len({chain[1] for chain in chains}) != 1:
        raise index.error(subject, "needs chains of two properties that all end in the same one")
    return Closure(
        name=names.of(subject),
        iri=subject,
        sources=tuple(names.of(chain[0]) for chain in chains),
        along=names.of(chains[0][1]),
        includes_self=includes_self == "true",
    )


def _check_nothing_undeclared(index: TripleIndex, names: _Names) -> None:
    for subject in index.subjects():
        for predicate in index.predicates(subject):
            used = [predicate, *(str(o)[1:-1] for o in index.objects(subject, predicate) if str(o)[:1] == "<")]
            for iri in used:
                if iri.startswith(CAPX) and iri != CAPX and iri not in names:
                    raise index.error(subject, f"uses <{iri}>, which is not declared")


def _check_property(index: TripleIndex, term: PropertyTerm, ontology: Ontology, names: _Names) -> None:
    if bool(term.uses - {PropertyUse.DERIVED}) != term.is_stored:
        raise index.error(term.iri, "must have a wikibase:propertyType if and only if a Wikibase stores it")
    if not term.domain or not term.range:
        raise index.error(term.iri, "needs rdfs:domain and rdfs:range")
    for iri in (*term.domain, *term.range):
        if iri not in _FOREIGN and not (iri in names and names.of(iri) in ontology.classes):
            raise index.error(term.iri, f"has the unknown domain or range <{iri}>")
    if (term.statement_link is None) != (term.statement_value is None):
        raise index.error(term.iri, "must have both capx:statementLink and capx:statementValue, or neither")
    if (term.qualifiers or term.references) and term.statement_link is None:
        raise index.error(term.iri, "has qualifiers or references, so it needs a capx:statementLink")
    for names_used, use in ((term.qualifiers, PropertyUse.QUALIFIER), (term.references, PropertyUse.REFERENCE)):
        for name in names_used:
            if use not in ontology.property(name).uses:
                raise index.error(term.iri, f"uses {name}, which is not a {use.value}")
    for name in term.negated_by:
        ontology.individual(name)


def _check_closure(index: TripleIndex, closure: Closure, ontology: Ontology) -> None:
    hierarchy = ontology.closures.get(closure.along)
    if hierarchy is None or not hierarchy.is_hierarchy:
        raise index.error(closure.iri, f"goes along {closure.along}, which is no hierarchy")
    for source in closure.sources:
        if ontology.property(source).datatype != "wikibase-item":
            raise index.error(closure.iri, f"starts from {source}, whose values are not items")
    if PropertyUse.DERIVED not in ontology.property(closure.name).uses:
        raise index.error(closure.iri, "has a chain, so it must be a capx:DerivedProperty")
