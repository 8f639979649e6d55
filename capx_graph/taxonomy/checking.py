"""What the shapes say of capacities before a change of them is sent; raises ShapeViolation.

The whole tree of capacities is the context (134 of them take about 30 ms), so that depth and circles are seen. Only
what a change makes worse refuses it: an old fault of the same capacity keeps nobody from translating it.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence

from capx_graph.directory import DirectoryCache
from capx_graph.errors import ShapeViolation
from capx_graph.importers.checking import ShapeBatcher
from capx_graph.importers.drafts import Vocabulary
from capx_graph.importers.keys import KeyReader, Keys
from capx_graph.instants import Clock
from capx_graph.model import EntityJson, EntityKind
from capx_graph.ontology import Instance
from capx_graph.repository.store import Repository
from capx_graph.shapes import Result, Shapes


class CapacityCheck:
    """Checks capacities of one repository; ``shapes`` gives them when they are first needed."""

    def __init__(
        self,
        repository: Repository,
        instance: Instance,
        directory: DirectoryCache,
        *,
        shapes: Callable[[], Shapes],
        clock: Clock,
    ) -> None:
        self._repository = repository
        self._instance = instance
        self._directory = directory
        self._shapes = shapes
        self._clock = clock

    def check(self, changed: Mapping[str, EntityJson], reader: Sequence[str] = ("en",)) -> None:
        """Raises ShapeViolation, in the reader's words, for what these capacities would newly break."""
        after = self._violations(changed)
        if not after:
            return
        pages = self._repository.pages(changed)
        before = self._violations({item: page.entity for item, page in pages.items() if page.entity is not None})
        known = {result.fault for result in before}
        messages = [result.message(reader) for result in after if result.fault not in known]
        if messages:
            raise ShapeViolation(tuple(dict.fromkeys(messages)))

    def _violations(self, entities: Mapping[str, EntityJson]) -> tuple[Result, ...]:
        if not entities:
            return ()
        ids = [entry.id for entry in self._directory.current().of_kind(EntityKind.CAPACITY)]
        keys = Keys()
        for item in (*ids, *entities):
            keys.learn(EntityKind.CAPACITY, item, item)
        namespaces = self._repository.namespaces
        batcher = ShapeBatcher(self._instance, namespaces, keys, clock=self._clock)
        batcher.read(self._repository.pages(ids).values(), KeyReader(Vocabulary(self._instance)))
        batch = batcher.batch(EntityKind.CAPACITY, list(entities.values()))
        return self._shapes().validate(batch.triples, context=batch.context).violations
