"""One process that answers strangers' queries, seen from outside: the pipe to it, its death and its last words.

Used by ``store.worker``, and by ``groups.solving`` for its own processes; the other end of the pipe is
``store.workermain``.
"""

from __future__ import annotations

import os
import select
import subprocess
import sys
from collections.abc import Mapping
from pathlib import Path
from tempfile import TemporaryFile
from typing import Any

from capx_graph.store.snapshots import Snapshot
from capx_graph.store.workermain import read_frame, write_frame

_CHECKOUT = str(Path(__file__).resolve().parents[2])
_STACK = ("overflowed its stack", "stack overflow")


class WorkerProcess:
    """Used by one thread at a time; ``held`` is the snapshot that the process has open or is about to open."""

    def __init__(self) -> None:
        self._words = TemporaryFile()  # noqa: SIM115 ``kill`` closes it
        self._process = subprocess.Popen(
            [sys.executable, "-P", "-m", "capx_graph.store.workermain"],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=self._words,
            env=clean_environment(),
        )
        self.held: Snapshot | None = None
        self.outdated = False
        """Whether it was ended because nobody may read its state of the graph any more."""

    @property
    def pid(self) -> int:
        """Its number at the operating system."""
        return self._process.pid

    def ask(self, frame: Mapping[str, Any], seconds: float) -> dict[str, Any] | None:
        """The answer to a frame; None when the process died of it. Raises TimeoutError."""
        assert self._process.stdin is not None, "the pipe was asked for"
        assert self._process.stdout is not None, "the pipe was asked for"
        try:
            write_frame(self._process.stdin, frame)
        except (BrokenPipeError, ValueError):  # a ValueError: the pool closed the pipe meanwhile
            return None
        poll = select.poll()
        poll.register(self._process.stdout, select.POLLIN | select.POLLHUP)
        if not poll.poll(max(0.0, seconds) * 1000):
            raise TimeoutError
        try:
            answer = read_frame(self._process.stdout)
            if answer is not None and answer.get("bytes"):
                answer["body"] = self._process.stdout.read(answer["bytes"])
        except ValueError:
            return None
        return answer

    def end_outdated(self) -> None:
        """End it while another thread waits for its answer, who will find that there is none."""
        self.outdated = True
        self._process.kill()

    def kill(self) -> None:
        """End the process at once."""
        self._process.kill()
        self._process.wait()
        for stream in (self._process.stdin, self._process.stdout, self._words):
            if stream is not None:
                _close(stream)

    def ran_out_of_stack(self) -> bool:
        """Whether it died of a query nested too deeply, not of its memory; to be asked before ``kill``."""
        self._process.wait(timeout=10)
        self._words.seek(0)
        words = self._words.read(1 << 16).decode(errors="replace")
        return self._process.returncode == -11 or any(word in words for word in _STACK)  # 11: segmentation fault


def clean_environment() -> dict[str, str]:
    """Enough to find Python's modules and these; nothing of the service's own settings."""
    kept = {name: value for name, value in os.environ.items() if not name.startswith("CAPX_")}
    return kept | {"PYTHONPATH": os.pathsep.join(filter(None, (_CHECKOUT, os.environ.get("PYTHONPATH"))))}


def _close(stream: Any) -> None:
    try:
        stream.close()
    except (BrokenPipeError, ValueError):  # a ValueError: another thread ends the process at the same moment
        return
