"""Sessions with a Wikibase elsewhere: one connection each, logged in once, paced, patient within bounds.

The wiring imports it. Who edits there is whom the credentials name; a wiki that is behind or asks for fewer edits is
waited for as long as it says, within the bounds of ``patience``: narrow where a web request waits. Redirects are not
followed: credentials must not travel to where an answer points. A page where data should be (a login wall, a check for
robots) is reported as such.
"""

from __future__ import annotations

import time
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import timedelta
from threading import RLock
from typing import Any
from urllib.parse import urlsplit

import requests
from requests.auth import AuthBase
from requests_oauthlib import OAuth1

from capx_graph.errors import Forbidden, InvalidInput, LoginRefused, RateLimited, SessionEnded, Unavailable
from capx_graph.instants import Clock, utc_now
from capx_graph.wikibase.patience import patience
from capx_graph.wikibase.transport import CarefulSession, reads

_TRIES = 6
_BUSY = 30
"""Seconds after which whoever found the session taken tries again."""
_SHOWN = 60
_REFUSED = frozenset({"mwoauth-invalid-authorization", "mwoauth-invalid-authorization-not-approved"})
"""A token ran out or was revoked, or the consumer is approved no more. That somebody is blocked is another matter."""


@dataclass(frozen=True, slots=True)
class WikiCredentials:
    """Who edits: a bot password, an owner-only consumer of OAuth 1.0a (four parts), or an access token of OAuth 2."""

    user: str = ""
    password: str = field(default="", repr=False)
    token: str = field(default="", repr=False)
    consumer_key: str = field(default="", repr=False)
    consumer_secret: str = field(default="", repr=False)
    access_token: str = field(default="", repr=False)
    access_secret: str = field(default="", repr=False)

    @property
    def given(self) -> bool:
        """Whether there is somebody to edit as."""
        return bool(self.token or self.has_oauth1 or (self.user and self.password))

    @property
    def has_oauth1(self) -> bool:
        """Whether all four parts of OAuth 1.0a are there."""
        return bool(self.consumer_key and self.consumer_secret and self.access_token and self.access_secret)

    @property
    def signature(self) -> AuthBase | None:
        """What signs a request by OAuth 1.0a, where its parts are there and no token of OAuth 2 is."""
        if self.token or not self.has_oauth1:
            return None
        parts = (self.consumer_key, self.consumer_secret, self.access_token, self.access_secret)
        signature: AuthBase = OAuth1(*parts)
        return signature


@dataclass(frozen=True, slots=True)
class Manners:
    """How a wiki is talked to: the name that is given, and the seconds between two edits at least."""

    user_agent: str
    pause: float = 0.1


class KeptSession(CarefulSession):
    """One session with one wiki; requests of several threads go one after another."""

    def __init__(
        self,
        api_url: str,
        credentials: WikiCredentials,
        manners: Manners,
        *,
        clock: Clock = utc_now,
        sleep: Callable[[float], None] = time.sleep,
    ) -> None:
        super().__init__(clock)
        parts = urlsplit(api_url)
        if parts.scheme not in ("http", "https") or not parts.hostname or parts.username:
            raise InvalidInput(f"{api_url[:80]!r} is not the address of an API, such as https://example.org/w/api.php")
        self._url = api_url
        self._where = parts.netloc
        self._credentials = credentials
        self._pause = manners.pause
        self._sleep = sleep
        self._one = RLock()
        self._next = clock()
        self._logged_in = False
        self.trust_env = False
        self.headers["User-Agent"] = manners.user_agent
        if credentials.token:
            self.headers["Authorization"] = f"Bearer {credentials.token}"
        elif signature := credentials.signature:
            self.auth = signature

    def __exit__(self, *args: object) -> None:
        """Stays open: the next edit uses the same connection and the same login."""

    def request(self, method: str, url: str | bytes, **kwargs: Any) -> requests.Response:  # type: ignore[override]
        """As CarefulSession does, after a login, and again where the wiki asked to wait; raises Unavailable."""
        if not self._one.acquire(timeout=patience()):
            raise RateLimited(self._clock() + timedelta(seconds=_BUSY), "other edits are under way")
        try:
            if not self._logged_in:
                self._log_in()
            return self._patiently(method, url, **kwargs)
        finally:
            self._one.release()

    def log_in_again(self) -> None:
        """Forgets the session, as one that ran out; the next request logs in."""
        with self._one:
            self.cookies.clear()
            self.login = None
            self._logged_in = False

    def _patiently(self, method: str, url: str | bytes, **kwargs: Any) -> requests.Response:
        kwargs["allow_redirects"] = False
        edits = method.upper() == "POST" and not reads(kwargs.get("data"))
        waited = 0.0
        for attempt in range(1, _TRIES + 1):
            if edits:
                self._pace()
            try:
                return self._data(super().request(method, url, **kwargs))
            except RateLimited as error:
                seconds = max((error.until - self._clock()).total_seconds(), 1.0)
                waited += seconds
                if attempt == _TRIES or waited > patience():
                    raise
                self._sleep(seconds)
        raise AssertionError("the last try returns or raises")

    def _data(self, response: requests.Response) -> requests.Response:
        """The answer, if it is one of an API."""
        if response.is_redirect or 300 <= response.status_code < 400:
            raise Unavailable(
                f"{self._where} leads elsewhere (HTTP {response.status_code}); give the address it leads to"
            )
        if "json" not in response.headers.get("Content-Type", ""):
            start = " ".join(response.text[:400].split())[:_SHOWN]
            raise Unavailable(
                f"{self._where} answered a page instead of data (HTTP {response.status_code}, {start!r}); "
                "a login wall or a check for robots stands before its API"
            )
        return response

    def _pace(self) -> None:
        early = (self._next - self._clock()).total_seconds()
        if early > 0:
            self._sleep(early)
        self._next = self._clock() + timedelta(seconds=self._pause)

    def _log_in(self) -> None:
        given = self._credentials
        if given.user and given.password and not given.token and not given.has_oauth1:
            asked = {"action": "query", "meta": "tokens", "type": "login", "format": "json"}
            tokens = self._patiently("GET", self._url, params=asked).json()
            token = tokens.get("query", {}).get("tokens", {}).get("logintoken", "")
            sent = {
                "action": "login",
                "lgname": given.user,
                "lgpassword": given.password,
                "lgtoken": token,
                "format": "json",
            }
            login = self._patiently("POST", self._url, data=sent).json().get("login", {})
            if login.get("result") != "Success":
                why = str(login.get("reason", login.get("result", "no reason given"))).replace(given.password, "***")
                raise LoginRefused(f"{self._where} refused the login of {given.user}: {why}")
        self._logged_in = True


class LentSession(KeptSession):
    """A session in which somebody else is acted for, as long as the wiki takes what they gave; raises SessionEnded."""

    def _data(self, response: requests.Response) -> requests.Response:
        found = super()._data(response)
        content = found.json()
        error = content.get("error") if isinstance(content, dict) else None
        if isinstance(error, dict) and error.get("code") in _REFUSED:
            raise SessionEnded(f"{self._where} takes this permission no more: {error.get('info', '')}")
        return found

    def acting(self) -> tuple[str, frozenset[str]]:
        """As whom it acts, and with which rights; raises SessionEnded and Unavailable."""
        asked = {"action": "query", "meta": "userinfo", "uiprop": "rights", "format": "json"}
        content = self.get(self._url, params=asked).json()
        found = content.get("query", {}).get("userinfo", {})
        if not found:
            raise Forbidden(f"{self._where} does not say who acts: {content.get('error', {}).get('info', '')}")
        return str(found.get("name", "")), frozenset(map(str, found.get("rights", ())))


class Elsewhere:
    """The sessions of one wiki in which the service itself edits, whatever account asks."""

    def __init__(self, session: KeptSession) -> None:
        self._session = session

    def open(self, account: str, *, owner: str | None = None) -> CarefulSession:  # noqa: ARG002 one identity for all
        """The one session; a wiki elsewhere knows no owned pages."""
        return self._session

    def renew(self, account: str) -> bool:  # noqa: ARG002 one identity for all
        """Forgets a session that ran out, so that the next one is new."""
        self._session.log_in_again()
        return True

    def close(self) -> None:
        """Ends the connection."""
        self._session.close()
