"""``wbeditentity``: makes and edits whole items and properties.

Only this package imports it. A new entity takes its number before its data is looked at, as on any
Wikibase, so that statements can carry ids of it; a failed creation leaves a gap.
"""

from __future__ import annotations

from typing import Any

from capx_graph.repository.api.call import Call, Json, Module
from capx_graph.repository.api.edits import (
    EDIT_PARAMS,
    base_revision,
    check_may_edit,
    editing,
    entity_id_of,
    said,
    save,
)
from capx_graph.repository.api.jsontext import decode
from capx_graph.repository.api.parameters import Param, flag
from capx_graph.repository.editing.edit import Edit, Loaded, Saved
from capx_graph.repository.editing.operations import Operation, applied, changed_languages, cleared
from capx_graph.repository.editing.statements import claim_operations
from capx_graph.repository.editing.terms import TermReader
from capx_graph.repository.history.summaries import entity_summary, summary
from capx_graph.repository.ids import KINDS, PROPERTY, namespace_of, parse_id, title_of
from capx_graph.repository.refusals import Message, Refused, fault
from capx_graph.repository.values.datatypes import VALUE_TYPES

TARGET_PARAMS = (
    Param("id"),
    Param("new", choices=KINDS),
    Param("site", choices=()),
    Param("title"),
)
_SELECTOR = "wikibase-api-illegal-id-or-site-page-selector"
_BOTH = 'Either provide the item "id" or pairs of "site" and "title" or a "new" type for an entity'


def check_target(call: Call) -> None:
    """Demands an id or ``new``, not both; raises Refused."""
    values = call.values
    if values.has("title") and not values.has("site"):
        raise Refused("title without site", code="param-missing", messages=(Message(_SELECTOR),))
    if not values.has("id") and not values.has("new"):
        raise Refused("neither id nor new", code="param-illegal", messages=(Message(_SELECTOR),))
    if values.has("id") and values.has("new"):
        raise Refused("both id and new", code="param-illegal", messages=(Message(_BOTH),))


def load_target(call: Call, edit: Edit) -> Loaded:
    """The entity to edit, or a new one; raises Refused."""
    if call.values.has("id"):
        return edit.load(entity_id_of(call.values.text("id")), base_revision(call))
    if base_revision(call) > 0:
        raise fault("Cannot load a specific revision if no entity is defined.", "param-illegal")
    check_may_edit(call)
    return edit.create(call.values.text("new"))


def outcome(call: Call, saved: Saved, loaded: Loaded, entity: Json) -> Json:
    """What a module that edits entities answers; ``entity`` is the part of it to show, as this edit made it.

    What others changed since the base revision is kept beside it, and not shown.
    """
    shown = entity | {"id": saved.entity["id"], "type": saved.entity["type"], "lastrevid": saved.revision_id}
    if not saved.changed and loaded.page is not None:
        call.put_flag(shown, "nochange", truth=True)
    return {"entity": shown, "success": 1}


def _edit(call: Call) -> Json:
    check_target(call)
    clear = call.values.on("clear")
    with editing(call) as edit:
        loaded = load_target(call, edit)
        data = _checked(_decoded(call.values.text("data")), loaded)
        if clear and base_revision(call) and loaded.page and loaded.page.revision_id != loaded.revision_id:
            raise fault("the base revision of a clearing is not the newest", "editconflict")
        loaded = _with_datatype(loaded, data)
        operations = _operations(call, data, loaded.entity)
        if operations or loaded.page is None:
            check_may_edit(call)
        entity = edit.apply(loaded, operations)
        if clear:
            entity = applied(cleared(loaded.entity), operations)
        saved = save(call, edit, loaded, entity, _summary(call, loaded, entity, operations))
    return outcome(call, saved, loaded, entity)


def _decoded(text: str) -> Any:
    try:
        data = decode(text)
    except ValueError:
        data = None
    if data is None:
        raise fault("The JSON could not be read", "invalid-json")
    return data


def _checked(data: Any, loaded: Loaded) -> Json:
    """The data, when it is an object that can belong to this entity; raises Refused."""
    if isinstance(data, list):
        if data:
            raise fault("Top level structure must be a JSON object (no keys found)", "not-recognized-string")
        data = {}
    if not isinstance(data, dict):
        raise fault("Top level structure must be a JSON object", "not-recognized-array")
    if "remove" in data:
        message = Message("wikibase-api-illegal-entity-remove")
        raise Refused("remove is no field of an entity", code="not-recognized", messages=(message,))
    entity_id, kind = loaded.entity["id"], loaded.entity["type"]
    if data.get("id") is not None and (not isinstance(data["id"], str) or parse_id(data["id"]) != entity_id):
        raise fault('Invalid field used in call: "id", must match id parameter', "param-invalid")
    if data.get("type") is not None and data["type"] != kind:
        raise fault('Invalid field used in call: "type", must match type associated with id', "param-invalid")
    page_id = loaded.page.page_id if loaded.page is not None else 0
    facts = {
        "pageid": page_id,
        "ns": namespace_of(entity_id),
        "title": title_of(entity_id),
        "lastrevid": loaded.revision_id,
    }
    for name, value in facts.items():
        if data.get(name) is not None and data[name] != value:
            raise fault(f'Illegal field used in call, "{name}", must either be correct or not given', "param-illegal")
    return data


def _with_datatype(loaded: Loaded, data: Json) -> Loaded:
    """A new property with the datatype that it shall have."""
    if loaded.page is not None or loaded.entity["type"] != PROPERTY:
        return loaded
    datatype = data.get("datatype")
    if not isinstance(datatype, str) or datatype not in VALUE_TYPES:
        message = Message("wikibase-api-not-recognized-datatype")
        raise Refused(f"{datatype!r} is not a datatype", code="param-illegal", messages=(message,))
    first = {"type": PROPERTY, "datatype": datatype}
    return Loaded(first | loaded.entity | first, loaded.revision_id, None)


def _operations(call: Call, data: Json, entity: Json) -> list[Operation]:
    found = TermReader(call.repository.settings.is_term_language).operations(data)
    if entity["type"] == PROPERTY and "sitelinks" in data:
        raise fault("Non Items cannot have sitelinks", "not-supported")
    _check_sitelinks(data.get("sitelinks", {}))
    if "claims" in data:
        found += claim_operations(data["claims"], call.repository.statements)
    return found


def _check_sitelinks(raw: object) -> None:
    """There are no sites here: an empty list is fine, a link to any site is not."""
    if not isinstance(raw, dict | list):
        raise fault("List of sitelinks must be an array", "not-recognized-array")
    for key, link in raw.items() if isinstance(raw, dict) else enumerate(raw):
        if not isinstance(link, dict):
            raise fault("An array was expected, but not found", "not-recognized-array")
        if "site" not in link:
            raise fault("Site must be provided", "no-site")
        if not isinstance(link["site"], str):
            raise fault("A string was expected, but not found", "not-recognized-string")
        if isinstance(raw, dict) and key != link["site"]:
            raise fault(f"{key} is not {link['site']}", "inconsistent-site")
        raise fault(f"Unknown site: {link['site']}", "not-recognized-site")


def _summary(call: Call, loaded: Loaded, entity: Json, operations: list[Operation]) -> str:
    if loaded.page is None:
        return summary(f"wbeditentity-create-{entity['type']}", counts=(0, ""), said=said(call))
    if call.values.on("clear"):
        return summary("wbeditentity-override", counts=(0, ""), said=said(call))
    languages = changed_languages(loaded.entity, entity, operations)
    others = any(operation.language is None for operation in operations)
    return entity_summary(languages, other_changes=others, said=said(call))


MODULES = {
    "wbeditentity": Module(
        _edit,
        (*TARGET_PARAMS, Param("data", required=True), flag("clear"), *EDIT_PARAMS),
        edits=True,
    ),
}
