"""Who we are to a remote engine: HTTP Basic, or Digest once the engine has asked for it (Virtuoso's addresses do).

Used by ``store.remotewire`` alone. A request is signed before it is sent, so that a large one is not sent twice.
"""

from __future__ import annotations

import urllib.request
from base64 import b64encode
from collections.abc import Mapping
from threading import Lock


class Credentials:
    """A user and a password, or none; threads may share it."""

    def __init__(self, user: str, password: str) -> None:
        self._user = user
        self._basic = b64encode(f"{user}:{password}".encode()).decode()
        passwords = urllib.request.HTTPPasswordMgrWithDefaultRealm()
        self._digest = urllib.request.AbstractDigestAuthHandler(passwords)
        self._challenge: Mapping[str, str] | None = None
        self._asking = False
        self._lock = Lock()
        self._add = passwords.add_password
        self._password = password

    def sign(self, request: urllib.request.Request) -> None:
        """Adds who we are to a request that is otherwise ready."""
        if not self._user or (self._asking and self._challenge is None):
            return
        with self._lock:
            if self._challenge is None:
                signed = f"Basic {self._basic}"
            else:
                self._add(None, request.full_url, self._user, self._password)
                signed = f"Digest {self._digest.get_authorization(request, self._challenge)}"
        request.add_unredirected_header("Authorization", signed)

    def learned(self, asked: str | None) -> bool:
        """Takes in what a refusal asks for; whether the request should be signed anew and sent again."""
        scheme, _, rest = (asked or "").partition(" ")
        if not self._user or scheme.lower() == "basic":
            return False
        if scheme.lower() != "digest":  # Virtuoso refuses Basic without a word, and says what it wants to nobody only
            former_asking, self._asking = self._asking, True
            return not former_asking
        pairs = urllib.request.parse_keqv_list(list(filter(None, urllib.request.parse_http_list(rest))))
        with self._lock:
            former, self._challenge = self._challenge, pairs
        return former is None or former.get("nonce") != pairs.get("nonce")
