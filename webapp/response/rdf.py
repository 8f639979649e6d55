"""RDF as an answer: which format a client wants (``?format=`` or ``Accept``), and the headers it comes with.

Rooms that answer RDF beside a page import it.
"""

from __future__ import annotations

from flask import Response, make_response, request

from capx_graph.errors import InvalidParameter
from capx_graph.messages import told
from capx_graph.terms import RdfFormat
from webapp.response.headers import for_everybody

FORMATS: dict[str, tuple[str, RdfFormat]] = {
    "ttl": ("text/turtle", RdfFormat.TURTLE),
    "jsonld": ("application/ld+json", RdfFormat.JSON_LD),
    "nt": ("application/n-triples", RdfFormat.N_TRIPLES),
    "rdf": ("application/rdf+xml", RdfFormat.RDF_XML),
}
_PAGE = "text/html"


def asked_format() -> RdfFormat | None:
    """The format that is asked for; None where a page is. Raises InvalidParameter."""
    asked = request.args.get("format")
    if asked is not None:
        if asked not in FORMATS:
            raise InvalidParameter("format", asked[:40], told("mend-one-of", ", ".join(FORMATS)))
        return FORMATS[asked][1]
    offered = dict(FORMATS.values())
    return offered.get(request.accept_mimetypes.best_match([_PAGE, *offered], default=_PAGE))


def rdf_answer(data: bytes, form: RdfFormat) -> Response:
    """The document, for everybody."""
    media = next(media for media, known in FORMATS.values() if known == form)
    response = make_response(data)
    response.content_type = f"{media}; charset=utf-8" if media == "text/turtle" else media
    response.vary.add("Accept")
    return for_everybody(response)
