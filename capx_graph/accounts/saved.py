"""People and organizations that somebody has saved for themselves; nobody else ever learns of it.

Rooms above reach it as ``Accounts.saved``. A holder is known by their item, or by ``member:NUMBER`` as long as they
have published nothing; what is saved is known by its item.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from capx_graph.accounts.database import PrivateDatabase
from capx_graph.instants import Clock, to_epoch

SCHEMA = """
CREATE TABLE IF NOT EXISTS saved (
    holder TEXT NOT NULL, item TEXT NOT NULL, relation TEXT NOT NULL, since INTEGER NOT NULL,
    note TEXT NOT NULL DEFAULT '', PRIMARY KEY (holder, item)
) WITHOUT ROWID;
"""
_NOTE = "TEXT NOT NULL DEFAULT ''"
RELATIONS = ("", "learner", "sharer")
LONGEST_NOTE = 500
_ADDED = """
INSERT INTO saved (holder, item, relation, since, note) VALUES (?, ?, ?, ?, ?)
ON CONFLICT (holder, item) DO UPDATE SET relation = excluded.relation, note = excluded.note
"""


@dataclass(frozen=True, slots=True)
class Saved:
    """An entry of a list; ``relation`` is what the holder thinks of: ``learner``, ``sharer``, or empty."""

    item: str
    relation: str = ""
    note: str = ""


def holder_without_item(member_id: int) -> str:
    """Under what the list of a member is kept who has no item."""
    return f"member:{member_id}"


class SavedLists:
    """The lists of one installation."""

    def __init__(self, database: PrivateDatabase, clock: Clock) -> None:
        self._database = database
        self._clock = clock
        database.ensure(SCHEMA)
        database.ensure_column("saved", "note", _NOTE)  # lists were made before there were notes

    def of(self, holder: str) -> tuple[Saved, ...]:
        """What somebody has saved, the oldest first."""
        rows = self._database.rows(
            "SELECT item, relation, note FROM saved WHERE holder = ? ORDER BY since, length(item), item", holder
        )
        return tuple(Saved(*row) for row in rows)

    def items(self, holder: str) -> frozenset[str]:
        """The same as item ids."""
        return frozenset(entry.item for entry in self.of(holder))

    def add(self, holder: str, entry: Saved) -> None:
        """Saves a thing; what was saved already keeps its place and gets the new relation and note."""
        with self._database.writing() as connection:
            connection.execute(_ADDED, (holder, entry.item, entry.relation, to_epoch(self._clock()), entry.note))

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
        now = to_epoch(self._clock())
        rows = [
            (holder, entry.item, entry.relation, now, entry.note)
            for holder, entries in lists.items()
            for entry in entries
        ]
        with self._database.writing() as connection:
            connection.executemany("DELETE FROM saved WHERE holder = ?", [(holder,) for holder in lists])
            connection.executemany(_ADDED, rows)
