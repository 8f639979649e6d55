"""Modules that edit statements: ``wbcreateclaim``, ``wbsetclaim``, ``wbsetclaimvalue``, ``wbremoveclaims``.

Only this package imports it.
"""

from __future__ import annotations

from typing import Any

from capx_graph.repository.api.call import Call, Json, Module
from capx_graph.repository.api.edits import EDIT_PARAMS, base_revision, editing, entity_id_of, said, save, unit_names
from capx_graph.repository.api.jsontext import decode
from capx_graph.repository.api.parameters import Param, flag
from capx_graph.repository.editing.edit import Edit, Loaded, Saved
from capx_graph.repository.editing.operations import Operation, applied
from capx_graph.repository.editing.statements import (
    find_statement,
    remove_statement,
    replace_statement,
    set_statement,
    with_mainsnak,
)
from capx_graph.repository.history.summaries import claim_summary, snak_summary, summary
from capx_graph.repository.ids import PROPERTY, entity_of_guid, kind_of, new_guid, not_recognized, parse_id
from capx_graph.repository.refusals import Malformed, Message, Refused, fault
from capx_graph.repository.statements import SNAK_TYPES, make_snak, make_statement
from capx_graph.repository.values import datavalues
from capx_graph.repository.values.datatypes import VALUE_TYPES

SNAK_PARAMS = (Param("snaktype", choices=SNAK_TYPES, required=True), Param("value"))


def snak_of(call: Call, property_id: str) -> Json:
    """The snak that ``snaktype`` and ``value`` describe, of an existing property; raises Refused."""
    snaktype, text = call.values.text("snaktype"), call.values.optional("value")
    value = value_of(text) if text is not None else None
    datatype = call.repository.datatype(property_id)
    if datatype is None:
        raise fault(f"there is no property {property_id}", "no-such-entity")
    if snaktype != "value":
        return make_snak(property_id, snaktype, None, datatype)
    try:
        datavalue = datavalues.read_value(value, VALUE_TYPES[datatype])
    except Malformed as error:
        raise fault(str(error), "invalid-snak") from error
    return make_snak(property_id, snaktype, datavalue, datatype)


def value_of(text: str) -> Any:
    """The JSON of a value; raises Refused."""
    try:
        value = decode(text)
    except ValueError:
        value = None
    if value is None:
        raise fault("Could not decode snak value", "invalid-snak")
    return value


def check_snak(call: Call, snak: Json) -> None:
    """Refuses a value that its property does not take."""
    if "datavalue" in snak:
        problem = call.repository.statements.problem_of(snak["datavalue"], snak["datatype"])
        if problem is not None:
            raise problem


def load_statement(call: Call, edit: Edit, guid: str) -> tuple[Loaded, Json]:
    """The entity of a statement, and the statement; raises Refused."""
    entity_id = entity_of_guid(guid)
    if entity_id is None:
        raise fault("Invalid claim guid", "invalid-guid")
    loaded = edit.load(entity_id, base_revision(call))
    statement = find_statement(loaded.entity, guid)
    if statement is None:
        raise fault("Could not find the statement", "no-such-claim")
    return loaded, statement


def applied_to(loaded: Loaded, *operations: Operation) -> Json:
    """The loaded entity after operations whose values are checked already."""
    return applied(loaded.entity, operations)


def outcome(saved: Saved, **more: object) -> Json:
    """What a module for statements answers."""
    return {"pageinfo": {"lastrevid": saved.revision_id}, "success": 1, **more}


def _create(call: Call) -> Json:
    snaktype, value = call.values.text("snaktype"), call.values.optional("value")
    if snaktype == "value" and value is None:
        raise _refused("param-missing", "claim-value-missing")
    if snaktype != "value" and value is not None:
        raise _refused("param-illegal", "claim-value-unexpected")
    if value is not None:
        value_of(value)
    entity_id = entity_id_of(call.values.text("entity"))
    with editing(call) as edit:
        loaded = edit.load(entity_id, base_revision(call))
        snak = snak_of(call, _property_id(call.values.text("property")))
        check_snak(call, snak)
        statement = make_statement(snak, new_guid(entity_id), [], "normal", [])
        entity = applied_to(loaded, set_statement(statement))
        saved = save(call, edit, loaded, entity, _told("wbcreateclaim-create", [snak], call))
    return outcome(saved, claim=statement)


def _told(action: str, snaks: list[Json], call: Call) -> str:
    return snak_summary(action, snaks, unit_names(call), said=said(call))


def _property_id(text: str) -> str:
    property_id = entity_id_of(text)
    if kind_of(property_id) != PROPERTY:
        raise _refused("param-illegal", "invalid-property-id")
    return property_id


def _refused(code: str, message: str) -> Refused:
    return Refused(message, code=code, messages=(Message(f"wikibase-api-{message}"),))


def _set_value(call: Call) -> Json:
    guid = call.values.text("claim")
    with editing(call) as edit:
        loaded, statement = load_statement(call, edit, guid)
        snak = snak_of(call, statement["mainsnak"]["property"])
        check_snak(call, snak)
        changed = with_mainsnak(statement, snak)
        entity = applied_to(loaded, replace_statement(guid, changed))
        saved = save(call, edit, loaded, entity, _told("wbsetclaimvalue", [snak], call))
    return outcome(saved, claim=changed)


def _set(call: Call) -> Json:
    statement, problem = _statement_of(call)
    guid = statement["id"]
    if guid is None:
        raise fault("GUID must be set when setting a claim", "invalid-claim")
    prefix, separator, _ = guid.partition("$")
    if not separator:
        raise fault("$serialization does not have the correct number of parts", "invalid-claim")
    entity_id = parse_id(prefix)
    if entity_id is None:
        raise fault(f"$serialization contains invalid EntityId: {not_recognized(prefix)}", "invalid-claim")
    index = call.values.number("index")
    if index is not None and index < 0:
        raise fault("$index must be an non-negative integer or null", "invalid-claim")
    with editing(call) as edit:
        loaded = edit.load(entity_id, base_revision(call))
        if call.values.on("ignoreduplicatemainsnak") and _has_mainsnak(loaded.entity, statement):
            call.warn(
                "wikibase-setclaim-warning-duplicatemainsnak", "Duplicate main snak detected. Statement not added."
            )
            return {}
        old = find_statement(loaded.entity, guid)
        entity = applied_to(loaded, set_statement(statement, problem, index=index))
        saved = save(call, edit, loaded, entity, claim_summary(old, statement, unit_names(call), said=said(call)))
    return outcome(saved, claim=statement)


def _statement_of(call: Call) -> tuple[Json, Refused | None]:
    prefix = "Failed to get claim from claim Serialization"
    try:
        raw = decode(call.values.text("claim"))
    except ValueError:
        raw = None
    if not isinstance(raw, dict | list):
        raise fault(f"{prefix} Failed to get statement from Serialization", "invalid-claim")
    try:
        return call.repository.statements.statement(raw)
    except Malformed as error:
        raise fault(f"{prefix} {error}", "invalid-claim") from error


def _has_mainsnak(entity: Json, statement: Json) -> bool:
    group = entity["claims"].get(statement["mainsnak"]["property"], ())
    return any(other["mainsnak"]["hash"] == statement["mainsnak"]["hash"] for other in group)


def _remove(call: Call) -> Json:
    guids = call.values.several("claim")
    entities = [entity_of_guid(guid) for guid in guids]
    if not entities or entities[0] is None or any(other != entities[0] for other in entities):
        raise fault("Invalid claim guid, or claims of several entities", "invalid-guid")
    with editing(call) as edit:
        loaded = edit.load(entities[0], base_revision(call))
        statements = [find_statement(loaded.entity, guid) for guid in guids]
        snaks = [statement["mainsnak"] for statement in statements if statement is not None]
        if len(snaks) != len(guids):
            raise fault("Statement(s) not found", "invalid-guid")
        entity = applied_to(loaded, *(remove_statement(guid) for guid in guids))
        told = _told("wbremoveclaims-remove", snaks, call)
        if len(guids) > 1:
            told = summary("wbremoveclaims-update", counts=(0, ""), said=said(call))
        saved = save(call, edit, loaded, entity, told)
    return outcome(saved, claims=guids)


MODULES = {
    "wbcreateclaim": Module(
        _create,
        (Param("entity", required=True), Param("property", required=True), *SNAK_PARAMS, *EDIT_PARAMS),
        edits=True,
    ),
    "wbsetclaimvalue": Module(_set_value, (Param("claim", required=True), *SNAK_PARAMS, *EDIT_PARAMS), edits=True),
    "wbsetclaim": Module(
        _set,
        (
            Param("claim", required=True),
            Param("index", "integer"),
            flag("ignoreduplicatemainsnak"),
            *EDIT_PARAMS,
        ),
        edits=True,
    ),
    "wbremoveclaims": Module(_remove, (Param("claim", many=True, required=True), *EDIT_PARAMS), edits=True),
}
