"""What a member has here for themselves: the start of it, and the sessions that are open in their name.

Every page needs a session and belongs to it alone.
"""

from __future__ import annotations

from functools import partial

from flask import Blueprint, Response, make_response, render_template, request, url_for

from capx_graph.model import Account
from capx_graph.stewardship import KINDS
from webapp.matching.asking import asker_themselves
from webapp.matching.page import shown
from webapp.members.attention import attention_of
from webapp.members.signingin import check_form_of_member, for_members_themselves, own_account, own_member
from webapp.needs import accounts, services
from webapp.request.reader import reader
from webapp.request.visitor import form_token, identity
from webapp.response.headers import led_to

blueprint = Blueprint("me", __name__)


for_members_themselves(blueprint)


@blueprint.get("/me")
def home() -> Response:
    """Where a member begins: what would help others find them."""
    membership = services().membership
    account = own_account()
    member = accounts().members.of(account)
    profile = membership.own.read(member)
    gains = [gain for gain in membership.health.gains(profile) if gain.people]
    page = render_template(
        "me/home.html",
        profile=profile,
        gains=gains,
        saved=request.args.get("saved") == "1",
        proposed=request.args.get("proposed") == "1",
        waiting=len(membership.offers.waiting(member)),
        attention=attention_of(account, member),
        proposable=tuple(KINDS),
        grants=services().grants,
        reader_chain=reader().chain,
    )
    return make_response(page)


@blueprint.get("/me/matches")
def matches() -> Response:
    """Their matches by all that they say of themselves, without whom they have saved."""
    asker = asker_themselves(own_member())
    return shown(asker, partial(url_for, "me.matches"), now=None)


@blueprint.get("/me/sessions")
def sessions() -> Response:
    """The sessions of the account, to be ended one by one or all but this."""
    return _sessions(own_account())


@blueprint.post("/me/sessions")
def end_sessions() -> Response:
    """Ends the session named by the form, or every other one."""
    check_form_of_member()
    account = own_account()
    if request.form.get("others") == "1":
        accounts().visits.end_others(account, identity().key)
    else:
        accounts().visits.end(account, request.form.get("session", ""))
    return led_to(url_for("me.sessions"))


def _sessions(account: Account) -> Response:
    visits = accounts().visits.of(account, identity().key)
    return make_response(render_template("me/sessions.html", visits=visits, token=form_token()))
