"""The query page: an editor for SPARQL, its answers as tables and charts, and the small services of the editor.

``/query?query=...`` opens a query, ``/query?open=NAME`` one of the house's own with its parameters; without JavaScript
the form is answered with a table. Queries are run by ``/sparql``; this room only shows them.
"""

from __future__ import annotations

from flask import Blueprint, Response, jsonify, request

from capx_graph import queries
from capx_graph.errors import InvalidParameter
from capx_graph.messages import told
from capx_graph.model import EntityKind, Ref
from capx_graph.queryhelp import Want
from webapp.assets.palette import root_class
from webapp.needs import services
from webapp.request.links import entity_url
from webapp.request.reader import reader
from webapp.search.parameters import given, search_request
from webapp.sparql.editor import page_of

blueprint = Blueprint("query", __name__)

BEGINNING = "completion/start"
"""The query that the editor begins with."""


@blueprint.route("/query", methods=["GET", "POST"], endpoint="page")
def query_page() -> Response:
    """The editor, with the query that was handed in."""
    return page_of(_text(), run=request.values.get("run") == "1")


@blueprint.get("/query/search", endpoint="search")
def search_page() -> Response:
    """The editor, with the query that a search of the same parameters is defined by."""
    asked = given(request.args.to_dict(flat=False))
    return page_of(services().search.query(search_request(asked, reader().chain)), run=True)


def _text() -> str:
    """The query that is asked for: its text, or a file of the house with parameters from the address."""
    if "query" in request.values:
        return request.values["query"]
    name = request.args.get("open", BEGINNING)
    query = queries.load(name)
    values = {parameter.name: request.args.getlist(parameter.name) for parameter in query.parameters}
    return services().query_help.binding.bind(query, values, reader=reader().chain).text


@blueprint.get("/query/complete.json")
def complete() -> Response:
    """Completions of what is being typed; ``kind`` says what fits there."""
    asked = request.args.get("kind", "any")
    if asked not in {want.value for want in Want}:
        raise InvalidParameter("kind", asked[:40], told("mend-one-of", ", ".join(Want)))
    found = services().query_help.completions.complete(
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
        raise InvalidParameter("class", asked[:40], told("mend-one-of", ", ".join(EntityKind)))
    found = services().query_help.completions.things(
        request.args.get("q", ""), kind=EntityKind(asked), reader=reader().chain, limit=10
    )
    return jsonify(things=[{"value": f"{ref.label} ({ref.id})", **name_json(ref)} for ref in found])


@blueprint.post("/query/names.json")
def names() -> Response:
    """The names of the terms in ``terms``, which white space separates."""
    asked = request.form.get("terms", "").split()
    found = services().query_help.meanings.names(asked, reader=reader().chain)
    return jsonify(names={term: name_json(ref) for term, ref in found.items()})


@blueprint.get("/query/meaning.json")
def meaning() -> Response:
    """The name and the definition of one term."""
    found = services().query_help.meanings.meaning(request.args.get("term", ""), reader=reader().chain)
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
