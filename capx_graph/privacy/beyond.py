"""What is left of an erased person in a connected Wikibase: who asks there, and the record of what remains.

Given out by the package. A wiki keeps histories, so erasing there is for its administrators; here is kept which item
it is, what was done to it and how its deletion was asked for, and never a name. What could not be asked is asked again
until it could.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import timedelta
from enum import StrEnum
from typing import Protocol

from capx_graph.accounts import PrivateDatabase
from capx_graph.instants import Clock, to_epoch

_SCHEMA = """
CREATE TABLE IF NOT EXISTS remaining (
    entity_id TEXT PRIMARY KEY, address TEXT NOT NULL, outcome TEXT NOT NULL, revisions INTEGER NOT NULL,
    request TEXT NOT NULL, at INTEGER NOT NULL
) WITHOUT ROWID;
"""


class Outcome(StrEnum):
    """What became of an item there."""

    UNREACHED = "unreached"
    STANDING = "standing"
    EMPTIED = "emptied"
    DELETED = "deleted"


@dataclass(frozen=True, slots=True)
class Remaining:
    """An item there, where it is read, how many revisions its history has, and where its deletion was asked for."""

    entity_id: str
    address: str
    outcome: Outcome = Outcome.UNREACHED
    revisions: int = 0
    request: str = ""

    def __str__(self) -> str:
        history = f"{self.revisions} revisions in its history" if self.revisions else "its history not counted"
        asked = f"deletion asked for at {self.request}" if self.request else "nobody could be asked to delete it"
        said = {
            Outcome.UNREACHED: "the wiki could not be asked yet; capx tick tries again",
            Outcome.STANDING: f"as it was, this site may not edit it; {history}; {asked}",
            Outcome.EMPTIED: f"emptied; {history}; {asked}",
            Outcome.DELETED: f"deleted; {history}, which administrators there can still see",
        }
        return f"{self.entity_id} {self.address}: {said[self.outcome]}"


class Beyond(Protocol):
    """Who asks a connected Wikibase."""

    def asking(self, member_id: int | None) -> Callable[[Remaining], Remaining]:
        """Asks about one item, by what the member lent as far as that is needed; raises nothing for a wiki's faults.

        To be called before the member's tokens are erased, its answer after everything here was.
        """


class RemainingList:
    """The record of one installation."""

    def __init__(self, database: PrivateDatabase, clock: Clock) -> None:
        self._database = database
        self._clock = clock
        database.ensure(_SCHEMA)

    def begin(self, items: Sequence[Remaining]) -> None:
        """Items that have to be asked about, and were not yet."""
        for one in items:
            self._write("IGNORE", one)

    def keep(self, one: Remaining) -> None:
        """What is known of an item now."""
        self._write("REPLACE", one)

    def all(self) -> list[Remaining]:
        """Everything that remains, or was deleted there."""
        rows = self._database.rows(
            "SELECT entity_id, address, outcome, revisions, request FROM remaining ORDER BY at, entity_id"
        )
        return [Remaining(row[0], row[1], Outcome(row[2]), row[3], row[4]) for row in rows]

    def unreached(self, *, since: timedelta) -> list[Remaining]:
        """What has still to be asked about, and was last tried so long ago."""
        rows = self._database.rows(
            "SELECT entity_id, address, outcome, revisions, request FROM remaining WHERE outcome = ? AND at <= ?",
            Outcome.UNREACHED,
            to_epoch(self._clock()) - int(since.total_seconds()),
        )
        return [Remaining(row[0], row[1], Outcome(row[2]), row[3], row[4]) for row in rows]

    def _write(self, otherwise: str, one: Remaining) -> None:
        row = (one.entity_id, one.address, one.outcome, one.revisions, one.request, to_epoch(self._clock()))
        with self._database.writing() as connection:
            connection.execute(f"INSERT OR {otherwise} INTO remaining VALUES (?, ?, ?, ?, ?, ?)", row)  # noqa: S608 our own names
