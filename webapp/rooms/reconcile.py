"""Reconciliation of names with our entities: the W3C Entity Reconciliation API 0.2, for OpenRefine and its like.

Everything here is public and read only, so any site may ask (CORS, and JSONP for clients that know nothing better).
Errors are JSON. The language of names is the reader's: ``uselang`` in the address of the service stays in all of it.
"""

from __future__ import annotations

import json
import re
from typing import Any

from flask import Blueprint, Response, jsonify, make_response, render_template, request, url_for
from markupsafe import Markup
from werkzeug.exceptions import HTTPException

from capx_graph import __version__
from capx_graph.errors import CapxError, InvalidParameter, NotFound
from capx_graph.messages import told
from capx_graph.namespaces import CAPX
from capx_graph.reconcile import Named
from capx_graph.spelling import one_line
from webapp.api.reconciliation import (
    batch_answer,
    extension_answer,
    named_answer,
    parse_extension,
    parse_queries,
    suggested_entity,
)
from webapp.errors import refusal, status_of
from webapp.needs import services
from webapp.request.absolute import absolute, origin
from webapp.request.numbers import whole
from webapp.request.reader import reader
from webapp.response.headers import for_everybody

blueprint = Blueprint("reconcile", __name__)

LARGEST_BATCH = 1024 * 1024
PREVIEW_WIDTH, PREVIEW_HEIGHT = 420, 220
PREVIEW_POLICY = (
    "default-src 'none'; style-src 'self'; base-uri 'none'; form-action 'none'; frame-ancestors *; sandbox allow-popups"
)
"""Tools show the preview in a frame of their own; it runs nothing."""

_CALLBACK = re.compile(r"[A-Za-z_$][\w$]*(\.[A-Za-z_$][\w$]*)*", re.ASCII)
_SUGGESTED = 10
_FARTHEST = 1000
_KINDS = ("entity", "property", "type")


@blueprint.route("/reconcile", methods=["GET", "POST"], strict_slashes=False)
def service() -> Response:
    """The manifest; with ``queries`` the candidates, with ``extend`` the values of properties."""
    request.max_content_length = request.max_form_memory_size = LARGEST_BATCH
    given = request.values
    if queries := given.get("queries"):
        batch = parse_queries(queries)
        reconciler = services().reconciler
        chain = reader().chain
        return _answer(batch_answer({key: reconciler.candidates(one, reader=chain) for key, one in batch.items()}))
    if extend := given.get("extend"):
        return _answer(_extension(extend))
    if request.method == "POST":
        raise InvalidParameter("queries", None, "is missing: send queries or extend")
    return _answer(_manifest())


def _extension(text: str) -> dict[str, Any]:
    asked = parse_extension(text)
    extension = services().reconciler.extension
    chain = reader().chain
    columns = [
        extension.column(name, reader=chain, limit=limit, content=content) for name, limit, content in asked.properties
    ]
    return extension_answer(columns, extension.rows(asked.ids, columns, reader=chain))


def _manifest() -> dict[str, Any]:
    base = services().namespaces.site
    site = origin(base)
    types = services().reconciler.vocabulary.types(reader().chain, kinds_only=True)
    return {
        "versions": ["0.2"],
        "name": services().settings.site_name,
        "identifierSpace": services().namespaces.entity,
        "schemaSpace": CAPX,
        "documentation": "https://www.w3.org/community/reports/reconciliation/CG-FINAL-specs-0.2-20230410/",
        "serviceVersion": __version__,
        "logo": absolute(url_for("static", filename="logo.svg", uselang=None), base=base),
        "view": {"url": services().namespaces.entity + "{{id}}"},
        "defaultTypes": [named_answer(one) for one in types],
        "preview": {
            "url": site + _with("id", "{{id}}", url_for("reconcile.preview")),
            "width": PREVIEW_WIDTH,
            "height": PREVIEW_HEIGHT,
        },
        "suggest": {
            kind: {
                "service_url": site,
                "service_path": url_for("reconcile.suggest", kind=kind),
                "flyout_service_url": site,
                "flyout_service_path": _with("id", "${id}", url_for("reconcile.flyout", kind=kind)),
            }
            for kind in _KINDS
        },
        "extend": {
            "propose_properties": {"service_url": site, "service_path": url_for("reconcile.properties")},
            "property_settings": _PROPERTY_SETTINGS,
        },
    }


_PROPERTY_SETTINGS = [
    {
        "name": "limit",
        "label": "Limit",
        "type": "number",
        "default": 0,
        "help_text": "Maximum number of values to return per row (0 for no limit)",
    },
    {
        "name": "content",
        "label": "Content",
        "type": "select",
        "default": "entity",
        "help_text": "What to give of a value that is an entity",
        "choices": [
            {"value": "entity", "name": "Entity, reconciled"},
            {"value": "name", "name": "Name"},
            {"value": "id", "name": "Identifier"},
        ],
    },
]


def _with(name: str, template: str, path: str) -> str:
    """The path with a parameter whose value is a placeholder, which must stay as it is."""
    return f"{path}{'&' if '?' in path else '?'}{name}={template}"


@blueprint.get("/reconcile/suggest/<any(entity, property, type):kind>")
def suggest(kind: str) -> Response:
    """Entities, properties or types for the beginning of a name; ``cursor`` leaves out the first ones."""
    prefix = one_line(request.args.get("prefix", ""))[:300]
    skipped = whole(request.args, "cursor", default=0, most=_FARTHEST)
    reconciler = services().reconciler
    chain = reader().chain
    if kind == "entity":
        found = reconciler.suggest(prefix, reader=chain, offset=skipped) if prefix else ()
        return _answer({"result": [suggested_entity(one) for one in found[:_SUGGESTED]]})
    vocabulary = reconciler.vocabulary
    names = vocabulary.suggest_types(prefix, chain) if kind == "type" else vocabulary.suggest_properties(prefix, chain)
    return _answer({"result": [named_answer(one) for one in names[skipped : skipped + _SUGGESTED]]})


@blueprint.get("/reconcile/flyout/<any(entity, property, type):kind>")
def flyout(kind: str) -> Response:
    """A few words about one entity, property or type, as HTML within JSON."""
    asked = request.args.get("id", "")[:200]
    one = _named(kind, asked)
    html = Markup("<p><strong>{}</strong> <code>{}</code></p>").format(one.name, one.id)
    if one.broader:
        html += Markup("<p>{}</p>").format(", ".join(parent.name for parent in one.broader))
    if one.description:
        html += Markup("<p>{}</p>").format(one.description)
    return _answer({"id": asked, "html": str(html)})


def _named(kind: str, asked: str) -> Named:
    reconciler = services().reconciler
    vocabulary = reconciler.vocabulary
    chain = reader().chain
    if kind == "entity":
        seen = reconciler.overview(asked, reader=chain)
        return Named(seen.ref.id, seen.ref.label, seen.description, seen.types)
    if kind == "type" and (term := vocabulary.class_(asked)):
        return vocabulary.type_named(term, chain)
    if kind == "property" and (known := vocabulary.property(asked)):
        return vocabulary.property_named(known, chain)
    raise NotFound(f"there is no {kind} {asked[:40]!r}")


@blueprint.get("/reconcile/properties")
def properties() -> Response:
    """Properties that entities of ``type`` may have, to be fetched."""
    vocabulary = services().reconciler.vocabulary
    asked = request.args.get("type", "")[:200]
    limit = whole(request.args, "limit", default=100, most=_FARTHEST)
    found = vocabulary.properties(vocabulary.class_(asked), reader().chain)
    answer: dict[str, Any] = {"limit": limit, "properties": [named_answer(one) for one in found[:limit]]}
    return _answer({"type": asked, **answer} if asked else answer)


@blueprint.get("/reconcile/preview")
def preview() -> Response:
    """A small page about one entity, for a frame."""
    seen = services().reconciler.overview(request.args.get("id", "")[:40], reader=reader().chain)
    address = services().namespaces.entity_iri(seen.ref.id)
    response = make_response(render_template("service/preview.html", seen=seen, address=address))
    response.headers["Content-Security-Policy"] = PREVIEW_POLICY
    return response


def _answer(content: dict[str, Any], status: int = 200) -> Response:
    callback = request.args.get("callback")
    if callback is None:
        response = jsonify(content)
        response.status_code = status
        return response
    if len(callback) > 100 or not _CALLBACK.fullmatch(callback):
        response = jsonify(error=refusal(400, InvalidParameter("callback", callback[:40], told("mend-callback"))))
        response.status_code = 400
        return response
    # The comment in front keeps the answer from being read as anything but a script.
    script = make_response(f"/**/{callback}({json.dumps(content)});")
    script.mimetype = "text/javascript"
    return script


@blueprint.errorhandler(CapxError)
def refused(error: CapxError) -> Response:
    """What is wrong, as JSON."""
    status = status_of(error)
    answer = _answer({"error": refusal(status, error)}, status)
    answer.headers["Cache-Control"] = "no-store"
    return answer


@blueprint.errorhandler(HTTPException)
def failed(error: HTTPException) -> Response:
    """What HTTP itself refuses, as JSON."""
    status = error.code or 500
    return _answer({"error": refusal(status, None)}, status)


@blueprint.after_request
def _for_everybody(response: Response) -> Response:
    """Pages of other sites may ask."""
    for_everybody(response)
    if request.method == "OPTIONS":
        response.headers["Access-Control-Allow-Methods"] = "GET, POST, OPTIONS"
        response.headers["Access-Control-Allow-Headers"] = "Content-Type, Accept, Accept-Language"
        response.headers["Access-Control-Max-Age"] = "86400"
    return response
