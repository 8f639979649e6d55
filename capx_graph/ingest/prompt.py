"""Edits in the graph before their answers leave, as long as that takes moments; given out by the package.

A graph in this process is always that quick. One elsewhere may be slow or away: an edit waits for it two seconds at
most, is kept by the repository all the same, and reaches the graph later, as the change log says.
"""

from __future__ import annotations

import logging
import time
from threading import Condition, Thread

from capx_graph.errors import CapxError
from capx_graph.ingest.ingest import Ingest

PATIENCE = 2.0
"""Seconds that an edit waits for an engine elsewhere."""

_LOG = logging.getLogger(__name__)


class Prompt:
    """Brings what was edited into the graph; one for all threads. Without ``patience`` it takes the time it takes."""

    def __init__(self, ingest: Ingest, *, patience: float | None = None) -> None:
        self._ingest = ingest
        self._patience = patience
        self._state = Condition()
        self._asked = False
        self._failures = 0
        self._began: float | None = None

    def __call__(self) -> bool:
        """Whether everything that was edited by now is in; raises what catching up raises where that may take long."""
        head = self._ingest.repository.head()
        if self._ingest.cursor >= head and self._ingest.store.state.known:
            return True
        if self._patience is None:
            self._ingest.catch_up()
            return True
        with self._state:
            failures = self._failures
            self._asked = True
            if self._began is None:
                self._began = time.monotonic()
                Thread(target=self._run, name="prompt", daemon=True).start()
            # Of a round that takes long already nothing is to be expected.
            left = max(0.0, self._began + self._patience - time.monotonic())
            self._state.wait_for(lambda: self._is_in(head) or self._failures > failures, left)
        return self._is_in(head)

    def _is_in(self, head: int) -> bool:
        return self._ingest.cursor >= head and self._ingest.store.state.known

    def _run(self) -> None:
        while True:
            with self._state:
                self._asked, self._began = False, time.monotonic()
            failed = False
            try:
                self._ingest.catch_up()
            except CapxError as error:
                # The edit is kept; the ingest loop goes on trying and tells of it.
                self._ingest.pulse.failed(error)
                _LOG.debug("an edit is not in the graph yet: %s", error)
                failed = True
            except Exception:
                _LOG.exception("an edit is not in the graph yet")
                failed = True
            with self._state:
                self._failures += failed
                self._state.notify_all()
                if failed or not self._asked:
                    self._began = None
                    return
