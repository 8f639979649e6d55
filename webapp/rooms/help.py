"""What this is, how to search it and how to program against it; tables are drawn from the lists that parse."""

from __future__ import annotations

from flask import Blueprint, Response, jsonify, make_response, render_template, request

from capx_graph.matching import LIMIT, WEIGHTS
from webapp.api import LABELS, OPERATIONS, dialect, document, meaning
from webapp.matching import answers as matchanswers
from webapp.matching.asking import MOST
from webapp.needs import services
from webapp.request.reader import reader
from webapp.response.headers import for_everybody
from webapp.search.answers import EXAMPLE, FIELDS
from webapp.search.parameters import PARAMETERS

blueprint = Blueprint("help", __name__)


@blueprint.get("/about")
def about() -> Response:
    """What this site is, whose the data are, where the program's source is."""
    return make_response(render_template("help/about.html", roots=services().profiles.directory(reader=reader().chain)))


@blueprint.get("/help")
def start() -> Response:
    """How to find somebody, read a match and ask the graph, each with a picture."""
    roots = services().profiles.directory(reader=reader().chain)
    return make_response(render_template("help/start.html", roots=roots))


@blueprint.get("/privacy")
def privacy() -> Response:
    """What is public, what is kept, how to take it back."""
    return make_response(render_template("help/privacy.html"))


@blueprint.get("/help/search")
def search() -> Response:
    """How to search, by hand and by program."""
    return make_response(
        render_template("help/search.html", parameters=PARAMETERS, answer_fields=FIELDS, example=EXAMPLE)
    )


@blueprint.get("/help/matching")
def matching() -> Response:
    """How matches are found and ordered, and their data."""
    return make_response(
        render_template(
            "help/matching.html",
            weights=WEIGHTS,
            most=MOST,
            default=LIMIT,
            fields=matchanswers.FIELDS,
            example=matchanswers.EXAMPLE,
        )
    )


@blueprint.get("/help/api")
def api() -> Response:
    """The addresses for programs, each with its parameters and an example."""
    return make_response(
        render_template("help/api.html", operations=OPERATIONS, meaning=meaning, root=request.script_root)
    )


@blueprint.get("/help/sparql")
def sparql() -> Response:
    """What the endpoint understands and takes."""
    return make_response(render_template("help/sparql.html", dialect=dialect(), labels=LABELS))


@blueprint.get("/openapi.json")
def description() -> Response:
    """The same in the form of OpenAPI."""
    server = request.script_root or "/"
    return for_everybody(jsonify(document(reader().tr, title=services().settings.site_name, server=server)))
