"""What of a connected Wikibase is to be here, and reading that, fifty entities at a time.

Given out as ``Sync.intake``. Where not everything is read, what is chosen is known only from the pages themselves, so
that whatever comes may call for more; entities of people who were erased are never taken in again.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence

from capx_graph.model import Page
from capx_graph.repository.storage.mirror import Mirror
from capx_graph.upstream.selection import Selection
from capx_graph.upstream.source import AT_ONCE, Fetched, Source

Progress = Callable[[int], None]
"""Told how many entities were done since the last call; what it raises ends the work."""


class Intake:
    """Reads one source for one mirror; one thread at a time. Every reading method raises Unavailable."""

    def __init__(self, source: Source, mirror: Mirror, selection: Selection, progress: Progress) -> None:
        self.progress = progress
        self._source = source
        self._mirror = mirror
        self._selection = selection
        self._prepared = selection.is_everything
        self._withheld: frozenset[str] = frozenset()

    @property
    def takes_everything(self) -> bool:
        """Whether nothing is left out but what is withheld."""
        return self._selection.is_everything

    def heed_withheld(self) -> None:
        """Learns what is never to be here, which may have become more."""
        self._withheld = self._mirror.withheld()

    def wants(self, entity_id: str) -> bool:
        """Whether the entity is to be here, by what is known."""
        return entity_id not in self._withheld and self._selection.wants(entity_id)

    def learn(self, pages: Iterable[Page]) -> None:
        """Remembers what pages mention."""
        self._selection.learn(pages)

    def listed(self) -> dict[str, int]:
        """The revisions that the Wikibase has; where not everything is read, what is chosen is known afterwards."""
        there = self._source.all_revisions()
        self.heed_withheld()
        if not self.takes_everything:
            self._prepare()
            linking = {id_ for value in self._selection.values for id_ in self._source.linking_to(value)}
            here = self._mirror.revisions()
            due = [id_ for id_ in sorted(linking) if id_ in there and here.get(id_) != there[id_]]
            for fetched in self.fetched(due):
                self._selection.learn(fetched.pages, fetched.gone)
        return there

    def missing(self, there: Mapping[str, int], here: Mapping[str, int]) -> Iterator[Fetched]:
        """What is to be here and is not, or in another revision; what comes may call for more."""
        done: set[str] = set()
        while due := [
            id_ for id_, revision in there.items() if here.get(id_) != revision and id_ not in done and self.wants(id_)
        ]:
            done.update(due)
            for fetched in self.fetched(due):
                self._selection.learn(fetched.pages, fetched.gone)
                yield fetched

    def chosen(self, fetched: Fetched) -> tuple[list[Page], list[str]]:
        """What of it is to be here, with what that mentions and is not here yet; and what is to go."""
        if self.takes_everything:
            return fetched.pages, fetched.gone
        self._prepare()
        self._selection.learn(fetched.pages, fetched.gone)
        here = self._mirror.revisions_of(self._selection.wanted())
        known = here.keys() | {page.entity_id for page in fetched.pages}
        more = [id_ for id_ in self._selection.wanted() if id_ not in known]
        pages = [*fetched.pages, *(page for found in self.fetched(more) for page in found.pages)]
        self._selection.learn(pages)
        kept = [page for page in pages if self.wants(page.entity_id)]
        return kept, [*fetched.gone, *(page.entity_id for page in pages if not self.wants(page.entity_id))]

    def fetched(self, ids: Sequence[str]) -> Iterator[Fetched]:
        """Entities as they are there, in batches, each within a deadline of its own."""
        for start in range(0, len(ids), AT_ONCE):
            some = ids[start : start + AT_ONCE]
            self._source.begin()
            yield self._source.fetch(some)
            self.progress(len(some))

    def _prepare(self) -> None:
        """Learns once what the mirror has; it takes a moment."""
        if not self._prepared:
            self._selection.learn(self._mirror.scan())
            self._prepared = True
