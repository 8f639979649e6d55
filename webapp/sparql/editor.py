"""The page of the editor, whatever query it opens with: what it draws, what its scripts know, what it may load."""

from __future__ import annotations

import secrets
from collections.abc import Mapping

from flask import Response, make_response, render_template, request, url_for

from capx_graph.errors import InvalidParameter
from capx_graph.messages import told
from capx_graph.namespaces import CAPX, VOCABULARY_PREFIXES, WikibaseNamespaces
from capx_graph.queryhelp.gallery import examples
from webapp.assets.files import asset
from webapp.needs import services
from webapp.request.absolute import is_from_here
from webapp.request.reader import reader
from webapp.response.headers import POLICY
from webapp.sparql.exampletexts import ExampleView
from webapp.sparql.results import answered
from webapp.sparql.views import VIEW_NAMES, VIEWS, title_of, view_of

LONGEST_QUERY = 50_000

PICTURES = ("https://commons.wikimedia.org", "https://upload.wikimedia.org")
"""Where pictures come from, when somebody asked for them on that very page."""

START = ("find_teachers", "gaps_bottlenecks", "places_people", "organizations_complements", "languages_spoken")
"""Examples that the empty page begins with."""

SCRIPT_MESSAGES = (
    *("rows", "milliseconds", "running", "stopped", "no-rows", "yes", "no", "failed", "not-fitting", "first-drawn"),
    *("show-more", "incomplete", "copied", "offline", "untitled", "drawing", "other", "history-empty"),
    *("pictures-show", "no-place", "sort-by", "answer", "links-often", "ids", "id-none"),
)
"""Messages that the scripts say themselves: ``query-NAME``."""


def page_of(text: str, *, run: bool) -> Response:
    """The query page with a text in its editor; the server answers it where a form without scripts asks."""
    if len(text) > LONGEST_QUERY:
        raise InvalidParameter("query", text[:40] + "…", told("mend-length", LONGEST_QUERY))
    nonce = secrets.token_urlsafe(16)
    table, failure = answered(text) if text.strip() and request.values.get("answer") == "1" else (None, None)
    page = render_template(
        "query/editor.html",
        text=text,
        title=title_of(text),
        view=view_of(text, [request.values.get("view")]),
        views=VIEWS,
        start=[ExampleView.of(example) for example in examples() if example.name in START],
        settings=script_settings(nonce=nonce, run=run, pictures=_asks_for_pictures()),
        table=table,
        failure=failure,
    )
    response = make_response(page, 400 if failure else 200)
    response.headers["Content-Security-Policy"] = _policy(nonce)
    response.headers["Cache-Control"] = "private, no-store"
    return response


def _asks_for_pictures() -> bool:
    """Whether somebody pressed the button for them on a page of ours: no link or form elsewhere makes that choice."""
    return request.method == "POST" and is_from_here() and request.form.get("pictures") == "commons"


def script_settings(*, nonce: str = "", run: bool = False, pictures: bool = False) -> Mapping[str, object]:
    """What the scripts of a page that shows results need to know."""
    namespaces = services().query_help.namespaces
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
        "pictures": pictures,
        "entity": namespaces.entity,
        "local": f"{request.script_root}/entity/",
        "ontology": url_for("ontology.index", uselang=None),
        "prefixes": _default_prefixes(namespaces),
        "views": VIEW_NAMES,
        "files": {
            "codemirror": asset("vendor/codemirror/codemirror.js"),
            "d3": asset("vendor/d3/d3.js"),
            "world": asset("vendor/world/world.json"),
            "icons": asset("query/icons.svg"),
        },
        "texts": {name: tr.text(f"query-{name}") for name in SCRIPT_MESSAGES},
    }


def _default_prefixes(namespaces: WikibaseNamespaces) -> dict[str, str]:
    """The prefixes that a query may use without declaring them; those of this house first."""
    return {"capx": CAPX, **namespaces.prefixes(), **VOCABULARY_PREFIXES}


def _policy(nonce: str) -> str:
    """The site's policy, with the styles that the editor makes, and with pictures where they were asked for."""
    policy = POLICY.replace("style-src 'self'", f"style-src 'self' 'nonce-{nonce}'")
    if _asks_for_pictures():
        policy = policy.replace("img-src 'self' data:", f"img-src 'self' data: {' '.join(PICTURES)}")
    return policy
