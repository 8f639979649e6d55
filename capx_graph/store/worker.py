"""Warm processes that run strangers' queries on snapshots of the graph, under a deadline and caps.

Used by the endpoint. The engine cannot stop a query, a process can be killed: what runs over its deadline ends by
SIGKILL, and a new process takes its place while the others go on. No process runs before the first query. A query that
finds all of them busy waits a little, then is told to come back; few may wait, so that the threads of the service stay
free for pages.
"""

from __future__ import annotations

import logging
import shutil
import time
from collections.abc import Mapping, Sequence
from pathlib import Path
from queue import Empty, SimpleQueue
from threading import BoundedSemaphore, Event, Lock, Thread
from types import TracebackType
from typing import Any, Self
from uuid import uuid4

from capx_graph.errors import CapxError, QueryFailed, QueryTooLarge, QueryTooLong, WorkersBusy
from capx_graph.store.base import GraphReader, StoreState
from capx_graph.store.job import Job, Limits, Outcome
from capx_graph.store.process import WorkerProcess
from capx_graph.store.snapshots import Snapshot, Snapshots

_STARTING_SECONDS = 60.0
_RETRY_SECONDS = 5.0
_LIVELY_SECONDS = 0.2
"""While a process was free within this time, a caller beyond the queue waits that long: a burst of small queries, such
as the bind join of another endpoint, is no reason to send anybody away."""
_INTEREST_SECONDS = 10.0
"""While somebody asked within this time, the next question is expected: processes open a new state before it comes
(50 ms), so that who edits and asks waits for none of it."""
_LOG = logging.getLogger(__name__)


class WorkerPool:
    """Runs jobs on ``size`` processes while ``queue`` callers at most wait; a context manager that ends them."""

    def __init__(self, graph: GraphReader, directory: Path, *, size: int, queue: int, limits: Limits) -> None:
        self.limits = limits
        self._graph = graph
        self._directory = directory
        self._size = size
        self._idle: SimpleQueue[WorkerProcess] = SimpleQueue()
        self._workers: set[WorkerProcess] = set()
        self._waiting = BoundedSemaphore(queue)
        self._was_free = 0.0
        self._lock = Lock()
        self._freshening = Lock()
        self._ready = Event()
        self._closed = Event()
        self._snapshots: Snapshots | None = None

    @property
    def busy(self) -> int:
        """How many processes are at work."""
        return max(0, len(self._workers) - self._idle.qsize())

    def start(self) -> None:
        """Begin to start the processes, unless that was done before; the first query does it too."""
        with self._lock:
            if self._snapshots is not None or self._closed.is_set():
                return
            self._snapshots = Snapshots(self._graph, self._directory / "snapshots")
            results = self._directory / "results"
            shutil.rmtree(results, ignore_errors=True)
            results.mkdir()
        for _ in range(self._size):
            Thread(target=self._hire, daemon=True).start()

    def run(self, job: Job, *, until: float | None = None) -> Outcome:
        """The result of a job; ``until`` (monotonic) may set an earlier deadline than the pool's.

        Raises WorkersBusy, QueryTooLong (deadline), QueryTooLarge (memory or result cap), QueryFailed.
        """
        path = self._directory / "results" / uuid4().hex
        frame = job.frame() | {"task": "query", "output": str(path), "most_bytes": self.limits.most_bytes}
        try:
            answer, state = self._ask(frame, until)
            if not answer["ok"]:
                raise self._failure(answer)
        except BaseException:
            path.unlink(missing_ok=True)
            raise
        if answer.get("filed"):
            return Outcome(state, path.stat().st_size, b"", path)
        body = answer.get("body", b"")
        return Outcome(state, len(body), body)

    def complaint(self, texts: Sequence[str], job: Job, *, until: float | None = None) -> tuple[int, str] | None:
        """Which of these texts is the first that the engine cannot read, and what it says; None when it reads all.

        Raises WorkersBusy, QueryTooLong.
        """
        frame = {"task": "check", "texts": list(texts), "base": job.base, "prefixes": job.prefixes}
        answer, _ = self._ask(frame, until)
        return (answer["number"], answer["text"]) if "text" in answer else None

    def renew(self) -> None:
        """Let nobody read an older state of the graph: idle processes open the newest, busy ones on older ones end."""
        if self._snapshots is None:
            return
        self._snapshots.renew()
        with self._freshening:
            self._freshen_idle()
        with self._lock:
            workers = tuple(self._workers)
        for worker in workers:
            if worker.held is not None and not self._snapshots.is_newest(worker.held):
                worker.end_outdated()

    def follow(self) -> None:
        """The graph has moved: have idle processes open its newest state, if questions are to be expected."""
        if self._snapshots is not None and time.monotonic() - self._was_free < _INTEREST_SECONDS:
            Thread(target=self._freshen, daemon=True).start()

    def close(self) -> None:
        """End all processes, remove all files."""
        with self._lock:
            self._closed.set()
            workers, self._workers = self._workers, set()
            started = self._snapshots is not None
        for worker in workers:
            worker.kill()
        if started:
            shutil.rmtree(self._directory, ignore_errors=True)

    def __enter__(self) -> Self:
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, at: TracebackType | None) -> None:
        self.close()

    def _ask(self, frame: Mapping[str, Any], until: float | None) -> tuple[dict[str, Any], StoreState]:
        until = min(until or float("inf"), time.monotonic() + self.limits.deadline)
        worker = self._take(until)
        try:
            snapshot, is_new = self._hold_newest(worker)
            answer = self._send(worker, frame, until)
        except TimeoutError:
            self._replace(worker)
            raise self._too_long() from None
        except BaseException:
            self._replace(worker)
            raise
        if answer is None:
            failure = self._death(worker)
            self._replace(worker)
            raise failure
        self._was_free = time.monotonic()
        self._idle.put(worker)
        if is_new:
            Thread(target=self._freshen, daemon=True).start()
        return answer, snapshot.state

    def _take(self, until: float) -> WorkerProcess:
        """An idle process."""
        self.start()
        if not self._ready.wait(until - time.monotonic()):
            raise WorkersBusy("the query processes are still starting", retry_after=5)
        try:
            worker = self._idle.get_nowait()
        except Empty:
            return self._wait(until)
        self._was_free = time.monotonic()
        return worker

    def _wait(self, until: float) -> WorkerProcess:
        if self._waiting.acquire(blocking=False):
            try:
                return self._next_idle(self.limits.patience, until)
            finally:
                self._waiting.release()
        lively = time.monotonic() - self._was_free < _LIVELY_SECONDS
        return self._next_idle(_LIVELY_SECONDS if lively else 0.0, until)

    def _next_idle(self, patience: float, until: float) -> WorkerProcess:
        try:
            return self._idle.get(timeout=max(0.0, min(patience, until - time.monotonic())))
        except Empty:
            text = f"all {self._size} query processes are busy; try again soon"
            raise WorkersBusy(text, retry_after=2) from None

    def _hold_newest(self, worker: WorkerProcess) -> tuple[Snapshot, bool]:
        """Put the newest snapshot in the process's hands; whether it is another one than it had."""
        assert self._snapshots is not None, "there are no processes before start"
        snapshot = self._snapshots.lease()
        former, worker.held = worker.held, snapshot
        if former is not None:
            self._snapshots.give_back(former)
        return snapshot, former is not snapshot

    def _send(self, worker: WorkerProcess, frame: Mapping[str, Any], until: float) -> dict[str, Any] | None:
        assert worker.held is not None, "a process holds a snapshot before it is asked"
        seconds = until - time.monotonic()
        return worker.ask({**frame, "snapshot": str(worker.held.path), "seconds": max(seconds, 0.0)}, seconds)

    def _failure(self, answer: Mapping[str, Any]) -> CapxError:
        if answer["reason"] == "too-large":
            return QueryTooLarge(
                f"the result is larger than the limit of {self.limits.most_bytes >> 20} MiB; add a LIMIT"
            )
        if answer["reason"] == "memory":
            return self._too_much_memory()
        return QueryFailed(str(answer["text"]))

    def _death(self, worker: WorkerProcess) -> CapxError:
        if worker.outdated:
            return WorkersBusy("the data that the query read was withdrawn meanwhile; ask again", retry_after=1)
        if self._closed.is_set():
            return WorkersBusy("the service is ending", retry_after=5)
        if worker.ran_out_of_stack():
            return QueryTooLarge("the query is nested more deeply than the engine's limit")
        return self._too_much_memory()

    def _too_much_memory(self) -> QueryTooLarge:
        return QueryTooLarge(f"the query needs more memory than the limit of {self.limits.memory >> 20} MiB")

    def _too_long(self) -> QueryTooLong:
        return QueryTooLong(f"the query ran longer than the limit of {self.limits.deadline:g} s")

    def _hire(self) -> None:
        """Start a process and let it open the newest snapshot; until it works or the pool closes."""
        while not self._closed.is_set():
            worker = WorkerProcess()
            with self._lock:
                self._workers.add(worker)
            try:
                hello = worker.ask({"memory": self.limits.memory}, _STARTING_SECONDS)
                self._hold_newest(worker)
                opened = self._send(worker, {"task": "open"}, time.monotonic() + _STARTING_SECONDS)
            except (CapxError, OSError, RuntimeError) as error:
                if not self._closed.is_set():
                    _LOG.error("a query process did not start: %s", error)
            else:
                if hello and opened and opened["ok"] and not self._closed.is_set():
                    if not hello["confined"]:
                        _LOG.warning("this kernel cannot take the network from the query processes")
                    self._idle.put(worker)
                    self._ready.set()
                    return
            self._dismiss(worker)
            self._closed.wait(_RETRY_SECONDS)

    def _replace(self, worker: WorkerProcess) -> None:
        """Kill a process and start another one, which the caller need not wait for."""
        self._dismiss(worker)
        Thread(target=self._hire, daemon=True).start()

    def _dismiss(self, worker: WorkerProcess) -> None:
        worker.kill()
        with self._lock:
            self._workers.discard(worker)
        if worker.held is not None and self._snapshots is not None:
            self._snapshots.give_back(worker.held)

    def _freshen(self) -> None:
        """Let idle processes open the newest snapshot, so that no later query waits for it and the old one goes."""
        if self._freshening.acquire(blocking=False):
            try:
                self._freshen_idle()
            finally:
                self._freshening.release()

    def _freshen_idle(self) -> None:
        for _ in range(self._size):
            try:
                worker = self._idle.get_nowait()
            except Empty:
                return
            if self._is_fresh(worker):
                self._idle.put(worker)
            else:
                self._replace(worker)

    def _is_fresh(self, worker: WorkerProcess) -> bool:
        """Whether an idle process has the newest snapshot open now."""
        try:
            _, is_new = self._hold_newest(worker)
            return not is_new or bool(self._send(worker, {"task": "open"}, time.monotonic() + _STARTING_SECONDS))
        except (CapxError, OSError, RuntimeError):
            return False
