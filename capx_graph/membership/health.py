"""What a profile lacks and what it would gain, in people who are really there. Given out by the package.

A gain is counted by the search, as anybody could count it: who wants what the member offers, who offers what they want.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from capx_graph.errors import LimitExceeded, Unavailable
from capx_graph.membership.fields import Field, Profile, State
from capx_graph.model import EntityKind, Role, SearchRequest
from capx_graph.search import Search

_PEOPLE = (EntityKind.PERSON,)


@dataclass(frozen=True, slots=True)
class Gain:
    """One thing to do (``add`` a field, ``publish`` it) and how many people it would bring together with the member."""

    act: str
    part: Field
    people: int


class Health:
    """Gains over one graph."""

    def __init__(self, search: Search) -> None:
        self._search = search

    def gains(self, profile: Profile) -> tuple[Gain, ...]:
        """What would bring most first; nothing that brings nobody, but for what a profile is empty without.

        Nothing while nobody can be counted, because the engine of the graph is silent.
        """
        try:
            return self._gains(profile)
        except (Unavailable, LimitExceeded):
            return ()

    def _gains(self, profile: Profile) -> tuple[Gain, ...]:
        offered = profile.values(Field.OFFERS)
        interested = self._people(Role.WANTS, offered or profile.values(Field.KNOWS))
        found: list[Gain] = []
        for part in (Field.OFFERS, Field.WANTS, Field.KNOWS, Field.LANGUAGES, Field.TERRITORY):
            content = profile.parts[part]
            if not content.lines:
                found.append(Gain("add", part, self._gain(part, profile, interested)))
            elif content.state is not State.PUBLIC and part is not Field.KNOWS:
                found.append(Gain("publish", part, self._gain(part, profile, interested)))
        return tuple(sorted(found, key=lambda gain: -gain.people))

    def _gain(self, part: Field, profile: Profile, interested: int) -> int:
        if part is Field.WANTS:
            return self._people(Role.OFFERS, profile.values(Field.WANTS))
        if part is Field.KNOWS:
            return 0
        return interested

    def _people(self, role: Role, capacities: Iterable[str]) -> int:
        """People with one of these capacities in the role, or with any where none is named."""
        request = SearchRequest(
            classes=_PEOPLE, roles=(role,), capacities=tuple(sorted(capacities)), limit=0, facets=()
        )
        return self._search.run(request).total
