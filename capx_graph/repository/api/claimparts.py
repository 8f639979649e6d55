"""Modules that edit parts of a statement: qualifiers and references.

Only the table of modules imports it.
"""

from __future__ import annotations

from capx_graph.repository.api.call import Call, Json, Module
from capx_graph.repository.api.claims import applied_to, check_snak, load_statement, outcome, snak_of
from capx_graph.repository.api.edits import EDIT_PARAMS, editing, entity_id_of, said, save, unit_names
from capx_graph.repository.api.jsontext import decode
from capx_graph.repository.api.parameters import Param
from capx_graph.repository.editing.statements import (
    replace_statement,
    with_qualifier,
    with_reference,
    without_qualifiers,
    without_references,
)
from capx_graph.repository.history.summaries import snak_summary, whole_summary
from capx_graph.repository.ids import PROPERTY, kind_of
from capx_graph.repository.refusals import Malformed, Message, Refused, fault, refuse_edit
from capx_graph.repository.statements import (
    SNAK_TYPES,
    flat,
    make_reference,
    ordered,
    qualifier_hashes,
    reference_hashes,
)


def _set_qualifier(call: Call) -> Json:
    values = call.values
    guid, replaced = values.text("claim"), values.optional("snakhash")
    if replaced is None:
        for name in ("snaktype", "property"):
            _require(call, name)
    if values.optional("snaktype") == "value":
        _require(call, "value")
    with editing(call) as edit:
        loaded, statement = load_statement(call, edit, guid)
        if replaced is not None and replaced not in qualifier_hashes(statement):
            raise fault("Claim does not have a qualifier with the given hash", "no-such-qualifier")
        property_id = entity_id_of(values.text("property"))
        if kind_of(property_id) != PROPERTY:
            message = Message("wikibase-api-invalid-property-id", (property_id,))
            raise Refused(f"{property_id} is no property", code="param-illegal", messages=(message,))
        snak = snak_of(call, property_id)
        check_snak(call, snak)
        changed = with_qualifier(statement, snak, replaced)
        entity = applied_to(loaded, replace_statement(guid, changed))
        action = "wbsetqualifier-add" if replaced is None else "wbsetqualifier-update"
        saved = save(call, edit, loaded, entity, snak_summary(action, [snak], unit_names(call), said=said(call)))
    return outcome(saved, claim=changed)


def _require(call: Call, name: str) -> None:
    if not call.values.has(name):
        message = Message("param-missing", (name,))
        raise Refused(f"the parameter {name} is missing", code="param-missing", messages=(message,))


def _remove_qualifiers(call: Call) -> Json:
    guid, hashes = call.values.text("claim"), call.values.several("qualifiers")
    with editing(call) as edit:
        loaded, statement = load_statement(call, edit, guid)
        by_hash = {snak["hash"]: snak for snak in flat(statement.get("qualifiers", {}))}
        if any(one not in by_hash for one in hashes):
            raise fault("Invalid snak hash", "no-such-qualifier")
        changed = without_qualifiers(statement, set(hashes))
        entity = applied_to(loaded, replace_statement(guid, changed))
        removed = [by_hash[one] for one in hashes]
        told = snak_summary("wbremovequalifiers-remove", removed, unit_names(call), said=said(call))
        saved = save(call, edit, loaded, entity, told)
    return outcome(saved)


def _set_reference(call: Call) -> Json:
    values = call.values
    guid, replaced = values.text("statement"), values.optional("reference")
    with editing(call) as edit:
        loaded, statement = load_statement(call, edit, guid)
        if replaced is not None and replaced not in reference_hashes(statement):
            raise fault("Statement does not have a reference with the given hash", "no-such-reference")
        order = _array(values.text("snaks-order"), "snaks-order") if values.has("snaks-order") else []
        try:
            snaks, problem = call.repository.statements.snaks(_array(values.text("snaks"), "snaks"))
            snaks = ordered(snaks, order, "snaks-order")
        except Malformed as error:
            text = f"Failed to get reference from reference Serialization {error}"
            raise fault(text, "snak-instantiation-failure") from error
        if problem is not None:
            raise problem
        if (values.number("index") or 0) < 0:
            refuse_edit("$index must be a non-negative integer or null")
        changed = with_reference(statement, snaks, replaced, values.number("index"))
        entity = applied_to(loaded, replace_statement(guid, changed))
        action = "wbsetreference-add" if replaced is None else "wbsetreference-set"
        told = whole_summary(action, statement["mainsnak"], unit_names(call), said=said(call))
        saved = save(call, edit, loaded, entity, told)
    return outcome(saved, reference=make_reference(snaks))


def _array(text: str, name: str) -> list[object] | dict[str, object]:
    try:
        value = decode(text)
    except ValueError:
        value = None
    if not isinstance(value, list | dict) or not value:
        raise fault(f"No array or invalid JSON given for parameter: {name}", "invalid-json")
    return value


def _remove_references(call: Call) -> Json:
    guid, hashes = call.values.text("statement"), call.values.several("references")
    with editing(call) as edit:
        loaded, statement = load_statement(call, edit, guid)
        if any(one not in reference_hashes(statement) for one in hashes):
            raise fault("Invalid reference hash", "no-such-reference")
        changed = without_references(statement, set(hashes))
        entity = applied_to(loaded, replace_statement(guid, changed))
        action, more = "wbremovereferences-remove", [1] * len(hashes)
        told = whole_summary(action, statement["mainsnak"], unit_names(call), said=said(call), more=more)
        saved = save(call, edit, loaded, entity, told)
    return outcome(saved)


MODULES = {
    "wbsetqualifier": Module(
        _set_qualifier,
        (
            Param("claim", required=True),
            Param("property"),
            Param("value"),
            Param("snaktype", choices=SNAK_TYPES),
            Param("snakhash"),
            *EDIT_PARAMS,
        ),
        edits=True,
    ),
    "wbremovequalifiers": Module(
        _remove_qualifiers,
        (Param("claim", required=True), Param("qualifiers", many=True, required=True), *EDIT_PARAMS),
        edits=True,
    ),
    "wbsetreference": Module(
        _set_reference,
        (
            Param("statement", required=True),
            Param("snaks", required=True),
            Param("snaks-order"),
            Param("reference"),
            Param("index", "integer"),
            *EDIT_PARAMS,
        ),
        edits=True,
    ),
    "wbremovereferences": Module(
        _remove_references,
        (Param("statement", required=True), Param("references", many=True, required=True), *EDIT_PARAMS),
        edits=True,
    ),
}
