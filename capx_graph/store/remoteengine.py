"""A SPARQL 1.1 engine at the other end of HTTP: one request at a time, with a deadline, a size cap and our errors.

Used by ``store.remote`` alone. SPARQLWrapper builds the requests; what it does not do stands here: its timeout is for
one read, so every request runs in a thread that is given up at the deadline; it repeats nothing, so busy engines (429,
503) are asked again as Retry-After says; it shares state in an instance, so there is a fresh one for each request. An
engine that cannot be reached, or stays busy, is left alone for a while (``store.remoterest``), and whoever asks
meanwhile is told since when.
"""

from __future__ import annotations

import http.client
import re
import time
import urllib.error
import urllib.request
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from datetime import datetime
from queue import Empty, SimpleQueue
from threading import Thread
from typing import IO, TypeVar, cast
from urllib.parse import urlencode

from SPARQLWrapper import CONSTRUCT, DESCRIBE, POST, POSTDIRECTLY, URLENCODED, XML, SPARQLWrapper
from SPARQLWrapper.SPARQLExceptions import (
    EndPointInternalError,
    EndPointNotFound,
    QueryBadFormed,
    SPARQLWrapperException,
    Unauthorized,
)

from capx_graph.errors import CapxError, QueryFailed, QueryTooLarge, QueryTooLong, Unavailable
from capx_graph.store.remoteanswer import Timed, pause_of
from capx_graph.store.remoteauth import Credentials
from capx_graph.store.remoterest import Busy, Circuit, Rest, Unreachable

N_TRIPLES = "application/n-triples"
NOTHING = "urn:capx:store:nothing"
"""A named graph that does not exist, so that a query reaches none of the others."""
_BUSY = (429, 502, 503, 504)
_CHUNK = 1 << 16
_TRIAL = 5.0
"""Seconds for what is asked of an engine that was silent: whoever tries it must not wait for long."""
_COMMENT = re.compile(r"(?m)^\s*#.*$")
_FORM = re.compile(r"\b(SELECT|ASK|CONSTRUCT|DESCRIBE)\b", re.IGNORECASE)
T = TypeVar("T")


@dataclass(frozen=True, slots=True)
class Addresses:
    """Where an engine answers; ``load`` is its Graph Store Protocol address, empty where it has none."""

    query: str
    update: str
    load: str = ""
    user: str = ""
    password: str = field(default="", repr=False)


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
        self._agent = user_agent
        self._rest = Rest(addresses.query)
        self._credentials = Credentials(addresses.user, addresses.password)

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
            lambda: cast("IO[bytes]", self._wrapper(text, graph, (accept, accept), self.limits.query).query().response),
            end,
        )
        return cast("IO[bytes]", Timed(response, time.monotonic() + self.limits.whole, self._late))

    def write(self, text: str) -> None:
        """Carry out an update. It may be sent twice, so it must say what shall be, not what to do."""
        end = time.monotonic() + self.limits.write
        self._request(lambda: self._update(text, end), end)

    def upload(self, graph: str, body: bytes) -> None:
        """Add N-Triples to a named graph by the Graph Store Protocol."""
        end = time.monotonic() + self.limits.write
        self._request(lambda: self._post(graph, body, end), end)

    def _query(self, text: str, graph: str, accept: tuple[str, str], end: float) -> bytes:
        result = self._wrapper(text, graph, accept, end - time.monotonic()).query()
        response: http.client.HTTPResponse = result.response
        if response.headers.get_content_type() == "text/html":
            response.close()
            raise Unavailable(f"{self.addresses.query} answers with a web page: is that the address of the engine?")
        return b"".join(self._read(response, end))

    def _update(self, text: str, end: float) -> None:
        wrapper = self._wrapper(text, "", ("*/*", "*/*"), end - time.monotonic())
        wrapper.setRequestMethod(POSTDIRECTLY)
        with wrapper.query().response as response:
            arrived = response.geturl()
        if not arrived.startswith(self.addresses.update):
            raise Unavailable(f"{self.addresses.update} redirects to {arrived}: name that address instead")

    def _post(self, graph: str, body: bytes, end: float) -> None:
        headers = {"Content-Type": N_TRIPLES, "User-Agent": self._agent}
        address = f"{self.addresses.load}?{urlencode({'graph': graph})}"
        request = urllib.request.Request(address, body, headers, method="POST")  # noqa: S310 the operator's address
        self._credentials.sign(request)
        with urllib.request.urlopen(request, timeout=max(0.1, end - time.monotonic())):  # noqa: S310 the same
            return

    def _wrapper(self, text: str, graph: str, accept: tuple[str, str], seconds: float) -> SPARQLWrapper:
        wrapper = _Signed(self.addresses.query, self.addresses.update, returnFormat=XML, agent=self._agent)
        wrapper.credentials = self._credentials
        wrapper.setMethod(POST)
        wrapper.setRequestMethod(URLENCODED)
        wrapper.setOnlyConneg(True)
        wrapper.setTimeout(max(1, round(seconds)))
        wrapper.setQuery(text)
        if graph:
            wrapper.queryType = form_of(text)
            wrapper.addParameter("default-graph-uri", graph)
            wrapper.addParameter("named-graph-uri", NOTHING)
        chosen = accept[wrapper.queryType in (CONSTRUCT, DESCRIBE)]
        wrapper.addCustomHttpHeader("Accept", chosen)
        return wrapper

    def _read(self, response: IO[bytes], end: float) -> Iterator[bytes]:
        size = 0
        with response:
            while chunk := response.read1(_CHUNK):  # type: ignore[attr-defined]
                size += len(chunk)
                if size > self.limits.most_bytes:
                    raise QueryTooLarge(f"the engine's answer is larger than {self.limits.most_bytes >> 20} MiB")
                if time.monotonic() > end:
                    raise self._late()
                yield chunk
            if getattr(response, "length", None):
                raise Unreachable(f"{self.addresses.query} broke off in the middle of an answer")

    def _request(self, work: Callable[[], T], end: float, *, ours: bool = True) -> T:
        self._rest.check()
        with self._rest.watching(ours=ours):
            for attempt in range(1, self.limits.tries + 1):
                try:
                    return _within(lambda: self._translated(work), end, self._late)
                except Busy as busy:
                    pause = 1.0 if busy.pause is None else busy.pause
                    if attempt == self.limits.tries or time.monotonic() + pause > end:
                        raise
                time.sleep(pause)
        raise AssertionError("the last try answers or raises")

    def _translated(self, work: Callable[[], T], signings: int = 2) -> T:
        """The answer; foreign failures as ours.

        A request that is refused is signed anew at most so many times: a wrong password is asked for again and again.
        """
        try:
            return work()
        except QueryBadFormed as error:
            _close(error)
            raise QueryFailed(f"the engine refuses a query: {_first_line(error)}") from error
        except (Unauthorized, EndPointNotFound) as error:
            asked = _challenge(error.__context__)
            _close(error)
            if signings and self._credentials.learned(asked):
                return self._translated(work, signings - 1)
            raise Unavailable(f"{self.addresses.query} refuses us: {_first_line(error)}") from error
        except EndPointInternalError as error:
            _close(error)
            raise QueryFailed(f"the engine failed: {_first_line(error)}") from error
        except urllib.error.HTTPError as error:
            error.close()
            if signings and self._credentials.learned(_challenge(error)):
                return self._translated(work, signings - 1)
            if error.code in _BUSY:
                pause = pause_of(error.headers.get("Retry-After"))
                raise Busy(f"{self.addresses.query} is busy (HTTP status {error.code})", pause) from error
            raise Unavailable(f"{error.url} answers with HTTP status {error.code}") from error
        except TimeoutError as error:
            raise self._late() from error
        except (OSError, http.client.HTTPException, SPARQLWrapperException) as error:
            reason = getattr(error, "reason", error)
            if isinstance(reason, TimeoutError):
                raise self._late() from error
            raise Unreachable(f"{self.addresses.query} cannot be reached: {reason or type(error).__name__}") from error

    def _late(self) -> QueryTooLong:
        return QueryTooLong(f"{self.addresses.query} did not answer in time")


class _Signed(SPARQLWrapper):
    """A request of SPARQLWrapper that says who we are; its own Digest changes what all of the process sends."""

    credentials: Credentials

    def _createRequest(self) -> urllib.request.Request:  # noqa: N802 its name there
        request = super()._createRequest()
        self.credentials.sign(request)
        return request


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


def form_of(text: str) -> str:
    """The form of a query; raises QueryFailed for a text without one, such as an update.

    SPARQLWrapper takes a word of a comment for it, and would send "merged things of the directory" as a MOVE.
    """
    found = _FORM.search(_COMMENT.sub("", text))
    if found is None:
        raise QueryFailed("this is no query: it has no SELECT, ASK, CONSTRUCT or DESCRIBE")
    return found[0].upper()


def _challenge(error: BaseException | None) -> str | None:
    """How an engine wants to know who asks, from its refusal."""
    return error.headers.get("WWW-Authenticate") if isinstance(error, urllib.error.HTTPError) else None


def _close(error: SPARQLWrapperException) -> None:
    """Let go of the answer behind an exception of SPARQLWrapper, which does not."""
    if isinstance(error.__context__, urllib.error.HTTPError):
        error.__context__.close()


def _first_line(error: SPARQLWrapperException) -> str:
    """What the engine says first; some repeat the whole query after it."""
    said = str(error).partition("Response:")[2] or str(error)
    lines = [line.strip() for line in said.replace("\\n", "\n").splitlines() if line.strip(" b'\"")]
    return (lines[0].removeprefix("b'").removeprefix('b"') if lines else type(error).__name__)[:300]
