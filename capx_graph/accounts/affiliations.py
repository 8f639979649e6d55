"""Who says that a member belongs to an organization: the member, the organization, or both.

Rooms above reach it as ``Accounts.affiliations``. An affiliation may be public once both sides have said it, whoever
said it first; what only one side says is seen by both and by nobody else.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import datetime

from capx_graph.accounts.database import PrivateDatabase

SCHEMA = """
CREATE TABLE IF NOT EXISTS affiliation (
    user_id INTEGER NOT NULL, organization TEXT NOT NULL, by_member INTEGER, by_organization INTEGER,
    PRIMARY KEY (user_id, organization)
) WITHOUT ROWID;
CREATE INDEX IF NOT EXISTS affiliation_organization ON affiliation (organization);
"""


@dataclass(frozen=True, slots=True)
class Affiliation:
    """What is said of a member and an organization (its item)."""

    member_id: int
    organization: str
    by_member: bool
    by_organization: bool

    @property
    def confirmed(self) -> bool:
        """Whether both sides say so."""
        return self.by_member and self.by_organization


class Affiliations:
    """The affiliations of one installation, confirmed or not."""

    def __init__(self, database: PrivateDatabase, clock: Callable[[], datetime]) -> None:
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
        """The member says that they belong to these organizations and to no others."""
        named = set(organizations)
        now = int(self._clock().timestamp())
        with self._database.writing() as connection:
            for held in self.of_member(member_id):
                if held.organization not in named:
                    connection.execute(
                        "UPDATE affiliation SET by_member = NULL WHERE user_id = ? AND organization = ?",
                        (member_id, held.organization),
                    )
            connection.executemany(
                "INSERT INTO affiliation VALUES (?, ?, ?, NULL) ON CONFLICT DO UPDATE SET "
                "by_member = coalesce(by_member, excluded.by_member)",
                [(member_id, organization, now) for organization in sorted(named)],
            )
            connection.execute("DELETE FROM affiliation WHERE by_member IS NULL AND by_organization IS NULL")

    def confirm(self, member_id: int, organization: str, *, belongs: bool = True) -> None:
        """The organization says that the member belongs to it, or no longer does."""
        now = int(self._clock().timestamp()) if belongs else None
        with self._database.writing() as connection:
            connection.execute(
                "INSERT INTO affiliation VALUES (?, ?, NULL, ?) ON CONFLICT DO UPDATE SET "
                "by_organization = excluded.by_organization",
                (member_id, organization, now),
            )
            connection.execute("DELETE FROM affiliation WHERE by_member IS NULL AND by_organization IS NULL")

    def erase(self, member_id: int) -> None:
        """Takes everything of a member away."""
        with self._database.writing() as connection:
            connection.execute("DELETE FROM affiliation WHERE user_id = ?", (member_id,))

    def _where(self, column: str, value: object) -> list[Affiliation]:
        rows = self._database.rows(
            f"SELECT user_id, organization, by_member IS NOT NULL, by_organization IS NOT NULL FROM affiliation "  # noqa: S608
            f"WHERE {column} = ? ORDER BY user_id, organization",
            value,
        )
        return [Affiliation(row[0], row[1], bool(row[2]), bool(row[3])) for row in rows]
