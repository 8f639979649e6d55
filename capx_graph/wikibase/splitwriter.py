"""Edits of a repository beside a connected Wikibase: each goes to where its id is at home.

The wiring makes one. An edit there is made in the member's own name where they let this site do so; else it is the
service's own and carries in its summary the name of the account that asked for it, unless they themselves are the
item. What was saved there is read back at once, so that it is seen here by the next question.
The surprising thing: a new page with an owner (a person's) is made here, any other where the directory is. Deleting is
the service's alone, because it takes rights that members do not lend.
"""

from __future__ import annotations

import logging
from collections.abc import Callable, Sequence
from typing import Protocol, TypeVar

from capx_graph.errors import CapxError, Conflict, Forbidden, SessionEnded
from capx_graph.messages import told
from capx_graph.model import EntityJson, Receipt
from capx_graph.namespaces import OWN_IDS
from capx_graph.wikibase.writer import BY_THEMSELVES, Writer

_LOG = logging.getLogger(__name__)

Taken = Callable[[Sequence[str]], object]
"""Told which entities were saved there."""
Done = TypeVar("Done")


class Lenders(Protocol):
    """The members in whose own names edits are made there."""

    def writer(self, account: str) -> Writer | None:
        """What edits as this account; None where it lent nothing."""

    def refused(self, account: str) -> None:
        """Told that the wiki takes what this account lent no more."""


class SplitWriter(Writer):
    """A writer over two: ``here`` for what is ours, ``there`` for the rest, if the service may edit there at all.

    Raises as a Writer does, and Forbidden where it may not.
    """

    def __init__(self, here: Writer, there: Writer | None, *, taken: Taken, lenders: Lenders | None = None) -> None:
        self._here = here
        self._there = there
        self._taken = taken
        self._lenders = lenders

    def create(
        self, draft: EntityJson, *, account: str, owner: str | None = None, summary: str | None = None
    ) -> Receipt:
        """Makes an owned page here, anything else there."""
        if owner is not None:
            return self._here.create(draft, account=account, owner=owner, summary=summary)
        return self._saved(account, summary, lambda writer, said: writer.create(draft, account=account, summary=said))

    def update(
        self, entity_id: str, changes: EntityJson, *, account: str, base_revision: int, summary: str | None = None
    ) -> Receipt:
        """Changes an entity where it is at home."""

        def send(writer: Writer, said: str | None) -> Receipt:
            return writer.update(entity_id, changes, account=account, base_revision=base_revision, summary=said)

        if _is_here(entity_id):
            return send(self._here, summary)
        try:
            return self._saved(account, summary, send)
        except Conflict:
            self._take(entity_id)  # who looks again sees what was written there meanwhile
            raise

    def remove_statements(
        self, statement_ids: Sequence[str], *, account: str, base_revision: int, summary: str | None = None
    ) -> Receipt:
        """Removes statements of one entity where it is at home."""

        def send(writer: Writer, said: str | None) -> Receipt:
            return writer.remove_statements(statement_ids, account=account, base_revision=base_revision, summary=said)

        is_here = _is_here(statement_ids[0].partition("$")[0].upper())
        return send(self._here, summary) if is_here else self._saved(account, summary, send)

    def empty(self, entity_id: str, *, account: str, base_revision: int, summary: str | None = None) -> Receipt:
        """Takes everything off an entity where it is at home."""

        def send(writer: Writer, said: str | None) -> Receipt:
            return writer.empty(entity_id, account=account, base_revision=base_revision, summary=said)

        return send(self._here, summary) if _is_here(entity_id) else self._saved(account, summary, send)

    def merge(self, source: str, target: str, *, account: str, ignore_conflicts: Sequence[str] = ()) -> Receipt:
        """Merges two items of one home."""

        def send(writer: Writer, _: str | None) -> Receipt:
            return writer.merge(source, target, account=account, ignore_conflicts=ignore_conflicts)

        if _is_here(source):
            return send(self._here, None)
        receipt = self._by_whom(account, None, send)
        self._take(source)
        return self._told(receipt)

    def redirect(self, source: str, target: str, *, account: str) -> None:
        """Makes an empty item a redirect where it is at home."""
        if _is_here(source):
            self._here.redirect(source, target, account=account)
            return
        self._by_whom(account, None, lambda writer, _: writer.redirect(source, target, account=account))
        self._take(source)

    def delete(self, entity_id: str, *, account: str, reason: str | None = None) -> None:
        """Deletes an entity's page where it is at home."""
        if _is_here(entity_id):
            self._here.delete(entity_id, account=account, reason=reason)
        else:
            self._service().delete(entity_id, account=account, reason=_named(reason, account))
            self._take(entity_id)

    def _saved(self, account: str, summary: str | None, send: Callable[[Writer, str | None], Receipt]) -> Receipt:
        return self._told(self._by_whom(account, summary, send))

    def _by_whom(self, account: str, summary: str | None, send: Callable[[Writer, str | None], Done]) -> Done:
        """Sends in the member's own name, or as the service where they lent nothing that holds.

        Whom the wiki itself forbids something, the service does not help past it.
        """
        own = self._lenders.writer(account) if self._lenders else None
        if own is not None and self._lenders is not None:
            try:
                return send(own, summary)
            except SessionEnded as error:
                _LOG.info("edits are the service's own again for a member: %s", error)
                self._lenders.refused(account)
        return send(self._service(), _named(summary, account))

    def _service(self) -> Writer:
        if self._there is None:
            raise Forbidden(told("refused-elsewhere"))
        return self._there

    def _told(self, receipt: Receipt) -> Receipt:
        self._take(receipt.entity_id)
        return receipt

    def _take(self, entity_id: str) -> None:
        try:
            self._taken([entity_id])
        except CapxError as error:
            # It is saved there; the next look at the changes brings it.
            _LOG.warning("%s was saved and is not here yet: %s", entity_id, error)


def _named(summary: str | None, account: str) -> str | None:
    if summary == BY_THEMSELVES:
        return summary
    return f"{summary} (for {account})" if summary else f"for {account}"


def _is_here(entity_id: str) -> bool:
    """Whether an entity is at home here: ids say so."""
    return int(entity_id[1:]) > OWN_IDS
