"""The search index: bitmaps read from the graph once, then kept in step with it by what the ingest tells.

Derived and disposable; while it is being loaded, ``ready`` is False and the caller asks SPARQL instead. Every read
of the graph is a query file. One lock guards the bitmaps: a search holds it for a few milliseconds.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterator, Sequence
from itertools import islice
from threading import RLock

from capx_graph import queries
from capx_graph.directory import DirectoryCache, Tree
from capx_graph.directory.catalogue import item_number
from capx_graph.directory.reading import CLASSES, Items, kind_of, text_of
from capx_graph.errors import Unavailable
from capx_graph.namespaces import RDFS, WikibaseNamespaces
from capx_graph.search import bitmapfinder
from capx_graph.search.bitmaps import Bitmaps, Fact
from capx_graph.search.conditions import BASED, CONCERNS, CONTRIBUTES, HELD, OF_ORGANIZATION, term
from capx_graph.search.criteria import CLASS, ORGANIZATION, PROJECT, ROLE, Criteria, Found, Page
from capx_graph.search.order import Standing, seconds
from capx_graph.store.base import GraphReader, Row
from capx_graph.terms import RDF_TYPE, NamedNode, Term, iri, literal

_BATCH = 500
"""Changed things read in one query."""

_FAMILIES: dict[str, str] = (
    {term(name).value: name for name in (*HELD.values(), CONCERNS)}
    | {term(name).value: "based" for name in BASED}
    | {term(name).value: ORGANIZATION for name in OF_ORGANIZATION}
    | {term(CONTRIBUTES).value: PROJECT, term("speaks").value: "speaks"}
)
_PREDICATES = tuple(NamedNode(name) for name in _FAMILIES)
_CLASSES = tuple(NamedNode(name) for name in CLASSES)
_ROLES = frozenset(HELD.values())
_USERNAME, _CODE, _LAST_ACTIVE = term("username"), term("code"), term("lastActive")
_PLACING = (_USERNAME, _CODE, _LAST_ACTIVE)
_LABEL = iri(RDFS + "label")


class SearchIndex:
    """A Finder on bitmaps."""

    def __init__(self, graph: GraphReader, namespaces: WikibaseNamespaces, directory: DirectoryCache) -> None:
        self._graph = graph
        self._items = Items(namespaces)
        self._prefix = f"{namespaces.entity}Q"
        self._start = len(self._prefix)
        self._directory = directory
        self._lock = RLock()
        self._loading = RLock()
        self._sets: Bitmaps | None = None
        self._number = -1
        self._version = -1
        self._missed: set[str] = set()
        self._replacements = 0

    @property
    def ready(self) -> bool:
        """Whether ``find`` can answer."""
        return self._sets is not None

    def find(self, criteria: Criteria, page: Page) -> Found:
        with self._lock:
            if self._sets is None:
                raise Unavailable("the search index is being loaded")
            return bitmapfinder.find(self._sets, criteria, page, version=self._version)

    def load(self) -> None:
        """Read everything from the graph; searches of this moment go on undisturbed."""
        with self._loading:
            replacements = -1
            while replacements != self._replacements:
                with self._lock:
                    replacements = self._replacements
                    self._missed.clear()
                version = self._graph.version
                directory = self._directory.current()
                sets = Bitmaps(_above(directory.tree))
                sets.add(self._all_facts())
                sets.place(self._standings(_members(sets), everything=True))
                with self._lock:
                    if replacements == self._replacements:
                        self._sets, self._number, self._version = sets, directory.number, version
                        self._refresh(self._missed)

    def changed(self, entity_ids: Collection[str], version: int) -> None:
        """Take in what the graph says of these entities now; the directory has been told before."""
        with self._lock:
            self._missed.update(entity_ids)
            if self._sets is not None:
                self._refresh(entity_ids)
                self._version = version

    def replaced(self) -> None:
        """The graph is another one: what was read from the former is worth nothing."""
        with self._lock:
            self._sets = None
            self._replacements += 1

    def _refresh(self, entity_ids: Collection[str]) -> None:
        assert self._sets is not None, "callers look first"
        items = [item for item in entity_ids if item.startswith("Q")]
        self._sets.remove(map(item_number, items))
        directory = self._directory.current()
        if directory.number != self._number:
            self._sets.derive(_above(directory.tree))
            self._number = directory.number
        rest = iter(items)
        while batch := list(islice(rest, _BATCH)):
            self._sets.add(self._facts_of(batch))
            self._sets.place(self._standings(_members(self._sets, batch)))

    def _all_facts(self) -> Iterator[Fact]:
        """Everything, one property after the other, so that no answer is large."""
        asked: list[tuple[NamedNode, NamedNode | None]] = [(predicate, None) for predicate in _PREDICATES]
        for predicate, value in (*asked, *((RDF_TYPE, class_) for class_ in _CLASSES)):
            for found, held, things in self._select("search/holders", asked=[(predicate, value)]):
                yield from self._facts(found, held, self._numbers(things))
        for language, level, things in self._select("search/speakers"):
            yield from self._skills(language, level, self._numbers(things))

    def _facts_of(self, item_ids: Sequence[str]) -> Iterator[Fact]:
        """What is said of a few things."""
        things = self._items.iris(item_ids)
        predicates = (*_PREDICATES, RDF_TYPE)
        asked = [(thing, predicate) for thing in things for predicate in predicates]
        for thing, predicate, value in self._select("search/facts", asked=asked):
            yield from self._facts(predicate, value, [self._number_of(thing)])
        for thing, language, level in self._select("search/skills", entity=things):
            yield from self._skills(language, level, [self._number_of(thing)])

    def _facts(self, predicate: Term | None, value: Term | None, things: Sequence[int]) -> Iterator[Fact]:
        if predicate == RDF_TYPE:
            if kind := kind_of(value):
                yield (CLASS, kind.value, things)
        elif isinstance(predicate, NamedNode) and (number := self._number_of(value)):
            family = _FAMILIES[predicate.value]
            yield (family, number, things)
            if family in _ROLES:
                yield (ROLE, family, things)
            elif family == "speaks":
                yield ("skill", (number, ""), things)

    def _skills(self, language: Term | None, level: Term | None, things: Sequence[int]) -> Iterator[Fact]:
        word = text_of(level)
        if word and (number := self._number_of(language)):
            yield ("skill", (number, word), things)
            yield ("skill", (0, word), things)

    def _standings(self, item_ids: Sequence[str], *, everything: bool = False) -> list[Standing]:
        """The places of these things; ``everything`` when they are all there are, which one query each answers."""
        things: Sequence[NamedNode | None] = [None] if everything else self._items.iris(item_ids)
        told: dict[NamedNode, dict[str, str]] = {predicate: {} for predicate in _PLACING}
        for predicate in _PLACING:
            choose = max if predicate == _LAST_ACTIVE else min
            for thing, _, value in self._select("search/facts", asked=[(thing, predicate) for thing in things]):
                item, text = self._items.id(thing), text_of(value) or ""
                told[predicate][item] = choose(told[predicate].get(item, text), text)
        names = told[_CODE] | self._labels([item for item in item_ids if item not in told[_USERNAME]]) | told[_USERNAME]
        return [
            Standing(item, names.get(item, item).casefold(), seconds(told[_LAST_ACTIVE].get(item))) for item in item_ids
        ]

    def _labels(self, item_ids: Sequence[str]) -> dict[str, str]:
        asked = [(thing, _LABEL) for thing in self._items.iris(item_ids)]
        found: dict[str, str] = {}
        for thing, _, label in self._select("directory/labels", asked=asked, language=literal("en")):
            item, text = self._items.id(thing), text_of(label) or ""
            found[item] = min(found.get(item, text), text)
        return found

    def _select(self, name: str, **values: queries.Value) -> Iterator[Row]:
        return iter(self._graph.select(queries.load(name).bind(**values)))

    def _numbers(self, things: Term | None) -> list[int]:
        """The numbers of items in a text of IRIs."""
        texts = (text_of(things) or "").split()
        return [int(text[self._start :]) for text in texts if text.startswith(self._prefix)]

    def _number_of(self, value: object) -> int:
        return item_number(self._items.id(value)) if isinstance(value, NamedNode) else 0


def _members(sets: Bitmaps, among: Sequence[str] | None = None) -> list[str]:
    """The things that have a class, which alone can be found."""
    kinds = list(sets.family(CLASS).values())
    if among is None:
        return [f"Q{number}" for members in kinds for number in members]
    return [item for item in among if any(item_number(item) in members for members in kinds)]


def _above(tree: Tree) -> Callable[[int], Sequence[int]]:
    memory: dict[int, tuple[int, ...]] = {}

    def above(number: int) -> Sequence[int]:
        known = memory.get(number)
        if known is None:
            known = memory[number] = tuple(item_number(item) for item in tree.above(f"Q{number}"))
        return known

    return above
