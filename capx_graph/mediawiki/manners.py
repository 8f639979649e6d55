"""How a conversation with a wiki is held: within which limits, and as whom; given out by the package."""

from __future__ import annotations

from dataclasses import dataclass, field

from requests.auth import AuthBase


@dataclass(frozen=True, slots=True)
class Limits:
    """What a conversation may take: seconds in all and a request, bytes an answer, seconds between two requests."""

    deadline: float = 600.0
    request: float = 30.0
    answer: int = 16 * 1024 * 1024
    pause: float = 0.2
    maxlag: int = 5
    tries: int = 5


@dataclass(frozen=True, slots=True)
class Credentials:
    """Who edits: a bot password (``Name@application``) or the access token of an owner-only OAuth 2 consumer."""

    user: str = ""
    password: str = field(default="", repr=False)
    token: str = field(default="", repr=False)

    @property
    def given(self) -> bool:
        """Whether there is somebody to edit as."""
        return bool(self.token or (self.user and self.password))


@dataclass(frozen=True, slots=True)
class Reader(Credentials):
    """Who signs in where a wiki is closed to strangers; ``signature`` signs each request (OAuth 1.0a).

    ``settings`` says in messages how somebody could be named.
    """

    signature: AuthBase | None = field(default=None, repr=False)
    settings: str = ""

    @property
    def given(self) -> bool:
        """Whether there is somebody to read as."""
        return bool(self.token or self.signature or (self.user and self.password))
