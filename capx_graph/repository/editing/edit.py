"""One edit of one entity: load what it builds on, save what comes of it, find conflicts.

Only rooms of the repository that write import it. An edit may build on an older revision (``baserevid``); what
changed since is kept where the edit does not touch it, fact by fact, as on any Wikibase.
"""

from __future__ import annotations

from collections.abc import Hashable, Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from capx_graph.repository.editing.operations import Operation, applied, same, working_copy
from capx_graph.repository.editing.uniqueness import check_item, check_property
from capx_graph.repository.entities import blank
from capx_graph.repository.ids import PROPERTY
from capx_graph.repository.refusals import Message, Refused, fault
from capx_graph.repository.statements import Json, claims_of, statements_of
from capx_graph.repository.storage.content import pack
from capx_graph.repository.storage.transaction import Author, StoredPage, Transaction

LARGEST = 2 * 1024 * 1024
"""Bytes of JSON that an entity may have, as MediaWiki's $wgMaxArticleSize."""

PATCHED = "wikibase-conflict-patched"
SELF_PATCHED = "wikibase-self-conflict-patched"


@dataclass(frozen=True, slots=True)
class Loaded:
    """An entity as an edit found it: as of ``revision_id``, 0 when it is new; ``page`` is as it stands now."""

    entity: Json
    revision_id: int
    page: StoredPage | None


@dataclass(frozen=True, slots=True)
class Saved:
    """What a save did; ``warning`` is the name of a message when somebody else's changes were kept beside."""

    entity: Json
    revision_id: int
    changed: bool
    warning: str | None = None


class Edit:
    """Loads and saves within one write transaction."""

    def __init__(self, transaction: Transaction) -> None:
        self.transaction = transaction

    def create(self, kind: str, *, datatype: str | None = None) -> Loaded:
        """A new entity under the next id."""
        (entity_id,) = self.transaction.allocate(kind)
        return Loaded(blank(entity_id, datatype=datatype), 0, None)

    def load(self, entity_id: str, base_revision: int = 0) -> Loaded:
        """The entity as of a revision, 0 for the newest; raises Refused."""
        page = self.transaction.page(entity_id)
        if page is None or page.deleted:
            message = Message("no-such-entity", (entity_id,))
            raise Refused(f"there is no {entity_id}", code="no-such-entity", messages=(message,))
        if base_revision in (0, page.revision_id):
            content = page.content
        else:
            content = self.transaction.revision_content(page, base_revision)
        assert content is not None
        if "redirect" in content:
            raise fault(f"Unresolved redirect from {entity_id} to {content['redirect']}", "unresolved-redirect")
        return Loaded(dict(content), base_revision or page.revision_id, page)

    def apply(self, loaded: Loaded, operations: Iterable[Operation]) -> Json:
        """The loaded entity after the operations, which must fit its newest revision too."""
        steps = list(operations)
        page = loaded.page
        if page is not None and page.revision_id != loaded.revision_id and page.redirect_to is None and page.content:
            applied(page.content, steps)
        entity = applied(loaded.entity, steps)
        check_item(entity, loaded.entity if loaded.revision_id else None, self.transaction)
        return entity

    def save(self, loaded: Loaded, entity: Json, author: Author, *, owner: str | None = None) -> Saved:
        """Writes the entity unless nothing changed; raises Refused for conflicts."""
        page, warning = loaded.page, None
        if page is not None and page.revision_id != loaded.revision_id:
            entity, warning = self._reconciled(loaded, page, entity, author)
        latest = page.content if page is not None else None
        if page is not None and latest is not None and same(latest, entity):
            return Saved(entity, page.revision_id, changed=False, warning=warning)
        check_property(entity, latest, self.transaction)
        if entity["type"] == PROPERTY and "datatype" not in entity:
            raise _failed_save("a property has a datatype", Message("invalid-content-data"))
        if pack(entity)[1] > LARGEST:
            raise _failed_save(
                "the entity is too large", Message("wikibase-error-entity-too-big", ({"size": LARGEST},))
            )
        revision_id = self.transaction.save(entity, author, page=page, owner=owner)
        return Saved(entity, revision_id, changed=True, warning=warning)

    def _reconciled(self, loaded: Loaded, page: StoredPage, entity: Json, author: Author) -> tuple[Json, str | None]:
        """The newest revision with the changes of this edit."""
        if page.redirect_to is not None:
            message = Message("wikibase-save-unresolved-redirect", (page.entity_id, page.redirect_to))
            raise _failed_save(f"{page.entity_id} has become a redirect", message)
        assert page.content is not None
        changes = _changes(loaded.entity, entity)
        if not changes:
            return dict(page.content), None
        latest = _facts(page.content)
        base = _facts(loaded.entity)
        fitting = {key: value for key, value in changes.items() if latest.get(key) == base.get(key)}
        if len(fitting) == len(changes):
            return _patched(page.content, fitting), PATCHED
        alone = self.transaction.only_author_since(page.page_id, loaded.revision_id, author.actor)
        if alone and fitting:
            return _patched(page.content, fitting), SELF_PATCHED
        raise Refused(
            f"{page.entity_id} was changed by somebody else meanwhile",
            code="editconflict",
            messages=(Message("wikibase-api-editconflict"), Message("edit-conflict")),
        )


def _failed_save(text: str, message: Message) -> Refused:
    messages = (Message("wikibase-api-failed-save"), message)
    return Refused(text, code="failed-save", messages=messages, codes=(message.name,))


def reverted(latest: Mapping[str, Any], newer: Mapping[str, Any], older: Mapping[str, Any]) -> Json:
    """The latest state without what changed from the older to the newer one; raises Refused for later changes of it."""
    if latest == newer:
        return dict(older)
    changes, present, seen = _changes(newer, older), _facts(latest), _facts(newer)
    if any(present.get(key) != seen.get(key) for key in changes):
        raise Refused(
            "later edits changed the same facts again",
            code="editconflict",
            messages=(Message("wikibase-api-editconflict"), Message("edit-conflict")),
        )
    return _patched(latest, changes)


def _facts(entity: Mapping[str, Any]) -> dict[tuple[str, ...], Hashable | Json]:
    """The entity as independent facts, each of which one edit at a time may change."""
    facts: dict[tuple[str, ...], Any] = {}
    for part in ("labels", "descriptions"):
        facts |= {(part, language): term for language, term in entity[part].items()}
    for language, aliases in entity["aliases"].items():
        facts |= {("aliases", language, alias["value"]): alias for alias in aliases}
    facts |= {("claims", statement["id"]): statement for statement in statements_of(entity)}
    return facts


def _changes(old: Mapping[str, Any], new: Mapping[str, Any]) -> dict[tuple[str, ...], Any]:
    before, after = _facts(old), _facts(new)
    keys = dict.fromkeys([*before, *after])
    return {key: after.get(key) for key in keys if before.get(key) != after.get(key)}


def _patched(latest: Mapping[str, Any], changes: Mapping[tuple[str, ...], Any]) -> Json:
    entity = working_copy(latest)
    statements = {statement["id"]: statement for statement in statements_of(latest)}
    for (part, key, *rest), value in changes.items():
        if part == "claims":
            _put(statements, key, value)
        elif rest:
            aliases = [alias for alias in entity["aliases"].get(key, []) if alias["value"] != rest[0]]
            _put(entity["aliases"], key, [*aliases, value] if value else aliases or None)
        else:
            _put(entity[part], key, value)
    entity["claims"] = claims_of(statements.values())
    return entity


def _put(mapping: dict[str, Any], key: str, value: object) -> None:
    if value is None:
        mapping.pop(key, None)
    else:
        mapping[key] = value
