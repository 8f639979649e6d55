"""The definition at work: matches from the queries of ``queries/match/`` on any SPARQL engine.

Exact and slow (all candidates are read for one person): it answers while the index loads, and the tests hold the
matcher on the index equal to it.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass, field, replace

from capx_graph import queries
from capx_graph.directory import Directory
from capx_graph.directory.catalogue import item_number
from capx_graph.directory.reading import Items, kind_of, text_of
from capx_graph.index import Standing, Value, joined, seconds
from capx_graph.index.families import (
    BASED,
    CONTRIBUTES,
    HELD,
    ORGANIZATION,
    PLACE,
    PROJECT,
    SKILL,
    SPEAKS,
    WITHIN,
    term,
)
from capx_graph.instants import from_epoch
from capx_graph.matching import weights
from capx_graph.matching.asker import Asker
from capx_graph.matching.closeness import in_age
from capx_graph.matching.finding import (
    LEARN,
    PLACED,
    SAME_LANGUAGE,
    SHARE,
    SWAPS,
    Common,
    Commons,
    Found,
    Pair,
    Ranking,
    Suggested,
    UpcomingEvent,
    attending,
    matched,
    suggestions,
    surroundings,
)
from capx_graph.model import EntityKind, Role
from capx_graph.namespaces import CAPX, WikibaseNamespaces
from capx_graph.store.base import GraphReader, Row
from capx_graph.terms import Literal, NamedNode, date_time, integer

_OFFERS, _WANTS = HELD[Role.OFFERS], HELD[Role.WANTS]
_CLASSES = (term("Person"), term("Organization"))
_NEARNESS = {"basedIn": PLACE, WITHIN: WITHIN, CONTRIBUTES: PROJECT, "affiliatedWith": ORGANIZATION}


@dataclass(slots=True)
class _Facts:
    """The rows of the queries as sets, by family and value; what of the index ``Commons`` needs."""

    sets: dict[tuple[str, Value], set[int]] = field(default_factory=lambda: defaultdict(set))

    def add(self, family: str, value: Value, item: str) -> None:
        self.sets[family, value].add(item_number(item))

    def things(self, name: str, value: Value) -> set[int]:
        return self.sets.get((name, value), set())


class SparqlMatcher:
    """A Matcher that asks the graph."""

    def __init__(self, graph: GraphReader, namespaces: WikibaseNamespaces) -> None:
        self._graph = graph
        self._items = Items(namespaces)

    def find(self, asker: Asker, directory: Directory, *, limit: int, now: float) -> Found:
        version = self._graph.version
        matching = _Matching(self._graph, self._items, asker, directory)
        commons = Commons(asker, directory.tree, matching.facts)
        rankings = matching.rankings(commons, limit)
        hits = {item for ranking in rankings.values() for item, _ in ranking.hits}
        return Found(
            rankings=rankings,
            events=matching.events(limit, now),
            capacities=matching.capacities(limit),
            common=commons.of(hits),
            version=version,
        )


class _Matching:
    """One asker against the graph; reads what it needs when it is made."""

    def __init__(self, graph: GraphReader, items: Items, asker: Asker, directory: Directory) -> None:
        self._graph = graph
        self._items = items
        self._asker = asker
        self._directory = directory
        self._left_out = items.iris(asker.excluded)
        self._hierarchy = integer(int(asker.hierarchy))
        self.facts = _Facts()
        self._places, self._kinds = self._candidates()
        self._demand, self._population = self._demands(asker.wants | asker.offers)
        self._matching_items = {LEARN: self._pairs("learn_from"), SHARE: self._pairs("share_with")}
        self._speakers = self._read_speakers()
        self._read_nearness()

    def rankings(self, commons: Commons, limit: int) -> dict[str, Ranking]:
        """All lists of people and organizations."""
        learn, share = self._matching_items[LEARN], self._matching_items[SHARE]
        common = commons.of({*learn, *share, *self._speakers})
        learned = {item: self._points(common[item].learn, learning=True) for item in learn}
        shared = {item: self._points(common[item].share, learning=False) for item in share}
        found = {
            LEARN: learned,
            SHARE: shared,
            SWAPS: {item: learned[item] + shared[item] for item in learn & share},
            SAME_LANGUAGE: {item: self._language_points(common[item]) for item in self._speakers},
        }
        return {
            name: self._ranking(
                {
                    item: points * _factor(common[item], by_language=name != SAME_LANGUAGE)
                    for item, points in found[which].items()
                    if self._kinds.get(item) is kind
                },
                limit,
            )
            for name, (which, kind) in PLACED.items()
        }

    def events(self, limit: int, now: float) -> tuple[int, tuple[UpcomingEvent, ...]]:
        """Coming events, the next first."""
        begins: dict[str, tuple[float, str]] = {}
        rows = self._select(
            "events",
            capacity=self._items.iris(self._asker.knows | self._asker.wants),
            hierarchy=self._hierarchy,
            now=date_time(from_epoch(now).isoformat()),
        )
        for event, begin, _, concerned in rows:
            item, text = self._items.id(event), text_of(begin) or ""
            begins[item] = min(begins.get(item, (seconds(text), text)), (seconds(text), text))
            self.facts.add("concerns", item_number(self._items.id(concerned)), item)
        pairs = [
            (pair, self.facts.things("concerns", item_number(pair.theirs)))
            for pair in attending(self._asker, self._directory.tree).rows()
        ]
        coming = sorted((begin, item_number(item), item) for item, begin in begins.items())
        return len(coming), tuple(
            UpcomingEvent(item, begin, matched(pairs, number)) for (_, begin), number, item in coming[:limit]
        )

    def capacities(self, limit: int) -> tuple[int, tuple[Suggested, ...]]:
        """Capacities to consider."""
        held = self._asker.held
        rows = self._select(
            "peers", held=self._items.iris(held), least=integer(min(2, len(held))), left_out=self._left_out
        )
        peers = {self._items.id(capacity): _number(count) for capacity, count in rows}
        total, shown = suggestions(self._asker, self._directory, peers, limit=limit)
        demands, _ = self._demands(frozenset(one.item for one in shown))
        return total, tuple(replace(one, offerers=demands[one.item].offerers) for one in shown)

    def _select(self, name: str, **values: queries.Value) -> Iterable[Row]:
        return self._graph.select(queries.load(f"match/{name}").bind(**values))

    def _candidates(self) -> tuple[dict[str, Standing], dict[str, EntityKind]]:
        places: dict[str, Standing] = {}
        kinds: dict[str, EntityKind] = {}
        for entity, class_, active, name in self._select("candidates", left_out=self._left_out):
            item, kind = self._items.id(entity), kind_of(class_)
            if item and kind:
                place = Standing(item, (text_of(name) or item).casefold(), seconds(text_of(active)))
                places[item] = joined(places[item], place) if item in places else place
                kinds.setdefault(item, kind)
        return places, kinds

    def _demands(self, capacities: frozenset[str]) -> tuple[dict[str, weights.Demand], int]:
        """Offerers and seekers of capacities, and how many people and organizations there are in all."""
        counts: dict[str, dict[str, int]] = defaultdict(dict)
        rows = self._select("demand", capacity=self._items.iris(capacities), hierarchy=self._hierarchy)
        for capacity, side, count in rows:
            counts[self._items.id(capacity)][text_of(side) or ""] = _number(count)
        found = {item: weights.Demand(counts[item].get(_OFFERS, 0), counts[item].get(_WANTS, 0)) for item in capacities}
        return found, counts[""].get("all", 0)

    def _pairs(self, name: str) -> set[str]:
        """Reads who fits in one direction; gives them."""
        mine, family = (self._asker.wants, _OFFERS) if name == LEARN else (self._asker.offers, _WANTS)
        asked: dict[str, queries.Value] = {"wanted" if name == LEARN else "offered": self._items.iris(mine)}
        rows = self._select(name, **asked, hierarchy=self._hierarchy, **{"class": _CLASSES}, left_out=self._left_out)
        found: set[str] = set()
        for entity, _, theirs in rows:
            item = self._items.id(entity)
            self.facts.add(family, item_number(self._items.id(theirs)), item)
            found.add(item)
        return found

    def _read_speakers(self) -> set[str]:
        spoken = self._items.iris(self._asker.languages)
        found: set[str] = set()
        for entity, language, level in self._select("same_language", language=spoken, left_out=[]):
            item, number = self._items.id(entity), item_number(self._items.id(language))
            self.facts.add(SPEAKS, number, item)
            if code := text_of(level):
                self.facts.add(SKILL, (number, code), item)
            found.add(item)
        return found & self._kinds.keys()

    def _read_nearness(self) -> None:
        asker = self._asker
        asked = {
            BASED[0]: in_age(asker.territories),
            WITHIN: surroundings(asker, self._directory.tree),
            CONTRIBUTES: in_age(asker.projects),
            "affiliatedWith": in_age(asker.affiliations),
        }
        rows = [(term(name), value) for name, values in asked.items() for value in self._items.iris(values)]
        for predicate, value, entity in self._select("nearness", asked=rows):
            name = predicate.value.removeprefix(CAPX) if isinstance(predicate, NamedNode) else ""
            self.facts.add(_NEARNESS[name], item_number(self._items.id(value)), self._items.id(entity))

    def _points(self, pairs: Collection[Pair], *, learning: bool) -> int:
        """The sum over the asker's capacities of the nearest match of each."""
        nearest: dict[str, int] = {}
        for pair in pairs:
            nearest[pair.mine] = min(nearest.get(pair.mine, pair.steps), pair.steps)
        points = 0
        for mine, steps in nearest.items():
            demand = self._demand[mine]
            holders = demand.offerers if learning else demand.seekers
            points += weights.closeness(weights.weight(self._population, holders, demand), steps)
        return points

    def _language_points(self, common: Common) -> int:
        return sum(
            weights.language_weight(self._population, len(self.facts.things(SPEAKS, item_number(language))))
            * min(weights.RANKS[mine], weights.RANKS[theirs])
            for language, mine, theirs in common.languages
        )

    def _ranking(self, totals: Mapping[str, int], limit: int) -> Ranking:
        order = sorted(totals, key=lambda item: (-totals[item], self._places[item].by_activity))
        return Ranking(len(order), tuple((item, totals[item]) for item in order[:limit]))


def _factor(common: Common, *, by_language: bool) -> int:
    """Thousandths for what is in common besides capacities."""
    level = max((min(weights.RANKS[mine], weights.RANKS[theirs]) for _, mine, theirs in common.languages), default=0)
    return (
        weights.WHOLE
        + (weights.WEIGHTS[weights.LANGUAGE] * level if by_language else 0)
        + (
            weights.WEIGHTS[weights.TERRITORY]
            if common.territories
            else weights.WEIGHTS[weights.REGION]
            if common.near
            else 0
        )
        + (weights.WEIGHTS[weights.PROJECT] if common.projects else 0)
        + (weights.WEIGHTS[weights.AFFILIATION] if common.affiliations else 0)
    )


def _number(count: object) -> int:
    return int(count.value) if isinstance(count, Literal) else 0
