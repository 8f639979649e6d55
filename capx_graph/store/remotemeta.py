"""What a graph in another engine says of itself: which named graph is in force, and where it stands.

Used by ``store.remote`` and ``store.remotebuild``; nothing here talks to anybody. It lies in a named graph of its own,
as triples of one subject. Updates are carried out only while one of these triples is there: a request that was given
up and arrives late would otherwise undo what came after it.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field

from capx_graph.store.base import META_CURSOR, META_MODEL, META_TRIPLES, Delta, Solutions, StoreState
from capx_graph.store.remoteform import Parts, conditional, delete_insert
from capx_graph.terms import Literal, NamedNode, Triple, iri

IN_ONE_WRITE = 1000
"""Triples of an update: Virtuoso refuses to compile much larger ones."""

_CONTENT = iri("urn:capx:store:content")
"""Leads to the named graph in force."""
_MARK = iri("urn:capx:store:applying")
"""There while a difference is being written by several requests."""
_BUILDING = iri("urn:capx:store:building")
"""Leads to the build under way; only the one that began last may put its graph in force."""
_CURSOR = iri(META_CURSOR)


@dataclass(frozen=True, slots=True)
class Record:
    """What the engine says: the graph in force (empty: nobody asked yet), its state, and the triples that say so."""

    content: str = ""
    state: StoreState = field(default_factory=lambda: StoreState(known=False))
    triples: frozenset[Triple] = frozenset()


class Meta:
    """The triples of one store about itself."""

    def __init__(self, graph: NamedNode) -> None:
        self.graph = graph

    def read(self, found: Solutions, *, first: str) -> Record:
        """What the engine says; ``first`` is in force where it says nothing. Half-written is made by no model."""
        triples = frozenset(found.triples())
        values = {triple.predicate: triple.object for triple in triples}
        content = values.get(_CONTENT)
        graph = content.value if isinstance(content, NamedNode) else first
        if _MARK in values:
            return Record(graph, StoreState(), triples)
        texts = {p.value: value.value for p, value in values.items() if isinstance(value, Literal)}
        state = StoreState(int(texts.get(META_CURSOR, 0)), int(texts.get(META_TRIPLES, 0)), texts.get(META_MODEL, ""))
        return Record(graph, state, triples)

    def after(self, record: Record, state: StoreState) -> Record:
        """What shall be said when the graph in force stands there; a build under way goes on."""
        kept = {triple for triple in record.triples if triple.predicate == _BUILDING}
        return Record(record.content, state, self._told(record.content, state) | kept)

    def updates(self, record: Record, after: Record, delta: Delta) -> Iterator[str]:
        """The updates that bring a difference to the graph in force, the last one with where it then stands."""
        parts, graph = list(parts_of(delta)), iri(record.content)
        gone, come = list(record.triples - after.triples), list(after.triples - record.triples)
        fence = next((triple for triple in record.triples if triple.predicate == _CURSOR), None)
        if fence is None:  # nothing was ever written, so that nothing can come late
            yield from (delete_insert(graph, *part) for part in parts[:-1])
            yield " ;\n".join(filter(None, [delete_insert(graph, *parts[-1]), delete_insert(self.graph, gone, come)]))
            return
        if len(parts) > 1:
            mark = Triple(self.graph, _MARK, Literal(str(after.state.cursor)))
            yield conditional(fence, self.graph, ((), [mark]), graph, ((), ()))
            fence, gone = mark, [*gone, mark]
            yield from (conditional(mark, self.graph, ((), ()), graph, part) for part in parts[:-1])
        yield conditional(fence, self.graph, (gone, come), graph, parts[-1])

    def beginning(self, record: Record, build: str) -> str:
        """The update that says that a build begins, in place of any other."""
        former = [triple for triple in record.triples if triple.predicate == _BUILDING]
        return delete_insert(self.graph, former, [self._build(build)])

    def change(self, record: Record, build: str, content: str, state: StoreState) -> str:
        """The update that puts the graph of a build in force, if no other one has begun since."""
        token, told = self._build(build), self._told(content, state)
        gone = (record.triples | {token}) - told
        return conditional(token, self.graph, (list(gone), list(told)), iri(content), ((), ()))

    def _build(self, build: str) -> Triple:
        return Triple(self.graph, _BUILDING, Literal(build))

    def _told(self, content: str, state: StoreState) -> frozenset[Triple]:
        values: dict[NamedNode, NamedNode | Literal] = {
            _CONTENT: iri(content),
            _CURSOR: Literal(str(state.cursor)),
            iri(META_TRIPLES): Literal(str(state.triples)),
            iri(META_MODEL): Literal(state.model),
        }
        return frozenset(Triple(self.graph, predicate, value) for predicate, value in values.items())


def parts_of(delta: Delta) -> Iterator[Parts]:
    """The difference in pieces for one write each, at least one."""
    removed, added = list(delta.removed), list(delta.added)
    yield removed[:IN_ONE_WRITE], added[: max(0, IN_ONE_WRITE - len(removed))]
    started = max(0, IN_ONE_WRITE - len(removed))
    for start in range(IN_ONE_WRITE, len(removed), IN_ONE_WRITE):
        yield removed[start : start + IN_ONE_WRITE], ()
    for start in range(started, len(added), IN_ONE_WRITE):
        yield (), added[start : start + IN_ONE_WRITE]
