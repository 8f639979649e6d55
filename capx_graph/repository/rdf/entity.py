"""Entities as RDF: exactly the graph that a Wikibase gives, in its flavors; used by EntityData, dumps and ingest.

``EntityRdf.triples`` is pure: what it must know of other entities it asks the ``Lookup`` for. The graph takes
flavor dump with ``skolem=True``: 'unknown value' and the restriction of 'no value' become IRIs that stay the same
from one build to the next, so that an entity can be replaced by a difference.
The surprising thing: a triple may come twice (equal values of two statements), as in Wikibase's own output.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from enum import StrEnum
from typing import Protocol

from capx_graph.instants import stamp
from capx_graph.model import EntityJson, Page
from capx_graph.namespaces import WikibaseNamespaces
from capx_graph.repository.rdf import vocabulary as names
from capx_graph.repository.rdf.properties import property_node
from capx_graph.repository.rdf.statements import PropertyLookup, StatementParts, Statements
from capx_graph.repository.rdf.vocabulary import Vocabulary, term_literal
from capx_graph.terms import RDF_TYPE, NamedNode, Triple, date_time, integer


class Flavor(StrEnum):
    """How much of an entity is written; the values are those of EntityData's ``flavor`` parameter.

    simple: truthy statements; long: whole statements without value nodes; dump: both, with value nodes; full: also
    what the mentioned properties are and how the mentioned items are called.
    """

    FULL = "full"
    DUMP = "dump"
    LONG = "long"
    SIMPLE = "simple"


@dataclass(frozen=True, slots=True)
class _Parts:
    statements: StatementParts
    counts: bool
    stubs: bool
    incoming: bool


_ALL = StatementParts(truthy=True, statements=True, value_nodes=True)
_UNTRUTHY = StatementParts(truthy=False, statements=True, value_nodes=False)
_TRUTHY = StatementParts(truthy=True, statements=False, value_nodes=False)
_PARTS = {
    Flavor.FULL: _Parts(_ALL, counts=True, stubs=True, incoming=True),
    Flavor.DUMP: _Parts(_ALL, counts=True, stubs=False, incoming=False),
    Flavor.LONG: _Parts(_UNTRUTHY, counts=False, stubs=False, incoming=True),
    Flavor.SIMPLE: _Parts(_TRUTHY, counts=False, stubs=False, incoming=True),
}


class Lookup(PropertyLookup, Protocol):
    """What the mapping must know of other entities."""

    def page(self, entity_id: str) -> Page | None:
        """The current state of an entity, None when there is none."""

    def redirects_to(self, entity_id: str) -> Sequence[str]:
        """The ids that redirect to this entity."""


class EntityRdf:
    """The RDF mapping of one Wikibase; ``stub_languages`` are those in which mentioned entities are named."""

    def __init__(
        self, namespaces: WikibaseNamespaces, lookup: Lookup, *, stub_languages: Sequence[str] = ("en",)
    ) -> None:
        self._vocabulary = Vocabulary(namespaces)
        self._lookup = lookup
        self._stub_languages = tuple(stub_languages)

    def triples(
        self, page: Page, flavor: Flavor = Flavor.FULL, *, skolem: bool = False, incoming: bool = True
    ) -> list[Triple]:
        """The triples of a page; of a redirect, those of its target too (except in flavor dump).

        ``incoming`` says whether redirects to the page are told (not for an earlier revision; never in flavor dump).
        """
        parts = _PARTS[flavor] if incoming else replace(_PARTS[flavor], incoming=False)
        build = _Build(self._vocabulary, self._lookup, parts, skolem=skolem)
        if page.redirect_to is None:
            build.page(page)
        else:
            build.redirect(page.entity_id, page.redirect_to)
            build.data_node(page)
            target = None if flavor is Flavor.DUMP else self._lookup.page(page.redirect_to)
            if target is not None:
                build.page(target)
        if parts.stubs:
            build.stubs(self._stub_languages)
        return build.out


class _Build:
    """One run of the mapping: what is written, and which entities have been dealt with."""

    def __init__(self, vocabulary: Vocabulary, lookup: Lookup, parts: _Parts, *, skolem: bool) -> None:
        self.out: list[Triple] = []
        self._vocabulary = vocabulary
        self._lookup = lookup
        self._parts = parts
        self._skolem = skolem
        self._statements = Statements(self.out, vocabulary, lookup, parts.statements, skolem=skolem)
        self._resolved: set[str] = set()

    def page(self, page: Page) -> None:
        entity = page.entity
        if entity is None:
            return
        self.data_node(page)
        if self._parts.counts:
            self._counts(self._vocabulary.data(page.entity_id), entity)
        subject = self._entity_type(page.entity_id, entity)
        self._statements.write(subject, entity.get("claims") or {})
        self._labels(subject, entity, None)
        for language, values in (entity.get("aliases") or {}).items():
            self.out += [Triple(subject, names.ALT_LABEL, term_literal(value["value"], language)) for value in values]
        self._property_node(page.entity_id, entity)
        if self._parts.incoming:
            for source in self._lookup.redirects_to(page.entity_id):
                self.redirect(source, page.entity_id)

    def redirect(self, source: str, target: str) -> None:
        self.out.append(Triple(self._vocabulary.entity(source), names.SAME_AS, self._vocabulary.entity(target)))
        self._resolved.add(source)

    def data_node(self, page: Page) -> None:
        data = self._vocabulary.data(page.entity_id)
        modified = stamp(page.modified)
        self.out += (
            Triple(data, RDF_TYPE, names.DATASET),
            Triple(data, names.ABOUT, self._vocabulary.entity(page.entity_id)),
            Triple(data, names.HAS_LICENCE, names.LICENCE),
            Triple(data, names.SOFTWARE_VERSION, names.FORMAT_VERSION),
            Triple(data, names.VERSION, integer(page.revision_id)),
            Triple(data, names.DATE_MODIFIED, date_time(modified)),
        )

    def stubs(self, languages: Sequence[str]) -> None:
        """Names of the entities met on the way, redirects followed; deleted ones stay bare IRIs."""
        for entity_id in self._statements.mentioned:
            self._stub(entity_id, languages)

    def _stub(self, entity_id: str, languages: Sequence[str]) -> None:
        if entity_id in self._resolved:
            return
        self._resolved.add(entity_id)
        page = self._lookup.page(entity_id)
        if page is None:
            return
        if page.redirect_to is not None:
            self.redirect(entity_id, page.redirect_to)
            self._stub(page.redirect_to, languages)
        elif page.entity is not None:
            subject = self._entity_type(entity_id, page.entity)
            self._labels(subject, page.entity, languages)
            self._property_node(entity_id, page.entity)

    def _entity_type(self, entity_id: str, entity: EntityJson) -> NamedNode:
        subject = self._vocabulary.entity(entity_id)
        self.out.append(Triple(subject, RDF_TYPE, names.ENTITY_TYPES[entity["type"]]))
        self._resolved.add(entity_id)
        return subject

    def _property_node(self, entity_id: str, entity: EntityJson) -> None:
        if entity["type"] == "property":
            self.out += property_node(self._vocabulary, entity_id, entity["datatype"], skolem=self._skolem)

    def _counts(self, data: NamedNode, entity: EntityJson) -> None:
        claims = entity.get("claims") or {}
        self.out.append(Triple(data, names.STATEMENT_COUNT, integer(sum(map(len, claims.values())))))
        if entity["type"] == "item":
            identifiers = (len(group) for pid, group in claims.items() if self._statements.is_identifier(pid))
            self.out.append(Triple(data, names.SITELINK_COUNT, integer(len(entity.get("sitelinks") or {}))))
            self.out.append(Triple(data, names.IDENTIFIER_COUNT, integer(sum(identifiers))))

    def _labels(self, subject: NamedNode, entity: EntityJson, languages: Sequence[str] | None) -> None:
        """Labels and descriptions, all of them or those in ``languages``."""
        for language, label in (entity.get("labels") or {}).items():
            if languages is None or language in languages:
                text = term_literal(label["value"], language)
                self.out += [Triple(subject, predicate, text) for predicate in names.LABEL_PREDICATES]
        for language, description in (entity.get("descriptions") or {}).items():
            if languages is None or language in languages:
                text = term_literal(description["value"], language)
                self.out.append(Triple(subject, names.DESCRIPTION, text))
