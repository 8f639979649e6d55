"""A timer's thread, and the command that it runs in a process of its own so that the service stays quick.

The timers of this floor are made of it. The command has the settings of this process. Why it failed is answered, not
logged: each timer tells it in its own words. A command that ends because the service does has not failed.
"""

from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Callable
from threading import Event, Thread

from capx_graph.settings import Settings


class Child:
    """One thread that waits, and the process that is at work, if any; ``work`` is what the thread does."""

    def __init__(self, settings: Settings, *, name: str, work: Callable[[], None]) -> None:
        self._settings = settings
        self._stopping = Event()
        self._process: subprocess.Popen[bytes] | None = None
        self._thread = Thread(target=work, name=name, daemon=True)

    def start(self) -> None:
        """Begin the thread."""
        self._thread.start()

    def stop(self) -> None:
        """End, with the process that is at work."""
        self._stopping.set()
        process = self._process
        if process is not None and process.poll() is None:
            process.terminate()

    @property
    def stopping(self) -> bool:
        """Whether the thread is to end."""
        return self._stopping.is_set()

    def wait(self, seconds: float) -> bool:
        """Waits, no longer than until the thread is to end; whether it is."""
        return self._stopping.wait(seconds)

    def run(self, *arguments: str, quiet: bool = False) -> str | None:
        """Runs ``capx`` with these arguments and waits for it; why it failed, None where it did not.

        A ``quiet`` command writes nothing to the standard error of the service.
        """
        command = [sys.executable, "-m", "capx_graph", "--data", str(self._settings.data), *arguments]
        environment = {**os.environ, "CAPX_CACHE": str(self._settings.cache)}
        errors = subprocess.DEVNULL if quiet else None
        try:
            self._process = subprocess.Popen(command, env=environment, stderr=errors)  # noqa: S603 - a fixed command
            code = self._process.wait()
        except OSError as error:
            return str(error)
        return f"the command ended with {code}" if code and not self.stopping else None
