"""What has to change in a graph so that some entities become what their pages say; used by ingest alone.

Shared nodes are counted by asking the store: a node whose last mention goes is removed, one that gains its first
is added. Everything collected here is applied by one transaction.
"""

from __future__ import annotations

from collections.abc import Iterable

from capx_graph.ingest.entitygraph import EntityGraph, Owned
from capx_graph.model import Page
from capx_graph.projection import Hierarchy
from capx_graph.store.base import Delta, GraphReader
from capx_graph.terms import NamedNode, Triple


class Difference:
    """Collects removed and added triples against one state of a store."""

    def __init__(self, store: GraphReader, graph: EntityGraph, *, property_facts: Iterable[NamedNode]) -> None:
        self._store = store
        self._graph = graph
        self._property_facts = frozenset(property_facts)
        self._removed: set[Triple] = set()
        self._added: set[Triple] = set()
        self._shared_due: dict[NamedNode, set[Triple]] = {}
        self._shared_lost: set[NamedNode] = set()
        self.replaced: set[str] = set()
        self.changed_properties: set[str] = set()

    def replace(self, entity_id: str, page: Page | None, hierarchy: Hierarchy) -> None:
        """Make an entity what its page says; None: take it away."""
        if entity_id in self.replaced:
            return
        self.replaced.add(entity_id)
        stored = self._graph.stored(self._store, entity_id)
        due = self._graph.due(self._store, page, hierarchy)
        self._exchange(stored.own, due.own)
        self._shared_due |= due.shared
        self._shared_lost.update(stored.shared.keys() - due.shared.keys())
        if entity_id.startswith("P") and self._facts(stored) != self._facts(due):
            self.changed_properties.add(entity_id)

    def rederive(self, entity_ids: Iterable[str], before: Hierarchy, after: Hierarchy) -> None:
        """Renew what follows from the hierarchy for entities whose pages did not change."""
        closures = self._graph.projector.closures
        for entity_id in set(entity_ids) - self.replaced:
            self.replaced.add(entity_id)
            direct = closures.read(self._store.subject_triples([self._graph.node(entity_id)], closures.facts))
            gone, come = closures.difference(entity_id, direct, before, after)
            self._removed |= gone
            self._added |= come

    def delta(self, cursor: int) -> Delta:
        """The whole difference, shared nodes settled."""
        for node, due in self._shared_due.items():
            self._exchange(set(self._store.subject_triples([node])), due)
        waiting = self._shared_lost - self._shared_due.keys()
        while waiting:
            node = waiting.pop()
            if not self._graph.is_mentioned(self._store, node, apart_from=self._removed):
                content = set(self._store.subject_triples([node]))
                self._removed |= content
                # A reference that goes takes its mentions of values along, so those are to be looked at (again).
                waiting.update(node for node in self._graph.shared_nodes(content) if node not in self._shared_due)
        return Delta(cursor, removed=tuple(self._removed), added=tuple(self._added))

    def _exchange(self, stored: set[Triple], due: set[Triple]) -> None:
        self._removed |= stored - due
        self._added |= due - stored

    def _facts(self, owned: Owned) -> set[Triple]:
        """What a property says of itself that shapes the triples of those who use it."""
        return {triple for triple in owned.own if triple.predicate in self._property_facts}
