"""A thread that asks an engine elsewhere now and then whether it is there; given out by the package, run by ``serve``.

Searches are answered from the index without the engine, so that nobody else might notice that it went, or came back.
"""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime
from threading import Event, Thread

from capx_graph.errors import CapxError

_CALM = 5.0
_SILENT = 1.0


class EngineWatch:
    """Runs ``ask`` every five seconds, every second while the engine is silent; the circuit breaker learns from it."""

    def __init__(self, ask: Callable[[], object], silent_since: Callable[[], datetime | None]) -> None:
        self._ask = ask
        self._silent_since = silent_since
        self._stopping = Event()
        self._thread = Thread(target=self._run, name="engine-watch", daemon=True)

    def start(self) -> None:
        """Begin."""
        self._thread.start()

    def stop(self) -> None:
        """End soon."""
        self._stopping.set()

    def look(self) -> None:
        """Ask once."""
        try:
            self._ask()
        except CapxError:
            return  # the circuit breaker has it, and the page of the state tells it

    def _run(self) -> None:
        while not self._stopping.wait(_CALM if self._silent_since() is None else _SILENT):
            self.look()
