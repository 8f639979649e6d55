"""Edits of statements, qualifiers and references.

Rooms of the repository import it, those that read for ``find_statement``. The texts of refusals are Wikibase's: they
reach clients as message parameters.
"""

from __future__ import annotations

from functools import partial
from typing import Any

from capx_graph.repository.editing.operations import Operation
from capx_graph.repository.entities import check_guid
from capx_graph.repository.ids import new_guid
from capx_graph.repository.refusals import Malformed, Refused, fault, refuse_edit
from capx_graph.repository.statements import (
    Json,
    StatementReader,
    claims_of,
    flat,
    make_reference,
    make_statement,
    statements_of,
)


def set_statement(statement: Json, problem: Refused | None = None, *, index: int | None = None) -> Operation:
    """Adds the statement, or puts it in the place of the one with its id; ``index`` moves it."""
    return Operation(partial(_set_statement, statement, problem, index))


def remove_statement(guid: str) -> Operation:
    """Removes the statement with this id."""
    return Operation(partial(_remove_statement, guid))


def replace_statement(guid: str, new: Json) -> Operation:
    """Puts a changed statement in the place of the one with its id."""
    return Operation(partial(_replace_statement, guid, new))


def find_statement(entity: Json, guid: str) -> Json | None:
    """The statement with this id, spelt exactly so."""
    return next((statement for statement in statements_of(entity) if statement["id"] == guid), None)


def _set_statement(statement: Json, problem: Refused | None, index: int | None, entity: Json) -> None:
    if problem is not None:
        raise problem
    if statement["id"] is None:
        statement = statement | {"id": new_guid(entity["id"])}
    check_guid(statement["id"], entity["id"])
    statements = statements_of(entity)
    place = next((i for i, other in enumerate(statements) if other["id"] == statement["id"]), None)
    if place is not None:
        old, new = (one["mainsnak"]["property"] for one in (statements.pop(place), statement))
        if old != new:
            refuse_edit(f"Claim with GUID {statement['id']} uses property {old}, can't change to {new}")
    if index is not None:
        statements = _with_statement_at(statements, statement, index)
    else:
        statements.insert(len(statements) if place is None else place, statement)
    entity["claims"] = claims_of(statements)


def _with_statement_at(statements: list[Json], statement: Json, index: int) -> list[Json]:
    """Statements of one property stay together: an index outside their group moves the whole group."""
    groups = claims_of(statements)
    property_id = statement["mainsnak"]["property"]
    keys = list(groups)
    group = groups.pop(property_id, [])
    start = sum(len(groups[key]) for key in keys[: keys.index(property_id)]) if group else len(statements)
    end = start + len(group)
    if group and start <= index <= end:
        group.insert(index - start, statement)
        return _with_group_at(groups, group, start)
    if index < start:
        return _with_group_at(groups, [statement, *group], index)
    return _with_group_at(groups, [*group, statement], index - len(group))


def _with_group_at(groups: dict[str, list[Json]], group: list[Json], index: int) -> list[Json]:
    """All statements, those of ``group`` before the first other group that begins at the index or later."""
    result: list[Json] = []
    rest = list(groups.values())
    while rest and len(result) < index:
        result += rest.pop(0)
    return [*result, *group, *(statement for members in rest for statement in members)]


def _remove_statement(guid: str, entity: Json) -> None:
    if find_statement(entity, guid) is None:
        refuse_edit(f"Entity does not have statement with GUID {guid}")
    entity["claims"] = claims_of(statement for statement in statements_of(entity) if statement["id"] != guid)


def _replace_statement(guid: str, new: Json, entity: Json) -> None:
    entity["claims"] = claims_of(new if statement["id"] == guid else statement for statement in statements_of(entity))


def with_mainsnak(statement: Json, snak: Json) -> Json:
    """The statement with another main snak."""
    return statement | {"mainsnak": snak}


def with_qualifier(statement: Json, snak: Json, replaced: str | None) -> Json:
    """The statement with one more qualifier, or with one in place of that with the hash ``replaced``."""
    qualifiers = flat(statement.get("qualifiers", {}))
    if any(qualifier["hash"] == snak["hash"] for qualifier in qualifiers):
        refuse_edit(f"The statement has already a qualifier with hash {snak['hash']}")
    kept = [qualifier for qualifier in qualifiers if qualifier["hash"] != replaced]
    return _rebuilt(statement, qualifiers=[*kept, snak])


def without_qualifiers(statement: Json, hashes: set[str]) -> Json:
    """The statement without the qualifiers that have these hashes."""
    qualifiers = flat(statement.get("qualifiers", {}))
    return _rebuilt(statement, qualifiers=[snak for snak in qualifiers if snak["hash"] not in hashes])


def with_reference(statement: Json, snaks: list[Json], replaced: str | None, index: int | None) -> Json:
    """The statement with one more reference, or with one in place of that with the hash ``replaced``."""
    reference = make_reference(snaks)
    references = list(statement.get("references", ()))
    if reference is None:
        return statement
    hashes = [other["hash"] for other in references]
    if replaced is None:
        if reference["hash"] in hashes:
            refuse_edit(f"The statement has already a reference with hash {reference['hash']}")
        references.insert(len(references) if index is None else index, reference)
        return _rebuilt(statement, references=references)
    if reference["hash"] == replaced:
        # References are a set to Wikibase: another order alone is no change.
        return statement
    del references[hashes.index(replaced)]
    references.insert(len(references) if index is None else index, reference)
    return _rebuilt(statement, references=references)


def without_references(statement: Json, hashes: set[str]) -> Json:
    """The statement without the references that have these hashes."""
    kept = [reference for reference in statement.get("references", ()) if reference["hash"] not in hashes]
    return _rebuilt(statement, references=kept)


def _rebuilt(statement: Json, *, qualifiers: list[Json] | None = None, references: list[Json] | None = None) -> Json:
    if qualifiers is None:
        qualifiers = flat(statement.get("qualifiers", {}))
    if references is None:
        references = statement.get("references", [])
    return make_statement(statement["mainsnak"], statement["id"], qualifiers, statement["rank"], references)


def claim_operations(raw: object, reader: StatementReader) -> list[Operation]:
    """The operations that the ``claims`` of ``wbeditentity`` ask for; raises Refused for JSON of a wrong shape."""
    if isinstance(raw, list) and raw:
        return [_claim_operation(part, reader) for part in raw]
    return [_claim_operation(part, reader) for group in _members(raw) for part in _members(group)]


def _members(raw: object) -> list[Any]:
    if isinstance(raw, dict):
        return list(raw.values())
    if not isinstance(raw, list):
        raise fault("List of claims must be an array", "not-recognized-array")
    return raw


def _claim_operation(raw: object, reader: StatementReader) -> Operation:
    if isinstance(raw, dict) and "remove" in raw:
        if "id" not in raw:
            raise fault("Cannot remove a claim with no GUID", "invalid-claim")
        if not isinstance(raw["id"], str):
            raise fault("$guid must be a non-empty string", "invalid-claim")
        return remove_statement(raw["id"])
    try:
        return set_statement(*reader.statement(raw))
    except Malformed as error:
        raise fault(str(error), "invalid-claim") from error
