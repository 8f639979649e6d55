"""The connected Wikibase = mirror = graph, entity by entity; ``capx check --remote`` prints what this yields.

Every entity is read there again. What differs at first sight is read a second time before it counts, so that an edit
under way is no difference; nothing is mended here. The mirror against the graph is ``check``'s work, done after it.
"""

from __future__ import annotations

from collections.abc import Iterator

from capx_graph.check import Check, Difference, DifferenceKind, compared
from capx_graph.ingest import Ingest, Progress
from capx_graph.model import Page
from capx_graph.upstream import Sync
from capx_graph.upstream.source import AT_ONCE, Fetched


class RemoteCheck:
    """One comparison of what is here with the connected Wikibase; ``suspects`` are the entities that differed."""

    def __init__(self, ingest: Ingest, sync: Sync, *, progress: Progress | None = None) -> None:
        self._ingest = ingest
        self._sync = sync
        self._source = sync.source
        self._progress = progress
        self.suspects: dict[str, None] = {}

    def differences(self) -> Iterator[Difference]:
        """All differences; none means that everything is in step."""
        self._source.begin()
        intake = self._sync.intake
        there = {id_: revision for id_, revision in intake.listed().items() if intake.wants(id_)}
        here = self._ingest.repository.mirror.revisions()
        parted = [id_ for id_ in there.keys() | here.keys() if there.get(id_) != here.get(id_)]
        equal = [id_ for id_ in there if id_ in here and there[id_] == here[id_]]
        for fetched in self._fetched(equal):
            parted += [page.entity_id for page in fetched.pages if self._differs(page)]
            parted += [*fetched.gone, *fetched.unreadable]
        for fetched in self._fetched(parted):
            yield from self._verified(fetched)
        yield from Check(self._ingest, progress=self._progress).differences()

    def _verified(self, fetched: Fetched) -> Iterator[Difference]:
        with self._ingest.standstill() as hierarchy:
            graph, store = self._ingest.graph, self._ingest.store
            for page in fetched.pages:
                if not self._differs(page):
                    continue
                due, stored = graph.due(store, page, hierarchy), graph.stored(store, page.entity_id)
                if told := list(compared(page.entity_id, due, stored)):
                    self.suspects[page.entity_id] = None
                    yield from told
            for entity_id in fetched.gone:
                if self._ingest.repository.exists(entity_id):
                    self.suspects[entity_id] = None
                    yield Difference(DifferenceKind.SURPLUS_ENTITY, entity_id, "deleted in the connected Wikibase")
        for entity_id, text in fetched.unreadable.items():
            self.suspects[entity_id] = None
            yield Difference(DifferenceKind.UNREADABLE_ENTITY, entity_id, text)

    def _differs(self, page: Page) -> bool:
        return self._ingest.repository.page(page.entity_id) != page

    def _fetched(self, ids: list[str]) -> Iterator[Fetched]:
        for start in range(0, len(ids), AT_ONCE):
            some = ids[start : start + AT_ONCE]
            self._source.begin()
            yield self._source.fetch(some)
            if self._progress:
                self._progress(len(some))
