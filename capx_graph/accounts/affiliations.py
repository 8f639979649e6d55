"""Who says that a member belongs to an organization: the member, the organization, or both.

Rooms above reach it as ``Accounts.affiliations``. An affiliation may be public once both sides have said it, whoever
said it first; what only one side says is seen by both and by nobody else.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from sqlite3 import Connection

from capx_graph.accounts.database import PrivateDatabase
from capx_graph.instants import Clock, to_epoch

SCHEMA = """
CREATE TABLE IF NOT EXISTS affiliation (
    user_id INTEGER NOT NULL, organization TEXT NOT NULL, by_member INTEGER, by_organization INTEGER,
    PRIMARY KEY (user_id, organization)
) WITHOUT ROWID;
CREATE INDEX IF NOT EXISTS affiliation_organization ON affiliation (organization);
CREATE TABLE IF NOT EXISTS affiliation_declined (
    user_id INTEGER NOT NULL, organization TEXT NOT NULL, at INTEGER NOT NULL, PRIMARY KEY (user_id, organization)
) WITHOUT ROWID;
"""


@dataclass(frozen=True, slots=True)
class Affiliation:
    """What is said of a member and an organization (its item); ``declined`` is the organization's no to a claim."""

    member_id: int
    organization: str
    by_member: bool
    by_organization: bool
    declined: bool = False

    @property
    def waiting(self) -> bool:
        """Whether the member says so and the organization has said nothing."""
        return self.by_member and not self.by_organization and not self.declined

    @property
    def confirmed(self) -> bool:
        """Whether both sides say so."""
        return self.by_member and self.by_organization


class Affiliations:
    """The affiliations of one installation, confirmed or not."""

    def __init__(self, database: PrivateDatabase, clock: Clock) -> None:
        self._database = database
        self._clock = clock
        database.ensure(SCHEMA)

    def of_member(self, member_id: int) -> list[Affiliation]:
        """What is said of a member."""
        return self._where("user_id", member_id)

    def of_organization(self, organization: str) -> list[Affiliation]:
        """What is said of an organization."""
        return self._where("organization", organization)

    def claim(self, member_id: int, organizations: Iterable[str]) -> None:
        """The member says that they belong to these organizations and no others; who leaves is confirmed anew."""
        named = set(organizations)
        now = to_epoch(self._clock())
        with self._database.writing() as connection:
            for held in self.of_member(member_id):
                if held.by_member and held.organization not in named:
                    _forget(connection, member_id, held.organization)
            connection.executemany(
                "INSERT INTO affiliation VALUES (?, ?, ?, NULL) ON CONFLICT DO UPDATE SET "
                "by_member = coalesce(by_member, excluded.by_member)",
                [(member_id, organization, now) for organization in sorted(named)],
            )
            connection.execute("DELETE FROM affiliation WHERE by_member IS NULL AND by_organization IS NULL")

    def confirm(self, member_id: int, organization: str, *, belongs: bool = True) -> None:
        """The organization says that the member belongs to it, or no longer does."""
        now = to_epoch(self._clock()) if belongs else None
        with self._database.writing() as connection:
            connection.execute(
                "INSERT INTO affiliation VALUES (?, ?, NULL, ?) ON CONFLICT DO UPDATE SET "
                "by_organization = excluded.by_organization",
                (member_id, organization, now),
            )
            connection.execute("DELETE FROM affiliation WHERE by_member IS NULL AND by_organization IS NULL")
            declined = "DELETE FROM affiliation_declined WHERE user_id = ? AND organization = ?"
            connection.execute(declined, (member_id, organization))

    def decline(self, member_id: int, organization: str) -> None:
        """The organization says no to a claim; the member sees it, and is asked about no more until they claim anew."""
        self.confirm(member_id, organization, belongs=False)
        with self._database.writing() as connection:
            connection.execute(
                "INSERT OR REPLACE INTO affiliation_declined SELECT user_id, organization, ? FROM affiliation "
                "WHERE user_id = ? AND organization = ?",
                (to_epoch(self._clock()), member_id, organization),
            )

    def organizations(self) -> list[str]:
        """All organizations of which anything is said."""
        return [row[0] for row in self._database.rows("SELECT DISTINCT organization FROM affiliation")]

    def move(self, organization: str, to: str) -> None:
        """An organization was joined into another: what is said of it is said of that one, where nothing was yet."""
        with self._database.writing() as connection:
            for table in ("affiliation", "affiliation_declined"):
                connection.execute(
                    f"UPDATE OR IGNORE {table} SET organization = ? WHERE organization = ?",  # noqa: S608 our own names
                    (to, organization),
                )
                connection.execute(f"DELETE FROM {table} WHERE organization = ?", (organization,))  # noqa: S608 our own names

    def _where(self, column: str, value: object) -> list[Affiliation]:
        rows = self._database.rows(
            f"SELECT a.user_id, a.organization, by_member IS NOT NULL, by_organization IS NOT NULL, d.at IS NOT NULL "  # noqa: S608 our own names
            f"FROM affiliation a LEFT JOIN affiliation_declined d USING (user_id, organization) "
            f"WHERE a.{column} = ? ORDER BY a.user_id, a.organization",
            value,
        )
        return [Affiliation(row[0], row[1], bool(row[2]), bool(row[3]), bool(row[4])) for row in rows]


def _forget(connection: Connection, member_id: int, organization: str) -> None:
    for table in ("affiliation", "affiliation_declined"):
        connection.execute(
            f"DELETE FROM {table} WHERE user_id = ? AND organization = ?",  # noqa: S608 our own names
            (member_id, organization),
        )
