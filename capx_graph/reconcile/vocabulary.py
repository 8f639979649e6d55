"""The types and properties that a reconciliation knows: the classes and properties of the ontology, by any spelling.

Imported by this package, and by doors for suggestions. Texts of an entity are properties too: ``Lpt-br`` is the label
in Brazilian Portuguese, ``D`` the description, ``A`` the other names; without a code they follow the reader.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass

from capx_graph import languages
from capx_graph.model import EntityKind
from capx_graph.namespaces import CAPX, RDFS, SCHEMA, SKOS, VOCABULARY_PREFIXES
from capx_graph.ontology import ClassTerm, Instance, PropertyTerm, PropertyUse
from capx_graph.reconcile.model import Named
from capx_graph.terms import NamedNode, iri
from capx_graph.textindex import fold

KINDS: Mapping[str, EntityKind] = {**{kind.value: kind for kind in EntityKind}, "region": EntityKind.TERRITORY}
"""The kind in the text index of the entities of a class, by the class's code."""

IDENTIFIERS = frozenset({"username"})
"""Properties that tell one thing from all others, beside those of the datatype external-id."""

_TECHNICAL = frozenset({"instanceOf", "formatterUrl", "formatterUri", "unreviewedLanguage", "retired", "replacedBy"})
_TEXTS: Mapping[str, tuple[str, NamedNode]] = {
    "L": ("label", iri(RDFS + "label")),
    "D": ("description", iri(SCHEMA + "description")),
    "A": ("alias", iri(SKOS + "altLabel")),
}
_TEXT_NAMES = {
    "label": "L",
    "rdfs:label": "L",
    "skos:prefLabel": "L",
    "description": "D",
    "schema:description": "D",
    "alias": "A",
    "skos:altLabel": "A",
}
_TEXT = re.compile(r"([LDA])([a-z][a-z0-9-]*)?")
_ANYTHING = RDFS + "Resource"
_STATEMENT = CAPX + "Statement"


@dataclass(frozen=True, slots=True)
class Property:
    """A property to compare or to fetch. ``language`` narrows texts; ``is_text`` says that it is one of the three."""

    id: str
    predicate: NamedNode
    term: PropertyTerm | None = None
    language: str | None = None
    is_text: bool = False

    @property
    def is_identifier(self) -> bool:
        """Whether a value stands for one thing only."""
        return self.term is not None and (self.term.datatype == "external-id" or self.term.name in IDENTIFIERS)


class Vocabulary:
    """Types and properties by identifier, by IRI, with a prefix, or by the ids of the Wikibase."""

    def __init__(self, instance: Instance) -> None:
        self._instance = instance
        self._ontology = instance.ontology
        self._classes = {term.name: term for term in self._ontology.classes.values() if term.code}
        self._by_class_iri = {term.iri: term for term in self._classes.values()}
        self._individuals = {term.iri: term for term in self._ontology.individuals.values()}
        properties = self._ontology.properties.values()
        self._by_property_iri = {term.iri: term for term in properties} | {
            term.projected_as: term for term in properties
        }

    def class_(self, given: str) -> ClassTerm | None:
        """The class that somebody means: ``Person``, ``capx:Person``, its IRI, ``person`` or its Q id."""
        term = self._by_class_iri.get(_expanded(given)) or self._classes.get(given)
        if term is None:
            term = next((found for found in self._classes.values() if found.code == given), None)
        mapped = self._instance.term_of_item(given) if term is None else term
        return mapped if isinstance(mapped, ClassTerm) else None

    def property(self, given: str) -> Property | None:
        """The property that somebody means: ``offers``, ``capx:offers``, its IRI, ``P7``, or a text such as ``Lpt``."""
        given = _TEXT_NAMES.get(given, given)
        if text := _TEXT.fullmatch(given):
            code = text[2]
            if code is None or languages.is_known(code):
                return Property(given, _TEXTS[text[1]][1], language=code, is_text=True)
        term = (
            self._by_property_iri.get(_expanded(given))
            or self._ontology.properties.get(given)
            or self._instance.term_of_property(given)
        )
        if term is None or _STATEMENT in (*term.range, *term.domain):
            return None
        return Property(term.name, iri(term.projected_as), term)

    def types(self, reader: Sequence[str], *, kinds_only: bool = False) -> tuple[Named, ...]:
        """All classes; ``kinds_only`` those whose entities have names of their own."""
        return tuple(
            self.type_named(term, reader)
            for term in self._classes.values()
            if not kinds_only or term.code in set(EntityKind)
        )

    def type_named(self, term: ClassTerm, reader: Sequence[str]) -> Named:
        """A class with its name for a reader."""
        parents = (self._classes[parent] for parent in term.parents if parent in self._classes)
        return Named(
            term.name,
            _best(term.words.labels, reader) or term.name,
            _best(term.words.definitions, reader),
            tuple(self.type_named(parent, reader) for parent in parents),
        )

    def types_of(self, class_iris: Iterable[str], reader: Sequence[str]) -> tuple[Named, ...]:
        """Those of the IRIs that are classes of ours, by name."""
        found = (self._by_class_iri.get(class_iri) for class_iri in class_iris)
        return tuple(self.type_named(term, reader) for term in found if term is not None)

    def property_named(self, found: Property, reader: Sequence[str]) -> Named:
        """A property with its name for a reader."""
        if found.term is not None:
            words = found.term.words
            return Named(found.id, _best(words.labels, reader) or found.id, _best(words.definitions, reader))
        kind = _TEXTS[found.id[0]][0]
        if found.language is None:
            return Named(found.id, kind)
        return Named(found.id, f"{kind} ({languages.name(found.language, reader[0] if reader else 'en')})")

    def properties(self, term: ClassTerm | None, reader: Sequence[str]) -> tuple[Named, ...]:
        """The properties that entities of a class may have (of any class where none is given), texts first."""
        texts = [f"{kind}{code}" for kind in _TEXTS for code in ("", *reader[:1])]
        names = [*texts, *self.property_names(term)]
        found = (self.property(name) for name in names)
        return tuple(self.property_named(one, reader) for one in found if one is not None)

    def property_names(self, term: ClassTerm | None) -> Iterator[str]:
        """The names of the ontology's properties of a class: those of its own first, then those that anything has."""
        own = {term.iri, *(self._ontology.class_(parent).iri for parent in term.parents)} if term else None
        general = []
        for found in self._ontology.properties.values():
            stored = PropertyUse.STATEMENT in found.uses or PropertyUse.DERIVED in found.uses
            if not stored or found.name in _TECHNICAL or _STATEMENT in (*found.range, *found.domain):
                continue
            if own is None or own & set(found.domain):
                yield found.name
            elif _ANYTHING in found.domain:
                general.append(found.name)
        yield from general

    def individual_named(self, individual_iri: str, reader: Sequence[str]) -> Named | None:
        """A fixed value, such as a level, with its name; by the id of its item."""
        term = self._individuals.get(individual_iri)
        if term is None:
            return None
        item = self._instance.item_id(term.name) if self._instance.maps(term.name) else term.name
        return Named(item, _best(term.words.labels, reader) or term.name)

    def fixed_name(self, item_id: str, reader: Sequence[str]) -> str | None:
        """The name of an item that stands for a fixed value or a class of the ontology."""
        term = self._instance.term_of_item(item_id)
        return (_best(term.words.labels, reader) or term.name) if term else None

    def individual_names(self, individual_iri: str) -> tuple[str, ...]:
        """Everything that a fixed value is called, in every language; nothing for any other IRI."""
        term = self._individuals.get(individual_iri)
        return (term.code, term.name, *term.words.labels.values()) if term else ()

    def individuals(self, given: str) -> list[NamedNode]:
        """The fixed values that somebody means by an item id, a code or a name."""
        mapped = self._instance.term_of_item(given)
        text = fold(given)
        return [
            iri(individual_iri)
            for individual_iri, term in self._individuals.items()
            if term is mapped or text in map(fold, self.individual_names(individual_iri))
        ]

    def suggest_types(self, prefix: str, reader: Sequence[str]) -> tuple[Named, ...]:
        """The classes whose name in any language begins with, or holds, the text."""
        names = {term.name: (term.name, *term.words.labels.values()) for term in self._classes.values()}
        found = ((self._classes[name], rank) for name, rank in _ranked(names, prefix))
        return tuple(self.type_named(term, reader) for term, _ in found)

    def suggest_properties(self, prefix: str, reader: Sequence[str]) -> tuple[Named, ...]:
        """The properties whose name in any language begins with, or holds, the text."""
        texts = [one for one in self.properties(None, reader) if _TEXT.fullmatch(one.id)]
        if (exact := self.property(prefix)) and exact.is_text:
            texts.append(self.property_named(exact, reader))
        shown = {one.id: one for one in texts}
        names: dict[str, tuple[str, ...]] = {one.id: (one.id, one.name) for one in texts}
        for name in self.property_names(None):
            names[name] = (name, *self._ontology.properties[name].words.labels.values())
        found = (shown[name] if name in shown else self._named(name, reader) for name, _ in _ranked(names, prefix))
        return tuple(one for one in found if one is not None)

    def _named(self, name: str, reader: Sequence[str]) -> Named | None:
        found = self.property(name)
        return self.property_named(found, reader) if found else None


def _expanded(given: str) -> str:
    prefix, colon, local = given.partition(":")
    return VOCABULARY_PREFIXES[prefix] + local if colon and prefix in VOCABULARY_PREFIXES else given


def _best(texts: Mapping[str, str], reader: Sequence[str]) -> str | None:
    return next((texts[code] for code in (*reader, "en") if code in texts), None)


def _ranked(names: Mapping[str, Iterable[str]], prefix: str) -> list[tuple[str, int]]:
    """The keys whose names fit: equal, beginning, beginning of a word, part."""
    text = fold(prefix)
    ranked = []
    for key, spellings in names.items():
        folded = [fold(name) for name in spellings]
        if text in folded:
            ranked.append((key, 0))
        elif any(name.startswith(text) for name in folded):
            ranked.append((key, 1))
        elif any(f" {text}" in name for name in folded):
            ranked.append((key, 2))
        elif any(text in name for name in folded):
            ranked.append((key, 3))
    return sorted(ranked, key=lambda found: found[1])
