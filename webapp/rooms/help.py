"""What this is, and how to search it; the table of parameters is drawn from the list that parses them."""

from __future__ import annotations

from flask import Blueprint, Response, current_app, make_response, render_template

from webapp.answers import EXAMPLE, FIELDS
from webapp.needs import Services
from webapp.parameters import PARAMETERS
from webapp.reader import reader

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
