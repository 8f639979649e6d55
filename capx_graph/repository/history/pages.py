"""What happened to pages: revisions, the log, and pages as lists.

Any room of the repository may import it; read only. Lines come as frozen records, newest first unless asked
otherwise. A revision whose text was dropped still has its line: who and when, without what.
"""

# ruff: noqa: S608 - the pieces put together are constants of this file, values are bound

from __future__ import annotations

from collections.abc import Collection, Iterable, Sequence
from datetime import datetime
from typing import Any

from capx_graph.errors import NotFound
from capx_graph.instants import from_epoch
from capx_graph.repository.history.lines import ALL, ALWAYS, LogLine, PageLine, Period, RevisionLine, Which
from capx_graph.repository.ids import KINDS
from capx_graph.repository.storage.database import Database
from capx_graph.repository.storage.transaction import FLAG_BOT, FLAG_MINOR, FLAG_NEW

Row = tuple[Any, ...]
_AT_ONCE = 500


REVISION_COLUMNS = (
    "r.revision_id, r.page_id, p.entity_id, r.parent_id, r.at, r.actor, r.summary, r.flags, r.size, "
    "coalesce(parent.size, 0), r.content IS NULL"
)
LOG_COLUMNS = "l.log_id, l.at, l.actor, l.type, l.action, l.page_id, l.entity_id, l.comment, l.bot, l.revisions"
_REVISIONS = (
    "revision r JOIN page p ON p.page_id = r.page_id LEFT JOIN revision parent ON parent.revision_id = r.parent_id"
)
_PAGE_COLUMNS = "p.page_id, p.entity_id, p.revision_id, p.redirect_to, p.owner, p.deleted"


class History:
    """Reads the history of one repository."""

    def __init__(self, database: Database) -> None:
        self._database = database

    def revisions(
        self,
        *,
        entity_id: str | None = None,
        which: Which = ALL,
        before: int | None = None,
        after: int | None = None,
        period: Period = ALWAYS,
        oldest_first: bool = False,
        limit: int = 50,
    ) -> list[RevisionLine]:
        """Revisions of a page, or of all pages; ``before`` and ``after`` are revision numbers, included."""
        where, values = conditions(
            (_of_kinds(which.kinds), None if which.kinds is None else len(which.kinds)),
            (f"(r.flags & {FLAG_NEW} <> 0) = ?", which.new),
            ("p.entity_id = ?", entity_id),
            ("r.actor = ?", which.actor),
            ("r.actor <> ?", which.not_by),
            ("r.revision_id <= ?", before),
            ("r.revision_id >= ?", after),
            ("r.at >= ?", period.since),
            ("r.at <= ?", period.until),
        )
        order = "ASC" if oldest_first else "DESC"
        sql = f"SELECT {REVISION_COLUMNS} FROM {_REVISIONS} WHERE p.deleted = 0 AND {where} "
        return [
            revision_line(row) for row in self._rows(f"{sql} ORDER BY r.revision_id {order} LIMIT ?", *values, limit)
        ]

    def revision(self, revision_id: int) -> RevisionLine | None:
        """One revision, unless its page is deleted."""
        sql = f"SELECT {REVISION_COLUMNS} FROM {_REVISIONS} WHERE r.revision_id = ? AND p.deleted = 0"
        return next((revision_line(row) for row in self._rows(sql, revision_id)), None)

    def revision_of(self, entity_id: str, revision_id: int) -> RevisionLine:
        """One revision of this page; raises NotFound."""
        found = self.revision(revision_id)
        if found is None or found.entity_id != entity_id:
            raise NotFound(f"there is no revision {revision_id} of {entity_id}")
        return found

    def log(
        self,
        *,
        type_: str | None = None,
        action: str | None = None,
        entity_id: str | None = None,
        actor: str | None = None,
        place: int | None = None,
        period: Period = ALWAYS,
        oldest_first: bool = False,
        limit: int = 50,
    ) -> list[LogLine]:
        """Entries of the log; ``place`` is the number of the first one to tell."""
        where, values = conditions(
            ("l.type = ?", type_),
            ("l.action = ?", action),
            ("l.entity_id = ?", entity_id),
            ("l.actor = ?", actor),
            ("l.log_id >= ?" if oldest_first else "l.log_id <= ?", place),
            ("l.at >= ?", period.since),
            ("l.at <= ?", period.until),
        )
        order = "ASC" if oldest_first else "DESC"
        sql = f"SELECT {LOG_COLUMNS} FROM log l WHERE {where} ORDER BY l.log_id {order} LIMIT ?"
        return [log_line(row) for row in self._rows(sql, *values, limit)]

    def page(self, *, entity_id: str | None = None, page_id: int | None = None) -> PageLine | None:
        """A page by its entity or its number, deleted or not."""
        where, values = conditions(("p.entity_id = ?", entity_id), ("p.page_id = ?", page_id))
        rows = self._rows(f"SELECT {_PAGE_COLUMNS} FROM page p WHERE {where}", *values)
        return next((_page_line(row) for row in rows), None)

    def pages_from(
        self, kind: str, *, start: str = "", limit: int = 50, redirects: bool | None = None, backwards: bool = False
    ) -> list[PageLine]:
        """Pages of a kind in the order of their titles, as MediaWiki sorts them: by bytes."""
        where, values = conditions(
            ("p.kind = ?", kind),
            ("p.entity_id <= ?" if backwards else "p.entity_id >= ?", start or None),
            ("(p.redirect_to IS NOT NULL) = ?", redirects),
        )
        order = f"p.entity_id {'DESC' if backwards else 'ASC'}"
        sql = f"SELECT {_PAGE_COLUMNS} FROM page p WHERE p.deleted = 0 AND {where} ORDER BY {order} LIMIT ?"
        return [_page_line(row) for row in self._rows(sql, *values, limit)]

    def backlinks(
        self,
        entity_id: str,
        *,
        start: int = 0,
        limit: int = 50,
        redirects: bool | None = None,
        kinds: Collection[str] | None = None,
        backwards: bool = False,
    ) -> list[PageLine]:
        """Pages that mention an entity, by page number, from ``start`` on (0: from the first of the order)."""
        where, values = conditions(
            (_of_kinds(kinds), None if kinds is None else len(kinds)),
            ("k.target = ?", entity_id),
            ("k.page_id <= ?" if backwards else "k.page_id >= ?", start or None),
            ("(p.redirect_to IS NOT NULL) = ?", redirects),
        )
        sql = (
            f"SELECT {_PAGE_COLUMNS} FROM link k JOIN page p ON p.page_id = k.page_id "
            f"WHERE p.deleted = 0 AND {where} ORDER BY k.page_id {'DESC' if backwards else 'ASC'} LIMIT ?"
        )
        return [_page_line(row) for row in self._rows(sql, *values, limit)]

    def authors(self, page_id: int) -> list[str]:
        """Who edited a page, each once."""
        return [row[0] for row in self._rows("SELECT DISTINCT actor FROM revision WHERE page_id = ?", page_id)]

    def everybody(self) -> list[str]:
        """The names of all who ever edited or own a page."""
        sql = "SELECT DISTINCT actor FROM revision UNION SELECT DISTINCT owner FROM page WHERE owner IS NOT NULL"
        return [row[0] for row in self._rows(sql)]

    def newest(self) -> int:
        """The number of the newest revision, 0 where there is none."""
        return next(int(row[0]) for row in self._rows("SELECT coalesce(max(revision_id), 0) FROM revision"))

    def touched(self, entity_ids: Sequence[str], *, after: int, limit: int) -> dict[str, datetime]:
        """Those of the entities whose current revision is a later one, with its time, the newest first."""
        found: list[Row] = []
        for start in range(0, len(entity_ids), _AT_ONCE):
            some = entity_ids[start : start + _AT_ONCE]
            found += self._rows(
                "SELECT p.revision_id, p.entity_id, r.at FROM page p JOIN revision r ON r.revision_id = p.revision_id "
                f"WHERE p.deleted = 0 AND p.revision_id > ? AND p.entity_id IN ({','.join('?' * len(some))})",
                after,
                *some,
            )
        newest = sorted(found, reverse=True)[:limit]
        return {str(entity_id): from_epoch(at) for _, entity_id, at in newest}

    def size(self, revision_id: int) -> int:
        """The length of a revision's text."""
        return next((row[0] for row in self._rows("SELECT size FROM revision WHERE revision_id = ?", revision_id)), 0)

    def edits_of(self, actor: str) -> int:
        """How many revisions an account made."""
        return next(int(row[0]) for row in self._rows("SELECT count(*) FROM revision WHERE actor = ?", actor))

    def counts(self) -> dict[str, int]:
        """Numbers of items, properties and revisions."""
        found = {
            row[0]: row[1] for row in self._rows("SELECT kind, count(*) FROM page WHERE deleted = 0 GROUP BY kind")
        }
        found["revisions"] = next(row[0] for row in self._rows("SELECT count(*) FROM revision"))
        return found

    def redirects(self) -> int:
        """How many pages lead to another one."""
        return next(
            int(row[0]) for row in self._rows("SELECT count(*) FROM page WHERE redirect_to IS NOT NULL AND deleted = 0")
        )

    def editors(self) -> int:
        """How many accounts ever edited."""
        return next(int(row[0]) for row in self._rows("SELECT count(DISTINCT actor) FROM revision"))

    def _rows(self, sql: str, *values: object) -> Iterable[Row]:
        return self._database.reading().execute(sql, values)


def _of_kinds(kinds: Collection[str] | None) -> str:
    """A condition with the number of kinds as its value, so that none at all matches nothing."""
    named = ",".join(f"'{kind}'" for kind in KINDS if kinds is not None and kind in kinds)
    return f"(p.kind IN ({named}) AND ? > 0)"


def conditions(*given: tuple[str, object]) -> tuple[str, list[object]]:
    """An SQL condition of those that have a value, and the values."""
    used = [(condition, value) for condition, value in given if value is not None]
    return " AND ".join(condition for condition, _ in used) or "1", [value for _, value in used]


def revision_line(row: Row) -> RevisionLine:
    """A row of REVISION_COLUMNS."""
    *first, flags, size, parent_size, hidden = row
    marks = tuple(bool(flags & flag) for flag in (FLAG_BOT, FLAG_MINOR, FLAG_NEW))
    values: Row = (*first, *marks, size, parent_size, bool(hidden))
    return RevisionLine(*values)


def log_line(row: Row) -> LogLine:
    """A row of LOG_COLUMNS."""
    values: Row = (*row[:-2], bool(row[-2]), row[-1])
    return LogLine(*values)


def _page_line(row: Row) -> PageLine:
    values: Row = (*row[:-1], bool(row[-1]))
    return PageLine(*values)
