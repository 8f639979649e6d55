"""The tables of one generation of the text index, and its connections; imported by this package alone.

The FTS tables are contentless: ``entry`` holds every text once, and a row is taken out of them by giving its text
again. Each thread has a connection of its own, made on first use.
"""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Collection, Iterable, Iterator
from contextlib import contextmanager
from pathlib import Path
from threading import Lock, local

from capx_graph.model import EntityKind
from capx_graph.textindex.entries import FoldedName, TextEntry, TextField
from capx_graph.textindex.folding import fold, spaced

FILE_NAME = "text.sqlite"
FIELDS = tuple(TextField)
_PLACE = {field: place for place, field in enumerate(FIELDS)}

_TABLES = """
CREATE TABLE state (id INTEGER PRIMARY KEY CHECK (id = 1), cursor INTEGER NOT NULL, model TEXT NOT NULL);
INSERT INTO state VALUES (1, 0, '');
CREATE TABLE entry (
    id INTEGER PRIMARY KEY, entity_id TEXT NOT NULL, kind TEXT, place INTEGER NOT NULL, language TEXT,
    text TEXT NOT NULL, folded TEXT NOT NULL
);
CREATE VIRTUAL TABLE word USING fts5(
    text, content = '', tokenize = "unicode61 remove_diacritics 0 categories 'L* N* Co Mn Mc'", prefix = '1 2 3'
);
CREATE VIRTUAL TABLE gram USING fts5(text, content = '', tokenize = "trigram case_sensitive 1");
"""
_INDEXES = """
CREATE INDEX entry_of_entity ON entry (entity_id);
CREATE INDEX entry_by_text ON entry (folded);
"""

_NAMES = (
    "SELECT e.entity_id, e.language, e.folded FROM json_each(?1) asked CROSS JOIN entry e ON e.entity_id = asked.value "
    "WHERE e.place IN (?2, ?3)"
)

Row = tuple[str, str | None, int, str | None, str]
"""entity id, kind, place of the field, language, text"""


class Connections:
    """The connections of all threads to one file."""

    def __init__(self, path: Path) -> None:
        self._path = path
        self._local = local()
        self._lock = Lock()
        self._open: list[sqlite3.Connection] = []

    def mine(self) -> sqlite3.Connection:
        """The connection of the calling thread."""
        connection: sqlite3.Connection | None = getattr(self._local, "connection", None)
        if connection is None:
            connection = connect(self._path)
            self._local.connection = connection
            with self._lock:
                self._open.append(connection)
        return connection

    def close(self) -> None:
        """Closes them all."""
        with self._lock:
            for connection in self._open:
                connection.close()
            self._open.clear()


def connect(path: Path) -> sqlite3.Connection:
    """A connection to an index, for one thread at a time."""
    # Threads do not share it; the check would only forbid that the last reader closes the others' connections.
    connection = sqlite3.connect(path, isolation_level=None, check_same_thread=False, timeout=30)
    connection.execute("PRAGMA journal_mode = WAL")
    connection.execute("PRAGMA synchronous = NORMAL")
    return connection


def is_readable(path: Path) -> bool:
    """Whether there is an index in the file; the deeper look is ``is_sound``."""
    if not path.is_file():
        return False
    try:
        connection = connect(path)
        try:
            return connection.execute("SELECT cursor, model FROM state").fetchone() is not None
        finally:
            connection.close()
    except sqlite3.DatabaseError:
        return False


def create(path: Path) -> None:
    """Make an empty index."""
    connection = connect(path)
    connection.executescript(_TABLES + _INDEXES)
    connection.close()


def create_for_bulk(path: Path) -> sqlite3.Connection:
    """Make an empty index to be filled before anybody reads it; ``finish_bulk`` makes it safe and searchable."""
    connection = sqlite3.connect(path, isolation_level=None, check_same_thread=False)
    connection.execute("PRAGMA journal_mode = OFF")
    connection.execute("PRAGMA synchronous = OFF")
    connection.executescript(_TABLES)
    connection.execute("BEGIN")
    return connection


def finish_bulk(connection: sqlite3.Connection, cursor: int, model: str) -> None:
    """Makes a filled index searchable and safe, as of a change and a model."""
    connection.execute("UPDATE state SET cursor = ?, model = ?", (cursor, model))
    connection.execute("COMMIT")
    connection.executescript(_INDEXES)
    connection.execute("PRAGMA synchronous = FULL")
    connection.execute("PRAGMA journal_mode = WAL")
    connection.close()


@contextmanager
def transaction(connection: sqlite3.Connection) -> Iterator[None]:
    """All that happens inside, or nothing of it."""
    connection.execute("BEGIN IMMEDIATE")
    try:
        yield
    except BaseException:
        connection.execute("ROLLBACK")
        raise
    connection.execute("COMMIT")


def insert(connection: sqlite3.Connection, entries: Iterable[TextEntry]) -> None:
    """Add texts to all tables."""
    for entry in entries:
        folded = fold(entry.text)
        if not folded:
            continue
        row = (entry.entity_id, entry.kind, _PLACE[entry.field], entry.language, entry.text, folded)
        cursor = connection.execute(
            "INSERT INTO entry (entity_id, kind, place, language, text, folded) VALUES (?, ?, ?, ?, ?, ?)", row
        )
        connection.execute("INSERT INTO word (rowid, text) VALUES (?, ?)", (cursor.lastrowid, spaced(folded)))
        connection.execute("INSERT INTO gram (rowid, text) VALUES (?, ?)", (cursor.lastrowid, folded))


def remove(connection: sqlite3.Connection, entity_id: str) -> None:
    """Take all texts of an entity out of all tables."""
    rows = connection.execute("SELECT id, folded FROM entry WHERE entity_id = ?", (entity_id,)).fetchall()
    for id_, folded in rows:
        connection.execute("INSERT INTO word (word, rowid, text) VALUES ('delete', ?, ?)", (id_, spaced(folded)))
        connection.execute("INSERT INTO gram (gram, rowid, text) VALUES ('delete', ?, ?)", (id_, folded))
    connection.execute("DELETE FROM entry WHERE entity_id = ?", (entity_id,))


def entries(connection: sqlite3.Connection, entity_id: str) -> list[TextEntry]:
    """The texts of an entity, in no order."""
    rows = connection.execute(
        "SELECT entity_id, kind, place, language, text FROM entry WHERE entity_id = ?", (entity_id,)
    )
    return [entry_of(row) for row in rows]


def names_of(connection: sqlite3.Connection, entity_ids: Collection[str]) -> list[FoldedName]:
    """The labels and aliases of some entities, in no order."""
    places = _PLACE[TextField.LABEL], _PLACE[TextField.ALIAS]
    rows = connection.execute(_NAMES, (json.dumps([*entity_ids]), *places))
    return [FoldedName(*row) for row in rows]


def entry_of(row: Row) -> TextEntry:
    """A text from its row."""
    entity_id, kind, place, language, text = row
    return TextEntry(entity_id, EntityKind(kind) if kind else None, FIELDS[place], language, text)


def is_sound(connection: sqlite3.Connection) -> bool:
    """Whether both FTS tables are intact and have exactly the rows of ``entry``."""
    try:
        connection.execute("INSERT INTO word (word) VALUES ('integrity-check')")
        connection.execute("INSERT INTO gram (gram) VALUES ('integrity-check')")
    except sqlite3.DatabaseError:
        return False
    strays = connection.execute(
        "SELECT EXISTS (SELECT id FROM entry EXCEPT SELECT id FROM word_docsize) "
        "OR EXISTS (SELECT id FROM word_docsize EXCEPT SELECT id FROM entry) "
        "OR EXISTS (SELECT id FROM entry EXCEPT SELECT id FROM gram_docsize) "
        "OR EXISTS (SELECT id FROM gram_docsize EXCEPT SELECT id FROM entry)"
    ).fetchone()[0]
    return not strays
