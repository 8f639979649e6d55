"""Snapshots of the graph for processes of their own: the newest one, and older ones until nobody reads them.

Used by ``store.worker``. A snapshot is hard links (3 ms at 14 million triples), so one is taken as soon as somebody
asks and the graph has moved. Under a stream of edits half of the time at most goes into taking them, and answers are
never older than a tenth of a second and the time that a snapshot takes.
"""

from __future__ import annotations

import shutil
import time
from collections import Counter
from dataclasses import dataclass
from pathlib import Path
from threading import Lock

from capx_graph.store.base import GraphReader, StoreState

_CREDIT = 0.3
_LONGEST_PAUSE = 0.1
_PAUSE_PER_COST = 1.0
"""A snapshot's time is owed once more as a pause; up to 0.3 s may be owed before one is put off, for a tenth of a
second at most. So a few edits are seen at once, and a thousand do not keep the disk busy."""


@dataclass(frozen=True, slots=True)
class Snapshot:
    """A state of the graph in files that no writer touches."""

    state: StoreState
    path: Path


class Snapshots:
    """Leases snapshots of one graph; the directory is emptied first."""

    def __init__(self, graph: GraphReader, directory: Path) -> None:
        self._graph = graph
        self._directory = directory
        self._counts = Lock()
        self._taking = Lock()
        self._newest: Snapshot | None = None
        self._readers: Counter[Path] = Counter()
        self._taken = 0
        self._owes_until = 0.0
        shutil.rmtree(directory, ignore_errors=True)
        directory.mkdir(parents=True)

    def lease(self) -> Snapshot:
        """A snapshot of the graph as it is now; give it back."""
        self._refresh()
        with self._counts:
            assert self._newest is not None, "the first refresh waits for a snapshot"
            self._readers[self._newest.path] += 1
            return self._newest

    def give_back(self, snapshot: Snapshot) -> None:
        """One reader less."""
        with self._counts:
            self._readers[snapshot.path] -= 1
        self._sweep(snapshot)

    def is_newest(self, snapshot: Snapshot) -> bool:
        """Whether no newer one was taken."""
        return snapshot is self._newest

    def renew(self) -> None:
        """Takes a new one whatever the pause; files of older ones go with their last reader."""
        with self._taking:
            if self._newest is not None:
                self._take()

    def close(self) -> None:
        """Remove all files."""
        shutil.rmtree(self._directory, ignore_errors=True)

    def _refresh(self) -> None:
        if self._is_fresh():
            return
        if not self._taking.acquire(blocking=self._newest is None):
            return  # somebody is at it; the former one will do
        try:
            if not self._is_fresh():
                self._take()
        finally:
            self._taking.release()

    def _is_fresh(self) -> bool:
        newest = self._newest
        if newest is None:
            return False
        return newest.state == self._graph.state or time.monotonic() + _CREDIT < self._owes_until

    def _take(self) -> None:
        started = time.monotonic()
        self._taken += 1
        path = self._directory / str(self._taken)
        state = self._graph.snapshot(path)
        with self._counts:
            former, self._newest = self._newest, Snapshot(state, path)
        if former is not None:
            self._sweep(former)
        ended = time.monotonic()
        owed = max(self._owes_until, started) + _PAUSE_PER_COST * (ended - started)
        self._owes_until = min(owed, ended + _CREDIT + _LONGEST_PAUSE)

    def _sweep(self, snapshot: Snapshot) -> None:
        with self._counts:
            if self._readers[snapshot.path] > 0 or snapshot is self._newest:
                return
            del self._readers[snapshot.path]
        shutil.rmtree(snapshot.path, ignore_errors=True)
