"""The index itself: bitmaps read from the graph once, then kept in step with it by what the ingest tells.

Derived and disposable; while it is being loaded, ``ready`` is False and whoever asks takes SPARQL instead. One lock
guards the bitmaps: ``reading`` holds it for the few milliseconds of an answer.
"""

from __future__ import annotations

import logging
from collections.abc import Callable, Collection, Iterator, Sequence
from contextlib import contextmanager
from itertools import islice
from threading import Event, RLock, Thread

from pyroaring import BitMap

from capx_graph.directory import DirectoryCache, Tree
from capx_graph.directory.catalogue import item_number
from capx_graph.errors import Unavailable
from capx_graph.index.bitmaps import Bitmaps
from capx_graph.index.families import CLASS, FOLLOWING
from capx_graph.index.reading import FactReader
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
        self._sets: Bitmaps | None = None
        self._number = -1
        self._version = -1
        self._missed: set[str] = set()
        self._replacements = 0
        self._kept = False
        self._loaded = loaded

    @property
    def ready(self) -> bool:
        """Whether ``reading`` has something to read."""
        return self._sets is not None

    @property
    def replacements(self) -> int:
        """How often the graph was built anew, which may leave its version as it was."""
        return self._replacements

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
            while replacements != self._replacements:
                with self._lock:
                    replacements = self._replacements
                    self._missed.clear()
                version = self._graph.version
                directory = self._directory.current()
                sets = Bitmaps(_above(directory.tree))
                sets.add(self._facts.everything())
                sets.place(self._facts.standings(_members(sets), everything=True))
                with self._lock:
                    if replacements == self._replacements:
                        self._sets, self._number, self._version = sets, directory.number, version
                        self._refresh(self._missed)
        self._tell()

    def graph_changed(self, delta: Delta) -> None:
        """The graph took in a difference; for the ingest.

        Who differs only in what follows from the trees is left alone: that is derived here too. A capacity that moves
        concerns most people, and reading one anew costs a millisecond.
        """
        changed = {
            item
            for triple in (*delta.removed, *delta.added)
            if triple.predicate not in FOLLOWING and (item := self._owner(triple.subject))
        }
        self._directory.changed(changed, delta.cursor)
        with self._lock:
            self._missed.update(changed)
            if self._sets is not None:
                self._refresh(changed)
                self._version = delta.cursor

    def graph_replaced(self) -> None:
        """The graph was built anew, so what was read from the former is worth nothing; for the ingest."""
        self._directory.replaced()
        with self._lock:
            self._sets = None
            self._replacements += 1
        if self._kept:
            Thread(target=self._load_again, name="index", daemon=True).start()

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

    def _load_again(self) -> None:
        try:
            self.load()
        except Exception:  # a thread's last line: without it the failure is never seen, and SPARQL goes on answering
            _LOG.exception("the index could not be loaded")

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
        self._sets.remove(map(item_number, items))
        directory = self._directory.current()
        if directory.number != self._number:
            self._sets.derive(_above(directory.tree))
            self._number = directory.number
        rest = iter(items)
        while batch := list(islice(rest, _BATCH)):
            self._sets.add(self._facts.of(batch))
            self._sets.place(self._facts.standings(_members(self._sets, batch)))


def _members(sets: Bitmaps, among: Sequence[str] | None = None) -> list[str]:
    """The things that have a class, which alone can be found."""
    kinds = list(sets.family(CLASS).values())
    if among is None:
        return [f"Q{number}" for members in kinds for number in members]
    return [item for item in among if any(item_number(item) in members for members in kinds)]


def _above(tree: Tree) -> Callable[[int], Sequence[int]]:
    memory: dict[int, tuple[int, ...]] = {}

    def above(number: int) -> Sequence[int]:
        known = memory.get(number)
        if known is None:
            known = memory[number] = tuple(item_number(item) for item in tree.above(f"Q{number}"))
        return known

    return above
