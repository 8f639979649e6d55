"""The analytics: a page of panels, each panel alone, and the same as JSON, CSV and SVG.

What is shown depends on the graph, the day and the last checkup; an answer that the browser has already is 304.
"""

from __future__ import annotations

from collections.abc import Sequence

from flask import Blueprint, Response, jsonify, make_response, render_template, request

from capx_graph.analytics import PanelAnswer, PanelRequest
from capx_graph.errors import NotFound
from capx_graph.model import Ref
from webapp.analytics.answers import FEW, NAMES, panel_csv, panel_json, panel_request
from webapp.analytics.charts.svg import Side, standing_alone
from webapp.analytics.panelcharts import Drawing
from webapp.analytics.panelviews import DRAWN, Choice, PanelView, as_of, into, label, lines_with, panel_url, panel_view
from webapp.needs import services
from webapp.request.reader import reader
from webapp.response.kept import keep_answers

blueprint = Blueprint("analytics", __name__)

DIRECTORY = "directory"
MOST_CHOICES = 40
ALONE = 500
"""Rows of a table on the page of one panel."""


@blueprint.app_template_global("panel_label")
def panel_label(name: str, ref: Ref) -> str:
    """What a part of a row's key is called."""
    return label(name, ref, reader().tr)


@blueprint.app_template_global("panel_now")
def panel_now() -> str:
    """The moment at which the numbers of a page are counted."""
    return _now()


keep_answers(blueprint, lambda: services().analytics.stamp)


@blueprint.get("/analytics", endpoint="page")
def all_panels() -> Response:
    """Every panel with its drawing and the first of its numbers."""
    return _page(views=[_view(name, limit=FEW) for name in NAMES], rows=DRAWN)


@blueprint.get("/analytics/<name>", endpoint="panel_page")
def one_panel(name: str) -> Response:
    """One panel alone, with what may be chosen and more of its numbers."""
    return _page(alone=_view(name, limit=FEW), rows=ALONE)


def _page(*, rows: int, views: Sequence[PanelView] = (), alone: PanelView | None = None) -> Response:
    smallest = services().settings.smallest_cell
    page = render_template("analytics/analytics.html", views=views, alone=alone, rows=rows, smallest=smallest)
    return make_response(page)


def _view(name: str, *, limit: int) -> PanelView:
    answer = _answer(name, limit=limit)
    return panel_view(answer, reader().tr, drawing=Drawing(reader().tr).draw(answer), choices=_choices(answer))


def _answer(name: str, *, limit: int | None) -> PanelAnswer:
    return services().analytics.panel(panel_request(name, request.args, reader().chain, limit=limit))


def _choices(answer: PanelAnswer) -> list[Choice]:
    """Ways on from a panel: out of what was chosen, into parts of a capacity, to the speakers of a language."""
    found = [_without(answer, name) for name in answer.chosen]
    for name, panel in (("capacity", "capacities"), ("language", "languages")):
        if name in answer.panel.parameters and name not in answer.panel.keys and name not in answer.chosen:
            others = services().analytics.panel(PanelRequest(panel, reader=reader().chain, limit=FEW))
            found += into(answer, name, lines_with(others, None)[:MOST_CHOICES])
    return found


def _without(answer: PanelAnswer, name: str) -> Choice:
    text = f"{answer.chosen[name].label} ×"
    return Choice(text, panel_url(answer, **{name: None}), current=True)


@blueprint.get("/analytics/<name>.svg", endpoint="panel_picture")
def panel_picture(name: str) -> Response:
    """The drawing of a panel as a file; ``directory`` is the tree of capacities."""
    tr = reader().tr
    answer = _answer("capacities" if name == DIRECTORY else name, limit=FEW)
    chart = Drawing(tr).directory(answer) if name == DIRECTORY else Drawing(tr).draw(answer)
    if chart is None:
        raise NotFound(f"there is nothing to draw in {name}")
    title = " – ".join([tr.text(f"analytics-{name}-title"), *(ref.label for ref in answer.chosen.values())])
    note = as_of(answer, tr, _now())
    response = make_response(standing_alone(chart, width=720, title=title, note=note, side=Side(tr.direction == "rtl")))
    response.content_type = "image/svg+xml; charset=utf-8"
    response.headers["Content-Disposition"] = f'inline; filename="{name}.svg"'
    return response


@blueprint.get("/analytics.json")
def data() -> Response:
    """All panels; ``capacity``, ``territory`` and ``language`` narrow those that have them, ``limit`` bounds each."""
    tr, panels = reader().tr, {}
    version = 0
    for name in NAMES:
        answer = _answer(name, limit=FEW)
        panels[name] = panel_json(answer, tr)
        version = max(version, answer.version)
    return jsonify(version=version, date=_now(), panels=panels)


@blueprint.get("/analytics/<name>.json", endpoint="panel_data")
def panel_data(name: str) -> Response:
    """One panel."""
    answer = _answer(name, limit=FEW)
    return jsonify(version=answer.version, date=_now(), panels={name: panel_json(answer, reader().tr)})


@blueprint.get("/analytics/<name>.csv", endpoint="panel_table")
def panel_table(name: str) -> Response:
    """One panel as CSV, whole unless ``limit`` is given."""
    answer = _answer(name, limit=None)
    response = make_response(panel_csv(answer))
    response.content_type = "text/csv; charset=utf-8; header=present"
    response.headers["Content-Disposition"] = f'attachment; filename="{answer.panel.name}.csv"'
    return response


def _now() -> str:
    return services().settings.now().isoformat(timespec="seconds")
