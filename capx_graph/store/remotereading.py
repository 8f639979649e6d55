"""Questions to one named graph of a remote engine, and its answers in the terms of the house.

Used by ``store.remote`` alone. Every function raises QueryFailed, and what the engine raises.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from itertools import islice
from typing import IO, TypeVar

from pyoxigraph import RdfFormat, parse

from capx_graph import queries
from capx_graph.errors import DataError, QueryFailed
from capx_graph.store.base import Solutions, SparqlText
from capx_graph.store.remoteengine import RemoteEngine
from capx_graph.store.remoteform import boolean, rows_of, solutions
from capx_graph.store.remotewire import N_TRIPLES
from capx_graph.terms import Literal, NamedNode, Triple

RESULTS = "application/sparql-results+json"
_GRAPHS = f"{N_TRIPLES}, text/turtle;q=0.5"
_AT_ONCE = 200
"""Subjects, or triples looked up, in one query."""
T = TypeVar("T")


def selected(engine: RemoteEngine, graph: str, query: SparqlText) -> Solutions:
    """The table of a SELECT."""
    return solutions(query.name, _reply(engine, graph, query))


def asked(engine: RemoteEngine, graph: str, query: SparqlText) -> bool:
    """The answer of an ASK."""
    return boolean(query.name, _reply(engine, graph, query))


def constructed(engine: RemoteEngine, graph: str, query: SparqlText) -> list[Triple]:
    """The triples of a CONSTRUCT or DESCRIBE."""
    with _named(query):
        return list(_parsed(engine.ask(query.text, graph=graph, accept=RESULTS, accept_graph=_GRAPHS)))


def everything(engine: RemoteEngine, graph: str) -> Iterator[Triple]:
    """All triples, while they come."""
    query = queries.load("store/everything").unchanged()
    with _named(query), engine.stream(query.text, graph=graph, accept=_GRAPHS) as stream:
        yield from _parsed(stream)


def counted(engine: RemoteEngine, graph: str) -> int:
    """The number of triples; raises DataError too."""
    return _number(selected(engine, graph, queries.load("store/size").unchanged()))


def with_subjects(
    engine: RemoteEngine, graph: str, subjects: Iterable[NamedNode], predicates: Sequence[NamedNode]
) -> list[Triple]:
    """The triples with these subjects, and one of these predicates if any are given."""
    found: list[Triple] = []
    for some in _batches(subjects):
        query = queries.load("store/subjects").bind(subject=some, predicate=list(predicates) or None)
        found += selected(engine, graph, query).triples()
    return found


def contains_all(engine: RemoteEngine, graph: str, triples: Iterable[Triple]) -> bool:
    """Whether every one of these triples is there; raises DataError too."""
    for some in _batches(dict.fromkeys(triples)):
        query = queries.load("store/held").bind(triple=rows_of(some))
        if _number(selected(engine, graph, query)) != len(some):
            return False
    return True


def mentioning(engine: RemoteEngine, graph: str, node: NamedNode, predicates: Sequence[NamedNode]) -> Iterator[Triple]:
    """The triples with this object, and one of these predicates if any are given."""
    query = queries.load("store/mentions").bind(object=node, predicate=list(predicates) or None)
    for subject, predicate in selected(engine, graph, query):
        yield Triple(subject, predicate, node)  # type: ignore[arg-type]  # an engine finds no others


def _reply(engine: RemoteEngine, graph: str, query: SparqlText) -> bytes:
    with _named(query):
        return engine.ask(query.text, graph=graph, accept=RESULTS)


@contextmanager
def _named(query: SparqlText) -> Iterator[None]:
    try:
        yield
    except QueryFailed as error:
        raise QueryFailed(f"{query.name}: {error}") from error


def _parsed(answer: bytes | IO[bytes]) -> Iterator[Triple]:
    try:
        for quad in parse(answer, format=RdfFormat.TURTLE):
            yield quad.triple
    except (SyntaxError, OSError) as error:
        raise QueryFailed(f"the engine's answer breaks off: {error}") from error


def _batches(things: Iterable[T]) -> Iterator[list[T]]:
    rest = iter(things)
    while some := list(islice(rest, _AT_ONCE)):
        yield some


def _number(found: Solutions) -> int:
    value = found.rows[0][0] if found.rows else None
    if not isinstance(value, Literal) or not value.value.isdigit():
        raise DataError("the engine did not answer a count with a number")
    return int(value.value)
