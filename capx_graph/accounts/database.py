"""The private SQLite file; only rooms of this package import it.

One connection behind a lock: it is asked for a session a request, a row by its key.
"""

from __future__ import annotations

import sqlite3
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from capx_graph.datadir.journals import journal_mode
from capx_graph.errors import DataError, Unavailable

SCHEMA = """
CREATE TABLE IF NOT EXISTS meta (key TEXT PRIMARY KEY, value BLOB NOT NULL) WITHOUT ROWID;
CREATE TABLE IF NOT EXISTS account (
    user_id INTEGER PRIMARY KEY AUTOINCREMENT,
    name TEXT NOT NULL UNIQUE,
    password TEXT NOT NULL,
    registered INTEGER NOT NULL
);
CREATE TABLE IF NOT EXISTS membership (
    user_id INTEGER NOT NULL, name TEXT NOT NULL, PRIMARY KEY (user_id, name)
) WITHOUT ROWID;
CREATE TABLE IF NOT EXISTS bot_password (
    user_id INTEGER NOT NULL, application TEXT NOT NULL, password TEXT NOT NULL, rights TEXT,
    PRIMARY KEY (user_id, application)
) WITHOUT ROWID;
CREATE TABLE IF NOT EXISTS session (
    key TEXT PRIMARY KEY, user_id INTEGER NOT NULL, rights TEXT, expires INTEGER NOT NULL
) WITHOUT ROWID;
CREATE TABLE IF NOT EXISTS consumer (
    consumer_key TEXT PRIMARY KEY, user_id INTEGER NOT NULL, name TEXT NOT NULL, rights TEXT, protocol INTEGER NOT NULL,
    secret TEXT NOT NULL, access_token TEXT NOT NULL, access_secret TEXT NOT NULL, made INTEGER NOT NULL
) WITHOUT ROWID;
CREATE INDEX IF NOT EXISTS consumer_user ON consumer (user_id);
"""


class PrivateDatabase:
    """One file; readable by the account that runs the service alone."""

    def __init__(self, path: Path) -> None:
        self._lock = threading.RLock()
        try:
            self._connection = sqlite3.connect(path, timeout=60, isolation_level=None, check_same_thread=False)
            self._connection.execute(f"PRAGMA journal_mode={journal_mode(path.parent)}")
            self._connection.execute("PRAGMA synchronous=FULL")
            self._connection.execute("PRAGMA secure_delete=ON")
            self._connection.executescript(SCHEMA)
        except sqlite3.DatabaseError as error:
            raise DataError(f"{path} cannot be opened: {error}") from error
        path.chmod(0o600)

    def close(self) -> None:
        """Closes the file."""
        with self._lock:
            self._connection.close()

    def ensure(self, schema: str) -> None:
        """Makes the tables of a store that are not there yet (``CREATE TABLE IF NOT EXISTS``)."""
        with self._lock:
            self._connection.executescript(schema)

    def ensure_column(self, table: str, name: str, declared: str) -> None:
        """Adds a column to a table that an earlier version made; one that is there stays as it is."""
        with self.writing() as connection:
            if name not in {row[1] for row in connection.execute(f"PRAGMA table_info({table})")}:
                connection.execute(f"ALTER TABLE {table} ADD COLUMN {name} {declared}")

    def rows(self, sql: str, *values: object) -> list[tuple[Any, ...]]:
        """The rows of a query."""
        with self._lock:
            return self._connection.execute(sql, values).fetchall()

    def row(self, sql: str, *values: object) -> tuple[Any, ...] | None:
        """The first row of a query."""
        return next(iter(self.rows(sql, *values)), None)

    def compact(self) -> None:
        """Writes the file anew without what was deleted; raises Unavailable while another process hinders."""
        with self._lock:
            self._connection.execute("VACUUM")
            busy = self._connection.execute("PRAGMA wal_checkpoint(TRUNCATE)").fetchone()[0]
        if busy:
            raise Unavailable("another process reads the private store; deleted text leaves its files later")

    @contextmanager
    def writing(self) -> Iterator[sqlite3.Connection]:
        """A transaction: committed at the end, rolled back on any error."""
        with self._lock:
            self._connection.execute("BEGIN IMMEDIATE")
            try:
                yield self._connection
                self._connection.execute("COMMIT")
            except BaseException:
                self._connection.execute("ROLLBACK")
                raise
