"""Which triples belong to an entity: what it should have by its page, and what a store has; used by ingest and check.

An entity owns the triples about itself, its data node, its statement nodes and the term of the ontology that it stands
for (a property also those about its predicates). Value and reference nodes are named after their content and shared by
all who mention them. As on the Wikidata Query Service, an entity also says itself what in Wikibase's RDF its data node
says of it: its version, its time of change, the numbers of its statements.
The surprising thing: a user may type the IRI of a foreign statement or value node as a URL; so nodes are followed
along the predicates that only the RDF mapping writes, never along what people write.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from enum import Enum, auto

from capx_graph.model import Page
from capx_graph.namespaces import WikibaseNamespaces
from capx_graph.projection import Hierarchy, NodeFacts, Projector
from capx_graph.repository.rdf.entity import EntityRdf, Flavor, Lookup
from capx_graph.repository.rdf.properties import property_node
from capx_graph.repository.rdf.vocabulary import (
    DATE_MODIFIED,
    DERIVED_FROM,
    IDENTIFIER_COUNT,
    SITELINK_COUNT,
    STATEMENT_COUNT,
    VERSION,
    Vocabulary,
)
from capx_graph.store.base import GraphReader
from capx_graph.terms import NamedNode, Triple

_TOLD = frozenset({VERSION, DATE_MODIFIED, STATEMENT_COUNT, SITELINK_COUNT, IDENTIFIER_COUNT})
_VALUE_PLACES = ("statement/value/", "qualifier/value/", "reference/value/")


class _Leads(Enum):
    """Where a predicate of the mapping leads to."""

    NOWHERE = auto()
    STATEMENT = auto()
    SHARED = auto()


@dataclass(slots=True)
class Owned:
    """The triples of an entity: its own ones, and those of each shared node that it reaches."""

    own: set[Triple] = field(default_factory=set)
    shared: dict[NamedNode, set[Triple]] = field(default_factory=dict)


class EntityGraph:
    """Both layers of the entities of one Wikibase."""

    def __init__(self, namespaces: WikibaseNamespaces, lookup: Lookup, projector: Projector) -> None:
        self.projector = projector
        self._rdf = EntityRdf(namespaces, lookup)
        self._vocabulary = Vocabulary(namespaces)
        self._namespaces = namespaces
        self._statements = tuple(space.statement for space in namespaces.homes)
        self._data = tuple(space.data for space in namespaces.homes)
        self._described = tuple(part for space in namespaces.homes for part in (space.prop, space.skolem))
        self._shared = (namespaces.value, namespaces.reference)
        self._roles: dict[NamedNode, _Leads] = {}

    def facts(self, page: Page | None) -> NodeFacts | None:
        """What the page contributes to the hierarchy."""
        return self.projector.facts(page) if page is not None else None

    def triples(self, page: Page, hierarchy: Hierarchy) -> list[Triple]:
        """Everything that a page puts into the graph; a triple may come twice."""
        triples = self._rdf.triples(page, Flavor.DUMP, skolem=True)
        if page.entity is not None:
            entity, data = self.node(page.entity_id), self._vocabulary.data(page.entity_id)
            told = [triple for triple in triples if triple.predicate in _TOLD and triple.subject == data]
            triples += [Triple(entity, triple.predicate, triple.object) for triple in told]
        triples += self.projector.project(page, hierarchy)
        return triples

    def due(self, store: GraphReader, page: Page | None, hierarchy: Hierarchy) -> Owned:
        """What an entity should have in a store, as that would give it back; nothing when it has no page."""
        owned = Owned()
        if page is None:
            return owned
        for triple in store.canonical(self.triples(page, hierarchy)):
            subject = triple.subject
            if isinstance(subject, NamedNode) and subject.value.startswith(self._shared):
                owned.shared.setdefault(subject, set()).add(triple)
            else:
                owned.own.add(triple)
        return owned

    def stored(self, store: GraphReader, entity_id: str) -> Owned:
        """What an entity has in a store."""
        triples = store.subject_triples(self._fixed_subjects(entity_id))
        triples += store.subject_triples(self._leading(triples, _Leads.STATEMENT))
        owned = Owned(own=set(triples))
        waiting = list(self._leading(triples, _Leads.SHARED))
        while waiting:
            node = waiting.pop()
            if node not in owned.shared:
                content = store.subject_triples([node])
                owned.shared[node] = set(content)
                waiting += self._leading(content, _Leads.SHARED)
        return owned

    def shared_nodes(self, triples: Iterable[Triple]) -> Iterator[NamedNode]:
        """The value and reference nodes that these triples mention."""
        return self._leading(triples, _Leads.SHARED)

    def is_mentioned(self, store: GraphReader, node: NamedNode, *, apart_from: set[Triple]) -> bool:
        """Whether a triple of the store other than these leads to a shared node."""
        return any(
            self._leads(triple.predicate) is _Leads.SHARED and triple not in apart_from
            for triple in store.mentions(node)
        )

    def owner(self, subject: NamedNode) -> str | None:
        """The id of the entity that a node belongs to: an entity, a statement, a term it stands for; None otherwise."""
        iri = subject.value
        if iri.startswith(self._statements):
            return iri.rpartition("/")[2].partition("-")[0].upper()
        return self._namespaces.entity_id(iri) or self.projector.stands_for(subject)

    def owner_of_description(self, subject: NamedNode) -> str | None:
        """The id of the entity that a data node belongs to, or of the property that a predicate does."""
        iri = subject.value
        if iri.startswith(self._data):
            return iri.rpartition("/")[2]
        if iri.startswith(self._described):
            tail = iri.rpartition("/")[2].removeprefix("novalue-")
            return tail if tail.startswith("P") else None
        return None

    def is_statement(self, subject: NamedNode) -> bool:
        """Whether a node is one of a statement."""
        return subject.value.startswith(self._statements)

    def is_claimed(self, store: GraphReader, statement: NamedNode) -> bool:
        """Whether its entity leads to a statement node."""
        return any(self._leads(triple.predicate) is _Leads.STATEMENT for triple in store.mentions(statement))

    def is_shared(self, subject: NamedNode) -> bool:
        """Whether a node is named after its content."""
        return subject.value.startswith(self._shared)

    def node(self, entity_id: str) -> NamedNode:
        """The IRI of an entity."""
        return self.projector.node(entity_id)

    def entity_id(self, term: object) -> str | None:
        """The id of an entity's IRI of this Wikibase; None for any other term."""
        return (self._namespaces.entity_id(term.value) or None) if isinstance(term, NamedNode) else None

    def predicates_of(self, property_id: str) -> list[NamedNode]:
        """The predicates that lead from a subject to values of a property, in whatever place."""
        terms = self._vocabulary.property(property_id)
        return [terms.claim, terms.qualifier.plain, terms.reference.plain]

    def direct(self, property_id: str) -> NamedNode:
        """The ``wdt:`` predicate of a property."""
        return self._vocabulary.property(property_id).direct

    def _fixed_subjects(self, entity_id: str) -> list[NamedNode]:
        subjects = [self._vocabulary.entity(entity_id), self._vocabulary.data(entity_id)]
        term = self.projector.plan.terms.get(entity_id)
        if term is not None:
            subjects.append(term)
        if entity_id.startswith("P"):
            # The datatype with the most predicates; those of others are a part of them.
            described = property_node(self._vocabulary, entity_id, "external-id", skolem=True)
            subjects = list(
                dict.fromkeys([*subjects, *(t.subject for t in described if isinstance(t.subject, NamedNode))])
            )
        return subjects

    def _leading(self, triples: Iterable[Triple], where: _Leads) -> Iterator[NamedNode]:
        for triple in triples:
            target = triple.object
            if self._leads(triple.predicate) is where and isinstance(target, NamedNode):
                yield target

    def _leads(self, predicate: NamedNode) -> _Leads:
        role = self._roles.get(predicate)
        if role is None:
            role = self._roles[predicate] = self._find_role(predicate)
        return role

    def _find_role(self, predicate: NamedNode) -> _Leads:
        if predicate == DERIVED_FROM:
            return _Leads.SHARED
        home = next((s for s in self._namespaces.homes if predicate.value.startswith(s.prop)), None)
        if home is None:
            return _Leads.NOWHERE
        place = predicate.value[len(home.prop) :]
        if "/" not in place:
            return _Leads.STATEMENT
        return _Leads.SHARED if place.startswith(_VALUE_PLACES) else _Leads.NOWHERE
