"""A thread that looks for changes again and again while the service runs, and what it has to say of that.

A source that fails is asked less and less often, up to once a minute; the service goes on answering from what it has.
"""

from __future__ import annotations

import logging
import time
from collections.abc import Callable
from contextlib import AbstractContextManager, nullcontext
from dataclasses import dataclass
from threading import Event, Lock, Thread

from capx_graph.errors import StoreLocked
from capx_graph.upstream.sync import Pass, Sync

_LOG = logging.getLogger(__name__)
_THOROUGH = 30.0
"""Seconds between looks with the long overlap."""
_SWEEP = 24 * 3600.0
"""Seconds between comparisons of all revisions: what a wiki tells nobody (a suppressed page) shows by then."""
_LONGEST_PAUSE = 60.0


@dataclass(frozen=True, slots=True)
class SyncState:
    """What is known of the following: ``at`` by the source's clock, the seconds since the last look that succeeded."""

    at: str = ""
    entities: int = 0
    seconds_since_success: float | None = None
    failure: str | None = None
    failures: int = 0
    unreadable: tuple[str, ...] = ()


class Stopped(Exception):
    """Ends work that nobody will wait for."""


class SyncLoop:
    """Runs ``sync.once`` in a thread of its own, from ``start`` to ``stop``; others may use the sync by ``held``."""

    def __init__(
        self,
        sync: Sync,
        count: Callable[[], int],
        *,
        seconds: float = 1.0,
        stopping: Event | None = None,
        guard: Callable[[], AbstractContextManager[object]] = nullcontext,
        clock: Callable[[], float] = time.monotonic,
    ) -> None:
        self._sync = sync
        self._count = count
        self._seconds = seconds
        self._clock = clock
        self._stopping = stopping or Event()
        self._busy = Lock()
        self._guard = guard
        self._thread = Thread(target=self._run, name="sync", daemon=True)
        self._thorough_at = self._swept_at = clock()
        self._first = True
        self._succeeded_at: float | None = None
        self._failure: str | None = None
        self._failures = 0
        self._unreadable: tuple[str, ...] = ()

    def start(self) -> None:
        """Begin; the first look is at once."""
        self._thread.start()

    def stop(self) -> None:
        """End after the request under way."""
        self._stopping.set()
        self._thread.join(5.0)

    def take(self, *entity_ids: str) -> int:
        """Takes in a few entities now, for somebody who has just written them."""
        with self._busy:
            return self._sync.take(entity_ids)

    def state(self) -> SyncState:
        """How the following goes."""
        since = None if self._succeeded_at is None else self._clock() - self._succeeded_at
        return SyncState(self._sync.standing.at, self._count(), since, self._failure, self._failures, self._unreadable)

    def look(self) -> float:
        """One look; answers the seconds until the next."""
        now = self._clock()
        try:
            with self._busy, self._guard():
                done = self._looked(now)
        except Stopped:
            return 0.0
        except StoreLocked:
            return self._seconds  # another process has its turn
        except Exception as error:
            # The service goes on answering from what it has; the next look begins where this one stands.
            self._failures += 1
            self._failure = f"{type(error).__name__}: {error}"
            pause = min(_LONGEST_PAUSE, self._seconds * 2.0**self._failures)
            _LOG.warning("the connected Wikibase could not be followed, again in %.0f s: %s", pause, error)
            return pause
        self._succeeded_at, self._failure, self._failures = self._clock(), None, 0
        self._unreadable = done.unreadable
        for text in done.unreadable:
            _LOG.warning("the connected Wikibase: %s", text)
        return self._seconds

    def _looked(self, now: float) -> Pass:
        thorough = self._first or now - self._thorough_at >= _THOROUGH
        done = self._sync.sweep() if now - self._swept_at >= _SWEEP else self._sync.once(thorough=thorough)
        self._first = False
        if thorough:
            self._thorough_at = now
        if done.swept:
            self._swept_at = now
        return done

    def _run(self) -> None:
        while not self._stopping.is_set():
            self._stopping.wait(self.look())
