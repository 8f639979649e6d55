"""Catching up with the repository: which changes to take in, in which way; given out by the package.

Differences belong to one thread at a time, behind a lock; a rebuild works aside without it, so that edits go on
meanwhile, and takes in what has changed since before it is swapped in.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from threading import Lock, RLock

from capx_graph.errors import NO_ANSWER
from capx_graph.ingest.entitygraph import EntityGraph
from capx_graph.ingest.fingerprint import fingerprint
from capx_graph.ingest.follower import GraphFollower
from capx_graph.ingest.observing import Observer, Observers, Successors
from capx_graph.ingest.pulse import Pulse
from capx_graph.instants import utc_now
from capx_graph.model import Change, Page
from capx_graph.ontology import Instance
from capx_graph.projection import Hierarchy, Projector, TextProjector
from capx_graph.repository.store import LINEAGE, Repository
from capx_graph.store.base import GraphBuilder, GraphStore
from capx_graph.textindex import TextBuild, TextEntry, TextIndex

MODEL = 3
"""Raise it when the same page would give other triples or texts than before: graphs made before are built anew."""

_BATCH = 200
_FEW = 500
"""So many changes are never a reason to build anew."""
_WORTHWHILE = 0.4
"""Share of all entities from which building anew is faster than differences (2 ms against 5 ms an entity)."""
_TRIPLES_AN_ENTITY = 200
_NOBODY = Successors()

Progress = Callable[[int], None]
"""Told how many entities a rebuild has done since the last call."""


@dataclass(frozen=True, slots=True)
class Report:
    """What catching up did: entities taken in by difference, entities built anew, and where the graph stands."""

    changed: int
    rebuilt: int
    cursor: int


def _connected_to(repository: Repository) -> list[object]:
    """The namespaces of a connected Wikibase, where there is one."""
    return [repository.settings.upstream] if repository.settings.upstream else []


class Ingest:
    """Keeps a graph and a text index in step with a repository."""

    def __init__(
        self,
        repository: Repository,
        store: GraphStore,
        texts: TextIndex,
        *,
        instance: Instance,
        observers: Sequence[Observer] = (),
    ) -> None:
        self.repository = repository
        self.store = store
        self.texts = texts
        self._observers = Observers(observers)
        projector = Projector(instance.ontology, instance, repository.namespaces)
        self.graph = EntityGraph(repository.namespaces, repository, projector)
        self.text_projector = TextProjector(instance.ontology, instance)
        lineage = repository.meta(LINEAGE)
        self.model = fingerprint(
            MODEL, repository.base, projector.plan, *([lineage] if lineage else []), *_connected_to(repository)
        )
        self._formatter_uri = instance.property_id("formatterUri") if instance.maps("formatterUri") else None
        self._writing = RLock()
        self._rebuilding = Lock()
        self._follower: GraphFollower | None = None
        self._swap_in_doubt = False
        self.pulse = Pulse()

    @property
    def hierarchy(self) -> Hierarchy:
        """The hierarchy that the graph was made with."""
        with self._writing:
            return self._graph_follower().hierarchy

    @property
    def cursor(self) -> int:
        """The newest change that both graph and text index have taken in."""
        return min(self.store.version, self.texts.cursor)

    def catch_up(self, *, progress: Progress | None = None) -> Report:
        """Take in everything that has changed; the same for one edit, a running import, or a first start.

        While another thread is building anew, what is far behind stays so until that is done. While the graph's engine
        fails, which raises Unavailable, QueryFailed or LimitExceeded, names go on without it: somebody who was erased
        must be found by none.
        """
        try:
            self.store.confirm()
            self.store.sweep()
            self._look_after_swap()
            return self._catch_up(progress)
        except NO_ANSWER:
            self._keep_texts(progress)
            raise

    def _catch_up(self, progress: Progress | None) -> Report:
        rebuilt = 0
        graph, texts = self._graph_is_due(), self._texts_are_due()
        if graph or texts:
            if self._rebuilding.acquire(blocking=False):
                try:
                    rebuilt = self._rebuild(graph=graph, texts=texts, progress=progress)
                finally:
                    self._rebuilding.release()
            elif self._is_far(self.cursor):
                return Report(0, 0, self.store.version)
        with self._writing:
            changed = self._follow()
        return Report(changed, rebuilt, self.store.version)

    def goes_back(self) -> bool:
        """Whether the graph was made before the repository was restored, so that nobody may read it."""
        return bool(self.repository.meta(LINEAGE)) and self.store.state.model not in ("", self.model)

    @contextmanager
    def standstill(self) -> Iterator[Hierarchy]:
        """Up to date, and nothing moves until the context ends; gives the hierarchy that the graph has."""
        self.store.confirm()
        with self._rebuilding, self._writing:
            self._follow()
            yield self._graph_follower().hierarchy

    def rebuild(self, *, progress: Progress | None = None) -> Report:
        """Build graph and text index anew, whatever their state."""
        self.store.confirm()
        with self._rebuilding:
            rebuilt = self._rebuild(graph=True, texts=True, progress=progress)
        with self._writing:
            changed = self._follow()
        return Report(changed, rebuilt, self.store.version)

    def _graph_is_due(self) -> bool:
        return self.store.state.model != self.model or self._is_far(self.store.version)

    def _texts_are_due(self) -> bool:
        return self.texts.model != self.model or self._is_far(self.texts.cursor)

    def _is_far(self, cursor: int) -> bool:
        if cursor > self.repository.head():
            return True  # another repository, or an older copy of this one was put in its place
        known = self.store.state.triples / _TRIPLES_AN_ENTITY
        most = int(max(_FEW, known * _WORTHWHILE))
        return len(self.repository.changes_after(cursor, limit=most + 1)) > most

    def _follow(self) -> int:
        """Take in all changes by differences; answers how many."""
        done, looked = 0, utc_now()
        if self._follower and (delta := self._follower.settle()):
            self._observers.tell(delta)
        while changes := self.repository.changes_after(self.cursor, limit=_BATCH):
            pages = self.repository.pages(change.entity_id for change in changes)
            if later := [change for change in changes if change.sequence > self.store.version]:
                self._observers.tell(self._graph_follower().apply(later, pages))
            if later := [change for change in changes if change.sequence > self.texts.cursor]:
                self.texts.apply(later[-1].sequence, self._entries(later, pages))
            done, looked = done + len(changes), utc_now()
        self.pulse.beat(looked)
        return done

    def _keep_texts(self, progress: Progress | None) -> None:
        """The text index follows alone."""
        if self._texts_are_due():
            if self._rebuilding.acquire(blocking=False):
                try:
                    self._rebuild(graph=False, texts=True, progress=progress)
                finally:
                    self._rebuilding.release()
            return
        with self._writing:
            while changes := self.repository.changes_after(self.texts.cursor, limit=_BATCH):
                pages = self.repository.pages(change.entity_id for change in changes)
                self.texts.apply(changes[-1].sequence, self._entries(changes, pages))

    def _rebuild(self, *, graph: bool, texts: bool, progress: Progress | None) -> int:
        """Build what is asked for aside, from one scan, and swap it in; answers how many entities that were.

        Both start at the head of an earlier scan, which gave the hierarchy: whatever changed since is taken in
        again by differences, most of it before the lock is taken.
        """
        head, pages = self.repository.scan_with_head()
        hierarchy = self.graph.projector.hierarchy(
            {page.entity_id: facts for page in pages if (facts := self.graph.facts(page))}
        )
        with ExitStack() as stack:
            graph_build = stack.enter_context(self.store.rebuild(self.model)) if graph else None
            text_build = stack.enter_context(self.texts.rebuild(self.model)) if texts else None
            done = self._fill(graph_build, text_build, hierarchy, progress)
            draft = graph_build.finish(head) if graph_build else None
            follower = self._follower_of(draft, hierarchy) if draft else None
            if text_build:
                text_build.finish(head)
            cursor = self._advance(head, follower, text_build, most=_BATCH - 1)
            # What answers are made of is derived aside too, so that nobody waits for it after the swap.
            successors = self._observers.aside(draft)
            cursor = self._advance(cursor, follower, text_build, most=_BATCH - 1, told=successors)
            with self._writing:
                self._advance(cursor, follower, text_build, most=0, told=successors)
                if graph_build and follower:
                    self._publish(graph_build, follower.hierarchy, successors)
                if text_build:
                    text_build.publish()
        return done

    def _publish(self, build: GraphBuilder, hierarchy: Hierarchy, successors: Successors) -> None:
        """Swap in a graph that was built aside, and what was derived from it."""
        self._swap_in_doubt = True
        with self._observers.replacing(successors):
            build.publish()
        self._swap_in_doubt = False
        self._follower = self._follower_of(self.store, hierarchy)

    def _look_after_swap(self) -> None:
        """An engine elsewhere may have swapped and not been able to say so: all that was derived is derived anew."""
        with self._writing:
            if self._swap_in_doubt:
                self._swap_in_doubt, self._follower = False, None
                self._observers.begin_anew()

    def _fill(
        self,
        graph_build: GraphBuilder | None,
        text_build: TextBuild | None,
        hierarchy: Hierarchy,
        progress: Progress | None,
    ) -> int:
        done = 0
        for page in self.repository.scan():
            if graph_build:
                graph_build.add(self.graph.triples(page, hierarchy))
            if text_build:
                text_build.add(self.text_projector.entries(page))
            done += 1
            if progress:
                progress(1)
        return done

    def _advance(
        self,
        cursor: int,
        follower: GraphFollower | None,
        text_build: TextBuild | None,
        *,
        most: int,
        told: Successors = _NOBODY,
    ) -> int:
        """Bring what was built up to date, until at most so many changes are left; answers the new cursor."""
        while len(changes := self.repository.changes_after(cursor, limit=_BATCH)) > most:
            pages = self.repository.pages(change.entity_id for change in changes)
            cursor = changes[-1].sequence
            if follower:
                told.tell(follower.apply(changes, pages))
            if text_build:
                text_build.apply(cursor, self._entries(changes, pages))
        return cursor

    def _entries(self, changes: Sequence[Change], pages: Mapping[str, Page]) -> dict[str, list[TextEntry]]:
        found = ((change.entity_id, pages.get(change.entity_id)) for change in changes)
        return {entity_id: self.text_projector.entries(page) if page else [] for entity_id, page in found}

    def _graph_follower(self) -> GraphFollower:
        if self._follower is None:
            self._follower = self._follower_of(self.store, None)
        return self._follower

    def _follower_of(self, store: GraphStore, hierarchy: Hierarchy | None) -> GraphFollower:
        return GraphFollower(
            store, self.graph, self.repository.pages, formatter_uri=self._formatter_uri, hierarchy=hierarchy
        )
