"""Waiting for a state, never for a time: the only room of the tests in which anything pauses.

What is awaited comes from another thread or process that tells nobody; where it can tell, an event is better.
"""

from __future__ import annotations

import time
from collections.abc import Callable
from typing import TypeVar

PATIENCE = 180.0
"""Seconds after which nothing is expected any more, on a machine with twelve other runs of tests on it."""
_PAUSE = 0.005
T = TypeVar("T")


def until(
    condition: Callable[[], T],
    *,
    what: str,
    within: float = PATIENCE,
    despite: type[Exception] | tuple[type[Exception], ...] = (),
) -> T:
    """The first true answer of a condition; fails with what was awaited. ``despite`` are failures on the way there."""
    end = time.monotonic() + within
    while True:
        met: Exception | None = None
        try:
            if found := condition():
                return found
        except despite as error:
            met = error
        if time.monotonic() > end:
            raise AssertionError(f"not so after {within:g} s: {what}") from met
        time.sleep(_PAUSE)
