"""People and organizations that somebody has saved for themselves; nobody else ever learns of it.

Rooms above reach it as ``Accounts.saved``. A holder is known by their item, or by ``member:NUMBER`` as long as they
have published nothing; what is saved is known by its item.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime

from capx_graph.accounts.database import PrivateDatabase

SCHEMA = """
CREATE TABLE IF NOT EXISTS saved (
    holder TEXT NOT NULL, item TEXT NOT NULL, relation TEXT NOT NULL, since INTEGER NOT NULL, PRIMARY KEY (holder, item)
) WITHOUT ROWID;
"""
_IMPORTED = "INSERT OR REPLACE INTO saved VALUES (?, ?, ?, ?)"


@dataclass(frozen=True, slots=True)
class Saved:
    """An entry of a list; ``relation`` is what the holder thinks of: ``learner``, ``sharer``, or empty."""

    item: str
    relation: str = ""


class SavedLists:
    """The lists of one installation."""

    def __init__(self, database: PrivateDatabase, clock: Callable[[], datetime]) -> None:
        self._database = database
        self._clock = clock
        database.ensure(SCHEMA)

    def of(self, holder: str) -> tuple[Saved, ...]:
        """What somebody has saved, the oldest first."""
        rows = self._database.rows(
            "SELECT item, relation FROM saved WHERE holder = ? ORDER BY since, length(item), item", holder
        )
        return tuple(Saved(item, relation) for item, relation in rows)

    def items(self, holder: str) -> frozenset[str]:
        """The same as item ids."""
        return frozenset(entry.item for entry in self.of(holder))

    def add(self, holder: str, entry: Saved) -> None:
        """Saves a thing; what was saved already gets the new relation."""
        with self._database.writing() as connection:
            connection.execute(_IMPORTED, (holder, entry.item, entry.relation, self._now()))

    def remove(self, holder: str, item: str) -> None:
        """Forgets a thing."""
        with self._database.writing() as connection:
            connection.execute("DELETE FROM saved WHERE holder = ? AND item = ?", (holder, item))

    def move(self, holder: str, to: str) -> None:
        """A list follows its holder, who is known otherwise from now on: by an item, or no longer by one."""
        with self._database.writing() as connection:
            connection.execute("UPDATE OR REPLACE saved SET holder = ? WHERE holder = ?", (to, holder))

    def replace(self, lists: Mapping[str, Iterable[Saved]]) -> None:
        """Makes these the whole lists of their holders, all at once; other holders keep theirs."""
        now = self._now()
        rows = [(holder, entry.item, entry.relation, now) for holder, entries in lists.items() for entry in entries]
        with self._database.writing() as connection:
            connection.executemany("DELETE FROM saved WHERE holder = ?", [(holder,) for holder in lists])
            connection.executemany(_IMPORTED, rows)

    def forget(self, item: str) -> None:
        """Forgets a person's own list, and that others have saved them."""
        with self._database.writing() as connection:
            connection.execute("DELETE FROM saved WHERE holder = ? OR item = ?", (item, item))

    def _now(self) -> int:
        return int(self._clock().timestamp())
