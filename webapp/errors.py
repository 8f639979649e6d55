"""Errors as pages and as JSON: what happened, and what to mend. No traceback ever leaves the house.

The tree of errors maps to statuses and codes once, here. JSON is answered where the address ends in ``.json`` or the
client asks for it; its ``code`` never changes, its ``message`` is English whoever reads, and ``said`` is the reader's.
"""

from __future__ import annotations

import re
from math import ceil

from flask import Flask, Response, current_app, jsonify, make_response, render_template, request
from werkzeug.exceptions import HTTPException

from capx_graph import languages
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
    ShapeViolation,
    Unavailable,
    WorkersBusy,
)
from capx_graph.instants import utc_now
from capx_graph.messages import Translator, line_of
from capx_graph.messages.told import SAID
from webapp.needs import messages
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
CODES = {kind: re.sub(r"(?<!^)(?=[A-Z])", "-", kind.__name__).lower() for kind in SAID}
"""The code of an error of each class, for programs: ``invalid-parameter``. The description of the API lists them."""
CODES_OF_STATUSES = {
    400: "bad-request",
    401: "unauthorized",
    403: "forbidden",
    404: "not-found",
    405: "method-not-allowed",
    406: "not-acceptable",
    409: "conflict",
    413: "too-large",
    415: "unsupported-media-type",
    429: "rate-limited",
    500: "internal-error",
    503: "unavailable",
}
"""The code of what HTTP refuses by itself, and of every fault of ours; other statuses have that of 400 or 500."""
RETRY_AFTER = "30"
_PASSING = frozenset({409, 429, 500, 503, 504})
"""Statuses that the same address may not be answered with the next time."""
_LONGEST_WORDS = 100
_LONGEST_VALUE = 60
EXPLAINED = frozenset({400, 403, 404, 405, 409, 413, 429, 500, 503})
"""Statuses with a title and an explanation in the messages; others are explained as 400 or 500. What is wrong with a
form that was sent is explained as ``form``: its address is right."""
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
    return _answer(status, error, retry_after=_retry_after(error))


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
    wait = retry_after if status in (429, 503) else None
    response = _json(status, error) if wants_json() else _page(status, _told_of(status, error), wait)
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


def refusal(status: int, error: CapxError | None, *, tr: Translator | None = None) -> dict[str, object]:
    """What programs are told, ``error`` of an answer; ``said`` is in the language of ``tr``, or else the reader's."""
    told = _told_of(status, error)
    body: dict[str, object] = {
        "status": status,
        "code": _code(status, error),
        "message": _message(told, _shown(status, told)),
        "said": _said(told, _shown(status, told), tr or reader().tr),
    }
    if isinstance(told, InvalidParameter):
        body |= {"parameter": told.name, "value": told.value, "rule": str(told.rule)}
    return body


def _told_of(status: int, error: CapxError | None) -> CapxError | None:
    """The error where its own words are for everybody; not what an engine or our own fault has to say."""
    return error if status < 500 or isinstance(error, LimitExceeded | WorkersBusy) else None


def _code(status: int, error: CapxError | None) -> str:
    if error is not None and status != 500:
        return next(CODES[kind] for kind in type(error).__mro__ if kind in CODES)
    return CODES_OF_STATUSES.get(status) or CODES_OF_STATUSES[500 if status >= 500 else 400]


def _message(told: CapxError | None, shown: str) -> str:
    if isinstance(told, ShapeViolation):  # its own words are the reader's
        return line_of(told)
    return str(told) if told else messages().translator(languages.LAST_RESORT).text(f"error-{shown}-title")


def _said(told: CapxError | None, shown: str, tr: Translator) -> str:
    if told is None:
        return tr.text(f"error-{shown}-title")
    if isinstance(told, ShapeViolation):
        return str(told)
    line = line_of(told).within(tr)
    if isinstance(told, InvalidParameter):
        return f"{tr.text('error-parameter', told.name, str(told.value)[:_LONGEST_VALUE])} {line}"
    return line


def _shown(status: int, told: CapxError | None) -> str:
    """By which name the messages explain it."""
    if status == 400 and request.method == "POST":
        in_address = isinstance(told, InvalidParameter) and told.name in request.args
        return "400" if in_address else "form"
    return str(status if status in EXPLAINED else _EXPLAINED_AS.get(status, 500 if status >= 500 else 400))


def _json(status: int, error: CapxError | None) -> Response:
    body = refusal(status, error)
    if status == 503 and stand().behind:
        body |= {"data_as_of": instant(stand().as_of), "silent_since": instant(stand().silent_since)}
    response = jsonify(error=body)
    response.status_code = status
    return response


def _page(status: int, error: CapxError | None, wait: str | None) -> Response:
    """What happened and what to do: ``wait`` are the seconds after which trying again may help."""
    shown = _shown(status, error)
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
        wanted=_wanted() if status == 404 and reads else None,
    )
    return make_response(page, status)


def _says_no_more(error: CapxError | None, shown: str) -> bool:
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
