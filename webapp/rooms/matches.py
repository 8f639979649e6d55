"""The matches of a person: whom they can learn from, teach and swap with, and why; a page, and the same as data.

What comes for a person changes with the clock too, since events begin; the tag of these answers says which is next.
"""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime
from functools import partial

from flask import Blueprint, Response, current_app, jsonify, make_response, render_template, request, url_for

from capx_graph.errors import InvalidParameter
from capx_graph.matching import CAPACITIES, EVENTS, LIMIT, LISTS, Asker
from webapp.errors import wants_json
from webapp.matching.answers import matches_answer
from webapp.matching.asking import asker_named, switched
from webapp.matching.queries import query_address
from webapp.needs import Services
from webapp.request.links import page_addresses
from webapp.request.reader import reader
from webapp.response.kept import keep_answers

blueprint = Blueprint("matches", __name__)

MOST = 2_000
"""The longest part of a list that is given at once, whatever is asked: whole lists of a community of 1,000 people (the
longest has 815), while 10,000 hits of each took 2 s and 4.6 MB among 100,000. ``totals`` says how many there are."""
SHOWN, SHOWN_ALONE = 8, 100
"""Hits of each list on the page, and of one that is opened alone."""
ORDER = (
    *("swaps", "learn_from", "share_with", "learn_from_organizations", "share_with_organizations"),
    *("same_language", EVENTS, CAPACITIES),
)
"""The lists in the order of the page: what serves both sides first."""


def _services() -> Services:
    services: Services = current_app.extensions["capx"]
    return services


keep_answers(blueprint, lambda: _services().matching.stamp)


@blueprint.get("/person/<path:name>/matches")
def page(name: str) -> Response:
    """The matches as a page, or as data for a client that asks for JSON; ``list`` opens one list alone."""
    if wants_json():
        return data(name)
    asker, themselves = asker_named(name)
    now = None if themselves else _services().settings.now()
    return shown(asker, partial(url_for, "matches.page", name=name), now=now)


def shown(asker: Asker, address: Callable[..., str], *, now: datetime | None) -> Response:
    """The page of somebody's matches, whose address it knows; ``now`` lets its lists open their queries, None does not:
    a query would hold what only its owner may know.
    """
    alone = request.args.get("list", "")
    if alone and alone not in LISTS:
        raise InvalidParameter("list", alone[:40], f"must be one of {', '.join(ORDER)}")
    lists = (alone,) if alone else ORDER
    with_saved = int(now is None and switched("saved", default=False))
    limit = SHOWN_ALONE if alone else SHOWN
    matches = _services().matching.matches(asker, reader=reader().chain, limit=limit)
    return _fresh(
        make_response(
            render_template(
                "matches.html",
                matches=matches,
                address=address,
                own=now is None,
                lists=lists,
                alone=alone,
                hits={**matches.lists, EVENTS: matches.events, CAPACITIES: matches.capacities},
                queries={name: query_address(name, asker, now=now) if now else None for name in lists},
                other={"hierarchy": int(not matches.hierarchy), "list": alone or None, "saved": with_saved or None},
                with_saved=with_saved,
                left_out=len(asker.left_out),
            )
        )
    )


@blueprint.get("/person/<path:name>/matches.json")
def data(name: str) -> Response:
    """The matches as data; see /help/matching."""
    limit = whole("limit", LIMIT)
    asker, _ = asker_named(name)
    matches = _services().matching.matches(asker, reader=reader().chain, limit=limit)
    return _fresh(jsonify(matches_answer(matches, reader().tr, address=page_addresses())))


def _fresh(response: Response) -> Response:
    response.headers["Cache-Control"] = "private, no-cache"
    return response


def whole(name: str, default: int) -> int:
    """A parameter that says how many, at most ``MOST``; raises InvalidParameter."""
    value = request.args.get(name, "").strip()
    if not value:
        return default
    if not (value.isascii() and value.isdecimal() and len(value) < 10):
        raise InvalidParameter(name, value[:40], f"must be a whole number; more than {MOST} are not given")
    return min(int(value), MOST)
