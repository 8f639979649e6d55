"""The bulk door: many complete entities in one transaction, under the rules that hold for single edits.

Only store.py and dumps/importing.py import it. The costly part (normal forms, hashes, validation) happens before the
write lock is taken; inside the transaction only what depends on the present state is looked at.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from capx_graph.errors import Conflict, InvalidRecord
from capx_graph.model import Draft, Receipt
from capx_graph.repository.editing.uniqueness import check_item, check_property
from capx_graph.repository.entities import EntityReader
from capx_graph.repository.ids import PROPERTY, parse_id
from capx_graph.repository.refusals import Refused
from capx_graph.repository.statements import StatementReader
from capx_graph.repository.storage.transaction import Author, StoredPage, Transaction
from capx_graph.repository.values.validators import Validators


@dataclass(frozen=True, slots=True)
class Prepared:
    """A draft in normal form."""

    entity: Mapping[str, Any]
    owner: str | None
    base_revision: int | None


class BulkWriter:
    """Prepares and writes one batch."""

    def __init__(self, reader: EntityReader, validators: Validators, datatype_of: Callable[[str], str | None]) -> None:
        self._reader = reader
        self._validators = validators
        self._datatype_of = datatype_of

    def prepare(self, drafts: Sequence[Draft]) -> list[Prepared]:
        """Normal forms of all drafts; raises InvalidRecord naming the entity and the rule."""
        new_datatypes = {
            draft.entity["id"]: draft.entity.get("datatype")
            for draft in drafts
            if draft.entity.get("type") == PROPERTY and "id" in draft.entity
        }
        new_ids = {parse_id(str(draft.entity.get("id"))) for draft in drafts}
        statements = StatementReader(
            lambda property_id: new_datatypes.get(property_id) or self._datatype_of(property_id),
            self._validators.also_existing(frozenset(i for i in new_ids if i)),
        )
        reader = self._reader.with_statements(statements)
        prepared = []
        for draft in drafts:
            try:
                prepared.append(Prepared(reader.entity(draft.entity), draft.owner, draft.base_revision))
            except Refused as error:
                raise _invalid(draft.entity, error) from error
        return prepared

    def write(self, prepared: Sequence[Prepared], transaction: Transaction, author: Author) -> list[Receipt]:
        """Saves what differs from the present state; raises Conflict where it is not the one that was started from,
        Refused where it cannot be.
        """
        return [self._write_one(one, transaction, author) for one in prepared]

    def _write_one(self, one: Prepared, transaction: Transaction, author: Author) -> Receipt:
        entity = one.entity
        page = transaction.page(entity["id"])
        if one.base_revision is not None and (page is None or page.deleted or page.revision_id != one.base_revision):
            raise Conflict(f"{entity['id']} was changed meanwhile")
        if page is not None and not page.deleted and page.content == entity:
            return Receipt(entity["id"], page.revision_id, changed=False)
        try:
            self._check(entity, page, transaction)
        except Refused as error:
            raise _invalid(entity, error) from error
        revision_id = transaction.save(entity, author, page=page, owner=one.owner)
        return Receipt(entity["id"], revision_id, changed=True)

    def _check(self, entity: Mapping[str, Any], page: StoredPage | None, transaction: Transaction) -> None:
        old = page.content if page is not None and not page.redirect_to else None
        if old is not None and old.get("datatype") != entity.get("datatype"):
            raise Refused(f"the datatype of {entity['id']} cannot change")
        check_item(entity, old, transaction)
        check_property(entity, old, transaction)


def _invalid(entity: Mapping[str, Any], error: Refused) -> InvalidRecord:
    field = error.messages[0].name if error.messages else "entity"
    value = error.messages[0].parameters if error.messages else ""
    return InvalidRecord(str(entity.get("id")), field, value, str(error))
