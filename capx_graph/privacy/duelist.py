"""Erasures under way, in the private file: begun, then hidden from every reader, then gone from the files.

Only this package imports it. A line has the names as long as they are needed to find what is left; what is
begun and not hidden was interrupted, and whoever looks next finishes it.
"""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum

from capx_graph.accounts import PrivateDatabase
from capx_graph.instants import Clock, from_epoch, to_epoch

WITHIN = timedelta(hours=12)
"""How long a running service waits, so that one rebuild serves several who leave; a day is promised."""

_SCHEMA = """
CREATE TABLE IF NOT EXISTS erasure (
    number INTEGER PRIMARY KEY AUTOINCREMENT, names TEXT NOT NULL, items TEXT NOT NULL, member INTEGER,
    requested INTEGER NOT NULL, due INTEGER NOT NULL, stage TEXT NOT NULL,
    dumps INTEGER NOT NULL DEFAULT 0
);
"""
_COLUMNS = "number, names, items, member, requested, due, stage, dumps"


class Stage(StrEnum):
    """How far an erasure has come."""

    BEGUN = "begun"
    HIDDEN = "hidden"


@dataclass(frozen=True, slots=True)
class Due:
    """An erasure under way; ``member`` is the number of the account, None for somebody who had none.

    ``dumps`` counts the publications that were withdrawn for it and shall be made anew.
    """

    number: int
    names: tuple[str, ...]
    items: tuple[str, ...]
    member: int | None
    requested: datetime
    due: datetime
    stage: Stage
    dumps: int = 0


class DueList:
    """The erasures under way in one installation."""

    def __init__(self, database: PrivateDatabase, clock: Clock) -> None:
        self._database = database
        self._clock = clock
        database.ensure(_SCHEMA)

    def begin(self, names: Sequence[str], items: Sequence[str], member: int | None) -> Due:
        """A new line."""
        now = self._clock()
        with self._database.writing() as connection:
            number = connection.execute(
                "INSERT INTO erasure (names, items, member, requested, due, stage) VALUES (?, ?, ?, ?, ?, ?)",
                (
                    json.dumps(list(names)),
                    json.dumps(list(items)),
                    member,
                    to_epoch(now),
                    to_epoch(now + WITHIN),
                    Stage.BEGUN,
                ),
            ).lastrowid
        return next(line for line in self.all() if line.number == number)

    def all(self) -> list[Due]:
        """Everything under way, oldest first."""
        rows = self._database.rows(f"SELECT {_COLUMNS} FROM erasure ORDER BY number")  # noqa: S608 our own names
        return [
            Due(
                number,
                tuple(json.loads(names)),
                tuple(json.loads(items)),
                member,
                from_epoch(requested),
                from_epoch(due),
                Stage(stage),
                dumps,
            )
            for number, names, items, member, requested, due, stage, dumps in rows
        ]

    def hidden(self, number: int) -> None:
        """No reader finds anything any more."""
        self._set("UPDATE erasure SET stage = ? WHERE number = ?", Stage.HIDDEN, number)

    def withdrew(self, number: int, dumps: int) -> None:
        """So many publications were withdrawn for it."""
        self._set("UPDATE erasure SET dumps = dumps + ? WHERE number = ?", dumps, number)

    def hurry(self) -> None:
        """Everything under way is due now."""
        self._set("UPDATE erasure SET due = min(due, ?)", to_epoch(self._clock()))

    def forget_names(self, numbers: Sequence[int]) -> None:
        """The names were needed for the last time; the lines stay until the file was written anew."""
        for number in numbers:
            self._set("UPDATE erasure SET names = '[]', items = '[]' WHERE number = ?", number)

    def end(self, numbers: Sequence[int]) -> None:
        """Nothing is left in the files."""
        for number in numbers:
            self._set("DELETE FROM erasure WHERE number = ?", number)

    def _set(self, sql: str, *values: object) -> None:
        with self._database.writing() as connection:
            connection.execute(sql, values)
