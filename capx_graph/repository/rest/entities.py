"""Making and patching whole items and properties through the Wikibase REST API; imported by routes.py only."""

from __future__ import annotations

from functools import partial
from typing import Any

from capx_graph.repository.editing.operations import working_copy
from capx_graph.repository.history.summaries import summary
from capx_graph.repository.ids import ITEM, PROPERTY, new_guid
from capx_graph.repository.rest.content import entity_content
from capx_graph.repository.rest.contentreader import ContentReader
from capx_graph.repository.rest.edits import Body, Change, RestEditor, parts_summary
from capx_graph.repository.rest.errors import Problem, invalid_value, missing_field, read_only
from capx_graph.repository.rest.http import RestRequest, RestResult
from capx_graph.repository.rest.patch import check_patch, patched
from capx_graph.repository.rest.reads import entity_id_of
from capx_graph.repository.statements import statements_of
from capx_graph.repository.store import Repository
from capx_graph.repository.values.datatypes import VALUE_TYPES

Json = dict[str, Any]


class RestEntities:
    """Answers the writes of whole entities; raises Problem and Refused."""

    def __init__(self, repository: Repository, editor: RestEditor, reader: ContentReader) -> None:
        self._datatype_of = repository.datatype
        self._editor = editor
        self._reader = reader

    def create(self, request: RestRequest, body: Body, kind: str, address: str) -> RestResult:
        """Makes an item or a property; ``address`` is that of the collection."""
        raw = body.required(kind)
        if not isinstance(raw, dict):
            raise invalid_value(f"/{kind}", raw)
        facts = {}
        if kind == PROPERTY:
            if "data_type" not in raw:
                raise missing_field(f"/{kind}", "data_type")
            if not isinstance(raw["data_type"], str) or raw["data_type"] not in VALUE_TYPES:
                raise invalid_value(f"/{kind}/data_type", raw["data_type"])
            facts["datatype"] = raw["data_type"]
        content = self._content(raw, f"/{kind}", kind, {})

        def fill(blank: Json) -> Change:
            tell = partial(_creation_summary, kind)
            return Change(_numbered(blank | content), tell)

        edited = self._editor.create(request, kind, body, fill, **facts)
        headers = (("Location", f"{address}/{edited.entity['id']}"),)
        return RestResult(entity_content(edited.entity, self._datatype_of), edited.state, 201, headers)

    def patch(self, request: RestRequest, body: Body, kind: str, text: str) -> RestResult:
        """Applies a patch to an item or property."""
        entity_id = entity_id_of(kind, text)
        operations = check_patch(body.required("patch"))

        def change(entity: Json) -> Change:
            before = entity_content(entity, self._datatype_of)
            result = patched(before, operations)
            try:
                wanted = self._patched(entity, before, result, kind)
            except Problem as problem:
                raise problem.in_patch_result() from problem
            return Change(wanted, partial(parts_summary, entity, wanted))

        edited = self._editor.change(request, entity_id, body, change, missing=kind)
        return RestResult(entity_content(edited.entity, self._datatype_of), edited.state)

    def _patched(self, entity: Json, before: Json, result: object, kind: str) -> Json:
        if not isinstance(result, dict):
            raise invalid_value("", result)
        for name in ("id", "data_type"):
            if name in before and name not in result:
                if name == "data_type":
                    raise missing_field("", name)
                raise read_only(f"/{name}")
            if name in before and result[name] != before[name]:
                raise read_only(f"/{name}")
        known = {statement["id"]: statement for statement in statements_of(entity)}
        unchanged = [
            name for name in ("labels", "descriptions", "aliases", "statements") if result.get(name) == before[name]
        ]
        rest = {name: value for name, value in result.items() if name not in unchanged}
        content = self._content(rest, "", kind, known)
        kept = {_STORED.get(name, name): entity[_STORED.get(name, name)] for name in unchanged}
        return _numbered(working_copy(entity) | content | kept)

    def _content(self, raw: Json, path: str, kind: str, known: dict[str, Json]) -> Json:
        """Terms and statements in normal form; statements without an id have none yet."""
        content: Json = {
            "labels": self._reader.terms(raw.get("labels", {}), f"{path}/labels", "label", kind),
            "descriptions": self._reader.terms(
                raw.get("descriptions", {}), f"{path}/descriptions", "description", kind
            ),
            "aliases": self._reader.aliases(raw.get("aliases", {}), f"{path}/aliases"),
            "claims": self._reader.statements(raw.get("statements", {}), f"{path}/statements", known),
        }
        if kind == ITEM:
            _no_sitelinks(raw.get("sitelinks", {}), f"{path}/sitelinks")
        return content


_STORED = {"statements": "claims"}


def _creation_summary(kind: str, said: str) -> str:
    return summary(f"wbeditentity-create-{kind}", counts=(0, ""), said=said)


def _numbered(entity: Json) -> Json:
    """The entity with an id for every statement."""
    claims = {
        property_id: [one if one["id"] is not None else one | {"id": new_guid(entity["id"])} for one in group]
        for property_id, group in entity["claims"].items()
    }
    return entity | {"claims": claims}


def _no_sitelinks(raw: object, path: str) -> None:
    """There are no sites here, so every site id is wrong."""
    if raw == []:
        return
    if not isinstance(raw, dict):
        raise invalid_value(path, raw)
    for site_id in raw:
        raise Problem("invalid-key", path, key=site_id)
