"""What the shapes say of capacities before a change of them is sent; raises ShapeViolation.

The whole tree of capacities is the context (134 of them take about 30 ms), so that depth and circles are seen. Only
what a change makes worse refuses it: an old fault of the same capacity keeps nobody from translating it.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from capx_graph.directory import DirectoryCache
from capx_graph.errors import ShapeViolation
from capx_graph.items.checking import ShapeCheck
from capx_graph.items.keys import Keys
from capx_graph.model import EntityJson, EntityKind
from capx_graph.repository.store import Repository
from capx_graph.shapes import Result


class CapacityCheck:
    """Checks capacities of one repository."""

    def __init__(self, repository: Repository, directory: DirectoryCache, shapes: ShapeCheck) -> None:
        self._repository = repository
        self._directory = directory
        self._shapes = shapes

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
        around = self._repository.pages(ids).values()
        return self._shapes.violations(EntityKind.CAPACITY, list(entities.values()), keys, around=around)
