"""The style sheet of the root colours: made anew when the graph changes, under an address that changes with it.

The address is the same in every language: the order of the roots is that of their items. While the graph does not
answer, pages keep the last address that was known, or one without a fingerprint.
"""

from __future__ import annotations

from dataclasses import dataclass

from flask import Flask, Response, current_app, make_response, request

from capx_graph.errors import CapxError
from capx_graph.languages import LAST_RESORT
from webapp.assets.files import KEPT_FOR_A_YEAR, fingerprint
from webapp.assets.palette import stylesheet
from webapp.needs import services

_KEPT = "capx_palette"


@dataclass(frozen=True, slots=True)
class Palette:
    """The style sheet of one version of the graph."""

    version: object
    css: str
    fingerprint: str


def palette() -> Palette:
    """The present style sheet; raises Unavailable while the graph does not answer."""
    kept: Palette | None = current_app.extensions.get(_KEPT)
    version = services().store.version
    if kept is not None and kept.version == version:
        return kept
    roots = [root.capacity for root in services().profiles.directory(reader=(LAST_RESORT,))]
    in_order = sorted(roots, key=lambda root: (len(root.id), root.id))
    css = stylesheet(root.colour or "" for root in in_order)
    found = current_app.extensions[_KEPT] = Palette(version, css, fingerprint(css.encode()))
    return found


def palette_address() -> str:
    """Where a page finds the style sheet, whatever the graph does."""
    try:
        known: Palette | None = palette()
    except CapxError:  # this stands on the page that says so, too
        known = current_app.extensions.get(_KEPT)
    return f"{request.script_root}/palette.css{f'?v={known.fingerprint}' if known else ''}"


def sheet() -> Response:
    """The style sheet itself; raises what ``palette`` raises."""
    found = palette()
    response = make_response(found.css)
    response.content_type = "text/css; charset=utf-8"
    response.set_etag(found.fingerprint, weak=True)
    response.headers["Cache-Control"] = KEPT_FOR_A_YEAR if request.args.get("v") == found.fingerprint else "no-cache"
    response.make_conditional(request)
    return response


def install(app: Flask) -> None:
    """Serves the style sheet and makes its address known to templates."""
    app.add_url_rule("/palette.css", "palette", sheet)
    app.add_template_global(palette_address)
