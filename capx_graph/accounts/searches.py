"""Searches that members keep, each with the token of its feed; nobody else ever learns of them.

Rooms above reach it as ``Accounts.searches``. A token is kept as it is, for its owner to copy again: it opens nothing
but what everybody can search, and the search itself lies beside it.
"""

from __future__ import annotations

import secrets
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from capx_graph.accounts.database import PrivateDatabase
from capx_graph.instants import Clock, from_epoch, to_epoch

SCHEMA = """
CREATE TABLE IF NOT EXISTS saved_search (
    search_id INTEGER PRIMARY KEY AUTOINCREMENT, user_id INTEGER NOT NULL, name TEXT NOT NULL, query TEXT NOT NULL,
    token TEXT UNIQUE, revision INTEGER NOT NULL, made INTEGER NOT NULL
);
CREATE INDEX IF NOT EXISTS saved_search_user ON saved_search (user_id);
"""
_COLUMNS = "search_id, user_id, name, query, coalesce(token, ''), revision, made"
_TOKEN_BYTES = 32


@dataclass(frozen=True, slots=True)
class SavedSearch:
    """A search as parameters of an address; ``token`` is empty where its feed was stopped.

    What matches since is what has a revision after ``revision``.
    """

    id: int
    member_id: int
    name: str
    query: str
    token: str
    revision: int
    made: datetime


class SavedSearches:
    """The searches of one installation."""

    def __init__(self, database: PrivateDatabase, clock: Clock) -> None:
        self._database = database
        self._clock = clock
        database.ensure(SCHEMA)

    def of(self, member_id: int) -> tuple[SavedSearch, ...]:
        """What a member keeps, the newest first."""
        sql = f"SELECT {_COLUMNS} FROM saved_search WHERE user_id = ? ORDER BY search_id DESC"  # noqa: S608 our own names
        return tuple(_search(row) for row in self._database.rows(sql, member_id))

    def with_token(self, token: str) -> SavedSearch | None:
        """The search whose feed this is."""
        sql = f"SELECT {_COLUMNS} FROM saved_search WHERE token = ?"  # noqa: S608 our own names
        row = self._database.row(sql, token) if token else None
        return _search(row) if row else None

    def add(self, member_id: int, name: str, query: str, *, revision: int) -> None:
        """Keeps a search with a feed of its own."""
        made = to_epoch(self._clock())
        with self._database.writing() as connection:
            connection.execute(
                "INSERT INTO saved_search (user_id, name, query, token, revision, made) VALUES (?, ?, ?, ?, ?, ?)",
                (member_id, name, query, _new_token(), revision, made),
            )

    def remove(self, member_id: int, search_id: int) -> None:
        """Forgets a search; its feed ends."""
        with self._database.writing() as connection:
            connection.execute("DELETE FROM saved_search WHERE user_id = ? AND search_id = ?", (member_id, search_id))

    def renew(self, member_id: int, search_id: int) -> None:
        """Gives the feed another address; the old one ends."""
        self._set_token(member_id, search_id, _new_token())

    def stop(self, member_id: int, search_id: int) -> None:
        """Takes the feed's address away."""
        self._set_token(member_id, search_id, None)

    def _set_token(self, member_id: int, search_id: int, token: str | None) -> None:
        with self._database.writing() as connection:
            connection.execute(
                "UPDATE saved_search SET token = ? WHERE user_id = ? AND search_id = ?", (token, member_id, search_id)
            )


def _new_token() -> str:
    return secrets.token_urlsafe(_TOKEN_BYTES)


def _search(row: tuple[Any, ...]) -> SavedSearch:
    number, member_id, name, query, token, revision, made = row
    return SavedSearch(number, member_id, name, query, token, revision, from_epoch(made))
