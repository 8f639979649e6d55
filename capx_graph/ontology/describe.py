"""One term as its page and its RDF need it, and the JSON-LD context of the whole ontology.

The addresses /ontology/TERM of every instance are answered from here. RDF of a term is what ``capx.ttl`` and its
translations say of it, blank nodes included; for a class the individuals that belong to it too.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from capx_graph.errors import NotFound
from capx_graph.namespaces import CAPX, RDF, SKOS, VOCABULARY_PREFIXES, XSD
from capx_graph.ontology.index import triples_of
from capx_graph.ontology.vocabulary import ClassTerm, IndividualTerm, Ontology, PropertyTerm, Words
from capx_graph.resources import ontology_dir
from capx_graph.terms import RDF_TYPE, BlankNode, NamedNode, RdfFormat, Term, Triple, write_rdf

AnyTerm = ClassTerm | IndividualTerm | PropertyTerm
Json = dict[str, object]

_PREFIXES = ("capx", "dct", "foaf", "org", "owl", "rdf", "rdfs", "schema", "skos", "wikibase", "wikidata", "xsd")
PREFIXES = {prefix: VOCABULARY_PREFIXES[prefix] for prefix in _PREFIXES}
"""Prefixes of the ontology's own files."""


@dataclass(frozen=True, slots=True)
class TermDescription:
    """A term for a page: ``kind`` is class, property, annotation or individual.

    ``relations`` maps what leads on (``domain``, ``range``, ``qualifiers``, ``exactMatch`` ...) to IRIs; ``texts``
    what does not (``datatype``, ``code``, ``level_code``, ``rank``).
    """

    kind: str
    name: str
    iri: str
    words: Words
    relations: Mapping[str, tuple[str, ...]]
    texts: Mapping[str, str]


def describe(ontology: Ontology, name: str) -> TermDescription:
    """The term of this name; raises NotFound."""
    term = ontology.find(name)
    if term is None:
        raise NotFound(f"the ontology has no term {name!r}")
    relations = {key: iris for key, iris in _relations(ontology, term) if iris}
    relations |= {predicate.rsplit("#", 1)[-1]: iris for predicate, iris in term.words.alignments.items()}
    return TermDescription(
        kind=_kind(ontology, term),
        name=name,
        iri=term.iri,
        words=term.words,
        relations=relations,
        texts={key: text for key, text in _texts(term) if text},
    )


def ontology_rdf(format: RdfFormat, *, name: str | None = None, path: Path | None = None) -> bytes:
    """What the file says of one term, or all of it, in any RDF format; raises NotFound."""
    triples = list(triples_of(path or ontology_dir() / "capx.ttl"))
    if name is not None:
        triples = _about(triples, name)
        if not triples:
            raise NotFound(f"the ontology has no term {name!r}")
    return write_rdf(triples, format, prefixes=PREFIXES)


def json_ld_context(ontology: Ontology) -> Json:
    """The context by which plain JSON in the ontology's names is RDF; ``ontology/context.jsonld`` holds it."""
    context: Json = {"@version": 1.1, **PREFIXES, "id": "@id", "type": "@type"}
    context["label"] = {"@id": "rdfs:label", "@container": "@language"}
    context["description"] = {"@id": "schema:description", "@container": "@language"}
    context["alias"] = {"@id": "skos:altLabel", "@container": ["@language", "@set"]}
    context |= {term.name: _compact(term.iri) for term in ontology.classes.values()}
    context |= {term.name: _compact(term.iri) for term in ontology.individuals.values()}
    for term in ontology.properties.values():
        context[term.name] = _property_context(term)
    return {"@context": context}


def _property_context(term: PropertyTerm) -> Json | str:
    iri = _compact(term.projected_as)
    if RDF + "langString" in term.range:
        return {"@id": iri, "@container": "@language"}
    datatypes = [r for r in term.range if r.startswith(XSD)]
    if not datatypes:
        return {"@id": iri, "@type": "@id"}
    return iri if datatypes == [XSD + "string"] else {"@id": iri, "@type": _compact(datatypes[0])}


def _compact(iri: str) -> str:
    return next((f"{p}:{iri[len(base) :]}" for p, base in PREFIXES.items() if iri.startswith(base)), iri)


def _kind(ontology: Ontology, term: AnyTerm) -> str:
    if isinstance(term, ClassTerm):
        return "class"
    if isinstance(term, IndividualTerm):
        return "individual"
    return "annotation" if term.name in ontology.annotations else "property"


def _relations(ontology: Ontology, term: AnyTerm) -> Iterator[tuple[str, tuple[str, ...]]]:
    if isinstance(term, ClassTerm):
        of_it = (i for i in ontology.individuals.values() if i.class_name == term.name)
        yield "individuals", tuple(i.iri for i in sorted(of_it, key=lambda i: i.rank or 0))
        properties = (p for p in ontology.properties.values() if term.iri in p.domain)
        yield "properties", tuple(p.iri for p in properties)
    elif isinstance(term, IndividualTerm):
        yield "class", (ontology.class_(term.class_name).iri,)
    else:
        yield from _relations_of_property(ontology, term)


def _relations_of_property(ontology: Ontology, term: PropertyTerm) -> Iterator[tuple[str, tuple[str, ...]]]:
    yield "domain", term.domain
    yield "range", term.range
    yield "projected_as", () if term.projected_as == term.iri else (term.projected_as,)
    yield "statement_link", (term.statement_link,) if term.statement_link else ()
    yield "statement_value", (term.statement_value,) if term.statement_value else ()
    yield "qualifiers", tuple(ontology.property(name).iri for name in term.qualifiers)
    yield "references", tuple(ontology.property(name).iri for name in term.references)
    yield "negated_by", tuple(ontology.individual(name).iri for name in term.negated_by)
    closure = ontology.closures.get(term.name)
    if closure is not None:
        yield "closure_of", tuple(ontology.property(name).iri for name in closure.sources)
        yield "along", (ontology.property(closure.along).iri,)


def _texts(term: AnyTerm) -> Iterator[tuple[str, str | None]]:
    if isinstance(term, PropertyTerm):
        yield "datatype", term.datatype
        yield "formatter_url", term.formatter_url
    else:
        yield "code", term.code
    if isinstance(term, IndividualTerm):
        yield "level_code", term.level_code
        yield "rank", None if term.rank is None else str(term.rank)


def _about(triples: Sequence[Triple], name: str) -> list[Triple]:
    """The triples of a term and of the blank nodes under it."""
    by_subject: dict[object, list[Triple]] = {}
    for triple in triples:
        by_subject.setdefault(triple.subject, []).append(triple)
    wanted = {CAPX + name, SKOS + name} - {CAPX, SKOS}
    term = next((s for s in by_subject if isinstance(s, NamedNode) and s.value in wanted), None)
    if term is None:
        return []
    found: list[Triple] = []
    waiting: list[Term] = [term]
    while waiting:
        for triple in by_subject.get(waiting.pop(), []):
            found.append(triple)
            if isinstance(triple.object, BlankNode):
                waiting.append(triple.object)
    members = (t.subject for t in triples if t.object == term and t.predicate == RDF_TYPE)
    return [*found, *(triple for member in members for triple in by_subject[member])]
