"""Entities found by the beginning of a label or alias, as ``wbsearchentities`` finds them without a search engine.

Any room of the repository may import it. Whole terms come before beginnings, the language before those it falls
back to, labels before aliases, then by bytes; each entity once. Capitals count, unless nothing is found
otherwise.
"""

# ruff: noqa: S608 - the column is a constant of this file, values are bound

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from capx_graph import languages
from capx_graph.repository.ids import letter_of
from capx_graph.repository.storage.database import Database

_LAST = "\U0010ffff"
_TYPES = ("label", "alias")


@dataclass(frozen=True, slots=True)
class TermMatch:
    """An entity with the term by which it was found."""

    entity_id: str
    type: str
    language: str
    text: str


class TermSearch:
    """Searches the terms of one repository."""

    def __init__(self, database: Database) -> None:
        self._database = database

    def find(self, text: str, language: str, kind: str, *, limit: int, fallback: bool = True) -> list[TermMatch]:
        """The first matches among the entities of a kind."""
        chain = languages.fallback(language) if fallback else (language,)
        found = self._collected(text, chain, kind, limit, column="text")
        return found or self._collected(text.casefold(), chain, kind, limit, column="folded")

    def _collected(self, text: str, chain: tuple[str, ...], kind: str, limit: int, *, column: str) -> list[TermMatch]:
        found: dict[str, TermMatch] = {}
        for end in (text, text + _LAST):
            for language in chain:
                for type_ in _TYPES:
                    for match in self._rows(column, text, end, language, type_, kind, limit):
                        found.setdefault(match.entity_id, match)
                    if len(found) >= limit:
                        return list(found.values())[:limit]
        return list(found.values())

    def _rows(
        self, column: str, start: str, end: str, language: str, type_: str, kind: str, limit: int
    ) -> Iterator[TermMatch]:
        rows = self._database.reading().execute(
            f"SELECT entity_id, type, language, text FROM term WHERE language = ? AND {column} BETWEEN ? AND ? "
            f"AND type = ? AND entity_id GLOB ? ORDER BY {column} LIMIT ?",
            (language, start, end, type_, f"{letter_of(kind)}*", limit),
        )
        for row in rows:
            yield TermMatch(*row)
