"""What crawlers read: the map of all pages, in parts with the time of the last change, and what they may ask.

A site map may hold 50,000 addresses; ours are shorter, so that one is made within a second on a large site.
"""

from __future__ import annotations

from xml.etree import ElementTree

from flask import Blueprint, Response, make_response, url_for

from capx_graph.errors import NotFound
from capx_graph.messages import told
from capx_graph.model import EntityKind
from webapp.needs import services
from webapp.request.absolute import absolute, absolute_url
from webapp.request.links import entity_url

blueprint = Blueprint("sitemap", __name__)

PART = 10_000
FOR_PEOPLE = (
    "search.home",
    "pages.directory",
    "events.page",
    "events.projects",
    "analytics.page",
    "query.page",
    "examples.gallery",
    "help.start",
    "help.about",
    "help.search",
    "help.matching",
    "help.api",
    "help.sparql",
    "help.privacy",
    "ontology.index",
)
CLOSED = (
    "/w/",
    "/search?",
    "/search.json",
    "/suggest.json",
    "/reconcile",
    "/sparql",
    "/query?",
    "/query/*?",
    "/feeds/",
    "/wiki/Special:",
    "/rings",
    "/team",
    "/person/*/matches",
    "/organization/*/needs",
    "/event/*/needs",
    "/events?",
    "/events.ics?",
    "/projects?",
    "/analytics?",
    "/analytics/*?",
)
"""Answers without end or dear to make, and feeds of one reader: crawlers need none, pages and data of entities have
everything. A star stands for anything (RFC 9309).
"""

_SPACE = "http://www.sitemaps.org/schemas/sitemap/0.9"


def _base() -> str:
    return services().namespaces.site


@blueprint.get("/sitemap.xml")
def index() -> Response:
    """The parts of the map."""
    root = ElementTree.Element("sitemapindex", xmlns=_SPACE)
    _add(root, "sitemap", absolute_url("sitemap.site", base=_base(), uselang=None), "")
    for tally in services().linked_data.tallies():
        for number in range(1, -(-tally.things // PART) + 1):
            address = url_for("sitemap.part", kind=tally.kind.value, number=number, uselang=None)
            _add(root, "sitemap", absolute(address, base=_base()), tally.newest)
    return _xml(root)


@blueprint.get("/sitemap-site.xml", endpoint="site")
def site_pages() -> Response:
    """The pages that are about no single thing."""
    root = ElementTree.Element("urlset", xmlns=_SPACE)
    for endpoint in FOR_PEOPLE:
        _add(root, "url", absolute_url(endpoint, base=_base(), uselang=None), "")
    return _xml(root)


@blueprint.get("/sitemap-<kind>-<int:number>.xml")
def part(kind: str, number: int) -> Response:
    """The pages of things of one kind; raises NotFound."""
    if kind not in set(EntityKind) or not 1 <= number <= 1000:
        raise NotFound(told("refused-gone"))
    things = services().linked_data.things(EntityKind(kind), limit=PART, offset=(number - 1) * PART)
    root = ElementTree.Element("urlset", xmlns=_SPACE)
    for thing in things:
        path = entity_url(thing.ref)
        if path is not None:
            _add(root, "url", absolute(path, base=_base()), thing.changed)
    if not len(root):
        raise NotFound(told("refused-gone"))
    return _xml(root)


@blueprint.get("/robots.txt")
def robots() -> Response:
    """What crawlers may ask, and where the map is."""
    lines = ["User-agent: *", *(f"Disallow: {path}" for path in CLOSED), "Allow: /", ""]
    lines.append(f"Sitemap: {absolute_url('sitemap.index', base=_base(), uselang=None)}")
    response = make_response("\n".join(lines) + "\n")
    response.mimetype = "text/plain"
    return response


def _add(root: ElementTree.Element, name: str, address: str, changed: str) -> None:
    entry = ElementTree.SubElement(root, name)
    ElementTree.SubElement(entry, "loc").text = address
    if changed:
        ElementTree.SubElement(entry, "lastmod").text = changed


def _xml(root: ElementTree.Element) -> Response:
    response = make_response(ElementTree.tostring(root, encoding="utf-8", xml_declaration=True))
    response.mimetype = "application/xml"
    return response
