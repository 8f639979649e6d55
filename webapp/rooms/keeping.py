"""Keeping the directory: maintainers add, change, move, merge and retire capacities.

Each form carries the revision that it was drawn from. When somebody was faster, the form comes again with what was
typed, and beside it what the capacity is now; nothing is overwritten unseen.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

from flask import Blueprint, Response, make_response, render_template, request, url_for

from capx_graph.errors import CapxError, Conflict, InvalidInput
from capx_graph.languages import LAST_RESORT
from capx_graph.messages import told
from capx_graph.model import Decision, Receipt
from capx_graph.spelling import one_line
from capx_graph.suggestions import Suggestion
from capx_graph.taxonomy import Details, NewCapacity
from webapp.errors import status_of
from webapp.members.signingin import acting_account, asked_to_maintain, check_form, check_maintainer
from webapp.needs import services
from webapp.request.numbers import whole
from webapp.request.reader import reader
from webapp.request.visitor import form_token
from webapp.response.headers import led_to, unkept

blueprint = Blueprint("keeping", __name__)


@blueprint.get("/directory/new")
def new() -> Response:
    """The form of a new capacity, filled from a suggestion if one is named."""
    if refused := asked_to_maintain():
        return refused
    suggestion = _suggestion(request.args)
    if suggestion is None:
        return _new_form(NewCapacity({}, {}, parent=request.args.get("parent")))
    wish = suggestion.wish
    return _new_form(
        NewCapacity({wish.language: wish.label}, {wish.language: wish.description}, parent=wish.parent), suggestion
    )


@blueprint.post("/directory/new")
def add() -> Response:
    """Makes a capacity; answers the suggestion that it came from."""
    check_form()
    check_maintainer()
    given = request.form
    suggestion = _suggestion(given)
    if suggestion is not None and suggestion.state is not Decision.OPEN:
        raise Conflict(told("refused-decided"))
    own = suggestion.wish.language if suggestion else LAST_RESORT
    labels = {own: given.get("label-own", ""), LAST_RESORT: given.get("label", "")}
    descriptions = {own: given.get("description-own", ""), LAST_RESORT: given.get("description", "")}
    wanted = NewCapacity(
        labels, descriptions, given.get("parent") or None, given.get("colour", ""), given.get("wikidata", "")
    )
    work, account = services().directory_work, acting_account()
    summary = f"suggested by [[User:{suggestion.account}]]" if suggestion else ""
    try:
        receipt = work.taxonomy.add(wanted, account=account, summary=summary, reader=reader().chain)
    except InvalidInput as error:
        return _new_form(wanted, suggestion, error=error)
    if suggestion is not None:
        answer = one_line(given.get("answer", ""))[:250]
        work.suggestions.decide(
            suggestion.number, Decision.ACCEPTED, decider=account, answer=answer, item=receipt.entity_id
        )
    return _to_capacity(receipt.entity_id)


@blueprint.get("/directory/edit/<item>")
def edit(item: str) -> Response:
    """The forms of a capacity."""
    if refused := asked_to_maintain():
        return refused
    return _edit_form(item)


@blueprint.post("/directory/edit/<item>")
def change(item: str) -> Response:
    """Saves the details of a capacity, a move included."""
    given = request.form
    typed = Details(
        given.get("label", ""),
        given.get("description", ""),
        given.get("parent") or None,
        given.get("colour", ""),
        given.get("wikidata", ""),
    )
    taxonomy = services().directory_work.taxonomy
    return _done(
        item,
        lambda base: taxonomy.change(item, typed, base=base, account=acting_account(), reader=reader().chain),
        typed=typed,
    )


@blueprint.post("/directory/edit/<item>/merge")
def merge(item: str) -> Response:
    """Joins a capacity into another one."""
    target = request.form.get("target", "")
    taxonomy = services().directory_work.taxonomy
    return _done(
        item,
        lambda base: taxonomy.merge(item, target, base=base, account=acting_account(), reader=reader().chain),
    )


@blueprint.post("/directory/edit/<item>/retire")
def retire(item: str) -> Response:
    """Marks a capacity as not to be chosen any more."""
    replacement, reason = request.form.get("replacement") or None, request.form.get("reason", "")
    taxonomy = services().directory_work.taxonomy
    return _done(
        item,
        lambda base: taxonomy.retire(item, base=base, replacement=replacement, reason=reason, account=acting_account()),
    )


@blueprint.post("/directory/edit/<item>/restore")
def restore(item: str) -> Response:
    """Lets a retired capacity be chosen again."""
    taxonomy = services().directory_work.taxonomy
    return _done(item, lambda base: taxonomy.restore(item, base=base, account=acting_account()))


def _done(item: str, work: Callable[[int], Receipt], *, typed: Details | None = None) -> Response:
    """Carries out a form of a capacity and leads to its page, or shows the forms again with what is wrong."""
    check_form()
    check_maintainer()
    try:
        receipt = work(whole(request.form, "base"))
    except (Conflict, InvalidInput) as error:
        return _edit_form(item, typed=typed, error=error)
    return _to_capacity(receipt.entity_id)


def _edit_form(item: str, *, typed: Details | None = None, error: CapxError | None = None) -> Response:
    work = services().directory_work
    facts = work.taxonomy.facts(item)
    page = render_template(
        "directory/edit.html",
        **_tools(),
        facts=facts,
        ref=work.desk.ref(facts.item, reader=reader().chain),
        shown=typed or facts.details,
        conflict=isinstance(error, Conflict),
        error=error,
    )
    return unkept(make_response(page, status_of(error) if error else 200))


def _new_form(shown: NewCapacity, suggestion: Suggestion | None = None, *, error: CapxError | None = None) -> Response:
    own = suggestion.wish.language if suggestion and suggestion.wish.language != LAST_RESORT else None
    page = render_template("directory/new.html", **_tools(), shown=shown, suggestion=suggestion, own=own, error=error)
    return unkept(make_response(page, status_of(error) if error else 200))


def _suggestion(given: Mapping[str, str]) -> Suggestion | None:
    number = whole(given, "suggestion", default=0)
    return services().directory_work.suggestions.get(number) if number else None


def _tools() -> dict[str, Any]:
    choices = services().directory_work.desk.choices(reader=reader().chain)
    return {"token": form_token(), "choices": choices}


def _to_capacity(item: str) -> Response:
    return led_to(url_for("pages.capacity", name=item))
