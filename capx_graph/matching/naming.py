"""From what was found to what is shown: item ids become names in the reader's languages, all in one reading.

Imported by the service of this package.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field

from capx_graph.directory import Card, Individuals, Naming, Tree
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
from capx_graph.terms import Term

_NOTHING = Served()


class Shower:
    """Names what a matcher found."""

    def __init__(self, naming: Naming, individuals: Individuals) -> None:
        self._naming = naming
        self._individuals = individuals

    def show(self, found: Found, asker: Asker, tree: Tree, reader: Sequence[str]) -> Matches:
        """The matches for a reader."""
        ways = _Ways(tree)
        refs = self._naming.refs(_items(found, asker, ways), reader)
        cards = self._naming.cards([*found.common, *(event.item for event in found.events[1])])
        drawing = _Drawing(refs, ways, asker)
        sources: dict[tuple[Term, ...], Ref | None] = {
            told: next(iter(self._individuals.refs(told, reader)), None)
            for told in {card.sources for card in cards.values()}
        }
        lists = {
            name: tuple(
                drawing.match(name, item, points, found.common[item], cards[item], sources[cards[item].sources])
                for item, points in ranking.hits
            )
            for name, ranking in found.rankings.items()
        }
        return Matches(
            person=asker.name,
            lists=lists,
            events=tuple(drawing.event(event, cards[event.item].zone) for event in found.events[1]),
            capacities=tuple(map(drawing.capacity, found.capacities[1])),
            totals={name: ranking.total for name, ranking in found.rankings.items()}
            | {EVENTS: found.events[0], CAPACITIES: found.capacities[0]},
            hierarchy=asker.hierarchy,
            version=found.version,
        )


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
    _through: dict[tuple[str, str], Via] = field(default_factory=dict)
    _spoken: dict[tuple[str, str, str], CommonLanguage] = field(default_factory=dict)

    def match(self, name: str, item: str, points: int, common: Common, card: Card, source: Ref | None) -> Match:
        refs = self.refs
        return Match(
            ref=refs[item],
            name=refs[item].code or item,
            points=points,
            count=_count(name, common),
            learn=self.served(common.learn, wanted_is_mine=True),
            share=self.served(common.share, wanted_is_mine=False),
            languages=tuple(map(self._language, common.languages)),
            territories=tuple(refs[place] for place in common.territories),
            near=refs[common.near] if common.near else None,
            projects=tuple(refs[project] for project in common.projects),
            affiliations=tuple(refs[organization] for organization in common.affiliations),
            last_active=card.last_active,
            source=source,
        )

    def served(self, pairs: Iterable[Pair], *, wanted_is_mine: bool) -> Served:
        exact: list[Ref] = []
        via: list[Via] = []
        for pair in pairs:
            if pair.steps:
                via.append(self._via(*(pair.mine, pair.theirs) if wanted_is_mine else (pair.theirs, pair.mine)))
            else:
                exact.append(self.refs[pair.mine])
        return Served(tuple(exact), tuple(via)) if pairs else _NOTHING

    def _via(self, wanted: str, offered: str) -> Via:
        """Many hits match through the same two capacities, and in the same language."""
        via = self._through.get((wanted, offered))
        if via is None:
            refs = self.refs
            path = tuple(refs[step] for step in self.ways.between(wanted, offered))
            via = self._through[wanted, offered] = Via(refs[wanted], refs[offered], path)
        return via

    def _language(self, common: tuple[str, str, str]) -> CommonLanguage:
        spoken = self._spoken.get(common)
        if spoken is None:
            language, mine, theirs = common
            spoken = self._spoken[common] = CommonLanguage(self.refs[language], mine, theirs)
        return spoken

    def event(self, event: UpcomingEvent, zone: str | None) -> EventMatch:
        wanted = [pair for pair in event.pairs if pair.mine in self.asker.wants]
        known = [pair for pair in event.pairs if pair.mine not in self.asker.wants]
        return EventMatch(
            self.refs[event.item],
            event.begin,
            self.served(wanted, wanted_is_mine=True),
            self.served(known, wanted_is_mine=True),
            zone,
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
    learned, shared = set[Pair](), set[Pair]()
    for item, common in found.common.items():
        yield item
        yield from (language for language, _, _ in common.languages)
        yield from common.territories
        yield from common.projects
        yield from common.affiliations
        if common.near:
            yield common.near
        learned.update(common.learn)
        shared.update(common.share)
    for pair in learned:
        yield from ways.between(pair.mine, pair.theirs)
    for pair in shared:
        yield from ways.between(pair.theirs, pair.mine)
    for event in found.events[1]:
        yield event.item
        for pair in event.pairs:
            yield from ways.between(pair.mine, pair.theirs)
    for one in found.capacities[1]:
        yield from filter(None, (one.item, one.part_of, one.beside))
    yield from filter(None, (asker.item,))
