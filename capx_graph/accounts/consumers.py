"""Owner-only consumers of OAuth: programs that act for one account, without its password.

Rooms above reach it as ``Accounts.consumers``. A consumer of OAuth 2 fetches short-lived tokens with its secret; one
of OAuth 1.0a signs each request, so its secrets are kept as they are: a signature cannot be checked against a hash.
"""

from __future__ import annotations

import hmac
import secrets
from collections.abc import Callable, Iterable
from dataclasses import dataclass

from capx_graph.accounts.database import PrivateDatabase
from capx_graph.accounts.sessions import StoredSession, digest, kept_rights, rights_from
from capx_graph.errors import InvalidInput
from capx_graph.instants import Clock, to_epoch
from capx_graph.model import Account

TOKEN_LIFETIME = 4 * 3600
_TOKEN_MARK = "bearer:"  # noqa: S105 - keeps tokens apart from sessions


@dataclass(frozen=True, slots=True)
class Consumer:
    """A consumer as its owner sees it, the secrets only when it is made (they are empty for OAuth 2 where not used)."""

    key: str
    name: str
    protocol: int
    secret: str = ""
    access_token: str = ""
    access_secret: str = ""


class Consumers:
    """The consumers of one installation."""

    def __init__(self, database: PrivateDatabase, account: Callable[[int, str], Account], clock: Clock) -> None:
        self._database = database
        self._account = account
        self._clock = clock

    def add(self, owner: Account, name: str, *, protocol: int = 2, rights: Iterable[str] | None = None) -> Consumer:
        """A new consumer of OAuth 2 or 1; its secrets are told this once. Raises InvalidInput."""
        if protocol not in (1, 2) or not name.strip():
            raise InvalidInput("a consumer has a name, and protocol 1 or 2")
        made = Consumer(secrets.token_hex(16), name.strip(), protocol, secrets.token_hex(20))
        kept = digest(made.secret)
        if protocol == 1:
            made = Consumer(
                made.key,
                made.name,
                1,
                made.secret,
                access_token=secrets.token_hex(16),
                access_secret=secrets.token_hex(20),
            )
            kept = made.secret
        row = (
            made.key, owner.user_id, made.name, kept_rights(rights), protocol, kept, made.access_token,
            made.access_secret, to_epoch(self._clock()),
        )  # fmt: skip
        with self._database.writing() as connection:
            connection.execute("INSERT INTO consumer VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)", row)
        return made

    def of(self, owner: Account) -> list[Consumer]:
        """The consumers of an account, without their secrets."""
        rows = self._database.rows(
            "SELECT consumer_key, name, protocol FROM consumer WHERE user_id = ? ORDER BY made", owner.user_id
        )
        return [Consumer(*row) for row in rows]

    def remove(self, owner: Account, key: str) -> bool:
        """Removes a consumer and its tokens; answers whether there was one."""
        with self._database.writing() as connection:
            done = connection.execute(
                "DELETE FROM consumer WHERE consumer_key = ? AND user_id = ?", (key, owner.user_id)
            )
            connection.execute("DELETE FROM session WHERE rights LIKE ?", (f"{_TOKEN_MARK}{key} %",))
        return done.rowcount > 0

    def issue_token(self, key: str, secret: str) -> tuple[str, int] | None:
        """A token of OAuth 2 and the seconds that it lasts, when key and secret are right."""
        row = self._database.row(
            "SELECT user_id, secret, rights FROM consumer WHERE consumer_key = ? AND protocol = 2", key
        )
        if row is None or not hmac.compare_digest(row[1], digest(secret)):
            return None
        token = secrets.token_hex(32)
        now = to_epoch(self._clock())
        with self._database.writing() as connection:
            connection.execute("DELETE FROM session WHERE expires < ?", (now,))
            connection.execute(
                "INSERT INTO session VALUES (?, ?, ?, ?)",
                (digest(_TOKEN_MARK + token), row[0], f"{_TOKEN_MARK}{key} {row[2] or '*'}", now + TOKEN_LIFETIME),
            )
        return token, TOKEN_LIFETIME

    def bearer(self, token: str) -> StoredSession | None:
        """The session of a token of OAuth 2."""
        row = self._database.row(
            "SELECT a.user_id, a.name, s.rights FROM session s JOIN account a ON a.user_id = s.user_id "
            "WHERE s.key = ? AND s.expires >= ?",
            digest(_TOKEN_MARK + token),
            to_epoch(self._clock()),
        )
        if row is None:
            return None
        rights = row[2].partition(" ")[2]
        return StoredSession(self._account(row[0], row[1]), None if rights == "*" else rights_from(rights))

    def signing(self, key: str, access_token: str) -> tuple[str, str, StoredSession] | None:
        """The two secrets with which a consumer of OAuth 1 signs, and its session."""
        row = self._database.row(
            "SELECT c.secret, c.access_secret, a.user_id, a.name, c.rights FROM consumer c "
            "JOIN account a ON a.user_id = c.user_id "
            "WHERE c.consumer_key = ? AND c.access_token = ? AND c.protocol = 1",
            key,
            access_token,
        )
        if row is None:
            return None
        return row[0], row[1], StoredSession(self._account(row[2], row[3]), rights_from(row[4]))
