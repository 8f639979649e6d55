"""The tables that answer questions about entities: terms, links, properties; they follow the newest revisions.

Only transaction.py and mirror.py import it: what is written here is part of an edit.
"""

from __future__ import annotations

import sqlite3
from collections.abc import Mapping, Sequence
from typing import Any

from capx_graph.repository.ids import PROPERTY
from capx_graph.repository.statements import mentioned_entities
from capx_graph.repository.storage.properties import best_string

Content = Mapping[str, Any]
"""An entity in normal form, or the object that stands for a redirect."""
_Term = tuple[str, str, str]


class EntityIndex:
    """The tables of one write transaction; ``formatters`` are the properties of web addresses and of IRIs."""

    def __init__(self, connection: sqlite3.Connection, formatters: Sequence[str | None]) -> None:
        self._db = connection
        self._formatters = formatters

    def follow(self, entity_id: str, page_id: int | None, content: Content, before: Content | None) -> None:
        """Brings the tables from what the page held (None: nothing) to what it holds now.

        A page without a number here is one of another Wikibase: that knows its links itself.
        """
        self._change_terms(entity_id, _terms(before), _terms(content))
        if page_id is not None:
            self._change_links(page_id, _links(before), _links(content))
        if content.get("type") == PROPERTY:
            formatters = [best_string(content, holder) for holder in self._formatters]
            row = (entity_id, content["datatype"], *formatters)
            self._db.execute("INSERT OR REPLACE INTO property VALUES (?, ?, ?, ?)", row)

    def forget(self, entity_id: str, page_id: int | None) -> None:
        """Takes a deleted page out of the tables."""
        self._db.execute("DELETE FROM term WHERE entity_id = ?", (entity_id,))
        self._db.execute("DELETE FROM link WHERE page_id = ?", (page_id,))
        self._db.execute("DELETE FROM property WHERE property_id = ?", (entity_id,))

    def _change_terms(self, entity_id: str, old: set[_Term], new: set[_Term]) -> None:
        self._db.executemany(
            "DELETE FROM term WHERE entity_id = ? AND type = ? AND language = ? AND text = ?",
            [(entity_id, *term) for term in old - new],
        )
        self._db.executemany(
            "INSERT INTO term VALUES (?, ?, ?, ?, ?)",
            [(entity_id, kind, language, text, text.casefold()) for kind, language, text in new - old],
        )

    def _change_links(self, page_id: int, old: set[str], new: set[str]) -> None:
        self._db.executemany(
            "DELETE FROM link WHERE target = ? AND page_id = ?", [(target, page_id) for target in old - new]
        )
        self._db.executemany("INSERT INTO link VALUES (?, ?)", [(target, page_id) for target in new - old])


def _terms(content: Content | None) -> set[_Term]:
    if content is None or "redirect" in content:
        return set()
    found = {("label", language, label["value"]) for language, label in content["labels"].items()}
    found |= {
        ("alias", language, alias["value"]) for language, aliases in content["aliases"].items() for alias in aliases
    }
    return found


def _links(content: Content | None) -> set[str]:
    if content is None:
        return set()
    return {content["redirect"]} if "redirect" in content else mentioned_entities(content)
