"""The search index: bitmaps read from the graph once, then kept in step with it by what the ingest tells.

Derived and disposable; while it is being loaded, ``ready`` is False and the caller asks SPARQL instead. Every read
of the graph is a query file. One lock guards the bitmaps: a search holds it for a few milliseconds.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Iterator, Sequence
from itertools import islice
from threading import RLock

from capx_graph import queries
from capx_graph.directory import DirectoryCache, Tree
from capx_graph.directory.catalogue import item_number
from capx_graph.directory.reading import Items, kind_of, text_of
from capx_graph.errors import Unavailable
from capx_graph.namespaces import RDF, WikibaseNamespaces
from capx_graph.search import bitmapfinder
from capx_graph.search.bitmaps import Bitmaps, Fact
from capx_graph.search.conditions import BASED, CONCERNS, CONTRIBUTES, HELD, OF_ORGANIZATION, term
from capx_graph.search.criteria import CLASS, ORGANIZATION, PROJECT, ROLE, Criteria, Found, Page
from capx_graph.search.order import Standing, joined, seconds
from capx_graph.store.base import GraphReader, Row
from capx_graph.terms import RDF_TYPE, NamedNode

_BATCH = 500
"""Changed things read in one query."""

_FAMILIES: dict[str, str] = (
    {term(name).value: name for name in (*HELD.values(), CONCERNS)}
    | {term(name).value: "based" for name in BASED}
    | {term(name).value: ORGANIZATION for name in OF_ORGANIZATION}
    | {term(CONTRIBUTES).value: PROJECT, term("speaks").value: "speaks", RDF + "type": CLASS}
)
_PREDICATES: tuple[NamedNode, ...] = (*(NamedNode(name) for name in _FAMILIES if name != RDF_TYPE.value), RDF_TYPE)


class SearchIndex:
    """A Finder on bitmaps."""

    def __init__(self, graph: GraphReader, namespaces: WikibaseNamespaces, directory: DirectoryCache) -> None:
        self._graph = graph
        self._items = Items(namespaces)
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
                sets.add(self._all_facts(), self._standings(None))
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
            self._sets.add(self._facts_of(batch), self._standings(batch))

    def _all_facts(self) -> Iterator[Fact]:
        for predicate in _PREDICATES:
            yield from self._facts([(None, predicate)])
        yield from self._skills(None)

    def _facts_of(self, item_ids: Sequence[str]) -> Iterator[Fact]:
        things = self._items.iris(item_ids)
        yield from self._facts([(thing, predicate) for thing in things for predicate in _PREDICATES])
        yield from self._skills(things)

    def _facts(self, asked: Sequence[tuple[NamedNode | None, NamedNode]]) -> Iterator[Fact]:
        number = self._number_of
        for thing, predicate, value in self._select("search/facts", asked=asked):
            who = number(thing)
            family = _FAMILIES[predicate.value] if isinstance(predicate, NamedNode) else ""
            if family == CLASS:
                if who and (kind := kind_of(value)):
                    yield (CLASS, kind.value, who)
            elif who and (what := number(value)):
                yield (family, what, who)
                if family in _ROLE_WORDS:
                    yield (ROLE, family, who)
                elif family == "speaks":
                    yield ("skill", (what, ""), who)

    def _skills(self, things: Sequence[NamedNode] | None) -> Iterator[Fact]:
        for thing, language, level in self._select("search/skills", entity=things):
            who, what, word = self._number_of(thing), self._number_of(language), text_of(level) or ""
            if who and what:
                yield ("skill", (what, word), who)
                yield ("skill", (0, word), who)

    def _standings(self, item_ids: Sequence[str] | None) -> Iterable[Standing]:
        asked = None if item_ids is None else self._items.iris(item_ids)
        found: dict[str, Standing] = {}
        for thing, active, name in self._select("search/places", entity=asked):
            item = self._items.id(thing)
            if item:
                place = Standing(item, (text_of(name) or item).casefold(), seconds(text_of(active)))
                found[item] = joined(found.get(item, place), place)
        return found.values()

    def _select(self, name: str, **values: queries.Value) -> Iterator[Row]:
        return iter(self._graph.select(queries.load(name).bind(**values)))

    def _number_of(self, value: object) -> int:
        return item_number(self._items.id(value)) if isinstance(value, NamedNode) else 0


_ROLE_WORDS = frozenset(HELD.values())


def _above(tree: Tree) -> Callable[[int], Sequence[int]]:
    memory: dict[int, tuple[int, ...]] = {}

    def above(number: int) -> Sequence[int]:
        known = memory.get(number)
        if known is None:
            known = memory[number] = tuple(item_number(item) for item in tree.above(f"Q{number}"))
        return known

    return above
