"""Statements as they are sent to a Wikibase: no hashes, no datatypes, ids only where they are known.

Only this package imports it.
"""

from __future__ import annotations

from typing import Any

Json = dict[str, Any]


def statement(property_id: str, datatype: str, value: str) -> Json:
    """A statement of normal rank about a string, a URL, or an item by its id."""
    datavalue: Json = {"type": "string", "value": value}
    if datatype in ("wikibase-item", "wikibase-property"):
        kind = datatype.removeprefix("wikibase-")
        datavalue = {
            "type": "wikibase-entityid",
            "value": {"entity-type": kind, "numeric-id": int(value[1:]), "id": value},
        }
    snak = {"snaktype": "value", "property": property_id, "datavalue": datavalue}
    return {"type": "statement", "rank": "normal", "mainsnak": snak}


def strings(entity: Json) -> set[str]:
    """Every string that is the main value of a statement that is not deprecated."""
    found = set()
    for statements in entity.get("claims", {}).values():
        for one in statements:
            value = one["mainsnak"].get("datavalue", {}).get("value")
            if one.get("rank") != "deprecated" and isinstance(value, str):
                found.add(value)
    return found
