"""The embedded SPARQL engine: Oxigraph on disk in swappable generations, or in memory for tests.

``opening`` opens it; everyone else sees the protocols of ``store.base``. Reads run in the caller's thread and the
engine lets go of the GIL meanwhile. A retired generation is removed only when its last reader has finished: the
engine opens its files lazily, so they must not vanish under a running query.
"""

from __future__ import annotations

import logging
from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from threading import RLock

from pyoxigraph import Literal, NamedNode, Quad, Store

from capx_graph.datadir.generations import Generation, Generations
from capx_graph.errors import Unavailable
from capx_graph.store import reading
from capx_graph.store.base import (
    META_CURSOR,
    META_GRAPH,
    META_MODEL,
    META_TRIPLES,
    Delta,
    Solutions,
    SparqlText,
    StoreState,
)
from capx_graph.store.build import StoreBuild
from capx_graph.store.canonical import Canonical
from capx_graph.store.reading import ANY, DEFAULT_GRAPH
from capx_graph.terms import Triple, integer

_LOG = logging.getLogger(__name__)
_META = NamedNode(META_GRAPH)
_CURSOR = NamedNode(META_CURSOR)
_TRIPLES = NamedNode(META_TRIPLES)
_MODEL = NamedNode(META_MODEL)
_CANONICAL = Canonical()


class EmbeddedStore:
    """A GraphStore on Oxigraph. Threads may read at will; ``apply`` and ``rebuild`` belong to the one writer.

    Once it is closed, everything raises Unavailable.
    """

    def __init__(self, directory: Path | None = None) -> None:
        """Open the graph in ``directory`` (made empty when missing), or one in memory; raises StoreLocked."""
        self._generations = Generations(directory) if directory else None
        self._begin(*self._first())

    @classmethod
    def over(cls, engine: Store, path: Path | None) -> EmbeddedStore:
        """A store over one engine, whose files belong to somebody else; for Rebuild."""
        store = cls.__new__(cls)
        store._generations = None
        store._begin(engine, path)
        return store

    def _begin(self, engine: Store, path: Path | None) -> None:
        self._writing = RLock()
        self._closed = False
        self._generation = Generation(engine, path)
        self._state = _stored_state(engine)

    @property
    def state(self) -> StoreState:
        return self._state

    @property
    def version(self) -> int:
        return self._state.cursor

    def confirm(self) -> StoreState:
        return self._state

    def sweep(self) -> None:
        """Nothing is left: opening sweeps the files."""

    def select(self, query: SparqlText) -> Solutions:
        with self._reading() as generation:
            return reading.selected(generation.resource, query)

    def ask(self, query: SparqlText) -> bool:
        with self._reading() as generation:
            return reading.asked(generation.resource, query)

    def construct(self, query: SparqlText) -> list[Triple]:
        with self._reading() as generation:
            return reading.constructed(generation.resource, query)

    def triples(self) -> Iterator[Triple]:
        with self._reading() as generation:
            for quad in generation.resource.quads_for_pattern(None, None, None, DEFAULT_GRAPH):
                yield quad.triple

    def count(self) -> int:
        with self._reading() as generation:
            own = len(list(generation.resource.quads_for_pattern(None, None, None, _META)))
            return len(generation.resource) - own

    def subject_triples(self, subjects: Iterable[NamedNode], predicates: Sequence[NamedNode] = ()) -> list[Triple]:
        with self._reading() as generation:
            return reading.with_subjects(generation.resource, subjects, predicates or ANY)

    def contains_all(self, triples: Iterable[Triple]) -> bool:
        with self._reading() as generation:
            return reading.contains_all(generation.resource, triples)

    def canonical(self, triples: Iterable[Triple]) -> list[Triple]:
        return _CANONICAL.triples(triples)

    def mentions(self, node: NamedNode, predicates: Sequence[NamedNode] = ()) -> Iterator[Triple]:
        with self._reading() as generation:
            for predicate in predicates or ANY:
                for quad in generation.resource.quads_for_pattern(None, predicate, node, DEFAULT_GRAPH):
                    yield quad.triple

    def snapshot(self, directory: Path) -> StoreState:
        with self._writing, self._reading() as generation:
            if generation.path:
                generation.resource.backup(str(directory))
            else:
                Store(directory).bulk_extend(generation.resource)
            return self._state

    def apply(self, delta: Delta) -> None:
        with self._writing, self._reading() as generation:
            triples = self._state.triples + len(delta.added) - len(delta.removed)
            after = StoreState(delta.cursor, triples, self._state.model)
            reading.update(generation.resource, _update_text(delta, self._state, after))
            self._state = after

    @contextmanager
    def rebuild(self, model: str) -> Iterator[Rebuild]:
        build = Rebuild(self, self._generations.begin() if self._generations else None, model)
        try:
            yield build
        finally:
            build.end()

    def take_over(self, draft: EmbeddedStore) -> None:
        """Put the content of a finished draft in force; for Rebuild."""
        with self._writing:
            path = draft._generation.path
            if self._generations and path:
                self._generations.publish(path)
            former, self._generation = self._generation, draft._generation
            self._state = draft._state
        former.retire(lambda: self.discard(former.path))

    def discard(self, path: Path | None) -> None:
        """Remove the files of a generation; for Rebuild."""
        if self._generations and path:
            self._generations.discard(path)

    def close(self) -> None:
        """Release the files and the lock, once the readers of this moment have finished."""
        with self._writing:
            self._closed = True
            self._generation.retire(self._generations.close if self._generations else _nothing)

    def _first(self) -> tuple[Store, Path | None]:
        if self._generations is None:
            return Store(), None
        path = self._generations.current()
        if path is not None:
            try:
                return Store(path), path
            except (OSError, RuntimeError) as error:
                # Nothing here is worth repairing: an empty graph is filled from the repository.
                _LOG.warning("the graph in %s cannot be opened and is made anew: %s", path, error)
        fresh = self._generations.begin()
        try:
            store = Store(fresh)
        except (OSError, RuntimeError) as error:
            self._generations.close()
            raise Unavailable(f"no graph can be made in {fresh}: {error}") from error
        self._generations.publish(fresh)
        self._generations.discard(path)
        return store, fresh

    @contextmanager
    def _reading(self) -> Iterator[Generation[Store]]:
        while not (generation := self._generation).enter():
            if self._closed:
                raise Unavailable("the graph is closed")
        try:
            yield generation
        finally:
            generation.leave()


class Rebuild:
    """A GraphBuilder that fills a new generation of an EmbeddedStore."""

    def __init__(self, owner: EmbeddedStore, path: Path | None, model: str) -> None:
        self._owner = owner
        self._path = path
        self._model = model
        self._build = StoreBuild(path)
        self._draft: EmbeddedStore | None = None
        self._published = False

    def add(self, triples: Iterable[Triple]) -> None:
        self._build.add(triples)

    def finish(self, cursor: int) -> EmbeddedStore:
        state = StoreState(cursor, self._build.finish(), self._model)
        self._build.store.extend(_state_quads(state))
        self._build.store.flush()
        self._draft = EmbeddedStore.over(self._build.release(), self._path)
        return self._draft

    def publish(self) -> None:
        assert self._draft is not None, "finish comes before publish"
        self._owner.take_over(self._draft)
        self._published = True

    def end(self) -> None:
        """Drop what was not published."""
        if self._published:
            return
        self._build.abandon()
        if self._draft is not None:
            self._draft.close()
        self._owner.discard(self._path)


def _nothing() -> None:
    return None


def _stored_state(store: Store) -> StoreState:
    quads = store.quads_for_pattern(_META, None, None, _META)
    values = {quad.predicate: quad.object.value for quad in quads if isinstance(quad.object, Literal)}
    return StoreState(int(values.get(_CURSOR, "0")), int(values.get(_TRIPLES, "0")), values.get(_MODEL, ""))


def _state_quads(state: StoreState) -> list[Quad]:
    return [
        Quad(_META, _CURSOR, integer(state.cursor), _META),
        Quad(_META, _TRIPLES, integer(state.triples), _META),
        Quad(_META, _MODEL, Literal(state.model), _META),
    ]


def _update_text(delta: Delta, before: StoreState, after: StoreState) -> str:
    """One update request, hence one transaction; terms print in N-Triples form, which SPARQL reads as it is."""
    parts = ["DELETE DATA {", *(f"{triple} ." for triple in delta.removed), _meta_block(before), "} ;"]
    parts += ["INSERT DATA {", *(f"{triple} ." for triple in delta.added), _meta_block(after), "}"]
    return "\n".join(parts)


def _meta_block(state: StoreState) -> str:
    lines = (f"{quad.triple} ." for quad in _state_quads(state))
    return "\n".join([f"GRAPH {_META} {{", *lines, "}"])
