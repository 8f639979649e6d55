"""Directory and names while the engine of the graph is silent: from a small graph of our own, where there is one.

The wiring puts it between the graph and whoever names things. What the small graph does not have is not guessed: of
people it holds nothing, so that the silence is told as ever.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from capx_graph.errors import LimitExceeded, Unavailable
from capx_graph.store.base import NameReader, Solutions, SparqlText
from capx_graph.terms import NamedNode, Triple


class StandIn:
    """A NameReader over the graph, and over another one while the graph's engine does not answer."""

    def __init__(self, graph: NameReader) -> None:
        self._graph = graph
        self._other: NameReader | None = None

    @property
    def version(self) -> int:
        return self._graph.version

    def begin(self, other: NameReader) -> None:
        """Have this at hand from now on."""
        self._other = other

    def end(self) -> None:
        """The graph answers again, and knows more."""
        self._other = None

    def select(self, query: SparqlText) -> Solutions:
        other = self._other
        try:
            return self._graph.select(query)
        except (Unavailable, LimitExceeded):
            if other is None:
                raise
            return other.select(query)

    def subject_triples(self, subjects: Iterable[NamedNode], predicates: Sequence[NamedNode] = ()) -> list[Triple]:
        other, asked = self._other, list(subjects)
        try:
            return self._graph.subject_triples(asked, predicates)
        except (Unavailable, LimitExceeded):
            if other is None:
                raise
            found = other.subject_triples(asked, predicates)
            if {triple.subject for triple in found} != set(asked):
                raise
            return found
