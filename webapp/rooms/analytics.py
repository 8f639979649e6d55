"""The analytics: a page of panels, each panel alone, and the same as JSON, CSV and SVG.

What is shown depends on the graph, the day and the last checkup; an answer that the browser has already is 304.
"""

from __future__ import annotations

import hashlib
from collections.abc import Sequence

from flask import Blueprint, Response, current_app, jsonify, make_response, render_template, request

from capx_graph.model import Ref
from webapp.analyticsanswers import FEW, NAMES, panel_csv, panel_json, panel_request
from webapp.headers import VARY, page_tag
from webapp.needs import AnalyticsServices
from webapp.panelviews import DRAWN, PanelView, label, panel_view
from webapp.reader import reader

blueprint = Blueprint("analytics", __name__)

ALONE = 500
"""Rows of a table on the page of one panel."""


@blueprint.app_template_global("panel_label")
def panel_label(name: str, ref: Ref) -> str:
    """What a part of a row's key is called."""
    return label(name, ref, reader().tr)


def _services() -> AnalyticsServices:
    services: AnalyticsServices = current_app.extensions["capx"]
    return services


@blueprint.before_request
def _unchanged() -> Response | None:
    """304 when the client has this answer already."""
    if request.if_none_match and request.if_none_match.contains_weak(_tag()):
        return make_response("", 304)
    return None


@blueprint.after_request
def _marked(response: Response) -> Response:
    if response.status_code in (200, 304):
        response.set_etag(_tag(), weak=True)
        response.vary.update(VARY)
        response.headers["Cache-Control"] = "private, no-cache"
        response.headers["Access-Control-Allow-Origin"] = "*"
    return response


def _tag() -> str:
    return hashlib.sha256(f"{page_tag()} {_services().analytics.stamp}".encode()).hexdigest()[:20]


@blueprint.get("/analytics", endpoint="page")
def all_panels() -> Response:
    """Every panel with its drawing and the first of its numbers."""
    return _page(views=[_view(name, limit=FEW) for name in NAMES], rows=DRAWN)


@blueprint.get("/analytics/<name>", endpoint="panel_page")
def one_panel(name: str) -> Response:
    """One panel alone, with what may be chosen and more of its numbers."""
    return _page(alone=_view(name, limit=FEW), rows=ALONE)


def _page(*, rows: int, views: Sequence[PanelView] = (), alone: PanelView | None = None) -> Response:
    services = _services()
    smallest = services.settings.smallest_cell
    page = render_template("analytics.html", views=views, alone=alone, rows=rows, now=_now(), smallest=smallest)
    return make_response(page)


def _view(name: str, *, limit: int) -> PanelView:
    answer = _services().analytics.panel(panel_request(name, request.args, reader().chain, limit=limit))
    return panel_view(answer, reader().tr)


@blueprint.get("/analytics.json")
def data() -> Response:
    """All panels; ``capacity``, ``territory`` and ``language`` narrow those that have them, ``limit`` bounds each."""
    tr, panels = reader().tr, {}
    version = 0
    for name in NAMES:
        answer = _services().analytics.panel(panel_request(name, request.args, reader().chain, limit=FEW))
        panels[name] = panel_json(answer, tr)
        version = max(version, answer.version)
    return jsonify(version=version, date=_now(), panels=panels)


@blueprint.get("/analytics/<name>.json", endpoint="panel_data")
def panel_data(name: str) -> Response:
    """One panel."""
    answer = _services().analytics.panel(panel_request(name, request.args, reader().chain, limit=FEW))
    return jsonify(version=answer.version, date=_now(), panels={name: panel_json(answer, reader().tr)})


@blueprint.get("/analytics/<name>.csv", endpoint="panel_table")
def panel_table(name: str) -> Response:
    """One panel as CSV, whole unless ``limit`` is given."""
    answer = _services().analytics.panel(panel_request(name, request.args, reader().chain, limit=None))
    response = make_response(panel_csv(answer))
    response.content_type = "text/csv; charset=utf-8; header=present"
    response.headers["Content-Disposition"] = f'attachment; filename="{answer.panel.name}.csv"'
    return response


def _now() -> str:
    return _services().settings.now().isoformat(timespec="seconds")
