"""Reading the claims of Wikibase JSON: the best-ranked values of a property; only this package imports it.

Values are taken as they come: an unknown or absent value (somevalue, novalue) is no value here.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

from capx_graph.repository.statements import best_rank

Json = Mapping[str, Any]


def item_id(content: Json) -> str:
    """The id in an entity value; very old data has the number alone."""
    entity_id: str | None = content.get("id")
    return entity_id if entity_id is not None else f"Q{content['numeric-id']}"


def best_values(statements: Iterable[Json] | None, type_: str) -> list[Any]:
    """What the best-ranked statements say, where it is a value of this type (``string``, ``wikibase-entityid``)."""
    if not statements:
        return []
    best = best_rank(statements)
    snaks = (statement["mainsnak"] for statement in statements if statement["rank"] == best)
    values = (snak["datavalue"] for snak in snaks if snak["snaktype"] == "value")
    return [value["value"] for value in values if value["type"] == type_]


def best_items(statements: Iterable[Json] | None) -> list[str]:
    """Ids of the items that the best-ranked statements name."""
    return [item_id(content) for content in best_values(statements, "wikibase-entityid")]


def best_strings(statements: Iterable[Json] | None) -> list[str]:
    """Texts of the best-ranked statements."""
    return best_values(statements, "string")
