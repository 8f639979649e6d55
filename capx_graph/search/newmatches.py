"""Who has come to match a search since a moment: what the feed of a saved search is made of.

Doors import it. It asks the public search and nothing else, so that no private value can be in a feed. New is what
matches now and was changed after the moment, as the repository's revisions count; whoever stops matching, or is erased,
is in no later answer.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import datetime

from capx_graph.errors import InvalidParameter
from capx_graph.model import EntityKind, Hit, SearchRequest
from capx_graph.repository.history.pages import History
from capx_graph.search import Search

WATCHED = (EntityKind.PERSON, EntityKind.ORGANIZATION)
"""What a search finds here that names no class."""


@dataclass(frozen=True, slots=True)
class NewMatch:
    """A hit, and when its newest revision was written."""

    hit: Hit
    at: datetime


class NewMatches:
    """Over one search and the history beside it; for all threads."""

    def __init__(self, search: Search, history: History) -> None:
        self._search = search
        self._history = history

    @property
    def newest(self) -> int:
        """The revision after which everything is new from now on."""
        return self._history.newest()

    def since(self, request: SearchRequest, revision: int, *, limit: int) -> tuple[NewMatch, ...]:
        """What matches and has a later revision, the newest first; nothing for what cannot be meant any more."""
        asked = replace(request, classes=request.classes or WATCHED)
        try:
            found = self._search.items(asked)
            touched = self._history.touched(found, after=revision, limit=limit)
            hits = {hit.ref.id: hit for hit in self._search.told(tuple(touched), asked)}
        except InvalidParameter:
            return ()
        return tuple(NewMatch(hits[item], at) for item, at in touched.items() if item in hits)
