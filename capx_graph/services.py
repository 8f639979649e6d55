"""The wiring: which backends serve this run, opened and closed in order; the only room that chooses them.

Doors open what they need: the repository alone (imports beside a running service), repository and graph (checks,
queries), or everything (``open_services``). A new data directory gets the ontology and nothing else.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import BinaryIO

from capx_graph.errors import NotFound
from capx_graph.exporters.bench import BenchExporter
from capx_graph.exporters.rdf import graph_triples, write_ntriples, write_turtle
from capx_graph.exporters.statements import Facts
from capx_graph.generations import Generations
from capx_graph.importers.checking import repository_batches
from capx_graph.importers.drafts import Vocabulary
from capx_graph.importers.importer import Importer
from capx_graph.importers.keys import KeyReader
from capx_graph.ingest import Ingest
from capx_graph.model import EntityKind
from capx_graph.ontology import Instance, load_instance
from capx_graph.provisioning import provision
from capx_graph.repository.rebase import rebase
from capx_graph.repository.store import FILE_NAME, Repository, RepositorySettings
from capx_graph.settings import Settings
from capx_graph.shapes import Shapes, ShapesPool, ValidationReport, validate_all
from capx_graph.store.base import GraphStore
from capx_graph.store.embedded import EmbeddedStore
from capx_graph.textindex import TextIndex

_INSTANCE = "embedded"


@dataclass(frozen=True, slots=True)
class Importing:
    """What an import needs: the repository, nothing of the graph."""

    settings: Settings
    repository: Repository
    vocabulary: Vocabulary
    importer: Importer


@dataclass(frozen=True, slots=True)
class Graph:
    """The derived stores, and what keeps them in step with the repository."""

    store: GraphStore
    texts: TextIndex
    ingest: Ingest


@cache
def instance() -> Instance:
    """The mapping of the ontology to this Wikibase's ids."""
    return load_instance(_INSTANCE)


def has_repository(settings: Settings) -> bool:
    """Whether the data directory was ever used."""
    return (settings.data / FILE_NAME).exists()


@contextmanager
def open_repository(settings: Settings, *, make: bool = True) -> Iterator[Repository]:
    """The repository with the ontology in it; made where there is none, unless ``make`` is False: NotFound then."""
    if not make and not has_repository(settings):
        raise NotFound(f"there is no data in {settings.data}; capx import or capx serve make it")
    ids = instance()
    repository = Repository.open(
        settings.data,
        base=settings.base,
        clock=settings.now,
        settings=RepositorySettings(
            site_name=settings.site_name,
            mul=settings.mul,
            formatter_url=ids.property_id("formatterUrl"),
            formatter_uri=ids.property_id("formatterUri"),
        ),
    )
    try:
        provision(repository, ids)
        yield repository
    finally:
        repository.close()


@contextmanager
def open_importing(settings: Settings) -> Iterator[Importing]:
    """What an import needs; works while a service runs on the same data."""
    with open_repository(settings) as repository:
        importer = Importer(repository, instance(), Shapes.load(), clock=settings.now)
        yield Importing(settings, repository, Vocabulary(instance()), importer)


@contextmanager
def open_graph(repository: Repository, settings: Settings) -> Iterator[Graph]:
    """Graph and text index as they stand; raises StoreLocked while another process has them."""
    store = EmbeddedStore(settings.cache / "graph")
    try:
        texts = TextIndex(settings.cache / "text")
        try:
            yield Graph(store, texts, Ingest(repository, store, texts, instance=instance()))
        finally:
            texts.close()
    finally:
        store.close()


def rebase_repository(settings: Settings, base: str) -> str:
    """Gives the data directory another concept base; answers the former one."""
    held = Generations(settings.cache / "graph")
    try:
        return rebase(settings.data, base)
    finally:
        held.close()


def validate_repository(settings: Settings, *, workers: int = 2) -> ValidationReport:
    """The report on everything in the repository; works while a service runs."""
    shapes = Shapes.load()
    with open_repository(settings, make=False) as repository, ShapesPool(shapes, workers=workers) as pool:
        batches = repository_batches(repository, instance(), clock=settings.now)
        return validate_all(shapes, batches, validator=pool)


def export_records(settings: Settings, directory: Path) -> Mapping[EntityKind, int]:
    """The public facts as JSON Lines; answers how many records of each kind."""
    ids = instance()
    with open_repository(settings, make=False) as repository:
        exporter = BenchExporter(repository, KeyReader(Vocabulary(ids)), lambda page: Facts(ids, page))
        return exporter.write(directory, now=settings.now())


def export_graph(settings: Settings, form: str, out: BinaryIO) -> None:
    """Both layers of the graph as ``nt`` or ``ttl``, made from the repository: works while a service runs."""
    with open_repository(settings, make=False) as repository:
        graph = graph_triples(repository, instance())
        if form == "nt":
            write_ntriples(graph, out)
        else:
            write_turtle(graph, out, prefixes=repository.namespaces.prefixes())
