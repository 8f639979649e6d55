"""That a member lets this site edit a wiki in their name, and the sealed tokens by which it does so.

Rooms above reach it as ``Accounts.wiki_grants``. What is sealed is opened elsewhere, with a key that is not in this
file, so that a copy of the file edits nowhere. A grant that the wiki refused keeps no tokens, and tells its owner that
it ended.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime

from capx_graph.accounts.database import PrivateDatabase
from capx_graph.instants import Clock, from_epoch, to_epoch

SCHEMA = """
CREATE TABLE IF NOT EXISTS wiki_grant (
    user_id INTEGER PRIMARY KEY, wiki TEXT NOT NULL, given INTEGER NOT NULL, sealed BLOB, ended INTEGER
);
"""


@dataclass(frozen=True, slots=True)
class WikiGrant:
    """What a member allowed at which wiki, and when; without ``sealed`` the wiki has refused it since ``ended``."""

    wiki: str
    given: datetime
    sealed: bytes | None = field(default=None, repr=False)
    ended: datetime | None = None


class WikiGrants:
    """The grants of one installation, one a member."""

    def __init__(self, database: PrivateDatabase, clock: Clock) -> None:
        self._database = database
        self._clock = clock
        database.ensure(SCHEMA)

    def of(self, member_id: int) -> WikiGrant | None:
        """What a member allowed."""
        row = self._database.row("SELECT wiki, given, sealed, ended FROM wiki_grant WHERE user_id = ?", member_id)
        if row is None:
            return None
        wiki, given, sealed, ended = row
        return WikiGrant(wiki, from_epoch(given), sealed, from_epoch(ended) if ended is not None else None)

    def keep(self, member_id: int, wiki: str, sealed: bytes) -> None:
        """Keeps a new grant instead of the one before."""
        with self._database.writing() as connection:
            connection.execute(
                "INSERT OR REPLACE INTO wiki_grant VALUES (?, ?, ?, ?, NULL)",
                (member_id, wiki, to_epoch(self._clock()), sealed),
            )

    def renew(self, member_id: int, before: bytes, sealed: bytes) -> bool:
        """Other tokens of the same grant, unless it changed meanwhile."""
        return self._changed("sealed = ? WHERE user_id = ? AND sealed = ?", sealed, member_id, before)

    def end(self, member_id: int, before: bytes) -> bool:
        """The wiki takes these tokens no more; whether they were those that hold."""
        return self._changed(
            "sealed = NULL, ended = ? WHERE user_id = ? AND sealed = ?", to_epoch(self._clock()), member_id, before
        )

    def withdraw(self, member_id: int) -> None:
        """Forgets what a member allowed."""
        with self._database.writing() as connection:
            connection.execute("DELETE FROM wiki_grant WHERE user_id = ?", (member_id,))

    def _changed(self, setting: str, *values: object) -> bool:
        with self._database.writing() as connection:
            return connection.execute(f"UPDATE wiki_grant SET {setting}", values).rowcount > 0  # noqa: S608 our own
