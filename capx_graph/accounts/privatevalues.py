"""What members say of themselves and keep to themselves or among members, and what they consented to.

Rooms above reach it as ``Accounts.values``. A value is JSON that only its writer understands;
a public value is not here but in the member's item, unless it has still to be brought there (``value`` is then the
newer one). Consents are only ever added to.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime

from capx_graph.accounts.database import PrivateDatabase
from capx_graph.instants import Clock, from_epoch, to_epoch

SCHEMA = """
CREATE TABLE IF NOT EXISTS private_value (
    user_id INTEGER NOT NULL, field TEXT NOT NULL, state TEXT NOT NULL, value TEXT, PRIMARY KEY (user_id, field)
) WITHOUT ROWID;
CREATE TABLE IF NOT EXISTS unsettled (user_id INTEGER PRIMARY KEY);
CREATE TABLE IF NOT EXISTS consent (
    consent_id INTEGER PRIMARY KEY AUTOINCREMENT, user_id INTEGER NOT NULL, field TEXT NOT NULL, state TEXT NOT NULL,
    at INTEGER NOT NULL, wording TEXT NOT NULL, language TEXT NOT NULL
);
CREATE INDEX IF NOT EXISTS consent_user ON consent (user_id);
"""

CONFIRMED = "confirmed"
"""The state of a consent to all that a profile shows already."""


@dataclass(frozen=True, slots=True)
class Kept:
    """One field of a member: who may see it, and its value as JSON (None where the item has it)."""

    state: str
    value: str | None


@dataclass(frozen=True, slots=True)
class Consent:
    """That a member chose a state for a field, when, and which wording they were shown in which language."""

    field: str
    state: str
    at: datetime
    wording: str
    language: str


class PrivateValues:
    """The values and consents of one installation."""

    def __init__(self, database: PrivateDatabase, clock: Clock) -> None:
        self._database = database
        self._clock = clock
        database.ensure(SCHEMA)

    def of(self, member_id: int) -> dict[str, Kept]:
        """What is kept of a member, by field."""
        rows = self._database.rows("SELECT field, state, value FROM private_value WHERE user_id = ?", member_id)
        return {field: Kept(state, value) for field, state, value in rows}

    def save(
        self, member_id: int, values: Mapping[str, Kept], *, consented: Iterable[str], wording: str, language: str
    ) -> None:
        """Keeps values and the consents to their states, at once; the member's item has to follow."""
        now = to_epoch(self._clock())
        with self._database.writing() as connection:
            connection.executemany(
                "INSERT OR REPLACE INTO private_value VALUES (?, ?, ?, ?)",
                [(member_id, field, kept.state, kept.value) for field, kept in values.items()],
            )
            connection.executemany(
                "INSERT INTO consent (user_id, field, state, at, wording, language) VALUES (?, ?, ?, ?, ?, ?)",
                [(member_id, field, values[field].state, now, wording, language) for field in consented],
            )
            connection.execute("INSERT OR IGNORE INTO unsettled VALUES (?)", (member_id,))

    def confirm(self, member_id: int, *, wording: str, language: str) -> None:
        """Keeps that a member said that all of it is still true."""
        with self._database.writing() as connection:
            connection.execute(
                "INSERT INTO consent (user_id, field, state, at, wording, language) VALUES (?, 'profile', ?, ?, ?, ?)",
                (member_id, CONFIRMED, to_epoch(self._clock()), wording, language),
            )

    def settled(self, member_id: int, fields: Iterable[str]) -> None:
        """The item has what these fields say now."""
        with self._database.writing() as connection:
            connection.executemany(
                "UPDATE private_value SET value = NULL WHERE user_id = ? AND field = ?",
                [(member_id, field) for field in fields],
            )
            connection.execute("DELETE FROM unsettled WHERE user_id = ?", (member_id,))

    def wait(self, member_id: int) -> None:
        """The member's item has to follow something that was said elsewhere."""
        with self._database.writing() as connection:
            connection.execute("INSERT OR IGNORE INTO unsettled VALUES (?)", (member_id,))

    def unsettled(self) -> list[int]:
        """Members whose items do not yet say what they chose."""
        return [row[0] for row in self._database.rows("SELECT user_id FROM unsettled ORDER BY user_id")]

    def consents(self, member_id: int) -> list[Consent]:
        """What a member consented to, in order."""
        rows = self._database.rows(
            "SELECT field, state, at, wording, language FROM consent WHERE user_id = ? ORDER BY consent_id", member_id
        )
        return [Consent(row[0], row[1], from_epoch(row[2]), row[3], row[4]) for row in rows]

    def erase(self, member_id: int) -> None:
        """Takes everything of a member away."""
        with self._database.writing() as connection:
            for table in ("private_value", "unsettled", "consent"):
                connection.execute(f"DELETE FROM {table} WHERE user_id = ?", (member_id,))  # noqa: S608 our own names
