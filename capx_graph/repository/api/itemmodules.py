"""Modules for items as wholes: ``wbmergeitems`` and ``wbcreateredirect``.

Only the table of modules imports it.
"""

from __future__ import annotations

from capx_graph.repository.api.call import Call, Json, Module
from capx_graph.repository.api.edits import author, editing, entity_id_of
from capx_graph.repository.api.parameters import TAGS, Param, flag
from capx_graph.repository.editing.merging import CONFLICTS, merge_items, redirect
from capx_graph.repository.ids import ITEM, parse_of_kind
from capx_graph.repository.refusals import Message, Refused, fault


def _merge(call: Call) -> Json:
    ids = []
    for name in ("fromid", "toid"):
        text = call.values.text(name)
        item_id = parse_of_kind(text, ITEM)
        if item_id is None:
            raise fault(f"{text!r} is not the id of an item", "invalid-entity-id")
        ids.append(item_id)
    source, target = ids
    if not call.identity.may("item-merge"):
        messages = (Message("wikibase-itemmerge-permissiondenied"),)
        raise Refused("you may not merge items", code="permissiondenied", messages=messages, data={"extradata": []})
    with editing(call) as edit:
        ignore = call.values.several("ignoreconflicts")
        merged = merge_items(edit, source, target, ignore=ignore, author=author(call, call.values.text("summary")))
    return {
        "success": 1,
        "redirected": int(merged.redirected),
        "from": {"id": source, "type": ITEM, "lastrevid": merged.source_revision},
        "to": {"id": target, "type": ITEM, "lastrevid": merged.target_revision},
    }


def _redirect(call: Call) -> Json:
    source, target = (entity_id_of(call.values.text(name)) for name in ("from", "to"))
    if not call.identity.may("item-redirect"):
        raise fault("you may not make redirects", "permissiondenied")
    with editing(call) as edit:
        redirect(edit, source, target, author=author(call, ""))
    return {"success": 1, "redirect": target}


MODULES = {
    "wbmergeitems": Module(
        _merge,
        (
            Param("fromid", required=True),
            Param("toid", required=True),
            Param("ignoreconflicts", choices=CONFLICTS, many=True),
            Param("summary"),
            TAGS,
            flag("bot"),
        ),
        edits=True,
    ),
    "wbcreateredirect": Module(
        _redirect, (Param("from", required=True), Param("to", required=True), flag("bot")), edits=True
    ),
}
