"""What the index reads of the graph: everything at first, then what changed; every read is a query of queries/index/.

Only this package imports it.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from capx_graph import queries
from capx_graph.directory.catalogue import item_number
from capx_graph.directory.reading import CLASSES, Items, kind_of, text_of
from capx_graph.index.bitmaps import Fact
from capx_graph.index.families import CLASS, HELD, OF_ITEMS, OF_WORDS, ROLE, SKILL, SPEAKS, term
from capx_graph.index.standing import Standing, seconds
from capx_graph.namespaces import RDFS, WikibaseNamespaces
from capx_graph.store.base import GraphReader, Row
from capx_graph.terms import RDF_TYPE, NamedNode, Term, iri, literal

_PREDICATES = tuple(NamedNode(name) for name in (*OF_ITEMS, *OF_WORDS))
_CLASSES = tuple(NamedNode(name) for name in CLASSES)
_ROLES = frozenset(HELD.values())
_USERNAME, _CODE, _LAST_ACTIVE = term("username"), term("code"), term("lastActive")
_PLACING = (_USERNAME, _CODE, _LAST_ACTIVE)
_LABEL = iri(RDFS + "label")


class FactReader:
    """Facts and standings of things, from one graph."""

    def __init__(self, graph: GraphReader, namespaces: WikibaseNamespaces) -> None:
        self._graph = graph
        self._items = Items(namespaces)
        self._prefixes = tuple(f"{space.entity}Q" for space in namespaces.homes)

    def everything(self) -> Iterator[Fact]:
        """All facts, one property after the other, so that no answer is large."""
        asked: list[tuple[NamedNode, NamedNode | None]] = [(predicate, None) for predicate in _PREDICATES]
        for predicate, value in (*asked, *((RDF_TYPE, class_) for class_ in _CLASSES)):
            for found, held, things in self._select("index/holders", asked=[(predicate, value)]):
                yield from self._facts(found, held, self.numbers(things))
        for language, level, things in self._select("index/speakers"):
            yield from self._skills(language, level, self.numbers(things))

    def of(self, item_ids: Sequence[str]) -> Iterator[Fact]:
        """What is said of a few things."""
        things = self._items.iris(item_ids)
        predicates = (*_PREDICATES, RDF_TYPE)
        asked = [(thing, predicate) for thing in things for predicate in predicates]
        for thing, predicate, value in self._select("index/facts", asked=asked):
            yield from self._facts(predicate, value, [self._number_of(thing)])
        for thing, language, level in self._select("index/skills", entity=things):
            yield from self._skills(language, level, [self._number_of(thing)])

    def standings(self, item_ids: Sequence[str], *, everything: bool = False) -> list[Standing]:
        """The places of these things; ``everything`` when they are all there are, which one query each answers."""
        things: Sequence[NamedNode | None] = [None] if everything else self._items.iris(item_ids)
        told: dict[NamedNode, dict[str, str]] = {predicate: {} for predicate in _PLACING}
        for predicate in _PLACING:
            choose = max if predicate == _LAST_ACTIVE else min
            for thing, _, value in self._select("index/facts", asked=[(thing, predicate) for thing in things]):
                item, text = self._items.id(thing), text_of(value) or ""
                told[predicate][item] = choose(told[predicate].get(item, text), text)
        names = told[_CODE] | self._labels([item for item in item_ids if item not in told[_USERNAME]]) | told[_USERNAME]
        return [
            Standing(item, names.get(item, item).casefold(), seconds(told[_LAST_ACTIVE].get(item))) for item in item_ids
        ]

    def _facts(self, predicate: Term | None, value: Term | None, things: Sequence[int]) -> Iterator[Fact]:
        if predicate == RDF_TYPE:
            if kind := kind_of(value):
                yield (CLASS, kind.value, things)
        elif not isinstance(predicate, NamedNode) or value is None:
            return
        elif of_words := OF_WORDS.get(predicate.value):
            family, word_of = of_words
            if word := word_of(value):
                yield (family, word, things)
        elif number := self._number_of(value):
            family = OF_ITEMS[predicate.value]
            yield (family, number, things)
            if family in _ROLES:
                yield (ROLE, family, things)
            elif family == SPEAKS:
                yield (SKILL, (number, ""), things)

    def _skills(self, language: Term | None, level: Term | None, things: Sequence[int]) -> Iterator[Fact]:
        word = text_of(level)
        if word and (number := self._number_of(language)):
            yield (SKILL, (number, word), things)
            yield (SKILL, (0, word), things)

    def _labels(self, item_ids: Sequence[str]) -> dict[str, str]:
        asked = [(thing, _LABEL) for thing in self._items.iris(item_ids)]
        found: dict[str, str] = {}
        for thing, _, label in self._select("directory/labels", asked=asked, language=literal("en")):
            item, text = self._items.id(thing), text_of(label) or ""
            found[item] = min(found.get(item, text), text)
        return found

    def _select(self, name: str, **values: queries.Value) -> Iterator[Row]:
        return iter(self._graph.select(queries.load(name).bind(**values)))

    def numbers(self, things: Term | None) -> list[int]:
        """The numbers of items in a text of IRIs."""
        texts = (text_of(things) or "").split()
        found = (text[len(prefix) :] for text in texts for prefix in self._prefixes if text.startswith(prefix))
        return [int(number) for number in found if number.isdigit()]

    def _number_of(self, value: object) -> int:
        return item_number(self._items.id(value)) if isinstance(value, NamedNode) else 0
