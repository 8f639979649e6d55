"""One edit through the Wikibase REST API: the metadata of its body, its conditions, its transaction, its refusals.

Imported by the rest rooms only. A handler says what shall become of an entity; everything that edits have in
common is done here.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from functools import partial
from typing import Any, NoReturn

from capx_graph.errors import Forbidden
from capx_graph.instants import utc_now
from capx_graph.repository.editing.edit import LARGEST, Edit, Loaded, Saved
from capx_graph.repository.editing.operations import Operation
from capx_graph.repository.history.summaries import entity_summary
from capx_graph.repository.ids import ITEM
from capx_graph.repository.refusals import Refused
from capx_graph.repository.rest.errors import (
    Problem,
    RestError,
    denied,
    invalid_value,
    missing_field,
    not_found,
    policy_violation,
    redirected,
)
from capx_graph.repository.rest.http import RestRequest, State, check_conditions
from capx_graph.repository.storage.transaction import Author
from capx_graph.repository.store import Repository

Json = dict[str, Any]
_LONGEST_COMMENT = 500


class NotJson(Exception):
    """The body of a write is no JSON object."""


@dataclass(frozen=True, slots=True)
class Body:
    """The JSON of a write: ``fields`` beside what every write may say of itself."""

    fields: Mapping[str, Any]
    comment: str = ""
    bot: bool = False

    def required(self, name: str) -> Any:
        """A field that must be there."""
        if name not in self.fields:
            raise missing_field("", name)
        return self.fields[name]


@dataclass(frozen=True, slots=True)
class Edited:
    """An entity before and after an edit; ``before`` is empty for a new one."""

    before: Json
    entity: Json
    state: State


@dataclass(frozen=True, slots=True)
class Change:
    """What shall become of an entity; ``summary`` tells of it, given what the author said."""

    entity: Json
    summary: Callable[[str], str]


def parse_body(request: RestRequest) -> Body:
    """The body of a write; raises NotJson for what is no JSON object, Problem for wrong metadata."""
    fields = _json_object(request.body) if request.body.strip() else {}
    comment, bot, tags = fields.get("comment", ""), fields.get("bot", False), fields.get("tags", [])
    if comment is None:
        comment = ""
    if not isinstance(comment, str):
        raise invalid_value("/comment", comment)
    if len(comment) > _LONGEST_COMMENT:
        raise Problem("value-too-long", "/comment", limit=_LONGEST_COMMENT)
    if not isinstance(bot, bool):
        raise invalid_value("/bot", bot)
    if not isinstance(tags, list):
        raise invalid_value("/tags", tags)
    if tags:  # there are no change tags here
        raise invalid_value("/tags/0", tags[0])
    return Body(fields, comment, bot)


def _json_object(data: bytes) -> Json:
    try:
        fields = json.loads(data, parse_constant=_no_constant)
        # Half a surrogate pair is valid JSON, but no text: nothing that stores or sends it could write it.
        json.dumps(fields, ensure_ascii=False).encode()
    except ValueError as error:
        raise NotJson(str(error)) from error
    if not isinstance(fields, dict):
        raise NotJson("it is not an object")
    return fields


def _no_constant(name: str) -> NoReturn:
    raise ValueError(f"{name} is not a number")


class RestEditor:
    """Carries out edits in the name of who asks."""

    def __init__(self, repository: Repository) -> None:
        self._repository = repository

    def change(
        self,
        request: RestRequest,
        entity_id: str,
        body: Body,
        change: Callable[[Json], Change],
        *,
        missing: str,
        of_statement: bool = False,
    ) -> Edited:
        """Edits an entity; ``missing`` names what is not found when there is none. A redirect has no statements."""
        with _translated(), self._repository.transaction() as transaction:
            page = transaction.page(entity_id)
            if page is None or page.deleted:
                raise not_found(missing)
            if page.redirect_to is not None:
                raise not_found("statement") if of_statement else redirected(entity_id, page.redirect_to)
            if not request.identity.may("edit"):
                raise denied()
            check_conditions(request, self._state(entity_id))
            edit = Edit(transaction)
            loaded = edit.load(entity_id)
            wanted = change(loaded.entity)
            saved = self._save(edit, loaded, wanted, request, body)
        return Edited(loaded.entity, saved.entity, self._state(entity_id, saved.revision_id))

    def create(
        self, request: RestRequest, kind: str, body: Body, fill: Callable[[Json], Change], **facts: str
    ) -> Edited:
        """Makes an entity; ``facts`` may hold its datatype."""
        identity = request.identity
        if not identity.may("createpage") or (kind != ITEM and not identity.may("property-create")):
            raise denied()
        with _translated(), self._repository.transaction() as transaction:
            edit = Edit(transaction)
            loaded = edit.create(kind, **facts)
            saved = self._save(edit, loaded, fill(loaded.entity), request, body, owner=identity.new_pages_owner)
        return Edited({}, saved.entity, self._state(saved.entity["id"], saved.revision_id))

    def _save(
        self, edit: Edit, loaded: Loaded, wanted: Change, request: RestRequest, body: Body, *, owner: str | None = None
    ) -> Saved:
        _check_terms(loaded.entity, wanted.entity)
        entity = edit.apply(loaded, [Operation(partial(_become, wanted.entity))])
        identity = request.identity
        author = Author(identity.name, wanted.summary(body.comment), bot=body.bot and identity.may("bot"))
        return edit.save(loaded, entity, author, owner=owner)

    def _state(self, entity_id: str, revision_id: int = 0) -> State:
        """The state of a revision, or of the newest; of an owned page only the newest is left."""
        page = self._repository.revision(entity_id, revision_id) if revision_id else None
        page = page or self._repository.page(entity_id)
        if page is None:  # somebody deleted it since
            return State(revision_id, utc_now())
        return State(page.revision_id, page.modified)


def parts_summary(old: Mapping[str, Any], new: Mapping[str, Any], said: str) -> str:
    """The summary of an edit of several parts: the languages that changed, and whether anything else did."""
    parts = ("labels", "descriptions", "aliases")
    languages = dict.fromkeys(code for part in parts for code in [*new[part], *old[part]])
    changed = [code for code in languages if any(old[part].get(code) != new[part].get(code) for part in parts)]
    return entity_summary(changed, other_changes=old["claims"] != new["claims"], said=said)


def _become(wanted: Json, entity: Json) -> None:
    entity.clear()
    entity.update(wanted)


def _check_terms(old: Mapping[str, Any], new: Mapping[str, Any]) -> None:
    """Raises RestError where a label has become the same as the description."""
    for language, label in new["labels"].items():
        description = new["descriptions"].get(language)
        if description is None or description["value"] != label["value"]:
            continue
        if old["labels"].get(language) != label or old["descriptions"].get(language) != description:
            raise policy_violation("label-description-same-value", {"language": language})


@contextmanager
def _translated() -> Iterator[None]:
    """Refusals of the repository as errors of this API."""
    try:
        yield
    except Forbidden as error:
        raise denied("resource-protected", str(error)) from error
    except Refused as error:
        raise _refused(error) from error


def _refused(error: Refused) -> RestError:
    for message in error.messages:
        parameters = [str(parameter) for parameter in message.parameters]
        if message.name == "wikibase-validator-label-with-description-conflict":
            context = {"language": parameters[1], "conflicting_item_id": _linked(parameters[2])}
            return policy_violation("item-label-description-duplicate", context)
        if message.name == "wikibase-validator-label-conflict":
            context = {"language": parameters[1], "conflicting_property_id": _linked(parameters[2])}
            return policy_violation("property-label-duplicate", context)
        if message.name == "wikibase-error-entity-too-big":
            text = "Edit resulted in a resource that exceeds the size limit"
            return RestError(400, "resource-too-large", text, {"limit": LARGEST // 1024})
    return RestError(400, "invalid-value", f"The edit was refused: {error}", {"path": ""})


def _linked(link: str) -> str:
    """``Q1`` of ``[[Item:Q1|Q1]]``."""
    return link.rpartition("|")[2].rstrip("]")
