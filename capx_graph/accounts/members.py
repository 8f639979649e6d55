"""Who an account is: a person known here by a stable number, whatever they are called elsewhere.

Rooms above reach it as ``Accounts.members``. Whoever signs in with an account of a wiki is the same person when issuer
and subject are the same; their name is an attribute that may change, and earlier names are kept to lead to the new
one. Issuer and subject are private. The number is the account's, so sessions and consumers need no second one.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from sqlite3 import Connection

from capx_graph.accounts.database import PrivateDatabase
from capx_graph.accounts.names import canonical_name, first_upper
from capx_graph.errors import NotFound
from capx_graph.instants import Clock, from_epoch, to_epoch
from capx_graph.model import Account
from capx_graph.spelling import spaced

LOCAL = ""
"""The issuer of accounts with a password of ours; their subject is their number."""

SCHEMA = """
CREATE TABLE IF NOT EXISTS member (
    user_id INTEGER PRIMARY KEY, issuer TEXT NOT NULL, subject TEXT NOT NULL, item TEXT UNIQUE, joined INTEGER NOT NULL,
    UNIQUE (issuer, subject)
);
CREATE TABLE IF NOT EXISTS former_name (
    name TEXT NOT NULL, user_id INTEGER NOT NULL, until INTEGER NOT NULL, PRIMARY KEY (name, user_id)
) WITHOUT ROWID;
"""
_COLUMNS = "m.user_id, a.name, m.issuer, m.subject, m.item, m.joined"


@dataclass(frozen=True, slots=True)
class Member:
    """A person; ``item`` is their item in the public graph, None for somebody who has published nothing."""

    id: int
    name: str
    issuer: str
    subject: str
    item: str | None
    joined: datetime


@dataclass(frozen=True, slots=True)
class Arrival:
    """Somebody who came from elsewhere; ``renamed`` has every name that changed meanwhile, old to new."""

    member: Member
    renamed: tuple[tuple[str, str], ...] = ()


class Members:
    """The members of one installation."""

    def __init__(self, database: PrivateDatabase, clock: Clock) -> None:
        self._database = database
        self._clock = clock
        database.ensure(SCHEMA)

    def of(self, account: Account) -> Member:
        """The member that an account is; made for an account that the operator added. Raises NotFound."""
        found = self._find("m.user_id = ?", account.user_id)
        if found is None:
            with self._database.writing() as connection:
                self._add(connection, account.user_id, LOCAL, str(account.user_id))
            found = self._find("m.user_id = ?", account.user_id)
        if found is None:
            raise NotFound(f"there is no account {account.name!r}")
        return found

    def by_id(self, member_id: int) -> Member | None:
        """The member with this number."""
        return self._find("m.user_id = ?", member_id)

    def named(self, name: str) -> Member | None:
        """Who has this name now; spaces may be written as underscores."""
        return self._find("a.name = ?", _written(name))

    def of_item(self, item: str) -> Member | None:
        """Whose item this is."""
        return self._find("m.item = ?", item)

    def formerly(self, name: str) -> Member | None:
        """Who had this name last, where nobody has it now."""
        if self.named(name) is not None:
            return None
        row = self._database.row(
            "SELECT user_id FROM former_name WHERE name = ? ORDER BY until DESC LIMIT 1", _written(name)
        )
        return self.by_id(row[0]) if row else None

    def identity(self, user_id: int | None) -> tuple[str, str] | None:
        """Issuer and subject of an account that a wiki vouches for."""
        row = self._database.row("SELECT issuer, subject FROM member WHERE user_id = ? AND issuer <> ''", user_id)
        return (row[0], row[1]) if row else None

    def names(self, user_id: int) -> tuple[str, ...]:
        """Every name that an account has or had, the present one first."""
        rows = self._database.rows(
            "SELECT name, 1 AS rank, 0 AS until FROM account WHERE user_id = ?1 "
            "UNION ALL SELECT name, 2, until FROM former_name WHERE user_id = ?1 ORDER BY rank, until DESC",
            user_id,
        )
        return tuple(dict.fromkeys(row[0] for row in rows))

    def set_item(self, member: Member, item: str | None) -> None:
        """Keeps which item is theirs."""
        with self._database.writing() as connection:
            connection.execute("UPDATE member SET item = ? WHERE user_id = ?", (item, member.id))

    def arrive(self, issuer: str, subject: str, name: str) -> Arrival:
        """Somebody whom an issuer vouches for: known by the subject, called by the name that they have there now.

        A name that another has here is theirs no more where the same issuer gives it to somebody else; who has a
        local account of that name keeps it, and the newcomer is told apart by the issuer.
        """
        wanted = canonical_name(name)
        with self._database.writing() as connection:
            known = connection.execute(
                "SELECT user_id FROM member WHERE issuer = ? AND subject = ?", (issuer, subject)
            ).fetchone()
            renamed = []
            holder = connection.execute(
                "SELECT a.user_id, coalesce(m.issuer, '') FROM account a LEFT JOIN member m ON m.user_id = a.user_id "
                "WHERE a.name = ?",
                (wanted,),
            ).fetchone()
            if holder is not None and (known is None or holder[0] != known[0]):
                if holder[1] == issuer:
                    renamed.append(self._rename(connection, holder[0], self._free(connection, f"{wanted} (old)")))
                else:
                    wanted = self._own(connection, known, f"{wanted} ({_host(issuer)})")
            if known is None:
                known = (self._add_account(connection, wanted),)
                self._add(connection, known[0], issuer, subject)
            else:
                renamed.append(self._rename(connection, known[0], wanted))
        found = self.by_id(known[0])
        assert found is not None
        return Arrival(found, tuple(pair for pair in renamed if pair[0] != pair[1]))

    def _rename(self, connection: Connection, user_id: int, name: str) -> tuple[str, str]:
        (before,) = connection.execute("SELECT name FROM account WHERE user_id = ?", (user_id,)).fetchone()
        if before != name:
            connection.execute(
                "INSERT OR REPLACE INTO former_name VALUES (?, ?, ?)", (before, user_id, to_epoch(self._clock()))
            )
            connection.execute("UPDATE account SET name = ? WHERE user_id = ?", (name, user_id))
        return before, name

    def _own(self, connection: Connection, known: tuple[int] | None, name: str) -> str:
        """The name, where it is free or already theirs; else one like it."""
        holder = connection.execute("SELECT user_id FROM account WHERE name = ?", (name,)).fetchone()
        return name if known is not None and holder == known else self._free(connection, name)

    def _free(self, connection: Connection, name: str) -> str:
        """The name, or the first of its kind that nobody has."""
        number = 1
        found = name
        while connection.execute("SELECT 1 FROM account WHERE name = ?", (found,)).fetchone():
            number += 1
            found = f"{name} {number}"
        return found

    def _add_account(self, connection: Connection, name: str) -> int:
        """An account without a password: no password opens it."""
        cursor = connection.execute(
            "INSERT INTO account (name, password, registered) VALUES (?, '', ?)", (name, to_epoch(self._clock()))
        )
        assert cursor.lastrowid is not None
        return cursor.lastrowid

    def _add(self, connection: Connection, user_id: int, issuer: str, subject: str) -> None:
        connection.execute(
            "INSERT OR IGNORE INTO member VALUES (?, ?, ?, NULL, ?)",
            (user_id, issuer, subject, to_epoch(self._clock())),
        )

    def _find(self, condition: str, value: object) -> Member | None:
        row = self._database.row(
            f"SELECT {_COLUMNS} FROM member m JOIN account a ON a.user_id = m.user_id WHERE {condition}",  # noqa: S608 our own names
            value,
        )
        if row is None:
            return None
        user_id, name, issuer, subject, item, joined = row
        return Member(user_id, name, issuer, subject, item, from_epoch(joined))


def _written(name: str) -> str:
    return first_upper(spaced(name))


def _host(issuer: str) -> str:
    return issuer.partition("://")[2].partition("/")[0].partition(":")[0] or issuer
