"""The terms that can be written in a query besides items: of the ontology, of common vocabularies, and properties.

Only this package imports it. Properties are read from the graph once a version.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from enum import StrEnum
from threading import Lock

from capx_graph import queries
from capx_graph.namespaces import VOCABULARY_PREFIXES, WikibaseNamespaces
from capx_graph.ontology import Ontology
from capx_graph.store.base import GraphReader
from capx_graph.terms import Literal, NamedNode


class TermKind(StrEnum):
    """What a term is; the value tells the page which word to put beside it."""

    CLASS = "class"
    PROPERTY = "property"
    VALUE = "value"
    ITEM = "item"


@dataclass(frozen=True, slots=True)
class VocabularyTerm:
    """A term with its prefix (``capx:offers``) and its texts by language code."""

    written: str
    kind: TermKind
    labels: Mapping[str, str]
    definitions: Mapping[str, str] = field(default_factory=dict)

    def label(self, reader: Sequence[str]) -> tuple[str, str | None]:
        """Its name in the best of these languages, else what it is written as."""
        return _best(self.labels, reader) or (self.written.partition(":")[2], None)

    def definition(self, reader: Sequence[str]) -> tuple[str, str | None] | None:
        """What it means, in the best of these languages."""
        return _best(self.definitions, reader)


COMMON: tuple[tuple[str, TermKind, str], ...] = (
    ("rdfs:label", TermKind.PROPERTY, "label"),
    ("skos:prefLabel", TermKind.PROPERTY, "preferred label"),
    ("skos:altLabel", TermKind.PROPERTY, "alias, also known as"),
    ("schema:description", TermKind.PROPERTY, "description"),
    ("rdf:type", TermKind.PROPERTY, "type, is a"),
    ("skos:exactMatch", TermKind.PROPERTY, "exact match"),
    ("owl:sameAs", TermKind.PROPERTY, "same as"),
    ("schema:dateModified", TermKind.PROPERTY, "date modified"),
    ("wikibase:rank", TermKind.PROPERTY, "rank of a statement"),
    ("prov:wasDerivedFrom", TermKind.PROPERTY, "reference of a statement"),
    ("wikibase:Item", TermKind.CLASS, "item of the Wikibase"),
    ("wikibase:Property", TermKind.CLASS, "property of the Wikibase"),
    ("wikibase:Statement", TermKind.CLASS, "statement of the Wikibase"),
)
"""Terms of other vocabularies that every graph here has, with their names in English."""

DIRECT = "wdt"
"""How a property is written where no other prefix was typed: its best values, as in most queries."""


def ontology_terms(ontology: Ontology) -> tuple[VocabularyTerm, ...]:
    """Classes, properties and individuals of the ontology, and the common ones."""
    terms = [
        *((TermKind.CLASS, term.iri, term.words) for term in ontology.classes.values()),
        *((TermKind.PROPERTY, term.iri, term.words) for term in ontology.properties.values()),
        *((TermKind.VALUE, term.iri, term.words) for term in ontology.individuals.values()),
    ]
    found = {term.written: term for term in _common()}
    for kind, iri, words in terms:
        if written := compact(iri):
            found[written] = VocabularyTerm(written, kind, words.labels, words.definitions)
    return tuple(found.values())


def _common() -> Iterator[VocabularyTerm]:
    for written, kind, label in COMMON:
        yield VocabularyTerm(written, kind, {"en": label})


def compact(iri: str) -> str | None:
    """An IRI of a known vocabulary, written with its prefix."""
    base = max((base for base in VOCABULARY_PREFIXES.values() if iri.startswith(base)), key=len, default=None)
    if base is None:
        return None
    prefix = next(name for name, known in VOCABULARY_PREFIXES.items() if known == base)
    return f"{prefix}:{iri[len(base) :]}"


class WikibaseProperties:
    """The properties of the Wikibase, as ``wdt:P7``."""

    def __init__(self, graph: GraphReader, namespaces: WikibaseNamespaces) -> None:
        self._graph = graph
        self._namespaces = namespaces
        self._lock = Lock()
        self._version = -1
        self._terms: Mapping[str, VocabularyTerm] = {}

    def current(self) -> Mapping[str, VocabularyTerm]:
        """All properties by id, at the graph's version."""
        if self._version != self._graph.version:
            with self._lock:
                version = self._graph.version
                if self._version != version:
                    self._terms = self._read()
                    self._version = version
        return self._terms

    def _read(self) -> Mapping[str, VocabularyTerm]:
        labels: dict[str, dict[str, str]] = {}
        for property_, tag, label in self._graph.select(queries.load("completion/properties").unchanged()):
            if isinstance(property_, NamedNode) and (property_id := self._namespaces.entity_id(property_.value)):
                known = labels.setdefault(property_id, {})
                if isinstance(tag, Literal) and isinstance(label, Literal):
                    known[tag.value] = label.value
        return {
            property_id: VocabularyTerm(f"{DIRECT}:{property_id}", TermKind.PROPERTY, texts)
            for property_id, texts in labels.items()
        }


def _best(texts: Mapping[str, str], reader: Sequence[str]) -> tuple[str, str | None] | None:
    code = next((code for code in (*reader, "mul", "en") if code in texts), None)
    if code is None:
        code = min(texts, default=None)
    return (texts[code], code) if code else None
