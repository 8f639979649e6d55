"""Single edits where some entities live here and others in a connected Wikibase: each goes to where its id is at home.

The wiring makes one. An edit there is the service's own and carries in its summary the name of the account that asked
for it; what was saved there is read back at once, so that it is seen here by the next question.
The surprising thing: a new page with an owner (a person's) is made here, any other where the directory is.
"""

from __future__ import annotations

import logging
from collections.abc import Callable, Sequence

from capx_graph.errors import CapxError
from capx_graph.model import EntityJson, Receipt
from capx_graph.namespaces import OWN_IDS
from capx_graph.wikibase.writer import Writer

_LOG = logging.getLogger(__name__)

Taken = Callable[[Sequence[str]], object]
"""Told which entities were saved there."""


class SplitWriter(Writer):
    """A writer over two: ``here`` for what is ours, ``there`` for the rest."""

    def __init__(self, here: Writer, there: Writer, *, taken: Taken) -> None:
        self._here = here
        self._there = there
        self._taken = taken

    def create(
        self, draft: EntityJson, *, account: str, owner: str | None = None, summary: str | None = None
    ) -> Receipt:
        """Makes an owned page here, anything else there."""
        if owner is not None:
            return self._here.create(draft, account=account, owner=owner, summary=summary)
        return self._told(self._there.create(draft, account=account, summary=self._named(summary, account)))

    def update(
        self, entity_id: str, changes: EntityJson, *, account: str, base_revision: int, summary: str | None = None
    ) -> Receipt:
        """Changes an entity where it is at home."""
        if _is_here(entity_id):
            return self._here.update(entity_id, changes, account=account, base_revision=base_revision, summary=summary)
        said = self._named(summary, account)
        return self._told(
            self._there.update(entity_id, changes, account=account, base_revision=base_revision, summary=said)
        )

    def remove_statements(
        self, statement_ids: Sequence[str], *, account: str, base_revision: int, summary: str | None = None
    ) -> Receipt:
        """Removes statements of one entity where it is at home."""
        if _is_here(statement_ids[0].partition("$")[0].upper()):
            return self._here.remove_statements(
                statement_ids, account=account, base_revision=base_revision, summary=summary
            )
        said = self._named(summary, account)
        return self._told(
            self._there.remove_statements(statement_ids, account=account, base_revision=base_revision, summary=said)
        )

    def empty(self, entity_id: str, *, account: str, base_revision: int, summary: str | None = None) -> Receipt:
        """Takes everything off an entity where it is at home."""
        if _is_here(entity_id):
            return self._here.empty(entity_id, account=account, base_revision=base_revision, summary=summary)
        said = self._named(summary, account)
        return self._told(self._there.empty(entity_id, account=account, base_revision=base_revision, summary=said))

    def merge(self, source: str, target: str, *, account: str, ignore_conflicts: Sequence[str] = ()) -> Receipt:
        """Merges two items of one home."""
        if _is_here(source):
            return self._here.merge(source, target, account=account, ignore_conflicts=ignore_conflicts)
        receipt = self._there.merge(source, target, account=account, ignore_conflicts=ignore_conflicts)
        self._take(source)
        return self._told(receipt)

    def redirect(self, source: str, target: str, *, account: str) -> None:
        """Makes an empty item a redirect where it is at home."""
        writer = self._here if _is_here(source) else self._there
        writer.redirect(source, target, account=account)
        if not _is_here(source):
            self._take(source)

    def delete(self, entity_id: str, *, account: str, reason: str | None = None) -> None:
        """Deletes an entity's page where it is at home."""
        if _is_here(entity_id):
            self._here.delete(entity_id, account=account, reason=reason)
        else:
            self._there.delete(entity_id, account=account, reason=self._named(reason, account))
            self._take(entity_id)

    def _named(self, summary: str | None, account: str) -> str | None:
        return f"{summary} (for {account})" if summary else f"for {account}"

    def _told(self, receipt: Receipt) -> Receipt:
        self._take(receipt.entity_id)
        return receipt

    def _take(self, entity_id: str) -> None:
        try:
            self._taken([entity_id])
        except CapxError as error:
            # It is saved there; the next look at the changes brings it.
            _LOG.warning("%s was saved and is not here yet: %s", entity_id, error)


def _is_here(entity_id: str) -> bool:
    """Whether an entity is at home here: ids say so."""
    return int(entity_id[1:]) > OWN_IDS
