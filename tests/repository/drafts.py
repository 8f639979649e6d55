"""Drafts of entities for a repository, as short as they can be."""

from __future__ import annotations

from typing import Any

from capx_graph.model import Draft


def property_draft(entity_id: str, datatype: str) -> Draft:
    return Draft({"type": "property", "id": entity_id, "datatype": datatype})


def item_draft(entity_id: str, label: str, *claims: dict[str, Any], owner: str | None = None) -> Draft:
    labels = {"en": {"language": "en", "value": label}}
    return Draft({"type": "item", "id": entity_id, "labels": labels, "claims": list(claims)}, owner=owner)


def string_claim(property_id: str, text: str, guid: str | None = None) -> dict[str, Any]:
    value = {"type": "string", "value": text}
    claim: dict[str, Any] = {
        "mainsnak": {"snaktype": "value", "property": property_id, "datavalue": value},
        "type": "statement",
    }
    return claim | ({"id": guid} if guid else {})
