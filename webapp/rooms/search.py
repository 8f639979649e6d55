"""The search: a page, the same as JSON, and suggestions while typing.

``/`` and ``/search`` are one page; with ``Accept: application/json`` or as ``/search.json`` they answer the data.
"""

from __future__ import annotations

from collections.abc import Sequence

from flask import Blueprint, Response, jsonify, make_response, render_template, request

from capx_graph.errors import Unavailable
from capx_graph.model import EntityKind, SearchPage, SearchRequest
from capx_graph.profiles import CapacityNode
from webapp.errors import wants_json
from webapp.needs import services
from webapp.request.reader import reader
from webapp.response.headers import for_everybody
from webapp.response.standing import stand
from webapp.search.address import SearchAddress
from webapp.search.answers import search_answer, suggestions_answer
from webapp.search.facets import chips, facet_views, role_choices
from webapp.search.parameters import (
    FACETS,
    LONGEST_TEXT,
    SORTS,
    SUGGESTED,
    chosen_classes,
    given,
    search_request,
    understood_as,
    unknown,
)

blueprint = Blueprint("search", __name__)

_EVERYBODY = SearchRequest(classes=(EntityKind.PERSON,), limit=0, facets=())

OWN = ("more",)
"""Parameters of the page alone."""


@blueprint.get("/", endpoint="home")
@blueprint.get("/search", endpoint="page")
def search_page() -> Response:
    """The search page, or its data for a client that asks for JSON."""
    if wants_json():
        return search_data()
    asked = given(request.args.to_dict(flat=False))
    wanted = search_request(asked, reader().chain)
    page = services().search.run(wanted)
    if page.understood:
        asked = understood_as(asked, page.understood)
    searching = asked.keys() - {"uselang"}
    more = request.args.get("more", "")
    views = facet_views(page, asked, reader().tr, more=more if more in FACETS else "")
    return make_response(
        render_template(
            "search/search.html",
            page=page,
            asked=asked,
            views=views,
            chips=chips(views, asked, reader().tr),
            role_choices=role_choices(page, asked, reader().tr),
            address=SearchAddress.of(asked),
            sorts=SORTS,
            offset=wanted.offset,
            previous=str(max(0, wanted.offset - wanted.limit)),
            searching=bool(searching),
            ignored=unknown(request.args, known=OWN),
            deserted=_is_deserted(page, searching=bool(searching)),
            roots=() if searching else _roots(),
        )
    )


def _is_deserted(page: SearchPage, *, searching: bool) -> bool:
    """Whether nobody is here at all; a page that nothing was asked of counts everybody, another is asked beside."""
    if not searching:
        return not any(value.count for value in page.facets["class"] if value.ref.id == EntityKind.PERSON)
    return not page.total and not services().search.run(_EVERYBODY).total


def _roots() -> Sequence[CapacityNode]:
    """The directory's roots with their numbers; none while the graph does not answer, which the page says on top."""
    try:
        return services().profiles.directory(reader=reader().chain)
    except Unavailable:
        return ()


@blueprint.get("/search.json", endpoint="data")
def search_data() -> Response:
    """The answer as data; see /help/search."""
    asked = given(request.args.to_dict(flat=False))
    page = services().search.run(search_request(asked, reader().chain))
    address = SearchAddress.of(understood_as(asked, page.understood) if page.understood else asked)
    following = None if page.next_offset is None else address.replacing("offset", str(page.next_offset))
    link = following.url("search.data") if following else None
    told = search_answer(page, reader().tr, next_address=link, stand=stand(), ignored=unknown(request.args, known=OWN))
    return for_everybody(jsonify(told))


@blueprint.get("/suggest.json", endpoint="suggest")
def suggest() -> Response:
    """Names that begin with ``q``; ``class`` narrows them."""
    asked = given(request.args.to_dict(flat=False))
    text = (asked.get("q") or ("",))[0][:LONGEST_TEXT]
    found = services().search.suggest(text, kinds=chosen_classes(asked), reader=reader().chain, limit=SUGGESTED)
    return for_everybody(jsonify(suggestions_answer(found if text else (), reader().tr)))
