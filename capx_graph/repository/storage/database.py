"""The SQLite file of the repository: connections, transactions, durability; only rooms of the repository import it.

One writing connection behind a lock (and SQLite's own lock between processes, waited for), one reading
connection a thread. A commit is on the disk when it returns: WAL with synchronous=FULL. Deleted text is overwritten
(secure_delete), because an erased profile must not be readable in the file.
"""

from __future__ import annotations

import sqlite3
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from capx_graph.datadir.journals import journal_mode
from capx_graph.errors import DataError, Unavailable
from capx_graph.repository.storage.schema import MIRROR, SCHEMA, UPGRADES, VERSION

_WAIT_FOR_WRITER = 60.0
_WAIT_FOR_READERS = 500
_CACHE_KIB = 32 * 1024


class Database:
    """One file, any number of threads and processes."""

    def __init__(self, path: Path) -> None:
        self._path = path
        self._lock = threading.RLock()
        self._local = threading.local()
        self._readers: dict[threading.Thread, sqlite3.Connection] = {}
        try:
            self._writer = self._connect()
            self._prepare()
        except sqlite3.DatabaseError as error:
            raise DataError(f"{path} cannot be opened as a repository: {error}") from error

    def _connect(self) -> sqlite3.Connection:
        connection = sqlite3.connect(
            self._path, timeout=_WAIT_FOR_WRITER, isolation_level=None, check_same_thread=False, cached_statements=256
        )
        connection.execute("PRAGMA synchronous=FULL")
        connection.execute("PRAGMA foreign_keys=OFF")
        connection.execute(f"PRAGMA cache_size=-{_CACHE_KIB}")
        return connection

    def _prepare(self) -> None:
        self._writer.execute(f"PRAGMA journal_mode={journal_mode(self._path.parent)}")
        self._writer.execute("PRAGMA secure_delete=ON")
        self._writer.execute("BEGIN IMMEDIATE")
        version = self._writer.execute("PRAGMA user_version").fetchone()[0]
        if version == 0:
            self._run(SCHEMA)
            self._run(MIRROR)
        for earlier in range(version, VERSION) if version else ():
            self._run(UPGRADES[earlier])
        if version < VERSION:
            self._writer.execute(f"PRAGMA user_version={VERSION:d}")
        self._writer.execute("COMMIT")
        if version > VERSION:
            raise DataError(f"{self._path} has the format {version}, this program knows {VERSION}")

    def _run(self, script: str) -> None:
        for statement in script.split(";\n"):
            if statement.strip():
                self._writer.execute(statement)

    @contextmanager
    def writing(self) -> Iterator[sqlite3.Connection]:
        """A write transaction: committed at the end, rolled back on any error; raises Unavailable."""
        with self._lock:
            try:
                self._writer.execute("BEGIN IMMEDIATE")
            except sqlite3.OperationalError as error:
                raise Unavailable(f"another process is writing to {self._path}: {error}") from error
            try:
                yield self._writer
                self._writer.execute("COMMIT")
            except BaseException:
                if self._writer.in_transaction:
                    self._writer.execute("ROLLBACK")
                raise

    def reading(self) -> sqlite3.Connection:
        """This thread's reading connection; every statement sees the newest commit."""
        connection: sqlite3.Connection | None = getattr(self._local, "connection", None)
        if connection is None:
            connection = self._connect()
            connection.execute("PRAGMA query_only=ON")
            self._local.connection = connection
            with self._lock:
                for thread in [thread for thread in self._readers if not thread.is_alive()]:
                    self._readers.pop(thread).close()
                self._readers[threading.current_thread()] = connection
        return connection

    @contextmanager
    def snapshot(self) -> Iterator[sqlite3.Connection]:
        """A connection of its own on which everything read belongs to one moment."""
        connection = self._connect()
        try:
            connection.execute("PRAGMA query_only=ON")
            connection.execute("BEGIN")
            yield connection
        finally:
            connection.close()

    def forget_deleted_text(self) -> None:
        """Empties the write-ahead log, where overwritten text would otherwise stay until the file is closed.

        A reader of an older moment hinders it; then the next time does it.
        """
        with self._lock:
            self._writer.execute(f"PRAGMA busy_timeout={_WAIT_FOR_READERS:d}")
            self._writer.execute("PRAGMA wal_checkpoint(TRUNCATE)")
            self._writer.execute(f"PRAGMA busy_timeout={_WAIT_FOR_WRITER * 1000:.0f}")

    def compact(self) -> None:
        """Writes the file anew without what was deleted; raises Unavailable while an older state is read."""
        with self._lock:
            try:
                self._writer.execute("VACUUM")
                busy = self._writer.execute("PRAGMA wal_checkpoint(TRUNCATE)").fetchone()[0]
            except sqlite3.OperationalError as error:
                raise Unavailable(f"{self._path} cannot be written anew now: {error}") from error
        if busy:
            raise Unavailable(f"somebody reads an older state of {self._path}; deleted text leaves its files later")

    def close(self) -> None:
        """Closes every connection; no thread may use the database any more."""
        with self._lock:
            for connection in (*self._readers.values(), self._writer):
                connection.close()
            self._readers.clear()
