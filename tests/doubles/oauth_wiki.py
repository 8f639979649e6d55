"""A wiki to sign in with, on loopback: OAuth 2 and 1.0a as MediaWiki's extension speaks them, for one consumer.

Whoever is ``user`` agrees to everything at once; ``breaking`` makes an endpoint misbehave. ``mint`` makes the tokens
that are given, where a wiki shall know them.
"""

from __future__ import annotations

import base64
import hashlib
import hmac
import json
import secrets
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from threading import Thread
from typing import Any
from urllib.parse import parse_qsl, urlencode, urlsplit

from oauthlib.oauth1.rfc5849 import signature

CLIENT, SECRET = "consumer-key", "consumer-secret-of-some-length-for-hs256"


def _any(user: str) -> tuple[str, str]:
    return secrets.token_hex(8), secrets.token_hex(8)


@dataclass
class WikiState:
    """What the wiki knows."""

    subject: str = "17"
    user: str = "Ana"
    breaking: str = ""
    codes: dict[str, dict[str, str]] = field(default_factory=dict)
    tokens: dict[str, str] = field(default_factory=dict)
    refreshing: dict[str, str] = field(default_factory=dict)
    lifetime: int = 14400
    mint: Callable[[str], tuple[str, str]] = _any
    seen: list[tuple[str, dict[str, str]]] = field(default_factory=list)


class _Handler(BaseHTTPRequestHandler):
    wiki: WikiState
    address: str

    def do_GET(self) -> None:
        parts = urlsplit(self.path)
        query = dict(parse_qsl(parts.query, keep_blank_values=True))
        self._answer(parts.path, query, {})

    def do_POST(self) -> None:
        parts = urlsplit(self.path)
        body = self.rfile.read(int(self.headers.get("Content-Length") or 0)).decode()
        self._answer(parts.path, dict(parse_qsl(parts.query)), dict(parse_qsl(body)))

    def _answer(self, path: str, query: dict[str, str], form: dict[str, str]) -> None:
        self.wiki.seen.append((path, {**query, **form, "agent": self.headers.get("User-Agent", "")}))
        if path == "/w/index.php":
            self._oauth1(query.get("title", "").removeprefix("Special:OAuth/"), query)
        elif path == "/w/rest.php/oauth2/authorize":
            self._authorize(query)
        elif path == "/w/rest.php/oauth2/access_token":
            self._token(form)
        elif path == "/w/rest.php/oauth2/resource/profile":
            self._profile()
        else:
            self._send(404, "")

    # -- OAuth 2

    def _authorize(self, query: dict[str, str]) -> None:
        fits = (
            query.get("client_id") == CLIENT
            and query.get("response_type") == "code"
            and query.get("code_challenge_method") == "S256"
            and query.get("state")
        )
        if not fits:
            self._send(400, "invalid request")
            return
        code = secrets.token_hex(8)
        self.wiki.codes[code] = query
        answer = {"error": "access_denied"} if self.wiki.breaking == "denied" else {"code": code}
        self._send(302, "", f"{query['redirect_uri']}?{urlencode({**answer, 'state': query['state']})}")

    def _token(self, form: dict[str, str]) -> None:
        if form.get("grant_type") == "refresh_token":
            user = self.wiki.refreshing.pop(form.get("refresh_token", ""), None)
            known = (form.get("client_id"), form.get("client_secret")) == (CLIENT, SECRET)
            if user is None or not known:
                self._json(400, {"error": "invalid_grant" if known else "invalid_client"})
            else:
                self._give(user)
            return
        asked = self.wiki.codes.pop(form.get("code", ""), None)
        digest = hashlib.sha256(form.get("code_verifier", "").encode()).digest()
        challenge = base64.urlsafe_b64encode(digest).rstrip(b"=").decode()
        fits = (
            asked is not None
            and asked["code_challenge"] == challenge
            and asked["redirect_uri"] == form.get("redirect_uri")
            and (form.get("client_id"), form.get("client_secret")) == (CLIENT, SECRET)
            and form.get("grant_type") == "authorization_code"
        )
        if not fits:
            self._json(400, {"error": "invalid_grant"})
            return
        self._give(self.wiki.user)

    def _give(self, user: str) -> None:
        token, again = self.wiki.mint(user)[0], secrets.token_hex(8)
        self.wiki.tokens[token] = user
        self.wiki.refreshing[again] = user
        given = {"access_token": token, "token_type": "Bearer", "expires_in": self.wiki.lifetime}
        self._json(200, given | {"refresh_token": again})

    def _profile(self) -> None:
        token = self.headers.get("Authorization", "").removeprefix("Bearer ")
        broken: dict[str, Any] = {
            "large": "x" * 1_000_000,
            "odd": ["no", "profile"],
            "nobody": {"username": self.wiki.user},
            "name": {"sub": self.wiki.subject, "username": "a/b\r\nSet-Cookie: x=y"},
        }
        if self.wiki.breaking == "elsewhere":
            self._send(302, "", "http://169.254.169.254/")
        elif self.wiki.breaking in broken:
            self._json(200, broken[self.wiki.breaking])
        elif token in self.wiki.tokens:
            self._json(200, {"sub": self.wiki.subject, "username": self.wiki.user, "blocked": False})
        else:
            self._json(401, {"error": "access_denied"})

    # -- OAuth 1.0a

    def _oauth1(self, page: str, query: dict[str, str]) -> None:
        if page == "authorize":
            asked = self.wiki.codes[query["oauth_token"]]
            verifier = secrets.token_hex(8)
            asked["verifier"] = verifier
            answer = {"oauth_token": query["oauth_token"], "oauth_verifier": verifier}
            self._send(302, "", f"{asked['callback']}?{urlencode(answer)}")
            return
        header = self.headers.get("Authorization", "")
        params = dict(signature.collect_parameters(headers={"Authorization": header}, exclude_oauth_signature=False))
        asked = self.wiki.codes.get(params.get("oauth_token", ""), {})
        if not self._is_signed(params, asked.get("secret", "")):
            self._send(401, "invalid signature")
        elif page == "initiate":
            token, secret = secrets.token_hex(8), secrets.token_hex(8)
            self.wiki.codes[token] = {"secret": secret, "callback": params["oauth_callback"]}
            shown = {"oauth_token": token, "oauth_token_secret": secret, "oauth_callback_confirmed": "true"}
            self._send(200, urlencode(shown))
        elif page == "token" and params.get("oauth_verifier") == asked.get("verifier", ""):
            token, secret = self.wiki.mint(self.wiki.user)
            self.wiki.codes[token] = {"secret": secret}
            self._send(200, urlencode({"oauth_token": token, "oauth_token_secret": secret}))
        elif page == "identify":
            self._send(200, self._statement())
        else:
            self._send(401, "refused")

    def _is_signed(self, params: dict[str, str], secret: str) -> bool:
        given = params.pop("oauth_signature", "")
        pairs = [*parse_qsl(urlsplit(self.path).query), *((k, v) for k, v in params.items() if k != "realm")]
        base = signature.signature_base_string(
            self.command, signature.base_string_uri(self.address + self.path), signature.normalize_parameters(pairs)
        )
        key = f"{SECRET}&{secret}".encode()
        expected = base64.b64encode(hmac.new(key, base.encode(), hashlib.sha1).digest()).decode()
        return params.get("oauth_consumer_key") == CLIENT and hmac.compare_digest(given, expected)

    def _statement(self) -> str:
        now = int(time.time()) - (86400 if self.wiki.breaking == "old" else 0)
        audience = "somebody-else" if self.wiki.breaking == "audience" else CLIENT
        claims = {
            "iss": self.address, "sub": self.wiki.subject, "aud": audience, "iat": now, "exp": now + 100,
            "username": self.wiki.user,
        }  # fmt: skip
        key = "wrong" if self.wiki.breaking == "forged" else SECRET
        signed = ".".join(_base64(json.dumps(part).encode()) for part in ({"typ": "JWT", "alg": "HS256"}, claims))
        return f"{signed}.{_base64(hmac.new(key.encode(), signed.encode(), hashlib.sha256).digest())}"

    # -- answers

    def _json(self, status: int, content: object) -> None:
        self._send(status, json.dumps(content), kind="application/json")

    def _send(self, status: int, text: str, location: str = "", *, kind: str = "text/plain") -> None:
        self.send_response(status)
        if location:
            self.send_header("Location", location)
        self.send_header("Content-Type", kind)
        self.send_header("Content-Length", str(len(text.encode())))
        self.end_headers()
        self.wfile.write(text.encode())

    def log_message(self, *args: object) -> None:
        pass


def _base64(data: bytes) -> str:
    return base64.urlsafe_b64encode(data).rstrip(b"=").decode()


@contextmanager
def oauth_wiki() -> Iterator[tuple[str, WikiState]]:
    """A wiki at an address of loopback, and what it knows."""
    state = WikiState()
    handler = type("Handler", (_Handler,), {"wiki": state})
    server = ThreadingHTTPServer(("127.0.0.1", 0), handler)
    address = f"http://127.0.0.1:{server.server_port}"
    handler.address = address  # type: ignore[attr-defined]
    thread = Thread(target=server.serve_forever, kwargs={"poll_interval": 0.02}, daemon=True)
    thread.start()
    try:
        yield address, state
    finally:
        server.shutdown()
        thread.join()
        server.server_close()
