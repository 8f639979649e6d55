"""Calls into a WSGI app of this process, and a session that raises where a library would sleep."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from datetime import UTC, datetime
from typing import Any

import pytest
import requests

from capx_graph.errors import OutcomeUnknown, RateLimited, Unavailable
from capx_graph.wikibase.transport import ACCOUNT, OWNER, CarefulSession, InProcessSessions, WsgiAdapter

BASE = "http://wiki.invalid:8000"
NOON = datetime(2026, 6, 1, 12, 0, tzinfo=UTC)
App = Callable[[dict[str, Any], Callable[..., object]], Iterable[bytes]]


class Echo:
    """An app that keeps what it was asked and answers as told."""

    def __init__(self, body: bytes = b"{}", status: str = "200 OK", headers: tuple[tuple[str, str], ...] = ()) -> None:
        self.environ: dict[str, Any] = {}
        self.sent = b""
        self._answer = (status, [("Content-Type", "application/json"), *headers], body)

    def __call__(self, environ: dict[str, Any], start_response: Callable[..., object]) -> Iterable[bytes]:
        self.environ = environ
        self.sent = environ["wsgi.input"].read()
        status, headers, body = self._answer
        start_response(status, headers)
        return [body[:1], body[1:]]


def _session(app: App, account: str = "Ana") -> requests.Session:
    return InProcessSessions(app, BASE).open(account)


def test_a_form_arrives_as_over_http() -> None:
    app = Echo(b'{"ok":"\xc3\xa9"}')
    answer = _session(app).post(f"{BASE}/w/api.php?x=1", data={"a": "é b"}, headers={"User-Agent": "me"})
    assert answer.json() == {"ok": "é"}
    assert app.sent == b"a=%C3%A9+b"
    assert app.environ["REQUEST_METHOD"] == "POST"
    assert app.environ["PATH_INFO"] == "/w/api.php"
    assert app.environ["QUERY_STRING"] == "x=1"
    assert app.environ["HTTP_HOST"] == "wiki.invalid:8000"
    assert app.environ["HTTP_USER_AGENT"] == "me"
    assert app.environ["CONTENT_TYPE"] == "application/x-www-form-urlencoded"
    assert app.environ["CONTENT_LENGTH"] == str(len(app.sent))


def test_identity_is_in_the_environ_and_headers_cannot_forge_it() -> None:
    app = Echo()
    forged = {"capx.account": "root", "Capx-Account": "root", "capx.owner": "root"}
    _session(app).get(f"{BASE}/", headers=forged)
    assert app.environ[ACCOUNT] == "Ana"
    assert OWNER not in app.environ
    InProcessSessions(app, BASE).open("Ana", owner="Bo").get(f"{BASE}/")
    assert (app.environ[ACCOUNT], app.environ[OWNER]) == ("Ana", "Bo")


def test_cookies_are_kept_from_one_call_to_the_next() -> None:
    app = Echo(headers=(("Set-Cookie", "a=1; Path=/; HttpOnly"), ("Set-Cookie", "b=2; Path=/")))
    session = _session(app)
    session.get(f"{BASE}/")
    session.get(f"{BASE}/")
    assert app.environ["HTTP_COOKIE"] == "a=1; b=2"


def test_redirects_are_followed_inside_the_process() -> None:
    def app(environ: dict[str, Any], start_response: Callable[..., object]) -> Iterable[bytes]:
        if environ["PATH_INFO"] == "/a":
            start_response("303 See Other", [("Location", f"{BASE}/b%C3%A9")])
            return [b""]
        start_response("200 OK", [])
        return [environ["PATH_INFO"].encode("latin-1")]

    assert _session(app).get(f"{BASE}/a").content.decode() == "/bé"


def test_an_error_of_the_app_reaches_the_caller() -> None:
    def app(environ: dict[str, Any], start_response: Callable[..., object]) -> Iterable[bytes]:
        raise ZeroDivisionError

    with pytest.raises(ZeroDivisionError):
        _session(app).get(f"{BASE}/")


def _careful(app: App) -> requests.Session:
    session = CarefulSession(clock=lambda: NOON)
    session.mount(BASE, WsgiAdapter(app))
    return session


@pytest.mark.parametrize(
    "app",
    [
        Echo(b'{"error":{"code":"ratelimited","info":""}}', headers=(("Retry-After", "90"),)),
        Echo(
            b'{"error":{"code":"failed-save","messages":[{"name":"actionthrottledtext"}]}}',
            headers=(("Retry-After", "90"),),
        ),
        Echo(b"", "429 Too Many Requests", (("Retry-After", "90"),)),
    ],
)
def test_a_rate_limit_says_until_when(app: Echo) -> None:
    with pytest.raises(RateLimited) as caught:
        _careful(app).post(f"{BASE}/w/api.php", data={"action": "wbeditentity"})
    assert caught.value.until == datetime(2026, 6, 1, 12, 1, 30, tzinfo=UTC)


@pytest.mark.parametrize("code", [b"maxlag", b"readonly"])
def test_a_wiki_that_takes_no_edits_is_not_waited_for(code: bytes) -> None:
    with pytest.raises(Unavailable):
        _careful(Echo(b'{"error":{"code":"%s","lag":99999}}' % code)).post(f"{BASE}/")


class Broken(WsgiAdapter):
    """The app does its work, the answer is lost."""

    def send(self, request: requests.PreparedRequest, *args: Any, **kwargs: Any) -> requests.Response:
        super().send(request, *args, **kwargs)
        raise requests.ConnectionError("reset")


@pytest.mark.parametrize(
    ("action", "error"), [("wbeditentity", OutcomeUnknown), ("query", Unavailable), ("wbgetentities", Unavailable)]
)
def test_a_lost_answer_leaves_only_edits_in_doubt(action: str, error: type[Exception]) -> None:
    session = CarefulSession()
    session.mount(BASE, Broken(Echo()))
    with pytest.raises(Unavailable) as caught:
        session.post(f"{BASE}/w/api.php", data={"action": action})
    assert type(caught.value) is error


def test_a_server_error_after_an_edit_leaves_it_in_doubt() -> None:
    with pytest.raises(OutcomeUnknown):
        _careful(Echo(b"", "502 Bad Gateway")).post(f"{BASE}/", data={"action": "wbeditentity"})
