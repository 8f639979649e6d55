"""Signing in with a wiki elsewhere: what began waits here for the browser that began it, for ten minutes.

Rooms that lead to the wiki import it, and ``grants``. A restart forgets what waits, and one begins again; nothing of it
is on the disk.
"""

from __future__ import annotations

import time
from collections import OrderedDict
from collections.abc import Callable
from dataclasses import dataclass
from threading import Lock

from flask import current_app

from capx_graph.identities import Begun
from webapp.needs import services
from webapp.request.absolute import absolute_url

_SECONDS = 600.0
_MOST = 10_000


@dataclass(frozen=True, slots=True)
class Waiting:
    """What began: in which browser, where it leads, until when it is waited for; ``member`` for a grant of theirs."""

    begun: Begun
    key: str
    back: str
    until: float
    member: int | None = None


class Pending:
    """Sign-ins that have begun; one for all threads."""

    def __init__(self, clock: Callable[[], float] = time.monotonic) -> None:
        self._clock = clock
        self._lock = Lock()
        self._waiting: OrderedDict[str, Waiting] = OrderedDict()

    def add(self, begun: Begun, key: str, back: str, *, member: int | None = None) -> None:
        """Waits for the answer to a beginning; of a grant for the newest of a member alone."""
        with self._lock:
            if member is not None:
                for state in [state for state, one in self._waiting.items() if one.member == member]:
                    del self._waiting[state]
            self._waiting[begun.state] = Waiting(begun, key, back, self._clock() + _SECONDS, member)
            while len(self._waiting) > _MOST:
                self._waiting.popitem(last=False)

    def take(self, state: str, key: str) -> Waiting | None:
        """What this browser began, this once; None for what another began, or nobody, or too long ago."""
        with self._lock:
            found = self._waiting.get(state)
            if found is None or not key or found.key != key:
                return None
            del self._waiting[state]
        return found if self._clock() <= found.until else None


def callback_address() -> str:
    """Where the wiki sends a browser back to: the one callback that a consumer has."""
    return absolute_url("signin.callback", base=services().namespaces.site, uselang=None)


def pending() -> Pending:
    """What has begun at this site."""
    found: Pending = current_app.extensions["capx_pending"]
    return found
