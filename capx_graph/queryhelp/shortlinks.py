"""Short links to queries: a text is kept under an id that follows from the text, so that one text has one link.

Doors call it. The links lie in ``links.sqlite`` in the data directory, beside the private data: they are durable, and
no part of the repository, the graph or the dumps. A text cannot be changed under its id. What is kept is bounded: a
link more than the cap is refused, and the long address of a query always works.
"""

from __future__ import annotations

import hashlib
import sqlite3
import zlib
from collections.abc import Iterator
from contextlib import closing, contextmanager
from dataclasses import dataclass
from pathlib import Path

from capx_graph.errors import DataError, InvalidParameter, NotFound, Unavailable
from capx_graph.mentions import Mentions
from capx_graph.messages import told

FILE_NAME = "links.sqlite"
LONGEST_TEXT = 20_000
MOST_LINKS = 100_000
"""At about 500 bytes a compressed query: 50 MB; at the worst, 20 kB each, 2 GB."""

_ALPHABET = "23456789ABCDEFGHJKLMNPQRSTUVWXYZabcdefghijkmnopqrstuvwxyz"
"""Without 0 and O, 1 and I and l, which are taken for one another."""
_SHORTEST, _LONGEST = 8, 40
_SCHEMA = "CREATE TABLE IF NOT EXISTS link (id TEXT PRIMARY KEY, text BLOB NOT NULL) WITHOUT ROWID"


@dataclass(frozen=True, slots=True)
class ShortLinks:
    """The links of one data directory; one for all threads."""

    directory: Path
    most: int = MOST_LINKS

    def keep(self, text: str) -> str:
        """The id of a text, kept from now on; raises InvalidParameter, or Unavailable when there are too many."""
        if not text.strip() or len(text) > LONGEST_TEXT:
            rule = told("mend-length", LONGEST_TEXT) if text.strip() else told("mend-missing")
            raise InvalidParameter("query", text[:40], rule)
        whole = _name(text)
        with self._open() as connection, connection:
            for length in range(_SHORTEST, len(whole) + 1):
                known = self._text(connection, whole[:length])
                if known == text:
                    return whole[:length]
                if known is None:
                    self._add(connection, whole[:length], text)
                    return whole[:length]
        raise DataError("two queries have the same digest")

    def find(self, link_id: str) -> str:
        """The text of a link; raises NotFound."""
        if not _SHORTEST <= len(link_id) <= _LONGEST or not set(link_id) <= set(_ALPHABET):
            raise NotFound("there is no such short link")
        with self._open() as connection:
            text = self._text(connection, link_id)
        if text is None:
            raise NotFound("there is no such short link")
        return text

    def forget(self, mentions: Mentions) -> int:
        """Removes the links to queries that mention an account, and their text from the file; answers how many."""
        with self._open() as connection:
            connection.execute("PRAGMA secure_delete=ON")
            texts = connection.execute("SELECT id, text FROM link")
            found = [(link_id,) for link_id, text in texts if mentions.within(zlib.decompress(text).decode())]
            with connection:
                connection.executemany("DELETE FROM link WHERE id = ?", found)
            if found:
                connection.execute("VACUUM")
        return len(found)

    def _add(self, connection: sqlite3.Connection, link_id: str, text: str) -> None:
        count: int = connection.execute("SELECT count(*) FROM link").fetchone()[0]
        if count >= self.most:
            raise Unavailable(f"there are {count} short links already; use the long address of the query")
        connection.execute("INSERT INTO link VALUES (?, ?)", (link_id, zlib.compress(text.encode(), 9)))

    def _text(self, connection: sqlite3.Connection, link_id: str) -> str | None:
        row = connection.execute("SELECT text FROM link WHERE id = ?", (link_id,)).fetchone()
        return zlib.decompress(row[0]).decode() if row else None

    @contextmanager
    def _open(self) -> Iterator[sqlite3.Connection]:
        try:
            with closing(sqlite3.connect(self.directory / FILE_NAME, timeout=5)) as connection:
                connection.execute(_SCHEMA)
                yield connection
        except sqlite3.OperationalError as error:
            raise Unavailable(f"short links cannot be kept now: {error}") from error


def _name(text: str) -> str:
    """The digest of a text in the alphabet of ids."""
    number = int.from_bytes(hashlib.sha256(text.encode()).digest())
    letters: list[str] = []
    while number and len(letters) < _LONGEST:
        number, digit = divmod(number, len(_ALPHABET))
        letters.append(_ALPHABET[digit])
    return "".join(letters)
