"""As of when the data of an answer stands: for the banner, the header and the JSON of whatever shows the graph."""

from __future__ import annotations

from datetime import datetime

from flask import Flask, g, request

from capx_graph.instants import stamp
from capx_graph.status import Stand
from webapp.needs import services

READERS = frozenset({"search", "pages", "matches", "analytics", "groups", "sparql", "reconcile", "identifiers"})
"""Blueprints whose answers are made of the graph, so that they say when it is behind."""
HEADER = "X-Data-As-Of"
"""Set where the data is behind, with the instant up to which everything is in it."""


def stand() -> Stand:
    """How the data stands for this request, asked once."""
    found: Stand | None = g.get("stand")
    if found is None:
        found = g.stand = services().standing.now()
    return found


def install(app: Flask) -> None:
    """Lets every page say that the data is behind; only those that show the graph do."""
    app.jinja_env.globals["data_standing"] = _shown


def _shown() -> Stand:
    blueprint = (request.endpoint or "").partition(".")[0]
    return stand() if blueprint in READERS else Stand(None, behind=False)


def instant(moment: datetime | None) -> str | None:
    """An instant as data."""
    return None if moment is None else stamp(moment)


def mark() -> str:
    """What of it shows on a page, for its ETag: nothing while the data is in step."""
    found = stand()
    return f"{instant(found.as_of)} {instant(found.silent_since)}" if found.behind else ""
