"""The graph in another SPARQL 1.1 engine, reached by the protocol: Oxigraph, Virtuoso, Fuseki, QLever, GraphDB ...

``opening`` opens it; everyone else sees the protocols of ``store.base``. The triples lie in one of two named graphs,
which every query is given as its default graph; a rebuild fills the other one, and a swap changes a pointer in a third
one, where the store keeps what it knows about itself. A large difference takes several requests: it begins with a mark,
and a graph that is found marked counts as made by no model, so that it is built anew rather than believed.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from itertools import islice
from pathlib import Path
from threading import RLock
from typing import TypeVar

from pyoxigraph import Quad, RdfFormat, Store, parse, serialize

from capx_graph import queries
from capx_graph.errors import DataError, QueryFailed, Unavailable
from capx_graph.generations import locked
from capx_graph.store.base import META_CURSOR, META_MODEL, META_TRIPLES, Delta, Solutions, SparqlText, StoreState
from capx_graph.store.remoteengine import N_TRIPLES, RemoteEngine, form_of
from capx_graph.store.remoteform import (
    CONTENT,
    MARK,
    OneGraph,
    boolean,
    delete_insert,
    ground,
    rows_of,
    solutions,
    table_in,
)
from capx_graph.terms import Literal, NamedNode, Triple, iri

_RESULTS = "application/sparql-results+json"
_AT_ONCE = 200
"""Subjects, or triples looked up, in one query."""
_IN_ONE_WRITE = 1000
"""Triples of an update: Virtuoso refuses to compile much larger ones."""
_UPLOAD_BYTES = 4_000_000
_MOST_SPELLINGS = 50_000
T = TypeVar("T")


class RemoteStore:
    """A GraphStore over an engine that only this process writes to. Threads may read at will."""

    def __init__(self, engine: RemoteEngine, base: str, *, lock: Path | None = None) -> None:
        """``base`` sets our graphs apart from others in the engine, ``lock`` is a file of the one process that writes.

        Raises StoreLocked, and Unavailable when the engine does not answer.
        """
        if lock:
            lock.parent.mkdir(parents=True, exist_ok=True)
        self._file = locked(lock) if lock else None
        self._held: RemoteEngine | None = engine
        self._graphs = (f"{base}/graph/1", f"{base}/graph/2")
        self._meta = iri(f"{base}/graph/meta")
        self._spelling = iri(f"{base}/graph/spelling")
        self._known: dict[Literal, Literal] = {}
        self._lock = RLock()
        self._is_draft = False
        self._content, self._state = self._read_meta()

    @property
    def graph(self) -> str:
        """The IRI of the named graph that holds the triples now."""
        return self._content

    @property
    def engine(self) -> RemoteEngine:
        """The engine; raises Unavailable once the store is closed."""
        if self._held is None:
            raise Unavailable("the graph is closed")
        return self._held

    @property
    def state(self) -> StoreState:
        return self._state

    @property
    def version(self) -> int:
        return self._state.cursor

    def answer(self, text: str, *, result_type: str, graph_type: str, empty: bool, until: float) -> bytes:
        """The bytes of a query's answer in one of two media types, by its form; over nothing when ``empty``."""
        graph = f"{self._meta.value}/nothing" if empty else self._content
        body = self.engine.ask(text, graph=graph, accept=_RESULTS, accept_graph=graph_type, until=until)
        return body if form_of(text) in ("CONSTRUCT", "DESCRIBE") else table_in(body, result_type)

    def select(self, query: SparqlText) -> Solutions:
        return self._select(query, self._content)

    def ask(self, query: SparqlText) -> bool:
        return boolean(query.name, self._reply(query, self._content))

    def construct(self, query: SparqlText) -> list[Triple]:
        return list(self._constructed(query))

    def triples(self) -> Iterator[Triple]:
        return self._constructed(queries.load("store/everything").unchanged())

    def count(self) -> int:
        return _number(self.select(queries.load("store/size").unchanged()))

    def subject_triples(self, subjects: Iterable[NamedNode], predicates: Sequence[NamedNode] = ()) -> list[Triple]:
        found: list[Triple] = []
        for some in _batches(subjects):
            query = queries.load("store/subjects").bind(subject=some, predicate=list(predicates) or None)
            found += [Triple(*row) for row in self.select(query)]  # type: ignore[arg-type]
        return found

    def contains_all(self, triples: Iterable[Triple]) -> bool:
        for some in _batches(dict.fromkeys(triples)):
            query = queries.load("store/held").bind(triple=rows_of(some))
            if _number(self.select(query)) != len(some):
                return False
        return True

    def canonical(self, triples: Iterable[Triple]) -> list[Triple]:
        """As the engine gives literals back; new ones are written to a graph of their own, read and removed."""
        given = list(triples)
        typed = dict.fromkeys(t.object for t in given if isinstance(t.object, Literal) and not _is_plain(t.object))
        known = self._known
        if unknown := [literal for literal in typed if literal not in known]:
            known = {literal: known.get(literal, literal) for literal in typed} | self._learn(unknown)
        return [_with_object(triple, known) for triple in given]

    def mentions(self, node: NamedNode, predicates: Sequence[NamedNode] = ()) -> Iterator[Triple]:
        query = queries.load("store/mentions").bind(object=node, predicate=list(predicates) or None)
        for subject, predicate in self.select(query):
            yield Triple(subject, predicate, node)  # type: ignore[arg-type]

    def snapshot(self, directory: Path) -> StoreState:
        """A copy as an embedded engine reads it; takes as long as reading everything."""
        state = self._state
        copy = Store(directory)
        copy.bulk_extend(Quad(*triple) for triple in self.triples())
        copy.flush()
        return state

    def apply(self, delta: Delta) -> None:
        with self._lock:
            triples = self._state.triples + len(delta.added) - len(delta.removed)
            after = StoreState(delta.cursor, triples, self._state.model)
            for triple in (*delta.removed, *delta.added):
                ground(triple)
            try:
                self._write(delta, after)
            except (QueryFailed, Unavailable):
                self._state = self._read_state()
                raise
            self._state = after

    @contextmanager
    def rebuild(self, model: str) -> Iterator[RemoteBuild]:
        aside = next(graph for graph in self._graphs if graph != self._content)
        build = RemoteBuild(self, aside, model)
        try:
            yield build
        finally:
            build.end()

    def take_over(self, draft: RemoteStore) -> None:
        """Put the content of a finished draft in force by one write; for RemoteBuild."""
        with self._lock:
            former = self._content
            self.engine.write(self._meta_update(draft.graph, draft.state))
            self._content, self._state = draft.graph, draft.state
        self.engine.write(f"DROP SILENT GRAPH <{former}>")

    def draft(self, graph: str, state: StoreState) -> RemoteStore:
        """A store over another named graph, whose state nobody is told before it is taken over; for RemoteBuild."""
        made = RemoteStore.__new__(RemoteStore)
        made.__dict__.update(self.__dict__)
        made._lock = RLock()
        made._is_draft, made._content, made._state = True, graph, state
        return made

    def count_in(self, graph: str) -> int:
        """The number of triples of a named graph; for RemoteBuild."""
        return _number(self._select(queries.load("store/size").unchanged(), graph))

    def look(self) -> None:
        """Ask the engine something small; raises Unavailable, QueryTooLong when it does not answer."""
        query = queries.load("store/subjects").bind(subject=[self._meta], predicate=None)
        self.engine.is_there(query.text, graph=self._meta.value, accept=_RESULTS)

    def close(self) -> None:
        """Ask nothing any more; nothing else is held between requests."""
        self._held = None
        if self._file and not self._is_draft:
            self._file.close()

    def _select(self, query: SparqlText, graph: str) -> Solutions:
        return solutions(query.name, self._reply(query, graph))

    def _reply(self, query: SparqlText, graph: str) -> bytes:
        with _named(query):
            return self.engine.ask(query.text, graph=graph, accept=_RESULTS)

    def _constructed(self, query: SparqlText) -> Iterator[Triple]:
        accept = f"{N_TRIPLES}, text/turtle;q=0.5"
        with _named(query):
            stream = self.engine.stream(query.text, graph=self._content, accept=accept)
        with stream:
            try:
                for quad in parse(stream, format=RdfFormat.TURTLE):
                    yield quad.triple
            except (SyntaxError, OSError) as error:
                raise QueryFailed(f"{query.name}: the engine's answer breaks off: {error}") from error

    def _write(self, delta: Delta, after: StoreState) -> None:
        graph = iri(self._content)
        parts = list(_parts(delta))
        if len(parts) > 1 and not self._is_draft:
            self.engine.write(delete_insert(self._meta, (), [Triple(self._meta, MARK, self._meta)]))
        for removed, added in parts[:-1]:
            self.engine.write(delete_insert(graph, removed, added))
        last = [delete_insert(graph, *parts[-1])]
        if not self._is_draft:
            last.append(self._meta_update(self._content, after))
        if text := " ;\n".join(filter(None, last)):
            self.engine.write(text)

    def _meta_update(self, content: str, state: StoreState) -> str:
        return "\n".join(
            [
                f"DELETE WHERE {{ GRAPH {self._meta} {{ {self._meta} ?p ?o }} }} ;",
                delete_insert(self._meta, (), _meta_triples(self._meta, content, state)),
            ]
        )

    def _read_state(self) -> StoreState:
        if self._is_draft:
            return StoreState()
        try:
            return self._read_meta()[1]
        except (QueryFailed, Unavailable):
            return StoreState()  # unknown: the next look at the change log compares or builds anew

    def _read_meta(self) -> tuple[str, StoreState]:
        query = queries.load("store/subjects").bind(subject=[self._meta], predicate=None)
        values = {predicate: value for _, predicate, value in self._select(query, self._meta.value)}
        content = values.get(CONTENT)
        graph = content.value if isinstance(content, NamedNode) else self._graphs[0]
        texts = {p.value: v.value for p, v in values.items() if isinstance(p, NamedNode) and isinstance(v, Literal)}
        if MARK in values:
            texts = {}
        state = StoreState(int(texts.get(META_CURSOR, 0)), int(texts.get(META_TRIPLES, 0)), texts.get(META_MODEL, ""))
        return graph, state

    def _learn(self, literals: Sequence[Literal]) -> dict[Literal, Literal]:
        learned: dict[Literal, Literal] = {}
        with self._lock:
            if len(self._known) > _MOST_SPELLINGS:
                self._known = {}
            for start in range(0, len(literals), _AT_ONCE):
                some = literals[start : start + _AT_ONCE]
                one = OneGraph(self._spelling, some)
                self.engine.write(one.insertion())
                query = queries.load("store/subjects").bind(subject=one.subjects, predicate=None)
                learned.update(one.learned(self._select(query, self._spelling.value)))
                self.engine.write(f"DROP SILENT GRAPH {self._spelling}")
            self._known |= learned
        return learned


class RemoteBuild:
    """A GraphBuilder that fills the named graph that is not in force."""

    def __init__(self, owner: RemoteStore, graph: str, model: str) -> None:
        self._owner = owner
        self._engine = owner.engine
        self._graph = graph
        self._model = model
        self._waiting: list[Triple] = []
        self._parts: list[bytes] = []
        self._size = 0
        self._draft: RemoteStore | None = None
        self._published = False
        self._engine.write(f"DROP SILENT GRAPH <{graph}>")

    def add(self, triples: Iterable[Triple]) -> None:
        if not self._engine.addresses.load:
            self._waiting += triples
            while len(self._waiting) >= _IN_ONE_WRITE:
                self._insert()
            return
        part = serialize(triples, format=RdfFormat.N_TRIPLES)
        assert part is not None, "serialize answers bytes when it has no output to write to"
        self._parts.append(part)
        self._size += len(part)
        if self._size >= _UPLOAD_BYTES:
            self._upload()

    def finish(self, cursor: int) -> RemoteStore:
        while self._waiting:
            self._insert()
        self._upload()
        state = StoreState(cursor, self._owner.count_in(self._graph), self._model)
        self._draft = self._owner.draft(self._graph, state)
        return self._draft

    def publish(self) -> None:
        assert self._draft is not None, "finish comes before publish"
        self._owner.take_over(self._draft)
        self._published = True

    def end(self) -> None:
        """Drop what was not published; an engine that is gone keeps it until the next build."""
        if not self._published:
            try:
                self._engine.write(f"DROP SILENT GRAPH <{self._graph}>")
            except (QueryFailed, Unavailable):
                return

    def _insert(self) -> None:
        some, self._waiting = self._waiting[:_IN_ONE_WRITE], self._waiting[_IN_ONE_WRITE:]
        self._engine.write(delete_insert(iri(self._graph), (), some))

    def _upload(self) -> None:
        body, self._parts, self._size = b"".join(self._parts), [], 0
        if body:
            self._engine.upload(self._graph, body)


@contextmanager
def _named(query: SparqlText) -> Iterator[None]:
    try:
        yield
    except QueryFailed as error:
        raise QueryFailed(f"{query.name}: {error}") from error


def _parts(delta: Delta) -> Iterator[tuple[Sequence[Triple], Sequence[Triple]]]:
    """The difference in pieces for one write each, at least one."""
    removed, added = list(delta.removed), list(delta.added)
    yield removed[:_IN_ONE_WRITE], added[: max(0, _IN_ONE_WRITE - len(removed))]
    started = max(0, _IN_ONE_WRITE - len(removed))
    for start in range(_IN_ONE_WRITE, len(removed), _IN_ONE_WRITE):
        yield removed[start : start + _IN_ONE_WRITE], ()
    for start in range(started, len(added), _IN_ONE_WRITE):
        yield (), added[start : start + _IN_ONE_WRITE]


def _meta_triples(meta: NamedNode, content: str, state: StoreState) -> list[Triple]:
    return [
        Triple(meta, CONTENT, iri(content)),
        Triple(meta, iri(META_CURSOR), Literal(str(state.cursor))),
        Triple(meta, iri(META_TRIPLES), Literal(str(state.triples))),
        Triple(meta, iri(META_MODEL), Literal(state.model)),
    ]


def _with_object(triple: Triple, known: dict[Literal, Literal]) -> Triple:
    value = triple.object
    found = known.get(value) if isinstance(value, Literal) else None
    return triple if found is None or found == value else Triple(triple.subject, triple.predicate, found)


def _is_plain(value: Literal) -> bool:
    return value.datatype.value.endswith(("#string", "#langString"))


def _batches(things: Iterable[T]) -> Iterator[list[T]]:
    rest = iter(things)
    while some := list(islice(rest, _AT_ONCE)):
        yield some


def _number(found: Solutions) -> int:
    value = found.rows[0][0] if found.rows else None
    if not isinstance(value, Literal) or not value.value.isdigit():
        raise DataError("the engine did not answer a count with a number")
    return int(value.value)
