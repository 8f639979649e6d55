"""What the shapes check of items that are not in the graph yet: their ontology layer.

``ShapeBatcher`` projects entities as if they were already pages, and gives the shapes the types of whatever they
point to and the rest of the trees, both known from the keys and from one scan of the repository. ``ShapeCheck`` asks
the shapes about single edits; the rooms of members, managers and keepers have one each.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from datetime import timedelta

from capx_graph.instants import Clock, instant, stamp
from capx_graph.items.drafts import Problem, Vocabulary
from capx_graph.items.keys import CLASS_OF_KIND, KeyReader, Keys
from capx_graph.model import EntityJson, EntityKind, Page
from capx_graph.namespaces import CAPX, RDFS, SCHEMA, SKOS, XSD, WikibaseNamespaces
from capx_graph.ontology import Instance
from capx_graph.projection import Hierarchy, NodeFacts, Projector
from capx_graph.repository.store import Repository
from capx_graph.shapes import BATCH_SIZE, NOW, Batch, Result, Shapes, ValidationReport
from capx_graph.terms import RDF_TYPE, Literal, NamedNode, Term, Triple, date_time, iri, literal

_LABEL = iri(RDFS + "label")
_DESCRIPTION = iri(SCHEMA + "description")
_ALIAS = iri(SKOS + "altLabel")
_TREES: Mapping[EntityKind, str] = {EntityKind.CAPACITY: "broader", EntityKind.TERRITORY: "partOf"}
_OF_THE_PAST = frozenset({CAPX + "joined", CAPX + "lastActive"})
_FARTHEST_ZONE = timedelta(hours=14)
"""A day is kept as its midnight in UTC; somewhere it begins so much earlier."""


class ShapeBatcher:
    """Makes batches for the shapes and reads their reports; ``keys`` may still learn."""

    def __init__(self, instance: Instance, namespaces: WikibaseNamespaces, keys: Keys, *, clock: Clock) -> None:
        ontology = instance.ontology
        self._projector = Projector(ontology, instance, namespaces)
        self._namespaces = namespaces
        self._keys = keys
        self._clock = clock
        self._hierarchy = Hierarchy()
        self._classes = {kind: iri(ontology.class_(name).iri) for kind, name in CLASS_OF_KIND.items()}
        self._individuals = [
            Triple(iri(individual.iri), RDF_TYPE, iri(ontology.class_(individual.class_name).iri))
            for individual in ontology.individuals.values()
        ]
        self._steps = {kind: iri(ontology.property(name).projected_as) for kind, name in _TREES.items()}
        self._trees: dict[EntityKind, dict[str, list[Triple]]] = {kind: {} for kind in _TREES}

    def read(self, pages: Iterable[Page], reader: KeyReader) -> None:
        """Learns keys, trees and redirects from the pages that are there."""
        redirects: dict[str, NodeFacts | None] = {}
        trees: list[tuple[EntityKind, Page]] = []
        for page in pages:
            if page.redirect_to is not None:
                redirects[page.entity_id] = NodeFacts(redirect_to=page.redirect_to)
            kind = reader.read(page, self._keys)
            if kind is not None and kind in _TREES:
                trees.append((kind, page))
        self._hierarchy = self._hierarchy.with_facts(redirects)
        for kind, page in trees:
            self._grow(kind, page.entity_id, self._projector.project(page, self._hierarchy))

    def batch(self, kind: EntityKind, entities: Sequence[EntityJson]) -> Batch:
        """The triples of entities of one kind, and what the shapes have to know around them."""
        triples: list[Triple] = []
        now = self._clock()
        for entity in entities:
            page = Page(entity["id"], 0, 0, now, entity)
            own = self._projector.project(page, self._hierarchy)
            if kind in _TREES:
                self._grow(kind, page.entity_id, own)
            triples += own
            triples += self._texts(entity)
        around = self._context(kind, entities, triples)
        return Batch(triples, [*around, *_until(triples, stamp(now + _FARTHEST_ZONE))])

    def problems(self, report: ValidationReport, fields: Mapping[str, str]) -> Mapping[str, tuple[Problem, ...]]:
        """The violations of a report by entity id; ``fields`` are a format's words where properties have others."""
        found: dict[str, list[Problem]] = {}
        for result in report.violations:
            field = fields.get(result.field, result.field)
            problem = Problem(field, self._shown(result.value), f"{result.message()} ({result.rule})")
            found.setdefault(self._namespaces.entity_id(result.record.value), []).append(problem)
        return {entity_id: tuple(problems) for entity_id, problems in found.items()}

    def _shown(self, value: Term | None) -> str | None:
        if not isinstance(value, NamedNode):
            return None if value is None else value.value
        return self._keys.key(self._namespaces.entity_id(value.value)) or value.value

    def _texts(self, entity: EntityJson) -> Iterator[Triple]:
        """Labels, descriptions, aliases: the Wikibase layer's part of what shapes look at."""
        subject = self._projector.node(entity["id"])
        for terms, predicate in ((entity["labels"], _LABEL), (entity["descriptions"], _DESCRIPTION)):
            for language, term in terms.items():
                yield Triple(subject, predicate, literal(term["value"], language))
        for language, aliases in entity["aliases"].items():
            for term in aliases:
                yield Triple(subject, _ALIAS, literal(term["value"], language))

    def _grow(self, kind: EntityKind, entity_id: str, triples: Iterable[Triple]) -> None:
        step = self._steps[kind]
        self._trees[kind][entity_id] = [triple for triple in triples if triple.predicate == step]

    def _context(self, kind: EntityKind, entities: Sequence[EntityJson], triples: Iterable[Triple]) -> Iterator[Triple]:
        inside = {entity["id"] for entity in entities}
        yield from self._individuals
        mentioned = dict.fromkeys(triple.object for triple in triples if isinstance(triple.object, NamedNode))
        for node in mentioned:
            entity_id = self._namespaces.entity_id(node.value)
            known = self._keys.kind(entity_id)
            if known is not None and entity_id not in inside:
                yield Triple(node, RDF_TYPE, self._classes[known])
        for entity_id, steps in self._trees.get(kind, {}).items():
            if entity_id not in inside:
                yield from steps


def _until(triples: Iterable[Triple], now: str) -> Iterator[Triple]:
    """Until when what has happened may have happened, at each record that says when it did."""
    for triple in triples:
        value = triple.object
        if triple.predicate.value in _OF_THE_PAST and isinstance(value, Literal) and _is_instant(value):
            yield Triple(triple.subject, NOW, date_time(now))


def _is_instant(value: Literal) -> bool:
    try:
        instant(value.value)
    except (ValueError, OverflowError):
        return False
    return value.datatype.value == XSD + "dateTime"


class ShapeCheck:
    """What the shapes say of entities that are not saved yet; ``shapes`` gives them when they are first needed."""

    def __init__(
        self, instance: Instance, namespaces: WikibaseNamespaces, *, shapes: Callable[[], Shapes], clock: Clock
    ) -> None:
        self._instance = instance
        self._namespaces = namespaces
        self._reader = KeyReader(Vocabulary(instance))
        self._shapes = shapes
        self._clock = clock

    def violations(
        self, kind: EntityKind, entities: Sequence[EntityJson], keys: Keys, *, around: Iterable[Page] = ()
    ) -> tuple[Result, ...]:
        """All that they break; ``keys`` has what they name, ``around`` are the pages of a tree that they stand in."""
        batcher = ShapeBatcher(self._instance, self._namespaces, keys, clock=self._clock)
        batcher.read(around, self._reader)
        batch = batcher.batch(kind, entities)
        return self._shapes().validate(batch.triples, context=batch.context).violations


def repository_batches(
    repository: Repository, instance: Instance, *, keys: Keys, clock: Clock, size: int = BATCH_SIZE
) -> Iterator[Batch]:
    """Everything that a repository holds, as batches for the shapes; two readings, memory for one batch a kind.

    ``keys`` learns the keys of everything before the first batch comes.
    """
    reader = KeyReader(Vocabulary(instance))
    batcher = ShapeBatcher(instance, repository.namespaces, keys, clock=clock)
    batcher.read(repository.scan("item"), reader)
    waiting: dict[EntityKind, list[EntityJson]] = {kind: [] for kind in CLASS_OF_KIND}
    for page in repository.scan("item"):
        kind = reader.kind(page.entity) if page.entity is not None else None
        if kind is not None and page.entity is not None:
            waiting[kind].append(page.entity)
            if len(waiting[kind]) == size:
                yield batcher.batch(kind, waiting.pop(kind))
                waiting[kind] = []
    for kind, entities in waiting.items():
        if entities:
            yield batcher.batch(kind, entities)
