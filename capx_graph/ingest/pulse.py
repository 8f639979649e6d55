"""How an ingest does: when it was in step last, and what hinders it since when; given out by the package.

Written by whoever catches up, read by what tells of the service. Only the kind of a failure is kept: its text, which
may name addresses, is in the log.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from capx_graph.instants import utc_now


@dataclass(frozen=True, slots=True)
class Trouble:
    """A failure that nothing has mended: its kind, when it was first met, how often since."""

    kind: str
    since: datetime
    times: int = 1


class Pulse:
    """The pulse of one ingest; assigned as a whole, so that threads read it without a lock."""

    def __init__(self) -> None:
        self.in_step_at: datetime | None = None
        self.trouble: Trouble | None = None

    def beat(self, at: datetime) -> None:
        """Everything that had happened by then is taken in."""
        self.in_step_at, self.trouble = at, None

    def stands(self, at: datetime) -> None:
        """What is shown is as of then, although it is not in the graph."""
        self.in_step_at = at

    def failed(self, error: BaseException) -> None:
        """Catching up ended with this."""
        now, before = utc_now(), self.trouble
        kind = type(error).__name__
        self.trouble = Trouble(kind, before.since, before.times + 1) if before else Trouble(kind, now)
