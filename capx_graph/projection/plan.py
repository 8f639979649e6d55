"""The ontology's declarations and an instance's ids, worked out once for projecting; only this package imports it.

Keys are P and Q ids of the instance, values ready terms, so that the projection of an entity is dictionary lookups.
Where the instance lacks an id, the term is left out: a partly mapped Wikibase gives the part of the layer it can.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field

from capx_graph.namespaces import CAPX
from capx_graph.ontology import ClassTerm, Closure, IndividualTerm, Instance, Ontology, PropertyTerm
from capx_graph.projection.kepttree import HIERARCHY, KeptTree, kept_tree
from capx_graph.terms import NamedNode, Term, iri, literal


@dataclass(frozen=True, slots=True)
class AsidePlan:
    """A qualifier or reference property: ``predicate`` on the statement node, and literals that follow from values."""

    predicate: NamedNode
    datatype: str
    is_instant: bool
    following: Mapping[str, tuple[tuple[NamedNode, Term], ...]] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class StatementPlan:
    """A statement property. ``negating`` are items that, as a qualifier, turn the statement into its contrary."""

    name: str
    predicate: NamedNode
    datatype: str
    is_type: bool
    is_instant: bool
    link: NamedNode | None
    value: NamedNode | None
    qualifiers: Mapping[str, AsidePlan]
    references: Mapping[str, AsidePlan]
    negating: frozenset[str]
    identity: NamedNode | None
    identity_by_class: Mapping[str, NamedNode]
    formatter: str | None


@dataclass(frozen=True, slots=True)
class ClosurePlan:
    """A closure from the values of ``sources`` (names) over a hierarchy."""

    predicate: NamedNode
    sources: tuple[str, ...]
    hierarchy: int
    includes_self: bool


@dataclass(frozen=True, slots=True)
class HierarchyPlan:
    """A hierarchy: ``source`` (P id) leads to the parents; ``domain`` are the classes whose members lie in it.

    ``root``, ``depth`` and ``root_colour`` are None where the ontology derives no such thing from it.
    """

    predicate: NamedNode
    source: str
    source_name: str
    domain: frozenset[str]
    includes_self: bool
    root: NamedNode | None
    depth: NamedNode | None
    root_colour: NamedNode | None


@dataclass(frozen=True, slots=True)
class KeptPlan:
    """What the directory keeps for a Wikibase: the tree, for which hierarchy, and the predicates to say so.

    ``identifiers`` are the statement plans of the keys that lie on a second item, by name.
    """

    tree: KeptTree
    hierarchy: int
    parent: NamedNode
    colour: NamedNode | None
    entry: NamedNode
    identifiers: Mapping[str, StatementPlan]


@dataclass(frozen=True, slots=True)
class Plan:
    """Everything that a projection needs to know of ontology and instance."""

    statements: Mapping[str, StatementPlan]
    closures: tuple[ClosurePlan, ...]
    hierarchies: tuple[HierarchyPlan, ...]
    classes: Mapping[str, tuple[NamedNode, ...]]
    terms: Mapping[str, NamedNode]
    colour: str | None
    kept: KeptPlan | None = None


def make_plan(ontology: Ontology, instance: Instance) -> Plan:
    """The plan of an ontology on an instance."""
    named = {p.name: p for p in ontology.properties.values() if p.is_stored and instance.maps(p.name)}
    hierarchies = [c for c in ontology.closures.values() if c.is_hierarchy and _source(c) in named]
    order = {closure.name: place for place, closure in enumerate(hierarchies)}
    statements = {name: _statement(p, ontology, instance) for name, p in named.items()}
    return Plan(
        statements={instance.property_id(name): plan for name, plan in statements.items()},
        closures=tuple(
            ClosurePlan(
                iri(c.iri), tuple(s for s in c.sources if s in named), order[c.along], includes_self=c.includes_self
            )
            for c in ontology.closures.values()
            if not c.is_hierarchy and c.along in order
        ),
        hierarchies=tuple(_hierarchy(closure, ontology, instance) for closure in hierarchies),
        classes={
            instance.item_id(c.name): tuple(iri(ontology.class_(name).iri) for name in lineage(ontology, c.name))
            for c in ontology.classes.values()
            if instance.maps(c.name)
        },
        terms={instance.item_id(t.name): iri(t.iri) for t in _items(ontology) if instance.maps(t.name)},
        colour=instance.property_id("colour") if instance.maps("colour") else None,
        kept=_kept(instance, [_source(closure) for closure in hierarchies], statements),
    )


def _kept(instance: Instance, sources: list[str], statements: Mapping[str, StatementPlan]) -> KeptPlan | None:
    tree = kept_tree(instance)
    if tree is None or HIERARCHY not in sources:
        return None
    return KeptPlan(
        tree=tree,
        hierarchy=sources.index(HIERARCHY),
        parent=statements[HIERARCHY].predicate,
        colour=statements["colour"].predicate if "colour" in statements else None,
        entry=iri(f"{CAPX}placedBy"),
        identifiers={step.key: statements[step.key] for step in tree.second if step.key in statements},
    )


def lineage(ontology: Ontology, name: str) -> tuple[str, ...]:
    """A class and the classes of the ontology above it, by name."""
    found = [name]
    for known in found:
        found += [parent for parent in ontology.class_(known).parents if parent not in found]
    return tuple(found)


def _items(ontology: Ontology) -> Iterator[ClassTerm | IndividualTerm]:
    yield from ontology.classes.values()
    yield from ontology.individuals.values()


def _source(hierarchy: Closure) -> str:
    return hierarchy.sources[0]


def _statement(term: PropertyTerm, ontology: Ontology, instance: Instance) -> StatementPlan:
    return StatementPlan(
        name=term.name,
        predicate=iri(term.projected_as),
        datatype=instance.datatype(term.name),
        is_type=term.projected_as != term.iri,
        is_instant=term.is_instant,
        link=iri(term.statement_link) if term.statement_link else None,
        value=iri(term.statement_value) if term.statement_value else None,
        qualifiers=_asides(term.qualifiers, ontology, instance),
        references=_asides(term.references, ontology, instance),
        negating=frozenset(instance.item_id(name) for name in term.negated_by if instance.maps(name)),
        identity=iri(term.identity_link) if term.identity_link else None,
        identity_by_class=_identity_by_class(ontology, instance) if term.identity_link else {},
        formatter=term.formatter_uri,
    )


def _identity_by_class(ontology: Ontology, instance: Instance) -> dict[str, NamedNode]:
    return {
        instance.item_id(c.name): iri(c.identity_link)
        for c in ontology.classes.values()
        if c.identity_link and instance.maps(c.name)
    }


def _asides(names: tuple[str, ...], ontology: Ontology, instance: Instance) -> dict[str, AsidePlan]:
    asides = {}
    for name in names:
        if instance.maps(name):
            term = ontology.property(name)
            asides[instance.property_id(name)] = AsidePlan(
                predicate=iri(term.iri),
                datatype=instance.datatype(name),
                is_instant=term.is_instant,
                following=_following(name, ontology, instance),
            )
    return asides


def _following(name: str, ontology: Ontology, instance: Instance) -> dict[str, tuple[tuple[NamedNode, Term], ...]]:
    """By item id of an individual: the triples on the statement that follow from the individual as a value.

    ``levelCode`` is declared along (level, levelCode): the statement gets the code of the level it has.
    """
    predicates = [iri(p.iri) for p in ontology.properties.values() if p.derived_along == (name, "levelCode")]
    return {
        instance.item_id(individual.name): tuple((p, literal(individual.level_code)) for p in predicates)
        for individual in ontology.individuals.values()
        if predicates and individual.level_code is not None and instance.maps(individual.name)
    }


def _hierarchy(closure: Closure, ontology: Ontology, instance: Instance) -> HierarchyPlan:
    domain = ontology.property(closure.name).domain
    members = [c for c in ontology.classes.values() if instance.maps(c.name)]

    def derived(name: str) -> NamedNode | None:
        term = ontology.properties.get(name)
        return iri(term.iri) if term is not None and term.domain == domain else None

    return HierarchyPlan(
        predicate=iri(closure.iri),
        source=instance.property_id(_source(closure)),
        source_name=_source(closure),
        domain=frozenset(
            ontology.class_(m.name).iri
            for m in members
            if any(ontology.class_(name).iri in domain for name in lineage(ontology, m.name))
        ),
        includes_self=closure.includes_self,
        root=derived("root"),
        depth=derived("depth"),
        root_colour=derived("rootColour"),
    )
