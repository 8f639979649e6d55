"""Leaving, by the member's own act: what is held about them to take along, and everything about them erased.

Both need a session of the member's own; one that a tool opened with limited rights is not enough. The page after
erasing is for everybody, because nobody is left who could be signed in.
"""

from __future__ import annotations

import hashlib
import hmac
from contextlib import suppress

from flask import Blueprint, Response, make_response, render_template, request, url_for

from capx_graph.accounts import Member
from capx_graph.errors import Forbidden, Unavailable
from capx_graph.messages import told
from capx_graph.model import Account
from capx_graph.spelling import spaced
from webapp.members.entering import dismiss
from webapp.members.signingin import asked_to_sign_in, check_form_of_member, own_account, own_member
from webapp.needs import accounts, services
from webapp.request.visitor import form_token, identity
from webapp.response.headers import led_to, unkept

blueprint = Blueprint("leaving", __name__)

blueprint.after_request(unkept)

_FORMS = {"json": "application/json", "ttl": "text/turtle"}


@blueprint.before_request
def _members_only() -> Response | None:
    return None if request.endpoint == "leaving.left" else asked_to_sign_in()


@blueprint.get("/me/export")
def export() -> Response:
    """What an export has, and its two forms."""
    return make_response(render_template("me/export.html"))


@blueprint.get("/me/export.<any(json, ttl):form>")
def download(form: str) -> Response:
    """Everything that is held about the member."""
    services().membership.offers.waiting(own_member())  # what is theirs is theirs from now on
    held = services().erasures.export(_own(), at=services().settings.now())
    body = held.as_json() if form == "json" else held.as_turtle(services().namespaces.prefixes())
    response = make_response(body)
    response.headers["Content-Type"] = f"{_FORMS[form]}; charset=utf-8"
    response.headers["Content-Disposition"] = f'attachment; filename="capx-{held.exported[:10]}.{form}"'
    return response


@blueprint.get("/me/erase")
def confirm() -> Response:
    """What goes, and the form that asks for the username."""
    return _form(own_account())


@blueprint.post("/me/erase")
def erase() -> Response:
    """Erases the member when the form has their name."""
    check_form_of_member()
    account = own_account()
    name = _own()
    if spaced(request.form.get("name", "")) != name:
        return _form(account, problem="othername", status=400)
    remains = services().erasures.erase(name).remains
    with suppress(Unavailable):  # the erasure is done; an engine elsewhere takes it in as soon as it answers
        services().hide()
    items = ",".join(one.entity_id for one in remains)
    address = url_for("leaving.left", items=items, proof=_proof(items)) if items else url_for("leaving.left")
    return dismiss(led_to(address))


@blueprint.get("/left")
def left() -> Response:
    """Where somebody arrives who has left; who has the whole address reads what remains in the connected Wikibase."""
    items = request.args.get("items", "")[:500]
    is_theirs = bool(items) and hmac.compare_digest(_proof(items).encode(), request.args.get("proof", "").encode())
    asked = set(items.split(",")) if is_theirs else set()
    remains = [one for one in services().erasures.remaining.all() if one.entity_id in asked]
    return make_response(render_template("me/left.html", remains=remains))


def _form(account: Account, *, problem: str | None = None, status: int = 200) -> Response:
    member = accounts().members.of(account)
    there = services().namespaces.entity_iri(member.item) if member.item and _lives_there(member) else None
    page = render_template(
        "me/erase.html", name=account.name, there=there, token=form_token(), problem=problem, shortest=""
    )
    return make_response(page, status)


def _proof(items: str) -> str:
    """What nobody can make who was not led to the page: which items were somebody's is not everybody's to know."""
    return hmac.new(accounts().secret, f"left\n{items}".encode(), hashlib.sha256).hexdigest()


def _lives_there(member: Member) -> bool:
    return services().membership.own.lives_there(member)


def _own() -> str:
    """The member's name; raises Forbidden for a session with limited rights, such as a tool's."""
    session = accounts().session(identity().key)
    if session is None or session.rights is not None:
        raise Forbidden(told("refused-limited"))
    return session.account.name
