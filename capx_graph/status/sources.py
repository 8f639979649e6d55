"""What the graph follows: its repository, and a Wikibase elsewhere where there is one; one kind of answer for each."""

from __future__ import annotations

import time
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Protocol

from capx_graph.ingest import Ingest

_COUNTED = 10_000
_FRESH = 1.0


@dataclass(frozen=True, slots=True)
class SourceState:
    """How far a source has been followed.

    ``as_of``: everything up to then is in, None before anything was. ``waiting`` are changes that are not, counted up
    to 10,000; None where nobody can tell. ``trouble`` is the kind of what hinders, ``since`` when it began.
    """

    name: str
    cursor: str
    as_of: datetime | None
    waiting: int | None = None
    trouble: str | None = None
    since: datetime | None = None

    def lag(self, now: datetime) -> float | None:
        """Seconds that this is behind; None before anything was taken in."""
        return None if self.as_of is None else max(0.0, (now - self.as_of).total_seconds())


class Source(Protocol):
    """Something that is followed; asked for every page, so it answers from memory or in microseconds."""

    def look(self, now: datetime) -> SourceState: ...


class GraphSource:
    """The repository here, followed by graph and text index."""

    def __init__(self, ingest: Ingest) -> None:
        self._ingest = ingest

    def look(self, now: datetime) -> SourceState:
        """In step as of now when nothing waits; else as of when it was so last.

        An engine elsewhere that has not said yet where the graph stands leaves open what waits.
        """
        ingest, pulse = self._ingest, self._ingest.pulse
        cursor, known, waiting = ingest.cursor, ingest.store.state.known, 0
        if cursor != ingest.repository.head() and (known or cursor):
            waiting = len(ingest.repository.changes_after(cursor, limit=_COUNTED))
        if known and not waiting:
            return SourceState("graph", str(cursor), now, 0, *_told(ingest))
        as_of = pulse.in_step_at and min(now, pulse.in_step_at)
        return SourceState("graph", str(cursor), as_of, waiting if known or cursor else None, *_told(ingest))


class FollowingState(Protocol):
    """What the thread that follows a Wikibase elsewhere says; see ``capx_graph.upstream``."""

    @property
    def at(self) -> str: ...
    @property
    def seconds_since_success(self) -> float | None: ...
    @property
    def failure(self) -> str | None: ...


class WikibaseSource:
    """A Wikibase elsewhere, followed by the repository; asked once a second at most."""

    def __init__(self, state: Callable[[], FollowingState]) -> None:
        self._state = state
        self._told: FollowingState | None = None
        self._asked = 0.0
        self._failing_since: datetime | None = None

    def look(self, now: datetime) -> SourceState:
        """As of the last look that succeeded; before the first, as of where the one before this process stood."""
        told, asked = self._told, time.monotonic()
        if told is None or asked - self._asked > _FRESH:
            told = self._told = self._state()
            self._asked = asked
        if told.failure is None:
            self._failing_since = None
        elif self._failing_since is None:
            self._failing_since = now
        since = told.seconds_since_success
        at = datetime.fromisoformat(told.at) if told.at else None
        as_of = at if since is None else now - timedelta(seconds=since)
        return SourceState("wikibase", told.at, as_of, None, _kind(told.failure), self._failing_since)


def _kind(failure: str | None) -> str | None:
    """The kind of a failure without its text, which may name addresses."""
    if failure is None:
        return None
    kind = failure.partition(":")[0]
    return kind if kind.isidentifier() and kind[0].isupper() else "Failure"


def _told(ingest: Ingest) -> tuple[str | None, datetime | None]:
    trouble = ingest.pulse.trouble
    return (trouble.kind, trouble.since) if trouble else (None, None)
