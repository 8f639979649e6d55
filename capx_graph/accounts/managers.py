"""Who keeps which record (an organization, an event, a project) up to date: proposed, invited, or confirmed.

Rooms above reach it as ``Accounts.managers``. A person manages a thing once both they and somebody who may say so have
said it; only ``confirmed`` opens anything. None of this is published. What is managed is known by its item.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from capx_graph.accounts.database import PrivateDatabase
from capx_graph.errors import NotFound
from capx_graph.instants import Clock, from_epoch, stamp, to_epoch
from capx_graph.messages import told

SCHEMA = """
CREATE TABLE IF NOT EXISTS manager (
    item TEXT NOT NULL, user_id INTEGER NOT NULL, state TEXT NOT NULL, by_id INTEGER, at INTEGER NOT NULL,
    PRIMARY KEY (item, user_id)
) WITHOUT ROWID;
CREATE INDEX IF NOT EXISTS manager_user ON manager (user_id);
"""


class Standing(StrEnum):
    """How far it is: what the person said, what the thing's side said, what both said."""

    PROPOSED = "proposed"
    INVITED = "invited"
    CONFIRMED = "confirmed"


@dataclass(frozen=True, slots=True)
class Manager:
    """A person and a thing; ``by`` is who last said something about it, None for the operator's commands."""

    item: str
    member_id: int
    state: Standing
    by: int | None
    at: datetime

    @property
    def confirmed(self) -> bool:
        """Whether the person may edit the thing."""
        return self.state is Standing.CONFIRMED


class Managers:
    """The managers of one installation."""

    def __init__(self, database: PrivateDatabase, clock: Clock) -> None:
        self._database = database
        self._clock = clock
        database.ensure(SCHEMA)

    # -- reading

    def manages(self, member_id: int, item: str) -> bool:
        """Whether somebody is a confirmed manager of a thing."""
        sql = "SELECT 1 FROM manager WHERE item = ? AND user_id = ? AND state = 'confirmed'"
        return self._database.row(sql, item, member_id) is not None

    def has_managers(self, item: str) -> bool:
        """Whether a thing has a confirmed manager."""
        sql = "SELECT 1 FROM manager WHERE item = ? AND state = 'confirmed' LIMIT 1"
        return self._database.row(sql, item) is not None

    def of_item(self, item: str) -> list[Manager]:
        """Everybody who manages a thing or may come to, the longest first."""
        return self._where("item = ?", item)

    def of_member(self, member_id: int) -> list[Manager]:
        """Everything that somebody manages or may come to."""
        return self._where("user_id = ?", member_id)

    def waiting(self) -> list[Manager]:
        """Those who proposed themselves and have no answer, the longest first."""
        return self._where("state = ?", Standing.PROPOSED.value)

    def items(self) -> list[str]:
        """All things that anybody manages or may come to."""
        return [row[0] for row in self._database.rows("SELECT DISTINCT item FROM manager")]

    # -- changing

    def propose(self, item: str, member_id: int) -> Manager:
        """Somebody says that they keep a thing up to date; who was invited to is confirmed by it."""
        return self._say(item, member_id, Standing.PROPOSED, agreeing=Standing.INVITED, by=member_id)

    def invite(self, item: str, member_id: int, by: int | None) -> Manager:
        """The thing's side wants somebody; who proposed themselves is confirmed by it."""
        return self._say(item, member_id, Standing.INVITED, agreeing=Standing.PROPOSED, by=by)

    def accept(self, item: str, member_id: int) -> Manager:
        """Somebody takes up an invitation; raises NotFound where there is none."""
        held = self._held(item, member_id)
        if held is None or held.state is Standing.PROPOSED:
            raise NotFound(told("refused-invitation"))
        return held if held.confirmed else self._set(item, member_id, Standing.CONFIRMED, member_id)

    def confirm(self, item: str, member_id: int, by: int | None = None) -> Manager:
        """Somebody who may say so makes a person a manager, whether they proposed themselves or not."""
        held = self._held(item, member_id)
        return held if held is not None and held.confirmed else self._set(item, member_id, Standing.CONFIRMED, by)

    def remove(self, item: str, member_id: int) -> None:
        """Ends it, or declines what was proposed or invited."""
        with self._database.writing() as connection:
            connection.execute("DELETE FROM manager WHERE item = ? AND user_id = ?", (item, member_id))

    def move(self, item: str, to: str) -> None:
        """A thing was joined into another: its managers come along, and whoever was confirmed stays it."""
        with self._database.writing() as connection:
            connection.execute(
                "DELETE FROM manager WHERE item = ?2 AND state <> 'confirmed' AND user_id IN "
                "(SELECT user_id FROM manager WHERE item = ?1)",
                (item, to),
            )
            connection.execute("UPDATE OR IGNORE manager SET item = ?2 WHERE item = ?1", (item, to))
            connection.execute("DELETE FROM manager WHERE item = ?", (item,))

    # -- leaving

    def erase(self, member_id: int) -> None:
        """Takes a member away, also as the one who said something about others."""
        with self._database.writing() as connection:
            connection.execute("DELETE FROM manager WHERE user_id = ?", (member_id,))
            connection.execute("UPDATE manager SET by_id = NULL WHERE by_id = ?", (member_id,))

    def export(self, member_id: int) -> list[dict[str, str]]:
        """What is held about a member, as JSON."""
        return [{"item": one.item, "state": one.state.value, "at": stamp(one.at)} for one in self.of_member(member_id)]

    # -- inside

    def _say(self, item: str, member_id: int, standing: Standing, *, agreeing: Standing, by: int | None) -> Manager:
        held = self._held(item, member_id)
        if held is not None and held.state is not agreeing:
            return held
        return self._set(item, member_id, standing if held is None else Standing.CONFIRMED, by)

    def _set(self, item: str, member_id: int, standing: Standing, by: int | None) -> Manager:
        now = to_epoch(self._clock())
        with self._database.writing() as connection:
            connection.execute(
                "INSERT INTO manager VALUES (?, ?, ?, ?, ?) ON CONFLICT DO UPDATE SET "
                "state = excluded.state, by_id = excluded.by_id, at = excluded.at",
                (item, member_id, standing.value, by, now),
            )
        return Manager(item, member_id, standing, by, from_epoch(now))

    def _held(self, item: str, member_id: int) -> Manager | None:
        return next(iter(self._where("item = ? AND user_id = ?", item, member_id)), None)

    def _where(self, condition: str, *values: object) -> list[Manager]:
        rows = self._database.rows(
            f"SELECT item, user_id, state, by_id, at FROM manager WHERE {condition} ORDER BY at, item, user_id",  # noqa: S608 our own names
            *values,
        )
        return [Manager(item, user_id, Standing(state), by, from_epoch(at)) for item, user_id, state, by, at in rows]
