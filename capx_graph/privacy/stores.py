"""The private stores that hold something about a member: how each hands it out, and how each erases it.

A new store in the private file is added to ``private_stores``; a test fails for a table that none of them covers.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Protocol

from capx_graph.accounts import SESSION_LIFETIME, Accounts, PrivateDatabase, holder_without_item
from capx_graph.instants import from_epoch, stamp

NOT_PERSONAL = frozenset({"meta", "erasure", "remaining", "sqlite_sequence"})
"""Tables that are nobody's: keys of the installation, the lists of erasures, SQLite's own counters."""

_MOMENTS = frozenset(
    {
        "at", "expires", "until", "made", "since", "given", "ended", "by_member", "by_organization", "tried",
        "delivered", "hidden",
    }
)  # fmt: skip
"""Columns that hold an instant."""

_WRITTEN_AS_JSON = frozenset({"value"})
"""Columns whose text is JSON."""

Json = Mapping[str, object]


@dataclass(frozen=True, slots=True)
class Whom:
    """A person as private stores know them; ``number`` is that of their account, None for somebody who has none."""

    number: int | None
    names: tuple[str, ...]
    items: tuple[str, ...]


class PrivateStore(Protocol):
    """Something private about people, kept by the number of their account or by their item."""

    @property
    def name(self) -> str:
        """Under which name an export has it."""

    @property
    def tables(self) -> frozenset[str]:
        """The tables of the private file that it covers."""

    def export(self, whom: Whom) -> Json:
        """Everything that it holds about somebody, without secrets; empty when that is nothing."""

    def erase(self, whom: Whom) -> None:
        """Removes all that; doing it again does nothing."""


def private_stores(accounts: Accounts) -> tuple[PrivateStore, ...]:
    """All private stores; a member is erased from them in this order, so the account itself goes last."""
    database = accounts.database
    profile = {
        "private_value": ("field", "state", "value"),
        "consent": ("field", "state", "at", "wording", "language"),
        "unsettled": (),
    }
    affiliation = {
        "affiliation": ("organization", "by_member", "by_organization"),
        "affiliation_declined": ("organization", "at"),
    }
    return (
        KeyedRows(database, "profile", profile),
        KeyedRows(database, "affiliations", affiliation),
        KeyedRows(database, "contact", {"contact": ("channel", "at")}),
        KeyedRows(database, "searches", {"saved_search": ("name", "query", "made")}),
        KeyedRows(database, "reconfirmation", {"reconfirmation": ("tries", "tried", "delivered", "hidden", "fields")}),
        KeyedRows(database, "wiki_grant", {"wiki_grant": ("wiki", "given", "ended")}),
        SavedRows(database),
        KeyedRows(database, "reports", {"report": ("at", "kind", "page", "said")}),
        DraftRows(database),
        ManagedRows(accounts),
        AccountRows(database),
    )


class AccountRows:
    """The account with what lets somebody in: sessions, bot passwords, consumers, and who they are elsewhere."""

    name = "account"
    tables = frozenset(
        {
            "account", "member", "former_name", "membership", "bot_password", "session", "session_agent", "consumer",
        }
    )  # fmt: skip

    def __init__(self, database: PrivateDatabase) -> None:
        self._database = database

    def export(self, whom: Whom) -> Json:
        member_id = whom.number
        sql = "SELECT name, registered, coalesce(self_made, 0) FROM account WHERE user_id = ?"
        account = self._database.row(sql, member_id)
        if account is None:
            return {}
        member = self._database.row("SELECT issuer, subject, item, joined FROM member WHERE user_id = ?", member_id)
        found: dict[str, object] = {
            "name": account[0],
            "registered": _moment(account[1]),
            "registered_here": bool(account[2]),
        }
        if member is not None:
            found |= {"issuer": member[0], "subject": member[1], "item": member[2], "joined": _moment(member[3])}
        lists = {
            "groups": ("SELECT name FROM membership WHERE user_id = ? ORDER BY name", ("group",)),
            "former_names": ("SELECT name, until FROM former_name WHERE user_id = ? ORDER BY until", ("name", "until")),
            "sessions": (
                "SELECT s.expires, coalesce(a.agent, ''), coalesce(s.rights, '') FROM session s "
                "LEFT JOIN session_agent a ON a.key = s.key WHERE s.user_id = ? ORDER BY s.expires",
                ("expires", "agent", "rights"),
            ),
            "bot_passwords": (
                "SELECT application, coalesce(rights, '') FROM bot_password WHERE user_id = ? ORDER BY application",
                ("application", "rights"),
            ),
            "consumers": (
                "SELECT consumer_key, name, protocol, made, coalesce(rights, '') FROM consumer WHERE user_id = ? "
                "ORDER BY made",
                ("key", "name", "protocol", "made", "rights"),
            ),
        }
        for name, (sql, columns) in lists.items():
            found[name] = [_told(columns, row) for row in self._database.rows(sql, member_id)]
        return found

    def erase(self, whom: Whom) -> None:
        member_id = whom.number
        with self._database.writing() as connection:
            connection.execute(
                "DELETE FROM session_agent WHERE key IN (SELECT key FROM session WHERE user_id = ?)", (member_id,)
            )
            for table in sorted(self.tables - {"session_agent"}):
                connection.execute(f"DELETE FROM {table} WHERE user_id = ?", (member_id,))  # noqa: S608 our own names


class KeyedRows:
    """Tables keyed by the number of the account (``user_id``), with the columns that an export has."""

    def __init__(self, database: PrivateDatabase, name: str, columns: Mapping[str, tuple[str, ...]]) -> None:
        self.name = name
        self.tables = frozenset(columns)
        self._database = database
        self._columns = columns

    def export(self, whom: Whom) -> Json:
        found: dict[str, object] = {}
        for table, columns in self._columns.items():
            if columns and whom.number is not None:
                sql = f"SELECT {', '.join(columns)} FROM {table} WHERE user_id = ?"  # noqa: S608 our own names
                rows = self._database.rows(sql, whom.number)
                found[table] = [_told(columns, row) for row in rows]
        return found if any(found.values()) else {}

    def erase(self, whom: Whom) -> None:
        with self._database.writing() as connection:
            for table in sorted(self.tables):
                connection.execute(f"DELETE FROM {table} WHERE user_id = ?", (whom.number,))  # noqa: S608 our own names


class ManagedRows:
    """What somebody manages, or proposed to; elsewhere they may be the one who confirmed or decided."""

    name = "managing"
    tables = frozenset({"manager", "proposal"})

    def __init__(self, accounts: Accounts) -> None:
        self._accounts = accounts

    def export(self, whom: Whom) -> Json:
        if whom.number is None:
            return {}
        found = {
            "manager": self._accounts.managers.export(whom.number),
            "proposal": [
                {**one, "content": _content(str(one["content"]))}
                for one in self._accounts.proposals.export(whom.number)
            ],
        }
        return found if any(found.values()) else {}

    def erase(self, whom: Whom) -> None:
        if whom.number is not None:
            self._accounts.managers.erase(whom.number)
            self._accounts.proposals.erase(whom.number)


class SavedRows:
    """What somebody saved for themselves, and that others saved them."""

    name = "saved"
    tables = frozenset({"saved"})

    def __init__(self, database: PrivateDatabase) -> None:
        self._database = database

    def export(self, whom: Whom) -> Json:
        columns = ("item", "relation", "since", "note")
        sql = "SELECT item, relation, since, note FROM saved WHERE holder = ? ORDER BY since, item"
        saved = [_told(columns, row) for holder in _holders(whom) for row in self._database.rows(sql, holder)]
        return {"saved": saved} if saved else {}

    def erase(self, whom: Whom) -> None:
        with self._database.writing() as connection:
            connection.executemany("DELETE FROM saved WHERE holder = ?", [(one,) for one in _holders(whom)])
            connection.executemany("DELETE FROM saved WHERE item = ?", [(item,) for item in whom.items])


class DraftRows:
    """What files from elsewhere say of somebody; of who was never here it is found by their name."""

    name = "drafts"
    tables = frozenset({"draft"})
    _OWNED = "user_id = ?1 OR (user_id IS NULL AND name = ?2"
    _VOUCHED = (
        "(SELECT count(*) FROM member WHERE user_id = ?1 AND issuer <> '') OR "
        "NOT (SELECT count(*) FROM member WHERE issuer <> '') AND "
        "NOT (SELECT count(*) FROM account WHERE user_id = ?1 AND self_made = 1)"
    )
    """Where people come from a wiki, a name is shown by coming from there, and by no account of ours; by none anywhere
    that somebody made for themselves."""

    def __init__(self, database: PrivateDatabase) -> None:
        self._database = database

    def export(self, whom: Whom) -> Json:
        sql = (
            f"SELECT name, source, file, row, dated, kept, outcome, said FROM draft WHERE {self._OWNED} "  # noqa: S608 our own names
            f"AND (?1 IS NULL OR {self._VOUCHED})) ORDER BY draft_id"
        )
        drafts = [
            {
                "name": name,
                "source": source,
                "file": file,
                "row": row,
                "dated": dated,
                "kept": _moment(kept),
                "outcome": outcome or "open",
                "values": json.loads(said),
            }
            for name, source, file, row, dated, kept, outcome, said in self._database.rows(
                sql, whom.number, whom.names[0]
            )
        ]
        return {"drafts": drafts} if drafts else {}

    def erase(self, whom: Whom) -> None:
        with self._database.writing() as connection:
            connection.execute("DELETE FROM draft WHERE user_id = ?", (whom.number,))
            connection.executemany(
                "DELETE FROM draft WHERE user_id IS NULL AND name = ?", [(name,) for name in whom.names]
            )


def _holders(whom: Whom) -> list[str]:
    return [*whom.items, *([holder_without_item(whom.number)] if whom.number is not None else [])]


def _told(columns: tuple[str, ...], row: tuple[object, ...]) -> dict[str, object]:
    values = dict(zip(columns, row, strict=True))
    told = {key: _told_value(key, value) for key, value in values.items()}
    return told if "expires" not in told else {"begun": _moment(_begun(row[0])), **told}


def _told_value(column: str, value: object) -> object:
    if value is None:
        return None
    if column in _WRITTEN_AS_JSON:
        return json.loads(str(value))
    return _moment(value) if column in _MOMENTS else value


def _content(text: str) -> Json:
    """What a proposal says, by field; the lines of each are kept as a text of their own."""
    return {name: json.loads(lines) for name, lines in json.loads(text).items()}


def _begun(expires: object) -> int:
    return int(str(expires)) - int(SESSION_LIFETIME.total_seconds())


def _moment(seconds: object) -> str:
    return stamp(from_epoch(int(str(seconds))))
