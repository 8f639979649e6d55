"""The ontology at its own addresses: every term as a page, as Turtle, as JSON-LD ..., by ``Accept`` or ``?format=``.

The namespace is one constant on every instance; each instance answers for it under /ontology/.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from flask import Blueprint, Response, jsonify, make_response, render_template, url_for
from markupsafe import Markup

from capx_graph.namespaces import CAPX, VOCABULARY_PREFIXES
from capx_graph.ontology import (
    ClassTerm,
    IndividualTerm,
    Ontology,
    PropertyTerm,
    Words,
    describe,
    json_ld_context,
    ontology_rdf,
)
from capx_graph.profiles import Text
from webapp.needs import services
from webapp.request.reader import reader
from webapp.response.headers import for_everybody
from webapp.response.rdf import asked_format, rdf_answer

blueprint = Blueprint("ontology", __name__)


@dataclass(frozen=True, slots=True)
class TermView:
    """A term in the reader's language."""

    name: str
    iri: str
    label: Text
    definition: Text | None
    labels: tuple[Text, ...]


def _ontology() -> Ontology:
    return services().ontology


@blueprint.get("/ontology/")
def index() -> Response:
    """All terms."""
    data = _as_data(None)
    if data is not None:
        return data
    ontology = _ontology()
    groups = (
        ("classes", [_view(term) for term in ontology.classes.values()]),
        ("properties", [_view(term) for term in ontology.properties.values()]),
        ("individuals", [_view(term) for term in ontology.individuals.values()]),
    )
    return make_response(render_template("ontology/ontology.html", groups=groups, namespace=CAPX))


@blueprint.get("/ontology/context.jsonld")
def context() -> Response:
    """The JSON-LD context: plain JSON in the ontology's names is RDF with it."""
    response = jsonify(json_ld_context(_ontology()))
    response.mimetype = "application/ld+json"
    return for_everybody(response)


@blueprint.get("/ontology/<name>")
def term(name: str) -> Response:
    """One term; raises NotFound."""
    data = _as_data(name)
    if data is not None:
        return data
    found = describe(_ontology(), name)
    view = _view_of(found.name, found.iri, found.words)
    page = render_template(
        "ontology/term.html",
        term=view,
        kind=found.kind,
        relations=found.relations,
        texts=found.texts,
        term_link=_term_link,
    )
    return make_response(page)


def _as_data(name: str | None) -> Response | None:
    """The RDF where ``?format=`` or ``Accept`` asks for it."""
    form = asked_format()
    return None if form is None else rdf_answer(ontology_rdf(form, name=name), form)


def _view(found: ClassTerm | IndividualTerm | PropertyTerm) -> TermView:
    return _view_of(found.name, found.iri, found.words)


def _view_of(name: str, iri: str, words: Words) -> TermView:
    return TermView(
        name=name,
        iri=iri,
        label=_best(words.labels) or Text(name),
        definition=_best(words.definitions),
        labels=tuple(Text(text, language) for language, text in sorted(words.labels.items())),
    )


def _best(texts: Mapping[str, str]) -> Text | None:
    known: Iterable[str] = (code for code in reader().chain if code in texts)
    code = next(iter(known), None)
    return Text(texts[code], code) if code else None


def _term_link(iri: str) -> Markup:
    """An IRI as a link: our own terms to their pages, others to where they live, under a short name."""
    if iri.startswith(CAPX):
        name = iri.removeprefix(CAPX)
        return Markup('<a href="{}"><code>{}</code></a>').format(url_for("ontology.term", name=name), name)
    short = next((f"{p}:{iri[len(base) :]}" for p, base in VOCABULARY_PREFIXES.items() if iri.startswith(base)), iri)
    return Markup('<a class="external" href="{}"><code>{}</code></a>').format(iri, short)
