"""What carries a page elsewhere: a person's QR code, the address that stands for it, what a card says of it."""

from __future__ import annotations

import io
from urllib.parse import parse_qsl, urlencode

import segno
from flask import Blueprint, Flask, Response, make_response

from capx_graph.messages import gender_of
from capx_graph.profiles import PersonProfile
from webapp.needs import services
from webapp.request.absolute import absolute, absolute_url, lasting
from webapp.request.reader import reader

blueprint = Blueprint("cards", __name__)


@blueprint.get("/person/<path:name>/qr.svg")
def qr_code(name: str) -> Response:
    """The whole address of a person's page as a QR code, error correction M; raises NotFound."""
    person = services().profiles.person(name, reader=reader().chain)
    address = absolute_url("pages.person", base=services().namespaces.site, name=person.username, uselang=None)
    drawn = io.BytesIO()
    segno.make_qr(address, error="m").save(drawn, kind="svg", scale=8, border=4, light="#fff", xmldecl=False)
    response = make_response(drawn.getvalue())
    response.content_type = "image/svg+xml; charset=utf-8"
    return response


def whole_address(path: str) -> str:
    """The whole address of a path of this site."""
    return absolute(path, base=services().namespaces.site)


def canonical(path: str) -> str:
    """The one address of a page, whoever reads it: at the site's own host, asking for no language."""
    where, _, query = path.partition("?")
    kept = [(name, value) for name, value in parse_qsl(query, keep_blank_values=True) if name != "uselang"]
    return lasting(f"{where}?{urlencode(kept)}" if kept else where)


def said_of(person: PersonProfile) -> str:
    """What a person offers and wants, in a line; empty when neither."""
    tr = reader().tr
    parts = (("offers-title", person.offers), ("wants-title", person.wants))
    lists = ((title, tr.listing(each.capacity.label for each in held).unescape()) for title, held in parts if held)
    return " · ".join(tr.text("said-of", tr.text(title, gender_of(person.pronoun)), said) for title, said in lists)


def install(app: Flask) -> None:
    """Makes what cards are made of known to templates."""
    app.add_template_global(whole_address)
    app.add_template_global(canonical)
    app.add_template_global(said_of)
