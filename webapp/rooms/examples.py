"""The gallery of questions: all of them by topic, and each with a form for its parameters and its answer.

Nobody needs to read SPARQL here. With scripts the answer is drawn where the reader is; without them the form asks the
server for a table (``answer=1``).
"""

from __future__ import annotations

from collections.abc import Mapping
from itertools import groupby

from flask import Blueprint, Response, make_response, render_template, request

from capx_graph.errors import InvalidParameter
from capx_graph.queries import Query
from capx_graph.queryhelp.gallery import example, examples
from webapp.needs import services
from webapp.request.reader import reader
from webapp.sparql.editor import script_settings
from webapp.sparql.exampletexts import ExampleView
from webapp.sparql.results import answered
from webapp.sparql.views import VIEWS, view_of

blueprint = Blueprint("examples", __name__)


@blueprint.get("/query/examples")
def gallery() -> Response:
    """All questions; ``q`` narrows them to those that hold its words."""
    words = request.args.get("q", "").casefold().split()
    views = [ExampleView.of(one) for one in examples()]
    found = [view for view in views if all(word in view.search for word in words)]
    topics = [(topic, list(group)) for topic, group in groupby(found, key=lambda view: view.topic)]
    page = render_template("query/examples.html", topics=topics, found=len(found), asked=request.args.get("q", ""))
    return make_response(page)


@blueprint.get("/query/examples/<name>", endpoint="example")
def one_example(name: str) -> Response:
    """One question with its form, and what it is answered."""
    view = ExampleView.of(example(name))
    given = {parameter.name: request.args.get(parameter.name, "") for parameter in view.example.parameters}
    query = view.example.query
    refusals = _refusals(query, given)
    text = query.text
    if not refusals:
        text = services().query_help.binding.bind(query, given, reader=reader().chain).text
    table, failure = (None, None)
    if not refusals and request.args.get("answer") == "1":
        table, failure = answered(text)
    page = render_template(
        "query/example.html",
        example=view,
        fields=view.fields(given),
        text=text,
        refusals=refusals,
        view=view_of(text, [request.args.get("view")]),
        views=VIEWS,
        settings=script_settings(run=not refusals),
        table=table,
        failure=failure,
    )
    return make_response(page, 400 if refusals or failure else 200)


def _refusals(query: Query, given: Mapping[str, str]) -> dict[str, InvalidParameter]:
    """What is wrong with the fields, each looked at by itself, so that all of it is told at once."""
    found = {}
    for name, value in given.items():
        try:
            services().query_help.binding.bind(query, {name: value}, reader=reader().chain)
        except InvalidParameter as error:
            found[name] = error
    return found
