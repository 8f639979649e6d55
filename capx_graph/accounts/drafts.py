"""What files from elsewhere say of people, kept for them alone until they deal with it: drafts of their profiles.

Rooms above reach it as ``Accounts.drafts``. A draft is known by its source and the name that the source gives, until
the member of that name is here; from then on by their number, whatever they are called later. What a member has dealt
with keeps a line without content, so that importing the file again brings nothing back.
"""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Collection, Iterable, Mapping
from dataclasses import asdict, dataclass, field
from datetime import datetime, timedelta
from enum import StrEnum
from sqlite3 import Connection

from capx_graph.accounts.database import PrivateDatabase
from capx_graph.accounts.names import first_upper
from capx_graph.instants import Clock, from_epoch, to_epoch

SCHEMA = """
CREATE TABLE IF NOT EXISTS draft (
    draft_id INTEGER PRIMARY KEY AUTOINCREMENT, name TEXT NOT NULL, source TEXT NOT NULL, user_id INTEGER,
    file TEXT NOT NULL, row INTEGER NOT NULL, dated TEXT NOT NULL, kept INTEGER NOT NULL, outcome TEXT NOT NULL,
    said TEXT NOT NULL
);
CREATE UNIQUE INDEX IF NOT EXISTS draft_waiting ON draft (name, source) WHERE user_id IS NULL;
CREATE UNIQUE INDEX IF NOT EXISTS draft_owned ON draft (user_id, source) WHERE user_id IS NOT NULL;
"""
_COLUMNS = "draft_id, name, source, file, row, dated, kept, said"
_NOTHING = "[]"


class DraftOutcome(StrEnum):
    """What became of a draft; an open one waits for its owner."""

    OPEN = ""
    USED = "used"
    DISMISSED = "dismissed"


@dataclass(frozen=True, slots=True)
class Said:
    """One value: the property of the ontology that it is about, the source's own words, and the item that they mean.

    ``item`` is empty where nothing or more than one thing of the directory is meant; a text (a name, an address) has
    none. ``name`` may be something that a profile has no property for.
    """

    name: str
    text: str
    item: str = ""
    level: str = ""
    language: str = ""


@dataclass(frozen=True, slots=True)
class DraftRecord:
    """What one row of a source says of somebody; ``dated`` is the day that the source gives, empty if it gives none."""

    name: str
    source: str
    file: str
    row: int
    values: tuple[Said, ...]
    dated: str = ""


@dataclass(frozen=True, slots=True)
class ProfileDraft:
    """An open draft, as its owner sees it."""

    id: int
    record: DraftRecord
    kept: datetime


@dataclass(slots=True)
class Keeping:
    """What became of records: kept anew, changed, unchanged, left because their owner has dealt with the source."""

    counts: Counter[str] = field(default_factory=Counter)

    def __getitem__(self, what: str) -> int:
        return self.counts[what]


class Drafts:
    """The drafts of one installation."""

    def __init__(self, database: PrivateDatabase, clock: Clock) -> None:
        self._database = database
        self._clock = clock
        database.ensure(SCHEMA)

    def keep(self, records: Iterable[DraftRecord]) -> Keeping:
        """Keeps what a source says now in place of what it said before; names are written as a wiki writes them."""
        done = Keeping()
        with self._database.writing() as connection:
            for record in records:
                done.counts[self._keep(connection, record)] += 1
        return done

    def open_for(self, member_id: int, name: str) -> list[ProfileDraft]:
        """The drafts that wait for a member; those for their name are theirs from now on.

        Whoever calls it vouches that the member owns the name where the sources have it from.
        """
        if self._database.row("SELECT 1 FROM draft WHERE user_id IS NULL AND name = ?", name):
            with self._database.writing() as connection:
                self._hand_over(connection, member_id, name)
        rows = self._database.rows(
            f"SELECT {_COLUMNS} FROM draft WHERE user_id = ? AND outcome = '' ORDER BY draft_id",  # noqa: S608 our own names
            member_id,
        )
        return [
            ProfileDraft(
                id_,
                DraftRecord(called, source, file, row, tuple(Said(**one) for one in json.loads(said)), dated),
                from_epoch(kept),
            )
            for id_, called, source, file, row, dated, kept, said in rows
        ]

    def settle(self, member_id: int, draft_ids: Collection[int], outcome: DraftOutcome) -> int:
        """The member has dealt with these drafts of theirs: nothing of their content is kept. Answers how many."""
        with self._database.writing() as connection:
            return sum(
                connection.execute(
                    "UPDATE draft SET outcome = ?, said = ?, file = '', row = 0, dated = '' "
                    "WHERE draft_id = ? AND user_id = ? AND outcome = ''",
                    (outcome, _NOTHING, draft_id, member_id),
                ).rowcount
                for draft_id in draft_ids
            )

    def end_unclaimed(self, days: int) -> int:
        """Takes away open drafts that were kept longer than so many days; 0 keeps them. Answers how many."""
        before = to_epoch(self._clock() - timedelta(days=days))
        if not days or not self._database.row("SELECT 1 FROM draft WHERE kept < ? AND outcome = ''", before):
            return 0
        with self._database.writing() as connection:
            return connection.execute("DELETE FROM draft WHERE kept < ? AND outcome = ''", (before,)).rowcount

    def remove(self, source: str) -> int:
        """Takes away every open draft of a source; answers how many there were."""
        with self._database.writing() as connection:
            return connection.execute("DELETE FROM draft WHERE source = ? AND outcome = ''", (source,)).rowcount

    def names(self) -> list[str]:
        """The names under which drafts wait for somebody who is not here."""
        return [row[0] for row in self._database.rows("SELECT DISTINCT name FROM draft WHERE user_id IS NULL")]

    def counts(self) -> Mapping[str, Mapping[str, int]]:
        """How many drafts of each source are open, used and dismissed."""
        found: dict[str, dict[str, int]] = {}
        for source, outcome, number in self._database.rows(
            "SELECT source, outcome, count(*) FROM draft GROUP BY source, outcome ORDER BY source, outcome"
        ):
            found.setdefault(source, {})[outcome or "open"] = number
        return found

    # -- inside

    def _keep(self, connection: Connection, record: DraftRecord) -> str:
        name = first_upper(record.name)
        said = json.dumps([_written(value) for value in record.values], ensure_ascii=False)
        there = connection.execute(
            "SELECT d.draft_id, d.outcome, d.said, d.dated FROM draft d JOIN account a ON a.user_id = d.user_id "
            "WHERE a.name = ?1 AND d.source = ?2 UNION ALL "
            "SELECT draft_id, outcome, said, dated FROM draft WHERE user_id IS NULL AND name = ?1 AND source = ?2",
            (name, record.source),
        ).fetchone()
        content = (record.file, record.row, record.dated, to_epoch(self._clock()), said)
        if there is None:
            connection.execute(
                "INSERT INTO draft (name, source, file, row, dated, kept, outcome, said) "
                "VALUES (?, ?, ?, ?, ?, ?, '', ?)",
                (name, record.source, *content),
            )
            return "new"
        draft_id, outcome, before, dated = there
        if outcome:
            return "settled"
        if (before, dated) == (said, record.dated):
            return "unchanged"
        connection.execute(
            "UPDATE draft SET file = ?, row = ?, dated = ?, kept = ?, said = ? WHERE draft_id = ?", (*content, draft_id)
        )
        return "changed"

    def _hand_over(self, connection: Connection, member_id: int, name: str) -> None:
        """Drafts for the name become the member's; of two of one source the one that came for their name now counts."""
        connection.execute(
            "DELETE FROM draft WHERE user_id = ?1 AND outcome = '' AND source IN "
            "(SELECT source FROM draft WHERE user_id IS NULL AND name = ?2)",
            (member_id, name),
        )
        connection.execute(
            "DELETE FROM draft WHERE user_id IS NULL AND name = ?2 AND source IN "
            "(SELECT source FROM draft WHERE user_id = ?1)",
            (member_id, name),
        )
        connection.execute("UPDATE draft SET user_id = ? WHERE user_id IS NULL AND name = ?", (member_id, name))


def _written(value: Said) -> dict[str, str]:
    return {key: text for key, text in asdict(value).items() if text}
