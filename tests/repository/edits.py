"""Edits through the API by members, and the statements that they try."""

from __future__ import annotations

from capx_graph.connected import load_embedded
from tests.houses.directory import House

TO_ITEM = "wikibase-entityid"


def edit(home: House, name: str, *groups: str, **call: str) -> tuple[str, str]:
    """An edit through the API: its error, and the id of what it made."""
    client = home.browser(name, *groups)
    token = client.get("/w/api.php?action=query&meta=tokens&format=json").get_json()["query"]["tokens"]["csrftoken"]
    answer = client.post("/w/api.php", data=call | {"token": token, "format": "json"}).get_json()
    return str(answer.get("error", {}).get("code", "saved")), str(answer.get("entity", {}).get("id", ""))


def says(name: str, value: str, rank: str = "normal") -> dict[str, object]:
    """A statement with a class or a text."""
    data: dict[str, object] = {"type": "string", "value": value}
    if name == "instanceOf":
        data = {"type": TO_ITEM, "value": {"entity-type": "item", "id": load_embedded().item_id(value)}}
    snak = {"snaktype": "value", "property": load_embedded().property_id(name), "datavalue": data}
    return {"mainsnak": snak, "type": "statement", "rank": rank}
