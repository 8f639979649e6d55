"""Writing statements through the Wikibase REST API; imported by routes.py only.

A statement has two addresses, one below its entity and a short one; ``subject`` is kind and id of the entity where
the path names it.
"""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from typing import Any

from capx_graph.repository.editing.operations import applied, working_copy
from capx_graph.repository.editing.statements import find_statement, remove_statement, replace_statement
from capx_graph.repository.history.summaries import snak_summary, whole_summary
from capx_graph.repository.ids import new_guid
from capx_graph.repository.rest.content import statement_content
from capx_graph.repository.rest.contentreader import ContentReader
from capx_graph.repository.rest.edits import Body, Change, Edited, RestEditor
from capx_graph.repository.rest.errors import Problem, not_found, read_only
from capx_graph.repository.rest.http import RestRequest, RestResult
from capx_graph.repository.rest.patch import check_patch, patched
from capx_graph.repository.rest.reads import entity_id_of, statement_subject
from capx_graph.repository.store import Repository

Json = dict[str, Any]
Subject = tuple[str, str] | None


class RestStatements:
    """Answers the writes of single statements."""

    def __init__(self, repository: Repository, editor: RestEditor, reader: ContentReader) -> None:
        self._datatype_of = repository.datatype
        self._editor = editor
        self._reader = reader

    def add(self, request: RestRequest, body: Body, kind: str, text: str, address: str) -> RestResult:
        """Adds a statement; ``address`` is that of the entity's statements."""
        entity_id = entity_id_of(kind, text)
        statement = self._reader.statement(body.required("statement"), "/statement")
        if statement["id"] is not None:
            raise read_only("/statement/id")
        guid = new_guid(entity_id)
        new = statement | {"id": guid}

        def change(entity: Json) -> Change:
            wanted = working_copy(entity)
            wanted["claims"].setdefault(new["mainsnak"]["property"], []).append(new)
            return Change(wanted, partial(_summary, "wbsetclaim-create", new))

        edited = self._editor.change(request, entity_id, body, change, missing=kind)
        headers = (("Location", f"{address}/{guid.replace('$', '%24')}"),)
        return RestResult(statement_content(new, self._datatype_of), edited.state, 201, headers)

    def put(self, request: RestRequest, body: Body, subject: Subject, guid: str) -> RestResult:
        """Replaces a statement in its place."""
        entity_id = statement_subject(subject, guid)
        statement = self._reader.statement(body.required("statement"), "/statement")
        if statement["id"] not in (None, guid):
            raise read_only("/statement/id")
        change = partial(_replaced, guid, statement)
        return self._answer(self._change(request, entity_id, body, subject, change), guid)

    def patch(self, request: RestRequest, body: Body, subject: Subject, guid: str) -> RestResult:
        """Applies a patch to a statement."""
        entity_id = statement_subject(subject, guid)
        operations = check_patch(body.required("patch"))

        def change(entity: Json) -> Change:
            old = _found(entity, guid)
            result = patched(statement_content(old, self._datatype_of), operations)
            try:
                new = self._reader.statement(result, "")
                if new["id"] != guid:
                    raise read_only("/id")
                if new["mainsnak"]["property"] != old["mainsnak"]["property"]:
                    raise read_only("/property/id")
            except Problem as problem:
                raise problem.in_patch_result() from problem
            return _replaced(guid, new, entity)

        return self._answer(self._change(request, entity_id, body, subject, change), guid)

    def delete(self, request: RestRequest, body: Body, subject: Subject, guid: str) -> RestResult:
        """Removes a statement."""
        entity_id = statement_subject(subject, guid)
        self._change(request, entity_id, body, subject, partial(_removed, guid))
        return RestResult("Statement deleted", headers=(("Content-Language", "en"),))

    def _change(
        self,
        request: RestRequest,
        entity_id: str,
        body: Body,
        subject: Subject,
        change: Callable[[Json], Change],
    ) -> Edited:
        missing = subject[0] if subject is not None else "statement"
        return self._editor.change(request, entity_id, body, change, missing=missing, of_statement=True)

    def _answer(self, edited: Edited, guid: str) -> RestResult:
        statement = _found(edited.entity, guid)
        return RestResult(statement_content(statement, self._datatype_of), edited.state)


def _found(entity: Json, guid: str) -> Json:
    statement = find_statement(entity, guid)
    if statement is None:
        raise not_found("statement")
    return statement


def _replaced(guid: str, statement: Json, entity: Json) -> Change:
    old = _found(entity, guid)
    if old["mainsnak"]["property"] != statement["mainsnak"]["property"]:
        raise read_only("/statement/property/id")
    new = statement | {"id": guid}
    return Change(applied(entity, [replace_statement(guid, new)]), partial(_summary, "wbsetclaim-update", new))


def _removed(guid: str, entity: Json) -> Change:
    old = _found(entity, guid)
    return Change(applied(entity, [remove_statement(guid)]), partial(_summary, "wbremoveclaims-remove", old))


def _summary(action: str, statement: Json, said: str) -> str:
    if action.startswith("wbsetclaim"):
        return whole_summary(action, statement["mainsnak"], _unnamed, said=said, more=(1,))
    return snak_summary(action, [statement["mainsnak"]], _unnamed, said=said)


def _unnamed(_: str) -> None:
    """Units are told by their ids."""
