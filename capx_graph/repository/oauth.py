"""OAuth as clients of a Wikibase use it: bearer tokens of OAuth 2, signed requests of OAuth 1.0a, both owner-only.

Only the repository's wsgi.py imports it. A signed request is taken once, within five minutes of its timestamp.
"""

from __future__ import annotations

import base64
import binascii
import hashlib
import hmac
import re
import threading
import time
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from urllib.parse import quote, unquote, urlsplit

from capx_graph.repository.identity import ConsumerStore, Session

_WINDOW = 300
_MOST_NONCES = 100_000
_PART = re.compile(r'([a-z_]+)="([^"]*)"')


@dataclass(frozen=True, slots=True)
class SignedRequest:
    """What a signature covers: ``params`` are those of address and form body, repeated ones too."""

    method: str
    url: str
    params: Iterable[tuple[str, str]]


@dataclass(slots=True)
class Nonces:
    """Marks of the requests seen lately."""

    seen: dict[tuple[str, str], float] = field(default_factory=dict)
    lock: threading.Lock = field(default_factory=threading.Lock)

    def use(self, key: str, nonce: str, now: float) -> bool:
        """Whether this is the first use."""
        with self.lock:
            if len(self.seen) >= _MOST_NONCES:
                self.seen = {mark: at for mark, at in self.seen.items() if at > now - _WINDOW}
            first = (key, nonce) not in self.seen
            self.seen[(key, nonce)] = now
            return first


def client_credentials(header: str, form: Mapping[str, str]) -> tuple[str, str]:
    """Key and secret of a client that asks for a token, from the header or the form."""
    if header[:6].lower() == "basic ":
        try:
            key, _, secret = base64.b64decode(header[6:], validate=True).decode().partition(":")
        except (binascii.Error, UnicodeDecodeError):
            return "", ""
        return unquote(key), unquote(secret)
    return form.get("client_id", ""), form.get("client_secret", "")


def signed_session(header: str, request: SignedRequest, consumers: ConsumerStore, nonces: Nonces) -> Session | None:
    """The session of a signed request, None when the signature is not right."""
    parts = {name: unquote(value) for name, value in _PART.findall(header.partition(" ")[2])}
    found = consumers.signing(parts.get("oauth_consumer_key", ""), parts.get("oauth_token", ""))
    stamp = parts.get("oauth_timestamp", "")
    if found is None or parts.get("oauth_signature_method") != "HMAC-SHA1" or not re.fullmatch(r"\d{1,12}", stamp):
        return None
    consumer_secret, access_secret, session = found
    covered = [(name, value) for name, value in parts.items() if name != "oauth_signature"]
    base = _signature_base(request, covered)
    key = f"{_escape(consumer_secret)}&{_escape(access_secret)}".encode()
    expected = base64.b64encode(hmac.new(key, base.encode(), hashlib.sha1).digest()).decode()
    if not hmac.compare_digest(expected.encode(), parts.get("oauth_signature", "").encode()):
        return None
    now = time.time()
    if abs(now - int(stamp)) > _WINDOW:
        return None
    fresh = nonces.use(parts["oauth_consumer_key"], f"{stamp} {parts.get('oauth_nonce', '')}", now)
    return session if fresh else None


def _signature_base(request: SignedRequest, covered: list[tuple[str, str]]) -> str:
    """The text that is signed (RFC 5849, section 3.4.1)."""
    address = urlsplit(request.url)
    host = address.hostname or ""
    if address.port and address.port != {"http": 80, "https": 443}.get(address.scheme):
        host = f"{host}:{address.port}"
    pairs = sorted((_escape(name), _escape(value)) for name, value in [*request.params, *covered])
    normal = "&".join(f"{name}={value}" for name, value in pairs)
    return "&".join(
        _escape(part) for part in (request.method.upper(), f"{address.scheme}://{host}{address.path}", normal)
    )


def _escape(text: str) -> str:
    return quote(text, safe="-._~")
