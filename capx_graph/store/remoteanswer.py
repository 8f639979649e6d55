"""Reading what a remote engine sends: an answer that must end in time, and how long it asks to be left alone.

Used by ``store.remoteengine`` and ``store.remotewire``.
"""

from __future__ import annotations

import http.client
import io
import time
from collections.abc import Callable
from datetime import UTC
from email.utils import parsedate_to_datetime

from capx_graph.errors import CapxError
from capx_graph.instants import utc_now


class Timed(io.RawIOBase):
    """An answer that is read while it comes; raises what ``late`` makes once the time is over, however slowly it drips.

    Each read gives what is there, because waiting for a whole block would be waiting for as many drops.
    """

    def __init__(self, answer: http.client.HTTPResponse, end: float, late: Callable[[], CapxError]) -> None:
        self._answer = answer
        self._end = end
        self._late = late

    def readable(self) -> bool:
        return True

    def read(self, size: int = -1) -> bytes:
        """Some of the answer, at most so many bytes; none at its end. Raises OSError."""
        if time.monotonic() > self._end:
            raise self._late()
        try:
            found: bytes = self._answer.read1(size if size >= 0 else 1 << 16)
        except http.client.HTTPException as error:
            raise OSError(f"the answer breaks off: {type(error).__name__}") from error
        if not found and getattr(self._answer, "length", None):
            raise OSError("the answer breaks off")
        return found

    def close(self) -> None:
        self._answer.close()
        super().close()


def pause_of(retry_after: str | None) -> float | None:
    """The seconds in a Retry-After, which gives them or a date; None where it says nothing that can be read."""
    text = (retry_after or "").strip()
    if text.isdecimal():
        return float(text)
    try:
        moment = parsedate_to_datetime(text)
    except ValueError:
        return None
    if moment.tzinfo is None:
        moment = moment.replace(tzinfo=UTC)
    return max(0.0, (moment - utc_now()).total_seconds())
