"""The page of somebody's matches, for the rooms that show one: everybody's and one's own."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime

from flask import Response, make_response, render_template, request

from capx_graph.errors import InvalidParameter
from capx_graph.matching import CAPACITIES, EVENTS, LISTS, Asker
from capx_graph.messages import told
from webapp.matching.asking import switched
from webapp.matching.queries import query_address
from webapp.needs import services
from webapp.request.reader import reader
from webapp.response.tags import kept_by_one

SHOWN, SHOWN_ALONE = 8, 100
"""Hits of each list on the page, and of one that is opened alone."""
ORDER = (
    *("swaps", "learn_from", "share_with", "learn_from_organizations", "share_with_organizations"),
    *("same_language", EVENTS, CAPACITIES),
)
"""The lists in the order of the page: what serves both sides first."""


def shown(asker: Asker, address: Callable[..., str], *, now: datetime | None) -> Response:
    """The page of somebody's matches, whose address it knows; ``now`` lets its lists open their queries, None does not:
    a query would hold what only its owner may know.
    """
    alone = request.args.get("list", "")
    if alone and alone not in LISTS:
        raise InvalidParameter("list", alone[:40], told("mend-one-of", ", ".join(ORDER)))
    lists = (alone,) if alone else ORDER
    with_saved = int(now is None and switched("saved", default=False))
    limit = SHOWN_ALONE if alone else SHOWN
    matches = services().matching.matches(asker, reader=reader().chain, limit=limit)
    return kept_by_one(
        make_response(
            render_template(
                "matching/matches.html",
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
