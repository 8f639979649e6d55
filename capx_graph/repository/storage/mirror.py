"""The pages of a connected Wikibase, kept beside our own and in the same change log.

Only store.py, upstream/intake.py and upstream/sync.py import it. They are what was read there, under its ids, page and
revision numbers, and nobody edits them here. The state of the reader (how far it has read) is written in the
transaction of what it read, so no crash can part the two. A mirror can be filled anew aside, in as many steps as it
takes, and put in force in one transaction.
"""

# ruff: noqa: S608 - the tables are constants of this file, values are bound

from __future__ import annotations

import json
import sqlite3
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import contextmanager
from typing import Any

from capx_graph.errors import Unavailable
from capx_graph.instants import from_epoch, to_epoch
from capx_graph.model import Page
from capx_graph.repository.ids import kind_of
from capx_graph.repository.storage.content import pack, redirect_content, unpack
from capx_graph.repository.storage.database import Database
from capx_graph.repository.storage.indexing import EntityIndex

_STATE = "mirror"
_WITHHELD = "withheld"
_AT_ONCE = 500
_Row = tuple[str, str, int, int, int, str | None, bytes]


class Mirror:
    """The mirrored pages of one repository; one process at a time writes them. What writes raises Unavailable."""

    def __init__(
        self, database: Database, formatters: Sequence[str | None], committed: Callable[[], None] = lambda: None
    ) -> None:
        self._database = database
        self._formatters = tuple(formatters)
        self._committed = committed

    @property
    def state(self) -> str:
        """What the reader kept with its last write; nothing at first."""
        row = self._database.reading().execute("SELECT value FROM meta WHERE key = ?", (_STATE,)).fetchone()
        return str(row[0]) if row else ""

    def count(self) -> int:
        """How many pages there are."""
        return int(self._database.reading().execute("SELECT count(*) FROM mirror").fetchone()[0])

    def revisions(self) -> dict[str, int]:
        """The revision of every page, by entity."""
        return dict(self._database.reading().execute("SELECT entity_id, revision_id FROM mirror").fetchall())

    def revisions_between(self, start: str, end: str) -> dict[str, int]:
        """The revisions of the pages whose ids, as texts, lie from ``start`` to before ``end``."""
        sql = "SELECT entity_id, revision_id FROM mirror WHERE entity_id >= ? AND entity_id < ?"
        return dict(self._database.reading().execute(sql, (start, end)).fetchall())

    def revisions_of(self, entity_ids: Iterable[str]) -> dict[str, int]:
        """The revisions of those of the entities that are here."""
        ids = list(entity_ids)
        found: dict[str, int] = {}
        for start in range(0, len(ids), _AT_ONCE):
            some = ids[start : start + _AT_ONCE]
            marks = ",".join("?" * len(some))
            sql = f"SELECT entity_id, revision_id FROM mirror WHERE entity_id IN ({marks})"
            found.update(self._database.reading().execute(sql, some).fetchall())
        return found

    def scan(self) -> Iterator[Page]:
        """All pages, in batches that each show one moment."""
        ids = sorted(self.revisions())
        for start in range(0, len(ids), _AT_ONCE):
            some = ids[start : start + _AT_ONCE]
            sql = f"SELECT * FROM mirror WHERE entity_id IN ({','.join('?' * len(some))})"
            yield from map(_page, self._database.reading().execute(sql, some).fetchall())

    def apply(self, pages: Iterable[Page], gone: Iterable[str] = (), *, state: str | None = None) -> int:
        """Takes in pages as they are now, drops others, keeps the state; one transaction. Answers how many changed."""
        rows = [_row(page) for page in pages]
        with self._writing() as connection:
            index, never = EntityIndex(connection, self._formatters), _withheld(connection)
            changed = sum(_put(connection, index, row) for row in rows if row[0] not in never)
            changed += sum(_drop(connection, index, entity_id) for entity_id in gone)
            if state is not None:
                connection.execute("INSERT OR REPLACE INTO meta VALUES (?, ?)", (_STATE, state))
        if changed:
            self._committed()
        return changed

    def withheld(self) -> frozenset[str]:
        """Entities that are never here again, whatever the Wikibase has: those of erased people."""
        return _withheld(self._database.reading())

    def withhold(self, entity_ids: Iterable[str]) -> None:
        """Drops entities for good; doing it again does nothing."""
        ids = list(entity_ids)
        if not ids:
            return
        with self._writing() as connection:
            kept = sorted(_withheld(connection) | set(ids))
            connection.execute("INSERT OR REPLACE INTO meta VALUES (?, ?)", (_WITHHELD, json.dumps(kept)))
            index = EntityIndex(connection, self._formatters)
            changed = sum(_drop(connection, index, entity_id) for entity_id in ids)
            connection.executemany("DELETE FROM mirror_aside WHERE entity_id = ?", [(one,) for one in ids])
        if changed:
            self._committed()

    def set_aside(self, pages: Iterable[Page]) -> None:
        """Adds pages to those that wait aside; nobody reads them before ``swap``."""
        rows = [_row(page) for page in pages]
        with self._writing() as connection:
            connection.executemany("INSERT OR REPLACE INTO mirror_aside VALUES (?, ?, ?, ?, ?, ?, ?)", rows)

    def revisions_aside(self) -> dict[str, int]:
        """The revision of every page that waits aside."""
        return dict(self._database.reading().execute("SELECT entity_id, revision_id FROM mirror_aside").fetchall())

    def swap(self, *, keep: Iterable[str], state: str) -> int:
        """Puts what waits aside in force, as far as it is to be kept; one transaction. Answers how many changed."""
        with self._writing() as connection:
            kept = set(keep) - _withheld(connection)
            index = EntityIndex(connection, self._formatters)
            there = [row[0] for row in connection.execute("SELECT entity_id FROM mirror").fetchall()]
            changed = sum(_drop(connection, index, entity_id) for entity_id in there if entity_id not in kept)
            rows = connection.execute("SELECT * FROM mirror_aside").fetchall()
            changed += sum(_put(connection, index, row) for row in rows if row[0] in kept)
            connection.execute("DELETE FROM mirror_aside")
            connection.execute("INSERT OR REPLACE INTO meta VALUES (?, ?)", (_STATE, state))
        if changed:
            self._committed()
        return changed

    @contextmanager
    def _writing(self) -> Iterator[sqlite3.Connection]:
        try:
            with self._database.writing() as connection:
                yield connection
        except sqlite3.OperationalError as error:
            raise Unavailable(f"what was read cannot be kept: {error}") from error


def _withheld(connection: sqlite3.Connection) -> frozenset[str]:
    row = connection.execute("SELECT value FROM meta WHERE key = ?", (_WITHHELD,)).fetchone()
    return frozenset(json.loads(row[0])) if row else frozenset()


def _row(page: Page) -> _Row:
    content: Any = page.entity if page.redirect_to is None else redirect_content(page.entity_id, page.redirect_to)
    data, _ = pack(content)
    at = to_epoch(page.modified)
    return (page.entity_id, kind_of(page.entity_id), page.page_id, page.revision_id, at, page.redirect_to, data)


def _page(row: _Row) -> Page:
    entity_id, _, page_id, revision_id, at, redirect_to, data = row
    entity = None if redirect_to else unpack(data)
    return Page(entity_id, page_id, revision_id, from_epoch(at), entity, redirect_to)


def _put(connection: sqlite3.Connection, index: EntityIndex, row: _Row) -> bool:
    entity_id, content = row[0], row[-1]
    before = connection.execute("SELECT * FROM mirror WHERE entity_id = ?", (entity_id,)).fetchone()
    if before == row:
        return False
    connection.execute("INSERT OR REPLACE INTO mirror VALUES (?, ?, ?, ?, ?, ?, ?)", row)
    index.follow(entity_id, None, unpack(content), unpack(before[-1]) if before else None)
    connection.execute("INSERT INTO change (entity_id) VALUES (?)", (entity_id,))
    return True


def _drop(connection: sqlite3.Connection, index: EntityIndex, entity_id: str) -> bool:
    if not connection.execute("DELETE FROM mirror WHERE entity_id = ?", (entity_id,)).rowcount:
        return False
    index.forget(entity_id, None)
    connection.execute("INSERT INTO change (entity_id) VALUES (?)", (entity_id,))
    return True
