"""From what was found to what is shown: item ids become names in the reader's languages, all in one reading.

Imported by the service of this package.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass

from capx_graph import queries
from capx_graph.directory import DirectoryCache, Individuals, Kept, Naming, Tree
from capx_graph.directory.reading import Items, text_of
from capx_graph.index.families import term
from capx_graph.matching.asker import Asker
from capx_graph.matching.closeness import way
from capx_graph.matching.finding import (
    CAPACITIES,
    EVENTS,
    LEARN,
    LEARN_ORGANIZATIONS,
    SAME_LANGUAGE,
    SHARE,
    SHARE_ORGANIZATIONS,
    Common,
    Found,
    Pair,
    Suggested,
    UpcomingEvent,
)
from capx_graph.matching.model import CapacityToConsider, CommonLanguage, EventMatch, Match, Matches, Served, Via
from capx_graph.model import Ref
from capx_graph.namespaces import CAPX, WikibaseNamespaces
from capx_graph.store.base import GraphReader
from capx_graph.terms import Term

_LAST_ACTIVE, _SOURCE = "lastActive", "source"

_Facts = Mapping[str, Sequence[Term]]
"""Values of the two by the name of the property."""


class Shower:
    """Names what a matcher found."""

    def __init__(
        self,
        graph: GraphReader,
        namespaces: WikibaseNamespaces,
        *,
        directory: DirectoryCache,
        naming: Naming,
        individuals: Individuals,
    ) -> None:
        self._graph = graph
        self._items = Items(namespaces)
        self._naming = naming
        self._individuals = individuals
        self._kept: Kept[_Facts] = Kept(graph, directory)

    def show(self, found: Found, asker: Asker, tree: Tree, reader: Sequence[str]) -> Matches:
        """The matches for a reader."""
        ways = _Ways(tree)
        refs = self._naming.refs(_items(found, asker, ways), reader)
        facts = self._kept.get(list(found.common), (), self._facts)
        drawing = _Drawing(refs, ways, asker)
        lists = {
            name: tuple(self._match(name, item, points, found, facts[item], drawing, reader) for item, points in hits)
            for name, hits in ((name, ranking.hits) for name, ranking in found.rankings.items())
        }
        return Matches(
            person=asker.name,
            lists=lists,
            events=tuple(map(drawing.event, found.events[1])),
            capacities=tuple(map(drawing.capacity, found.capacities[1])),
            totals={name: ranking.total for name, ranking in found.rankings.items()}
            | {EVENTS: found.events[0], CAPACITIES: found.capacities[0]},
            hierarchy=asker.hierarchy,
            version=found.version,
        )

    def _match(
        self,
        name: str,
        item: str,
        points: int,
        found: Found,
        facts: _Facts,
        drawing: _Drawing,
        reader: Sequence[str],
    ) -> Match:
        common, refs = found.common[item], drawing.refs
        learn = drawing.served(common.learn, wanted_is_mine=True)
        share = drawing.served(common.share, wanted_is_mine=False)
        return Match(
            ref=refs[item],
            name=refs[item].code or item,
            points=points,
            count=_count(name, common),
            learn=learn,
            share=share,
            languages=tuple(
                CommonLanguage(refs[language], mine, theirs) for language, mine, theirs in common.languages
            ),
            territories=tuple(refs[place] for place in common.territories),
            near=refs[common.near] if common.near else None,
            projects=tuple(refs[project] for project in common.projects),
            affiliations=tuple(refs[organization] for organization in common.affiliations),
            last_active=max((text_of(term) or "" for term in facts.get(_LAST_ACTIVE, ())), default=None),
            source=next(iter(self._individuals.refs(facts.get(_SOURCE, ()), reader)), None),
        )

    def _facts(self, hits: Iterable[str]) -> Mapping[str, _Facts]:
        """When each was last active, and whether it is a made-up record."""
        asked = [(thing, term(name)) for thing in self._items.iris(hits) for name in (_LAST_ACTIVE, _SOURCE)]
        found: dict[str, defaultdict[str, list[Term]]] = {hit: defaultdict(list) for hit in hits}
        for thing, predicate, value in self._graph.select(queries.load("index/facts").bind(asked=asked)):
            if value is not None:
                found[self._items.id(thing)][(text_of(predicate) or "").removeprefix(CAPX)].append(value)
        return found


class _Ways:
    """Ways down the tree, each sought once."""

    def __init__(self, tree: Tree) -> None:
        self._tree = tree
        self._known: dict[tuple[str, str], tuple[str, ...]] = {}

    def between(self, wanted: str, offered: str) -> tuple[str, ...]:
        """From the wanted capacity down to the offered one."""
        known = self._known.get((wanted, offered))
        if known is None:
            known = self._known[wanted, offered] = way(self._tree, offered, wanted)
        return known


@dataclass(frozen=True, slots=True)
class _Drawing:
    """Names at hand."""

    refs: Mapping[str, Ref]
    ways: _Ways
    asker: Asker

    def served(self, pairs: Iterable[Pair], *, wanted_is_mine: bool) -> Served:
        exact: list[Ref] = []
        via: list[Via] = []
        for pair in pairs:
            wanted, offered = (pair.mine, pair.theirs) if wanted_is_mine else (pair.theirs, pair.mine)
            if pair.steps:
                path = tuple(self.refs[step] for step in self.ways.between(wanted, offered))
                via.append(Via(self.refs[wanted], self.refs[offered], path))
            else:
                exact.append(self.refs[wanted])
        return Served(tuple(exact), tuple(via))

    def event(self, event: UpcomingEvent) -> EventMatch:
        wanted = [pair for pair in event.pairs if pair.mine in self.asker.wants]
        known = [pair for pair in event.pairs if pair.mine not in self.asker.wants]
        return EventMatch(
            self.refs[event.item],
            event.begin,
            self.served(wanted, wanted_is_mine=True),
            self.served(known, wanted_is_mine=True),
        )

    def capacity(self, one: Suggested) -> CapacityToConsider:
        part_of = self.refs[one.part_of] if one.part_of else None
        beside = self.refs[one.beside] if one.beside else None
        return CapacityToConsider(self.refs[one.item], one.peers, one.offerers, part_of, beside)


def _count(name: str, common: Common) -> int:
    """The number of exact capacities, or of common languages."""
    if name == SAME_LANGUAGE:
        return len(common.languages)
    learn = {pair.mine for pair in common.learn if not pair.steps}
    share = {pair.mine for pair in common.share if not pair.steps}
    if name in (LEARN, LEARN_ORGANIZATIONS):
        return len(learn)
    return len(share if name in (SHARE, SHARE_ORGANIZATIONS) else learn | share)


def _items(found: Found, asker: Asker, ways: _Ways) -> Iterator[str]:
    """Everything that has to be named."""
    for item, common in found.common.items():
        yield item
        yield from (language for language, _, _ in common.languages)
        yield from common.territories
        yield from common.projects
        yield from common.affiliations
        if common.near:
            yield common.near
        for pairs, mine_above in ((common.learn, True), (common.share, False)):
            for pair in pairs:
                yield from ways.between(*((pair.mine, pair.theirs) if mine_above else (pair.theirs, pair.mine)))
    for event in found.events[1]:
        yield event.item
        for pair in event.pairs:
            yield from ways.between(pair.mine, pair.theirs)
    for one in found.capacities[1]:
        yield from filter(None, (one.item, one.part_of, one.beside))
    yield from filter(None, (asker.item,))
