"""Answers kept under their ETags: what a client would be told is unchanged need not be drawn again for the next one.

For rooms whose answers depend on nothing but what their tag is made of. Bounded by size; the oldest go first.
"""

from __future__ import annotations

from collections import OrderedDict
from dataclasses import dataclass, field
from threading import Lock

from flask import Response

_MOST = 32 << 20
"""Bytes of all answers kept."""
_LARGEST = 4 << 20


@dataclass(frozen=True, slots=True)
class _Kept:
    body: bytes
    headers: tuple[tuple[str, str], ...]


@dataclass(slots=True)
class KeptAnswers:
    """For all threads."""

    _answers: OrderedDict[str, _Kept] = field(default_factory=OrderedDict)
    _bytes: int = 0
    _lock: Lock = field(default_factory=Lock)

    def get(self, tag: str) -> Response | None:
        """The answer of this tag, new for this request."""
        with self._lock:
            kept = self._answers.get(tag)
            if kept is None:
                return None
            self._answers.move_to_end(tag)
        return Response(kept.body, headers=list(kept.headers))

    def keep(self, tag: str, response: Response) -> None:
        """Keep an answer, before anything is done to it for one client alone."""
        body = response.get_data()
        if len(body) > _LARGEST:
            return
        with self._lock:
            if tag not in self._answers:
                self._answers[tag] = _Kept(body, tuple(response.headers))
                self._bytes += len(body)
            while self._bytes > _MOST:
                _, gone = self._answers.popitem(last=False)
                self._bytes -= len(gone.body)
