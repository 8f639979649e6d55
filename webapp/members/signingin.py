"""Where somebody without a session is sent who wants to change something, and who may do what on these pages.

Rooms that write to the directory import it. The page to sign in is looked up by its address: where a site has none,
the pages say what else opens a session.
"""

from __future__ import annotations

from datetime import timedelta
from urllib.parse import quote

from flask import Blueprint, Response, current_app, make_response, render_template, request

from capx_graph.accounts import Member
from capx_graph.errors import Forbidden, RateLimited
from capx_graph.instants import utc_now
from capx_graph.messages import told
from capx_graph.model import Account
from webapp.needs import accounts, services
from webapp.request.links import here
from webapp.request.reader import reader
from webapp.request.visitor import form_is_meant, identity, is_limited
from webapp.response.headers import led_to, unkept

_SIGN_IN = "/signin"
_ENTRANCES = (_SIGN_IN, "/register", "/signout")
MAINTAIN = "capacity-maintain"
"""The right of those who keep the directory of capacities."""


def sign_in_address() -> str | None:
    """The address to sign in at and come back from; None where this site has no such page."""
    if "signin.page" not in current_app.view_functions:
        return None
    if request.path in _ENTRANCES:
        return request.script_root + _SIGN_IN
    back = here(without="") if request.method == "GET" else request.script_root + request.path
    language = f"&uselang={reader().uselang}" if reader().uselang else ""
    return f"{request.script_root}{_SIGN_IN}?return={quote(back, safe='')}{language}"


def may_write() -> bool:
    """Whether the session may change words of items."""
    return identity().account is not None and identity().may("edit") and identity().may("item-term")


def may_maintain() -> bool:
    """Whether the session may change the tree."""
    return may_write() and identity().may(MAINTAIN)


def asked_to_sign_in() -> Response | None:
    """Sends somebody without a session to sign in, or says how members do; None for everybody else.

    It is an answer to reading a page: a form of a visitor is refused by ``check_form``.
    """
    if identity().account is not None:
        return None
    address = sign_in_address()
    if address is not None:
        return led_to(address)
    return unkept(make_response(render_template("signin/first.html", sign_in=address)))


def check_form() -> None:
    """Raises Forbidden for a form that this visitor was not shown, RateLimited for one too many in a minute."""
    check_form_is_meant()
    count_edit()


def check_form_is_meant() -> None:
    """Raises Forbidden for a form that this visitor was not shown."""
    if not form_is_meant(request.form.get("token", "")):
        raise Forbidden(told("refused-form"))
    if not may_write():
        raise Forbidden(told("refused-session"))


def count_edit() -> None:
    """Raises RateLimited for one edit too many in a minute; whoever has typed something catches it and keeps that."""
    if not identity().may("noratelimit"):
        seconds = services().directory_work.rate.wait(acting_account())
        if seconds:
            raise RateLimited(utc_now() + timedelta(seconds=seconds))


def check_form_of_member() -> None:
    """Raises Forbidden for a form about oneself that this member was not shown."""
    if not form_is_meant(request.form.get("token", "")):
        raise Forbidden(told("refused-form"))


def own_account() -> Account:
    """The account of a member who is here themselves; raises Forbidden for a visitor, and for a program of theirs."""
    account = _signed_in()
    if is_limited():
        raise Forbidden(told("refused-program"))
    return account


def own_member() -> Member:
    """The member whose session this is; raises Forbidden as ``own_account`` does."""
    return accounts().members.of(own_account())


def for_members_themselves(blueprint: Blueprint) -> None:
    """Open a room to members who are here themselves, and let no cache keep what it shows."""

    @blueprint.before_request
    def _members_only() -> Response | None:
        refused = asked_to_sign_in()
        if refused is None:
            own_account()
        return refused

    blueprint.after_request(unkept)


def _signed_in() -> Account:
    account = identity().account
    if account is None:
        raise Forbidden(told("refused-visitor"))
    return account


def check_maintainer() -> None:
    """Raises Forbidden for everybody but maintainers."""
    if not may_maintain():
        raise Forbidden(told("refused-maintainers"))


def asked_to_maintain() -> Response | None:
    """As ``asked_to_sign_in``, for a page of those who keep the directory; raises Forbidden for other members."""
    refused = asked_to_sign_in()
    if refused is None:
        check_maintainer()
    return refused


def acting_account() -> str:
    """The name of the signed-in account; raises Forbidden for a visitor."""
    return _signed_in().name
