"""What this is, and how to search it; the table of parameters is drawn from the list that parses them."""

from __future__ import annotations

from flask import Blueprint, Response, current_app, make_response, render_template

from capx_graph.matching import LIMIT, WEIGHTS
from webapp import matchanswers
from webapp.answers import EXAMPLE, FIELDS
from webapp.needs import Services
from webapp.parameters import PARAMETERS
from webapp.reader import reader
from webapp.rooms.matches import MOST

blueprint = Blueprint("help", __name__)


@blueprint.get("/about")
def about() -> Response:
    """What this site is, whose the data are, where the program's source is."""
    services: Services = current_app.extensions["capx"]
    return make_response(render_template("about.html", roots=services.profiles.directory(reader=reader().chain)))


@blueprint.get("/help/search")
def search() -> Response:
    """How to search, by hand and by program."""
    return make_response(render_template("help.html", parameters=PARAMETERS, answer_fields=FIELDS, example=EXAMPLE))


@blueprint.get("/help/matching")
def matching() -> Response:
    """How matches are found and ordered, and their data."""
    return make_response(
        render_template(
            "help-matching.html",
            weights=WEIGHTS,
            most=MOST,
            default=LIMIT,
            fields=matchanswers.FIELDS,
            example=matchanswers.EXAMPLE,
        )
    )
