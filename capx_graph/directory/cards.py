"""Cards: what is shown of a thing wherever it is listed, in whatever language; kept until the thing changes.

``Naming`` gives them out. Reading one takes 50 µs and somebody's matches show a hundred, so the index has them read
ahead when it has been loaded; what has changed since is read when it is shown again.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from capx_graph.directory.cache import DirectoryCache
from capx_graph.directory.catalogue import Entry
from capx_graph.directory.kept import Kept
from capx_graph.directory.reading import CLASSES, Items, kind_of, text_of
from capx_graph.model import EntityKind
from capx_graph.namespaces import CAPX, RDFS, WikibaseNamespaces
from capx_graph.store.base import NameReader
from capx_graph.terms import RDF_TYPE, Literal, NamedNode, Term, Triple, iri

Label = tuple[str, str]
"""A text and its language code."""

_MOST = 150_000
"""Cards that are kept, about 0.7 kB each."""
_AT_ONCE = 500
_LABEL = iri(RDFS + "label")
_USERNAME, _CODE, _WIKIDATA, _COLOUR = (iri(CAPX + name) for name in ("username", "code", "wikidataId", "rootColour"))
_LAST_ACTIVE, _SOURCE, _ZONE = (iri(CAPX + name) for name in ("lastActive", "source", "timeZone"))
_SHOWN = (RDF_TYPE, _LABEL, _USERNAME, _CODE, _WIKIDATA, _COLOUR, _LAST_ACTIVE, _SOURCE, _ZONE)
_KINDS = list(CLASSES.values())


@dataclass(frozen=True, slots=True)
class Card:
    """``entry`` is None for what is of no class; ``labels`` has a text for each language code, in lower case.

    ``zone`` is the time zone in which an event announces its hours.
    """

    entry: Entry | None = None
    labels: Mapping[str, str] = field(default_factory=dict)
    last_active: str | None = None
    sources: tuple[Term, ...] = ()
    zone: str | None = None

    def label(self, reader: Sequence[str]) -> Label | None:
        """The label in the reader's languages, else ``mul``, else the first in the order of their codes."""
        labels = self.labels
        for code in reader:
            if code in labels:
                return labels[code], code
        if not labels:
            return None
        code = "mul" if "mul" in labels else min(labels)
        return labels[code], code


class Cards:
    """The cards of one graph."""

    def __init__(self, graph: NameReader, namespaces: WikibaseNamespaces, directory: DirectoryCache) -> None:
        self._graph = graph
        self._items = Items(namespaces)
        self._kept: Kept[Card] = Kept(graph, directory, most=_MOST)

    def get(self, item_ids: Sequence[str]) -> dict[str, Card]:
        """The card of each of these things; an empty one for what the graph does not know."""
        return self._kept.get(item_ids, (), self._read)

    def read_ahead(self, item_ids: Sequence[str]) -> None:
        """Have the cards of these at hand, those that come first rather than the others."""
        for start in range(0, min(len(item_ids), _MOST), _AT_ONCE):
            self.get(item_ids[start : min(start + _AT_ONCE, _MOST)])

    def _read(self, item_ids: Sequence[str]) -> dict[str, Card]:
        told: dict[str, dict[NamedNode, list[Term]]] = {item: {} for item in item_ids}
        for subject, predicate, value in self._graph.subject_triples(self._items.iris(item_ids), _SHOWN):
            if isinstance(subject, NamedNode) and not isinstance(value, Triple):
                told[self._items.id(subject)].setdefault(predicate, []).append(value)
        return {item: _card(item, facts) for item, facts in told.items()}


def _card(item: str, facts: Mapping[NamedNode, Sequence[Term]]) -> Card:
    def first(predicate: NamedNode) -> str | None:
        return min((text for term in facts.get(predicate, ()) if (text := text_of(term))), default=None)

    labels: dict[str, str] = {}
    for term in facts.get(_LABEL, ()):
        if isinstance(term, Literal):
            tag = (term.language or "").lower()
            labels[tag] = min(labels.get(tag, term.value), term.value)
    kind = min(filter(None, map(kind_of, facts.get(RDF_TYPE, ()))), key=_KINDS.index, default=None)
    code = _USERNAME if kind is EntityKind.PERSON else _CODE
    return Card(
        Entry(item, kind, first(code), first(_WIKIDATA), first(_COLOUR)) if kind else None,
        labels,
        max((text_of(term) or "" for term in facts.get(_LAST_ACTIVE, ())), default=None),
        tuple(facts.get(_SOURCE, ())),
        first(_ZONE),
    )
