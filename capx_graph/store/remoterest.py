"""A circuit breaker: an engine that cannot be reached, is late again and again, or asks for peace is left alone.

Used by ``store.remoteengine`` and ``store.remotewire``. Closed while the engine answers; open while it is left alone,
when whoever asks is told at once, since when, and when to come back; half-open after that, when one caller tries
whether it is back.
"""

from __future__ import annotations

import math
import time
from collections.abc import Callable
from datetime import datetime
from enum import StrEnum
from threading import Lock

from capx_graph.errors import EngineSilent, QueryFailed, QueryTooLarge, QueryTooLong, Unavailable
from capx_graph.instants import utc_now

_LONGEST_REST = 10.0
_LONGEST_WISH = 600.0
"""Seconds that an engine may ask for; a number in a header must not keep the graph behind for a day."""
_LATE_IN_A_ROW = 3


class Circuit(StrEnum):
    """Whether requests go through."""

    CLOSED = "closed"
    OPEN = "open"
    HALF_OPEN = "half-open"


class Unreachable(Unavailable):
    """No connection: the engine is left alone for a while."""


class Busy(Unavailable):
    """The engine says that it has no time; ``pause`` is for how many seconds, None where it does not say."""

    def __init__(self, text: str, pause: float | None = None) -> None:
        super().__init__(text)
        self.pause = pause


class Rest:
    """How long an engine that failed is left alone: as it asks for, else a second, then twice as long each time."""

    def __init__(self, address: str, *, clock: Callable[[], float] = time.monotonic) -> None:
        self._address = address
        self._clock = clock
        self._lock = Lock()
        self._since: datetime | None = None
        self._pause = 0.0
        self._until = 0.0
        self._late = 0
        self._absences = 0

    @property
    def since(self) -> datetime | None:
        """When the first of the failures was that nothing has mended."""
        return self._since

    @property
    def absences(self) -> int:
        """How often the engine went; what was known of it before may be wrong afterwards."""
        return self._absences

    @property
    def circuit(self) -> Circuit:
        """Whether a request would go through now."""
        if self._since is None:
            return Circuit.CLOSED
        return Circuit.OPEN if self._clock() < self._until else Circuit.HALF_OPEN

    def check(self) -> None:
        """Raises EngineSilent while the engine is left alone; one caller at a time is let through after that."""
        with self._lock:
            if self._since is None:
                return
            left = self._until - self._clock()
            if left <= 0:
                # Whoever tries has as long as the last rest was; then the next one tries, even if nothing was heard.
                self._until = self._clock() + max(1.0, self._pause)
                return
            text = f"{self._address} has not answered since {self._since:%H:%M:%S} UTC; next try in {left:.0f} s"
            raise EngineSilent(text, since=self._since, retry_after=max(1, math.ceil(left)))

    def watching(self, *, ours: bool = True) -> _Watch:
        """Learns from a request how the engine does; that a query is late tells something only if it is ours."""
        return _Watch(self, ours=ours)

    def was_late(self) -> None:
        """One slow query is the query's fault, several in a row are the engine's."""
        self._late += 1
        if self._late >= _LATE_IN_A_ROW or self._since is not None:
            self.failed()

    def failed(self, wish: float | None = None) -> None:
        """It is left alone for as long as it wishes, or ever longer."""
        with self._lock:
            if self._since is None:
                self._since = utc_now()
                self._absences += 1
            self._pause = min(_LONGEST_REST, max(1.0, self._pause * 2))
            rest = self._pause if wish is None else min(wish, _LONGEST_WISH)
            self._until = self._clock() + rest

    def answered(self) -> None:
        """The engine is there."""
        with self._lock:
            self._since, self._pause, self._until, self._late = None, 0.0, 0.0, 0


class _Watch:
    """Tells a rest how a request went; a query that is refused is an answer."""

    def __init__(self, rest: Rest, *, ours: bool) -> None:
        self._rest = rest
        self._ours = ours

    def __enter__(self) -> None:
        return None

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, at: object) -> None:
        if isinstance(error, Busy):
            self._rest.failed(error.pause)
        elif isinstance(error, Unavailable):
            self._rest.failed()
        elif isinstance(error, QueryTooLong):
            if self._ours:
                self._rest.was_late()
        elif error is None or isinstance(error, QueryFailed | QueryTooLarge):
            self._rest.answered()
