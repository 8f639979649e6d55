"""Who asks, and what they may do: groups, rights, and what the repository needs of the store of accounts.

Any room of the repository may import it. Accounts themselves live in a private file (the room accounts), which is wired
to ``AccountStore`` above both; nothing here knows a password.
"""

from __future__ import annotations

import hashlib
import hmac
from dataclasses import dataclass
from typing import Protocol

from capx_graph.model import Account

ANYBODY = frozenset({"read", "createaccount"})
USER = frozenset({"edit", "createpage", "item-term", "property-term", "item-merge", "item-redirect", "property-create"})
RIGHTS_OF_GROUP = {
    "bot": frozenset({"bot", "apihighlimits", "noratelimit", "autoconfirmed"}),
    # Those who keep the directory of capacities: it means something on the pages that move, merge and retire them.
    "maintainer": frozenset({"capacity-maintain", "noratelimit", "autoconfirmed"}),
    "sysop": frozenset({"delete", "undelete", "deletedhistory", "apihighlimits", "noratelimit", "autoconfirmed"}),
}
ANONYMOUS_TOKEN = "+\\"  # noqa: S105 - MediaWiki's constant for those who have no session


class Session(Protocol):
    """A login: the account, and the rights to which it is limited (None: not limited)."""

    @property
    def account(self) -> Account: ...

    @property
    def rights(self) -> frozenset[str] | None: ...


class ConsumerStore(Protocol):
    """What is asked of the store of consumers."""

    def issue_token(self, key: str, secret: str) -> tuple[str, int] | None:
        """A token and the seconds that it lasts."""

    def bearer(self, token: str) -> Session | None:
        """The session of a token."""

    def signing(self, key: str, access_token: str) -> tuple[str, str, Session] | None:
        """The secrets of a consumer that signs, and its session."""


class AttemptCounter(Protocol):
    """What is asked of whoever counts how often passwords are tried."""

    def admits(self, client: str, login: str) -> bool:
        """Whether this client may try a password of this name once more; counts it."""

    def succeeded(self, client: str, login: str) -> None:
        """Gives back an attempt that was right."""


class AccountStore(Protocol):
    """What the repository asks of the accounts."""

    @property
    def secret(self) -> bytes:
        """A key of this installation, for tokens."""

    @property
    def consumers(self) -> ConsumerStore:
        """The consumers of OAuth."""

    @property
    def attempts(self) -> AttemptCounter:
        """How often passwords were tried."""

    def account(self, name: str) -> Account | None:
        """The account of this name."""

    def check_password(self, name: str, password: str) -> Account | None:
        """The account, when name and password are right."""

    def check_bot_password(self, login: str, password: str) -> Session | None:
        """A session for ``Name@application``, when the bot password is right."""

    def whole_session(self, account: Account) -> Session:
        """A session with all the rights of the account."""

    def names(self) -> list[str]:
        """The names of all accounts."""

    def open_session(self, account: Account, rights: frozenset[str] | None) -> str:
        """A new session; answers its secret key."""

    def session(self, key: str) -> Session | None:
        """The session that a client shows by its key."""

    def close_session(self, key: str) -> None:
        """Ends a session."""


@dataclass(frozen=True, slots=True)
class Identity:
    """Who asks. ``key`` ties tokens to the session; it is empty for somebody without one."""

    account: Account | None
    rights: frozenset[str]
    key: str
    new_pages_owner: str | None = None

    @property
    def name(self) -> str:
        """The account's name, or the name under which visitors appear."""
        return self.account.name if self.account else "127.0.0.1"

    def may(self, right: str) -> bool:
        """Whether this right is held."""
        return right in self.rights


def visitor(key: str) -> Identity:
    """Somebody who has not logged in."""
    return Identity(None, ANYBODY, key)


IN_PROCESS = "in-process"
"""The key of callers in this process, who prove nothing and are not counted."""


def member(
    account: Account, key: str, *, limited_to: frozenset[str] | None = None, owner: str | None = None
) -> Identity:
    """Somebody who has; ``owner`` is who shall own the items that they make now."""
    rights = ANYBODY | USER | (frozenset({"noratelimit"}) if key == IN_PROCESS else frozenset())
    for group in account.groups:
        rights |= RIGHTS_OF_GROUP.get(group, frozenset())
    if limited_to is not None:
        rights &= limited_to | ANYBODY
    return Identity(account, rights, key, owner)


class Tokens:
    """Tokens by which a client shows that a write is meant, without any storage."""

    def __init__(self, secret: bytes) -> None:
        self._secret = secret

    def token(self, kind: str, identity: Identity) -> str:
        """The token of a kind (``csrf``, ``login``) for this session."""
        if kind != "login" and identity.account is None:
            return ANONYMOUS_TOKEN
        text = f"{kind}\n{identity.key}\n{identity.account.name if identity.account and kind != 'login' else ''}"
        digest = hmac.new(self._secret, text.encode(), hashlib.sha256).hexdigest()
        return f"{digest[:40]}{ANONYMOUS_TOKEN}"

    def matches(self, given: str, kind: str, identity: Identity) -> bool:
        """Whether the client has the right token."""
        return hmac.compare_digest(given.encode(), self.token(kind, identity).encode())
