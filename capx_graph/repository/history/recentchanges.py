"""Recent changes: revisions and entries of the log in one list, newest first.

Any room of the repository may import it; read only. Deleting a page takes its revisions off the list, also when
it comes back later.
"""

# ruff: noqa: S608 - the pieces put together are constants of this file, values are bound

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass

from capx_graph.repository.history.lines import LogLine, RevisionLine
from capx_graph.repository.history.pages import LOG_COLUMNS, REVISION_COLUMNS, Row, conditions, log_line, revision_line
from capx_graph.repository.ids import KINDS, NAMESPACES
from capx_graph.repository.storage.database import Database
from capx_graph.repository.storage.transaction import FLAG_BOT, FLAG_MINOR, FLAG_NEW

TYPES = ("edit", "new", "log")

_KIND_OF_NAMESPACE = {number: kind for kind, number in NAMESPACES.items()}
_OF_TYPE = {
    "edit": f"(c.log_id IS NULL AND r.flags & {FLAG_NEW} = 0)",
    "new": f"(c.log_id IS NULL AND r.flags & {FLAG_NEW} <> 0)",
    "log": "c.log_id IS NOT NULL",
}
_BOT = f"(coalesce(r.flags & {FLAG_BOT}, l.bot) <> 0)"
_MINOR = f"(coalesce(r.flags & {FLAG_MINOR}, 0) <> 0)"
_FROM = (
    "recent c LEFT JOIN revision r ON r.revision_id = c.revision_id LEFT JOIN log l ON l.log_id = c.log_id "
    "JOIN page p ON p.page_id = coalesce(r.page_id, l.page_id) "
    "LEFT JOIN revision parent ON parent.revision_id = r.parent_id"
)
_REVISION_WIDTH = REVISION_COLUMNS.count(",") - REVISION_COLUMNS.count("(") + 1


@dataclass(frozen=True, slots=True)
class RecentLine:
    """A recent change: a revision or an entry of the log."""

    recent_id: int
    at: int
    revision: RevisionLine | None
    log: LogLine | None


@dataclass(frozen=True, slots=True)
class Wanted:
    """Which changes: None and empty mean all. ``begin`` is the recent-change number to go on from."""

    begin: int | None = None
    earliest: int | None = None
    latest: int | None = None
    namespaces: Collection[int] = ()
    types: Collection[str] = TYPES
    entity_id: str | None = None
    actor: str | None = None
    not_actor: str | None = None
    bot: bool | None = None
    minor: bool | None = None
    newest: bool = False
    oldest_first: bool = False
    limit: int = 50


class RecentChanges:
    """Reads the recent changes of one repository."""

    def __init__(self, database: Database) -> None:
        self._database = database

    def find(self, wanted: Wanted) -> list[RecentLine]:
        """The changes wanted."""
        kinds = [_KIND_OF_NAMESPACE[n] for n in wanted.namespaces if n in _KIND_OF_NAMESPACE]
        kinds = kinds if wanted.namespaces else list(KINDS)
        of_types = " OR ".join(_OF_TYPE[name] for name in TYPES if name in wanted.types) or "0"
        where, values = conditions(
            ("c.recent_id >= ?" if wanted.oldest_first else "c.recent_id <= ?", wanted.begin),
            ("c.at >= ?", wanted.earliest),
            ("c.at <= ?", wanted.latest),
            ("p.entity_id = ?", wanted.entity_id),
            ("coalesce(r.actor, l.actor) = ?", wanted.actor),
            ("coalesce(r.actor, l.actor) <> ?", wanted.not_actor),
            (f"{_BOT} = ?", wanted.bot),
            (f"{_MINOR} = ?", wanted.minor),
        )
        sql = (
            f"SELECT c.recent_id, c.at, {REVISION_COLUMNS}, {LOG_COLUMNS} FROM {_FROM} "
            f"WHERE ({of_types}) {'AND r.revision_id = p.revision_id' if wanted.newest else ''} "
            f"AND p.kind IN ({','.join('?' * len(kinds))}) AND {where} "
            f"ORDER BY c.recent_id {'ASC' if wanted.oldest_first else 'DESC'} LIMIT ?"
        )
        rows = self._database.reading().execute(sql, [*kinds, *values, wanted.limit])
        return [_recent_line(row) for row in rows]


def _recent_line(row: Row) -> RecentLine:
    recent_id, at, *rest = row
    revision, log = rest[:_REVISION_WIDTH], rest[_REVISION_WIDTH:]
    return RecentLine(
        recent_id,
        at,
        revision_line(tuple(revision)) if revision[0] is not None else None,
        log_line(tuple(log)) if log[0] is not None else None,
    )
