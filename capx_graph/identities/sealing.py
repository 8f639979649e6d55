"""Tokens sealed for the disk: encrypted and signed with a key that follows from the consumer's secret.

Given out by the package. The secret is a setting and lies in no file of the data directory, so that a copy of that, or
a back-up, lets nobody edit; another secret of the consumer makes what was sealed before unreadable, as it should.
"""

from __future__ import annotations

import base64
import hashlib
import hmac
import json

from cryptography.fernet import Fernet, InvalidToken

from capx_graph.identities.model import Tokens

_PURPOSE = b"tokens of members"


class Sealing:
    """Seals and opens tokens of one consumer; each belongs to one member."""

    def __init__(self, secret: str) -> None:
        key = hmac.new(secret.encode(), _PURPOSE, hashlib.sha256).digest()
        self._fernet = Fernet(base64.urlsafe_b64encode(key))

    def sealed(self, member_id: int, tokens: Tokens) -> bytes:
        """The tokens as nobody can read or change them, nor give them to another member."""
        content = [member_id, tokens.access, tokens.refresh, tokens.secret, tokens.expires]
        return self._fernet.encrypt(json.dumps(content).encode())

    def opened(self, member_id: int, sealed: bytes) -> Tokens | None:
        """The tokens; None where they are sealed with another key, or are somebody else's."""
        try:
            owner, access, refresh, secret, expires = json.loads(self._fernet.decrypt(sealed))
        except (InvalidToken, ValueError):
            return None
        return Tokens(access, refresh, secret, expires) if owner == member_id else None
