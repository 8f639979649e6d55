"""A graph of the starter directory and some demonstration people, made once for the tests that ask questions of it."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

from capx_graph.directory import DirectoryCache, Naming
from capx_graph.importers.demonstration import add_demonstration
from capx_graph.importers.importer import Importer
from capx_graph.ingest import Ingest
from capx_graph.items.drafts import Vocabulary
from capx_graph.namespaces import WikibaseNamespaces
from capx_graph.ontology import load_instance
from capx_graph.provisioning import provision
from capx_graph.repository.store import Repository
from capx_graph.shapes import Shapes
from capx_graph.store.embedded import EmbeddedStore
from capx_graph.textindex import TextIndex
from tests.houses.ready import copied

INSTANCE = load_instance("embedded")
NOW = datetime(2026, 6, 1, tzinfo=UTC)


@dataclass(frozen=True, slots=True)
class DemoGraph:
    store: EmbeddedStore
    texts: TextIndex
    namespaces: WikibaseNamespaces
    directory: DirectoryCache
    naming: Naming


@contextmanager
def demo_graph(folder: Path, *, people: int, base: str = "http://capx.test") -> Iterator[DemoGraph]:
    """The graph of a new data directory in ``folder``."""

    def make(data: Path) -> None:
        with _opened(data, base) as (repository, store, texts):
            provision(repository, INSTANCE)
            importer = Importer(repository, INSTANCE, Shapes.load(), clock=lambda: NOW)
            add_demonstration(repository, importer, Vocabulary(INSTANCE), data=data, now=NOW, people=people)
            Ingest(repository, store, texts, instance=INSTANCE).catch_up()

    data = copied(f"graph-of-{people}", make, folder / "data")
    with _opened(data, base) as (repository, store, texts):
        directory = DirectoryCache(store, repository.namespaces)
        naming = Naming(store, repository.namespaces, directory)
        yield DemoGraph(store, texts, repository.namespaces, directory, naming)


@contextmanager
def _opened(folder: Path, base: str) -> Iterator[tuple[Repository, EmbeddedStore, TextIndex]]:
    repository = Repository.open(folder, base=base)
    store, texts = EmbeddedStore(folder / "graph"), TextIndex(folder / "text")
    try:
        yield repository, store, texts
    finally:
        texts.close()
        store.close()
        repository.close()
