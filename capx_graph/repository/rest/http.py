"""What goes in and out of the Wikibase REST API, and its conditional requests; imported by the rest rooms and the app.

An entity's revision is its entity tag. ``RestRequest.identity`` is who asks; the app must not let a cookie alone
stand for somebody in a write (another site could send it), so it passes a visitor then.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime
from email.utils import format_datetime, parsedate_to_datetime
from typing import Any

from capx_graph.repository.compact import json_bytes
from capx_graph.repository.entitydata import HttpAnswer
from capx_graph.repository.identity import Identity
from capx_graph.repository.rest.errors import RestError

READS = ("GET", "HEAD")
_TAG = re.compile(r'(?:W/)?"([^"]*)"|\*')


@dataclass(frozen=True, slots=True)
class RestRequest:
    """``path`` is what follows ``/w/rest.php``, decoded; the names of ``headers`` are in lower case."""

    method: str
    path: str
    identity: Identity
    query: Mapping[str, str] = field(default_factory=dict)
    headers: Mapping[str, str] = field(default_factory=dict)
    body: bytes = b""


@dataclass(frozen=True, slots=True)
class State:
    """The revision that an answer is about."""

    revision_id: int
    modified: datetime


@dataclass(frozen=True, slots=True)
class RestResult:
    """What a handler answers: JSON content, and the revision it shows."""

    content: Any
    state: State | None = None
    status: int = 200
    headers: tuple[tuple[str, str], ...] = ()


class BareStatus(Exception):
    """An answer of nothing but a status: 304 or 412, or a redirect with its ``location``."""

    def __init__(self, status: int, state: State | None = None, location: str | None = None) -> None:
        super().__init__(str(status))
        self.status = status
        self.state = state
        self.location = location


def check_conditions(request: RestRequest, state: State) -> None:
    """Raises BareStatus where the client asked only for another state than this one."""
    if_match = _tags(request, "if-match")
    if if_match is not None and not _names(if_match, state):
        raise BareStatus(412)
    unmodified = _date(request, "if-unmodified-since")
    if if_match is None and unmodified is not None and _second(state.modified) > unmodified:
        raise BareStatus(412)
    none_match = _tags(request, "if-none-match")
    if none_match is not None:
        if _names(none_match, state):
            raise BareStatus(304, state) if request.method in READS else BareStatus(412)
        return
    since = _date(request, "if-modified-since")
    if since is not None and request.method in READS and _second(state.modified) <= since:
        raise BareStatus(304, state)


def _tags(request: RestRequest, name: str) -> set[str] | None:
    """The entity tags of a header, ``*`` among them as it is; None without a header that has any."""
    text = request.headers.get(name)
    if text is None:
        return None
    found = {match[1] if match[1] is not None else "*" for match in _TAG.finditer(text)}
    return found or None


def _names(tags: set[str], state: State) -> bool:
    return "*" in tags or str(state.revision_id) in tags


def _date(request: RestRequest, name: str) -> datetime | None:
    text = request.headers.get(name)
    if not text:
        return None
    try:
        found = parsedate_to_datetime(text)
    except ValueError:
        return None
    return found.replace(tzinfo=found.tzinfo or UTC)


def _second(moment: datetime) -> datetime:
    return moment.replace(microsecond=0)


def answer_of(result: RestResult, identity: Identity) -> HttpAnswer:
    """The answer that carries a result."""
    headers = (("Content-Type", "application/json"), *_state_headers(result.state), *result.headers, *_user(identity))
    return HttpAnswer(result.status, headers, json_bytes(result.content))


def answer_of_error(error: RestError, identity: Identity) -> HttpAnswer:
    """The answer that carries an error."""
    headers = (("Content-Type", "application/json"), ("Content-Language", "en"), *_user(identity))
    return HttpAnswer(error.status, headers, json_bytes(error.body()))


def answer_of_status(status: BareStatus) -> HttpAnswer:
    """An answer without a body."""
    etag = (("ETag", f'"{status.state.revision_id}"'),) if status.state else ()
    location = (("Location", status.location),) if status.location else ()
    return HttpAnswer(status.status, (*etag, *location))


def framework_error(status: int, key: str, text: str, *headers: tuple[str, str]) -> HttpAnswer:
    """An error of the framework below the API: no such route, no JSON."""
    reasons = {400: "Bad Request", 404: "Not Found", 405: "Method Not Allowed", 415: "Unsupported Media Type"}
    content = {
        "errorKey": key,
        "messageTranslations": {"en": text},
        "httpCode": status,
        "httpReason": reasons[status],
    }
    return HttpAnswer(status, (("Content-Type", "application/json"), *headers), json_bytes(content))


def _state_headers(state: State | None) -> tuple[tuple[str, str], ...]:
    if state is None:
        return ()
    modified = format_datetime(state.modified.astimezone(UTC), usegmt=True)
    return (("ETag", f'"{state.revision_id}"'), ("Last-Modified", modified))


def _user(identity: Identity) -> tuple[tuple[str, str], ...]:
    return (("X-Authenticated-User", identity.account.name),) if identity.account else ()
