"""What the graph says of the entities that a reconciliation looks at; imported by this package alone.

Every question is one query for many entities, so that a batch of names costs a handful of queries.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence

from capx_graph import queries
from capx_graph.directory import DirectoryCache
from capx_graph.directory.reading import Items
from capx_graph.namespaces import WikibaseNamespaces
from capx_graph.reconcile.vocabulary import Property
from capx_graph.store.base import GraphReader
from capx_graph.terms import Literal, NamedNode, Term
from capx_graph.textindex import TextField, TextIndex

Values = Mapping[tuple[str, str], tuple[Term, ...]]
"""The values by item id and identifier of the property."""


class Facts:
    """Reads one graph and its text index."""

    def __init__(
        self, graph: GraphReader, texts: TextIndex, namespaces: WikibaseNamespaces, directory: DirectoryCache
    ) -> None:
        self._graph = graph
        self._texts = texts
        self._directory = directory
        self.items = Items(namespaces)
        self.namespaces = namespaces
        self.unknown = namespaces.skolem

    def classes(self, item_ids: Iterable[str]) -> dict[str, tuple[str, ...]]:
        """The IRIs of the classes of each thing that has any."""
        found: dict[str, list[str]] = defaultdict(list)
        asked = self.items.iris(item_ids)
        if asked:
            for entity, class_ in self._graph.select(queries.load("reconcile/classes").bind(entity=asked)):
                if isinstance(class_, NamedNode):
                    found[self.items.id(entity)].append(class_.value)
        return {item: tuple(classes) for item, classes in found.items()}

    def values(self, item_ids: Sequence[str], properties: Sequence[Property], reader: Sequence[str] = ()) -> Values:
        """What the things have for the properties; a text without a language of its own is in the reader's best."""
        predicates = dict.fromkeys(found.predicate for found in properties)
        asked = [(entity, predicate) for entity in self.items.iris(item_ids) for predicate in predicates]
        read: dict[tuple[str, str], list[Term]] = defaultdict(list)
        if asked:
            for entity, predicate, value in self._graph.select(queries.load("reconcile/values").bind(asked=asked)):
                if isinstance(predicate, NamedNode) and value is not None:
                    read[self.items.id(entity), predicate.value].append(value)
        return {
            (item, found.id): _in_language(read.get((item, found.predicate.value), ()), found, reader)
            for item in item_ids
            for found in properties
        }

    def holders(self, asked: Sequence[tuple[Term, Term]], *, most: int) -> list[str]:
        """The things that have most of these values of properties."""
        if not asked:
            return []
        rows = self._graph.select(queries.load("reconcile/holders").bind(asked=asked, most=most))
        return [item for entity, _ in rows if (item := self.items.id(entity))]

    def names(self, item_id: str) -> tuple[str, ...]:
        """Everything that a thing is called, its code and Wikidata id included."""
        texts = [entry.text for entry in self._texts.entries(item_id) if entry.field is not TextField.ABOUT]
        entry = self._directory.current().entries.get(item_id)
        codes = (entry.code, entry.wikidata) if entry else ()
        return tuple(dict.fromkeys((*texts, *(code for code in codes if code))))

    def coded(self, code: str) -> list[str]:
        """The things of the directory whose natural code this is."""
        directory = self._directory.current()
        wanted = code.strip().casefold()
        return [item for (_, known), item in directory.codes.items() if known == wanted] if wanted else []

    def identified(self, wikidata_id: str) -> list[str]:
        """The things of the directory that have this Wikidata id."""
        return [item for (_, known), item in self._directory.current().wikidata.items() if known == wikidata_id]


def _in_language(values: Sequence[Term], found: Property, reader: Sequence[str]) -> tuple[Term, ...]:
    if not found.is_text:
        return tuple(values)
    texts = [value for value in values if isinstance(value, Literal)]
    if found.language is not None:
        return tuple(text for text in texts if (text.language or "").lower() == found.language)
    if not reader:
        return tuple(texts)
    order = {code: place for place, code in enumerate((*reader, "mul", "en"))}
    known = {(text.language or "").lower() for text in texts}
    best = min(known, key=lambda code: (order.get(code, len(order)), code), default=None)
    return tuple(text for text in texts if (text.language or "").lower() == best)
