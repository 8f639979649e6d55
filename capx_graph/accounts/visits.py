"""The sessions of an account as its owner sees them: since when, with what browser, and how to end them.

Rooms above reach it as ``Accounts.visits``. Nothing is kept of where somebody came from; a session is named by a hash
of the hash that is kept of its key, so the list of sessions opens no door.
"""

from __future__ import annotations

import hmac
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime

from capx_graph.accounts.database import PrivateDatabase
from capx_graph.accounts.sessions import SESSION_LIFETIME, digest
from capx_graph.instants import Clock, from_epoch, to_epoch
from capx_graph.model import Account

SCHEMA = """
CREATE TABLE IF NOT EXISTS session_agent (key TEXT PRIMARY KEY, agent TEXT NOT NULL) WITHOUT ROWID;
"""
_LONGEST_AGENT = 200


@dataclass(frozen=True, slots=True)
class Visit:
    """One session; ``agent`` is what the browser called itself, empty where a tool signed in through the API."""

    id: str
    begun: datetime
    expires: datetime
    agent: str
    present: bool


class Visits:
    """The sessions of one installation, by account."""

    def __init__(
        self,
        database: PrivateDatabase,
        open_session: Callable[[Account, frozenset[str] | None], str],
        clock: Clock,
    ) -> None:
        self._database = database
        self._open_session = open_session
        self._clock = clock
        database.ensure(SCHEMA)

    def begin(self, account: Account, agent: str) -> str:
        """A new session of a browser; answers its key, which only the browser keeps."""
        key = self._open_session(account, None)
        with self._database.writing() as connection:
            connection.execute("DELETE FROM session_agent WHERE key NOT IN (SELECT key FROM session)")
            connection.execute("INSERT INTO session_agent VALUES (?, ?)", (digest(key), agent[:_LONGEST_AGENT]))
        return key

    def of(self, account: Account, present: str = "") -> list[Visit]:
        """The sessions that an account has, newest first; ``present`` is the key of the one that asks."""
        rows = self._database.rows(
            "SELECT s.key, s.expires, coalesce(a.agent, '') FROM session s LEFT JOIN session_agent a ON a.key = s.key "
            "WHERE s.user_id = ? AND s.expires >= ? AND coalesce(s.rights, '') NOT LIKE 'bearer:%' "
            "ORDER BY s.expires DESC, s.key",
            account.user_id,
            to_epoch(self._clock()),
        )
        own = digest(present)
        return [
            Visit(
                digest(kept),
                from_epoch(expires) - SESSION_LIFETIME,
                from_epoch(expires),
                agent,
                hmac.compare_digest(kept, own),
            )
            for kept, expires, agent in rows
        ]

    def end(self, account: Account, visit_id: str) -> bool:
        """Ends one session of the account; answers whether there was one."""
        rows = self._database.rows("SELECT key FROM session WHERE user_id = ?", account.user_id)
        ended = [key for (key,) in rows if hmac.compare_digest(digest(key).encode(), visit_id.encode())]
        self._end(ended)
        return bool(ended)

    def end_others(self, account: Account, present: str) -> int:
        """Ends every session of the account but the one that asks; answers how many there were."""
        rows = self._database.rows(
            "SELECT key FROM session WHERE user_id = ? AND key <> ?", account.user_id, digest(present)
        )
        self._end([key for (key,) in rows])
        return len(rows)

    def _end(self, keys: list[str]) -> None:
        with self._database.writing() as connection:
            for table in ("session", "session_agent"):
                connection.executemany(f"DELETE FROM {table} WHERE key = ?", [(key,) for key in keys])  # noqa: S608 our own names
