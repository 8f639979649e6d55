"""How a browser's session begins and ends: its cookie, and the token of forms that are shown before there is one.

Rooms that sign somebody in or out import it. A session never keeps the key that the browser came with, so nobody can
hand somebody a key beforehand; the cookie is the API's too, so a session opened there counts here, and both ways.
"""

from __future__ import annotations

import secrets
from urllib.parse import urlsplit

from flask import Response, g, request

from capx_graph.accounts import SESSION_LIFETIME
from capx_graph.model import Account
from capx_graph.repository.identity import Tokens, visitor
from capx_graph.repository.wsgi import COOKIE
from webapp.needs import accounts, services
from webapp.request.visitor import identity

_KIND = "login"


def entry_key() -> str:
    """What ties a form without a session to this browser; made where it has nothing yet."""
    found: str | None = g.get("entry_key")
    if found is None:
        found = g.entry_key = identity().key or secrets.token_hex(32)
    return found


def entry_token() -> str:
    """The token of a form by which somebody enters."""
    return Tokens(accounts().secret).token(_KIND, visitor(entry_key()))


def entry_is_meant() -> bool:
    """Whether the form was sent from a page that this browser was shown."""
    key = identity().key
    given = request.form.get("token", "")
    return bool(key) and Tokens(accounts().secret).matches(given, _KIND, visitor(key))


def keep_entry(response: Response) -> Response:
    """Lets the browser keep what ties the form to it."""
    if not identity().key:
        _set_cookie(response, entry_key(), lasting=False)
    response.headers["Cache-Control"] = "no-store"
    return response


def admit(response: Response, account: Account) -> Response:
    """Begins a session under a new key; the one that the browser had ends."""
    _end_present()
    _lift_tombstone(account)
    key = accounts().visits.begin(account, request.user_agent.string)
    _set_cookie(response, key, lasting=True)
    response.headers["Cache-Control"] = "no-store"
    return response


def _lift_tombstone(account: Account) -> None:
    """Who was erased and comes back by their own act may be written about again."""
    member = accounts().members.of(account)
    elsewhere = (member.issuer, member.subject) if member.issuer else None
    services().erasures.tombstones.lift([account.name], elsewhere)


def dismiss(response: Response) -> Response:
    """Ends the session; what the browser keeps of this site besides its cookie is dropped too."""
    _end_present()
    response.delete_cookie(COOKIE, path=_path(), httponly=True, samesite="Lax", secure=_secure())
    response.headers["Cache-Control"] = "no-store"
    response.headers["Clear-Site-Data"] = '"cache"'
    return response


def _end_present() -> None:
    if identity().key:
        accounts().close_session(identity().key)


def _set_cookie(response: Response, key: str, *, lasting: bool) -> None:
    response.set_cookie(
        COOKIE,
        key,
        max_age=SESSION_LIFETIME if lasting else None,
        path=_path(),
        httponly=True,
        samesite="Lax",
        secure=_secure(),
    )


def _path() -> str:
    return request.script_root or "/"


def _secure() -> bool:
    """HTTPS may end at a proxy before us, but the site's own address tells."""
    return request.is_secure or urlsplit(services().namespaces.site).scheme == "https"
