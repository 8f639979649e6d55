"""Telling the maintainers of a fault, a question, a wrong translation; without an account, kept in the private store.

A stranger's form is tied to the browser as that of signing in is. Nothing is sent to anybody: ``capx reports`` hands
out what came in.
"""

from __future__ import annotations

from flask import Blueprint, Response, make_response, render_template, request, url_for

from capx_graph.accounts import KINDS_OF_REPORT, Report
from capx_graph.errors import InvalidParameter
from webapp.members.entering import entry_is_meant, entry_token, keep_entry
from webapp.needs import accounts
from webapp.request.links import local_path
from webapp.request.pace import paced
from webapp.request.reader import reader
from webapp.request.visitor import address, identity
from webapp.response.headers import led_to

blueprint = Blueprint("reporting", __name__)

_SECONDS = 600
_BY_CLIENT, _BY_ALL = 5, 200
"""Reports in that time: of one client, of everybody together."""
_EVERYBODY = "*"


_of_one = paced(blueprint, "of_one", most=_BY_CLIENT, seconds=_SECONDS)
_of_all = paced(blueprint, "of_all", most=_BY_ALL, seconds=_SECONDS)


@blueprint.get("/report")
def form() -> Response:
    """The form; ``page`` is the path that it is about."""
    return _form(Report(KINDS_OF_REPORT[0], "", local_path(request.args.get("page"))))


@blueprint.post("/report")
def send() -> Response:
    """Keeps a report."""
    given = request.form
    typed = Report(given.get("kind", ""), given.get("said", ""), local_path(given.get("page")), reader().code)
    if not entry_is_meant():
        return _form(typed, problem="again", status=403)
    if given.get("name"):  # a field that people do not see, and programs fill in
        return led_to(url_for("reporting.form", sent="1"))
    if not _may():
        return _form(typed, problem="often", status=429)
    account = identity().account
    try:
        accounts().reports.add(typed, user_id=account.user_id if account else None)
    except InvalidParameter:
        return _form(typed, problem="report", status=400)
    return led_to(url_for("reporting.form", sent="1"))


def _may() -> bool:
    return _of_one().admits(address()) and _of_all().admits(_EVERYBODY)


def _form(typed: Report, *, problem: str | None = None, status: int = 200) -> Response:
    page = render_template(
        "service/report.html",
        kinds=KINDS_OF_REPORT,
        typed=typed,
        problem=problem,
        token=entry_token(),
        sent=request.args.get("sent") == "1",
        shortest="",
    )
    response = keep_entry(make_response(page, status))
    if status == 429:
        response.headers["Retry-After"] = str(_SECONDS)
    return response
