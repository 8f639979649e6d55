"""Oxigraph's answers in the terms of the house, its failures as our errors; used by ``store.embedded`` alone.

Functions rather than methods, so that no variable here outlives a call: a retired engine closes with its last
reference. Queries materialise their rows; the caller's snapshot ends with the call.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager

from pyoxigraph import DefaultGraph, NamedNode, Quad, QueryBoolean, QuerySolutions, QueryTriples, Store

from capx_graph.errors import QueryFailed, Unavailable
from capx_graph.store.base import Solutions, SparqlText
from capx_graph.terms import Triple

DEFAULT_GRAPH = DefaultGraph()
ANY: tuple[None] = (None,)
"""In the place of predicates: whichever."""


def selected(store: Store, query: SparqlText) -> Solutions:
    """The table of a SELECT; raises QueryFailed."""
    answer = _evaluated(store, query)
    if not isinstance(answer, QuerySolutions):
        raise QueryFailed(f"{query.name}: not a SELECT")
    with _failures(query):
        return Solutions(tuple(variable.value for variable in answer.variables), [tuple(row) for row in answer])


def asked(store: Store, query: SparqlText) -> bool:
    """The answer of an ASK; raises QueryFailed."""
    answer = _evaluated(store, query)
    if not isinstance(answer, QueryBoolean):
        raise QueryFailed(f"{query.name}: not an ASK")
    return bool(answer)


def constructed(store: Store, query: SparqlText) -> list[Triple]:
    """The triples of a CONSTRUCT or DESCRIBE; raises QueryFailed."""
    answer = _evaluated(store, query)
    if not isinstance(answer, QueryTriples):
        raise QueryFailed(f"{query.name}: not a CONSTRUCT or DESCRIBE")
    with _failures(query):
        return list(answer)


def update(store: Store, text: str) -> None:
    """Carries out an update, whole or not at all; raises Unavailable, QueryFailed."""
    try:
        store.update(text)
    except OSError as error:
        raise Unavailable(f"the graph cannot be written: {error}") from error
    except (SyntaxError, ValueError, RuntimeError) as error:
        raise QueryFailed(f"the engine refuses a difference: {error}") from error


def with_subjects(store: Store, subjects: Iterable[NamedNode], predicates: Sequence[NamedNode | None]) -> list[Triple]:
    """The triples with these subjects and predicates."""
    find = store.quads_for_pattern
    pairs = ((subject, predicate) for subject in subjects for predicate in predicates)
    return [quad.triple for subject, predicate in pairs for quad in find(subject, predicate, None, DEFAULT_GRAPH)]


def contains_all(store: Store, triples: Iterable[Triple]) -> bool:
    """Whether every one of these triples is there."""
    return all(Quad(*triple) in store for triple in triples)


@contextmanager
def _failures(query: SparqlText) -> Iterator[None]:
    try:
        yield
    except (SyntaxError, ValueError, RuntimeError, OSError) as error:
        raise QueryFailed(f"{query.name}: {error}") from error


def _evaluated(store: Store, query: SparqlText) -> QuerySolutions | QueryBoolean | QueryTriples:
    with _failures(query):
        return store.query(query.text)
