"""Dumps for download: what there is (as a page, as JSON, as DCAT), and the files themselves, whole or in ranges."""

from __future__ import annotations

from dataclasses import asdict

from flask import (
    Blueprint,
    Response,
    current_app,
    jsonify,
    make_response,
    redirect,
    render_template,
    send_file,
    url_for,
)

from capx_graph.dumps import CHECKSUMS
from capx_graph.instants import stamp
from capx_graph.namespaces import CC0
from webapp.errors import wants_json
from webapp.needs import services
from webapp.request.absolute import absolute_url
from webapp.response.headers import for_everybody

blueprint = Blueprint("dumps", __name__)


@blueprint.get("/dumps/")
def index() -> Response:
    """All publications, newest first."""
    if wants_json():
        return listing()
    return make_response(render_template("service/dumps.html", publications=services().dumps.publications()))


@blueprint.get("/dumps/index.json")
def listing() -> Response:
    """The same as data."""
    base = services().namespaces.site
    return jsonify(
        license=CC0,
        dumps=[
            {
                "date": stamp(one.at),
                "files": [
                    asdict(file)
                    | {"url": absolute_url("dumps.file", base=base, publication=one.name, name=file.name, uselang=None)}
                    for file in one.files
                ],
            }
            for one in services().dumps.publications()
        ],
    )


@blueprint.get("/dumps/dcat.ttl")
def description() -> Response:
    """The newest publication in DCAT."""
    response = make_response(services().dumps.describe(services().namespaces, title=services().settings.site_name))
    response.content_type = "text/turtle; charset=utf-8"
    return response


@blueprint.get("/dumps/latest/<name>")
def latest(name: str) -> Response:
    """Leads to the file of the newest publication."""
    found = services().dumps.file("latest", name)
    address = url_for("dumps.file", publication=found.parent.name, name=name, uselang=None)
    return current_app.make_response(redirect(address, 302))


@blueprint.get("/dumps/<publication>/<name>")
def file(publication: str, name: str) -> Response:
    """A file; it never changes, but goes when somebody who is in it leaves, and no cache shall keep it then."""
    found = services().dumps.file(publication, name)
    mimetype = "text/plain" if name == CHECKSUMS else "application/gzip"
    return send_file(found, mimetype=mimetype, as_attachment=True, conditional=True)


blueprint.after_request(for_everybody)
