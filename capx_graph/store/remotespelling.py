"""How a remote engine spells literals: some give back another text of the same value than they were given.

Used by ``store.remote`` alone. A difference can only be taken from what is there if it is spelt as it is there; so new
literals are written to a graph of their own, read and removed, and what became of them is remembered.
"""

from __future__ import annotations

import secrets
from collections.abc import Callable, Iterable, Iterator, Sequence
from threading import Lock

from capx_graph import queries
from capx_graph.store.base import Solutions, SparqlText
from capx_graph.store.remoteform import delete_insert
from capx_graph.terms import Literal, NamedNode, Triple, iri

_AT_ONCE = 200
"""Literals in one request."""
_MOST_KNOWN = 50_000
_PLACE = "urn:capx:spelling:"
_VALUE = iri("urn:capx:spelling:value")


class Spelling:
    """The spelling of one engine, as far as it is known; a store shares it with its drafts, and with all threads."""

    def __init__(
        self, graph: NamedNode, *, select: Callable[[SparqlText, str], Solutions], write: Callable[[str], None]
    ) -> None:
        """``graph`` is the named graph to write to; ``select`` asks a query of a named graph."""
        self._graph = graph
        self._select = select
        self._write = write
        self._known: dict[Literal, Literal] = {}
        self._learning = Lock()

    def canonical(self, triples: Iterable[Triple]) -> list[Triple]:
        """The triples as the engine gives their literals back."""
        given = list(triples)
        typed = dict.fromkeys(t.object for t in given if isinstance(t.object, Literal) and not _is_plain(t.object))
        known = self._known
        if unknown := [literal for literal in typed if literal not in known]:
            known = {literal: known.get(literal, literal) for literal in typed} | self._learn(unknown)
        return [_with_object(triple, known) for triple in given]

    def _learn(self, literals: Sequence[Literal]) -> dict[Literal, Literal]:
        learned: dict[Literal, Literal] = {}
        with self._learning:  # one at a time, because the named graph is one
            if len(self._known) > _MOST_KNOWN:
                self._known = {}
            for start in range(0, len(literals), _AT_ONCE):
                one = _OneGraph(self._graph, literals[start : start + _AT_ONCE])
                self._write(one.insertion())
                query = queries.load("store/subjects").bind(subject=one.subjects, predicate=None)
                learned.update(one.learned(self._select(query, self._graph.value)))
                self._write(f"DROP SILENT GRAPH {self._graph}")
            self._known |= learned
        return learned


class _OneGraph:
    """Literals in a graph of their own, each with a subject that tells which it was."""

    def __init__(self, graph: NamedNode, literals: Sequence[Literal]) -> None:
        self._graph = graph
        place = f"{_PLACE}{secrets.token_hex(8)}:"  # what an earlier request left, or brings late, is nobody's subject
        self._literals = {iri(f"{place}{number}"): literal for number, literal in enumerate(literals)}

    @property
    def subjects(self) -> list[NamedNode]:
        return list(self._literals)

    def insertion(self) -> str:
        triples = [Triple(subject, _VALUE, literal) for subject, literal in self._literals.items()]
        return delete_insert(self._graph, (), triples)

    def learned(self, found: Solutions) -> Iterator[tuple[Literal, Literal]]:
        """Each literal with what the engine made of it."""
        for subject, _, value in found:
            if isinstance(subject, NamedNode) and isinstance(value, Literal) and subject in self._literals:
                yield self._literals[subject], value


def _with_object(triple: Triple, known: dict[Literal, Literal]) -> Triple:
    value = triple.object
    found = known.get(value) if isinstance(value, Literal) else None
    return triple if found is None or found == value else Triple(triple.subject, triple.predicate, found)


def _is_plain(value: Literal) -> bool:
    return value.datatype.value.endswith(("#string", "#langString"))
