"""Sessions by which a client library reaches a wiki: in this process without a socket, or over the network.

``InProcessSessions`` hands requests to a WSGI app; who edits travels in the WSGI environ (``capx.account``), which no
HTTP header can set. Every session here raises our errors where the library would sleep and try again (up to
an hour): a lost connection, a rate limit, a read-only wiki.
"""

from __future__ import annotations

import sys
from collections.abc import Callable, Iterable, Mapping
from datetime import datetime, timedelta
from email.message import Message
from io import BytesIO
from types import TracebackType
from typing import IO, Any, Protocol
from urllib.parse import unquote, urlsplit

import requests
from requests.adapters import HTTPAdapter
from urllib3 import HTTPHeaderDict, HTTPResponse

from capx_graph.errors import OutcomeUnknown, RateLimited, Unavailable
from capx_graph.instants import Clock, utc_now

ACCOUNT = "capx.account"
OWNER = "capx.owner"
"""Keys of the WSGI environ: the account that acts, and the account that shall own the item it makes."""

Environ = dict[str, Any]
ExcInfo = tuple[type[BaseException], BaseException, TracebackType | None] | tuple[None, None, None]
StartResponse = Callable[..., Callable[[bytes], object]]
WsgiApp = Callable[[Environ, StartResponse], Iterable[bytes]]

_READS = ("query", "login", "wbgetentities", "wbsearchentities", "wbgetclaims", "wbparsevalue", "wbformatvalue")
_THROTTLED = frozenset({"ratelimited", "no-automatic-entity-id"})
"""Too many edits; the second is how a Wikibase says it of a new entity, for which it gives out no id then."""
_WAIT = 60
_TIMEOUT = (10.0, 60.0)
_LARGEST = 64 * 1024 * 1024


class Sessions(Protocol):
    """Opens a session in which an account acts; closed by the caller."""

    def open(self, account: str, *, owner: str | None = None) -> CarefulSession: ...

    def renew(self, account: str) -> bool:
        """Told that the account's session ran out; whether another one can be opened."""


class CarefulSession(requests.Session):
    """A session that never leaves a caller waiting: what would be slept through is raised.

    ``login`` is what a client library keeps of a session that is used again, such as its token.
    """

    def __init__(self, clock: Clock = utc_now) -> None:
        super().__init__()
        self._clock = clock
        self.login: Any = None

    def request(self, method: str, url: str | bytes, **kwargs: Any) -> requests.Response:  # type: ignore[override]
        """As requests does, with a deadline, and errors of ours for what is temporary."""
        kwargs.setdefault("timeout", _TIMEOUT)
        edits = method.upper() == "POST" and not reads(kwargs.get("data"))
        try:
            response = super().request(method, url, **kwargs)
        except requests.ConnectTimeout as error:
            raise Unavailable(f"no connection to {_host(url)}") from error
        except (requests.ConnectionError, requests.Timeout, requests.exceptions.ChunkedEncodingError) as error:
            raise _broken(url, edits=edits) from error
        if len(response.content) > _LARGEST:
            raise Unavailable(f"{_host(url)} answered more than {_LARGEST} bytes")
        if response.status_code >= 500:
            raise _broken(url, edits=edits)
        if response.status_code == 429:
            raise RateLimited(self._until(response))
        self._raise_for_temporary(response)
        return response

    def _raise_for_temporary(self, response: requests.Response) -> None:
        if "json" not in response.headers.get("Content-Type", ""):
            return
        try:
            content = response.json()
        except ValueError:
            return
        error = content.get("error") if isinstance(content, dict) else None
        if not isinstance(error, dict):
            return
        names = [message.get("name") for message in error.get("messages") or ()]
        if error.get("code") in _THROTTLED or "actionthrottledtext" in names:
            raise RateLimited(self._until(response))
        if error.get("code") in ("maxlag", "readonly"):
            raise RateLimited(self._until(response), f"the wiki takes no edits now ({error['code']})")

    def _until(self, response: requests.Response) -> datetime:
        text = response.headers.get("Retry-After", "")
        seconds = int(text) if text.isascii() and text.isdigit() else _WAIT
        return self._clock() + timedelta(seconds=min(seconds, 86400))


class InProcessSessions:
    """Sessions into a WSGI app of this process, for the addresses that begin with ``base``."""

    def __init__(self, app: WsgiApp, base: str) -> None:
        self._app = app
        self._base = base

    def open(self, account: str, *, owner: str | None = None) -> CarefulSession:
        """A session in which the account acts, without a password: only code of this process can open one."""
        session = CarefulSession()
        session.trust_env = False
        identity = {ACCOUNT: account} if owner is None else {ACCOUNT: account, OWNER: owner}
        session.mount(f"{self._base}/", WsgiAdapter(self._app, identity))
        return session

    def renew(self, account: str) -> bool:  # noqa: ARG002 nothing runs out in this process
        """No: every session here is new."""
        return False


class WsgiAdapter(HTTPAdapter):
    """Answers requests by calling a WSGI app; an error that the app raises reaches the caller as it is."""

    def __init__(self, app: WsgiApp, environ: Mapping[str, str] | None = None) -> None:
        super().__init__()
        self._app = app
        self._identity = dict(environ or {})

    def send(self, request: requests.PreparedRequest, *args: Any, **kwargs: Any) -> requests.Response:  # noqa: ARG002 - nothing to time out
        """One request, one answer."""
        started: list[tuple[str, list[tuple[str, str]]]] = []
        written: list[bytes] = []

        def start_response(
            status: str, headers: list[tuple[str, str]], exc_info: ExcInfo | None = None
        ) -> Callable[[bytes], object]:
            if exc_info is not None and started and exc_info[1] is not None:
                raise exc_info[1]
            started[:] = [(status, headers)]
            return written.append

        body = self._app(self._environ(request), start_response)
        try:
            written += list(body)
        finally:
            close = getattr(body, "close", None)
            if close is not None:
                close()
        status, headers = started[0]
        return self.build_response(request, _response(status, headers, b"".join(written)))

    def _environ(self, request: requests.PreparedRequest) -> Environ:
        parts = urlsplit(request.url or "")
        body = request.body or b""
        data = body.encode() if isinstance(body, str) else body
        assert isinstance(data, bytes), "the library sends forms, never streams"
        environ: Environ = {
            "REQUEST_METHOD": request.method or "GET",
            "SCRIPT_NAME": "",
            "PATH_INFO": unquote(parts.path).encode().decode("latin-1"),
            "QUERY_STRING": parts.query,
            "SERVER_NAME": parts.hostname or "",
            "SERVER_PORT": str(parts.port or (443 if parts.scheme == "https" else 80)),
            "SERVER_PROTOCOL": "HTTP/1.1",
            "REMOTE_ADDR": "127.0.0.1",
            "HTTP_HOST": parts.netloc,
            "CONTENT_LENGTH": str(len(data)),
            "wsgi.version": (1, 0),
            "wsgi.url_scheme": parts.scheme,
            "wsgi.input": BytesIO(data),
            "wsgi.errors": sys.stderr,
            "wsgi.multithread": True,
            "wsgi.multiprocess": False,
            "wsgi.run_once": False,
        }
        for name, value in request.headers.items():
            key = name.upper().replace("-", "_")
            if key == "CONTENT_TYPE":
                environ[key] = value
            elif key != "CONTENT_LENGTH":
                environ[f"HTTP_{key}"] = value
        return environ | self._identity


class _Original:
    """What ``requests`` looks at to find the cookies of an answer."""

    def __init__(self, headers: Iterable[tuple[str, str]]) -> None:
        self.msg = Message()
        for name, value in headers:
            self.msg[name] = value

    def isclosed(self) -> bool:
        return True

    def close(self) -> None:
        pass


def _response(status: str, headers: list[tuple[str, str]], body: bytes) -> HTTPResponse:
    code, _, reason = status.partition(" ")
    stream: IO[bytes] = BytesIO(body)
    return HTTPResponse(
        body=stream,
        headers=HTTPHeaderDict(headers),
        status=int(code),
        reason=reason,
        preload_content=False,
        original_response=_Original(headers),  # type: ignore[arg-type]  # all that urllib3 asks of one
    )


def reads(data: object) -> bool:
    """Whether a form that is posted changes nothing."""
    return isinstance(data, dict) and data.get("action") in _READS


def _broken(url: str | bytes, *, edits: bool) -> Unavailable:
    if edits:
        return OutcomeUnknown(f"the connection to {_host(url)} broke; whether the edit was saved is not known")
    return Unavailable(f"{_host(url)} cannot be reached")


def _host(url: str | bytes) -> str:
    return urlsplit(url.decode() if isinstance(url, bytes) else url).netloc
