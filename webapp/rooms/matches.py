"""The matches of a person: whom they can learn from, teach and swap with, and why; a page, and the same as data.

What comes for a person changes with the clock too (events begin), so these answers carry no ETag of the graph.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace

from flask import Blueprint, Response, current_app, jsonify, request

from capx_graph.errors import InvalidParameter
from capx_graph.matching import LIMIT, Matches
from webapp.matchanswers import matches_answer
from webapp.needs import Services
from webapp.reader import reader

blueprint = Blueprint("matches", __name__)

MOST = 10_000
"""The longest part of a list that is given at once."""
SWITCHES: Mapping[str, bool] = {"0": False, "1": True}


def _services() -> Services:
    services: Services = current_app.extensions["capx"]
    return services


@blueprint.get("/person/<path:name>/matches.json")
def data(name: str) -> Response:
    """The matches as data; see /help/matching."""
    response = jsonify(matches_answer(_matches(name, limit=whole("limit", LIMIT)), reader().tr))
    response.headers["Cache-Control"] = "no-cache"
    response.headers["Access-Control-Allow-Origin"] = "*"
    return response


def _matches(name: str, *, limit: int) -> Matches:
    hierarchy = switched("hierarchy", default=True)
    switched(
        "saved", default=False
    )  # nothing is known of a stranger's lists; refused like any wrong value all the same
    matching = _services().matching
    asker = matching.asker(name)
    return matching.matches(replace(asker, hierarchy=hierarchy), reader=reader().chain, limit=limit)


def whole(name: str, default: int) -> int:
    """A parameter that says how many; raises InvalidParameter."""
    value = request.args.get(name, "").strip()
    if not value:
        return default
    if not (value.isascii() and value.isdecimal() and len(value) < 10) or int(value) > MOST:
        raise InvalidParameter(name, value[:40], f"must be a whole number from 0 to {MOST}")
    return int(value)


def switched(name: str, *, default: bool) -> bool:
    """A parameter that is 1 or 0; raises InvalidParameter."""
    value = request.args.get(name, "").strip()
    if value and value not in SWITCHES:
        raise InvalidParameter(name, value[:40], "must be 0 or 1")
    return SWITCHES.get(value, default)
