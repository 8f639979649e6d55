"""What signing in elsewhere begins with and ends in, as values; given out by the package."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Protocol
from urllib.parse import urlsplit


@dataclass(frozen=True, slots=True)
class Begun:
    """Where to send the browser; ``state`` comes back with it, ``secret`` stays here."""

    address: str
    state: str
    secret: str = field(repr=False)


@dataclass(frozen=True, slots=True)
class Vouched:
    """Whom the wiki vouches for: the subject is theirs for good, the name for now."""

    issuer: str
    subject: str
    name: str


@dataclass(frozen=True, slots=True)
class Tokens:
    """By what a wiki knows that this site acts for somebody; ``expires`` in seconds since 1970, 0 for never.

    OAuth 2 has a token to renew them with, OAuth 1.0a a secret to sign with.
    """

    access: str = field(repr=False)
    refresh: str = field(default="", repr=False)
    secret: str = field(default="", repr=False)
    expires: int = 0


class Provider(Protocol):
    """A wiki to sign in with; raises Unavailable where it gives no usable answer, Forbidden where it refuses."""

    @property
    def host(self) -> str: ...

    @property
    def issuer(self) -> str: ...

    def begin(self, callback: str) -> Begun: ...

    def state_of(self, answer: Mapping[str, str]) -> str:
        """Which beginning an answer belongs to; empty for none."""

    def granted(self, answer: Mapping[str, str], begun: Begun, callback: str) -> tuple[Vouched, Tokens]:
        """Who it is, and what they let this site act with."""

    def renewed(self, tokens: Tokens) -> Tokens:
        """Tokens in place of those that ran out; raises Forbidden where the wiki gives none."""


def issuer_of(url: str) -> str:
    """Scheme and host, by which a wiki is known as an issuer."""
    parts = urlsplit(url)
    return f"{parts.scheme}://{parts.netloc.lower()}"
