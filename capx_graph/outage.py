"""A service that begins while the engine of its graph is silent: directory, names and index from the repository.

The wiring calls it. Searches are answered from that, without reasons, as they are when the engine goes later; 2 ms an
entity. Nothing of it is kept: once the engine answers, all is read from the graph.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import suppress
from itertools import islice

from capx_graph.directory import StandIn
from capx_graph.index import Index
from capx_graph.ingest import Ingest
from capx_graph.instants import utc_now
from capx_graph.model import Page
from capx_graph.namespaces import CAPX, OWL, RDFS, SCHEMA, SKOS
from capx_graph.projection import Hierarchy
from capx_graph.store.base import GraphReader
from capx_graph.store.embedded import EmbeddedStore
from capx_graph.terms import RDF_TYPE, NamedNode, Triple

_AT_ONCE = 500
_ASKED_FOR = (CAPX, RDFS, SKOS, OWL, f"{SCHEMA}description")
_PERSON = NamedNode(f"{CAPX}Person")


class _Answers(Exception):
    """The engine is back, and all of this is for nothing."""


def begin_from_repository(ingest: Ingest, index: Index, names: StandIn, *, silent: Callable[[], bool]) -> None:
    """Gives an index and names something to answer from until the graph can be read; ends when that is so."""
    at = utc_now()
    around: set[Triple] = set()
    with suppress(_Answers):
        index.begin_with(_pieces(ingest, around, silent), lambda: names.begin(_graph_of(around)))
        ingest.pulse.stands(at)


def _pieces(ingest: Ingest, around: set[Triple], silent: Callable[[], bool]) -> Iterator[GraphReader]:
    """The graph in small pieces, each with some of the entities; what is no person is gathered besides."""
    _, pages = ingest.repository.scan_with_head()
    facts = ((page.entity_id, ingest.graph.facts(page)) for page in pages)
    hierarchy = Hierarchy({entity_id: fact for entity_id, fact in facts if fact})
    rest = iter(ingest.repository.scan())
    while some := list(islice(rest, _AT_ONCE)):
        if not silent():
            raise _Answers
        piece: set[Triple] = set()
        for page in some:
            triples = _asked_for(ingest, page, hierarchy)
            piece |= triples
            if not any(triple.object == _PERSON for triple in triples):
                around |= triples
        yield _graph_of(piece)


def _asked_for(ingest: Ingest, page: Page, hierarchy: Hierarchy) -> set[Triple]:
    found = ingest.graph.triples(page, hierarchy)
    return {one for one in found if one.predicate == RDF_TYPE or one.predicate.value.startswith(_ASKED_FOR)}


def _graph_of(triples: set[Triple]) -> EmbeddedStore:
    store = EmbeddedStore()
    with store.rebuild("") as build:
        build.add(triples)
        build.finish(0)
        build.publish()
    return store
