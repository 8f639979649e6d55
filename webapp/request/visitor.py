"""Who uses the wiki's pages: the account of the session that the API keeps in a cookie, or a visitor.

Forms that write carry a token of the same kind as the API's, so that no other site can send them for somebody.
"""

from __future__ import annotations

from flask import g, request

from capx_graph.pace import customer
from capx_graph.repository.identity import Identity, Tokens, member, visitor
from capx_graph.repository.wsgi import COOKIE
from webapp.needs import services

_LONGEST_KEY = 128
_KIND = "csrf"


def identity() -> Identity:
    """Who asks, found out once a request."""
    found: Identity | None = g.get("identity")
    if found is None:
        found = g.identity = _of_cookie(request.cookies.get(COOKIE, ""))
    return found


def _of_cookie(key: str) -> Identity:
    if not key.isalnum() or len(key) > _LONGEST_KEY:
        return visitor("")
    session = services().accounts.session(key)
    g.limited = session is not None and session.rights is not None
    return member(session.account, key, limited_to=session.rights) if session else visitor(key)


def is_limited() -> bool:
    """Whether the session is a program's, which its owner limited: it does not open what is theirs alone."""
    return identity().account is not None and bool(g.get("limited"))


def client() -> str:
    """Whom a limit counts: the account that is signed in, else the address that asks."""
    account = identity().account
    return f"account {account.name}" if account else address()


def address() -> str:
    """The address that asks, as limits count it."""
    return customer(request.remote_addr or "")


def form_token() -> str:
    """The token that a form of this visitor carries."""
    return _tokens().token(_KIND, identity())


def form_is_meant(given: str) -> bool:
    """Whether a form was sent from a page that this visitor was shown; never for somebody without a session."""
    return identity().account is not None and _tokens().matches(given, _KIND, identity())


def _tokens() -> Tokens:
    return Tokens(services().accounts.secret)
