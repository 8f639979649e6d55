"""Who was asked by mail whether their profile is still true, when, and what became of it.

Rooms above reach it as ``Accounts.reconfirmations``. A try is kept before anything is sent, so that a process killed
meanwhile does not send again at once; that it was delivered is kept when a wiki has said so and not before. A row goes
when its member confirms.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta

from capx_graph.accounts.database import PrivateDatabase
from capx_graph.instants import Clock, from_epoch, to_epoch

SCHEMA = """
CREATE TABLE IF NOT EXISTS reconfirmation (
    user_id INTEGER PRIMARY KEY, tries INTEGER NOT NULL DEFAULT 0, tried INTEGER, delivered INTEGER, hidden INTEGER,
    fields TEXT NOT NULL DEFAULT ''
);
"""
_LAST = "coalesce((SELECT max(c.at) FROM consent c WHERE c.user_id = m.user_id), m.joined)"
_SHOWS = "EXISTS (SELECT 1 FROM private_value v WHERE v.user_id = m.user_id AND v.state <> 'private')"
_FIRST_WAIT, _LONGEST_WAIT = timedelta(days=1), timedelta(days=32)


@dataclass(frozen=True, slots=True)
class Reconfirming:
    """How far it is with one member: ``hidden`` fields were public until then."""

    tries: int = 0
    tried: datetime | None = None
    delivered: datetime | None = None
    hidden: datetime | None = None
    fields: tuple[str, ...] = ()

    @property
    def again(self) -> datetime | None:
        """When the next try may be made, each after twice the time of the one before; None for at once."""
        if self.tried is None:
            return None
        return self.tried + min(_FIRST_WAIT * (1 << min(self.tries - 1, 10)), _LONGEST_WAIT)


class Reconfirmations:
    """Those of one installation."""

    def __init__(self, database: PrivateDatabase, clock: Clock) -> None:
        self._database = database
        self._clock = clock
        database.ensure(SCHEMA)

    def of(self, member_id: int) -> Reconfirming:
        """How far it is with a member."""
        sql = "SELECT tries, tried, delivered, hidden, fields FROM reconfirmation WHERE user_id = ?"
        row = self._database.row(sql, member_id)
        if row is None:
            return Reconfirming()
        return Reconfirming(row[0], _at(row[1]), _at(row[2]), _at(row[3]), tuple(row[4].split()))

    def last(self, member_id: int) -> datetime | None:
        """When a member who shows anything to others last consented or confirmed; None for who shows nothing."""
        sql = f"SELECT {_LAST} FROM member m WHERE m.user_id = ? AND (m.item IS NOT NULL OR {_SHOWS})"  # noqa: S608 our own
        row = self._database.row(sql, member_id)
        return _at(row[0]) if row else None

    def silent(self, before: datetime) -> list[tuple[int, datetime]]:
        """Members with a public item who have not confirmed since; those who were silent longest first."""
        sql = f"SELECT m.user_id, {_LAST} AS last FROM member m WHERE m.item IS NOT NULL AND last < ? ORDER BY last, 1"  # noqa: S608 our own names
        rows = self._database.rows(sql, to_epoch(before))
        return [(row[0], from_epoch(row[1])) for row in rows]

    def trying(self, member_id: int) -> None:
        """A notice is about to be sent."""
        self._set(member_id, "tries = tries + 1, tried = ?, delivered = NULL", to_epoch(self._clock()))

    def delivered(self, member_id: int) -> None:
        """A notice was delivered."""
        self._set(member_id, "delivered = ?", to_epoch(self._clock()))

    def hiding(self, member_id: int, fields: Iterable[str]) -> None:
        """These fields are being made private, besides those that were before."""
        there = self.of(member_id)
        kept = " ".join(dict.fromkeys([*there.fields, *fields]))
        hidden = to_epoch(there.hidden or self._clock())
        self._set(member_id, "hidden = ?, fields = ?", hidden, kept)

    def forget(self, member_id: int) -> None:
        """The member has answered."""
        with self._database.writing() as connection:
            connection.execute("DELETE FROM reconfirmation WHERE user_id = ?", (member_id,))

    def _set(self, member_id: int, what: str, *values: object) -> None:
        with self._database.writing() as connection:
            connection.execute("INSERT OR IGNORE INTO reconfirmation (user_id) VALUES (?)", (member_id,))
            connection.execute(f"UPDATE reconfirmation SET {what} WHERE user_id = ?", (*values, member_id))  # noqa: S608 our own names


def _at(seconds: int | None) -> datetime | None:
    return None if seconds is None else from_epoch(seconds)
