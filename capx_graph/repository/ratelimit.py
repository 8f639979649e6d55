"""How many edits an account may make in a minute, counted in this process.

The API, the rooms above that edit, and wsgi.py import it. Bots and sysops are free of it; so is what acts inside this
process.
"""

from __future__ import annotations

import threading
import time
from collections import deque
from collections.abc import Callable

_MINUTE = 60.0


class RateLimit:
    """Counts edits by name over the last minute; ``most`` None means no limit."""

    def __init__(self, most: int | None, *, clock: Callable[[], float] = time.monotonic) -> None:
        self._most = most
        self._clock = clock
        self._lock = threading.Lock()
        self._edits: dict[str, deque[float]] = {}

    def wait(self, name: str) -> int:
        """Counts an edit and answers 0, or answers the seconds until another is allowed."""
        if self._most is None:
            return 0
        now = self._clock()
        with self._lock:
            edits = self._edits.setdefault(name, deque())
            while edits and edits[0] <= now - _MINUTE:
                edits.popleft()
            if len(edits) >= self._most:
                return max(1, int(edits[0] + _MINUTE - now) + 1) if edits else int(_MINUTE)
            edits.append(now)
            if len(self._edits) > 10_000:
                self._edits = {key: value for key, value in self._edits.items() if value and value[-1] > now - _MINUTE}
            return 0
