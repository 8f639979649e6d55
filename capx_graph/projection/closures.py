"""Triples that follow from direct ones and the hierarchies: ancestors, roots, colours; used by the projector alone.

They are made from the JSON's values while projecting, or from the direct triples that a store holds (``read``).
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field

from capx_graph.errors import InvalidTerm
from capx_graph.projection.hierarchy import Hierarchy
from capx_graph.projection.plan import HierarchyPlan, KeptPlan, Plan, StatementPlan
from capx_graph.repository.rdf.vocabulary import url_encoded
from capx_graph.terms import RDF_TYPE, NamedNode, Triple, integer, iri, literal


@dataclass(slots=True)
class Direct:
    """What derived triples start from: ids by name of the property that leads to them, and IRIs of classes."""

    targets: dict[str, list[str]] = field(default_factory=dict)
    types: set[str] = field(default_factory=set)


class Closures:
    """Derives triples for one plan; ``node`` makes the IRI of an entity, ``entity_id`` its id of that."""

    def __init__(self, plan: Plan, node: Callable[[str], NamedNode], entity_id: Callable[[str], str]) -> None:
        self._plan = plan
        self._node = node
        self._entity_id = entity_id
        self._sources = _sources(plan)

    @property
    def sources(self) -> tuple[NamedNode, ...]:
        """Predicates from whose values closures start: who has such a value depends on its place."""
        return tuple(self._sources)

    @property
    def facts(self) -> tuple[NamedNode, ...]:
        """Predicates whose triples derived ones follow from."""
        return (*self._sources, RDF_TYPE)

    def derive(self, entity_id: str, direct: Direct, hierarchy: Hierarchy, out: list[Triple]) -> None:
        """Append what follows for an entity."""
        subject = self._node(entity_id)
        for closure in self._plan.closures:
            reached: dict[str, None] = {}
            for source in closure.sources:
                for target in direct.targets.get(source, ()):
                    if closure.includes_self:
                        reached[target] = None
                    reached.update(dict.fromkeys(hierarchy.ancestors(closure.hierarchy, target)))
            out += [Triple(subject, closure.predicate, self._node(id_)) for id_ in reached]
        for which, plan in enumerate(self._plan.hierarchies):
            is_member = not direct.types.isdisjoint(plan.domain)
            if is_member or plan.source_name in direct.targets:
                above = hierarchy.ancestors(which, entity_id)
                out += [Triple(subject, plan.predicate, self._node(id_)) for id_ in above]
            if is_member:
                self._place(subject, plan, hierarchy.roots(which, entity_id), hierarchy, out)
                depth = hierarchy.depth(which, entity_id)
                if plan.depth is not None and depth is not None:
                    out.append(Triple(subject, plan.depth, integer(depth)))
        if self._plan.kept is not None:
            self._keep(self._plan.kept, subject, entity_id, hierarchy, out)

    def difference(
        self, entity_id: str, direct: Direct, before: Hierarchy, after: Hierarchy
    ) -> tuple[set[Triple], set[Triple]]:
        """The derived triples of an entity that go and that come when the hierarchy changes."""
        old: list[Triple] = []
        new: list[Triple] = []
        self.derive(entity_id, direct, before, old)
        self.derive(entity_id, direct, after, new)
        gone, come = set(old), set(new)
        return gone - come, come - gone

    def read(self, triples: Iterable[Triple]) -> Direct:
        """What closures start from, out of an entity's direct triples; ``facts`` names the predicates that matter."""
        direct = Direct()
        for triple in triples:
            predicate, value = triple.predicate, triple.object
            if isinstance(value, NamedNode):
                if predicate == RDF_TYPE:
                    direct.types.add(value.value)
                for name in self._sources.get(predicate, ()):
                    direct.targets.setdefault(name, []).append(self._entity_id(value.value) or value.value)
        return direct

    def _keep(
        self, kept: KeptPlan, subject: NamedNode, entity_id: str, hierarchy: Hierarchy, out: list[Triple]
    ) -> None:
        """What our directory says in place of the Wikibase, with the entry that says so."""
        for key in hierarchy.kept_keys(entity_id):
            name, _, text = key.partition(":")
            if plan := kept.identifiers.get(name):
                out.append(Triple(subject, plan.predicate, literal(text)))
                out += identity(subject, plan, plan.identity_by_class.get(kept.tree.class_id) or plan.identity, text)
        entry = hierarchy.kept_entry(entity_id)
        if entry is None:
            return
        out.append(Triple(subject, kept.entry, entry.node))
        out += [
            Triple(subject, kept.parent, self._node(id_)) for id_ in hierarchy.kept_parents(kept.hierarchy, entity_id)
        ]
        if kept.colour is not None and (colour := hierarchy.kept_colour(entity_id)) is not None:
            out.append(Triple(subject, kept.colour, literal(colour)))

    def _place(
        self,
        subject: NamedNode,
        plan: HierarchyPlan,
        roots: tuple[str, ...],
        hierarchy: Hierarchy,
        out: list[Triple],
    ) -> None:
        if plan.includes_self:
            out.append(Triple(subject, plan.predicate, subject))
        if plan.root is not None:
            out += [Triple(subject, plan.root, self._node(root)) for root in roots]
        if plan.root_colour is not None:
            colours = dict.fromkeys(colour for root in roots if (colour := hierarchy.colour(root)) is not None)
            out += [Triple(subject, plan.root_colour, literal(colour)) for colour in colours]


def _sources(plan: Plan) -> Mapping[NamedNode, list[str]]:
    names = {name for closure in plan.closures for name in closure.sources}
    names |= {hierarchy.source_name for hierarchy in plan.hierarchies}
    found: dict[NamedNode, list[str]] = {}
    for statement in plan.statements.values():
        if statement.name in names:
            found.setdefault(statement.predicate, []).append(statement.name)
    return found


def identity(subject: NamedNode, plan: StatementPlan, link: NamedNode | None, text: str) -> list[Triple]:
    """The link to the IRI that an identifier stands for, where it stands for one."""
    try:
        return [Triple(subject, link, iri((plan.formatter or "").replace("$1", url_encoded(text))))] if link else []
    except InvalidTerm:
        return []
