"""The whole graph as N-Triples or Turtle, both layers, made from the repository: it can run beside a service.

What is written is what ``ingest`` would put into an empty graph, each triple once; memory holds the trees and the
names of shared value nodes, not the graph.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import BinaryIO

from capx_graph.ingest import EntityGraph
from capx_graph.namespaces import VOCABULARY_PREFIXES
from capx_graph.ontology import Instance
from capx_graph.projection import Projector
from capx_graph.repository.rdf.serialise import turtle_body, turtle_header
from capx_graph.repository.store import Repository
from capx_graph.terms import NamedNode, Triple


def graph_triples(repository: Repository, instance: Instance) -> Iterator[list[Triple]]:
    """The triples of the graph, entity by entity, none twice."""
    graph = EntityGraph(
        repository.namespaces, repository, Projector(instance.ontology, instance, repository.namespaces)
    )
    facts = {page.entity_id: node for page in repository.scan() if (node := graph.facts(page))}
    hierarchy = graph.projector.hierarchy(facts)
    shared: set[NamedNode] = set()
    for page in repository.scan():
        triples = dict.fromkeys(graph.triples(page, hierarchy))
        mentioned = {t.subject for t in triples if isinstance(t.subject, NamedNode) and graph.is_shared(t.subject)}
        yield [triple for triple in triples if triple.subject not in mentioned & shared]
        shared |= mentioned


def write_ntriples(graph: Iterable[list[Triple]], out: BinaryIO) -> None:
    """N-Triples, a line each."""
    for triples in graph:
        out.write("".join(f"{triple} .\n" for triple in triples).encode())


def write_turtle(graph: Iterable[list[Triple]], out: BinaryIO, *, prefixes: dict[str, str]) -> None:
    """Turtle with the prefixes that users of the query service type."""
    everything = {**prefixes, **VOCABULARY_PREFIXES}
    out.write("".join(turtle_header(everything)).encode())
    for triples in graph:
        by_subject = sorted(triples, key=lambda triple: str(triple.subject))
        out.write("".join(turtle_body(by_subject, everything)).encode())
