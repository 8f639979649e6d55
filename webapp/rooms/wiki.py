"""A Wikibase's page addresses (/wiki/Item:Q1, /wiki/Property:P1), which its tools and its RDF lead people to.

They lead on to our own page of the thing; properties, classes and fixed values to their term of the ontology.
"""

from __future__ import annotations

import re

from flask import Blueprint, Response, current_app, redirect, url_for

from capx_graph.errors import NotFound
from webapp.links import entity_url
from webapp.needs import Services
from webapp.reader import reader

blueprint = Blueprint("wiki", __name__)
_TITLE = re.compile(r"(?:Item:|Property:)?([PQ][1-9][0-9]*)")


@blueprint.get("/wiki/<path:title>")
def page(title: str) -> Response:
    """Leads to the page of the item or property; raises NotFound."""
    found = _TITLE.fullmatch(title)
    address = _address(found[1]) if found else None
    if address is None:
        raise NotFound(f"there is no wiki page {title!r}")
    return _leading_to(address)


@blueprint.get("/wiki/")
def start() -> Response:
    """A wiki's main page."""
    return _leading_to(url_for("search.home"))


def _address(entity_id: str) -> str | None:
    services: Services = current_app.extensions["capx"]
    instance = services.instance
    term = instance.term_of_property(entity_id) or instance.term_of_item(entity_id)
    if term is not None:
        return url_for("ontology.term", name=term.name)
    return entity_url(services.profiles.item(entity_id, reader=reader().chain))


def _leading_to(address: str) -> Response:
    response = current_app.make_response(redirect(address, 302))
    response.headers["Cache-Control"] = "no-cache"
    return response
