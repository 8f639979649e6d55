"""A thread that catches up whenever something changes; given out by the package, started by the service.

An edit catches up in its own thread, so that its writer sees it at once; this thread is for what other processes
write (an import), which it sees by looking at the change log once a second.
"""

from __future__ import annotations

import logging
from threading import Event, Thread

from capx_graph.errors import NO_ANSWER
from capx_graph.ingest.ingest import Ingest

_LOG = logging.getLogger(__name__)
_POLL = 1.0
_PAUSE_AFTER_FAILURE = 2.0


class _Stopped(Exception):
    """Ends a rebuild that nobody will wait for."""


class IngestLoop:
    """Runs ``ingest.catch_up`` in a thread of its own, from ``start`` to ``stop``."""

    def __init__(self, ingest: Ingest, *, poll: float = _POLL, pause: float = _PAUSE_AFTER_FAILURE) -> None:
        self._ingest = ingest
        self._poll = poll
        self._pause = pause
        self._awake = Event()
        self._stopping = False
        self._thread = Thread(target=self._run, name="ingest", daemon=True)
        self.last_failure: str | None = None

    def start(self) -> None:
        """Begin; the first round starts at once."""
        self._thread.start()

    def stop(self) -> None:
        """End after the differences under way; a rebuild is given up, the next start begins it again."""
        self._stopping = True
        self._awake.set()
        self._thread.join()

    def wake(self) -> None:
        """Something changed; fit for ``Repository.on_commit``."""
        self._awake.set()

    def _run(self) -> None:
        while not self._stopping:
            self._awake.clear()
            pause = self._poll
            try:
                self._ingest.catch_up(progress=self._go_on)
                self.last_failure = None
            except _Stopped:
                return
            except Exception as error:
                # The service goes on answering from what it has; the next round tries again from the same cursor.
                self._tell(error)
                pause = self._pause
            self._awake.wait(pause)

    def _tell(self, error: Exception) -> None:
        told, self.last_failure = self.last_failure, f"{type(error).__name__}: {error}"
        self._ingest.pulse.failed(error)
        if not isinstance(error, NO_ANSWER):
            _LOG.exception("graph and text index fell behind the repository")
        elif told is None:  # an engine that is away for hours is told once
            _LOG.error("the graph falls behind the repository until its engine answers: %s", error)

    def _go_on(self, done: int) -> None:  # noqa: ARG002 the signature of Progress
        if self._stopping:
            raise _Stopped
