"""From the JSON of an entity to its triples in the ontology layer; given out by the package.

Only triples with the entity, one of its statement nodes or the ontology's term that it stands for as subject are made,
so that an entity can be replaced alone. The closures follow from the direct triples and the hierarchy, and can be made
anew from what a store holds (``closures``): moving a capacity costs no look at the pages of the people who offer it.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping

from capx_graph.model import Page
from capx_graph.namespaces import OWL, RDFS, SCHEMA, SKOS, WikibaseNamespaces
from capx_graph.ontology import Instance, Ontology
from capx_graph.projection.claims import Json, best_items, best_strings, item_id
from capx_graph.projection.closures import Closures, Direct, identity
from capx_graph.projection.hierarchy import Hierarchy, NodeFacts
from capx_graph.projection.kepttree import NOBODY
from capx_graph.projection.plan import AsidePlan, StatementPlan, make_plan
from capx_graph.repository.rdf.values import rdf_value
from capx_graph.repository.rdf.vocabulary import Vocabulary, term_literal
from capx_graph.repository.statements import best_rank
from capx_graph.terms import RDF_TYPE, NamedNode, Term, Triple, date_time, literal

_SAME_AS = NamedNode(OWL + "sameAs")
_LABEL, _DESCRIPTION, _ALIAS = (
    NamedNode(RDFS + "label"),
    NamedNode(SCHEMA + "description"),
    NamedNode(SKOS + "altLabel"),
)
_INSTANT = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}T[0-9]{2}:[0-9]{2}:[0-9]{2}(\.[0-9]+)?(Z|[+-][0-9]{2}:[0-9]{2})")
_MOST_KEPT = 50_000
"""Terms kept ready; capacities, territories and languages are few, but creators and managers are people."""


class Projector:
    """Projects entities of one instance. Threads may share it."""

    def __init__(self, ontology: Ontology, instance: Instance, namespaces: WikibaseNamespaces) -> None:
        self.plan = make_plan(ontology, instance)
        self._vocabulary = Vocabulary(namespaces)
        self._namespaces = namespaces
        self._nodes: dict[str, NamedNode] = {}
        self.closures = Closures(self.plan, self.node, namespaces.entity_id)
        self._stand_for = {term: entity_id for entity_id, term in self.plan.terms.items()}
        self._type_ids = frozenset(id_ for id_, plan in self.plan.statements.items() if plan.is_type)

    def project(self, page: Page, hierarchy: Hierarchy) -> list[Triple]:
        """The ontology layer of a page; nothing for a redirect. A triple may come twice."""
        entity = page.entity
        if entity is None:
            return []
        run = _Run(self, page.entity_id, hierarchy)
        term = self.plan.terms.get(page.entity_id)
        if term is not None:
            run.out.append(Triple(run.subject, _SAME_AS, term))
            run.out += _words(term, entity)
        claims = entity.get("claims") or {}
        run.classes = self._classes(claims)
        for property_id, statements in claims.items():
            plan = self.plan.statements.get(property_id)
            if plan is not None:
                run.statements(plan, statements)
        self.closures.derive(page.entity_id, run.direct, hierarchy, run.out)
        return run.out

    def facts(self, page: Page) -> NodeFacts | None:
        """What the page contributes to the hierarchy; None for nothing."""
        if page.redirect_to is not None:
            return NodeFacts(redirect_to=page.redirect_to)
        claims = (page.entity or {}).get("claims") or {}
        parents = tuple(tuple(sorted(set(best_items(claims.get(plan.source))))) for plan in self.plan.hierarchies)
        colour = min(best_strings(claims.get(self.plan.colour)), default=None) if self.plan.colour else None
        identity_ = self.plan.kept.tree.identity(lambda id_: _texts(claims.get(id_))) if self.plan.kept else NOBODY
        found = NodeFacts(parents, colour, identity=identity_)
        return found or None

    def hierarchy(self, facts: Mapping[str, NodeFacts]) -> Hierarchy:
        """The hierarchy of these facts, with what the directory keeps."""
        kept = self.plan.kept
        return Hierarchy(facts, kept=kept.tree, kept_as=kept.hierarchy) if kept else Hierarchy(facts)

    def node(self, entity_id: str) -> NamedNode:
        """The IRI of an entity."""
        known = self._nodes.get(entity_id)
        if known is None:
            if len(self._nodes) >= _MOST_KEPT:
                self._nodes.clear()
            known = self._nodes[entity_id] = NamedNode(self._namespaces.entity_iri(entity_id))
        return known

    def stands_for(self, term: NamedNode) -> str | None:
        """The id of the entity that stands for a class or an individual of the ontology."""
        return self._stand_for.get(term)

    def statement_node(self, statement_id: str) -> NamedNode:
        """The IRI of a statement, as in the Wikibase layer."""
        return self._vocabulary.statement(statement_id)

    def term(self, plan: StatementPlan | AsidePlan, value: Json, hierarchy: Hierarchy) -> Term:
        """A data value in the ontology layer: individuals by their own IRI, redirects resolved, instants typed."""
        content = value["value"]
        if plan.datatype == "wikibase-item":
            target = hierarchy.resolve(item_id(content))
            return self.plan.terms.get(target) or self.node(target)
        if plan.datatype in ("string", "external-id"):
            return date_time(content) if plan.is_instant and _INSTANT.fullmatch(content) else literal(content)
        return rdf_value(self._vocabulary, plan.datatype, value, None).term

    def _classes(self, claims: Json) -> frozenset[str]:
        return frozenset(id_ for type_id in self._type_ids for id_ in best_items(claims.get(type_id)))


def _texts(statements: Iterable[Json] | None) -> list[str]:
    """What the best-ranked statements say, as text or as the id of an item."""
    return [*best_strings(statements), *best_items(statements)]


def _words(term: NamedNode, entity: Json) -> list[Triple]:
    """What a term is called: in the ontology layer it is a value, and whoever shows a value asks for its name."""
    texts = [(_LABEL, entry) for entry in (entity.get("labels") or {}).values()]
    texts += [(_DESCRIPTION, entry) for entry in (entity.get("descriptions") or {}).values()]
    texts += [(_ALIAS, entry) for entries in (entity.get("aliases") or {}).values() for entry in entries]
    return [Triple(term, predicate, term_literal(entry["value"], entry["language"])) for predicate, entry in texts]


class _Run:
    """The projection of one entity under way."""

    def __init__(self, projector: Projector, entity_id: str, hierarchy: Hierarchy) -> None:
        self.out: list[Triple] = []
        self.direct = Direct()
        self.classes: frozenset[str] = frozenset()
        self._projector = projector
        self._hierarchy = hierarchy
        self.subject = projector.node(entity_id)

    def statements(self, plan: StatementPlan, statements: Iterable[Json]) -> None:
        """The best-ranked statements of one property; absent values give nothing, unknown ones their node alone."""
        best = best_rank(statements)
        for statement in statements:
            snak = statement["mainsnak"]
            if statement["rank"] != best or snak["snaktype"] == "novalue":
                continue
            if snak["snaktype"] == "somevalue":
                self._node(plan, statement, None)
            elif plan.is_type:
                self._type(snak["datavalue"])
            else:
                self._statement(plan, statement, snak["datavalue"])

    def _type(self, value: Json) -> None:
        class_id = self._hierarchy.resolve(item_id(value["value"]))
        for node in self._projector.plan.classes.get(class_id, ()):
            self.direct.types.add(node.value)
            self.out.append(Triple(self.subject, RDF_TYPE, node))

    def _statement(self, plan: StatementPlan, statement: Json, value: Json) -> None:
        term = self._projector.term(plan, value, self._hierarchy)
        qualifiers = statement.get("qualifiers") or {}
        # A negated statement keeps its node, which says that the person does not.
        if not (plan.negating and self._is_negated(plan, qualifiers)):
            self.out.append(Triple(self.subject, plan.predicate, term))
            if plan.datatype == "wikibase-item":
                target = self._hierarchy.resolve(item_id(value["value"]))
                self.direct.targets.setdefault(plan.name, []).append(target)
            if plan.identity is not None:
                self._identity(plan, plan.identity, value["value"])
        self._node(plan, statement, term)

    def _node(self, plan: StatementPlan, statement: Json, term: Term | None) -> None:
        """The statement as a node of its own, where its property has such; without a value when nobody says which."""
        if plan.link is None or plan.value is None:
            return
        node = self._projector.statement_node(statement["id"])
        self.out.append(Triple(self.subject, plan.link, node))
        if term is not None:
            self.out.append(Triple(node, plan.value, term))
        if qualifiers := statement.get("qualifiers"):
            self._asides(node, plan.qualifiers, qualifiers)
        for reference in statement.get("references") or ():
            self._asides(node, plan.references, reference["snaks"])

    def _is_negated(self, plan: StatementPlan, qualifiers: Json) -> bool:
        return any(
            self._hierarchy.resolve(item_id(snak["datavalue"]["value"])) in plan.negating
            for property_id in plan.qualifiers
            for snak in qualifiers.get(property_id, ())
            if snak["snaktype"] == "value" and snak["datavalue"]["type"] == "wikibase-entityid"
        )

    def _asides(self, node: NamedNode, plans: Mapping[str, AsidePlan], snaks_by_property: Json) -> None:
        for property_id, snaks in snaks_by_property.items():
            plan = plans.get(property_id)
            if plan is None:
                continue
            for snak in snaks:
                if snak["snaktype"] == "value":
                    self._aside(node, plan, snak["datavalue"])

    def _aside(self, node: NamedNode, plan: AsidePlan, value: Json) -> None:
        self.out.append(Triple(node, plan.predicate, self._projector.term(plan, value, self._hierarchy)))
        if plan.following:
            individual = self._hierarchy.resolve(item_id(value["value"]))
            for predicate, term in plan.following.get(individual, ()):
                self.out.append(Triple(node, predicate, term))

    def _identity(self, plan: StatementPlan, usual: NamedNode, text: str) -> None:
        """Link the entity to the IRI that its identifier stands for, by the predicate that its class prefers."""
        links = [plan.identity_by_class[id_] for id_ in self.classes if id_ in plan.identity_by_class]
        for link in links or [usual]:
            self.out += identity(self.subject, plan, link, text)
