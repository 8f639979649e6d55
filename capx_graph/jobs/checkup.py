"""Checks every record against the shapes once a day, in a process of its own so that the service stays quick.

The process is ``capx validate --publish`` with the settings of this one; ``serve`` starts and stops the timer. Nothing
is checked again while the repository stands where the last checkup found it.
"""

from __future__ import annotations

import logging
import os
import subprocess
import sys
from collections.abc import Callable
from threading import Event, Thread

from capx_graph.analytics import Health
from capx_graph.settings import Settings

_FIRST = 120.0
"""Seconds after the start of the service: graph and index are loaded first."""
_HOUR = 3600.0

_LOG = logging.getLogger(__name__)


class Checkup:
    """The timer; does nothing where no hours are set. ``head`` tells where the repository stands."""

    def __init__(self, settings: Settings, head: Callable[[], int]) -> None:
        self._settings = settings
        self._head = head
        self._health = Health(settings.cache)
        self._stopping = Event()
        self._process: subprocess.Popen[bytes] | None = None
        self._thread = Thread(target=self._run, name="checkup", daemon=True)

    def start(self) -> None:
        """Begin to wait."""
        if self._settings.checkup_hours:
            self._thread.start()

    def stop(self) -> None:
        """End, with the process that is at work; the former report stays."""
        self._stopping.set()
        process = self._process
        if process is not None and process.poll() is None:
            process.terminate()

    @property
    def due(self) -> bool:
        """Whether something changed since the last checkup."""
        report = self._health.report()
        return report is None or report.version != self._head()

    def _run(self) -> None:
        wait = _FIRST
        while not self._stopping.wait(wait):
            if self.due:
                self._check()
            wait = self._settings.checkup_hours * _HOUR

    def _check(self) -> None:
        command = [sys.executable, "-m", "capx_graph", "--data", str(self._settings.data), "validate", "--publish"]
        environment = {**os.environ, "CAPX_CACHE": str(self._settings.cache)}
        try:
            self._process = subprocess.Popen(command, env=environment, stderr=subprocess.DEVNULL)  # noqa: S603 - fixed
            code = self._process.wait()
        except OSError as error:
            _LOG.error("the records were not checked: %s", error)
            return
        if code and not self._stopping.is_set():
            _LOG.error("the records were not checked: the command ended with %s", code)
