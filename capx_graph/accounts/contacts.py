"""How members wish to be contacted; nobody but they themselves learns more of it than the link that follows from it.

Rooms above reach it as ``Accounts.contacts``. Who has chosen nothing has no row.
"""

from __future__ import annotations

from capx_graph.accounts.database import PrivateDatabase
from capx_graph.instants import Clock, to_epoch

SCHEMA = """
CREATE TABLE IF NOT EXISTS contact (
    user_id INTEGER PRIMARY KEY, channel TEXT NOT NULL, at INTEGER NOT NULL, change INTEGER NOT NULL
);
"""
_CHOSEN = "INSERT OR REPLACE INTO contact SELECT ?, ?, ?, coalesce(max(change), 0) + 1 FROM contact"


class Contacts:
    """The choices of one installation."""

    def __init__(self, database: PrivateDatabase, clock: Clock) -> None:
        self._database = database
        self._clock = clock
        database.ensure(SCHEMA)

    def of(self, member_id: int) -> str | None:
        """The channel that a member chose."""
        row = self._database.row("SELECT channel FROM contact WHERE user_id = ?", member_id)
        return str(row[0]) if row else None

    def choose(self, member_id: int, channel: str) -> None:
        """Keeps a choice instead of the one before."""
        with self._database.writing() as connection:
            connection.execute(_CHOSEN, (member_id, channel, to_epoch(self._clock())))

    @property
    def stamp(self) -> str:
        """Differs after every choice: what pages that show the links are marked with."""
        count, newest = self._database.rows("SELECT count(*), coalesce(max(change), 0) FROM contact")[0]
        return f"{count}.{newest}"
