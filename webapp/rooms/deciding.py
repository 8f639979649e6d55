"""What managers and the directory's keepers decide: proposals, who manages a record, who belongs to an organization.

The member who was asked answers here too. Every act is a form of its own; each asks the stewards whether it may.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from flask import Blueprint, Response, make_response, render_template, request, url_for

from capx_graph.errors import InvalidParameter, NotFound
from capx_graph.messages import told
from capx_graph.model import Account, EntityKind, Ref
from webapp.forms.lines import tidy
from webapp.members.signingin import check_form, for_members_themselves, own_account
from webapp.needs import accounts, services
from webapp.request.numbers import whole
from webapp.request.reader import reader
from webapp.request.visitor import form_token
from webapp.response.headers import led_to

blueprint = Blueprint("deciding", __name__)
for_members_themselves(blueprint)

_LONGEST_ANSWER = 250
_LARGEST = 10**12


@blueprint.get("/manage/<item>/people")
def people(item: str) -> Response:
    """Managers of a record, and of an organization those who belong to it."""
    return _people(item)


@blueprint.post("/manage/<item>/people")
def decide(item: str) -> Response:
    """Carries out one act: ``do`` says which, ``member`` or ``name`` about whom."""
    check_form()
    account, record = own_account(), services().stewardship.records.read(item).item
    act = _ACTS.get(request.form.get("do", ""))
    if act is None:
        raise InvalidParameter("do", request.form.get("do", "")[:40], told("mend-one-of", ", ".join(_ACTS)))
    stewards = services().stewardship.stewards
    leaving = request.form.get("do") == "remove" and request.form.get("sure") != "1"
    if leaving and stewards.decides(account, record) and stewards.is_last(record, whole(request.form, "member")):
        return _people(item, last=whole(request.form, "member"), status=409)
    try:
        act(account, record)
    except NotFound:
        return _people(item, problem=True, status=404)
    if not stewards.decides(account, record):
        return led_to(url_for("me.home"))
    return led_to(url_for("deciding.people", item=record))


@blueprint.post("/manage/<item>/answer")
def answer(item: str) -> Response:
    """A member takes up an invitation, to manage or to belong, or does not."""
    check_form()
    account = own_account()
    member = accounts().members.of(account)
    accepted = request.form.get("accept") == "1"
    if request.form.get("what") == "belong":
        affiliates = services().stewardship.affiliates
        if accepted:
            affiliates.accept(member, item, reader().chain)
        else:
            affiliates.refuse(member, item)
    elif accepted:
        services().stewardship.stewards.accept(account, item)
    else:
        services().stewardship.stewards.remove(account, item, account.user_id)
    return led_to(url_for("me.home"))


@blueprint.get("/proposals")
def waiting() -> Response:
    """What waits for this account's decision."""
    account = own_account()
    proposals = services().stewardship.proposing.waiting(account)
    managers = services().stewardship.stewards.waiting(account)
    things = [line.value for one in proposals for part in one.parts.values() for line in part.lines]
    page = render_template(
        "records/proposals.html",
        proposals=proposals,
        managers=[(one, accounts().members.by_id(one.member_id)) for one in managers],
        names=_refs([*things, *(one.item for one in managers)]),
        token=form_token(),
    )
    return make_response(page)


@blueprint.post("/proposals/<int:number>")
def settle(number: int) -> Response:
    """Confirms or declines a proposal, takes one's own back, or hides what became of it."""
    check_form()
    if number > _LARGEST:
        raise NotFound(told("refused-proposal-absent", str(number)))
    account, act = own_account(), request.form.get("do", "")
    if act in ("withdraw", "hide"):
        own = accounts().proposals
        (own.withdraw if act == "withdraw" else own.hide)(number, account.user_id)
        return led_to(url_for("me.home"))
    if act == "accept":
        services().stewardship.proposing.accept(account, number)
    elif act == "decline":
        said = tidy(request.form.get("answer", ""))[:_LONGEST_ANSWER]
        if not said:
            raise InvalidParameter("answer", "", told("refused-reason-missing"))
        services().stewardship.proposing.decline(account, number, said)
    else:
        raise InvalidParameter("do", act[:40], told("mend-one-of", "accept, decline, withdraw, hide"))
    return led_to(url_for("deciding.waiting"))


def _confirm(account: Account, item: str) -> None:
    services().stewardship.stewards.confirm(account, item, whole(request.form, "member"))


def _remove(account: Account, item: str) -> None:
    services().stewardship.stewards.remove(account, item, whole(request.form, "member"))


def _invite(account: Account, item: str) -> None:
    services().stewardship.stewards.invite(account, item, _name())


def _belongs(account: Account, item: str) -> None:
    services().stewardship.affiliates.confirm(account, item, whole(request.form, "member"))


def _belongs_not(account: Account, item: str) -> None:
    services().stewardship.affiliates.end(account, item, whole(request.form, "member"))


def _invite_to_belong(account: Account, item: str) -> None:
    services().stewardship.affiliates.invite(account, item, _name())


_ACTS: dict[str, Callable[[Account, str], None]] = {
    "confirm": _confirm,
    "remove": _remove,
    "invite": _invite,
    "belongs": _belongs,
    "belongs-not": _belongs_not,
    "invite-to-belong": _invite_to_belong,
}


def _name() -> str:
    name = tidy(request.form.get("name", ""))
    if not name or len(name) > 255:
        raise NotFound(told("refused-username-missing"))
    return name


def _people(item: str, *, status: int = 200, **more: Any) -> Response:
    account, record = own_account(), services().stewardship.records.read(item)
    managers = services().stewardship.stewards.of_item(account, record.item)
    is_group = record.kind.kind is EntityKind.ORGANIZATION
    may_edit = services().stewardship.stewards.may_edit(account, record.item)
    values: dict[str, Any] = {"last": None, "problem": False} | more
    page = render_template(
        "records/people.html",
        ref=services().membership.naming.ref(record.item, reader().chain),
        managers=[(one, accounts().members.by_id(one.member_id)) for one in managers],
        affiliates=services().stewardship.affiliates.of(account, record.item) if is_group and may_edit else None,
        may_edit=may_edit,
        own_id=account.user_id,
        typed=request.form.get("name", "")[:255],
        token=form_token(),
        **values,
    )
    return make_response(page, status)


def _refs(items: list[str]) -> dict[str, Ref]:
    found = [item for item in items if item[:1] == "Q" and item[1:].isdigit()]
    return services().membership.naming.refs(found, reader().chain)
