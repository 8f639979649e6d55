"""What every statement needs of its property: datatype and formatters, remembered between commits.

Only rooms of the repository import it. Each thread keeps the whole small table and reads it again after any
commit, also another process's (SQLite's ``data_version`` tells in 2 us).
"""

from __future__ import annotations

import threading
from collections.abc import Mapping, Set
from dataclasses import dataclass
from typing import Any

from capx_graph.repository.statements import mentioned_properties
from capx_graph.repository.storage.database import Database


@dataclass(frozen=True, slots=True)
class PropertyFacts:
    """``formatter_url`` and ``formatter_uri`` are templates with ``$1``, of external ids."""

    datatype: str
    formatter_url: str | None
    formatter_uri: str | None


class PropertyTable:
    """The facts of all properties."""

    def __init__(self, database: Database) -> None:
        self._database = database
        self._local = threading.local()

    def all(self) -> Mapping[str, PropertyFacts]:
        """By property id, as of the newest commit."""
        self._refresh()
        facts: Mapping[str, PropertyFacts] = self._local.facts
        return facts

    def some_deleted(self) -> bool:
        """Whether there are statements of properties that are no more."""
        self._refresh()
        return bool(self._local.deleted)

    def _refresh(self) -> None:
        connection = self._database.reading()
        version = connection.execute("PRAGMA data_version").fetchone()[0]
        if getattr(self._local, "version", None) != version:
            rows = connection.execute("SELECT property_id, datatype, formatter_url, formatter_uri FROM property")
            self._local.facts = {row[0]: PropertyFacts(*row[1:]) for row in rows}
            gone = connection.execute("SELECT 1 FROM page WHERE deleted = 1 AND kind = 'property' LIMIT 1")
            self._local.deleted = gone.fetchone()
            self._local.version = version


def without_lost_datatypes(entity: Mapping[str, Any], facts: Mapping[str, PropertyFacts]) -> Mapping[str, Any]:
    """The entity as it is shown: snaks of properties that were deleted have no datatype."""
    lost = mentioned_properties(entity) - facts.keys()
    if not lost:
        return entity
    claims = {
        property_id: [_shown(statement, lost) for statement in group] for property_id, group in entity["claims"].items()
    }
    return {**entity, "claims": claims}


def _shown(part: Any, lost: Set[str]) -> Any:
    if isinstance(part, list):
        return [_shown(one, lost) for one in part]
    if not isinstance(part, dict) or "amount" in part:
        return part
    if "snaktype" in part:
        return {key: value for key, value in part.items() if key != "datatype" or part["property"] not in lost}
    return {key: _shown(value, lost) for key, value in part.items()}


def best_string(entity: Mapping[str, Any], property_id: str | None) -> str | None:
    """The first string among the best-ranked statements of a property."""
    statements = entity["claims"].get(property_id, ()) if property_id else ()
    usable = [statement for statement in statements if statement["rank"] != "deprecated"]
    preferred = [statement for statement in usable if statement["rank"] == "preferred"]
    for statement in preferred or usable:
        value = statement["mainsnak"].get("datavalue")
        if value is not None and value["type"] == "string":
            return str(value["value"])
    return None
