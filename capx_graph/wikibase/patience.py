"""How long a thread waits for a wiki elsewhere that asks to come back later: a command long, a web request hardly.

Doors set it around what they call; the sessions with wikis elsewhere ask. A thread that is begun anew is patient.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar

LONG = 900.0
"""Seconds that one request to a wiki waits in all, for commands and periodic work."""
IN_A_REQUEST = 5.0
"""Seconds where somebody waits for a page, and a thread of the server with them."""

_PATIENCE: ContextVar[float] = ContextVar("patience", default=LONG)


def patience() -> float:
    """The seconds that this thread waits now."""
    return _PATIENCE.get()


@contextmanager
def waiting_at_most(seconds: float) -> Iterator[None]:
    """Lets everything inside wait no longer than this."""
    token = _PATIENCE.set(seconds)
    try:
        yield
    finally:
        _PATIENCE.reset(token)
