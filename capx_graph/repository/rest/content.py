"""Entities in the JSON of the Wikibase REST API, which is flatter than that of the Action API.

Imported by the rest rooms only. ``datatype_of`` answers None for a property that was deleted; its statements are
still shown, with a ``data_type`` of null.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

from capx_graph.repository.statements import flat

Json = dict[str, Any]
DatatypeOf = Callable[[str], str | None]

ITEM_FIELDS = ("type", "labels", "descriptions", "aliases", "statements", "sitelinks")
PROPERTY_FIELDS = ("type", "data_type", "labels", "descriptions", "aliases", "statements")


def entity_content(entity: Mapping[str, Any], datatype_of: DatatypeOf) -> Json:
    """An item or a property."""
    content: Json = {"type": entity["type"], "id": entity["id"]}
    if entity["type"] == "property":
        content["data_type"] = entity["datatype"]
    content["labels"] = terms_content(entity["labels"])
    content["descriptions"] = terms_content(entity["descriptions"])
    content["aliases"] = aliases_content(entity["aliases"])
    content["statements"] = statements_content(entity["claims"], datatype_of)
    if entity["type"] == "item":
        content["sitelinks"] = {}
    return content


def terms_content(terms: Mapping[str, Mapping[str, str]]) -> dict[str, str]:
    """Labels or descriptions by language."""
    return {language: term["value"] for language, term in terms.items()}


def aliases_content(aliases: Mapping[str, list[Mapping[str, str]]]) -> dict[str, list[str]]:
    """Aliases by language."""
    return {language: [alias["value"] for alias in group] for language, group in aliases.items()}


def statements_content(claims: Mapping[str, list[Json]], datatype_of: DatatypeOf) -> dict[str, list[Json]]:
    """Statements by property."""
    return {pid: [statement_content(statement, datatype_of) for statement in group] for pid, group in claims.items()}


def statement_content(statement: Mapping[str, Any], datatype_of: DatatypeOf) -> Json:
    """One statement."""
    qualifiers = flat(statement.get("qualifiers", {}))
    references = statement.get("references", ())
    return {
        "id": statement["id"],
        "rank": statement["rank"],
        "qualifiers": [_snak(snak, datatype_of) for snak in qualifiers],
        "references": [
            {"hash": one["hash"], "parts": [_snak(snak, datatype_of) for snak in flat(one["snaks"])]}
            for one in references
        ],
        **_snak(statement["mainsnak"], datatype_of),
    }


def _snak(snak: Mapping[str, Any], datatype_of: DatatypeOf) -> Json:
    value: Json = {"type": snak["snaktype"]}
    if snak["snaktype"] == "value":
        value["content"] = _value(snak["datavalue"])
    return {"property": {"id": snak["property"], "data_type": datatype_of(snak["property"])}, "value": value}


def _value(datavalue: Mapping[str, Any]) -> Any:
    value = datavalue["value"]
    fields = _FIELDS.get(datavalue["type"])
    if datavalue["type"] == "wikibase-entityid":
        return value["id"]
    return value if fields is None else {name: value[name] for name in fields}


_FIELDS = {
    "time": ("time", "precision", "calendarmodel"),
    "globecoordinate": ("latitude", "longitude", "precision", "globe"),
}
