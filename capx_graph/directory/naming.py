"""Names things for a reader: the label in the best of their languages, with what identifies the thing.

Use cases import it; every name that a page or an answer shows comes from here. Names of the directory are kept for
each chain of languages as long as the directory stands; others come from their cards.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from threading import Lock

from capx_graph import queries
from capx_graph.directory.cache import DirectoryCache
from capx_graph.directory.cards import Card, Cards, Label
from capx_graph.directory.catalogue import Entry
from capx_graph.directory.reading import Items
from capx_graph.model import Ref
from capx_graph.namespaces import RDFS, SCHEMA, WikibaseNamespaces
from capx_graph.store.base import NameReader
from capx_graph.terms import Literal, NamedNode, iri, literal

_CHAINS = 64
"""Chains of languages whose names are kept; a chain of 800 names takes about 0.3 MB."""

_LABEL = iri(RDFS + "label")
_DESCRIPTION = iri(SCHEMA + "description")


@dataclass(frozen=True, slots=True)
class _Kept:
    number: int
    refs: dict[str, Ref]


class Naming:
    """Names for readers; a reader is their language codes, best first, as ``languages.reader_chain`` gives them."""

    def __init__(self, graph: NameReader, namespaces: WikibaseNamespaces, directory: DirectoryCache) -> None:
        self._graph = graph
        self._items = Items(namespaces)
        self._directory = directory
        self._kept: dict[tuple[str, ...], _Kept] = {}
        self._cards = Cards(graph, namespaces, directory)
        self._lock = Lock()

    def refs(self, item_ids: Iterable[str], reader: Sequence[str]) -> dict[str, Ref]:
        """A Ref for each of these ids; a thing that the graph does not know is named by its id."""
        wanted = dict.fromkeys(item_ids)
        if not wanted:
            return {}
        directory = self._directory.current()
        kept = self._names(tuple(reader), directory.number)
        fixed = [item for item in wanted if item in directory.entries and item not in kept]
        if fixed:
            kept.update(self._refs({item: directory.entries[item] for item in fixed}, reader))
        others = [item for item in wanted if item not in directory.entries]
        chain = [code.lower() for code in reader]
        named = {
            item: _ref(card.entry, card.label(chain)) for item, card in self._cards.get(others).items() if card.entry
        }
        return {item: named.get(item) or kept.get(item) or Ref(item, item) for item in wanted}

    def ref(self, item_id: str, reader: Sequence[str]) -> Ref:
        """The Ref of one thing."""
        return self.refs([item_id], reader)[item_id]

    def cards(self, item_ids: Sequence[str]) -> Mapping[str, Card]:
        """What is shown of things besides their names."""
        return self._cards.get(item_ids)

    def read_ahead(self, item_ids: Sequence[str]) -> None:
        """Have the names of these things at hand before anybody asks; fit for the index, which knows them all."""
        self._cards.read_ahead(item_ids)

    def descriptions(self, item_ids: Sequence[str], reader: Sequence[str]) -> dict[str, Label]:
        """The descriptions of those of the things that have one, each with its language."""
        return self._texts(_DESCRIPTION, item_ids, reader)

    def _names(self, chain: tuple[str, ...], number: int) -> dict[str, Ref]:
        with self._lock:
            kept = self._kept.pop(chain, None)
            if kept is None or kept.number != number:
                kept = _Kept(number, {})
            self._kept[chain] = kept
            while len(self._kept) > _CHAINS:
                del self._kept[next(iter(self._kept))]
            return kept.refs

    def _refs(self, entries: Mapping[str, Entry], reader: Sequence[str]) -> dict[str, Ref]:
        labels = self._texts(_LABEL, list(entries), reader)
        return {item: _ref(entry, labels.get(item)) for item, entry in entries.items()}

    def _texts(self, kind: NamedNode, item_ids: Sequence[str], reader: Sequence[str]) -> dict[str, Label]:
        """The best text of each: in the reader's languages, else ``mul``, else the first in order of their codes."""
        found = self._in_languages(kind, item_ids, tuple(code.lower() for code in reader))
        missing = [item for item in item_ids if item not in found]
        return found | self._in_languages(kind, missing, ()) if missing else found

    def _in_languages(self, kind: NamedNode, item_ids: Sequence[str], chain: tuple[str, ...]) -> dict[str, Label]:
        tags = [literal(code) for code in chain] or None
        asked = [(thing, kind) for thing in self._items.iris(item_ids)]
        rank = {code: place for place, code in enumerate(chain or ("mul",))}
        best: dict[str, tuple[int, str, str]] = {}
        for entity, tag, text in self._graph.select(queries.load("directory/labels").bind(asked=asked, language=tags)):
            if isinstance(text, Literal) and isinstance(tag, Literal):
                found = (rank.get(tag.value, len(rank)), tag.value, text.value)
                item = self._items.id(entity)
                best[item] = min(best.get(item, found), found)
        return {item: (text, tag) for item, (_, tag, text) in best.items()}


def _ref(entry: Entry, label: Label | None) -> Ref:
    text, language = label or (entry.code or entry.id, None)
    return Ref(
        entry.id,
        text,
        language,
        entry.kind,
        entry.code,
        entry.wikidata,
        entry.colour,
        retired=entry.retired is not None,
    )
