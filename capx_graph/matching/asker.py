"""Whose matches are asked for, as values: matching never needs to know a person's item, only what they would share.

``AskerReader`` makes an Asker of what the graph says of somebody, which is what everybody may see. Whoever knows more
of a person, such as their private values, makes a richer one: ``dataclasses.replace(asker, left_out=...)``.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from itertools import product

from capx_graph import queries
from capx_graph.directory.reading import Items, text_of
from capx_graph.errors import NotFound
from capx_graph.index.families import HELD, term
from capx_graph.matching.weights import RANKS
from capx_graph.messages import told
from capx_graph.model import Role
from capx_graph.namespaces import CAPX, WikibaseNamespaces
from capx_graph.spelling import spellings
from capx_graph.store.base import GraphReader
from capx_graph.terms import NamedNode, Triple, literal

_BASED, _AFFILIATED, _CONTRIBUTES = "basedIn", "affiliatedWith", "contributesTo"
_SPEAKS = "speaks"
_SKILL, _LANGUAGE, _LEVEL = term("languageSkill"), term("language"), term("levelCode")
_TOLD = (*map(term, (*HELD.values(), _BASED, _AFFILIATED, _CONTRIBUTES, _SPEAKS)), _SKILL)


@dataclass(frozen=True, slots=True)
class Asker:
    """Item ids throughout; ``languages`` has the level of each (1 to 5, n, or empty: not told), none at level 0.

    ``item`` is the person's own, empty for somebody who has none; ``left_out`` are people and organizations that are
    not to be found, such as those they have saved. ``hierarchy`` lets a capacity beneath serve a wish for one above.
    """

    item: str = ""
    name: str = ""
    knows: frozenset[str] = frozenset()
    offers: frozenset[str] = frozenset()
    wants: frozenset[str] = frozenset()
    languages: Mapping[str, str] = field(default_factory=dict)
    territories: frozenset[str] = frozenset()
    affiliations: frozenset[str] = frozenset()
    projects: frozenset[str] = frozenset()
    left_out: frozenset[str] = frozenset()
    hierarchy: bool = True

    @property
    def held(self) -> frozenset[str]:
        """Every capacity that they have something to do with."""
        return self.knows | self.offers | self.wants

    @property
    def excluded(self) -> frozenset[str]:
        """Who is never found."""
        return self.left_out | {self.item} if self.item else self.left_out


class AskerReader:
    """Askers as the graph has them."""

    def __init__(self, graph: GraphReader, namespaces: WikibaseNamespaces) -> None:
        self._graph = graph
        self._items = Items(namespaces)

    def named(self, username: str) -> Asker:
        """A person by username, in which spaces may be underscores; raises NotFound."""
        item, name = self._person(username)
        facts: dict[str, set[str]] = defaultdict(set)
        skills: list[NamedNode] = []
        for _, predicate, value in self._graph.subject_triples([self._items.iri(item)], _TOLD):
            if not isinstance(value, NamedNode):
                continue
            if predicate == _SKILL:
                skills.append(value)
            elif found := self._items.id(value):
                facts[predicate.value.removeprefix(CAPX)].add(found)
        return Asker(
            item=item,
            name=name,
            knows=frozenset(facts[HELD[Role.KNOWS]]),
            offers=frozenset(facts[HELD[Role.OFFERS]]),
            wants=frozenset(facts[HELD[Role.WANTS]]),
            languages=dict.fromkeys(sorted(facts[_SPEAKS]), "") | self._levels(skills),
            territories=frozenset(facts[_BASED]),
            affiliations=frozenset(facts[_AFFILIATED]),
            projects=frozenset(facts[_CONTRIBUTES]),
        )

    def _person(self, username: str) -> tuple[str, str]:
        for written in spellings(username):
            asked = [(term("Person"), term("username"), literal(written))]
            for row in self._graph.select(queries.load("profile/identified").bind(asked=asked)):
                if item := self._items.id(row[0]):
                    return item, written
        raise NotFound(told("refused-absent", username))

    def _levels(self, skills: Sequence[NamedNode]) -> dict[str, str]:
        """The best level that is told of each language; of one that they do not speak at all, none."""
        told: dict[object, dict[NamedNode, list[str]]] = {skill: defaultdict(list) for skill in skills}
        for skill, predicate, value in self._graph.subject_triples(skills, (_LANGUAGE, _LEVEL)):
            if not isinstance(value, Triple):
                text = self._items.id(value) if predicate == _LANGUAGE else text_of(value)
                told[skill][predicate].append(text or "")
        best: dict[str, str] = {}
        for parts in told.values():
            for spoken, code in product(filter(None, parts[_LANGUAGE]), parts[_LEVEL]):
                if code in RANKS and RANKS[code] >= RANKS[best.get(spoken, "")]:
                    best[spoken] = code
        return dict(sorted(best.items()))
