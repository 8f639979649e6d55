"""Questions to other SPARQL endpoints: a total deadline, a size cap, no way into the operator's own network.

Used by the endpoint for ``SERVICE``. A name is resolved once, every address must be public, and the connection goes to
the address that was looked at, so that a name cannot answer differently the second time. Redirects are not followed. An
address that the operator wrote into the allow-list as a number is their own choice and not looked at.
"""

from __future__ import annotations

import http.client
import ipaddress
import socket
import ssl
import time
from collections.abc import Sequence
from dataclasses import dataclass
from queue import Empty, SimpleQueue
from threading import Thread
from urllib.parse import SplitResult, urlencode, urlsplit

from capx_graph.errors import DataError, ServiceFailed
from capx_graph.store.base import Solutions
from capx_graph.terms import BlankNode, Term, iri, parse_results

RESULTS_JSON = "application/sparql-results+json"
_CHUNK = 1 << 16
_ADDRESSES = 3


@dataclass(frozen=True, slots=True)
class FetchLimits:
    """For one request: seconds in all, bytes of the answer."""

    deadline: float = 20.0
    most_bytes: int = 16 << 20


class Fetcher:
    """Sends queries to endpoints; ``user_agent`` names the service and how to reach its operator."""

    def __init__(self, user_agent: str, limits: FetchLimits | None = None) -> None:
        self._user_agent = user_agent
        self._limits = limits or FetchLimits()

    def select(self, endpoint: str, query: str, *, until: float) -> Solutions:
        """The rows of a SELECT at another endpoint; ``until`` (monotonic) may set an earlier deadline.

        Raises ServiceFailed naming the endpoint and what went wrong.
        """
        body = self._within(endpoint, query, min(until - time.monotonic(), self._limits.deadline))
        try:
            variables, rows = parse_results(body)
            return Solutions(variables, [tuple(map(_named, row)) for row in rows])
        except DataError as error:
            raise ServiceFailed(f"<{endpoint}> did not answer with a table of SPARQL results: {error}") from error

    def _within(self, endpoint: str, query: str, patience: float) -> bytes:
        """The answer, or ServiceFailed after so long; a name server that hangs counts too, hence the thread."""
        answers: SimpleQueue[bytes | ServiceFailed] = SimpleQueue()
        until = time.monotonic() + patience
        late = ServiceFailed(f"<{endpoint}> took longer than {max(0.0, patience):.1f} s")
        Thread(target=self._post_into, args=(answers, endpoint, query, until, late), daemon=True).start()
        try:
            answer = answers.get(timeout=max(0.0, until - time.monotonic()))
        except Empty:
            raise late from None
        if isinstance(answer, ServiceFailed):
            raise answer
        return answer

    def _post_into(
        self,
        answers: SimpleQueue[bytes | ServiceFailed],
        endpoint: str,
        query: str,
        until: float,
        late: ServiceFailed,
    ) -> None:
        try:
            answers.put(self._post(endpoint, query, until))
        except ServiceFailed as error:
            answers.put(error)
        except TimeoutError:  # a moment before that of whoever waits for the answer
            answers.put(late)
        except (OSError, ValueError, http.client.HTTPException) as error:
            answers.put(ServiceFailed(f"<{endpoint}> cannot be reached: {error or type(error).__name__}"))

    def _post(self, endpoint: str, query: str, until: float) -> bytes:
        parts = urlsplit(endpoint)
        connection = http.client.HTTPConnection(parts.hostname or "", parts.port)
        connection.sock = _connected(parts, until)
        try:
            target = f"{parts.path or '/'}?{parts.query}" if parts.query else parts.path or "/"
            connection.request("POST", target, urlencode({"query": query}), self._headers(parts))
            with connection.getresponse() as response:
                return self._body(endpoint, response, until)
        finally:
            connection.close()

    def _body(self, endpoint: str, response: http.client.HTTPResponse, until: float) -> bytes:
        if response.status != http.client.OK:
            raise ServiceFailed(f"<{endpoint}> answered with HTTP status {response.status}")
        chunks: list[bytes] = []
        size = 0
        while chunk := response.read1(_CHUNK):
            chunks.append(chunk)
            size += len(chunk)
            if size > self._limits.most_bytes:
                raise ServiceFailed(f"<{endpoint}> sent more than {self._limits.most_bytes >> 20} MiB")
            if time.monotonic() > until:
                raise TimeoutError
        return b"".join(chunks)

    def _headers(self, parts: SplitResult) -> dict[str, str]:
        return {
            "Host": parts.netloc.rpartition("@")[2],
            "User-Agent": self._user_agent,
            "Accept": RESULTS_JSON,
            "Accept-Encoding": "identity",
            "Content-Type": "application/x-www-form-urlencoded",
            "Connection": "close",
        }


def public_addresses(host: str, port: int) -> Sequence[str]:
    """The addresses of a host; raises ServiceFailed when one is not on the public internet."""
    try:
        return [str(ipaddress.ip_address(host))]
    except ValueError:
        pass  # a name
    try:
        found = [str(entry[4][0]) for entry in socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)]
    except (OSError, UnicodeError) as error:
        raise ServiceFailed(f"{host} has no address: {error}") from error
    for address in found:
        if not is_public(address):
            raise ServiceFailed(f"{host} leads to {address}, which is no public address")
    return found[:_ADDRESSES]


def is_public(address: str) -> bool:
    """Whether an address is one of the public internet; one that holds an IPv4 address is judged by that."""
    found = ipaddress.ip_address(address.partition("%")[0])
    if isinstance(found, ipaddress.IPv6Address):
        inner = found.ipv4_mapped or found.sixtofour or (found.teredo[1] if found.teredo else None)
        if inner is not None:
            return inner.is_global and not inner.is_multicast
        if found in _NAT64:
            return is_public(str(ipaddress.IPv4Address(int(found) & 0xFFFFFFFF)))
    return found.is_global and not found.is_multicast


_NAT64 = ipaddress.ip_network("64:ff9b::/96")


def _connected(parts: SplitResult, until: float) -> socket.socket:
    secure = parts.scheme == "https"
    port = parts.port or (http.client.HTTPS_PORT if secure else http.client.HTTP_PORT)
    failure: OSError = OSError("it has no address")
    for address in public_addresses(parts.hostname or "", port):
        try:
            plain = socket.create_connection((address, port), timeout=max(0.1, until - time.monotonic()))
        except OSError as error:
            failure = error
            continue
        return ssl.create_default_context().wrap_socket(plain, server_hostname=parts.hostname) if secure else plain
    raise failure


def _named(term: Term | None) -> Term | None:
    """A blank node as an IRI: it becomes part of a query here, where its name would mean a variable."""
    return iri(f"urn:capx:foreign:{term.value}") if isinstance(term, BlankNode) else term
