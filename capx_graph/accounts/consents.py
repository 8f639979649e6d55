"""What members consented to: for which part of their profile, when, and to which wording in which language.

Rooms above reach it as ``Accounts.consents``. Consents are only ever added to, until their member leaves; that a
profile is still true, which members confirm once a year, stands among them.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from sqlite3 import Connection

from capx_graph.accounts.database import PrivateDatabase
from capx_graph.instants import Clock, from_epoch, to_epoch

SCHEMA = """
CREATE TABLE IF NOT EXISTS consent (
    consent_id INTEGER PRIMARY KEY AUTOINCREMENT, user_id INTEGER NOT NULL, field TEXT NOT NULL, state TEXT NOT NULL,
    at INTEGER NOT NULL, wording TEXT NOT NULL, language TEXT NOT NULL
);
CREATE INDEX IF NOT EXISTS consent_user ON consent (user_id);
"""

_ALL, _CONFIRMED = "profile", "confirmed"
"""The field and the state of a consent to all that a profile shows already."""


@dataclass(frozen=True, slots=True)
class Consent:
    """That a member chose a state for a field, when, and which wording they were shown in which language."""

    field: str
    state: str
    at: datetime
    wording: str
    language: str


class Consents:
    """The consents of one installation."""

    def __init__(self, database: PrivateDatabase, clock: Clock) -> None:
        self._database = database
        self._clock = clock
        database.ensure(SCHEMA)

    def of(self, member_id: int) -> list[Consent]:
        """What a member consented to, in order."""
        rows = self._database.rows(
            "SELECT field, state, at, wording, language FROM consent WHERE user_id = ? ORDER BY consent_id", member_id
        )
        return [Consent(row[0], row[1], from_epoch(row[2]), row[3], row[4]) for row in rows]

    def confirm(self, member_id: int, *, wording: str, language: str) -> None:
        """Keeps that a member said that all of their profile is still true."""
        with self._database.writing() as connection:
            self.add(connection, member_id, {_ALL: _CONFIRMED}, wording=wording, language=language)

    def add(
        self, connection: Connection, member_id: int, states: Mapping[str, str], *, wording: str, language: str
    ) -> None:
        """Keeps consents to states, by field, within the transaction that keeps what they are for."""
        now = to_epoch(self._clock())
        connection.executemany(
            "INSERT INTO consent (user_id, field, state, at, wording, language) VALUES (?, ?, ?, ?, ?, ?)",
            [(member_id, field, state, now, wording, language) for field, state in states.items()],
        )
