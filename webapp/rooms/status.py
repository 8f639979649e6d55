"""How the service does: a page, data, and what Prometheus scrapes. Everybody may read it, so it names nobody."""

from __future__ import annotations

from flask import Blueprint, Response, jsonify, make_response, render_template

from capx_graph.status import CONTENT_TYPE, Status, exposition
from webapp.errors import wants_json
from webapp.needs import services
from webapp.response.headers import for_everybody, unkept

blueprint = Blueprint("status", __name__)

blueprint.after_request(unkept)  # what is kept would tell of another moment


def _status() -> Status:
    return services().status.status()


@blueprint.get("/status")
def page() -> Response:
    """The state of the service."""
    if wants_json():
        return data()
    return make_response(render_template("service/status.html", status=_status()))


@blueprint.get("/status.json")
def data() -> Response:
    """The same as data; 200 whatever the state, because the question was answered."""
    return for_everybody(jsonify(_status().as_json()))


@blueprint.get("/metrics")
def metrics() -> Response:
    """The same for Prometheus."""
    return Response(exposition(_status()), content_type=CONTENT_TYPE)
