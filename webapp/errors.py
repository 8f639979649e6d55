"""Errors as pages and as JSON: what happened, and what to mend. No traceback ever leaves the house.

The tree of errors maps to statuses once, here. JSON is answered where the address ends in ``.json`` or the client
asks for it.
"""

from __future__ import annotations

from math import ceil

from flask import Flask, Response, current_app, jsonify, make_response, render_template, request
from werkzeug.exceptions import HTTPException

from capx_graph.errors import (
    AllowanceSpent,
    CapxError,
    Conflict,
    EngineSilent,
    Forbidden,
    InvalidInput,
    InvalidParameter,
    LimitExceeded,
    NotFound,
    RateLimited,
    Unavailable,
    WorkersBusy,
)
from capx_graph.instants import utc_now
from capx_graph.messages import line_of
from webapp.request.links import here
from webapp.request.reader import reader
from webapp.response.standing import instant, stand

STATUSES: tuple[tuple[type[CapxError], int], ...] = (
    (InvalidInput, 400),
    (Forbidden, 403),
    (NotFound, 404),
    (Conflict, 409),
    (RateLimited, 429),
    (AllowanceSpent, 429),
    (Unavailable, 503),
    (LimitExceeded, 504),
)
RETRY_AFTER = "30"
_PASSING = frozenset({409, 429, 500, 503, 504})
"""Statuses that the same address may not be answered with the next time."""
_LONGEST_WORDS = 100
EXPLAINED = frozenset({400, 403, 404, 405, 409, 413, 429, 500, 503})
"""Statuses with a title and an explanation in the messages; others are explained as 400 or 500."""
_EXPLAINED_AS = {504: 503}
"""What took too long is no fault that an operator finds in the log."""


def wants_json() -> bool:
    """Whether the client prefers JSON to a page."""
    if request.path.endswith(".json"):
        return True
    best = request.accept_mimetypes.best_match(["text/html", "application/json"], default="text/html")
    return best == "application/json"


def status_of(error: CapxError) -> int:
    """The status that an error is answered with."""
    return next((code for kind, code in STATUSES if isinstance(error, kind)), 500)


def _known(error: CapxError) -> Response:
    status = status_of(error)
    if status == 500:  # its page says that the operator finds it in the log
        current_app.logger.error("fault at %s", request.path, exc_info=error)
    told = status < 500 or isinstance(error, LimitExceeded | WorkersBusy)
    return _answer(status, error if told else None, retry_after=_retry_after(error))


def _http(error: HTTPException) -> Response:
    if error.code is not None and error.code < 400:
        return make_response(error.get_response())
    answer = _answer(error.code or 500, None)
    allowed = error.get_response().headers.get("Allow")
    if allowed:
        answer.headers["Allow"] = allowed
    return answer


def _unforeseen(error: Exception) -> Response:
    current_app.logger.exception("unforeseen error at %s", request.path, exc_info=error)
    return _answer(500, None)


def _answer(status: int, error: CapxError | None, *, retry_after: str = RETRY_AFTER) -> Response:
    shown = status if status in EXPLAINED else _EXPLAINED_AS.get(status, 500 if status >= 500 else 400)
    wait = retry_after if status in (429, 503) else None
    response = _json(status, shown, error) if wants_json() else _page(status, shown, error, wait)
    response.headers["Cache-Control"] = "no-store"
    if wait:
        response.headers["Retry-After"] = wait
    return response


def asking_to_wait(response: Response, error: CapxError | None) -> Response:
    """The same answer, which says when to come back where that would help."""
    if error is not None and status_of(error) in (429, 503):
        response.headers["Retry-After"] = _retry_after(error)
    return response


def _retry_after(error: CapxError) -> str:
    """Seconds to wait before asking again: as the error says, or half a minute."""
    if isinstance(error, EngineSilent | WorkersBusy | AllowanceSpent):
        return str(error.retry_after)
    if isinstance(error, RateLimited):
        return str(max(1, ceil((error.until - utc_now()).total_seconds())))
    return RETRY_AFTER


def _json(status: int, shown: int, error: CapxError | None) -> Response:
    tr = reader().tr
    body: dict[str, object] = {
        "status": status,
        "code": line_of(error).message if error else f"error-{shown}-title",
        "message": str(error) if error else tr.text(f"error-{shown}-title"),
    }
    if isinstance(error, InvalidParameter):
        body |= {"parameter": error.name, "value": error.value, "rule": error.rule}
    if status == 503 and stand().behind:
        body |= {"data_as_of": instant(stand().as_of), "silent_since": instant(stand().silent_since)}
    response = jsonify(error=body)
    response.status_code = status
    return response


def _page(status: int, shown: int, error: CapxError | None, wait: str | None) -> Response:
    """What happened and what to do: ``wait`` are the seconds after which trying again may help."""
    reads = request.method in {"GET", "HEAD"}
    wrong = error if isinstance(error, InvalidParameter) else None
    page = render_template(
        "error.html",
        status=status,
        shown=shown,
        error=None if _says_no_more(error, shown) else error,
        wrong=wrong,
        wait=int(wait) if wait else None,
        again=here(without="") if reads and status in _PASSING else None,
        without=here(without=wrong.name) if wrong and reads and wrong.name in request.args else None,
        wanted=_wanted() if status == 404 else None,
    )
    return make_response(page, status)


def _says_no_more(error: CapxError | None, shown: int) -> bool:
    """Whether the title of the page says all that there is to say."""
    return error is not None and line_of(error).message == f"error-{shown}-title"


def _wanted() -> str:
    """What somebody may have looked for at an address of ours that leads to nothing: its last part, as words."""
    last = request.path.rstrip("/").rpartition("/")[2] if request.endpoint else ""
    return last.replace("_", " ")[:_LONGEST_WORDS]


def install(app: Flask) -> None:
    """Registers the handlers."""
    app.register_error_handler(CapxError, _known)
    app.register_error_handler(HTTPException, _http)
    app.register_error_handler(Exception, _unforeseen)
