"""A SPARQL 1.1 engine at the other end of HTTP: one request at a time, with a deadline, a size cap and our errors.

Used by ``store.remote`` and what it is made of. Every request (``store.remotewire``) runs in a thread that is given up
at the deadline; busy engines (429, 503) are asked again as Retry-After says. An engine that cannot be reached, or stays
busy, is left alone for a while (``store.remoterest``), and whoever asks meanwhile is told since when.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import datetime
from http.client import HTTPResponse
from queue import Empty, SimpleQueue
from threading import Thread
from typing import IO, TypeVar, cast

from capx_graph.errors import CapxError, QueryTooLarge, QueryTooLong, Unavailable
from capx_graph.store.remoteanswer import Timed
from capx_graph.store.remoterest import Busy, Circuit, Rest, Unreachable
from capx_graph.store.remotewire import N_TRIPLES, Addresses, Wire

_CHUNK = 1 << 16
_TRIAL = 5.0
"""Seconds for what is asked of an engine that was silent: whoever tries it must not wait for long."""
T = TypeVar("T")


@dataclass(frozen=True, slots=True)
class RemoteLimits:
    """Seconds for a query, for a write, and for an answer that is read while it comes; bytes of any other answer;
    tries at an engine that says it is busy.
    """

    query: float = 30.0
    write: float = 120.0
    whole: float = 3600.0
    most_bytes: int = 256 << 20
    tries: int = 4


class RemoteEngine:
    """One engine; threads may share it. Every method raises QueryFailed, QueryTooLong, QueryTooLarge, Unavailable."""

    def __init__(self, addresses: Addresses, *, user_agent: str, limits: RemoteLimits | None = None) -> None:
        self.addresses = addresses
        self.limits = limits or RemoteLimits()
        self._wire = Wire(addresses, user_agent=user_agent)
        self._rest = Rest(addresses.query)

    @property
    def silent_since(self) -> datetime | None:
        """Since when the engine has not answered; None while it does."""
        return self._rest.since

    @property
    def absences(self) -> int:
        """How often it has gone so far; what was known of it before may be wrong afterwards."""
        return self._rest.absences

    @property
    def circuit(self) -> Circuit:
        """Whether a request would be sent now."""
        return self._rest.circuit

    def ask_a_little(self, text: str, *, graph: str, accept: str) -> bytes:
        """Ask something small, which a second may take: an engine that is late with it is as good as silent."""
        try:
            return self.ask(text, graph=graph, accept=accept, until=time.monotonic() + _TRIAL)
        except QueryTooLong:
            self._rest.failed()
            raise

    def ask(
        self,
        text: str,
        *,
        graph: str,
        accept: str,
        accept_graph: str = N_TRIPLES,
        until: float | None = None,
        ours: bool = True,
    ) -> bytes:
        """The answer to a query over one named graph as the default graph, tables and graphs as media types say.

        A query that is not ``ours`` may be late as often as it likes: that is no fault of the engine.
        """
        patience = self.limits.query if self._rest.since is None else min(_TRIAL, self.limits.query)
        end = min(until or float("inf"), time.monotonic() + patience)
        return self._request(lambda: self._query(text, graph, (accept, accept_graph), end), end, ours=ours)

    def stream(self, text: str, *, graph: str, accept: str) -> IO[bytes]:
        """An answer of any size, to be read while it comes, within ``limits.whole``."""
        end = time.monotonic() + self.limits.query
        response = self._request(
            lambda: self._wire.query(text, graph=graph, accept=(accept, accept), seconds=self.limits.query), end
        )
        return cast("IO[bytes]", Timed(response, time.monotonic() + self.limits.whole, self._wire.late))

    def write(self, text: str) -> None:
        """Carry out an update. It may be sent twice, so it must say what shall be, not what to do."""
        end = time.monotonic() + self.limits.write
        self._request(lambda: self._wire.update(text, seconds=end - time.monotonic()), end)

    def upload(self, graph: str, body: bytes) -> None:
        """Add N-Triples to a named graph by the Graph Store Protocol."""
        end = time.monotonic() + self.limits.write
        self._request(lambda: self._wire.post(graph, body, seconds=end - time.monotonic()), end)

    def _query(self, text: str, graph: str, accept: tuple[str, str], end: float) -> bytes:
        response = self._wire.query(text, graph=graph, accept=accept, seconds=end - time.monotonic())
        if response.headers.get_content_type() == "text/html":
            response.close()
            raise Unavailable(f"{self.addresses.query} answers with a web page: is that the address of the engine?")
        return b"".join(self._read(response, end))

    def _read(self, response: HTTPResponse, end: float) -> Iterator[bytes]:
        size = 0
        with response:
            while chunk := response.read1(_CHUNK):
                size += len(chunk)
                if size > self.limits.most_bytes:
                    raise QueryTooLarge(f"the engine's answer is larger than {self.limits.most_bytes >> 20} MiB")
                if time.monotonic() > end:
                    raise self._wire.late()
                yield chunk
            if response.length:
                raise Unreachable(f"{self.addresses.query} broke off in the middle of an answer")

    def _request(self, work: Callable[[], T], end: float, *, ours: bool = True) -> T:
        self._rest.check()
        with self._rest.watching(ours=ours):
            for attempt in range(1, self.limits.tries + 1):
                try:
                    return _within(lambda: self._wire.translated(work), end, self._wire.late)
                except Busy as busy:
                    pause = 1.0 if busy.pause is None else busy.pause
                    if attempt == self.limits.tries or time.monotonic() + pause > end:
                        raise
                time.sleep(pause)
        raise AssertionError("the last try answers or raises")


def _within(work: Callable[[], T], end: float, late: Callable[[], CapxError]) -> T:
    """What the work answers, or the failure ``late`` at the end of the time, whatever the work is still doing."""
    answers: SimpleQueue[tuple[T | None, BaseException | None]] = SimpleQueue()

    def run() -> None:
        try:
            answers.put((work(), None))
        except BaseException as error:  # handed to the caller's thread, where it is raised
            answers.put((None, error))

    Thread(target=run, daemon=True).start()
    try:
        answer, failure = answers.get(timeout=max(0.0, end - time.monotonic()))
    except Empty:
        raise late() from None
    if failure is not None:
        raise failure
    return answer  # type: ignore[return-value]
