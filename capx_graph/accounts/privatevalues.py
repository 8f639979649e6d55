"""What members say of themselves and keep to themselves or among members.

Rooms above reach it as ``Accounts.values``. A value is JSON that only its writer understands; a public value is not
here but in the member's item, unless it has still to be brought there (``value`` is then the newer one). What they
consented to when they chose is kept at once with it, in ``consents``.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from capx_graph.accounts.consents import Consents
from capx_graph.accounts.database import PrivateDatabase

SCHEMA = """
CREATE TABLE IF NOT EXISTS private_value (
    user_id INTEGER NOT NULL, field TEXT NOT NULL, state TEXT NOT NULL, value TEXT, PRIMARY KEY (user_id, field)
) WITHOUT ROWID;
CREATE TABLE IF NOT EXISTS unsettled (user_id INTEGER PRIMARY KEY);
"""


@dataclass(frozen=True, slots=True)
class Kept:
    """One field of a member: who may see it, and its value as JSON (None where the item has it)."""

    state: str
    value: str | None


class PrivateValues:
    """The values of one installation."""

    def __init__(self, database: PrivateDatabase, consents: Consents) -> None:
        self._database = database
        self._consents = consents
        database.ensure(SCHEMA)

    def of(self, member_id: int) -> dict[str, Kept]:
        """What is kept of a member, by field."""
        rows = self._database.rows("SELECT field, state, value FROM private_value WHERE user_id = ?", member_id)
        return {field: Kept(state, value) for field, state, value in rows}

    def save(
        self, member_id: int, values: Mapping[str, Kept], *, consented: Iterable[str], wording: str, language: str
    ) -> None:
        """Keeps values and the consents to their states, at once; the member's item has to follow."""
        states = {field: values[field].state for field in consented}
        with self._database.writing() as connection:
            connection.executemany(
                "INSERT OR REPLACE INTO private_value VALUES (?, ?, ?, ?)",
                [(member_id, field, kept.state, kept.value) for field, kept in values.items()],
            )
            self._consents.add(connection, member_id, states, wording=wording, language=language)
            connection.execute("INSERT OR IGNORE INTO unsettled VALUES (?)", (member_id,))

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
