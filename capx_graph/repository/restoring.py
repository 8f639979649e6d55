"""An earlier state brought back: one edit undone, or a whole revision restored; both make a new revision.

Rooms above import it. An undo keeps what was changed since, fact by fact, and is refused where the same facts were
changed again. A page with an owner has no earlier text, so nothing of it can be brought back, by nobody.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from capx_graph.errors import Conflict, Forbidden, NotFound
from capx_graph.model import Page
from capx_graph.repository.editing.edit import reverted
from capx_graph.repository.editing.uniqueness import check_item, check_property
from capx_graph.repository.history.summaries import summary
from capx_graph.repository.ids import kind_of
from capx_graph.repository.refusals import Refused
from capx_graph.repository.storage.content import redirect_content
from capx_graph.repository.storage.transaction import Author, StoredPage, Transaction
from capx_graph.repository.store import Repository

Content = Mapping[str, Any]
"""What a revision holds: an entity, or the object that stands for a redirect."""


@dataclass(frozen=True, slots=True)
class Undo:
    """Takes back what changed from revision ``older`` to ``newer``; ``older`` 0 means the one before ``newer``."""

    entity_id: str
    newer: int
    older: int = 0


@dataclass(frozen=True, slots=True)
class Restore:
    """Makes an earlier revision the newest state again."""

    entity_id: str
    revision: int


Return = Undo | Restore


class Restoring:
    """Shows what an earlier state brought back would be, and brings it back."""

    def __init__(self, repository: Repository) -> None:
        self._repository = repository

    def preview(self, asked: Return) -> tuple[Page, Content]:
        """The page as it stands, and what it would hold; raises NotFound, Forbidden, Conflict."""
        page = self._repository.page(asked.entity_id)
        if page is None:
            raise NotFound(f"there is no {asked.entity_id}")
        _check_no_owner(page.owner, page.entity_id)
        return page, self._wanted(asked, _content(page))

    def save(self, asked: Return, *, base: int, actor: str, said: str = "") -> int:
        """Brings it back and answers the newest revision; ``base`` is the one that the actor looked at.

        Raises NotFound, Forbidden, Conflict, and Refused when a rule forbids the earlier state by now.
        """
        with self._repository.transaction() as transaction:
            page = transaction.page(asked.entity_id)
            if page is None or page.deleted or page.content is None:
                raise NotFound(f"there is no {asked.entity_id}")
            _check_no_owner(page.owner, page.entity_id)
            if page.revision_id != base:
                raise Conflict(f"{page.entity_id} was changed meanwhile: look at its newest revision first")
            wanted = self._wanted(asked, page.content)
            if wanted == page.content:
                return page.revision_id
            author = Author(actor, self._summary(asked, said))
            return _write(transaction, page, wanted, author)

    def _wanted(self, asked: Return, latest: Content) -> Content:
        if isinstance(asked, Restore):
            return self._revision(asked.entity_id, asked.revision)
        older_id = asked.older or self._repository.history.revision_of(asked.entity_id, asked.newer).parent_id
        if not older_id:
            raise Conflict("the first revision of a page cannot be undone; a page is deleted instead")
        newer, older = (self._revision(asked.entity_id, number) for number in (asked.newer, older_id))
        if latest == newer:
            return older
        if any("redirect" in content for content in (latest, newer, older)):
            raise Conflict("later edits changed the same facts again")
        try:
            return reverted(latest, newer, older)
        except Refused as error:
            raise Conflict(str(error)) from error

    def _revision(self, entity_id: str, revision: int) -> Content:
        found = self._repository.revision(entity_id, revision)
        if found is None:
            raise NotFound(f"there is no revision {revision} of {entity_id}, or its text is hidden")
        return _content(found)

    def _summary(self, asked: Return, said: str) -> str:
        action, revision = ("undo", asked.newer) if isinstance(asked, Undo) else ("restore", asked.revision)
        line = self._repository.history.revision_of(asked.entity_id, revision)
        return summary(action, counts=(0, "", revision, line.actor.replace("*/", "* /")), said=said)


def _content(page: Page) -> Content:
    if page.entity is not None:
        return page.entity
    return redirect_content(page.entity_id, page.redirect_to or "")


def _check_no_owner(owner: str | None, entity_id: str) -> None:
    if owner is not None:
        raise Forbidden(f"{entity_id} belongs to its owner, and its history has no text that could be brought back")


def _write(transaction: Transaction, page: StoredPage, wanted: Content, author: Author) -> int:
    target = wanted.get("redirect")
    if target is not None:
        _check_target(transaction.page(target), page.entity_id, target)
        return transaction.redirect(page, target, author)
    before = page.content if page.redirect_to is None else None
    check_item(wanted, before, transaction)
    check_property(wanted, before, transaction)
    return transaction.save(wanted, author, page=page)


def _check_target(target: StoredPage | None, entity_id: str, target_id: str) -> None:
    usable = target is not None and not target.deleted and target.redirect_to is None
    if not usable or target_id == entity_id or kind_of(target_id) != kind_of(entity_id):
        raise Conflict(f"{entity_id} cannot redirect to {target_id} any more")
