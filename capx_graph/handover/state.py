"""Which entity here is which there, and what both said when they were last in step: a file of the durable data.

Only this package, its jobs and erasing import it. One file a wiki elsewhere; a lock keeps a second run out. A pair is
kept before or right after the entity is made, so a run that is cut off leaves nothing to be made twice.
"""

from __future__ import annotations

import hashlib
import json
import sqlite3
import zlib
from collections.abc import Collection, Iterable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path

from capx_graph.datadir.journals import journal_mode
from capx_graph.datadir.locks import only_run
from capx_graph.errors import DataError

FOLDER = "handover"
_SCHEMA = """
CREATE TABLE IF NOT EXISTS wiki (key TEXT PRIMARY KEY, value TEXT NOT NULL);
CREATE TABLE IF NOT EXISTS pair (
    here TEXT PRIMARY KEY, there TEXT NOT NULL UNIQUE,
    revision_here INTEGER NOT NULL DEFAULT 0, revision_there INTEGER NOT NULL DEFAULT 0, base BLOB
);
CREATE TABLE IF NOT EXISTS remaining (there TEXT PRIMARY KEY);
"""


@dataclass(slots=True)
class Base:
    """What both sides said: fingerprints by part (``labels/en``, ``claims/TAIL``), and tails there that differ.

    The revisions are those at which they were compared; 0 for a pair that was never in step.
    """

    revision_here: int = 0
    revision_there: int = 0
    parts: dict[str, str] = field(default_factory=dict)
    tails: dict[str, str] = field(default_factory=dict)

    @property
    def met(self) -> bool:
        """Whether the two were ever compared."""
        return self.revision_there > 0


@dataclass(frozen=True, slots=True)
class Pair:
    """An entity here and the one there that stands for it."""

    here: str
    there: str
    base: Base


class Pairing:
    """The pairs with one wiki; for one run at a time."""

    def __init__(self, data: Path, concept_base: str) -> None:
        folder = data / FOLDER
        folder.mkdir(parents=True, exist_ok=True)
        self.path = folder / f"{hashlib.sha256(concept_base.encode()).hexdigest()[:12]}.sqlite"
        try:
            self._db = sqlite3.connect(self.path, isolation_level=None, timeout=30)
            self._db.execute(f"PRAGMA journal_mode = {journal_mode(folder)}")
            self._db.executescript(f"PRAGMA synchronous = FULL; PRAGMA secure_delete = ON; {_SCHEMA}")
            self._db.execute("INSERT OR IGNORE INTO wiki VALUES ('concept_base', ?)", (concept_base,))
        except sqlite3.DatabaseError as error:
            raise DataError(f"{self.path} cannot be read: {error}") from error

    def close(self) -> None:
        """Closes the file."""
        self._db.close()

    def all(self) -> list[Pair]:
        """Every pair."""
        rows = self._db.execute("SELECT here, there, revision_here, revision_there, base FROM pair ORDER BY rowid")
        return [Pair(here, there, _base(at_here, at_there, blob)) for here, there, at_here, at_there, blob in rows]

    def keep(self, pairs: Iterable[Pair]) -> None:
        """Keeps pairs as they are now; another pair that one of the two was in is forgotten."""
        with self._writing():
            for pair in pairs:
                base = pair.base
                self._db.execute("DELETE FROM pair WHERE there = ? AND here <> ?", (pair.there, pair.here))
                self._db.execute(
                    "INSERT OR REPLACE INTO pair VALUES (?, ?, ?, ?, ?)",
                    (pair.here, pair.there, base.revision_here, base.revision_there, _packed(base)),
                )

    def erase(self, here: Collection[str]) -> list[str]:
        """Forgets entities that are erased here; answers those that remain there, which are kept to be deleted."""
        gone: list[str] = []
        with self._writing():
            for entity_id in here:
                row = self._db.execute("DELETE FROM pair WHERE here = ? RETURNING there", (entity_id,)).fetchone()
                if row:
                    gone.append(row[0])
                    self._db.execute("INSERT OR IGNORE INTO remaining VALUES (?)", row)
        return gone

    def remaining(self) -> list[str]:
        """Entities there that stand for what was erased here."""
        return [row[0] for row in self._db.execute("SELECT there FROM remaining ORDER BY there")]

    def deleted(self, there: str) -> None:
        """What remained of somebody there is gone."""
        with self._writing():
            self._db.execute("DELETE FROM remaining WHERE there = ?", (there,))

    @contextmanager
    def locked(self) -> Iterator[None]:
        """Keeps other runs out; raises Unavailable while one is at work."""
        told = "another push or pull with this wiki is at work; try again when it has ended"
        with only_run(self.path.with_suffix(".lock"), told):
            yield

    @contextmanager
    def _writing(self) -> Iterator[None]:
        self._db.execute("BEGIN IMMEDIATE")
        try:
            yield
        except BaseException:
            self._db.execute("ROLLBACK")
            raise
        self._db.execute("COMMIT")


def erase_pairs(data: Path, items: Collection[str]) -> list[str]:
    """Forgets items in every file of pairs; answers the IRIs of what stands for them elsewhere."""
    remaining = []
    for concept_base in _wikis(data):
        pairing = Pairing(data, concept_base)
        try:
            remaining += [concept_base + entity_id for entity_id in pairing.erase(items)]
        finally:
            pairing.close()
    return remaining


def _wikis(data: Path) -> list[str]:
    """The concept bases of the wikis that a data directory has pairs with."""
    found = []
    for path in sorted((data / FOLDER).glob("*.sqlite")):
        connection = sqlite3.connect(path)
        try:
            row = connection.execute("SELECT value FROM wiki WHERE key = 'concept_base'").fetchone()
        finally:
            connection.close()
        found += [str(row[0])] if row else []
    return found


def _base(revision_here: int, revision_there: int, blob: bytes | None) -> Base:
    if blob is None:
        return Base(revision_here, revision_there)
    parts, tails = json.loads(zlib.decompress(blob))
    return Base(revision_here, revision_there, parts, tails)


def _packed(base: Base) -> bytes | None:
    if not base.met:
        return None
    content: tuple[Mapping[str, str], Mapping[str, str]] = (base.parts, base.tails)
    return zlib.compress(json.dumps(content, separators=(",", ":")).encode())
