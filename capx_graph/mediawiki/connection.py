"""One conversation with a MediaWiki: requests in a row, never beside one another, under one deadline.

Only this package imports it. A wiki that is behind (``maxlag``) or asks for fewer edits is waited for as long as it
says, while the deadline lasts. A wiki that only its own may read is signed in to when it says so, and not before.
Redirects are not followed: a password must not travel to where an answer points.
"""

from __future__ import annotations

import json
import re
import time
from collections.abc import Callable, Iterator, Mapping
from typing import Any
from urllib.parse import urlsplit

import requests

from capx_graph.errors import Conflict, EditRefused, Forbidden, InvalidInput, NotFound, OutcomeUnknown, Unavailable
from capx_graph.mediawiki.manners import Credentials, Limits, Reader

Json = dict[str, Any]

_TEMPORARY = frozenset({"maxlag", "ratelimited", "readonly"})
_FORBIDDEN = frozenset(
    {
        "permissiondenied",
        "protectedpage",
        "blocked",
        "autoblocked",
        "cantcreate",
        "assertuserfailed",
        "assertnameduserfailed",
        "readapidenied",
        "mwoauth-invalid-authorization",
    }
)
_CONFLICTS = frozenset({"editconflict", "articleexists", "missingtitle", "pagedeleted"})
_CLOSED = "readapidenied"
"""How a wiki refuses strangers whom it lets read nothing."""
_COME_BACK = (429, 503)
_DONE_ONCE = frozenset({"edit", "emailuser"})
"""What is not simply asked again when the answer was lost."""
_CHUNK = 64 * 1024
_REST_AFTER_REFUSAL = 900.0
"""Seconds in which a login that was refused is not tried again: wikis lock out who tries often."""
_TITLE = re.compile(r"<title[^>]*>([^<]*)<", re.IGNORECASE)


class Connection:
    """Sends requests to one API; not to be shared by threads."""

    def __init__(
        self,
        api_url: str,
        *,
        user_agent: str,
        credentials: Credentials | None = None,
        reader: Reader | None = None,
        limits: Limits | None = None,
        clock: Callable[[], float] = time.monotonic,
        sleep: Callable[[float], None] = time.sleep,
    ) -> None:
        parts = urlsplit(api_url)
        if parts.scheme not in ("http", "https") or not parts.hostname or parts.username:
            raise InvalidInput(
                f"{api_url[:80]!r} is not the address of an API, such as https://meta.wikimedia.org/w/api.php"
            )
        self.host = parts.netloc
        self.api_url = api_url
        self.credentials = credentials or Credentials()
        self._reader = reader or Reader()
        self._signed_in = False
        self._refusal: tuple[float, str] | None = None
        self._url = api_url
        self._limits = limits or Limits()
        self._clock = clock
        self._sleep = sleep
        self._until = clock() + self._limits.deadline
        self._next = clock()
        self._session = requests.Session()
        self._session.trust_env = False
        self._session.headers["User-Agent"] = user_agent
        if self.credentials.token:
            self._session.headers["Authorization"] = f"Bearer {self.credentials.token}"

    def again(self) -> None:
        """The deadline counts from now: another conversation begins, over the same line."""
        self._until = self._clock() + self._limits.deadline

    def close(self) -> None:
        """Ends the conversation."""
        self._session.close()

    def get(self, **parameters: str | int) -> Json:
        """The answer to a read; raises Unavailable, Forbidden, EditRefused."""
        return self._call("GET", parameters)

    def post(self, **parameters: str | int) -> Json:
        """The answer to a write; raises Conflict, OutcomeUnknown too."""
        return self._call("POST", parameters)

    def continued(self, parameters: Mapping[str, str | int]) -> Iterator[Json]:
        """The answers to a read that goes on, part by part; raises what ``get`` raises."""
        following: dict[str, str | int] = {}
        while True:
            answer = self.get(**{**parameters, **following})
            yield answer
            going_on = answer.get("continue")
            if not isinstance(going_on, dict):
                return
            if going_on == following:
                raise Unavailable(f"{self.host} gives the same part of a list again and again")
            following = going_on

    def document(self, url: str) -> str:
        """The text of a page of the same wiki that is no API; raises Unavailable, NotFound."""
        self._pace()
        left = min(self._limits.request, self._until - self._clock())
        try:
            with self._session.get(url, timeout=(left, left), allow_redirects=False, stream=True) as response:
                body = self._body(response, self._clock() + left)
        except requests.RequestException as error:
            raise self._broken(edits=False, why=type(error).__name__) from error
        if response.status_code != 200:
            raise NotFound(f"{url[:200]} answers HTTP status {response.status_code}")
        return body.decode("utf-8", "replace")

    def _call(self, method: str, parameters: Mapping[str, str | int]) -> Json:
        sent = {name: str(value) for name, value in parameters.items()}
        sent |= {"format": "json", "formatversion": "2", "maxlag": str(self._limits.maxlag)}
        welcomed = False
        for attempt in range(1, self._limits.tries + 1):
            status, headers, answer = self._send(method, sent)
            error = answer.get("error")
            code = str(error.get("code", "")) if isinstance(error, Mapping) else ""
            if code == _CLOSED and not welcomed and sent.get("meta") != "tokens" and sent.get("action") != "login":
                self._sign_in()
                welcomed = True
                continue
            if status not in _COME_BACK and code not in _TEMPORARY:
                if error is not None:
                    raise self._translated(code, str(error.get("info", code)) if isinstance(error, Mapping) else code)
                return answer
            if attempt < self._limits.tries:
                self._wait(_seconds(headers.get("Retry-After")), why=code or f"HTTP status {status}")
        raise Unavailable(f"{self.host} still asks to wait after {self._limits.tries} tries ({code or status})")

    def log_in(self, user: str, password: str) -> None:
        """Begins a session by a bot password; raises Unavailable, Forbidden where it is refused."""
        tokens = self.get(action="query", meta="tokens", type="login").get("query")
        found = tokens.get("tokens") if isinstance(tokens, dict) else None
        if not isinstance(found, dict):
            raise Unavailable(f"{self.host} gives no token for a login")
        token = str(found.get("logintoken", ""))
        login = self.post(action="login", lgname=user, lgpassword=password, lgtoken=token).get("login")
        told = login if isinstance(login, dict) else {}
        if told.get("result") != "Success":
            reason = told.get("reason", told.get("result", "no reason given"))
            raise Forbidden(self._discreet(f"{self.host} refused the login of {user}: {reason}"))

    def _sign_in(self) -> None:
        """The wiki is closed to strangers: from here on as the reader; raises Forbidden where that is nobody."""
        given = self._reader
        if not given.given:
            raise Forbidden(f"{self.host} lets nobody read who is not signed in; set {given.settings or 'credentials'}")
        if self._refusal is not None and self._clock() < self._refusal[0]:
            raise Forbidden(self._refusal[1])
        if given.token or given.signature:
            if self._signed_in:
                raise Forbidden(f"{self.host} does not let the account read whose token is set")
            if given.token:
                self._session.headers["Authorization"] = f"Bearer {given.token}"
            else:
                self._session.auth = given.signature
        else:
            self._session.cookies.clear()
            try:
                self.log_in(given.user, given.password)
            except Forbidden as error:
                self._refusal = (self._clock() + _REST_AFTER_REFUSAL, str(error))
                raise
        self._signed_in = True

    def _discreet(self, text: str) -> str:
        """What a wiki says, without what it was told in confidence."""
        for who in (self.credentials, self._reader):
            for secret in filter(None, (who.password, who.token)):
                text = text.replace(secret, "***")
        return text

    def _send(self, method: str, sent: Mapping[str, str]) -> tuple[int, Mapping[str, str], Json]:
        self._pace()
        given: dict[str, Any] = {"params": sent} if method == "GET" else {"data": sent}
        edits = method == "POST" and sent.get("action") in _DONE_ONCE
        left = min(self._limits.request, self._until - self._clock())
        try:
            with self._session.request(
                method, self._url, timeout=(left, left), allow_redirects=False, stream=True, **given
            ) as response:
                body = self._body(response, self._clock() + left)
                status, headers = response.status_code, response.headers
        except requests.RequestException as error:
            raise self._broken(edits=edits, why=type(error).__name__) from error
        if 300 <= status < 400:
            raise Unavailable(f"{self.host} leads elsewhere (HTTP status {status}); give the address that it leads to")
        try:
            answer = json.loads(body)
        except ValueError as error:
            if status == 429 or (status == 503 and not edits and "Retry-After" in headers):
                return status, headers, {}
            raise self._broken(edits=edits and status >= 500, why=_no_json(status, body)) from error
        if not isinstance(answer, dict) or (status >= 400 and status not in _COME_BACK and "error" not in answer):
            raise self._broken(edits=edits and status >= 500, why=f"HTTP status {status}")
        return status, headers, answer

    def _body(self, response: requests.Response, until: float) -> bytes:
        """The body within the cap; a wiki that sends drop by drop is left at the end of the request's time."""
        read = b""
        for chunk in response.iter_content(_CHUNK):
            read += chunk
            if len(read) > self._limits.answer:
                raise Unavailable(f"{self.host} answered more than {self._limits.answer} bytes")
            if self._clock() > until:
                raise Unavailable(f"{self.host} is too slow")
        return read

    def _pace(self) -> None:
        """Waits until the next request may be sent; raises Unavailable past the deadline."""
        if (early := self._next - self._clock()) > 0:
            self._sleep(early)
        if self._clock() >= self._until:
            raise Unavailable(f"the exchange with {self.host} took longer than {self._limits.deadline:.0f} seconds")
        self._next = self._clock() + self._limits.pause

    def _wait(self, seconds: float, *, why: str) -> None:
        if self._clock() + seconds >= self._until:
            raise Unavailable(f"{self.host} asks to come back in {seconds:.0f} seconds ({why})")
        self._sleep(seconds)

    def _broken(self, *, edits: bool, why: str) -> Unavailable:
        if edits:
            return OutcomeUnknown(f"the connection to {self.host} broke ({why}); whether it was done is not known")
        return Unavailable(f"{self.host} gave no usable answer ({why})")

    def _translated(self, code: str, text: str) -> Exception:
        said = self._discreet(f"{self.host}: {text} ({code})")
        if code in _CONFLICTS:
            return Conflict(said)
        return Forbidden(said) if code in _FORBIDDEN else EditRefused(code, said)


def _no_json(status: int, body: bytes) -> str:
    """What came instead of JSON: a page made for people is mostly a wall against programs, or an error of a proxy."""
    if body.lstrip()[:1] != b"<":
        return f"HTTP status {status}, {'JSON that breaks off' if body.lstrip()[:1] in (b'{', b'[') else 'no JSON'}"
    title = _TITLE.search(body.decode("utf-8", "replace"))
    named = f" ({' '.join(title[1].split())[:80]!r})" if title else ""
    return f"HTTP status {status}, an HTML page{named} instead of JSON, as walls against programs send"


def _seconds(text: str | None) -> float:
    return float(min(int(text), 600)) if text and text.isascii() and text.isdigit() else 5.0
