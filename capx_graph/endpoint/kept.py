"""Finished answers, kept until what they were made of changes: the same question again costs no work.

Only this package imports it. Pages with queries in them, dashboards and bots ask the same small things all day. Nothing
has to be dropped by hand: an answer belongs to one edition of the data, and with the next one all are forgotten.
"""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import Hashable
from threading import Lock


class Kept:
    """Bytes by key, of one edition at a time; ``most`` bytes in all, each answer at most ``largest``."""

    def __init__(self, *, most: int, largest: int) -> None:
        self._most = most
        self._largest = largest
        self._edition = ""
        self._bodies: OrderedDict[Hashable, bytes] = OrderedDict()
        self._size = 0
        self._lock = Lock()

    def get(self, edition: str, key: Hashable) -> bytes | None:
        """The answer of an edition; None when there is none."""
        with self._lock:
            if edition != self._edition or key not in self._bodies:
                return None
            self._bodies.move_to_end(key)
            return self._bodies[key]

    def clear(self) -> None:
        """Forget all answers."""
        with self._lock:
            self._bodies.clear()
            self._size = 0

    def put(self, edition: str, key: Hashable, body: bytes) -> None:
        """Keep an answer; those of another edition go, then those that were asked for least recently."""
        if len(body) > self._largest:
            return
        with self._lock:
            if edition != self._edition:
                self._bodies.clear()
                self._edition, self._size = edition, 0
            self._size += len(body) - len(self._bodies.pop(key, b""))
            self._bodies[key] = body
            while self._size > self._most:
                _, gone = self._bodies.popitem(last=False)
                self._size -= len(gone)
