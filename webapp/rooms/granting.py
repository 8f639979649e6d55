"""Letting this site edit the connected Wikibase in one's own name, and taking that back.

The wiki's answer comes to the one callback that a consumer has, in the room of signing in, which hands it on. A form
may not lead to another site (its policy says so, and browsers look at every redirect of it): so the answer to the form
is a page that leads on by itself.
"""

from __future__ import annotations

from flask import Blueprint, Response, make_response, render_template, request

from capx_graph.errors import Forbidden, Unavailable
from capx_graph.messages import told
from webapp.members.grants import grants, led_back
from webapp.members.signingin import check_form_of_member, for_members_themselves, own_member
from webapp.members.wikisignin import callback_address, pending
from webapp.request.pace import paced
from webapp.request.visitor import form_token, identity

blueprint = Blueprint("granting", __name__)

_BEGUN_AN_HOUR = 20
_TOLD = frozenset({"given", "withdrawn", "identify", "other", "refused", "later", "lost"})


for_members_themselves(blueprint)


_begun = paced(blueprint, "begun", most=_BEGUN_AN_HOUR, seconds=3600)


@blueprint.get("/me/grant")
def page() -> Response:
    """What it means, whether it is so, and the form for either."""
    outcome = request.args.get("told", "")
    member = own_member()
    shown = render_template(
        "me/grant.html",
        grants=grants(),
        grant=grants().of(member),
        may_grant=grants().may_grant(member),
        told=outcome if outcome in _TOLD else "",
        token=form_token(),
    )
    return make_response(shown)


@blueprint.post("/me/grant")
def begin() -> Response:
    """Leads the browser to the wiki, which asks."""
    check_form_of_member()
    member = own_member()
    if not grants().may_grant(member):
        raise Forbidden(told("grant-not-yours", grants().wiki))
    if not _begun().admits(str(member.id)):
        return led_back("later")
    try:
        begun = grants().begin(callback_address())
    except Unavailable:
        return led_back("later")
    pending().add(begun, identity().key, "", member=member.id)
    response = make_response(render_template("me/grant-leading.html", wiki=grants().wiki, address=begun.address))
    response.headers["Refresh"] = f"0; url={begun.address}"
    return response


@blueprint.post("/me/grant/withdraw")
def withdraw() -> Response:
    """Forgets what the wiki gave."""
    check_form_of_member()
    grants().withdraw(own_member())
    return led_back("withdrawn")
