"""The directory as a picture: boxes beside their parts, with demand and supply; the tree beneath it says the same.

A link of the picture leads to the same page a level deeper, so it needs no script.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from flask import request, url_for
from markupsafe import Markup

from capx_graph.model import Ref
from webapp.analytics.answers import MOST, panel_request
from webapp.analytics.panelcharts import Drawing
from webapp.needs import Analytics
from webapp.request.reader import reader


@dataclass(frozen=True, slots=True)
class DirectoryPicture:
    """The drawing, and the ways out of what it shows closer."""

    drawing: Markup | None
    chosen: Ref | None
    path: Sequence[Ref]


def directory_picture(analytics: Analytics) -> DirectoryPicture:
    """The picture that the address asks for; raises InvalidParameter for a capacity that is none."""
    narrowed = analytics.panel(panel_request("capacities", request.args, reader().chain, limit=MOST))
    chosen = narrowed.chosen.get("capacity")
    above: list[Ref] = []
    if chosen:
        whole = analytics.panel(panel_request("capacities", {}, reader().chain, limit=MOST))
        lines = {line.key[0].id: line for line in whole.lines}
        item = lines[chosen.id].parent if chosen.id in lines else None
        while item in lines and lines[item].key[0] not in above:
            above.insert(0, lines[item].key[0])
            item = lines[item].parent
    drawing = Drawing(reader().tr).directory(narrowed, to=lambda ref: url_for("pages.directory", capacity=ref.id))
    return DirectoryPicture(drawing, chosen, above)
