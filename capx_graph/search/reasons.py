"""Why each hit of a page matched: its own facts held against what was asked.

Imported by the search room. Reads the facts of one page of hits, whatever found them; what was read is kept until
the hit changes.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace

from capx_graph import queries
from capx_graph.directory import Directory, DirectoryCache, Individuals, Naming
from capx_graph.directory.kept import Kept
from capx_graph.directory.reading import Items, text_of
from capx_graph.index.families import BASED, CONCERNS, CONTRIBUTES, HELD, OF_ORGANIZATION, term
from capx_graph.model import Reason, ReasonKind, Ref, Role
from capx_graph.namespaces import CAPX, WikibaseNamespaces
from capx_graph.search.criteria import Criteria
from capx_graph.store.base import GraphReader
from capx_graph.terms import NamedNode, Triple, iri

_LAST_ACTIVE = "lastActive"
_SOURCE = "source"
_SHOWN = (_LAST_ACTIVE, _SOURCE)
_SPEAKS = "speaks"
_ROLES: Mapping[str, Role | None] = {name: role for role, name in HELD.items()} | {CONCERNS: None}


@dataclass(frozen=True, slots=True)
class _Match:
    """A reason before its things are named."""

    kind: ReasonKind
    value: str
    asked: str | None = None
    role: Role | None = None
    level: str | None = None
    text: str | None = None


@dataclass(frozen=True, slots=True)
class Explanation:
    """What a hit shows besides its name."""

    reasons: tuple[Reason, ...]
    last_active: str | None
    source: Ref | None


class Explainer:
    """Explains hits."""

    def __init__(
        self,
        graph: GraphReader,
        namespaces: WikibaseNamespaces,
        directory: DirectoryCache,
        *,
        naming: Naming,
        individuals: Individuals,
    ) -> None:
        self._graph = graph
        self._kept: Kept[dict[str, list[str]]] = Kept(graph, directory)
        self._items = Items(namespaces)
        self._naming = naming
        self._individuals = individuals

    def explain(
        self, hits: Sequence[str], criteria: Criteria, directory: Directory, *, reader: Sequence[str]
    ) -> dict[str, Explanation]:
        """Why these things match the criteria."""
        facts = self._facts(hits, _predicates(criteria))
        skills = self._skills(hits) if criteria.languages or criteria.levels else {}
        matches = {
            hit: _sorted(_Matching(criteria, directory, facts[hit], skills.get(hit, {})).all(hit)) for hit in hits
        }
        named = {item for found in matches.values() for match in found for item in (match.value, match.asked) if item}
        refs = self._naming.refs(named, reader)
        return {
            hit: Explanation(
                tuple(_reason(match, refs) for match in matches[hit]),
                max(facts[hit].get(_LAST_ACTIVE, ()), default=None),
                next(iter(self._individuals.refs(map(iri, facts[hit].get(_SOURCE, ())), reader)), None),
            )
            for hit in hits
        }

    def _facts(self, hits: Sequence[str], predicates: Sequence[str]) -> dict[str, dict[str, list[str]]]:
        kept = self._kept.get(hits, predicates, lambda items: self._read_facts(items, predicates))
        return {hit: kept.get(hit, {}) for hit in hits}

    def _read_facts(self, hits: Sequence[str], predicates: Iterable[str]) -> dict[str, dict[str, list[str]]]:
        """Read triple by triple, in 60 % of the time of a query with a line for each hit and predicate."""
        found: dict[str, dict[str, list[str]]] = {hit: {} for hit in hits}
        for triple in self._graph.subject_triples(self._items.iris(hits), [term(name) for name in predicates]):
            name = triple.predicate.value.removeprefix(CAPX)
            value = triple.object
            word = (
                (text_of(value) if name in _SHOWN else self._items.id(value)) if not isinstance(value, Triple) else ""
            )
            if word and isinstance(triple.subject, NamedNode):
                found[self._items.id(triple.subject)].setdefault(name, []).append(word)
        return found

    def _skills(self, hits: Sequence[str]) -> dict[str, dict[str, list[str]]]:
        found: dict[str, dict[str, list[str]]] = defaultdict(lambda: defaultdict(list))
        query = queries.load("index/skills").bind(entity=self._items.iris(hits))
        for thing, language, level in self._graph.select(query):
            found[self._items.id(thing)][self._items.id(language)].append(text_of(level) or "")
        return found


def _predicates(criteria: Criteria) -> tuple[str, ...]:
    """The properties that can have made a thing match."""
    predicates = [*_SHOWN]
    if criteria.roles:
        predicates += [HELD[role] for role in criteria.roles]
    elif criteria.capacities or (criteria.text and criteria.text.capacities):
        predicates += [*HELD.values(), CONCERNS]
    if criteria.languages and criteria.levels is None:
        predicates.append(_SPEAKS)
    if criteria.territories:
        predicates += BASED
    if criteria.organizations:
        predicates += OF_ORGANIZATION
    if criteria.projects:
        predicates.append(CONTRIBUTES)
    return tuple(predicates)


@dataclass(frozen=True, slots=True)
class _Matching:
    """The facts of one hit against the criteria."""

    criteria: Criteria
    directory: Directory
    facts: Mapping[str, Sequence[str]]
    skills: Mapping[str, Sequence[str]]

    def all(self, hit: str) -> Iterator[_Match]:
        asked, text = self.criteria, self.criteria.text
        if text and hit in text.named:
            yield _Match(ReasonKind.NAME, hit, text=text.texts.get(hit))
        by_text = list(self._capacities(text.capacities)) if text and text.capacities else []
        for match in by_text:
            yield replace(match, text=text.texts.get(match.asked or match.value) if text else None)
        if asked.capacities or (asked.roles and not by_text):
            yield from self._capacities(asked.capacities)
        yield from self._languages()
        yield from self._within(ReasonKind.TERRITORY, BASED, asked.territories)
        yield from self._within(ReasonKind.ORGANIZATION, OF_ORGANIZATION, asked.organizations)
        yield from self._within(ReasonKind.PROJECT, (CONTRIBUTES,), asked.projects)

    def _capacities(self, asked: Sequence[str]) -> Iterator[_Match]:
        offered = set(self.facts.get(HELD[Role.OFFERS], ()))
        for name, role in _ROLES.items():
            for held in self.facts.get(name, ()):
                if role is Role.KNOWS and held in offered:
                    continue  # who offers it knows it; said once
                if not asked:
                    yield _Match(ReasonKind.CAPACITY, held, role=role)
                for wanted in self._reached(held, asked):
                    yield _Match(ReasonKind.CAPACITY, held, wanted if wanted != held else None, role)

    def _languages(self) -> Iterator[_Match]:
        levels = self.criteria.levels
        spoken = self.skills if levels is not None else self.facts.get(_SPEAKS, ())
        for language in spoken:
            if not self.criteria.languages or language in self.criteria.languages:
                known = self.skills.get(language, ())
                fitting = [level for level in known if levels is None or level in levels]
                if fitting or levels is None:
                    yield _Match(ReasonKind.LANGUAGE, language, level=max(fitting, default=None))

    def _within(self, kind: ReasonKind, predicates: Sequence[str], asked: Sequence[str]) -> Iterator[_Match]:
        for name in predicates:
            for value in self.facts.get(name, ()):
                for wanted in self._reached(value, asked):
                    yield _Match(kind, value, wanted if wanted != value else None)

    def _reached(self, value: str, asked: Sequence[str]) -> Iterator[str]:
        """Those of the asked things that a value counts for: itself and, with descendants, what is above it."""
        above = self.directory.tree.above(value) if self.criteria.descendants else (value,)
        return (wanted for wanted in asked if wanted in above)


def _sorted(matches: Iterable[_Match]) -> list[_Match]:
    """Each once, as the text found it where it did; by kind, exact ones before those through a part."""
    order = list(ReasonKind)
    once: dict[_Match, _Match] = {}
    for match in matches:
        once.setdefault(replace(match, text=None), match)
    return sorted(once.values(), key=lambda match: (order.index(match.kind), match.asked is not None))


def _reason(match: _Match, refs: Mapping[str, Ref]) -> Reason:
    asked = refs[match.asked] if match.asked else None
    return Reason(match.kind, refs[match.value], asked, match.role, match.level, match.text)
