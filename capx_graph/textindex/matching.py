"""How a query meets the texts: exact, beginning, words, beginnings of words, parts; imported by the text index.

Every way is one SELECT; the better ones run first and the weaker ones only while hits are missing. Everything a
person types reaches SQLite as a quoted FTS phrase or a parameter, never as syntax.
"""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Collection, Mapping, Sequence

from capx_graph.model import EntityKind
from capx_graph.textindex.entries import TextEntry, TextHit
from capx_graph.textindex.folding import fold, spaced, words
from capx_graph.textindex.schema import FIELDS, Row, entry_of

_SELECT = "SELECT e.entity_id, e.kind, e.place, e.language, e.text, e.folded FROM"
_OF_KINDS = "(?2 IS NULL OR e.kind IN (SELECT value FROM json_each(?2)))"
_EXACT = f"{_SELECT} entry e WHERE e.folded = ?1 AND {_OF_KINDS} ORDER BY e.place, e.id LIMIT ?3"
_BEGINNING = (
    f"{_SELECT} entry e WHERE e.folded >= ?1 AND e.folded < ?1 || char(1114111) AND {_OF_KINDS} "
    "ORDER BY e.folded LIMIT ?3"
)
_BY_WORDS = f"{_SELECT} word JOIN entry e ON e.id = word.rowid WHERE word MATCH ?1 AND {_OF_KINDS} ORDER BY"
_BY_GRAMS = f"{_SELECT} gram JOIN entry e ON e.id = gram.rowid WHERE gram MATCH ?1 AND {_OF_KINDS} ORDER BY"
_WORDS = f"{_BY_WORDS} e.place, length(e.folded), e.id LIMIT ?3"
_PART = f"{_BY_GRAMS} e.place, length(e.folded), e.id LIMIT ?3"
_NAMED = (
    "SELECT asked.value, e.entity_id, e.kind, e.place, e.language, e.text FROM json_each(?1) asked "
    "CROSS JOIN entry e ON e.folded = asked.value WHERE e.kind IN (SELECT value FROM json_each(?2)) ORDER BY e.id"
)
_SIMILAR = f"{_BY_GRAMS} gram.rank, e.place, e.id LIMIT ?3"

_SHORTEST_GRAM = 3
_MOST_GRAMS = 48
"""Of a long text the first are enough to find what resembles it."""
_EVERYTHING = -1
"""SQLite's LIMIT for 'no limit'."""

_TIERS = 5
Found = tuple[str, str | None, int, str | None, str, str]
Named = Mapping[str, Sequence[TextEntry]]


class Matcher:
    """One query over one connection; collects the best hit of each entity."""

    def __init__(self, connection: sqlite3.Connection, text: str, kinds: Collection[EntityKind]) -> None:
        self._connection = connection
        self._folded = fold(text)
        self._words = words(self._folded)
        self._kinds = "[" + ",".join(f'"{kind}"' for kind in kinds) + "]" if kinds else None
        self._best: dict[str, tuple[tuple[int, int, int, int], TextHit]] = {}
        self._languages: dict[str, int] = {}

    def prefer(self, languages: Sequence[str]) -> None:
        """Among equally good texts of an entity, take the one in the first of these languages."""
        self._languages = {language: place for place, language in enumerate(languages)}

    def search(self, limit: int | None) -> list[TextHit]:
        """Every entity that holds all words of the query, and those that hold it as a part of a word."""
        if not self._words:
            return []
        most = _EVERYTHING if limit is None else limit * 8
        self._run(_EXACT, self._folded, most)
        self._run(_WORDS, self._phrases(), most)
        if len(self._folded) >= _SHORTEST_GRAM and self._wants_more(limit):
            self._run(_PART, _quoted(self._folded), most)
        return self._ranked(limit)

    def suggest(self, limit: int) -> list[TextHit]:
        """The few best entities for what has been typed so far; texts that begin with it come first."""
        if not self._folded:
            return []
        most = limit * 20
        self._run(_EXACT, self._folded, most)
        self._run(_BEGINNING, self._folded, most)
        if self._words and self._wants_more(limit):
            self._run(_WORDS, self._phrases(), most)
        if len(self._folded) >= _SHORTEST_GRAM and self._wants_more(limit):
            self._run(_PART, _quoted(self._folded), most)
        return self._ranked(limit)

    def similar(self, limit: int) -> list[TextHit]:
        """Entities that share the rarest triples of letters with the query, most alike first."""
        starts = range(min(len(self._folded) - _SHORTEST_GRAM + 1, _MOST_GRAMS))
        grams = dict.fromkeys(self._folded[start : start + _SHORTEST_GRAM] for start in starts)
        if grams and self._words:
            # A text in many languages is many rows of one entity; the best row of each comes first.
            self._run(_SIMILAR, " OR ".join(map(_quoted, grams)), limit * 8)
        return [hit for _, hit in self._best.values()][:limit]

    def _phrases(self) -> str:
        return " AND ".join(_quoted(spaced(word)) + " *" for word in self._words)

    def _wants_more(self, limit: int | None) -> bool:
        return limit is None or len(self._best) < limit

    def _run(self, query: str, argument: str, most: int) -> None:
        for row in self._connection.execute(query, (argument, self._kinds, most)):
            self._take(row)

    def _take(self, row: Found) -> None:
        entity_id, place, language, folded = row[0], row[2], row[3], row[5]
        tier = self._tier(folded)
        preference = self._languages.get(language or "", len(self._languages))
        rank = (tier, preference, place, len(folded))
        known = self._best.get(entity_id)
        if known is None or rank < known[0]:
            self._best[entity_id] = (rank, self._hit(row[:5], tier, rank))

    def _hit(self, row: Row, tier: int, rank: tuple[int, int, int, int]) -> TextHit:
        _, preference, place, length = rank
        # Each step leaves room for the finer ones below it: tier, preferred language, field, length.
        fine = (1 if not preference else 0.5) * (1 - place / len(FIELDS) - min(length, 500) / 20_000)
        score = 1.0 if tier == 0 else (_TIERS - tier - 0.5 + max(fine, 0) / 2) / _TIERS
        entry = entry_of(row)
        return TextHit(
            entity_id=entry.entity_id,
            kind=entry.kind,
            field=entry.field,
            language=entry.language,
            text=entry.text,
            score=score,
            exact=tier == 0,
        )

    def _tier(self, folded: str) -> int:
        if folded == self._folded:
            return 0
        if folded.startswith(self._folded):
            return 1
        own = set(folded.split())
        if own.issuperset(self._words):
            return 2
        padded = " " + folded
        return 3 if all(" " + word in padded for word in self._words) else 4

    def _ranked(self, limit: int | None) -> list[TextHit]:
        ranked = sorted(self._best.values(), key=lambda pair: (pair[0], pair[1].entity_id))
        return [hit for _, hit in ranked[:limit]]


def named(connection: sqlite3.Connection, phrases: Collection[str], kinds: Collection[EntityKind]) -> Named:
    """The texts of things of these kinds that are exactly a phrase, by the phrase; phrases are folded."""
    found: dict[str, list[TextEntry]] = {}
    for row in connection.execute(_NAMED, (json.dumps([*phrases]), json.dumps([*kinds]))):
        found.setdefault(row[0], []).append(entry_of(row[1:]))
    return found


def _quoted(text: str) -> str:
    return '"' + text.replace('"', '""') + '"'
