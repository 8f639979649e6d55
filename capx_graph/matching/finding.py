"""What a matcher gives: the seam between SPARQL and the index. What asker and hit have in common is read once for both.

``Sets`` is the little of the index that this needs; the matcher by SPARQL makes one of the rows of its queries.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from heapq import nsmallest
from typing import Protocol, TypeVar

from capx_graph.directory import Directory, Tree
from capx_graph.directory.catalogue import item_number
from capx_graph.index import Value
from capx_graph.index.families import CONCERNS, HELD, ORGANIZATION, PLACE, PROJECT, SKILL, SPEAKS, WITHIN
from capx_graph.matching.asker import Asker
from capx_graph.matching.closeness import Levels, above, beneath, in_age
from capx_graph.matching.weights import RANKS
from capx_graph.model import EntityKind, Role

LEARN, SHARE, SWAPS, SAME_LANGUAGE = "learn_from", "share_with", "swaps", "same_language"
LEARN_ORGANIZATIONS, SHARE_ORGANIZATIONS = "learn_from_organizations", "share_with_organizations"
EVENTS, CAPACITIES = "events", "capacities"
PLACED: Mapping[str, tuple[str, EntityKind]] = {
    LEARN: (LEARN, EntityKind.PERSON),
    SHARE: (SHARE, EntityKind.PERSON),
    SWAPS: (SWAPS, EntityKind.PERSON),
    SAME_LANGUAGE: (SAME_LANGUAGE, EntityKind.PERSON),
    LEARN_ORGANIZATIONS: (LEARN, EntityKind.ORGANIZATION),
    SHARE_ORGANIZATIONS: (SHARE, EntityKind.ORGANIZATION),
}
"""For each list that has an order: which of the four points decide it, and who is in it."""

RANKED = tuple(PLACED)
LISTS = (*RANKED, EVENTS, CAPACITIES)


@dataclass(frozen=True, slots=True)
class Pair:
    """A capacity of the asker's and one of the hit's, ``steps`` levels apart: 0 when they are the same."""

    mine: str
    theirs: str
    steps: int


@dataclass(frozen=True, slots=True)
class Common:
    """What an asker and a hit have in common, by item ids; ``languages`` are (language, my level, their level).

    ``near`` is the nearest territory above both, where no territory is common.
    """

    learn: tuple[Pair, ...] = ()
    share: tuple[Pair, ...] = ()
    languages: tuple[tuple[str, str, str], ...] = ()
    territories: tuple[str, ...] = ()
    near: str = ""
    projects: tuple[str, ...] = ()
    affiliations: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Ranking:
    """How many match, and the first of them with their points."""

    total: int = 0
    hits: tuple[tuple[str, int], ...] = ()


@dataclass(frozen=True, slots=True)
class UpcomingEvent:
    """An event with its instant of beginning, and why it is one for the asker."""

    item: str
    begin: str
    pairs: tuple[Pair, ...]


@dataclass(frozen=True, slots=True)
class Suggested:
    """A capacity to consider, how many people like the asker want it, and how many offer what serves it.

    ``part_of`` is a capacity of the asker's right above it, ``beside`` one of theirs under the same parent.
    """

    item: str
    peers: int
    part_of: str = ""
    beside: str = ""
    offerers: int = 0


@dataclass(frozen=True, slots=True)
class Found:
    """Every list, with what is in common with each hit of the ranked ones; from one version of the graph."""

    rankings: Mapping[str, Ranking]
    events: tuple[int, tuple[UpcomingEvent, ...]]
    capacities: tuple[int, tuple[Suggested, ...]]
    common: Mapping[str, Common]
    version: int


T = TypeVar("T")


class Matcher(Protocol):
    """Finds everything for an asker; ``now`` in seconds divides past events from coming ones."""

    def find(self, asker: Asker, directory: Directory, *, limit: int, now: float) -> Found: ...


class Members(Protocol):
    """A set of things by the numbers of their items."""

    def __contains__(self, number: int, /) -> bool: ...


class Sets(Protocol):
    """Who has which value: the families of the index."""

    def things(self, name: str, value: Value) -> Members: ...


@dataclass(frozen=True, slots=True)
class Direction:
    """One way of matching: the asker's capacities, each with those of others that fit it by their distance.

    ``family`` is how the others hold them.
    """

    family: str
    capacities: tuple[tuple[str, Levels], ...] = field(default=())

    def rows(self) -> Iterator[Pair]:
        """All pairs that fit."""
        for mine, levels in self.capacities:
            for steps, level in enumerate(levels):
                for theirs in level:
                    yield Pair(mine, theirs, steps)


def learning(asker: Asker, tree: Tree) -> Direction:
    """What the asker wants, and the offers that serve it."""
    return _direction(
        HELD[Role.OFFERS], [(one, beneath(tree, one, hierarchy=asker.hierarchy)) for one in _of(asker.wants)]
    )


def sharing(asker: Asker, tree: Tree) -> Direction:
    """What the asker offers, and the wishes that it serves."""
    return _direction(
        HELD[Role.WANTS], [(one, above(tree, one, hierarchy=asker.hierarchy)) for one in _of(asker.offers)]
    )


def attending(asker: Asker, tree: Tree) -> Direction:
    """What the asker knows or wants, and what events are about that is so or a part of it."""
    held = _of(asker.knows | asker.wants)
    return _direction(CONCERNS, [(one, beneath(tree, one, hierarchy=asker.hierarchy)) for one in held])


def _of(capacities: frozenset[str]) -> list[str]:
    return in_age(capacities)


def _direction(family: str, capacities: Sequence[tuple[str, Levels]]) -> Direction:
    return Direction(family, tuple(capacities))


def matched(rows: Sequence[tuple[Pair, Members]], number: int) -> tuple[Pair, ...]:
    """The pairs by which a thing matches."""
    return _told([pair for pair, holders in rows if number in holders])


def _told(pairs: Sequence[Pair]) -> tuple[Pair, ...]:
    """Of a capacity that is matched exactly nothing is said through the tree."""
    exact = {pair.mine for pair in pairs if not pair.steps}
    return tuple(pair for pair in pairs if not pair.steps or pair.mine not in exact)


class Commons:
    """Reads what an asker has in common with others."""

    def __init__(self, asker: Asker, tree: Tree, sets: Sets) -> None:
        def rows(direction: Direction) -> list[tuple[Pair, Members]]:
            return [(pair, sets.things(direction.family, item_number(pair.theirs))) for pair in direction.rows()]

        def having(family: str, values: Sequence[str]) -> list[tuple[str, Members]]:
            return [(value, sets.things(family, item_number(value))) for value in values]

        self._asker = asker
        self._learn = rows(learning(asker, tree))
        self._share = rows(sharing(asker, tree))
        self._speakers = having(SPEAKS, in_age(set(asker.languages)))
        self._levels = {
            language: [(level, sets.things(SKILL, (item_number(language), level))) for level in _BEST_FIRST]
            for language in asker.languages
        }
        self._based = having(PLACE, in_age(asker.territories))
        self._within = having(WITHIN, surroundings(asker, tree))
        self._projects = having(PROJECT, in_age(asker.projects))
        self._affiliations = having(ORGANIZATION, in_age(asker.affiliations))

    def of(self, items: Iterable[str]) -> dict[str, Common]:
        """What is in common with each of the hits; set by set, since a hit is in few of them."""
        numbers = {item_number(item): item for item in items}
        learn, share = _matched(self._learn, numbers), _matched(self._share, numbers)
        spoken = self._spoken(numbers)
        based, within = _having(self._based, numbers), _having(self._within, numbers)
        projects, affiliations = _having(self._projects, numbers), _having(self._affiliations, numbers)
        own = self._asker.affiliations
        return {
            item: Common(
                learn=learn.get(number, ()),
                share=share.get(number, ()),
                languages=tuple(spoken.get(number, ())),
                territories=tuple(based.get(number, ())),
                near=within[number][0] if number in within and number not in based else "",
                projects=tuple(projects.get(number, ())),
                affiliations=(item,) if item in own else tuple(affiliations.get(number, ())),
            )
            for number, item in numbers.items()
        }

    def _spoken(self, numbers: Iterable[int]) -> dict[int, list[tuple[str, str, str]]]:
        found: dict[int, list[tuple[str, str, str]]] = {}
        for language, speakers in self._speakers:
            mine, levels = self._asker.languages[language], self._levels[language]
            for number in numbers:
                if number in speakers:
                    theirs = next((level for level, people in levels if number in people), "")
                    found.setdefault(number, []).append((language, mine, theirs))
        return found


_BEST_FIRST = sorted(filter(None, RANKS), key=lambda level: -RANKS[level])


def _matched(rows: Sequence[tuple[Pair, Members]], numbers: Iterable[int]) -> dict[int, tuple[Pair, ...]]:
    """The pairs by which each thing matches."""
    return {number: _told(pairs) for number, pairs in _having(rows, numbers).items()}


def _having(values: Sequence[tuple[T, Members]], numbers: Iterable[int]) -> dict[int, list[T]]:
    """What each of the things has of some values, in their order."""
    found: dict[int, list[T]] = {}
    for value, things in values:
        for number in numbers:
            if number in things:
                found.setdefault(number, []).append(value)
    return found


def surroundings(asker: Asker, tree: Tree) -> list[str]:
    """The asker's territories and all above them, the nearest first."""
    levels = [above(tree, territory, hierarchy=True) for territory in in_age(asker.territories)]
    deepest = max(map(len, levels), default=0)
    reached = [place for steps in range(deepest) for level in levels if steps < len(level) for place in level[steps]]
    return list(dict.fromkeys(reached))


def suggestions(
    asker: Asker, directory: Directory, peers: Mapping[str, int], *, limit: int
) -> tuple[int, list[Suggested]]:
    """How many capacities to consider, and the first: ``peers`` says how many people like the asker want each.

    Left out is what the asker has already, and what lies above that. Who wants it counts twice where it is close to
    what they have; ties go to what more of them want, then to age.
    """
    tree, held = directory.tree, asker.held
    known = {up for one in held for up in tree.above(one)}
    siblings: dict[str, str] = {}
    for one in in_age(held):
        for parent in tree.parents.get(one, ()):
            siblings.setdefault(parent, one)
    found = []
    for item, count in peers.items():
        if count and item not in known:
            close = _beside(tree.parents.get(item, ()), held, siblings)
            found.append((-count * (2 if any(close) else 1), -count, item_number(item), item, close))
    first = nsmallest(limit, found)
    return len(found), [Suggested(item, -count, *close) for _, count, _, item, close in first]


def _beside(above_it: Sequence[str], held: frozenset[str], siblings: Mapping[str, str]) -> tuple[str, str]:
    """The capacity of the asker's that something is a part of, or else one under the same parent."""
    for parent in above_it:
        if parent in held:
            return parent, ""
    return "", next((siblings[parent] for parent in above_it if parent in siblings), "")
