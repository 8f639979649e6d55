"""The index itself: bitmaps read from the graph once, then kept in step with it by what the ingest tells.

Derived and disposable; while it is being loaded, ``ready`` is False and whoever asks takes SPARQL instead. One lock
guards the bitmaps: ``reading`` holds it for the few milliseconds of an answer. Of a graph that is built anew it is read
aside, and replaced together with it.
"""

from __future__ import annotations

import logging
from collections.abc import Callable, Collection, Iterable, Iterator, Sequence
from contextlib import contextmanager
from threading import Event, RLock, Thread

from pyroaring import BitMap

from capx_graph.directory import DirectoryCache, Tree
from capx_graph.directory.catalogue import item_number
from capx_graph.errors import NO_ANSWER, Unavailable
from capx_graph.index.bitmaps import Bitmaps, Fact
from capx_graph.index.families import CLASS, FOLLOWING
from capx_graph.index.reading import FactReader
from capx_graph.index.standing import Standing
from capx_graph.model import EntityKind
from capx_graph.namespaces import WikibaseNamespaces
from capx_graph.store.base import Delta, GraphReader
from capx_graph.terms import NamedNode

_LISTED = (EntityKind.PERSON, EntityKind.ORGANIZATION, EntityKind.EVENT, EntityKind.PROJECT)
"""What searches and matches list."""

_BATCH = 500
"""Changed things read in one query."""

_PATIENCE = 60.0
"""Seconds that an answer waits for the index at most."""

_AGAIN = 2.0
"""Seconds after which an engine that does not answer is asked again."""

_LOG = logging.getLogger(__name__)


class Index:
    """Who has which value, at one version of the graph; follows the graph as an observer of the ingest.

    It tells the directory too, which every answer from it needs at the same version.
    """

    def __init__(
        self,
        graph: GraphReader,
        namespaces: WikibaseNamespaces,
        directory: DirectoryCache,
        *,
        loaded: Callable[[Sequence[str]], None] | None = None,
    ) -> None:
        """``loaded`` is told all things that are listed, the most active first, whenever they were read anew."""
        self._graph = graph
        self._facts = FactReader(graph, namespaces)
        self._namespaces = namespaces
        self._statements = tuple(space.statement for space in namespaces.homes)
        self._directory = directory
        self._lock = RLock()
        self._loading = RLock()
        self._settled = Event()
        self._settled.set()
        self._closed = Event()
        self._sets: Bitmaps | None = None
        self._number = -1
        self._version = -1
        self._missed: set[str] = set()
        self._due: set[str] = set()
        self._replacements = 0
        self._kept = False
        self._loaded = loaded

    @property
    def ready(self) -> bool:
        """Whether ``reading`` has something to read."""
        return self._sets is not None

    @property
    def replacements(self) -> int:
        """How often the graph was replaced, twice each time: before and after; its version may be as it was."""
        return self._replacements

    def is_same_since(self, replacements: int) -> bool:
        """Whether the graph is the one it was then, so that what was read of it meanwhile belongs together."""
        return replacements == self._replacements and replacements % 2 == 0

    def awaited(self) -> bool:
        """Whether ``reading`` has something to read, now or when the loading that is under way has ended.

        Waiting is the quicker way: of 100,000 people the index is loaded in half a minute, while a search with its
        counts by SPARQL, besides the loading, takes three.
        """
        if self._sets is None:
            self._settled.wait(_PATIENCE)
        return self.ready

    @contextmanager
    def reading(self) -> Iterator[tuple[Bitmaps, int]]:
        """The bitmaps and the version of the graph that they show, unchanged inside; raises Unavailable."""
        with self._lock:
            if self._sets is None:
                raise Unavailable("the index is being loaded; try again in a few seconds")
            yield self._sets, self._version

    def load(self) -> None:
        """Read everything from the graph, and again whenever it is built anew; answers go on undisturbed."""
        self._kept = True
        with self._loading, self._unsettled():
            replacements = -1
            while not self.is_same_since(replacements):
                with self._lock:
                    replacements = self._replacements
                    self._missed.clear()
                version, directory = self._graph.version, self._directory.current()
                sets = Bitmaps(_above(directory.tree))
                _read_into(sets, self._facts)
                with self._lock:
                    if self.is_same_since(replacements):
                        self._sets, self._number, self._version = sets, directory.number, version
                        self._refresh(self._missed)
        self._tell()

    def begin_with(self, pieces: Iterable[GraphReader], then: Callable[[], None]) -> None:
        """Answer from graphs that together hold all things, until the graph itself can be read.

        ``then`` is called when all were read, and makes the directory be there.
        """
        sets = Bitmaps(lambda number: (number,))
        for piece in pieces:
            _read_into(sets, FactReader(piece, self._namespaces))
        then()
        directory = self._directory.current()
        sets.derive(_above(directory.tree))
        with self._lock:
            if self._sets is None:
                self._sets, self._number, self._version = sets, directory.number, self._graph.version

    def keep_loading(self) -> None:
        """Load, and while the engine of the graph does not answer, try again; for a thread of its own."""
        told = False
        while not self._closed.is_set():
            try:
                self.load()
                return
            except NO_ANSWER as error:
                if not told:
                    _LOG.warning("the index waits for the graph: %s", error)
                told = True
            self._closed.wait(_AGAIN)

    def close(self) -> None:
        """Read nothing any more."""
        self._closed.set()

    def graph_changed(self, delta: Delta) -> None:
        """The graph took in a difference; for the ingest.

        Who differs only in what follows from the trees is left alone: that is derived here too. A capacity that moves
        concerns most people, and reading one anew costs a millisecond. What an engine does not tell now is read later.
        """
        changed = {
            item
            for triple in (*delta.removed, *delta.added)
            if triple.predicate not in FOLLOWING and (item := self._owner(triple.subject))
        }
        self._directory.changed(changed, delta.cursor)
        with self._lock:
            self._missed.update(changed)
            if self._sets is None:
                return
            try:
                self._refresh(changed | self._due)
                self._due = set()
            except NO_ANSWER:
                if not self._due:
                    Thread(target=self._read_later, name="index-later", daemon=True).start()
                self._due |= changed
            self._version = delta.cursor

    def aside(self, graph: GraphReader) -> Index | None:
        """The index of a graph that is built aside; None while nobody has this one. For the ingest."""
        if not self.ready:
            return None
        made = Index(graph, self._namespaces, DirectoryCache(graph, self._namespaces))
        try:
            made.load()
        except NO_ANSWER:
            _LOG.warning("the index of the new graph is read after the swap", exc_info=True)
            return None
        return made

    @contextmanager
    def replacing(self, successor: object) -> Iterator[None]:
        """The graph is replaced inside, and this by what was read of the new one; for the ingest."""
        with self._lock:
            self._replacements += 1
        try:
            yield
            self._directory.replaced()
            with self._lock:
                self._due = set()
                self._sets = successor._sets if isinstance(successor, Index) else None
                # The trees are derived anew with the next change: this directory numbers them in its own way.
                self._number, self._version = -1, self._graph.version
        finally:
            with self._lock:
                self._replacements += 1
        if self._kept:
            Thread(target=self._tell if self.ready else self.keep_loading, name="index", daemon=True).start()

    def _read_later(self) -> None:
        """Reads what an engine did not tell when it changed."""
        while self._due and not self._closed.wait(_AGAIN):
            with self._lock:
                try:
                    if self._sets is not None:
                        self._refresh(self._due)
                    self._due = set()
                except NO_ANSWER:
                    continue

    def _tell(self) -> None:
        if self._loaded is None:
            return
        with self._lock:
            sets = self._sets
            found = BitMap.union(*(sets.things(CLASS, kind) for kind in _LISTED)) if sets else BitMap()
            items = [f"Q{number}" for number in sets.in_order(found, "active")] if sets else []
        self._loaded(items)

    @contextmanager
    def _unsettled(self) -> Iterator[None]:
        self._settled.clear()
        try:
            yield
        finally:
            self._settled.set()

    def _owner(self, subject: object) -> str:
        """The entity that a subject of its triples belongs to: itself, or a statement's IRI begins with its id."""
        if not isinstance(subject, NamedNode):
            return ""
        iri = subject.value
        if iri.startswith(self._statements):
            return iri.rpartition("/")[2].partition("-")[0].upper()
        return self._namespaces.entity_id(iri)

    def _refresh(self, entity_ids: Collection[str]) -> None:
        assert self._sets is not None, "callers look first"
        items = [item for item in entity_ids if item.startswith("Q")]
        directory = self._directory.current()
        # All is read before anything is changed, so that an engine that fails in between takes nothing away.
        read = [self._facts_of(items[start : start + _BATCH]) for start in range(0, len(items), _BATCH)]
        self._sets.remove(map(item_number, items))
        if directory.number != self._number:
            self._sets.derive(_above(directory.tree))
            self._number = directory.number
        for facts, standings in read:
            self._sets.add(facts)
            self._sets.place(standings)

    def _facts_of(self, items: Sequence[str]) -> tuple[list[Fact], list[Standing]]:
        """What is said of a few things, and the places of those that have a class, which alone can be found."""
        facts = list(self._facts.of(items))
        classed = {number for family, _, things in facts if family == CLASS for number in things}
        return facts, self._facts.standings([item for item in items if item_number(item) in classed])


def _read_into(sets: Bitmaps, facts: FactReader) -> None:
    """Take in a whole graph; only things that have a class can be found, and have a place."""
    found: dict[int, None] = {}
    for family, value, things in facts.everything():
        sets.add([(family, value, things)])
        if family == CLASS:
            found |= dict.fromkeys(things)
    sets.place(facts.standings([f"Q{number}" for number in found], everything=True))


def _above(tree: Tree) -> Callable[[int], Sequence[int]]:
    memory: dict[int, tuple[int, ...]] = {}

    def above(number: int) -> Sequence[int]:
        known = memory.get(number)
        if known is None:
            known = memory[number] = tuple(item_number(item) for item in tree.above(f"Q{number}"))
        return known

    return above
