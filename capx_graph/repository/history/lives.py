"""How many owned pages began and ended in each month, without saying whose.

A page begins with its first revision and ends when it is deleted; what its owner erased stays counted, because the
numbers of a month name nobody. Read once, then from where it stopped. Imported by the repository's users.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass, field
from threading import Lock

from capx_graph.repository.storage.database import Database

_BEGUN = """
SELECT strftime('%Y-%m', r.at, 'unixepoch'), count(*), max(r.revision_id)
FROM revision r JOIN page p ON p.page_id = r.page_id
WHERE r.revision_id > ? AND r.parent_id = 0 AND p.owner IS NOT NULL
GROUP BY 1
"""
_ENDED = """
SELECT strftime('%Y-%m', l.at, 'unixepoch'), count(*), max(l.log_id)
FROM log l JOIN page p ON p.page_id = l.page_id
WHERE l.log_id > ? AND l.type = 'delete' AND l.action = 'delete' AND p.owner IS NOT NULL
GROUP BY 1
"""


@dataclass(slots=True)
class _Tally:
    """One kind of event by month (``2026-06``), read up to a row."""

    query: str
    read: int = 0
    months: Counter[str] = field(default_factory=Counter)


class Lives:
    """Months of owned pages; for all threads."""

    def __init__(self, database: Database) -> None:
        self._database = database
        self._lock = Lock()
        self._begun, self._ended = _Tally(_BEGUN), _Tally(_ENDED)

    def begun(self) -> Mapping[str, int]:
        """Pages by the month of their first revision."""
        return self._months(self._begun)

    def ended(self) -> Mapping[str, int]:
        """Pages by the month in which they were deleted."""
        return self._months(self._ended)

    def _months(self, tally: _Tally) -> Mapping[str, int]:
        with self._lock:
            for month, count, last in self._database.reading().execute(tally.query, (tally.read,)):
                tally.months[month] += count
                tally.read = max(tally.read, last)
            return dict(tally.months)
