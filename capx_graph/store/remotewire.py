"""Requests to a SPARQL 1.1 engine over HTTP, each sent once, and its failures as our errors.

Used by the remote rooms of ``store``. SPARQLWrapper builds the requests. It shares state in an instance, so there is a
fresh one for each request; its timeout is for one read, so ``remoteengine`` watches the whole.
"""

from __future__ import annotations

import http.client
import re
import urllib.error
import urllib.request
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import TypeVar
from urllib.parse import urlencode

from SPARQLWrapper import CONSTRUCT, DESCRIBE, POST, POSTDIRECTLY, URLENCODED, XML, SPARQLWrapper
from SPARQLWrapper.SPARQLExceptions import (
    EndPointInternalError,
    EndPointNotFound,
    QueryBadFormed,
    SPARQLWrapperException,
    Unauthorized,
)

from capx_graph.errors import QueryFailed, QueryTooLong, Unavailable
from capx_graph.store.remoteanswer import pause_of
from capx_graph.store.remoteauth import Credentials
from capx_graph.store.remoterest import Busy, Unreachable

N_TRIPLES = "application/n-triples"
NOTHING = "urn:capx:store:nothing"
"""A named graph that does not exist, so that a query reaches none of the others."""
_BUSY = (429, 502, 503, 504)
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


class Wire:
    """The line to one engine; threads may share it. Requests wait ``seconds`` for each read."""

    def __init__(self, addresses: Addresses, *, user_agent: str) -> None:
        self.addresses = addresses
        self._agent = user_agent
        self._credentials = Credentials(addresses.user, addresses.password)

    def query(self, text: str, *, graph: str, accept: tuple[str, str], seconds: float) -> http.client.HTTPResponse:
        """The answer to a query, to be read and closed; ``accept`` names media types for tables and for graphs."""
        return self._wrapper(text, graph, accept, seconds).query().response

    def update(self, text: str, *, seconds: float) -> None:
        """Carry out an update; raises Unavailable where it was sent on to another address."""
        wrapper = self._wrapper(text, "", ("*/*", "*/*"), seconds)
        wrapper.setRequestMethod(POSTDIRECTLY)
        with wrapper.query().response as response:
            arrived = response.geturl()
        if not arrived.startswith(self.addresses.update):
            raise Unavailable(f"{self.addresses.update} redirects to {arrived}: name that address instead")

    def post(self, graph: str, body: bytes, *, seconds: float) -> None:
        """Add N-Triples to a named graph by the Graph Store Protocol."""
        headers = {"Content-Type": N_TRIPLES, "User-Agent": self._agent}
        address = f"{self.addresses.load}?{urlencode({'graph': graph})}"
        request = urllib.request.Request(address, body, headers, method="POST")  # noqa: S310 the operator's address
        self._credentials.sign(request)
        with urllib.request.urlopen(request, timeout=max(0.1, seconds)):  # noqa: S310 the same
            return

    def translated(self, work: Callable[[], T], signings: int = 2) -> T:
        """The answer; foreign failures as ours: QueryFailed, QueryTooLong, Unavailable, Busy, Unreachable.

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
                return self.translated(work, signings - 1)
            raise Unavailable(f"{self.addresses.query} refuses us: {_first_line(error)}") from error
        except EndPointInternalError as error:
            _close(error)
            raise QueryFailed(f"the engine failed: {_first_line(error)}") from error
        except urllib.error.HTTPError as error:
            error.close()
            if signings and self._credentials.learned(_challenge(error)):
                return self.translated(work, signings - 1)
            if error.code in _BUSY:
                pause = pause_of(error.headers.get("Retry-After"))
                raise Busy(f"{self.addresses.query} is busy (HTTP status {error.code})", pause) from error
            raise Unavailable(f"{error.url} answers with HTTP status {error.code}") from error
        except TimeoutError as error:
            raise self.late() from error
        except (OSError, http.client.HTTPException, SPARQLWrapperException) as error:
            reason = getattr(error, "reason", error)
            if isinstance(reason, TimeoutError):
                raise self.late() from error
            raise Unreachable(f"{self.addresses.query} cannot be reached: {reason or type(error).__name__}") from error

    def late(self) -> QueryTooLong:
        """The error of an answer that did not come in time."""
        return QueryTooLong(f"{self.addresses.query} did not answer in time")

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


class _Signed(SPARQLWrapper):
    """A request of SPARQLWrapper that says who we are; its own Digest changes what all of the process sends."""

    credentials: Credentials

    def _createRequest(self) -> urllib.request.Request:  # noqa: N802 its name there
        request = super()._createRequest()
        self.credentials.sign(request)
        return request


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
