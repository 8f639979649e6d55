"""The graph in another SPARQL 1.1 engine, reached by the protocol: Oxigraph, Virtuoso, Fuseki, QLever, GraphDB ...

``opening`` opens it; everyone else sees the protocols of ``store.base``. The triples lie in one of two named graphs,
which every query is given as its default graph; a rebuild fills the other one, and a swap changes a pointer in a third
one, where the store keeps what it knows about itself. A large difference takes several requests: it begins with a mark,
and a graph that is found marked counts as made by no model, so that it is built anew rather than believed.

The engine may go at any time. What was known of the graph then is known no more (``state.known``) until ``confirm`` has
asked; before that nothing is written. Reading goes on with what was in force.
"""

from __future__ import annotations

import logging
from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path
from threading import RLock

from pyoxigraph import Quad, Store

from capx_graph import queries
from capx_graph.datadir.locks import held
from capx_graph.errors import NO_ANSWER, CapxError, LimitExceeded, Unavailable
from capx_graph.store import remotereading as reading
from capx_graph.store.base import Delta, GraphStore, Solutions, SparqlText, StoreState
from capx_graph.store.remotebuild import RemoteBuild
from capx_graph.store.remoteengine import RemoteEngine
from capx_graph.store.remoteform import delete_insert, ground, solutions, table_in
from capx_graph.store.remotemeta import Meta, Record, parts_of
from capx_graph.store.remotereading import RESULTS
from capx_graph.store.remotespelling import Spelling
from capx_graph.store.remotewire import form_of
from capx_graph.terms import NamedNode, Triple, iri

_LOG = logging.getLogger(__name__)


class RemoteStore:
    """A GraphStore over an engine that only this process writes to. Threads may read at will."""

    def __init__(self, engine: RemoteEngine, base: str, *, lock: Path | None = None) -> None:
        """``base`` sets our graphs apart from others in the engine, ``lock`` is a file of the one process that writes.

        An engine that does not answer is asked again later. Raises StoreLocked.
        """
        if lock:
            lock.parent.mkdir(parents=True, exist_ok=True)
        self._file = held(lock) if lock else None
        self._held: RemoteEngine | None = engine
        self._graphs = (f"{base}/graph/1", f"{base}/graph/2")
        self._meta = Meta(iri(f"{base}/graph/meta"))
        spelling = iri(f"{base}/graph/spelling")
        self._spelling = Spelling(spelling, select=self._select, write=self._write)
        self._lock = RLock()
        self._is_draft = False
        self._record = Record()
        self._absences = -1
        self._is_doubtful = False
        self._leftover = True
        try:
            self.confirm()
        except NO_ANSWER as error:
            _LOG.warning("the graph waits for its engine: %s", error)

    @property
    def graph(self) -> str:
        """The IRI of the named graph that holds the triples now; asks for it where nobody knows, raises Unavailable."""
        if not self._record.content:
            self.confirm()
        return self._record.content

    @property
    def engine(self) -> RemoteEngine:
        """The engine; raises Unavailable once the store is closed."""
        if self._held is None:
            raise Unavailable("the graph is closed")
        return self._held

    @property
    def state(self) -> StoreState:
        return self._record.state

    @property
    def version(self) -> int:
        return self._record.state.cursor

    def confirm(self) -> StoreState:
        with self._lock:
            absences = self.engine.absences
            if not self._is_draft and not (self._record.state.known and self._absences == absences):
                record = self._read_record()
                if self._is_doubtful and record.state.model and not self._is_whole(record):
                    record = replace(record, state=StoreState())
                self._record, self._absences, self._is_doubtful = record, absences, False
            return self._record.state

    def answer(self, text: str, *, result_type: str, graph_type: str, empty: bool, until: float) -> bytes:
        """The bytes of a query's answer in one of two media types, by its form; over nothing when ``empty``."""
        graph = f"{self._meta.graph.value}/nothing" if empty else self.graph
        body = self.engine.ask(text, graph=graph, accept=RESULTS, accept_graph=graph_type, until=until, ours=False)
        return body if form_of(text) in ("CONSTRUCT", "DESCRIBE") else table_in(body, result_type)

    def select(self, query: SparqlText) -> Solutions:
        return reading.selected(self.engine, self.graph, query)

    def ask(self, query: SparqlText) -> bool:
        return reading.asked(self.engine, self.graph, query)

    def construct(self, query: SparqlText) -> list[Triple]:
        return reading.constructed(self.engine, self.graph, query)

    def triples(self) -> Iterator[Triple]:
        return reading.everything(self.engine, self.graph)

    def count(self) -> int:
        return self.count_in(self.graph)

    def subject_triples(self, subjects: Iterable[NamedNode], predicates: Sequence[NamedNode] = ()) -> list[Triple]:
        return reading.with_subjects(self.engine, self.graph, subjects, predicates)

    def contains_all(self, triples: Iterable[Triple]) -> bool:
        return reading.contains_all(self.engine, self.graph, triples)

    def canonical(self, triples: Iterable[Triple]) -> list[Triple]:
        return self._spelling.canonical(triples)

    def mentions(self, node: NamedNode, predicates: Sequence[NamedNode] = ()) -> Iterator[Triple]:
        return reading.mentioning(self.engine, self.graph, node, predicates)

    def snapshot(self, directory: Path) -> StoreState:
        """A copy as an embedded engine reads it; takes as long as reading everything."""
        state = self.state
        copy = Store(directory)
        copy.bulk_extend(Quad(*triple) for triple in self.triples())
        copy.flush()
        return state

    def apply(self, delta: Delta) -> None:
        """Raises Unavailable too where the engine has been away since ``confirm``: it may hold something else now."""
        for triple in (*delta.removed, *delta.added):
            ground(triple)
        with self._lock:
            if self._is_draft:
                self._extend(delta)
                return
            self._check_confirmed()
            state = self.state
            triples = state.triples + len(delta.added) - len(delta.removed)
            after = self._meta.after(self._record, replace(state, cursor=delta.cursor, triples=triples))
            try:
                for text in self._meta.updates(self._record, after, delta):
                    self.engine.write(text)
            except CapxError:
                self._doubt()
                raise
            self._record = after

    @contextmanager
    def rebuild(self, model: str) -> Iterator[RemoteBuild]:
        self.confirm()
        self._leftover = False
        build = RemoteBuild(self, next(graph for graph in self._graphs if graph != self.graph), model)
        try:
            yield build
        finally:
            build.end()
            self._leftover = True

    def begin(self, build: str) -> None:
        """Say that a build begins; for RemoteBuild. Raises Unavailable."""
        with self._lock:
            self._check_confirmed()
            self._write_meta(self._meta.beginning(self._record, build))

    def take_over(self, build: str, draft: GraphStore, graph: str) -> None:
        """Put the content of a finished draft in force by one write; for RemoteBuild. Raises Unavailable."""
        with self._lock:
            self._check_confirmed()
            self._write_meta(self._meta.change(self._record, build, graph, draft.state))
            if self._record.content != graph:
                raise Unavailable("another build of the graph began meanwhile")
        self._leftover = True
        self.sweep()

    def sweep(self) -> None:
        """Drop the named graph that is not in force, which an earlier process or a change of graphs may have left."""
        if not (self._leftover and self._record.content):
            return
        try:
            for graph in self._graphs:
                if graph != self._record.content:
                    self.engine.write(f"DROP SILENT GRAPH <{graph}>")
            self._leftover = False
        except NO_ANSWER as error:
            _LOG.warning("a graph that nobody reads is still in the engine: %s", error)

    def draft(self, graph: str, state: StoreState) -> RemoteStore:
        """A store over another named graph, whose state nobody is told before it is taken over; for RemoteBuild."""
        made = RemoteStore.__new__(RemoteStore)
        made.__dict__.update(self.__dict__)
        made._lock = RLock()
        made._is_draft, made._record = True, Record(graph, state)
        return made

    def count_in(self, graph: str) -> int:
        """The number of triples of a named graph; for RemoteBuild."""
        return reading.counted(self.engine, graph)

    def look(self) -> None:
        """Ask the engine where the graph stands; raises Unavailable, QueryTooLong when it does not answer.

        An engine that was begun anew, or restored, says something else than we wrote, which nobody else would notice.
        """
        before = self._record
        found = self._read_record()
        if before.content and before is self._record and found != before:
            self._doubt()

    def close(self) -> None:
        """Ask nothing any more; nothing else is held between requests."""
        self._held = None
        if self._file and not self._is_draft:
            self._file.close()

    def _check_confirmed(self) -> None:
        if not self.state.known or self._absences != self.engine.absences:
            self._doubt()
            raise Unavailable("the engine of the graph has been away; what it holds is looked at first")

    def _doubt(self) -> None:
        """What the engine holds may be something else than what was told of it."""
        self._record = replace(self._record, state=replace(self.state, known=False))
        self._is_doubtful = True

    def _extend(self, delta: Delta) -> None:
        """Takes a difference into a draft, of which nothing is written down before it is taken over."""
        for part in parts_of(delta):
            if text := delete_insert(iri(self.graph), *part):
                self.engine.write(text)
        triples = self.state.triples + len(delta.added) - len(delta.removed)
        self._record = replace(self._record, state=replace(self.state, cursor=delta.cursor, triples=triples))

    def _write_meta(self, text: str) -> None:
        try:
            self.engine.write(text)
            self._record = self._read_record()
        except CapxError:
            self._doubt()
            raise

    def _is_whole(self, record: Record) -> bool:
        """Whether an engine that went in the middle of something kept all of a difference or nothing of it."""
        try:
            return self.count_in(record.content) == record.state.triples
        except LimitExceeded:
            return True  # too many to be counted in time; engines promise that an update happens as a whole

    def _read_record(self) -> Record:
        query = queries.load("store/subjects").bind(subject=[self._meta.graph], predicate=None)
        body = self.engine.ask_a_little(query.text, graph=self._meta.graph.value, accept=RESULTS)
        return self._meta.read(solutions(query.name, body), first=self._graphs[0])

    def _write(self, text: str) -> None:
        self.engine.write(text)

    def _select(self, query: SparqlText, graph: str) -> Solutions:
        return reading.selected(self.engine, graph, query)
