"""The sets of the index asked of the graph one by one: what a family means, in SPARQL; slow, and needs no loading.

Use cases ask it while the index loads, and tests hold the bitmaps equal to it.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import Protocol

from pyroaring import BitMap

from capx_graph import queries
from capx_graph.directory.reading import CLASSES, Items
from capx_graph.index.bitmaps import Value
from capx_graph.index.families import (
    BASED,
    CLASS,
    CONTRIBUTES,
    OF_ORGANIZATION,
    ORGANIZATION,
    PLACE,
    PROJECT,
    term,
)
from capx_graph.index.reading import FactReader
from capx_graph.namespaces import WikibaseNamespaces
from capx_graph.store.base import GraphReader
from capx_graph.terms import RDF_TYPE, NamedNode, iri

_PROPERTIES: Mapping[str, Sequence[str]] = {
    ORGANIZATION: OF_ORGANIZATION,
    PROJECT: (CONTRIBUTES,),
    PLACE: BASED,
}
"""Families whose name is not that of their property."""


class Sets(Protocol):
    """Who has which value, and who comes first: the bitmaps, or the graph itself."""

    def things(self, name: str, value: Value, /) -> BitMap: ...
    def in_order(self, things: BitMap, sort: str, /) -> Iterator[int]: ...


class GraphSets:
    """Sets read from the graph; values are item numbers, or kinds of the family ``class``."""

    def __init__(self, graph: GraphReader, namespaces: WikibaseNamespaces) -> None:
        self._graph = graph
        self._items = Items(namespaces)
        self._facts = FactReader(graph, namespaces)

    def things(self, name: str, value: Value) -> BitMap:
        """The things with one value of a family."""
        query = queries.load("index/holders").bind(asked=list(self._asked(name, value)))
        return BitMap(number for _, _, found in self._graph.select(query) for number in self._facts.numbers(found))

    def in_order(self, things: BitMap, sort: str) -> Iterator[int]:
        """These things by name, or else by activity."""
        standings = self._facts.standings([f"Q{number}" for number in things])
        keys = sorted(place.by_name if sort == "name" else place.by_activity for place in standings)
        return (key[2] for key in keys)

    def _asked(self, name: str, value: Value) -> Iterable[tuple[NamedNode, NamedNode]]:
        if name == CLASS:
            return [(RDF_TYPE, iri(class_)) for class_, kind in CLASSES.items() if kind == value]
        item = self._items.iri(f"Q{value}")
        return [(term(property_), item) for property_ in _PROPERTIES.get(name, (name,))]
