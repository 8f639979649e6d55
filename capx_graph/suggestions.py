"""Capacities that people suggest, and what became of each: a file of the durable data, beside the private store.

Doors reach it through the services. A suggestion is no item until a maintainer makes one of it, so that what was
declined has no id, no history and no page of the wiki, and ``forget`` leaves nothing of somebody who leaves.
"""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator
from contextlib import closing, contextmanager
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Any

from capx_graph.errors import Conflict, DataError, InvalidInput, NotFound
from capx_graph.instants import Clock, from_epoch, to_epoch, utc_now
from capx_graph.messages import told
from capx_graph.model import Decision

FILE_NAME = "suggestions.sqlite"
MOST_OPEN = 20
"""Suggestions of one account that may wait at a time."""

_SCHEMA = """
CREATE TABLE IF NOT EXISTS suggestion (
    number INTEGER PRIMARY KEY AUTOINCREMENT,
    account TEXT NOT NULL, made INTEGER NOT NULL,
    language TEXT NOT NULL, label TEXT NOT NULL, description TEXT NOT NULL, parent TEXT, reason TEXT NOT NULL,
    state TEXT NOT NULL DEFAULT 'open', decided INTEGER, decider TEXT, answer TEXT NOT NULL DEFAULT '', item TEXT
);
CREATE INDEX IF NOT EXISTS suggestion_state ON suggestion (state, number);
CREATE INDEX IF NOT EXISTS suggestion_account ON suggestion (account, number);
"""
_COLUMNS = "number, account, made, language, label, description, parent, reason, state, decided, decider, answer, item"


@dataclass(frozen=True, slots=True)
class Wish:
    """What somebody suggests: a name and what it means, in one language, perhaps below a capacity, and why."""

    language: str
    label: str
    description: str = ""
    parent: str | None = None
    reason: str = ""


@dataclass(frozen=True, slots=True)
class Suggestion:
    """A suggestion with its outcome; ``item`` is the capacity that was made of it, or that says the same."""

    number: int
    account: str
    made: datetime
    wish: Wish
    state: Decision = Decision.OPEN
    decided: datetime | None = None
    decider: str | None = None
    answer: str = ""
    item: str | None = None


class Suggestions:
    """The suggestions of one data directory; one for all threads. Raises DataError for a file that cannot be used."""

    def __init__(self, directory: Path, *, clock: Clock = utc_now) -> None:
        self._path = directory / FILE_NAME
        self._clock = clock

    def add(self, wish: Wish, *, account: str) -> int:
        """Keeps a suggestion; answers its number; raises InvalidInput when too many of the account wait already."""
        with self._writing() as connection:
            count = "SELECT count(*) FROM suggestion WHERE account = ? AND state = 'open'"
            if connection.execute(count, (account,)).fetchone()[0] >= MOST_OPEN:
                raise InvalidInput(told("refused-suggestions-open", MOST_OPEN))
            done = connection.execute(
                "INSERT INTO suggestion (account, made, language, label, description, parent, reason) "
                "VALUES (?, ?, ?, ?, ?, ?, ?)",
                (
                    account,
                    to_epoch(self._clock()),
                    wish.language,
                    wish.label,
                    wish.description,
                    wish.parent,
                    wish.reason,
                ),
            )
            return int(done.lastrowid or 0)

    def of_state(self, state: Decision, *, limit: int = 200) -> list[Suggestion]:
        """Those of a state: open ones oldest first, others newest first."""
        order = "ASC" if state is Decision.OPEN else "DESC"
        sql = f"SELECT {_COLUMNS} FROM suggestion WHERE state = ? ORDER BY number {order} LIMIT ?"  # noqa: S608 our own names
        return [_suggestion(row) for row in self._rows(sql, state.value, limit)]

    def of_account(self, account: str, *, limit: int = 200) -> list[Suggestion]:
        """What somebody suggested, newest first."""
        sql = f"SELECT {_COLUMNS} FROM suggestion WHERE account = ? ORDER BY number DESC LIMIT ?"  # noqa: S608 our own names
        return [_suggestion(row) for row in self._rows(sql, account, limit)]

    def get(self, number: int) -> Suggestion:
        """One suggestion; raises NotFound."""
        rows = self._rows(f"SELECT {_COLUMNS} FROM suggestion WHERE number = ?", number)  # noqa: S608 our own names
        if not rows:
            raise NotFound(told("refused-suggestion-absent", str(number)))
        return _suggestion(rows[0])

    def decide(self, number: int, state: Decision, *, decider: str, answer: str, item: str | None = None) -> None:
        """Keeps the outcome; raises Conflict when somebody decided before."""
        with self._writing() as connection:
            done = connection.execute(
                "UPDATE suggestion SET state = ?, decided = ?, decider = ?, answer = ?, item = ? "
                "WHERE number = ? AND state = 'open'",
                (state.value, to_epoch(self._clock()), decider, answer, item, number),
            )
            if done.rowcount == 0:
                raise Conflict(told("refused-decided"))

    def forget(self, account: str) -> int:
        """Removes what somebody suggested, and their name where they decided; answers how many were removed."""
        with self._writing() as connection:
            connection.execute("UPDATE suggestion SET decider = NULL WHERE decider = ?", (account,))
            removed = connection.execute("DELETE FROM suggestion WHERE account = ?", (account,)).rowcount
        with self._open() as connection:
            connection.execute("VACUUM")
        return removed

    def _rows(self, sql: str, *values: object) -> list[tuple[object, ...]]:
        with self._open() as connection:
            return connection.execute(sql, values).fetchall()

    @contextmanager
    def _writing(self) -> Iterator[sqlite3.Connection]:
        with self._open() as connection:
            connection.execute("BEGIN IMMEDIATE")
            try:
                yield connection
                connection.execute("COMMIT")
            except BaseException:
                connection.execute("ROLLBACK")
                raise

    @contextmanager
    def _open(self) -> Iterator[sqlite3.Connection]:
        try:
            with closing(sqlite3.connect(self._path, timeout=60, isolation_level=None)) as connection:
                connection.execute("PRAGMA secure_delete=ON")
                connection.executescript(_SCHEMA)
                self._path.chmod(0o600)
                yield connection
        except sqlite3.DatabaseError as error:
            raise DataError(f"{self._path} cannot be read or written: {error}") from error


def _suggestion(row: tuple[Any, ...]) -> Suggestion:
    number, account, made, language, label, description, parent, reason, state, decided, decider, answer, item = row
    return Suggestion(
        number=number,
        account=account,
        made=from_epoch(made),
        wish=Wish(language, label, description, parent, reason),
        state=Decision(state),
        decided=from_epoch(decided) if decided is not None else None,
        decider=decider,
        answer=answer,
        item=item,
    )
