"""Records that members propose (an organization, an event, a project), and what became of each proposal.

Rooms above reach it as ``Accounts.proposals``. What is proposed is no item: it is seen by its proposer and by those who
decide, and by nobody else, until somebody who may confirms it. The content is JSON that only its writer understands.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from capx_graph.accounts.database import PrivateDatabase
from capx_graph.errors import Conflict, InvalidInput, NotFound
from capx_graph.instants import Clock, from_epoch, stamp, to_epoch
from capx_graph.messages import told
from capx_graph.model import Decision

MOST_OPEN = 20
"""Proposals of one member that may wait at a time."""
_MADE_WITHIN = 3600
"""Seconds after which a record is not being made any more."""
SHOWN_DAYS = 30
"""How long a proposer is shown what was decided, unless they have hidden it before."""

SCHEMA = """
CREATE TABLE IF NOT EXISTS proposal (
    number INTEGER PRIMARY KEY AUTOINCREMENT, user_id INTEGER NOT NULL, kind TEXT NOT NULL, content TEXT NOT NULL,
    reason TEXT NOT NULL, at INTEGER NOT NULL, outcome TEXT NOT NULL DEFAULT 'open', decided INTEGER,
    decider_id INTEGER, answer TEXT NOT NULL DEFAULT '', item TEXT
);
CREATE INDEX IF NOT EXISTS proposal_user ON proposal (user_id);
CREATE INDEX IF NOT EXISTS proposal_outcome ON proposal (outcome, number);
"""
_COLUMNS = "number, user_id, kind, content, reason, at, outcome, decided, answer, item"


@dataclass(frozen=True, slots=True)
class Proposal:
    """A proposal; ``item`` is what was made of it, ``answer`` what its proposer reads."""

    number: int
    member_id: int
    kind: str
    content: str
    reason: str
    at: datetime
    outcome: Decision = Decision.OPEN
    decided: datetime | None = None
    answer: str = ""
    item: str | None = None


class Proposals:
    """The proposals of one installation."""

    def __init__(self, database: PrivateDatabase, clock: Clock) -> None:
        self._database = database
        self._clock = clock
        database.ensure(SCHEMA)
        database.ensure_column("proposal", "hidden", "INTEGER")

    def add(self, member_id: int, kind: str, content: str, *, reason: str = "") -> int:
        """Keeps a proposal; answers its number; raises InvalidInput when too many of the member wait already."""
        with self._database.writing() as connection:
            sql = "SELECT count(*) FROM proposal WHERE user_id = ? AND outcome = 'open'"
            if connection.execute(sql, (member_id,)).fetchone()[0] >= MOST_OPEN:
                raise InvalidInput(told("refused-proposals-open", MOST_OPEN))
            done = connection.execute(
                "INSERT INTO proposal (user_id, kind, content, reason, at) VALUES (?, ?, ?, ?, ?)",
                (member_id, kind, content, reason, to_epoch(self._clock())),
            )
            return int(done.lastrowid or 0)

    def get(self, number: int) -> Proposal:
        """One proposal; raises NotFound."""
        found = self._where("number = ?", number)
        if not found:
            raise NotFound(told("refused-proposal-absent", str(number)))
        return found[0]

    def waiting(self) -> list[Proposal]:
        """Those without an answer, the oldest first."""
        return self._where("outcome = 'open'")

    def of_member(self, member_id: int) -> list[Proposal]:
        """What somebody proposed, the oldest first."""
        return self._where("user_id = ?", member_id)

    def shown(self, member_id: int) -> list[Proposal]:
        """Those of a member that wait, and those decided lately that they have not hidden."""
        since = to_epoch(self._clock()) - SHOWN_DAYS * 24 * 3600
        condition = "user_id = ? AND (outcome = 'open' OR (hidden IS NULL AND decided > ?))"
        return self._where(condition, member_id, since)

    def hide(self, number: int, member_id: int) -> None:
        """Its proposer has seen what was decided; raises NotFound for what is not theirs, or waits."""
        with self._database.writing() as connection:
            sql = "UPDATE proposal SET hidden = ? WHERE number = ? AND user_id = ? AND outcome <> 'open'"
            if connection.execute(sql, (to_epoch(self._clock()), number, member_id)).rowcount == 0:
                raise NotFound(told("refused-proposal-absent", str(number)))

    def decide(
        self, number: int, outcome: Decision, *, decider: int | None, answer: str = "", item: str | None = None
    ) -> None:
        """Keeps the outcome; raises Conflict when somebody decided before."""
        with self._database.writing() as connection:
            done = connection.execute(
                "UPDATE proposal SET outcome = ?, decided = ?, decider_id = ?, answer = ?, item = ? "
                "WHERE number = ? AND outcome = 'open'",
                (outcome.value, to_epoch(self._clock()), decider, answer, item, number),
            )
            if done.rowcount == 0:
                raise Conflict(told("refused-decided"))

    def reopen(self, number: int) -> None:
        """What could not be carried out waits again."""
        with self._database.writing() as connection:
            connection.execute(
                "UPDATE proposal SET outcome = 'open', decided = NULL, decider_id = NULL, answer = '', item = NULL "
                "WHERE number = ?",
                (number,),
            )

    def reopen_unmade(self) -> int:
        """Lets those wait again of which nothing was made when a process was killed; answers how many."""
        with self._database.writing() as connection:
            done = connection.execute(
                "UPDATE proposal SET outcome = 'open', decided = NULL, decider_id = NULL, answer = '' "
                "WHERE outcome = 'accepted' AND item IS NULL AND decided < ?",
                (to_epoch(self._clock()) - _MADE_WITHIN,),
            )
            return done.rowcount

    def made(self, number: int, item: str) -> None:
        """Keeps which item was made of it."""
        with self._database.writing() as connection:
            connection.execute("UPDATE proposal SET item = ? WHERE number = ?", (item, number))

    def withdraw(self, number: int, member_id: int) -> None:
        """Its proposer takes back what waits; raises NotFound for what is not theirs, or decided."""
        with self._database.writing() as connection:
            sql = "DELETE FROM proposal WHERE number = ? AND user_id = ? AND outcome = 'open'"
            if connection.execute(sql, (number, member_id)).rowcount == 0:
                raise NotFound(told("refused-proposal-absent", str(number)))

    def erase(self, member_id: int) -> None:
        """Takes a member away, also as the one who decided."""
        with self._database.writing() as connection:
            connection.execute("DELETE FROM proposal WHERE user_id = ?", (member_id,))
            connection.execute("UPDATE proposal SET decider_id = NULL WHERE decider_id = ?", (member_id,))

    def export(self, member_id: int) -> list[dict[str, object]]:
        """What is held about a member, as JSON."""
        return [
            {
                "kind": one.kind, "content": one.content, "reason": one.reason, "outcome": one.outcome.value,
                "answer": one.answer, "item": one.item, "at": stamp(one.at),
            }
            for one in self.of_member(member_id)
        ]  # fmt: skip

    def _where(self, condition: str, *values: object) -> list[Proposal]:
        rows = self._database.rows(
            f"SELECT {_COLUMNS} FROM proposal WHERE {condition} ORDER BY number",  # noqa: S608 our own names
            *values,
        )
        return [_proposal(row) for row in rows]


def _proposal(row: tuple[Any, ...]) -> Proposal:
    number, member_id, kind, content, reason, at, outcome, decided, answer, item = row
    return Proposal(
        number=number,
        member_id=member_id,
        kind=kind,
        content=content,
        reason=reason,
        at=from_epoch(at),
        outcome=Decision(outcome),
        decided=from_epoch(decided) if decided is not None else None,
        answer=answer,
        item=item,
    )
