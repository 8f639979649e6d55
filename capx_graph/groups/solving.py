"""Optimisation outside the serving process: a task goes to a process of its own that is killed when its time is over.

Used by rings and teams. Few run at once, so that pages stay quick, and one of a client at most. Who finds them at work
waits for a turn, in the order of coming: somebody who asks again and again stands behind the others each time. Few
wait, because each keeps a thread; the others are told when to come back.
"""

from __future__ import annotations

import json
import subprocess
import sys
import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from math import ceil
from threading import Condition
from typing import Any

from capx_graph.errors import AllowanceSpent, CapxError, QueryTooLong, WorkersBusy
from capx_graph.store.process import clean_environment

_ONE_THREAD = {"OMP_NUM_THREADS": "1", "OPENBLAS_NUM_THREADS": "1"}
_AT_ONCE = 2
_MOST_WAITING = 2
_PATIENCE = 15.0
"""Seconds that somebody waits for a turn at most: an answer takes ten, and a little to be written."""
_GRACE = 1.2
"""Seconds beyond its time in which a process may still write its answer."""


class Solver:
    """Starts a process a task; threads may share it."""

    def __init__(self, *, patience: float = _PATIENCE) -> None:
        self._patience = patience
        self._state = Condition()
        self._ends: dict[object, tuple[str, float]] = {}
        self._waiting: dict[object, str] = {}

    def solve(self, kind: str, task: Mapping[str, Any], *, seconds: float, client: str) -> dict[str, Any]:
        """The answer to a task of ``groups.solver``; ``client`` is who asks, empty for somebody without others.

        Raises AllowanceSpent where this client has one at work or waiting, WorkersBusy where too many others have,
        QueryTooLong.
        """
        with self._place(client, seconds):
            return self._run({"kind": kind, "until": time.time() + seconds, **task}, seconds + _GRACE)

    @contextmanager
    def _place(self, client: str, seconds: float) -> Iterator[None]:
        """One of the places, until the context ends."""
        place = object()
        with self._state:
            self._check(client)
            self._waiting[place] = client
            try:
                if not self._state.wait_for(lambda: self._is_next(place), self._patience):
                    raise self._busy()
            finally:
                del self._waiting[place]
                self._state.notify_all()
            self._ends[place] = client, time.monotonic() + seconds
        try:
            yield
        finally:
            with self._state:
                del self._ends[place]
                self._state.notify_all()

    def _is_next(self, place: object) -> bool:
        return len(self._ends) < _AT_ONCE and next(iter(self._waiting)) is place

    def _check(self, client: str) -> None:
        """Raises AllowanceSpent, WorkersBusy where a client may not even wait."""
        ends = dict(self._ends.values())
        if client and (client in ends or client in self._waiting.values()):
            wait = _wait(ends.get(client, self._first_end()))
            text = f"rings or a team are being found for you already; try again in {wait} s"
            raise AllowanceSpent(text, retry_after=wait)
        if len(self._ends) >= _AT_ONCE and len(self._waiting) >= _MOST_WAITING:
            raise self._busy()

    def _busy(self) -> WorkersBusy:
        wait = _wait(self._first_end())
        return WorkersBusy(
            f"others are having rings or teams found, or wait for it; try again in {wait} s", retry_after=wait
        )

    def _first_end(self) -> float:
        """When the first of those at work is done at the latest."""
        return min((end for _, end in self._ends.values()), default=time.monotonic())

    def _run(self, task: Mapping[str, Any], seconds: float) -> dict[str, Any]:
        try:
            done = subprocess.run(
                [sys.executable, "-P", "-m", "capx_graph.groups.solver"],
                input=json.dumps(task),
                capture_output=True,
                text=True,
                timeout=seconds,
                env=clean_environment() | _ONE_THREAD,
                check=False,
            )
        except subprocess.TimeoutExpired as late:
            # What it told before it was ended is an answer too, with a bound that is proven.
            if found := _last_answer(late.stdout):
                return found
            raise QueryTooLong(f"no answer was found within {seconds:g} s; choose a smaller group") from None
        if done.returncode:
            last = (done.stderr.strip().splitlines() or ["it ended without a word"])[-1]
            raise CapxError(f"the optimisation failed: {last}")
        found = _last_answer(done.stdout)
        if found is None:
            raise CapxError("the optimisation ended without an answer")
        return found


def _wait(end: float) -> int:
    """Whole seconds until a moment, one at least."""
    return max(1, ceil(end - time.monotonic()))


def _last_answer(told: str | bytes | None) -> dict[str, Any] | None:
    """The last whole line of what a process told."""
    text = told.decode() if isinstance(told, bytes) else told or ""
    lines = text.splitlines(keepends=True)
    whole = [line for line in lines if line.endswith("\n")]
    answer: dict[str, Any] | None = json.loads(whole[-1]) if whole else None
    return answer
