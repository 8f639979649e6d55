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


class Provider(Protocol):
    """A wiki to sign in with; raises Unavailable where it gives no usable answer, Forbidden where it refuses."""

    @property
    def host(self) -> str: ...

    def begin(self, callback: str) -> Begun: ...

    def state_of(self, answer: Mapping[str, str]) -> str:
        """Which beginning an answer belongs to; empty for none."""

    def finish(self, answer: Mapping[str, str], begun: Begun, callback: str) -> Vouched: ...


def script_path(url: str) -> str:
    """The address of a wiki's scripts: a bare host has them under ``/w``."""
    trimmed = url.rstrip("/")
    return trimmed if urlsplit(trimmed).path else f"{trimmed}/w"


def issuer_of(url: str) -> str:
    """Scheme and host, by which a wiki is known as an issuer."""
    parts = urlsplit(url)
    return f"{parts.scheme}://{parts.netloc.lower()}"
