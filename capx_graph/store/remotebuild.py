"""Building a whole graph aside in another engine, in the named graph that is not in force.

Used by ``store.remote`` alone. By the Graph Store Protocol where the engine has it, by many small updates otherwise.
"""

from __future__ import annotations

import secrets
from collections.abc import Iterable
from typing import Protocol

from pyoxigraph import RdfFormat, serialize

from capx_graph.errors import NO_ANSWER
from capx_graph.store.base import GraphStore, StoreState
from capx_graph.store.remoteengine import RemoteEngine
from capx_graph.store.remoteform import delete_insert
from capx_graph.store.remotemeta import IN_ONE_WRITE
from capx_graph.terms import Triple, iri

_UPLOAD_BYTES = 4_000_000


class Owner(Protocol):
    """The store that a build is for."""

    @property
    def engine(self) -> RemoteEngine: ...
    def begin(self, build: str) -> None: ...
    def count_in(self, graph: str) -> int: ...
    def draft(self, graph: str, state: StoreState) -> GraphStore: ...
    def take_over(self, build: str, draft: GraphStore, graph: str) -> None: ...


class RemoteBuild:
    """A GraphBuilder that fills the named graph that is not in force."""

    def __init__(self, owner: Owner, graph: str, model: str) -> None:
        self._owner = owner
        self._engine = owner.engine
        self._graph = graph
        self._model = model
        self._name = secrets.token_hex(8)
        self._waiting: list[Triple] = []
        self._parts: list[bytes] = []
        self._size = 0
        self._draft: GraphStore | None = None
        self._may_be_in_force = False
        owner.begin(self._name)
        self._engine.write(f"DROP SILENT GRAPH <{graph}>")

    def add(self, triples: Iterable[Triple]) -> None:
        if not self._engine.addresses.load:
            self._waiting += triples
            while len(self._waiting) >= IN_ONE_WRITE:
                self._insert()
            return
        part = serialize(triples, format=RdfFormat.N_TRIPLES)
        assert part is not None, "serialize answers bytes when it has no output to write to"
        self._parts.append(part)
        self._size += len(part)
        if self._size >= _UPLOAD_BYTES:
            self._upload()

    def finish(self, cursor: int) -> GraphStore:
        while self._waiting:
            self._insert()
        self._upload()
        state = StoreState(cursor, self._owner.count_in(self._graph), self._model)
        self._draft = self._owner.draft(self._graph, state)
        return self._draft

    def publish(self) -> None:
        assert self._draft is not None, "finish comes before publish"
        self._may_be_in_force = True
        self._owner.take_over(self._name, self._draft, self._graph)

    def end(self) -> None:
        """Drop what was not published; an engine that is gone keeps it until the store drops it."""
        if not self._may_be_in_force:
            try:
                self._engine.write(f"DROP SILENT GRAPH <{self._graph}>")
            except NO_ANSWER:
                return

    def _insert(self) -> None:
        some, self._waiting = self._waiting[:IN_ONE_WRITE], self._waiting[IN_ONE_WRITE:]
        self._engine.write(delete_insert(iri(self._graph), (), some))

    def _upload(self) -> None:
        body, self._parts, self._size = b"".join(self._parts), [], 0
        if body:
            self._engine.upload(self._graph, body)
