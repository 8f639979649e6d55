"""Groups of people: teaching rings, teams, the needs of organizations and events; as pages and as data.

An answer depends on the clock of the solver only where it says that it is not exact; none carries an ETag.
"""

from __future__ import annotations

from flask import Blueprint, Response, jsonify, make_response, render_template, request

from capx_graph.groups import Needs
from capx_graph.model import EntityKind, FacetValue, SearchRequest
from webapp.matching.groupanswers import needs_answer, rings_answer, team_answer
from webapp.matching.grouprequests import is_asked, rings_request, team_request
from webapp.needs import services
from webapp.request.reader import reader
from webapp.response.headers import for_everybody
from webapp.search.answers import Json

blueprint = Blueprint("groups", __name__)


@blueprint.route("/rings", methods=["GET", "POST"])
def rings() -> Response:
    """Rings of people who teach each other, and the form that asks for them."""
    asked = rings_request(request.values, reader().chain)
    found = services().groups.rings(asked) if is_asked(request.values) else None
    page = render_template(
        "matching/rings.html", asked=asked, found=found, facets=_choices("organization", "territory")
    )
    return _fresh(make_response(page))


@blueprint.route("/rings.json", methods=["GET", "POST"])
def rings_data() -> Response:
    """The same as data; see /help/groups."""
    return _data(rings_answer(services().groups.rings(rings_request(request.values, reader().chain))))


@blueprint.route("/team", methods=["GET", "POST"])
def team() -> Response:
    """The smallest team for some needs, and the form that asks for it."""
    asked = team_request(request.values, reader().chain)
    found = services().groups.team(asked) if asked.capacities else None
    roots = services().profiles.directory(reader=reader().chain)
    facets = _choices("language", "organization", "territory")
    return _fresh(
        make_response(render_template("matching/team.html", asked=asked, found=found, roots=roots, facets=facets))
    )


@blueprint.route("/team.json", methods=["GET", "POST"])
def team_data() -> Response:
    """The same as data; see /help/groups."""
    return _data(team_answer(services().groups.team(team_request(request.values, reader().chain))))


@blueprint.get("/organization/<path:name>/needs")
def organization_needs(name: str) -> Response:
    """What an organization and its people want, who could fill it, who complements it."""
    return _needs_page(services().groups.organization_needs(name, reader=reader().chain))


@blueprint.get("/organization/<path:name>/needs.json")
def organization_needs_data(name: str) -> Response:
    """The same as data."""
    return _data(needs_answer(services().groups.organization_needs(name, reader=reader().chain)))


@blueprint.get("/event/<path:name>/needs")
def event_needs(name: str) -> Response:
    """Who could fill what an event is about."""
    return _needs_page(services().groups.event_needs(name, reader=reader().chain))


@blueprint.get("/event/<path:name>/needs.json")
def event_needs_data(name: str) -> Response:
    """The same as data."""
    return _data(needs_answer(services().groups.event_needs(name, reader=reader().chain)))


@blueprint.get("/help/groups")
def help_() -> Response:
    """How rings and teams are found, by hand and by program."""
    return make_response(render_template("help/groups.html"))


def _needs_page(found: Needs) -> Response:
    return make_response(render_template("matching/needs.html", found=found))


def _choices(*facets: str) -> dict[str, tuple[FacetValue, ...]]:
    """Values to choose from, those of most people first."""
    request_ = SearchRequest(classes=(EntityKind.PERSON,), limit=0, facets=facets, reader=reader().chain)
    return dict(services().search.run(request_).facets)


def _data(answer: Json) -> Response:
    return for_everybody(_fresh(jsonify(answer)))


def _fresh(response: Response) -> Response:
    response.headers["Cache-Control"] = "no-cache"
    return response
