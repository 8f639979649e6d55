"""The matches of a person: whom they can learn from, teach and swap with, and why; a page, and the same as data.

What comes for a person changes with the clock too, since events begin; the tag of these answers says which is next.
"""

from __future__ import annotations

from functools import partial

from flask import Blueprint, Response, jsonify, request, url_for

from capx_graph.matching import LIMIT
from webapp.errors import wants_json
from webapp.matching.answers import matches_answer
from webapp.matching.asking import MOST, asker_named
from webapp.matching.page import shown
from webapp.needs import services
from webapp.request.links import page_addresses
from webapp.request.numbers import whole
from webapp.request.reader import reader
from webapp.response.kept import keep_answers
from webapp.response.tags import kept_by_one

blueprint = Blueprint("matches", __name__)

keep_answers(blueprint, lambda: services().matching.stamp)


@blueprint.get("/person/<path:name>/matches")
def page(name: str) -> Response:
    """The matches as a page, or as data for a client that asks for JSON; ``list`` opens one list alone."""
    if wants_json():
        return data(name)
    asker, themselves = asker_named(name)
    now = None if themselves else services().settings.now()
    return shown(asker, partial(url_for, "matches.page", name=name), now=now)


@blueprint.get("/person/<path:name>/matches.json")
def data(name: str) -> Response:
    """The matches as data; see /help/matching."""
    limit = whole(request.args, "limit", default=LIMIT, most=MOST)
    asker, _ = asker_named(name)
    matches = services().matching.matches(asker, reader=reader().chain, limit=limit)
    return kept_by_one(jsonify(matches_answer(matches, reader().tr, address=page_addresses())))
