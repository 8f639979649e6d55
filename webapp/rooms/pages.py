"""Pages of things: capacity, directory, person, organization, territory, event, project.

A name in an address may hold anything that a username may: spaces, slashes, parentheses, any script.
"""

from __future__ import annotations

from flask import Blueprint, Response, make_response, redirect, render_template, request, url_for

from capx_graph.errors import NotFound
from capx_graph.profiles import CapacityNode
from webapp.analytics.directorypicture import directory_picture
from webapp.members.membersonly import members_only, present_name
from webapp.needs import services
from webapp.request.numbers import whole
from webapp.request.reader import reader

blueprint = Blueprint("pages", __name__)

_PAGE = 50
"""People of a project on one page."""


@blueprint.get("/directory")
def directory() -> Response:
    """The whole tree of capacities, and a picture of it that ``capacity`` goes into."""
    roots = services().profiles.directory(reader=reader().chain)
    picture = directory_picture(services().analytics)
    total = sum(_size(root) for root in roots)
    return make_response(render_template("things/directory.html", roots=roots, total=total, picture=picture))


def _size(node: CapacityNode) -> int:
    return 1 + sum(_size(child) for child in node.children)


@blueprint.get("/capacity/<path:name>")
def capacity(name: str) -> Response:
    """A capacity: what it is, where in the tree, who offers and wants it, where."""
    profile = services().profiles.capacity(name, reader=reader().chain)
    return make_response(render_template("things/capacity.html", profile=profile))


@blueprint.get("/person/<path:name>")
def person(name: str) -> Response:
    """A person: what they offer, want and know, what they speak, where they are; members see what is for members."""
    for_members = members_only(name)
    try:
        profile = services().profiles.person(name, reader=reader().chain)
    except NotFound:
        now = present_name(name)
        if now is not None:
            return make_response(redirect(url_for("pages.person", name=now), 301))
        if for_members is None:
            raise
        return make_response(render_template("things/person-members.html", name=name, for_members=for_members))
    return make_response(render_template("things/person.html", profile=profile, for_members=for_members))


@blueprint.get("/organization/<path:name>")
def organization(name: str) -> Response:
    """An organization with its people."""
    profile = services().profiles.organization(name, reader=reader().chain)
    return make_response(render_template("things/organization.html", profile=profile))


@blueprint.get("/territory/<path:name>")
def territory(name: str) -> Response:
    """A territory: who is based there, what they speak, offer and want."""
    profile = services().profiles.territory(name, reader=reader().chain)
    return make_response(render_template("things/territory.html", profile=profile))


@blueprint.get("/event/<path:name>")
def event(name: str) -> Response:
    """An event: when, where, by whom, about what."""
    profile = services().profiles.event(name, reader=reader().chain)
    return make_response(render_template("things/event.html", profile=profile))


@blueprint.get("/project/<path:name>")
def project(name: str) -> Response:
    """A project of organizations, and a page of those who take part in it."""
    offset = whole(request.args, "offset", default=0)
    profile = services().profiles.project(name, reader=reader().chain, limit=_PAGE, offset=offset)
    page = render_template("things/project.html", profile=profile, offset=offset, page_size=_PAGE)
    return make_response(page)
