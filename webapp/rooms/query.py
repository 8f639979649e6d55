"""The query page: an editor for SPARQL, its answers as tables and charts, and the small services of the editor.

``/query?query=...`` opens a query, ``/query?open=NAME`` one of the house's own with its parameters; without JavaScript
the form is answered with a table. Queries are run by ``/sparql``; this room only shows them.
"""

from __future__ import annotations

import secrets
from collections.abc import Mapping

from flask import Blueprint, Response, current_app, jsonify, make_response, render_template, request, url_for

from capx_graph import queries
from capx_graph.errors import CapxError, InvalidParameter
from capx_graph.model import EntityKind, Ref
from capx_graph.queryhelp import Want
from capx_graph.queryhelp.gallery import examples
from webapp.assets.files import asset
from webapp.assets.palette import root_class
from webapp.request.links import entity_url
from webapp.request.reader import reader
from webapp.response.headers import POLICY
from webapp.search.parameters import given, search_request
from webapp.sparql.exampletexts import ExampleView
from webapp.sparql.querying import (
    LONGEST_QUERY,
    VIEW_NAMES,
    VIEWS,
    QueryServices,
    ResultTable,
    default_prefixes,
    endpoint,
    query_help,
    result_table,
    view_of,
)

blueprint = Blueprint("query", __name__)

PICTURES = ("https://commons.wikimedia.org", "https://upload.wikimedia.org")
"""Where pictures come from, when somebody asked for them on that very page."""

START = ("find_teachers", "gaps_bottlenecks", "places_people", "organizations_complements", "languages_spoken")
"""Examples that the empty page begins with."""

BEGINNING = "completion/start"
"""The query that the editor begins with."""

SCRIPT_MESSAGES = (
    *("rows", "milliseconds", "running", "stopped", "no-rows", "yes", "no", "failed", "not-fitting", "first-drawn"),
    *("show-more", "incomplete", "copied", "offline", "untitled", "drawing", "other", "history-empty"),
    *("pictures-show", "no-place", "sort-by"),
)
"""Messages that the scripts say themselves: ``query-NAME``."""


@blueprint.route("/query", methods=["GET", "POST"], endpoint="page")
def query_page() -> Response:
    """The editor, with the query that was handed in."""
    return page_of(_text(), title=None, run=request.values.get("run") == "1")


@blueprint.get("/query/search", endpoint="search")
def search_page() -> Response:
    """The editor, with the query that a search of the same parameters is defined by."""
    asked = given(request.args.to_dict(flat=False))
    services: QueryServices = current_app.extensions["capx"]
    return page_of(services.search.query(search_request(asked, reader().chain)), title=None, run=True)


def page_of(text: str, *, title: str | None, run: bool) -> Response:
    """The query page with a text in its editor; the server answers it where a form without scripts asks."""
    if len(text) > LONGEST_QUERY:
        raise InvalidParameter("query", text[:40] + "…", f"is longer than {LONGEST_QUERY} characters")
    nonce = secrets.token_urlsafe(16)
    table, failure = answered(text) if text.strip() and request.values.get("answer") == "1" else (None, None)
    page = render_template(
        "query.html",
        text=text,
        title=title,
        view=view_of(text, [request.values.get("view")]),
        views=VIEWS,
        start=[ExampleView.of(example) for example in examples() if example.name in START],
        settings=script_settings(nonce=nonce, run=run),
        table=table,
        failure=failure,
    )
    response = make_response(page, 400 if failure else 200)
    response.headers["Content-Security-Policy"] = _policy(nonce)
    response.headers["Cache-Control"] = "private, no-store"
    return response


def answered(text: str) -> tuple[ResultTable | None, CapxError | None]:
    """The table of a query that is run here and now, or what went wrong with it."""
    offered, chain = query_help(), reader().chain
    try:
        answer = endpoint().results_json(text, reader=chain, client=request.remote_addr or "")
        table = result_table(answer, namespaces=offered.namespaces, meanings=offered.meanings, reader=chain)
        return table, None
    except CapxError as error:
        return None, error


def script_settings(*, nonce: str = "", run: bool = False) -> Mapping[str, object]:
    """What the scripts of a page that shows results need to know."""
    namespaces = query_help().namespaces
    tr = reader().tr
    return {
        "endpoint": f"{request.script_root}/sparql",
        "page": url_for("query.page"),
        "complete": url_for("query.complete"),
        "names": url_for("query.names"),
        "meaning": url_for("query.meaning"),
        "shorten": url_for("sharing.shorten", uselang=None),
        "embed": url_for("sharing.embed", uselang=None),
        "language": tr.tag,
        "direction": tr.direction,
        "nonce": nonce,
        "run": run,
        "pictures": request.values.get("pictures") == "commons",
        "entity": namespaces.entity,
        "local": f"{request.script_root}/entity/",
        "ontology": url_for("ontology.index", uselang=None),
        "prefixes": default_prefixes(namespaces),
        "views": VIEW_NAMES,
        "files": {
            "codemirror": asset("vendor/codemirror/codemirror.js"),
            "d3": asset("vendor/d3/d3.js"),
            "world": asset("vendor/world/world.json"),
            "icons": asset("query/icons.svg"),
        },
        "texts": {name: tr.text(f"query-{name}") for name in SCRIPT_MESSAGES},
    }


def _text() -> str:
    """The query that is asked for: its text, or a file of the house with parameters from the address."""
    if "query" in request.values:
        return request.values["query"]
    name = request.args.get("open", BEGINNING)
    query = queries.load(name)
    given = {parameter.name: request.args.getlist(parameter.name) for parameter in query.parameters}
    return query_help().binding.bind(query, given, reader=reader().chain).text


def _policy(nonce: str) -> str:
    """The site's policy, with the styles that the editor makes, and with pictures where they were asked for."""
    policy = POLICY.replace("style-src 'self'", f"style-src 'self' 'nonce-{nonce}'")
    if request.values.get("pictures") == "commons":
        policy = policy.replace("img-src 'self' data:", f"img-src 'self' data: {' '.join(PICTURES)}")
    return policy


@blueprint.get("/query/complete.json")
def complete() -> Response:
    """Completions of what is being typed; ``kind`` says what fits there."""
    asked = request.args.get("kind", "any")
    if asked not in {want.value for want in Want}:
        raise InvalidParameter("kind", asked[:40], f"must be one of {', '.join(Want)}")
    found = query_help().completions.complete(
        request.args.get("q", ""), want=Want(asked), reader=reader().chain, limit=20
    )
    return jsonify(
        completions=[
            {
                "written": one.written,
                "kind": one.kind.value,
                "label": one.label,
                "language": one.language,
                "matched": one.matched,
                "detail": one.detail,
            }
            for one in found
        ]
    )


@blueprint.get("/query/things.json")
def things() -> Response:
    """Things of one class whose names begin with ``q``, for the fields of an example."""
    asked = request.args.get("class", "")
    if asked not in set(EntityKind):
        raise InvalidParameter("class", asked[:40], f"must be one of {', '.join(EntityKind)}")
    found = query_help().completions.things(
        request.args.get("q", ""), kind=EntityKind(asked), reader=reader().chain, limit=10
    )
    return jsonify(things=[{"value": f"{ref.label} ({ref.id})", **name_json(ref)} for ref in found])


@blueprint.post("/query/names.json")
def names() -> Response:
    """The names of the terms in ``terms``, which white space separates."""
    asked = request.form.get("terms", "").split()
    found = query_help().meanings.names(asked, reader=reader().chain)
    return jsonify(names={term: name_json(ref) for term, ref in found.items()})


@blueprint.get("/query/meaning.json")
def meaning() -> Response:
    """The name and the definition of one term."""
    found = query_help().meanings.meaning(request.args.get("term", ""), reader=reader().chain)
    return jsonify(
        written=found.written,
        definition=found.definition,
        definition_language=found.definition_language,
        **name_json(found.ref),
    )


def name_json(ref: Ref) -> dict[str, object]:
    """A name, and what of the thing a chart can show: its code on a map, the colour of its root."""
    return {
        "label": ref.label,
        "language": ref.language,
        "kind": str(ref.kind) if ref.kind else None,
        "code": ref.code,
        "root": root_class(ref.colour),
        "url": entity_url(ref),
    }
