"""Literals as Oxigraph gives them back: it keeps the value of a number or a time, not its spelling.

``"+10.50"^^xsd:decimal`` comes back as ``10.5``, a time loses trailing zeros; only ``store.embedded`` imports this.
Asked of the engine itself (14 µs a literal, once), because its rules depend on datatype, range and version.
"""

from __future__ import annotations

from collections.abc import Iterable
from threading import Lock

from pyoxigraph import Literal, NamedNode, Quad, Store

from capx_graph.namespaces import RDF, XSD
from capx_graph.terms import Triple

_KEPT = frozenset({NamedNode(XSD + "string"), NamedNode(RDF + "langString")})
_SUBJECT = NamedNode("urn:capx:subject")
_PREDICATE = NamedNode("urn:capx:predicate")
_MOST = 20_000


class Canonical:
    """Remembers how the engine spells literals. Threads may share it."""

    def __init__(self) -> None:
        self._scratch = Store()
        self._known: dict[Literal, Literal] = {}
        self._lock = Lock()

    def triples(self, triples: Iterable[Triple]) -> list[Triple]:
        """The triples as they are read back after writing; two may have become the same."""
        return [self._triple(triple) for triple in triples]

    def _triple(self, triple: Triple) -> Triple:
        value = triple.object
        if not isinstance(value, Literal) or value.datatype in _KEPT:
            return triple
        known = self._known.get(value)
        if known is None:
            known = self._ask(value)
        return triple if known == value else Triple(triple.subject, triple.predicate, known)

    def _ask(self, literal: Literal) -> Literal:
        quad = Quad(_SUBJECT, _PREDICATE, literal)
        with self._lock:
            self._scratch.add(quad)
            found = next(self._scratch.quads_for_pattern(_SUBJECT, _PREDICATE, None)).object
            self._scratch.remove(quad)
            assert isinstance(found, Literal), "a literal comes back as a literal"
            if len(self._known) >= _MOST:
                self._known.clear()
            self._known[literal] = found
        return found
