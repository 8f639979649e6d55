"""Modules for logging in and out: ``login`` (bot passwords), ``clientlogin``, ``logout``.

Only the table of modules imports it. The transport sets the cookie that ``Reply.session`` asks for.
"""

from __future__ import annotations

from capx_graph.repository.api.call import Call, Json, Module
from capx_graph.repository.api.errors import MAILING_LIST, ApiError
from capx_graph.repository.api.parameters import Param, flag
from capx_graph.repository.identity import Session

_WRONG = "Incorrect username or password entered. Please try again."
_OFTEN = "You have made too many recent login attempts. Please wait 10 minutes before trying again."


def _login(call: Call) -> Json:
    values = call.values
    token = values.optional("token")
    login_token = call.wiki.tokens.token("login", call.identity)
    if not token:
        call.warn(
            "deprecation", "Fetching a token via action=login is deprecated. Use action=query&meta=tokens&type=login."
        )
        call.warnings.add("main", "deprecation-help", MAILING_LIST)
        call.reply.needs_session = True
        return {"login": {"result": "NeedToken", "token": login_token}}
    if not call.wiki.tokens.matches(token, "login", call.identity):
        return {"login": {"result": "WrongToken"}}
    name, password = values.text("name"), values.text("password")
    if not call.wiki.accounts.attempts.admits(call.client, name):
        return {"login": {"result": "Failed", "reason": _OFTEN}}
    session = call.wiki.accounts.check_bot_password(name, password) if "@" in name else None
    if session is None:
        session = _main_account(call, name, password)
    if session is None:
        return {"login": {"result": "Failed", "reason": _WRONG}}
    call.wiki.accounts.attempts.succeeded(call.client, name)
    call.reply.session = call.wiki.accounts.open_session(session.account, session.rights)
    account = session.account
    return {"login": {"result": "Success", "lguserid": account.user_id, "lgusername": account.name}}


def _main_account(call: Call, name: str, password: str) -> Session | None:
    account = call.wiki.accounts.check_password(name, password)
    if account is None:
        return None
    call.warnings.add("main", "deprecation-help", MAILING_LIST)
    call.warn("deprecation", "Logging in to a main account by action=login is deprecated. Use action=clientlogin.")
    return call.wiki.accounts.whole_session(account)


def _client_login(call: Call) -> Json:
    values = call.values
    if not values.has("loginreturnurl") and not values.on("logincontinue"):
        raise call.fail("missingparam", 'At least one of "logincontinue" and "loginreturnurl" is required.')
    if not call.wiki.tokens.matches(values.text("logintoken"), "login", call.identity):
        raise ApiError("badtoken", "Invalid CSRF token.", module="clientlogin")
    name = values.text("username")
    if not call.wiki.accounts.attempts.admits(call.client, name):
        return _failed(_OFTEN, "login-throttled")
    account = call.wiki.accounts.check_password(name, values.text("password"))
    if account is None:
        return _failed(_WRONG, "wrongpassword")
    call.wiki.accounts.attempts.succeeded(call.client, name)
    call.reply.session = call.wiki.accounts.open_session(account, None)
    return {"clientlogin": {"status": "PASS", "username": account.name}}


def _failed(message: str, code: str) -> Json:
    return {"clientlogin": {"status": "FAIL", "message": message.replace(". ", ".\n"), "messagecode": code}}


def _logout(call: Call) -> Json:
    call.reply.ended = True
    return {}


MODULES = {
    "login": Module(
        _login, (Param("name"), Param("password"), Param("domain"), Param("token")), prefix="lg", posted=True
    ),
    "clientlogin": Module(
        _client_login,
        (
            Param("username"),
            Param("password"),
            Param("logintoken", required=True),
            Param("loginreturnurl"),
            Param("loginrequests", many=True),
            Param("loginmessageformat"),
            flag("loginmergerequestfields"),
            flag("loginpreservestate"),
            flag("logincontinue"),
            flag("rememberMe"),
        ),
        posted=True,
    ),
    "logout": Module(_logout, edits=True),
}
