"""Publishes dumps once a day, in a process of its own so that the service stays quick; ``serve`` starts and stops it.

The process is ``capx dump --publish`` with the settings of this one. A failure is logged; the next night tries again.
"""

from __future__ import annotations

import logging
from datetime import datetime, timedelta

from capx_graph.jobs.child import Child
from capx_graph.settings import Settings

_LOOK_AGAIN = 600.0
"""Seconds after which the clock is looked at again: it may have been set, or the machine have slept."""

_LOG = logging.getLogger(__name__)


def next_night(now: datetime, hour: int) -> datetime:
    """The next time that it is this hour (UTC), later than now."""
    today = now.replace(hour=hour, minute=0, second=0, microsecond=0)
    return today if today > now else today + timedelta(days=1)


class Nightly:
    """The timer; does nothing where no hour is set."""

    def __init__(self, settings: Settings) -> None:
        self._settings = settings
        self._child = Child(settings, name="nightly-dumps", work=self._run)

    def start(self) -> None:
        """Begin to wait."""
        if self._settings.dump_hour is not None:
            self._child.start()

    def stop(self) -> None:
        """End, with the process that is at work; what it has made so far lies aside and is swept away."""
        self._child.stop()

    def _run(self) -> None:
        hour = self._settings.dump_hour
        assert hour is not None, "only started where an hour is set"
        due = next_night(self._settings.now(), hour)
        while not self._child.stopping:
            remaining = (due - self._settings.now()).total_seconds()
            if remaining > 0:
                self._child.wait(min(remaining, _LOOK_AGAIN))
                continue
            self.publish()
            due = next_night(self._settings.now(), hour)

    def publish(self) -> None:
        """Publishes now, and waits for it."""
        failure = self._child.run("dump", "--publish")
        if failure is not None:
            _LOG.error("the dumps were not published: %s", failure)
