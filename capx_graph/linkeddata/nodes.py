"""What crawlers and followers of links ask of the graph: the triples of a node, and lists of everything with a page.

Doors import it. Entities answer for themselves (the repository does); here are the nodes that several of them share,
values and references, and the unknown values, whose IRIs stand for blank nodes.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from capx_graph import queries
from capx_graph.directory.reading import CLASSES, Items, kind_of, text_of
from capx_graph.errors import NotFound
from capx_graph.messages import told
from capx_graph.model import EntityKind, Ref
from capx_graph.namespaces import WikibaseNamespaces
from capx_graph.store.base import GraphReader
from capx_graph.terms import Triple, iri

MOST_MENTIONS = 100
"""A date may be the value of a hundred thousand statements."""

_CODED = frozenset(EntityKind) - {EntityKind.CAPACITY}


@dataclass(frozen=True, slots=True)
class Tally:
    """How many things of a kind have a page, and when the newest was changed (ISO 8601)."""

    kind: EntityKind
    things: int
    newest: str


@dataclass(frozen=True, slots=True)
class Listed:
    """A thing with a page; ``changed`` is an instant in ISO 8601."""

    ref: Ref
    changed: str


class LinkedData:
    """Reads one graph."""

    def __init__(self, graph: GraphReader, namespaces: WikibaseNamespaces) -> None:
        self._graph = graph
        self._items = Items(namespaces)

    def node(self, node_iri: str) -> list[Triple]:
        """The triples about a node, then some of those that use it; raises NotFound."""
        node = iri(node_iri)
        about = self._graph.construct(queries.load("linked/node").bind(node=node))
        using = self._graph.construct(queries.load("linked/mentions").bind(node=node, most=MOST_MENTIONS))
        if not about and not using:
            raise NotFound(told("refused-absent", node_iri))
        return [*sorted(about, key=str), *sorted(using, key=str)]

    def tallies(self) -> Iterator[Tally]:
        """The kinds of things that have pages."""
        for class_, things, newest in self._graph.select(queries.load("linked/counts").unchanged()):
            kind = kind_of(class_)
            if kind is not None:
                yield Tally(kind, int(text_of(things) or 0), text_of(newest) or "")

    def things(self, kind: EntityKind, *, limit: int, offset: int) -> Iterator[Listed]:
        """Things of a kind, in an order that stays."""
        class_ = next(class_ for class_, known in CLASSES.items() if known is kind)
        query = queries.load("linked/things").bind(**{"class": iri(class_)}, most=limit, skipped=offset)
        for entity, code, changed in self._graph.select(query):
            item = self._items.id(entity)
            if item:
                yield Listed(
                    Ref(item, item, kind=kind, code=text_of(code) if kind in _CODED else None), text_of(changed) or ""
                )
