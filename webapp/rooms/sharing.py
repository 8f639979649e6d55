"""Sharing a query: short links (``/q/ID``), and answers that stand in other sites' pages (``/embed``).

An embedded page may stand in a frame of any site, which holds for these answers alone: it knows no account, keeps no
cookie and changes nothing.
"""

from __future__ import annotations

from flask import Blueprint, Response, jsonify, make_response, render_template, request, url_for

from capx_graph.errors import AllowanceSpent, InvalidParameter
from capx_graph.messages import told
from webapp.errors import wants_json
from webapp.needs import services
from webapp.request.pace import paced
from webapp.request.visitor import address
from webapp.response.headers import POLICY, led_to
from webapp.sparql.editor import LONGEST_QUERY, page_of, script_settings
from webapp.sparql.results import answered
from webapp.sparql.views import VIEWS, view_of

blueprint = Blueprint("sharing", __name__)

FRAMED = POLICY.replace("frame-ancestors 'none'", "frame-ancestors *")
LINKS_AN_HOUR = 60
_HOUR = 3600


_links = paced(blueprint, "links", most=LINKS_AN_HOUR, seconds=_HOUR)


@blueprint.post("/q", endpoint="shorten")
def shorten() -> Response:
    """Keeps a query and answers its short link; a form without scripts is led there. Raises AllowanceSpent."""
    if not _links().admits(address()):
        raise AllowanceSpent(told("query-links-often"), retry_after=_HOUR)
    kept = services().query_help.shortlinks.keep(request.form.get("query", "").replace("\r\n", "\n"))
    link = url_for("sharing.follow", link=kept, uselang=None)
    if wants_json():
        return jsonify(id=kept, url=link)
    return led_to(link)


@blueprint.get("/q/<link>", endpoint="follow")
def follow(link: str) -> Response:
    """The query page with the query of a short link, answered at once."""
    return page_of(services().query_help.shortlinks.find(link), run=True)


@blueprint.get("/embed", endpoint="embed")
@blueprint.get("/embed/<link>", endpoint="embed")
def embed(link: str | None = None) -> Response:
    """An answer without the page around it, for a frame."""
    text = services().query_help.shortlinks.find(link) if link else request.args.get("query", "")
    if not text.strip() or len(text) > LONGEST_QUERY:
        rule = told("mend-length", LONGEST_QUERY) if text.strip() else told("mend-missing")
        raise InvalidParameter("query", text[:40], rule)
    table, failure = answered(text) if request.args.get("answer") == "1" else (None, None)
    page = render_template(
        "query/embed.html",
        text=text,
        view=view_of(text, [request.args.get("view")]),
        views=VIEWS,
        settings=script_settings(run=True),
        link=link,
        table=table,
        failure=failure,
    )
    response = make_response(page, 400 if failure else 200)
    response.headers["Content-Security-Policy"] = FRAMED
    return response
