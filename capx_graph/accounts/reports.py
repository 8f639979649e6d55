"""What people report about the site: faults, questions, wrong translations. Read by its maintainers, by nobody else.

Rooms above reach it as ``Accounts.reports``. A signed-in reporter is known by the number of their account, a stranger
not at all. When ``MOST`` are kept, the oldest makes room.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime

from capx_graph.accounts.database import PrivateDatabase
from capx_graph.errors import InvalidParameter
from capx_graph.instants import Clock, from_epoch, to_epoch
from capx_graph.messages import told

SCHEMA = """
CREATE TABLE IF NOT EXISTS report (
    report_id INTEGER PRIMARY KEY AUTOINCREMENT, at INTEGER NOT NULL, kind TEXT NOT NULL, page TEXT NOT NULL,
    said TEXT NOT NULL, language TEXT NOT NULL, user_id INTEGER
);
"""
KINDS = ("fault", "question", "translation", "person")
"""What a report may be about; ``person`` is a profile that should not be there."""
LONGEST, LONGEST_PAGE, MOST = 4000, 500, 5000


@dataclass(frozen=True, slots=True)
class Report:
    """One report; ``page`` is the path that it is about, ``language`` that of the reader."""

    kind: str
    said: str
    page: str = ""
    language: str = ""
    number: int = 0
    at: datetime | None = None
    user_id: int | None = None


class Reports:
    """The reports of one installation."""

    def __init__(self, database: PrivateDatabase, clock: Clock) -> None:
        self._database = database
        self._clock = clock
        database.ensure(SCHEMA)

    def add(self, report: Report, *, user_id: int | None) -> None:
        """Keeps a report; raises InvalidParameter for an empty or too long one, or one of an unknown kind."""
        said = report.said.strip()
        if report.kind not in KINDS:
            raise InvalidParameter("kind", report.kind[:40], told("mend-one-of", ", ".join(KINDS)))
        if not said:
            raise InvalidParameter("said", "", told("mend-missing"))
        if len(said) > LONGEST:
            raise InvalidParameter("said", said[:40] + "…", told("mend-length", LONGEST))
        now = to_epoch(self._clock())
        values = (now, report.kind, report.page[:LONGEST_PAGE], said, report.language, user_id)
        with self._database.writing() as connection:
            connection.execute(
                "INSERT INTO report (at, kind, page, said, language, user_id) VALUES (?, ?, ?, ?, ?, ?)", values
            )
            connection.execute("DELETE FROM report WHERE report_id <= (SELECT max(report_id) FROM report) - ?", (MOST,))

    def since(self, number: int = 0) -> Iterator[Report]:
        """The reports after one, the oldest first."""
        columns = "kind, said, page, language, report_id, at, user_id"
        sql = f"SELECT {columns} FROM report WHERE report_id > ? ORDER BY report_id"  # noqa: S608 our own names
        for kind, said, page, language, report_id, at, user_id in self._database.rows(sql, number):
            yield Report(kind, said, page, language, report_id, from_epoch(at), user_id)

    def drop(self, upto: int) -> int:
        """Forgets the reports up to one that was dealt with; answers how many that were."""
        with self._database.writing() as connection:
            return connection.execute("DELETE FROM report WHERE report_id <= ?", (upto,)).rowcount
