"""Keeps one graph in step with the repository's changes; used by ingest alone.

It knows the hierarchy as the graph has it. A change of it, of a redirect or of a property's formatter concerns
other entities than the changed one: they are found by asking the graph, and renewed in the same transaction.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass

from capx_graph import queries
from capx_graph.ingest.difference import Difference
from capx_graph.ingest.entitygraph import EntityGraph
from capx_graph.model import Change, Page
from capx_graph.namespaces import OWL, WIKIBASE
from capx_graph.projection import Hierarchy, Identity, NodeFacts, Plan
from capx_graph.store.base import Delta, GraphReader, GraphStore
from capx_graph.terms import Literal, NamedNode, Term

_SAME_AS = NamedNode(OWL + "sameAs")
_PROPERTY_TYPE = NamedNode(WIKIBASE + "propertyType")
_AT_ONCE = 500

Pages = Callable[[Iterable[str]], Mapping[str, Page]]


@dataclass(frozen=True, slots=True)
class _Pending:
    """A difference on its way to the store, and the hierarchy that the graph has with it."""

    delta: Delta
    hierarchy: Hierarchy


class GraphFollower:
    """The one writer of a graph."""

    def __init__(
        self,
        store: GraphStore,
        graph: EntityGraph,
        pages: Pages,
        *,
        formatter_uri: str | None,
        hierarchy: Hierarchy | None = None,
    ) -> None:
        """``formatter_uri`` is the id of the property that holds formatters; the hierarchy is read if not given."""
        self._store = store
        self._graph = graph
        self._pages = pages
        self._property_facts = [_PROPERTY_TYPE, *([graph.direct(formatter_uri)] if formatter_uri else [])]
        self.hierarchy = hierarchy or stored_hierarchy(store, graph)
        self._cursor = store.version
        self._pending: _Pending | None = None

    def apply(self, changes: Sequence[Change], pages: Mapping[str, Page]) -> Delta:
        """Take in some changes, given the pages that the changed entities have now (none: deleted)."""
        ids = [change.entity_id for change in changes]
        before = self.hierarchy
        after = before.with_facts({id_: self._graph.facts(pages.get(id_)) for id_ in ids})
        placed, renamed = before.concerned(after) if after is not before else (set(), set())
        difference = Difference(self._store, self._graph, property_facts=self._property_facts)
        for entity_id in ids:
            difference.replace(entity_id, pages.get(entity_id), after)
        self._replace_users(difference, renamed, after)
        difference.rederive(placed.union(self._holders(placed)), before, after)
        delta = difference.delta(changes[-1].sequence)
        self._pending = _Pending(delta, after)
        self._store.apply(delta)
        self._took(self._pending)
        return delta

    def settle(self) -> Delta | None:
        """The difference whose writing broke off, if the store did take it in; to be asked once the store is sure.

        A store that stands elsewhere than it was left, as after its engine was restored, is read anew.
        """
        pending, self._pending = self._pending, None
        if self._store.version == self._cursor:
            return None
        if pending is not None and self._store.version == pending.delta.cursor:
            self._took(pending)
            return pending.delta
        self.hierarchy, self._cursor = stored_hierarchy(self._store, self._graph), self._store.version
        return None

    def _took(self, pending: _Pending) -> None:
        self.hierarchy, self._cursor, self._pending = pending.hierarchy, pending.delta.cursor, None

    def _replace_users(self, difference: Difference, renamed: set[str], hierarchy: Hierarchy) -> None:
        """Renew entities that mention one that was redirected, or use a property that says something else now."""
        users = {user for entity_id in renamed for user in self._mentioning(self._graph.node(entity_id))}
        for property_id in difference.changed_properties:
            users |= self._using(property_id)
        waiting = sorted(users - difference.replaced)
        for start in range(0, len(waiting), _AT_ONCE):
            some = waiting[start : start + _AT_ONCE]
            pages = self._pages(some)
            for entity_id in some:
                difference.replace(entity_id, pages.get(entity_id), hierarchy)

    def _mentioning(self, node: NamedNode) -> Iterator[str]:
        """The entities whose statements mention a node, in whatever place."""
        for triple in self._store.mentions(node):
            subject = triple.subject
            if isinstance(subject, NamedNode):
                yield from self._owners(subject)

    def _using(self, property_id: str) -> set[str]:
        query = queries.load("sync/values").bind(predicate=self._graph.predicates_of(property_id))
        subjects = {row[1] for row in self._store.select(query)}
        return {user for node in subjects if isinstance(node, NamedNode) for user in self._owners(node)}

    def _owners(self, subject: NamedNode) -> Iterator[str]:
        owner = self._graph.owner(subject)
        if owner is not None:
            yield owner
        elif self._graph.is_shared(subject):
            yield from self._mentioning(subject)

    def _holders(self, placed: set[str]) -> Iterator[str]:
        """The entities with a closure that starts at one of these, which lie elsewhere now."""
        sources = self._graph.projector.closures.sources
        for entity_id in placed:
            for triple in self._store.mentions(self._graph.node(entity_id), sources):
                holder = self._graph.entity_id(triple.subject)
                if holder is not None:
                    yield holder


def stored_hierarchy(store: GraphReader, graph: EntityGraph) -> Hierarchy:
    """The hierarchy that a graph was made with, from its Wikibase layer."""
    plan = graph.projector.plan
    sources: list[Term] = [graph.direct(hierarchy.source) for hierarchy in plan.hierarchies]
    colour = graph.direct(plan.colour) if plan.colour else None
    kept = {graph.direct(id_): id_ for id_ in plan.kept.tree.properties} if plan.kept else {}
    wanted: list[Term] = [*sources, _SAME_AS, *([colour] if colour else []), *kept]
    said: dict[str, dict[str, list[str]]] = {}
    parents: dict[str, list[set[str]]] = {}
    colours: dict[str, str] = {}
    redirects: dict[str, str] = {}
    for predicate, subject, value in store.select(queries.load("sync/values").bind(predicate=wanted)):
        entity_id, target = graph.entity_id(subject), graph.entity_id(value)
        if entity_id is None:
            continue
        if isinstance(predicate, NamedNode) and predicate in kept:
            text = target if target is not None else value.value if isinstance(value, Literal) else ""
            if text:
                said.setdefault(entity_id, {}).setdefault(kept[predicate], []).append(text)
        if predicate in sources and target is not None:
            parents.setdefault(entity_id, [set() for _ in sources])[sources.index(predicate)].add(target)
        elif predicate == _SAME_AS and target is not None:
            redirects[entity_id] = target
        elif predicate == colour and isinstance(value, Literal):
            colours[entity_id] = min(colours.get(entity_id, value.value), value.value)
    identities = {id_: _identity(plan, values) for id_, values in said.items()}
    return graph.projector.hierarchy(
        {
            entity_id: NodeFacts(
                parents=tuple(tuple(sorted(ids)) for ids in parents.get(entity_id, [set() for _ in sources])),
                colour=colours.get(entity_id),
                identity=identities.get(entity_id, Identity()),
            )
            for entity_id in parents.keys() | colours.keys() | {id_ for id_, identity in identities.items() if identity}
        }
        | {entity_id: NodeFacts(redirect_to=target) for entity_id, target in redirects.items()}
    )


def _identity(plan: Plan, values: Mapping[str, list[str]]) -> Identity:
    assert plan.kept is not None, "asked for where a tree is kept"
    return plan.kept.tree.identity(lambda property_id: values.get(property_id, ()))
