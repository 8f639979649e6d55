"""How passwords are kept: as argon2 hashes, from which nobody reads them. Only this package imports it."""

from __future__ import annotations

from argon2 import PasswordHasher
from argon2.exceptions import InvalidHashError, VerificationError


class Passwords:
    """Hashes and compares passwords; either takes some tens of milliseconds on purpose."""

    def __init__(self) -> None:
        self._hasher = PasswordHasher()
        self._nobodys = ""

    def hashed(self, password: str) -> str:
        """What is kept of a password."""
        return self._hasher.hash(password)

    def matches(self, kept: str, password: str) -> bool:
        """Whether it is the password of which this was kept; where nothing was, the answer no takes as long."""
        try:
            return self._hasher.verify(kept or self._hash_of_nobody(), password) and bool(kept)
        except (VerificationError, InvalidHashError):
            return False

    def _hash_of_nobody(self) -> str:
        if not self._nobodys:
            self._nobodys = self._hasher.hash("nobody")
        return self._nobodys
