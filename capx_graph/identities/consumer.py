"""This site as a wiki knows it, whatever the protocol, and what it believes of an answer about a person.

Only this package imports it.
"""

from __future__ import annotations

from collections.abc import Mapping
from urllib.parse import urlsplit

from capx_graph.errors import Unavailable
from capx_graph.identities.model import Vouched, issuer_of


class Consumer:
    """What one wiki registered this site as: the part that both protocols have in common."""

    def __init__(self, url: str, client: str, secret: str, *, user_agent: str) -> None:
        self.issuer = issuer_of(url)
        self.host = self.issuer.partition("://")[2]
        self._scripts = _script_path(url)
        self._client = client
        self._secret = secret
        self._user_agent = user_agent

    def _vouched(self, profile: object) -> Vouched:
        """Subject and name from a profile; raises Unavailable where one is missing."""
        if not isinstance(profile, Mapping):
            raise Unavailable("the wiki did not say who you are")
        subject, name = profile.get("sub"), profile.get("username")
        if not isinstance(name, str) or not name or not isinstance(subject, str | int) or str(subject) in ("", "0"):
            raise Unavailable("the wiki did not say who you are")
        return Vouched(self.issuer, str(subject), name)


def _script_path(url: str) -> str:
    """The address of a wiki's scripts: a bare host has them under ``/w``."""
    trimmed = url.rstrip("/")
    return trimmed if urlsplit(trimmed).path else f"{trimmed}/w"
