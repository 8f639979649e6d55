"""Signing in with a local account or with a wiki elsewhere, registering, signing out.

Attempts are counted together with those at the API. A wrong name and a wrong password are answered alike and take as
long.
"""

from __future__ import annotations

from typing import Any
from urllib.parse import urlsplit

from flask import Blueprint, Response, make_response, render_template, request, url_for
from flask.blueprints import BlueprintSetupState

from capx_graph.accounts import ATTEMPT_SECONDS, SHORTEST_PASSWORD, chosen_name
from capx_graph.errors import Conflict, Forbidden, InvalidInput, NotFound, Unavailable
from capx_graph.identities import Provider, provider_of
from capx_graph.messages import told
from webapp.members.entering import admit, dismiss, entry_is_meant, entry_key, entry_token, keep_entry
from webapp.members.grants import granted
from webapp.members.wikisignin import Pending, callback_address, pending
from webapp.needs import accounts, services
from webapp.request.links import local_path
from webapp.request.pace import paced
from webapp.request.reader import reader
from webapp.request.visitor import address, form_is_meant, identity
from webapp.response.headers import led_to

blueprint = Blueprint("signin", __name__)

_NEW_BY_CLIENT = 10
"""Accounts that a client may make in the time over which attempts count."""
_BEGUN_BY_CLIENT = 30
"""Sign-ins at a wiki that a client may begin in that time."""
_LONGEST_PASSWORD = 1000


_new_accounts = paced(blueprint, "new_accounts", most=_NEW_BY_CLIENT, seconds=ATTEMPT_SECONDS)
_begun_at_wiki = paced(blueprint, "begun_at_wiki", most=_BEGUN_BY_CLIENT, seconds=ATTEMPT_SECONDS)


@blueprint.record_once
def _begin(state: BlueprintSetupState) -> None:
    state.app.extensions["capx_pending"] = Pending()


@blueprint.get("/signin")
def page() -> Response:
    """The form; somebody who is signed in already is led on."""
    if identity().account is not None:
        return led_to(_onward())
    return _form("signin/signin.html")


@blueprint.post("/signin")
def enter() -> Response:
    """Begins a session when name and password are right."""
    name, password = request.form.get("name", ""), request.form.get("password", "")
    if not entry_is_meant():
        return _form("signin/signin.html", problem="again", status=403)
    if not accounts().attempts.admits(address(), name):
        return _form("signin/signin.html", problem="often", status=429)
    account = accounts().check_password(name, password[:_LONGEST_PASSWORD])
    if account is None:
        return _form("signin/signin.html", problem="wrong", status=403)
    accounts().attempts.succeeded(address(), name)
    return admit(led_to(_onward()), account)


@blueprint.get("/signin/wiki")
def begin() -> Response:
    """Sends the browser to the wiki that the operator named."""
    if not _begun_at_wiki().admits(address()):
        return _form("signin/signin.html", problem="often", status=429)
    try:
        begun = _provider().begin(callback_address())
    except Unavailable:
        return _form("signin/signin.html", problem="wiki", status=503)
    pending().add(begun, entry_key(), local_path(request.args.get("return")) if request.args.get("return") else "")
    return keep_entry(led_to(begun.address))


@blueprint.get("/signin/callback")
def callback() -> Response:
    """The browser comes back from the wiki: whoever it vouches for is signed in, under the name they have now.

    What a member began, who lets this site edit in their name, is finished by the room of that.
    """
    provider = _provider()
    answer = request.args.to_dict()
    waiting = pending().take(provider.state_of(answer), identity().key)
    if waiting is None:
        return _form("signin/signin.html", problem="again", status=403)
    if waiting.member is not None:
        return granted(answer, waiting)
    try:
        vouched, _ = provider.granted(answer, waiting.begun, callback_address())
        arrival = accounts().members.arrive(vouched.issuer, vouched.subject, vouched.name)
    except (Forbidden, InvalidInput):
        return _form("signin/signin.html", problem="refused", status=403)
    except Unavailable:
        return _form("signin/signin.html", problem="wiki", status=503)
    for name in [*(new for _, new in arrival.renamed), arrival.member.name]:
        renamed = accounts().members.named(name)
        if renamed is not None:
            services().membership.own.follow_name(renamed)
    account = accounts().account(arrival.member.name)
    assert account is not None
    return admit(led_to(waiting.back or url_for("me.home")), account)


@blueprint.get("/register")
def registration() -> Response:
    """The form for a new account, where the operator allows it."""
    _check_open()
    if identity().account is not None:
        return led_to(_onward())
    return _form("signin/register.html")


@blueprint.post("/register")
def register() -> Response:
    """Makes an account and begins its session."""
    _check_open()
    name, password = request.form.get("name", ""), request.form.get("password", "")
    if not entry_is_meant():
        return _form("signin/register.html", problem="again", status=403)
    if not SHORTEST_PASSWORD <= len(password) <= _LONGEST_PASSWORD:
        return _form("signin/register.html", problem="short", status=400)
    if password != request.form.get("again", ""):
        return _form("signin/register.html", problem="differs", status=400)
    try:
        name = chosen_name(name)
    except InvalidInput:
        return _form("signin/register.html", problem="name", status=400)
    if _is_somebody(name):
        return _form("signin/register.html", problem="taken", status=409)
    if not _new_accounts().admits(address()):
        return _form("signin/register.html", problem="often", status=429)
    try:
        account = accounts().add(name, password, self_made=True)
    except Conflict:
        return _form("signin/register.html", problem="taken", status=409)
    return admit(led_to(_onward()), account)


@blueprint.post("/signout")
def leave() -> Response:
    """Ends the session; a form of another site cannot."""
    back = led_to(url_for("search.home"))
    return dismiss(back) if form_is_meant(request.form.get("token", "")) else back


def _provider() -> Provider:
    settings = services().settings
    if settings.sign_in is None:
        raise NotFound("no wiki is named to sign in with")
    return provider_of(settings.sign_in, user_agent=settings.user_agent(services().namespaces.site))


def _form(template: str, *, problem: str | None = None, status: int = 200) -> Response:
    wiki = services().settings.sign_in
    values: dict[str, Any] = {
        "token": entry_token(),
        "name": request.form.get("name", "")[:100],
        "back": request.values.get("return", ""),
        "problem": problem,
        "shortest": SHORTEST_PASSWORD,
        "wiki": urlsplit(wiki.url).hostname if wiki else None,
        "may_register": services().settings.registration,
    }
    response = keep_entry(make_response(render_template(template, **values), status))
    if status == 429:
        response.headers["Retry-After"] = str(ATTEMPT_SECONDS)
    return response


def _check_open() -> None:
    if not services().settings.registration:
        raise NotFound(told("refused-registration"))


def _is_somebody(name: str) -> bool:
    """Whether the name is an account's, was one's, or is that of a person or an organization in the graph.

    Nobody shall pose as one of them; the operator may make the account (``capx account add``).
    """
    if accounts().account(name) is not None or accounts().members.formerly(name) is not None:
        return True
    if services().profiles.is_account_of_organization(name):
        return True
    try:
        services().profiles.person(name, reader=reader().chain)
    except NotFound:
        return False
    return True


def _onward() -> str:
    asked = request.values.get("return")
    return local_path(asked) if asked else url_for("me.home")
