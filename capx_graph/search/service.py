"""The search as its callers see it: a request in, a page of named hits with reasons and facets out.

Made by the wiring, one for all threads. The index answers; until it has been loaded, SPARQL does.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from functools import partial

from capx_graph.directory import Directory, DirectoryCache, Individuals, Naming
from capx_graph.errors import QueryTooLong, Unavailable
from capx_graph.index import Index
from capx_graph.index.families import CLASS, ORGANIZATION, PROJECT, ROLE
from capx_graph.model import EntityKind, FacetValue, Hit, Ref, SearchPage, SearchRequest, Understood
from capx_graph.namespaces import WikibaseNamespaces
from capx_graph.ontology import Instance
from capx_graph.search.bitmapfinder import BitmapFinder
from capx_graph.search.criteria import (
    CAPACITY,
    FACETS,
    LANGUAGE,
    LEVEL,
    LEVELS,
    SEARCHED,
    TERRITORY,
    Criteria,
    Finder,
    Found,
    Page,
)
from capx_graph.search.matching import Texts, match
from capx_graph.search.reasons import Explainer
from capx_graph.search.resolve import check, criteria
from capx_graph.search.sparing import SparingNames
from capx_graph.search.sparql import SparqlFinder
from capx_graph.search.understanding import Understanding, alike, capacity_names, understood
from capx_graph.store.base import GraphReader
from capx_graph.textindex import FoldedName

_WORDS: Mapping[str, Sequence[str]] = {
    CLASS: [kind.value for kind in EntityKind],
    ROLE: ["offers", "wants", "knows"],
    LEVEL: LEVELS,
}
"""Facets whose values are words, in the order in which they are shown."""


Named = Callable[[list[str]], Mapping[str, Ref]]
"""Names things for the reader."""

Hits = Callable[[Found, Criteria, Directory, Sequence[str]], tuple[Hit, ...]]
"""What is found as hits for the reader."""

_MOST_ITEMS = 1_000_000
_TRIES = 5
"""A swap takes milliseconds; whoever meets several in a row is answered all the same."""
_RETIRED_AT_ONCE = 5
"""Suggestions asked for beyond those that are shown, since some may be retired."""


@dataclass(frozen=True, slots=True)
class Suggestion:
    """A thing that a text may mean, and the name of it that matched."""

    ref: Ref
    matched: str


@dataclass(frozen=True, slots=True)
class _Answered:
    """What was asked in the end and found; how a text was read that nothing is called, and names that resemble it."""

    asked: Criteria
    found: Found
    read: Understanding | None = None
    alike: Mapping[str, int] = field(default_factory=dict)


class Search:
    """Searches and suggestions over one graph and its text index."""

    def __init__(
        self,
        graph: GraphReader,
        texts: Texts,
        namespaces: WikibaseNamespaces,
        *,
        index: Index,
        directory: DirectoryCache,
        naming: Naming,
        instance: Instance,
    ) -> None:
        self._texts = texts
        self._sparing = SparingNames(texts)
        self._directory = directory
        self._naming = naming
        self._index = index
        self._bitmaps = BitmapFinder(index)
        self._sparql = SparqlFinder(graph, namespaces)
        self._explainer = Explainer(graph, namespaces, directory, naming=naming, individuals=Individuals(instance))

    def run(self, request: SearchRequest) -> SearchPage:
        """The answer to a request; raises InvalidParameter naming parameter, value and rule.

        Where the graph was replaced meanwhile, hits of the one might have reasons of the other: asked again.
        """
        for _ in range(_TRIES - 1):
            replacements = self._index.replacements
            page = self._run(request)
            if self._index.is_same_since(replacements):
                return page
        return self._run(request)

    def _run(self, request: SearchRequest) -> SearchPage:
        directory = self._directory.current()
        answered = self._answered(request, directory)
        try:
            named: Named = partial(self._naming.refs, reader=request.reader)
            return self._page(request, answered, directory, named, self._hits)
        except (Unavailable, QueryTooLong):  # the index still knows who is found, the text index what they are called
            named = partial(self._sparing.refs, directory=directory, reader=request.reader)
            return replace(self._page(request, answered, directory, named, self._sparing_hits), whole=False)

    def _page(
        self, request: SearchRequest, answered: _Answered, directory: Directory, named: Named, hits: Hits
    ) -> SearchPage:
        asked, found, read = answered.asked, answered.found, answered.read
        following = request.offset + len(found.items)
        refs = named([*answered.alike])
        return SearchPage(
            total=found.total,
            hits=hits(found, asked, directory, request.reader),
            facets=self._facets(found, asked, directory, named),
            next_offset=following if found.items and following < found.total else None,
            version=found.version,
            understood=_told(request.text, read, named) if read and read.tells else None,
            alike=tuple(FacetValue(refs[item], count) for item, count in answered.alike.items()),
        )

    def _answered(self, request: SearchRequest, directory: Directory) -> _Answered:
        """The answer, and how the text was read where nothing is called so; filters are asked where that tells more."""
        first = _Answered(*self._find(request, directory))
        if first.found.total or not request.text:
            return first
        try:
            return self._understood(first, request, directory)
        except (Unavailable, QueryTooLong):  # what the words may mean is asked beyond the answer, which stands
            return first

    def _understood(self, first: _Answered, request: SearchRequest, directory: Directory) -> _Answered:
        capacities = capacity_names(self._texts, directory)
        read = understood(self._texts, capacities, request, directory)
        if read.tells:
            by_filters = self._find(read.request, directory)
            if by_filters[1].total or len(read.filters) > 1:
                return _Answered(*by_filters, read, self._alike(read, capacities, directory))
        read = replace(read, request=replace(request, text=""), filters={})
        return replace(first, read=read, alike=self._alike(read, capacities, directory))

    def _alike(self, read: Understanding, capacities: Sequence[FoldedName], directory: Directory) -> dict[str, int]:
        """Capacities that the words may mean which nothing is called, with what choosing each would find."""
        if read.request.capacities:
            return {}
        items = alike(capacities, read.aside, reader=read.request.reader)
        chosen = {item: replace(read.request, capacities=(item,), limit=0, facets=()) for item in items}
        counts = {item: self._find(request, directory)[1].total for item, request in chosen.items()}
        return {item: count for item, count in counts.items() if count}

    def _find(self, request: SearchRequest, directory: Directory) -> tuple[Criteria, Found]:
        asked = self._criteria(request, directory)
        facets = FACETS if request.facets is None else request.facets
        return asked, self._finder().find(asked, Page(request.sort, request.limit, request.offset, facets))

    def items(self, request: SearchRequest) -> tuple[str, ...]:
        """All that a request finds, as item ids; raises InvalidParameter."""
        asked = self._criteria(request, self._directory.current())
        return self._finder().find(asked, Page(limit=_MOST_ITEMS, facets=())).items

    def told(self, items: tuple[str, ...], request: SearchRequest) -> tuple[Hit, ...]:
        """Things that a request finds as its hits, named and with reasons; raises InvalidParameter."""
        directory = self._directory.current()
        found = Found(len(items), items, {}, 0)
        return self._hits(found, self._criteria(request, directory), directory, request.reader)

    def query(self, request: SearchRequest) -> str:
        """A request as the SPARQL that defines its answer; raises InvalidParameter."""
        return self._sparql.query(self._criteria(request, self._directory.current())).text

    def suggest(
        self, text: str, *, kinds: Sequence[EntityKind] = (), reader: Sequence[str] = ("en",), limit: int = 10
    ) -> tuple[Suggestion, ...]:
        """The things that somebody may mean who has typed so far, best first; nothing that is retired."""
        hits = self._texts.suggest(text, kinds=kinds or SEARCHED, languages=reader, limit=limit + _RETIRED_AT_ONCE)
        items = [hit.entity_id for hit in hits]
        try:
            refs = self._naming.refs(items, reader)
        except (Unavailable, QueryTooLong):
            refs = self._sparing.refs(items, self._directory.current(), reader)
        kept = [hit for hit in hits if not refs[hit.entity_id].retired]
        return tuple(Suggestion(refs[hit.entity_id], hit.text) for hit in kept[:limit])

    def _criteria(self, request: SearchRequest, directory: Directory) -> Criteria:
        check(request)
        classes = tuple(dict.fromkeys(request.classes)) or SEARCHED
        text = match(self._texts, request.text, kinds=classes, reader=request.reader)
        return criteria(request, directory, text)

    def _finder(self) -> Finder:
        return self._bitmaps if self._index.awaited() else self._sparql

    def _sparing_hits(self, found: Found, _: Criteria, directory: Directory, reader: Sequence[str]) -> tuple[Hit, ...]:
        return self._sparing.hits(found.items, directory, reader)

    def _hits(self, found: Found, asked: Criteria, directory: Directory, reader: Sequence[str]) -> tuple[Hit, ...]:
        if not found.items:
            return ()
        refs = self._naming.refs(found.items, reader)
        descriptions = self._naming.descriptions(found.items, reader)
        why = self._explainer.explain(found.items, asked, directory, reader=reader)
        return tuple(
            Hit(
                ref=refs[item],
                name=refs[item].code or item,
                description=descriptions[item][0] if item in descriptions else None,
                last_active=why[item].last_active,
                reasons=why[item].reasons,
                source=why[item].source,
            )
            for item in found.items
        )

    def _facets(
        self,
        found: Found,
        asked: Criteria,
        directory: Directory,
        named: Named,
    ) -> dict[str, tuple[FacetValue, ...]]:
        selected = _selected(asked)
        facets = [facet for facet in FACETS if facet in found.counts]
        things = {item for facet in facets if facet not in _WORDS for item in (*found.counts[facet], *selected[facet])}
        refs = named(list(things))
        return {facet: tuple(_values(facet, found.counts[facet], selected[facet], refs, directory)) for facet in facets}


def _told(text: str, meant: Understanding, named: Named) -> Understood:
    refs = named([item for facet, values in meant.filters.items() if facet not in _WORDS for item in values])
    filters = {
        facet: tuple(refs[value] if value in refs else Ref(value, value, code=value) for value in values)
        for facet, values in meant.filters.items()
    }
    return Understood(text, filters, meant.aside)


def _selected(asked: Criteria) -> dict[str, Sequence[str]]:
    return {
        CLASS: () if asked.classes == SEARCHED else asked.classes,
        ROLE: asked.roles,
        CAPACITY: asked.capacities,
        LANGUAGE: asked.languages,
        LEVEL: asked.levels or (),
        TERRITORY: asked.territories,
        ORGANIZATION: asked.organizations,
        PROJECT: asked.projects,
    }


def _values(
    facet: str, counts: Mapping[str, int], selected: Sequence[str], refs: Mapping[str, Ref], directory: Directory
) -> Iterator[FacetValue]:
    """The values with a count, and the selected ones even without; most frequent first, words in their own order."""
    if facet in _WORDS:
        for word in _WORDS[facet]:
            if word in counts or word in selected:
                yield FacetValue(Ref(word, word, code=word), counts.get(word, 0), word in selected)
        return
    parents = directory.tree.parents
    values = [
        FacetValue(refs[item], counts.get(item, 0), item in selected, parents[item][0] if item in parents else None)
        for item in dict.fromkeys((*counts, *selected))
    ]
    yield from sorted(values, key=lambda value: (-value.count, value.ref.label.casefold(), value.ref.id))
