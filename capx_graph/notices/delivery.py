"""What members are told by mail, and by whom it is delivered: a wiki's EmailUser, or nobody.

The wiring and the periodic work import it. Nobody's address is known here: the wiki that vouches for a member is asked
to mail them. Whoever has an account of this site alone is not written to, for the name there may be somebody else's.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Protocol
from urllib.parse import urlsplit

from capx_graph.accounts import LOCAL, Member
from capx_graph.errors import EditRefused, NotDelivered, Unavailable
from capx_graph.mediawiki import Connection, Credentials, Limits, Wiki
from capx_graph.membership import name_there
from capx_graph.messages import load_messages
from capx_graph.resources import messages_dir
from capx_graph.settings import Settings

_LIMITS = Limits(deadline=120.0, request=20.0, pause=1.0, tries=2)
_THEIR_OWN = frozenset({"noemail", "nowikiemail", "nosuchuser", "notarget", "emailnotarget", "invaliduser", "baduser"})
"""Refusals that are about the one who is written to; any other is about the writer, and ends the round."""
_ISOLATES = dict.fromkeys(map(ord, "\u2068\u2069"))


@dataclass(frozen=True, slots=True)
class Notice:
    """A mail in the member's language."""

    subject: str
    text: str


class Delivery(Protocol):
    """Brings notices to members."""

    def send(self, member: Member, notice: Notice) -> None:
        """Raises NotDelivered where this member cannot be reached, Unavailable and Forbidden where nobody can now."""


class WikiMail:
    """Delivery by the wiki that vouches for its members."""

    def __init__(self, wiki: Wiki) -> None:
        self._wiki = wiki

    def send(self, member: Member, notice: Notice) -> None:
        """Mails a member whom this wiki vouches for; raises NotDelivered, Unavailable."""
        if member.issuer == LOCAL or urlsplit(member.issuer).netloc != self._wiki.host:
            raise NotDelivered(f"{self._wiki.host} does not vouch for this member")
        try:
            self._wiki.mail(name_there(member), notice.subject, notice.text)
        except EditRefused as error:
            if error.code in _THEIR_OWN:
                raise NotDelivered(f"{self._wiki.host} does not mail this member ({error.code})") from error
            raise Unavailable(f"{self._wiki.host} mails nobody for us: {error}") from error


@contextmanager
def delivery_over(settings: Settings) -> Iterator[Delivery | None]:
    """What the operator configured; None by default."""
    channels = settings.channels
    if not channels.mails:
        yield None
        return
    connection = Connection(
        channels.api,
        user_agent=settings.user_agent(),
        credentials=Credentials(channels.user, channels.password, channels.token),
        limits=_LIMITS,
    )
    try:
        yield WikiMail(Wiki(connection))
    finally:
        connection.close()


def reconfirmation_notice(name: str, language: str, *, site: str, address: str, days: int) -> Notice:
    """Asks whether a profile is still true; ``days`` are left until it is made private."""
    tr = load_messages(messages_dir()).translator(language)
    subject = tr.text("notice-subject", site).translate(_ISOLATES)
    text = tr.text("notice-text", name, site, address, days).translate(_ISOLATES)
    return Notice(" ".join(subject.split()), text)
