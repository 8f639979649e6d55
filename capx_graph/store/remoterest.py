"""A circuit breaker: an engine that cannot be reached, or is late again and again, is left alone for a while.

Used by ``store.remoteengine`` alone. Whoever asks meanwhile is told at once, and since when; one caller after each rest
tries whether the engine is back.
"""

from __future__ import annotations

import math
import time
from datetime import UTC, datetime
from threading import Lock

from capx_graph.errors import EngineSilent, QueryFailed, QueryTooLarge, QueryTooLong, Unavailable

_LONGEST_REST = 10.0
_LATE_IN_A_ROW = 3


class Unreachable(Unavailable):
    """No connection: the engine is left alone for a while."""


class Rest:
    """How long an engine that failed is left alone: a second first, then twice as long each time."""

    def __init__(self, address: str) -> None:
        self._address = address
        self._lock = Lock()
        self._since: datetime | None = None
        self._pause = 0.0
        self._until = 0.0
        self._late = 0

    @property
    def since(self) -> datetime | None:
        """When the first of the failures was that nothing has mended."""
        return self._since

    def check(self) -> None:
        """Raises Unavailable while the engine rests; one caller is let through when the rest is over."""
        with self._lock:
            left = self._until - time.monotonic()
            if self._since is None or left <= 0:
                self._until = time.monotonic() + self._pause
                return
            text = f"{self._address} has not answered since {self._since:%H:%M:%S} UTC; next try in {left:.0f} s"
            raise EngineSilent(text, since=self._since, retry_after=max(1, math.ceil(left)))

    def watching(self) -> _Watch:
        return _Watch(self)

    def was_late(self) -> None:
        """One slow query is the query's fault, several in a row are the engine's."""
        self._late += 1
        if self._late >= _LATE_IN_A_ROW:
            self.failed()

    def failed(self) -> None:
        with self._lock:
            self._since = self._since or datetime.now(UTC)
            self._pause = min(_LONGEST_REST, max(1.0, self._pause * 2))
            self._until = time.monotonic() + self._pause

    def answered(self) -> None:
        with self._lock:
            self._since, self._pause, self._until, self._late = None, 0.0, 0.0, 0


class _Watch:
    """Tells a rest how a request went; a query that is refused is an answer."""

    def __init__(self, rest: Rest) -> None:
        self._rest = rest

    def __enter__(self) -> None:
        return None

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, at: object) -> None:
        if isinstance(error, Unreachable):
            self._rest.failed()
        elif isinstance(error, QueryTooLong):
            self._rest.was_late()
        elif error is None or isinstance(error, QueryFailed | QueryTooLarge):
            self._rest.answered()
