"""Accounts with passwords, groups, bot passwords and sessions, in the private file.

Rooms above the adapters import ``Accounts`` from the package; the other private stores hang on it. Passwords are kept
as hashes (``passwords``), keys of sessions as SHA-256 of what the client holds, so that a copy of the file opens no
door. The file is never part of a dump.
"""

from __future__ import annotations

import hashlib
import hmac
import secrets
from collections.abc import Iterable
from pathlib import Path
from sqlite3 import IntegrityError

from capx_graph.accounts.affiliations import Affiliations
from capx_graph.accounts.attempts import Attempts
from capx_graph.accounts.consents import Consents
from capx_graph.accounts.consumers import Consumers
from capx_graph.accounts.contacts import Contacts
from capx_graph.accounts.database import PrivateDatabase
from capx_graph.accounts.drafts import Drafts
from capx_graph.accounts.managers import Managers
from capx_graph.accounts.members import Members
from capx_graph.accounts.names import chosen_name, first_upper
from capx_graph.accounts.passwords import Passwords
from capx_graph.accounts.privatevalues import PrivateValues
from capx_graph.accounts.proposals import Proposals
from capx_graph.accounts.reconfirmations import Reconfirmations
from capx_graph.accounts.reports import Reports
from capx_graph.accounts.saved import SavedLists
from capx_graph.accounts.searches import SavedSearches
from capx_graph.accounts.sessions import SESSION_LIFETIME, StoredSession, digest, kept_rights, rights_from
from capx_graph.accounts.visits import Visits
from capx_graph.accounts.wikigrants import WikiGrants
from capx_graph.errors import Conflict, InvalidInput, NotFound
from capx_graph.instants import Clock, to_epoch, utc_now
from capx_graph.model import Account

FILE_NAME = "private.sqlite"
GROUPS = ("bot", "maintainer", "sysop")
SHORTEST_PASSWORD = 8


class Accounts:
    """The accounts of one installation; other private stores have tables of their own in its ``database``."""

    def __init__(self, directory: Path, *, clock: Clock = utc_now) -> None:
        directory.mkdir(parents=True, exist_ok=True)
        self._path = directory / FILE_NAME
        self._clock = clock
        self._passwords = Passwords()
        self.database = PrivateDatabase(self._path)
        self._database = self.database
        self._database.ensure_column("account", "self_made", "INTEGER")
        self.saved = SavedLists(self._database, clock)
        self.consumers = Consumers(self._database, self._account, clock)
        self.members = Members(self._database, clock)
        self.consents = Consents(self._database, clock)
        self.values = PrivateValues(self._database, self.consents)
        self.searches = SavedSearches(self._database, clock)
        self.reconfirmations = Reconfirmations(self._database, clock)
        self.contacts = Contacts(self._database, clock)
        self.affiliations = Affiliations(self._database, clock)
        self.drafts = Drafts(self._database, clock)
        self.managers = Managers(self._database, clock)
        self.proposals = Proposals(self._database, clock)
        self.reports = Reports(self._database, clock)
        self.wiki_grants = WikiGrants(self._database, clock)
        self.attempts = Attempts()
        self.visits = Visits(self._database, self.open_session, clock)
        self.secret = self._kept_secret()

    def close(self) -> None:
        """Closes the file."""
        self._database.close()

    def _kept_secret(self) -> bytes:
        with self._database.writing() as connection:
            connection.execute("INSERT OR IGNORE INTO meta VALUES ('secret', ?)", (secrets.token_bytes(32),))
            row = connection.execute("SELECT value FROM meta WHERE key = 'secret'").fetchone()
        return bytes(row[0])

    @property
    def erasing_key(self) -> bytes:
        """The key of the tombstones; it follows from the secret, so that every copy of this file has it."""
        return hmac.new(self.secret, b"tombstones", hashlib.sha256).digest()

    def end_expired(self) -> int:
        """Removes sessions that have run out; answers how many."""
        with self._database.writing() as connection:
            ended = connection.execute("DELETE FROM session WHERE expires < ?", (to_epoch(self._clock()),)).rowcount
            connection.execute("DELETE FROM session_agent WHERE key NOT IN (SELECT key FROM session)")
        return ended

    def end_all_sessions(self) -> None:
        """Signs everybody out; in a restored copy, sessions would come back that were ended since."""
        with self._database.writing() as connection:
            connection.execute("DELETE FROM session")
            connection.execute("DELETE FROM session_agent")

    # -- accounts

    def add(self, name: str, password: str, *, groups: Iterable[str] = (), self_made: bool = False) -> Account:
        """A new account; raises InvalidInput and Conflict. ``self_made`` says that nobody vouches for the name."""
        name = chosen_name(name)
        if len(password) < SHORTEST_PASSWORD:
            raise InvalidInput(f"a password has at least {SHORTEST_PASSWORD} characters")
        hashed = self._passwords.hashed(password)
        with self._database.writing() as connection:
            try:
                connection.execute(
                    "INSERT INTO account (name, password, registered, self_made) VALUES (?, ?, ?, ?)",
                    (name, hashed, to_epoch(self._clock()), 1 if self_made else None),
                )
            except IntegrityError as error:
                raise Conflict(f"the name {name!r} is taken") from error
        self.set_groups(name, groups)
        account = self.account(name)
        assert account is not None
        return account

    def is_self_made(self, user_id: int) -> bool:
        """Whether somebody chose this account's name themselves, here, so that it may be another's elsewhere."""
        return self._database.row("SELECT 1 FROM account WHERE user_id = ? AND self_made = 1", user_id) is not None

    def set_groups(self, name: str, groups: Iterable[str]) -> None:
        """Makes these the groups of an account; raises NotFound and InvalidInput."""
        wanted = set(groups)
        if wanted - set(GROUPS):
            raise InvalidInput(f"the groups are {', '.join(GROUPS)}")
        account = self._existing(name)
        with self._database.writing() as connection:
            connection.execute("DELETE FROM membership WHERE user_id = ?", (account.user_id,))
            rows = [(account.user_id, group) for group in sorted(wanted)]
            connection.executemany("INSERT INTO membership VALUES (?, ?)", rows)

    def set_password(self, name: str, password: str) -> None:
        """Another password; every session of the account ends. Raises InvalidInput and NotFound."""
        if len(password) < SHORTEST_PASSWORD:
            raise InvalidInput(f"a password has at least {SHORTEST_PASSWORD} characters")
        account, hashed = self._existing(name), self._passwords.hashed(password)
        with self._database.writing() as connection:
            connection.execute("UPDATE account SET password = ? WHERE user_id = ?", (hashed, account.user_id))
            connection.execute("DELETE FROM session WHERE user_id = ?", (account.user_id,))

    def account(self, name: str) -> Account | None:
        """The account of this name."""
        row = self._database.row("SELECT user_id, name FROM account WHERE name = ?", first_upper(name))
        return self._account(*row) if row else None

    def number_of(self, name: str) -> int | None:
        """The number of the account that has or last had a name."""
        account = self.account(name)
        former = self.members.formerly(name) if account is None else None
        return account.user_id if account is not None else former.id if former is not None else None

    def names(self) -> list[str]:
        """The names of all accounts."""
        return [row[0] for row in self._database.rows("SELECT name FROM account ORDER BY name")]

    def check_password(self, name: str, password: str) -> Account | None:
        """The account, when name and password are right; a wrong name takes as long as a wrong password."""
        row = self._database.row("SELECT user_id, name, password FROM account WHERE name = ?", first_upper(name))
        if not self._passwords.matches(row[2] if row else "", password) or row is None:
            return None
        return self._account(row[0], row[1])

    # -- bot passwords

    def add_bot_password(
        self, name: str, application: str, *, password: str | None = None, rights: Iterable[str] | None = None
    ) -> str:
        """A password for one application, limited to some rights; answers it, this once. Raises NotFound."""
        account = self._existing(name)
        chosen = password or secrets.token_hex(16)
        with self._database.writing() as connection:
            connection.execute(
                "INSERT OR REPLACE INTO bot_password VALUES (?, ?, ?, ?)",
                (account.user_id, application, self._passwords.hashed(chosen), kept_rights(rights)),
            )
        return chosen

    def check_bot_password(self, login: str, password: str) -> StoredSession | None:
        """A session for ``Name@application``, when the bot password is right."""
        name, _, application = login.rpartition("@")
        row = self._database.row(
            "SELECT a.user_id, a.name, b.password, b.rights FROM bot_password b "
            "JOIN account a ON a.user_id = b.user_id WHERE a.name = ? AND b.application = ?",
            first_upper(name),
            application,
        )
        if not self._passwords.matches(row[2] if row else "", password) or row is None:
            return None
        return StoredSession(self._account(row[0], row[1]), rights_from(row[3]))

    # -- sessions

    def whole_session(self, account: Account) -> StoredSession:
        """A session with all the rights of the account."""
        return StoredSession(account, None)

    def open_session(self, account: Account, rights: frozenset[str] | None) -> str:
        """A new session; answers its key, which only the client keeps."""
        key = secrets.token_hex(32)
        expires = to_epoch(self._clock()) + int(SESSION_LIFETIME.total_seconds())
        with self._database.writing() as connection:
            connection.execute("DELETE FROM session WHERE expires < ?", (to_epoch(self._clock()),))
            connection.execute(
                "INSERT INTO session VALUES (?, ?, ?, ?)", (digest(key), account.user_id, kept_rights(rights), expires)
            )
        return key

    def session(self, key: str) -> StoredSession | None:
        """The session that a client shows by its key."""
        row = self._database.row(
            "SELECT a.user_id, a.name, s.rights FROM session s JOIN account a ON a.user_id = s.user_id "
            "WHERE s.key = ? AND s.expires >= ?",
            digest(key),
            to_epoch(self._clock()),
        )
        return StoredSession(self._account(row[0], row[1]), rights_from(row[2])) if row else None

    def close_session(self, key: str) -> None:
        """Ends a session."""
        with self._database.writing() as connection:
            connection.execute("DELETE FROM session WHERE key = ?", (digest(key),))

    # -- inside

    def _existing(self, name: str) -> Account:
        account = self.account(name)
        if account is None:
            raise NotFound(f"there is no account {name!r}")
        return account

    def _account(self, user_id: int, name: str) -> Account:
        rows = self._database.rows("SELECT name FROM membership WHERE user_id = ?", user_id)
        return Account(name, user_id, frozenset(row[0] for row in rows))
