"""Letting this site edit the connected Wikibase in one's own name, and taking that back.

The wiki's answer comes to the one callback that a consumer has, in the room of signing in, which hands it on. A form
may not lead to another site (its policy says so, and browsers look at every redirect of it): so the answer to the form
is a page that leads on by itself.
"""

from __future__ import annotations

from collections.abc import Mapping

from flask import Blueprint, Response, current_app, make_response, redirect, render_template, request, url_for
from flask.blueprints import BlueprintSetupState

from capx_graph.connected import AnotherPerson, MemberGrants, OnlyIdentifies
from capx_graph.errors import CapxError, Forbidden, NotFound, Unavailable
from capx_graph.pace import Pace
from webapp.members.entering import accounts, services
from webapp.members.signingin import check_form_of_member, for_members_themselves, own_account
from webapp.members.wikisignin import Waiting, callback_address, pending
from webapp.request.visitor import form_token, identity

blueprint = Blueprint("granting", __name__)

_BEGUN_AN_HOUR = 20
_TOLD = frozenset({"given", "withdrawn", "identify", "other", "refused", "later", "lost"})


for_members_themselves(blueprint)


@blueprint.record_once
def _begin(state: BlueprintSetupState) -> None:
    state.app.extensions["capx_grants_begun"] = Pace(most=_BEGUN_AN_HOUR, seconds=3600)


@blueprint.get("/me/grant")
def page() -> Response:
    """What it means, whether it is so, and the form for either."""
    told = request.args.get("told", "")
    member = accounts().members.of(own_account())
    shown = render_template(
        "me-grant.html",
        grants=_grants(),
        grant=_grants().of(member),
        may_grant=_grants().may_grant(member),
        told=told if told in _TOLD else "",
        token=form_token(),
    )
    return make_response(shown)


@blueprint.post("/me/grant")
def begin() -> Response:
    """Leads the browser to the wiki, which asks."""
    check_form_of_member()
    member = accounts().members.of(own_account())
    if not _grants().may_grant(member):
        raise Forbidden("only who signed in with the wiki lets this site edit there in their own name")
    pace: Pace = current_app.extensions["capx_grants_begun"]
    if not pace.admits(str(member.id)):
        return _back("later")
    try:
        begun = _grants().begin(callback_address())
    except Unavailable:
        return _back("later")
    pending().add(begun, identity().key, "", member=member.id)
    response = make_response(render_template("me-grant-leading.html", wiki=_grants().wiki, address=begun.address))
    response.headers["Refresh"] = f"0; url={begun.address}"
    return response


@blueprint.post("/me/grant/withdraw")
def withdraw() -> Response:
    """Forgets what the wiki gave."""
    check_form_of_member()
    _grants().withdraw(accounts().members.of(own_account()))
    return _back("withdrawn")


def granted(answer: Mapping[str, str], waiting: Waiting) -> Response:
    """The browser comes back from the wiki."""
    member = accounts().members.of(own_account())
    if member.id != waiting.member:
        return _back("lost")
    try:
        _grants().finish(member, answer, waiting.begun, callback_address())
    except CapxError as error:
        return _back(_problem(error))
    return _back("given")


def _problem(error: CapxError) -> str:
    """What to tell; whatever else went wrong is the site's own error."""
    for kind, told in ((AnotherPerson, "other"), (OnlyIdentifies, "identify"), (Forbidden, "refused")):
        if isinstance(error, kind):
            return told
    if isinstance(error, Unavailable):
        return "later"
    raise error


def _back(told: str) -> Response:
    return make_response(redirect(url_for("granting.page", told=told), 303))


def _grants() -> MemberGrants:
    found = services().grants
    if found is None:
        raise NotFound("nobody's own name is used elsewhere by this site")
    return found
