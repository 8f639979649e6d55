"""The views of a result, by the names of the Wikidata Query Service too (``#defaultView:BarChart``).

One that is not drawn here falls back to the nearest that is.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping

VIEWS = (
    "table",
    "bar",
    "line",
    "area",
    "pie",
    "scatter",
    "bubble",
    "treemap",
    "map",
    "graph",
    "tree",
    "timeline",
    "images",
)
"""In the order of the switch."""

_OTHER_NAMES = {
    "barchart": "bar",
    "histogram": "bar",
    "polestar": "bar",
    "linechart": "line",
    "areachart": "area",
    "piechart": "pie",
    "scatterchart": "scatter",
    "dimensions": "scatter",
    "multidimensional": "scatter",
    "bubblechart": "bubble",
    "mapregions": "map",
    "graphbuilder": "graph",
    "imagegrid": "images",
}
VIEW_NAMES: Mapping[str, str] = {view: view for view in VIEWS} | _OTHER_NAMES
"""Every name of a view, in lower case, to the view."""

_TITLE = re.compile(r"(?im)^[ \t]*#[ \t]*title:[ \t]*(\S.*)$")
_VIEW = re.compile(r"(?im)^\s*#\s*(?:defaultView\s*:|view:)\s*([a-z]+)")


def title_of(text: str) -> str | None:
    """What the query's own comment calls it, for the title of a page."""
    found = _TITLE.search(text)
    return found[1].strip()[:100] if found else None


def view_of(text: str, chosen: Iterable[str | None] = ()) -> str:
    """The view that was chosen, else the one that the query's own comment asks for, else the table."""
    found = _VIEW.search(text)
    for name in (*chosen, found[1] if found else None):
        if name and name.lower() in VIEW_NAMES:
            return VIEW_NAMES[name.lower()]
    return "table"
