"""What every statement needs of its property: datatype and formatters, remembered between commits.

Only rooms of the repository import it. Each thread keeps the whole small table and reads it again after any
commit, also another process's (SQLite's ``data_version`` tells in 2 us).
"""

from __future__ import annotations

import threading
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from capx_graph.repository.database import Database


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
        connection = self._database.reading()
        version = connection.execute("PRAGMA data_version").fetchone()[0]
        if getattr(self._local, "version", None) != version:
            rows = connection.execute("SELECT property_id, datatype, formatter_url, formatter_uri FROM property")
            self._local.facts = {row[0]: PropertyFacts(*row[1:]) for row in rows}
            self._local.version = version
        facts: Mapping[str, PropertyFacts] = self._local.facts
        return facts


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
