"""Checks every record against the shapes once a day, in a process of its own so that the service stays quick.

The process is ``capx validate --publish`` with the settings of this one; ``serve`` starts and stops the timer. Nothing
is checked again while the repository stands where the last checkup found it.
"""

from __future__ import annotations

import logging
from collections.abc import Callable

from capx_graph.analytics import Health
from capx_graph.jobs.child import Child
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
        self._child = Child(settings, name="checkup", work=self._run)

    def start(self) -> None:
        """Begin to wait."""
        if self._settings.checkup_hours:
            self._child.start()

    def stop(self) -> None:
        """End, with the process that is at work; the former report stays."""
        self._child.stop()

    @property
    def due(self) -> bool:
        """Whether something changed since the last checkup."""
        report = self._health.report()
        return report is None or report.version != self._head()

    def _run(self) -> None:
        wait = _FIRST
        while not self._child.wait(wait):
            if self.due:
                self._check()
            wait = self._settings.checkup_hours * _HOUR

    def _check(self) -> None:
        failure = self._child.run("validate", "--publish", quiet=True)
        if failure is not None:
            _LOG.error("the records were not checked: %s", failure)
