"""Suggesting a capacity, and what became of it; maintainers answer the suggestions that wait.

A suggestion is kept outside the wiki until a maintainer makes a capacity of it (in the room ``keeping``) or declines
it with a reason, which its suggester reads here.
"""

from __future__ import annotations

from typing import Any

from flask import Blueprint, Response, make_response, render_template, request, url_for

from capx_graph import languages
from capx_graph.errors import CapxError, InvalidInput, InvalidParameter, NotFound, RateLimited
from capx_graph.messages import told
from capx_graph.model import Decision
from capx_graph.suggestions import Wish
from capx_graph.taxonomy import tidy
from webapp.errors import asking_to_wait, status_of
from webapp.members.signingin import (
    acting_account,
    asked_to_maintain,
    asked_to_sign_in,
    check_form,
    check_form_is_meant,
    check_maintainer,
    count_edit,
)
from webapp.needs import services
from webapp.request.reader import reader
from webapp.request.visitor import form_token
from webapp.response.headers import led_to, unkept

blueprint = Blueprint("suggesting", __name__)

_DECIDED = 30
_LARGEST = 10**12


@blueprint.get("/directory/suggest")
def form() -> Response:
    """The form, and one's own suggestions."""
    return asked_to_sign_in() or _form(Wish(_language(), "", parent=request.args.get("parent")))


@blueprint.post("/directory/suggest")
def add() -> Response:
    """Keeps a suggestion."""
    check_form_is_meant()
    given = request.form
    typed = Wish(
        given.get("language", "").lower(),
        given.get("label", ""),
        given.get("description", ""),
        given.get("parent") or None,
        given.get("reason", ""),
    )
    try:
        wish = _checked(typed)
        count_edit()
        services().directory_work.suggestions.add(wish, account=acting_account())
    except (InvalidInput, RateLimited) as error:
        return _form(typed, error=error)
    return led_to(url_for("suggesting.form", sent="1"))


@blueprint.get("/directory/suggestions")
def waiting() -> Response:
    """The suggestions that wait, and those answered lately; for maintainers."""
    if refused := asked_to_maintain():
        return refused
    kept = services().directory_work.suggestions
    decided = [*kept.of_state(Decision.ACCEPTED, limit=_DECIDED), *kept.of_state(Decision.DECLINED, limit=_DECIDED)]
    newest = sorted(decided, key=lambda one: one.number, reverse=True)[:_DECIDED]
    page = render_template(
        "directory/suggestions.html", **_tools(), waiting=kept.of_state(Decision.OPEN), decided=newest
    )
    return unkept(make_response(page))


@blueprint.post("/directory/suggestions/<int:number>")
def decline(number: int) -> Response:
    """Declines a suggestion, with a reason that its suggester reads."""
    check_form()
    check_maintainer()
    if number > _LARGEST:
        raise NotFound(told("refused-suggestion-absent", str(number)))
    reason = tidy("reason", request.form.get("reason", ""))
    if not reason:
        raise InvalidParameter("reason", "", told("refused-reason-missing"))
    work = services().directory_work
    same = request.form.get("same") or None
    item = work.taxonomy.facts(same).item if same else None
    work.suggestions.decide(number, Decision.DECLINED, decider=acting_account(), answer=reason, item=item)
    return led_to(url_for("suggesting.waiting"))


def _checked(typed: Wish) -> Wish:
    """The suggestion as it is kept; raises InvalidInput."""
    work = services().directory_work
    if typed.language not in languages.term_codes():
        raise InvalidParameter("language", typed.language[:40], told("mend-language", typed.language[:40]))
    label = tidy("label", typed.label)
    if not label:
        raise InvalidParameter("label", "", told("suggest-label-missing"))
    parent = work.taxonomy.facts(typed.parent).item if typed.parent else None
    return Wish(typed.language, label, tidy("description", typed.description), parent, tidy("reason", typed.reason))


def _form(typed: Wish, *, error: CapxError | None = None) -> Response:
    own = services().directory_work.suggestions.of_account(acting_account())
    page = render_template(
        "directory/suggest.html",
        **_tools(),
        typed=typed,
        error=error,
        own=own,
        sent=request.args.get("sent") == "1",
        codes=sorted({code for code in reader().chain if code in languages.term_codes()} | {typed.language}),
    )
    return asking_to_wait(unkept(make_response(page, status_of(error) if error else 200)), error)


def _tools() -> dict[str, Any]:
    choices = services().directory_work.desk.choices(reader=reader().chain)
    return {
        "token": form_token(),
        "choices": choices,
        "refs": {ref.id: ref for ref, _ in choices},
    }


def _language() -> str:
    return next((code for code in reader().chain if code in languages.term_codes()), languages.LAST_RESORT)
