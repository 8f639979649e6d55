"""How much query time each client may use: a bucket of seconds that fills as fast as the clock runs.

Only this package imports it. Time is counted, not requests: the thousand small GETs of a bind join cost two seconds, a
runaway query its whole deadline. Who asks one thing after the other never runs dry; who keeps several processes busy
does after a burst. Nothing is kept about clients whose bucket is full.
"""

from __future__ import annotations

import math
import time
from collections.abc import Callable
from dataclasses import dataclass
from threading import Lock

from capx_graph.errors import AllowanceSpent

_MOST_CLIENTS = 10_000


@dataclass(slots=True)
class _Bucket:
    """``owed`` seconds at the time ``at``; they shrink by themselves."""

    owed: float
    at: float


class Allowances:
    """The buckets of all clients; ``burst`` seconds may be owed at once, 0 switches the limit off."""

    def __init__(self, burst: float, *, clock: Callable[[], float] = time.monotonic) -> None:
        self._burst = burst
        self._clock = clock
        self._buckets: dict[str, _Bucket] = {}
        self._lock = Lock()

    def check(self, client: str) -> None:
        """Raises AllowanceSpent where this client owes more than a burst."""
        with self._lock:
            bucket = self._buckets.get(client)
            owed = self._owed(bucket) if bucket else 0.0
        if self._burst and owed > self._burst:
            wait = math.ceil(owed - self._burst)
            raise AllowanceSpent(
                f"this address has used more than {self._burst:g} s of query time in a short time; "
                f"try again in {wait} s, or run fewer queries at once",
                retry_after=wait,
            )

    def spend(self, client: str, seconds: float) -> None:
        """Count the time that a query took."""
        with self._lock:
            bucket = self._buckets.setdefault(client, _Bucket(0.0, self._clock()))
            bucket.owed = self._owed(bucket) + seconds
            bucket.at = self._clock()
            if len(self._buckets) > _MOST_CLIENTS:
                self._forget()

    def _owed(self, bucket: _Bucket) -> float:
        return max(0.0, bucket.owed - (self._clock() - bucket.at))

    def _forget(self) -> None:
        """Drop who owes nothing, then who owes least: half of all at most remain."""
        kept = sorted(
            ((client, bucket) for client, bucket in self._buckets.items() if self._owed(bucket) > 0),
            key=lambda pair: -self._owed(pair[1]),
        )
        self._buckets = dict(kept[: _MOST_CLIENTS // 2])
