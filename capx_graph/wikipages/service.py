"""The wiki's own pages: entities, histories, differences, recent changes, properties, and bringing back what was.

Doors reach it through the services. Everything is read from the repository, not from the graph, so a page shows an
edit the moment it is saved. Nothing here shows a text that was dropped: it is not there any more.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from datetime import timedelta
from typing import Any

from capx_graph.errors import InvalidInput, NotFound, RateLimited
from capx_graph.instants import utc_now
from capx_graph.messages import told
from capx_graph.model import Page
from capx_graph.repository.ids import kind_of
from capx_graph.repository.ratelimit import RateLimit
from capx_graph.repository.refusals import Refused
from capx_graph.repository.restoring import Restoring, Return
from capx_graph.repository.storage.content import redirect_content
from capx_graph.repository.store import Repository
from capx_graph.wikipages.differences import differences
from capx_graph.wikipages.entities import entity_view
from capx_graph.wikipages.lines import (
    RecentFilter,
    history_lines,
    log_line,
    property_page,
    recent_lines,
    revision_line,
)
from capx_graph.wikipages.model import (
    ChangedFact,
    DifferenceView,
    EntityView,
    Gone,
    HistoryView,
    Line,
    Lines,
    Mentions,
    Named,
    PropertyPage,
    Statistics,
)
from capx_graph.wikipages.naming import Names
from capx_graph.wikipages.values import Values

Reader = Sequence[str]
_MOST_BETWEEN = 500


class WikiPages:
    """Reads pages of one repository, and brings back earlier states of them."""

    def __init__(self, repository: Repository) -> None:
        self._repository = repository
        self._restoring = Restoring(repository)
        self._rate = RateLimit(repository.settings.edits_per_minute)

    @property
    def version(self) -> int:
        """Changes with everything that a page of the wiki shows."""
        return self._repository.head()

    def entity(self, entity_id: str, *, reader: Reader, revision: int = 0) -> EntityView:
        """An entity as of a revision, 0 for the newest; raises NotFound, also for a text that was dropped."""
        page = self._repository.revision(entity_id, revision) if revision else self._repository.page(entity_id)
        if page is None:
            what = f"{entity_id} ({revision})" if revision else entity_id
            raise NotFound(told("refused-absent", what))
        return entity_view(self._repository, page, reader)

    def name(self, entity_id: str, *, reader: Reader) -> Named:
        """What an entity is called."""
        return Names(self._repository, reader).of(entity_id)

    def current(self, entity_id: str) -> int:
        """The number of the newest revision; 0 when there is no such page."""
        line = self._repository.history.page(entity_id=entity_id)
        return line.revision_id if line is not None and not line.deleted else 0

    def elsewhere(self, entity_id: str) -> str | None:
        """The IRI of an entity that lives in the connected Wikibase, where its page is."""
        if self._repository.keeps(entity_id) or self._repository.page(entity_id) is None:
            return None
        return self._repository.namespaces.entity_iri(entity_id)

    def line(self, entity_id: str, revision: int, *, reader: Reader) -> Line:
        """A revision of a page; raises NotFound."""
        return revision_line(self._repository.history.revision_of(entity_id, revision), Names(self._repository, reader))

    def parent(self, entity_id: str, revision: int) -> int:
        """The revision before, 0 for the first; raises NotFound."""
        return self._repository.history.revision_of(entity_id, revision).parent_id

    def following(self, entity_id: str, revision: int) -> int | None:
        """The revision after; None for the newest."""
        found = self._repository.history.revisions(entity_id=entity_id, after=revision + 1, oldest_first=True, limit=1)
        return found[0].revision_id if found else None

    def gone(self, entity_id: str, *, reader: Reader) -> Gone:
        """What is known of a page that is not there."""
        log = self._repository.history.log(type_="delete", action="delete", entity_id=entity_id, limit=1)
        return Gone(entity_id, log_line(log[0], Names(self._repository, reader)) if log else None)

    def page_of(self, revision: int) -> str:
        """The entity to which a revision belongs; raises NotFound."""
        line = self._repository.history.revision(revision)
        if line is None:
            raise NotFound(told("refused-absent", str(revision)))
        return line.entity_id

    def history(self, entity_id: str, *, reader: Reader, before: int | None = None, limit: int = 50) -> HistoryView:
        """The history of a page; raises NotFound."""
        line = self._repository.history.page(entity_id=entity_id)
        if line is None or line.deleted:
            raise NotFound(told("refused-absent", entity_id))
        names = Names(self._repository, reader)
        lines = history_lines(self._repository, entity_id, names, before=before, limit=limit)
        return HistoryView(names.of(entity_id), kind_of(entity_id), line.revision_id, line.owner, lines)

    def difference(self, entity_id: str, old: int, new: int, *, reader: Reader) -> DifferenceView:
        """What changed between two revisions; ``old`` 0 stands for nothing at all. Raises NotFound."""
        history = self._repository.history
        page = history.page(entity_id=entity_id)
        newer = history.revision_of(entity_id, new)
        older = history.revision_of(entity_id, old) if old else None
        assert page is not None
        names = Names(self._repository, reader)
        hidden = newer.hidden or (older is not None and older.hidden)
        facts = () if hidden else self._facts(entity_id, old, new, names)
        between = history.revisions(
            entity_id=entity_id, after=old + 1, before=new - 1, oldest_first=True, limit=_MOST_BETWEEN
        )
        return DifferenceView(
            name=names.of(entity_id),
            kind=kind_of(entity_id),
            owner=page.owner,
            old=revision_line(older, names) if older else None,
            new=revision_line(newer, names),
            current=page.revision_id,
            facts=facts,
            hidden=hidden,
            between=len(between) if old else 0,
            next_id=self.following(entity_id, new),
        )

    def _facts(self, entity_id: str, old: int, new: int, names: Names) -> tuple[ChangedFact, ...]:
        before = self._repository.revision(entity_id, old) if old else None
        after = self._repository.revision(entity_id, new)
        return self._compared(_content(before), _content(after), names)

    def _compared(self, old: Mapping[str, Any], new: Mapping[str, Any], names: Names) -> tuple[ChangedFact, ...]:
        return differences(old, new, names, Values(self._repository, names))

    # -- bringing back

    def preview(self, asked: Return, *, reader: Reader) -> tuple[int, tuple[ChangedFact, ...]]:
        """The newest revision, and what bringing back an earlier state would change in it.

        Raises NotFound, Forbidden, Conflict.
        """
        page, wanted = self._restoring.preview(asked)
        return page.revision_id, self._compared(_content(page), wanted, Names(self._repository, reader))

    def bring_back(self, asked: Return, *, base: int, actor: str, said: str = "", counted: bool = True) -> int:
        """Brings an earlier state back and answers the new revision; ``counted`` says whether the limit of edits
        counts for the actor. Raises NotFound, Forbidden, Conflict, InvalidInput, RateLimited."""
        wait = self._rate.wait(actor) if counted else 0
        if wait:
            raise RateLimited(utc_now() + timedelta(seconds=wait))
        try:
            return self._restoring.save(asked, base=base, actor=actor, said=said)
        except Refused as error:
            raise InvalidInput(told("refused-earlier")) from error

    # -- lists

    def recent(self, wanted: RecentFilter, *, reader: Reader) -> Lines:
        """A page of the recent changes."""
        return recent_lines(self._repository, wanted, reader)

    def properties(
        self, *, reader: Reader, datatype: str | None = None, after: str = "", limit: int = 100
    ) -> PropertyPage:
        """A page of the list of properties."""
        return property_page(self._repository, reader, datatype=datatype, after=after, limit=limit)

    def mentions(self, entity_id: str, *, reader: Reader, start: int = 0, limit: int = 100) -> Mentions:
        """The entities that mention an entity, redirects to it among them."""
        found = self._repository.history.backlinks(entity_id, start=start, limit=limit + 1)
        names = Names(self._repository, reader)
        names.learn([entity_id, *(line.entity_id for line in found)])
        shown = tuple(names.of(line.entity_id) for line in found[:limit])
        return Mentions(names.of(entity_id), shown, found[limit].page_id if len(found) > limit else None)

    def statistics(self) -> Statistics:
        """How much there is."""
        history = self._repository.history
        counts = history.counts()
        return Statistics(
            items=counts.get("item", 0),
            properties=counts.get("property", 0),
            redirects=history.redirects(),
            revisions=counts["revisions"],
            editors=history.editors(),
            datatypes=dict(Counter(self._repository.datatypes().values()).most_common()),
        )


def _content(page: Page | None) -> Mapping[str, Any]:
    if page is None:
        return {}
    return page.entity if page.entity is not None else redirect_content(page.entity_id, page.redirect_to or "")
