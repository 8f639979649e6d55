"""Publishes dumps once a day, in a process of its own so that the service stays quick; ``serve`` starts and stops it.

The process is ``capx dump --publish`` with the settings of this one. A failure is logged; the next night tries again.
"""

from __future__ import annotations

import logging
import os
import subprocess
import sys
from datetime import datetime, timedelta
from threading import Event, Thread

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
        self._stopping = Event()
        self._process: subprocess.Popen[bytes] | None = None
        self._thread = Thread(target=self._run, name="nightly-dumps", daemon=True)

    def start(self) -> None:
        """Begin to wait."""
        if self._settings.dump_hour is not None:
            self._thread.start()

    def stop(self) -> None:
        """End, with the process that is at work; what it has made so far lies aside and is swept away."""
        self._stopping.set()
        process = self._process
        if process is not None and process.poll() is None:
            process.terminate()

    def _run(self) -> None:
        hour = self._settings.dump_hour
        assert hour is not None, "only started where an hour is set"
        due = next_night(self._settings.now(), hour)
        while not self._stopping.is_set():
            remaining = (due - self._settings.now()).total_seconds()
            if remaining > 0:
                self._stopping.wait(min(remaining, _LOOK_AGAIN))
                continue
            self.publish()
            due = next_night(self._settings.now(), hour)

    def publish(self) -> None:
        """Publishes now, and waits for it."""
        command = [sys.executable, "-m", "capx_graph", "--data", str(self._settings.data), "dump", "--publish"]
        environment = {**os.environ, "CAPX_CACHE": str(self._settings.cache)}
        try:
            self._process = subprocess.Popen(command, env=environment)  # noqa: S603 - a fixed command
            code = self._process.wait()
        except OSError as error:
            _LOG.error("the dumps were not published: %s", error)
            return
        if code and not self._stopping.is_set():
            _LOG.error("the dumps were not published: the command ended with %s", code)
