"""A directory that holds one current generation of a derived store, replaced as a whole by an atomic swap.

Leaf: anyone may import it. A generation is a numbered subdirectory; the file CURRENT names the one in force and is
replaced by rename, so that a crash leaves either the old generation or the new one. Whatever else lies there is
the rest of an unfinished build and is swept away on opening. One process at a time has it.
"""

from __future__ import annotations

import shutil
from collections.abc import Callable
from pathlib import Path
from threading import Lock
from typing import Generic, TypeVar

from capx_graph.datadir import whole
from capx_graph.datadir.locks import held

_CURRENT = "CURRENT"
_LOCK = "LOCK"

T = TypeVar("T")


class Generations:
    """The generations in ``directory``, which is made when missing; raises StoreLocked when another process has it."""

    def __init__(self, directory: Path) -> None:
        directory.mkdir(parents=True, exist_ok=True)
        self._directory = directory
        self._lock = held(directory / _LOCK)
        self._sweep()

    def current(self) -> Path | None:
        """The generation in force; None when none was ever published or its files are gone."""
        try:
            number = (self._directory / _CURRENT).read_text(encoding="ascii").strip()
        except (FileNotFoundError, UnicodeDecodeError):
            return None
        path = self._directory / number
        return path if number.isdigit() and path.is_dir() else None

    def begin(self) -> Path:
        """An empty directory for the next generation."""
        numbers = [int(entry.name) for entry in self._directory.iterdir() if entry.name.isdigit()]
        path = self._directory / str(max(numbers, default=0) + 1)
        path.mkdir()
        return path

    def publish(self, path: Path) -> None:
        """Make ``path`` the generation in force; the former one stays until ``discard``, for those who still read."""
        whole.put(self._directory / _CURRENT, path.name + "\n", durable=True)

    def discard(self, path: Path | None) -> None:
        """Remove a generation that nobody reads any more."""
        if path:
            shutil.rmtree(path, ignore_errors=True)

    def close(self) -> None:
        """Give up the lock."""
        self._lock.close()

    def _sweep(self) -> None:
        current = self.current()
        for entry in self._directory.iterdir():
            if entry.is_dir() and entry != current:
                self.discard(entry)


class Generation(Generic[T]):
    """An open generation and how many are reading it; what ``retire`` is given runs when the last one has finished.

    Nobody may keep ``resource`` in a variable past ``leave``: an engine closes with its last reference, and closing
    after the files are gone writes some of them anew.
    """

    def __init__(self, resource: T, path: Path | None) -> None:
        self.path = path
        self._resource: T | None = resource
        self._readers = 0
        self._then: Callable[[], None] | None = None
        self._lock = Lock()

    @property
    def resource(self) -> T:
        """What was opened: an engine, a pool of connections."""
        assert self._resource is not None, "a retired generation has no readers"
        return self._resource

    def enter(self) -> bool:
        """Count a reader in, until ``leave``; False once retired."""
        with self._lock:
            if self._then is not None:
                return False
            self._readers += 1
            return True

    def leave(self) -> None:
        """Count a reader out."""
        with self._lock:
            self._readers -= 1
        self._end_when_idle()

    def retire(self, then: Callable[[], None]) -> None:
        """Take no new readers; let go of the resource and run ``then`` as soon as nobody reads."""
        with self._lock:
            self._then = then
        self._end_when_idle()

    def _end_when_idle(self) -> None:
        with self._lock:
            if self._then is None or self._readers or self._resource is None:
                return
            self._resource = None
        self._then()
