"""What is done in the connected Wikibase for somebody who leaves: their item deleted, or emptied and so asked for.

Given out by the package. The service's account deletes where it may; else it empties the item, or the member's own
grant does, and a section on the page that the operator named asks for the rest. Where people are not put there by the
operator's choice, nothing is edited: what is there was made by others. Nothing names the person but the item itself.
"""

from __future__ import annotations

import logging
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass, replace

from capx_graph.accounts import Accounts
from capx_graph.connected.grants import MemberGrants
from capx_graph.connected.wiring import connection_to, instance_of, site_of
from capx_graph.connected.writing import service_writer
from capx_graph.errors import CapxError, Conflict, Forbidden, LoginRefused, NotFound, SessionEnded
from capx_graph.items.drafts import Vocabulary
from capx_graph.items.keys import KeyReader
from capx_graph.model import Page
from capx_graph.privacy import Outcome, Remaining
from capx_graph.settings import Settings
from capx_graph.upstream import Source
from capx_graph.upstream.site import Site
from capx_graph.wikibase.writer import Writer

_LOG = logging.getLogger(__name__)
_REASON = "erased at the wish of the person"
_ASKED = (
    "The person whom this item is about has left {here} and wishes the item to be deleted, with its history. "
    "Everything that {here} held of it is erased there. ~~~~"
)
_TRIES = 3


@dataclass(frozen=True, slots=True)
class LeavingThere:
    """Who asks; ``own`` gives what edits in a member's own name, ``page`` is where deletions are asked for."""

    settings: Settings
    service: Writer | None
    own: Callable[[int], Writer | None]
    here: str

    def asking(self, member_id: int | None) -> Callable[[Remaining], Remaining]:
        """Asks about one item; what the member lent is renewed now and held in memory till then."""
        own = self.own(member_id) if member_id is not None else None
        writers = [writer for writer in (self.service, own) if writer is not None]

        def ask(one: Remaining) -> Remaining:
            try:
                return self._asked(one, writers)
            except CapxError as error:
                _LOG.warning("%s of somebody who left could not be asked about: %s", one.entity_id, error)
                return one

        return ask

    def _asked(self, one: Remaining, writers: list[Writer]) -> Remaining:
        with _reading(self.settings) as there:
            page, revisions = there.page(one.entity_id), there.revisions(one.entity_id)
            found = replace(one, revisions=revisions or one.revisions)
            if page is None:
                return replace(found, outcome=Outcome.DELETED)
            if not self.settings.writing.people_upstream or not (page.says_nothing or self._is_a_person(page)):
                return replace(found, outcome=Outcome.STANDING)
            if self._deleted(one.entity_id):
                return replace(found, outcome=Outcome.DELETED)
            emptied = self._emptied_by(writers, there, one.entity_id)
            outcome = Outcome.EMPTIED if emptied else Outcome.STANDING
            found = replace(found, outcome=outcome, revisions=there.revisions(one.entity_id))
            return found if found.request else replace(found, request=self._request(there.site, found))

    def _is_a_person(self, page: Page) -> bool:
        """Whether it is still one person: what became something else there meanwhile is not touched."""
        reader = KeyReader(Vocabulary(instance_of(self.settings)))
        return page.entity is not None and reader.only_name(page.entity) is not None

    def _deleted(self, entity_id: str) -> bool:
        if self.service is None:
            return False
        try:
            self.service.delete(entity_id, account="", reason=_REASON)
        except Forbidden:
            return False
        except NotFound:
            pass
        return True

    def _emptied_by(self, writers: list[Writer], there: _There, entity_id: str) -> bool:
        """Whether one of them could; raises where one that the wiki did not let in might have, to be asked again."""
        lost: CapxError | None = None
        for writer in writers:
            try:
                if self._emptied(writer, there, entity_id):
                    return True
            except (SessionEnded, LoginRefused) as error:
                lost = error
        if lost is not None:
            raise lost
        return False

    def _emptied(self, writer: Writer, there: _There, entity_id: str) -> bool:
        for _ in range(_TRIES):
            page = there.page(entity_id)
            if page is None or page.entity is None:
                return page is None
            if page.says_nothing:
                return True
            with suppress(Conflict):
                try:
                    writer.empty(entity_id, account="", base_revision=page.revision_id, summary=_REASON)
                except (SessionEnded, LoginRefused):
                    raise
                except Forbidden:
                    return False
        return False

    def _request(self, site: Site, one: Remaining) -> str:
        """The address of the section that asks; empty where the operator named no page or it may not be edited."""
        page = self.settings.writing.deletion_page
        if not page or self.service is None:
            return ""
        text = f"[[{site.title(one.entity_id)}]] ({one.address}): {_ASKED.format(here=self.here)}"
        try:
            revision = self.service.add_section(page, one.entity_id, text, account="", summary=_REASON)
        except CapxError as error:  # it was emptied, and whether this was asked is not to be asked twice
            _LOG.warning("the deletion of %s could not be asked for at %s: %s", one.entity_id, page, error)
            return ""
        return f"{site.api.removesuffix('api.php')}index.php?oldid={revision}"


@dataclass(frozen=True, slots=True)
class _There:
    """The connected Wikibase, read."""

    site: Site
    source: Source

    def page(self, entity_id: str) -> Page | None:
        self.source.begin()
        return next(iter(self.source.fetch([entity_id]).pages), None)

    def revisions(self, entity_id: str) -> int:
        return self.source.count_revisions(entity_id)


@contextmanager
def _reading(settings: Settings) -> Iterator[_There]:
    site, connection = site_of(settings), connection_to(settings)
    assert site is not None, "what lives there is connected"
    try:
        yield _There(site, Source(connection, site))
    finally:
        connection.close()


def leaving_there(settings: Settings, accounts: Accounts, grants: MemberGrants | None = None) -> LeavingThere | None:
    """Who asks for this installation; None where nothing is connected."""
    if settings.wikibase is None:
        return None

    def own(member_id: int) -> Writer | None:
        member = accounts.members.by_id(member_id)
        return grants.last(member) if grants is not None and member is not None else None

    return LeavingThere(settings, service_writer(settings), own, settings.base or settings.site_name)
