"""The wiki's pages of items and properties (/wiki/Item:Q1), to which its tools and its RDF lead people.

Everything that is stored of an entity is here; where a thing has a page for readers (a capacity, a person) or is a
term of the ontology, the page leads there. Earlier revisions, histories and differences have MediaWiki's addresses.
"""

from __future__ import annotations

from flask import Blueprint, Response, make_response, redirect, render_template, request, url_for

from capx_graph.errors import InvalidParameter, LimitExceeded, NotFound, Unavailable
from capx_graph.messages import told
from capx_graph.model import Ref
from capx_graph.repository.ids import entity_of_title, parse_id, title_of
from capx_graph.wikipages import EntityView
from webapp.errors import wants_json
from webapp.needs import services
from webapp.request.links import entity_url, going_on
from webapp.request.reader import reader
from webapp.request.visitor import identity
from webapp.wiki.history import difference, history
from webapp.wiki.links import canonical_address, number, wiki_url
from webapp.wiki.restoring import ask, bring_back
from webapp.wiki.tag import mark, unchanged

blueprint = Blueprint("wiki", __name__)
blueprint.before_request(unchanged)
blueprint.after_request(mark)

DATA_FORMATS = ("json", "ttl", "nt", "rdf", "jsonld")
_VIEWS = ("view", "render", "purge")
"""Actions of MediaWiki that show the page."""


@blueprint.get("/wiki/")
def start() -> Response:
    """A wiki's main page."""
    return _leading_to(url_for("search.home"), 302)


@blueprint.get("/w/index.php")
def index() -> Response:
    """MediaWiki's other form of address: ``?title=Item:Q1&action=history``."""
    title = request.args.get("title", "")
    if not title and request.args.get("oldid", request.args.get("diff", "")).isdigit():
        title = title_of(services().wiki_pages.page_of(number("diff") or number("oldid")))
    return _leading_to(going_on(url_for("wiki.page", title=title), "title") if title else url_for("search.home"), 302)


@blueprint.route("/wiki/<path:title>", methods=["GET", "POST"])
def page(title: str) -> Response:
    """A page of the wiki; raises NotFound."""
    entity_id = entity_of_title(title) or parse_id(title)
    if entity_id is None:
        return _leading_to(canonical_address(title), 301)
    if request.method == "POST":
        return bring_back(entity_id)
    if title != title_of(entity_id):
        return _leading_to(going_on(wiki_url(entity_id)), 301)
    if not services().wiki_pages.current(entity_id):
        elsewhere = services().wiki_pages.elsewhere(entity_id)
        return _leading_to(elsewhere, 302) if elsewhere else _missing(entity_id)
    return _shown(entity_id)


def _shown(entity_id: str) -> Response:
    action = request.args.get("action", "view")
    if action == "history":
        return history(entity_id)
    if action in ("edit", "submit") and request.args.keys() & {"undo", "restore"}:
        return ask(entity_id)
    if action == "edit":
        return _leading_to(wiki_url(entity_id), 302)
    if action not in _VIEWS:
        raise InvalidParameter("action", action[:40], told("mend-one-of", "view, history, edit"))
    return difference(entity_id) if "diff" in request.args else _entity(entity_id)


def _entity(entity_id: str) -> Response:
    """The entity, now or as it was."""
    wished = number("oldid")
    current = services().wiki_pages.current(entity_id)
    old = 0 if wished == current else wished
    try:
        view = services().wiki_pages.entity(entity_id, reader=reader().chain, revision=old)
    except NotFound:
        return _hidden(entity_id, old)
    if view.redirect is not None and not old and request.args.get("redirect") != "no":
        return _leading_to(wiki_url(view.redirect.id, redirectedfrom=entity_id), 302)
    return make_response(
        render_template(
            "wiki/entity.html",
            view=view,
            line=services().wiki_pages.line(entity_id, view.revision_id, reader=reader().chain),
            old=bool(old),
            redirected_from=parse_id(request.args.get("redirectedfrom", "")),
            term=_term(entity_id),
            thing=_thing(view) if not old else None,
            formats=DATA_FORMATS,
            who=identity(),
        )
    )


def _term(entity_id: str) -> str | None:
    """The term of the ontology that the entity stands for."""
    instance = services().instance
    term = instance.term_of_property(entity_id) or instance.term_of_item(entity_id)
    return term.name if term is not None else None


def _thing(view: EntityView) -> tuple[Ref, str] | None:
    """What the item is about, and the address of its page or of the search that it stands for."""
    try:
        ref = services().profiles.item(view.id, reader=reader().chain)
    except (NotFound, Unavailable, LimitExceeded):  # the wiki's pages are there without the graph
        return None
    address = entity_url(ref)
    return (ref, address) if address is not None else None


def _missing(entity_id: str) -> Response:
    """A page that is not there, with what is known of it."""
    if wants_json():
        raise NotFound(told("refused-absent", entity_id))
    gone = services().wiki_pages.gone(entity_id, reader=reader().chain)
    return make_response(render_template("wiki/missing.html", gone=gone, hidden=0), 404)


def _hidden(entity_id: str, revision: int) -> Response:
    """A revision that is not of this page, or whose text was dropped; raises NotFound for the former."""
    line = services().wiki_pages.line(entity_id, revision, reader=reader().chain)
    if wants_json():
        raise NotFound(told("wiki-hidden-text"))
    gone = services().wiki_pages.gone(entity_id, reader=reader().chain)
    return make_response(render_template("wiki/missing.html", gone=gone, hidden=line.revision_id), 404)


def _leading_to(address: str, status: int) -> Response:
    response = make_response(redirect(address, status))
    response.headers["Cache-Control"] = "no-cache"
    return response
