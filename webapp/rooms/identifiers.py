"""The IRIs of the graph that are neither entities nor terms of the ontology: each leads somewhere or describes itself.

A property in one of its forms (``/prop/direct/P7``) leads to the property; the shared nodes of values and references
and the unknown values answer with their triples, as a page or as RDF.
"""

from __future__ import annotations

import re

from flask import Blueprint, Response, make_response, redirect, render_template, request

from capx_graph.errors import NotFound
from capx_graph.messages import told
from capx_graph.namespaces import VOCABULARY_PREFIXES
from capx_graph.terms import NamedNode, Term, Triple, write_rdf
from webapp.needs import services
from webapp.response.headers import for_everybody
from webapp.response.rdf import asked_format, rdf_answer

blueprint = Blueprint("identifiers", __name__)

_PROPERTY = re.compile(
    r"(?:(?:direct|direct-normalized|novalue|(?:statement|qualifier|reference)(?:/value(?:-normalized)?)?)/)?"
    r"(P[1-9][0-9]{0,9})"
)
_NODE = re.compile(r"[0-9a-f]{16,64}|novalue-P[1-9][0-9]{0,9}")


@blueprint.get("/prop/<path:name>", endpoint="property")
def leading_to_property(name: str) -> Response:
    """The property that the predicate is made of; ``Accept`` decides there whether as a page or as data."""
    found = _PROPERTY.fullmatch(name)
    if found is None:
        raise NotFound(told("refused-absent", name[:60]))
    return for_everybody(make_response(redirect(f"{request.script_root}/entity/{found[1]}", 303)))


@blueprint.get("/value/<name>", endpoint="value")
def value_node(name: str) -> Response:
    """A value that several statements may share: a time, a quantity, a place on the globe."""
    return _described(services().namespaces.value, name)


@blueprint.get("/reference/<name>", endpoint="reference")
def reference_node(name: str) -> Response:
    """What supports a statement."""
    return _described(services().namespaces.reference, name)


@blueprint.get("/.well-known/genid/<name>", endpoint="unknown")
def unknown_value(name: str) -> Response:
    """A value of which only this is known, that there is one; or what is said of things without a value."""
    return _described(services().namespaces.skolem, name)


def _described(space: str, name: str) -> Response:
    if not _NODE.fullmatch(name):
        raise NotFound(told("refused-absent", name[:60]))
    triples = services().linked_data.node(space + name)
    form = asked_format()
    prefixes = {**services().namespaces.prefixes(), **VOCABULARY_PREFIXES}
    if form is not None:
        return rdf_answer(write_rdf(triples, form, prefixes=prefixes), form)
    rows = [tuple(_short(term, prefixes) for term in (t.subject, t.predicate, t.object)) for t in triples]
    response = make_response(render_template("ontology/node.html", iri=space + name, rows=rows))
    response.vary.add("Accept")
    return response


def _short(term: Term | Triple, prefixes: dict[str, str]) -> tuple[str, str | None]:
    """A term as text, and the address it leads to."""
    if not isinstance(term, NamedNode):
        return str(term), None
    iri = term.value
    fitting = [
        (len(space), f"{prefix}:{iri[len(space) :]}") for prefix, space in prefixes.items() if iri.startswith(space)
    ]
    return max(fitting)[1] if fitting else iri, iri if iri.startswith(("http://", "https://")) else None
