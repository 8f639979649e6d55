"""The doors' wiring: what a command opens of the data directory, closed in order, each no more than it needs.

The repository alone (imports beside a running service), the private store, repository and graph (checks, queries).
A new data directory gets the ontology and nothing else. What a running server is made of: ``services``.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import AbstractContextManager, contextmanager
from dataclasses import asdict, dataclass
from functools import cache

from capx_graph.accounts import Accounts
from capx_graph.backup import check_whole
from capx_graph.connected import assumed, instance_of, site_of
from capx_graph.endpoint.answering import Endpoint, open_endpoint
from capx_graph.errors import NotFound
from capx_graph.importers.importer import Importer
from capx_graph.importers.outside import OutsideImport
from capx_graph.ingest import Ingest
from capx_graph.items.drafts import Vocabulary
from capx_graph.namespaces import WikibaseNamespaces
from capx_graph.privacy import erase_again, tombstones_of
from capx_graph.provisioning import provision
from capx_graph.repository.store import FILE_NAME, Repository, RepositorySettings
from capx_graph.settings import Settings
from capx_graph.shapes import Shapes
from capx_graph.store.base import GraphStore
from capx_graph.store.embedded import EmbeddedStore
from capx_graph.store.remote import RemoteStore
from capx_graph.store.remoteengine import RemoteEngine
from capx_graph.store.remotewire import Addresses
from capx_graph.textindex import TextIndex
from capx_graph.tombstones import Tombstones


@dataclass(frozen=True, slots=True)
class Importing:
    """What an import needs: the repository, nothing of the graph."""

    settings: Settings
    repository: Repository
    vocabulary: Vocabulary
    importer: Importer
    erased: Tombstones


@dataclass(frozen=True, slots=True)
class Graph:
    """The derived stores, and what keeps them in step with the repository."""

    store: GraphStore
    texts: TextIndex
    ingest: Ingest


@cache
def shapes() -> Shapes:
    """The shapes, read when they are first needed."""
    return Shapes.load()


def has_repository(settings: Settings) -> bool:
    """Whether the data directory was ever used."""
    return (settings.data / FILE_NAME).exists()


@contextmanager
def open_repository(settings: Settings, *, make: bool = True) -> Iterator[Repository]:
    """The repository with the ontology in it; made where there is none, unless ``make`` is False: NotFound then."""
    if not make and not has_repository(settings):
        raise NotFound(f"there is no data in {settings.data}; capx import or capx serve make it")
    check_whole(settings.data)
    site = site_of(settings)
    ids = instance_of(settings)
    repository = Repository.open(
        settings.data,
        base=settings.base,
        clock=settings.now,
        settings=RepositorySettings(
            site_name=settings.site_name,
            mul=settings.mul,
            edits_per_minute=settings.edits_per_minute,
            formatter_url=ids.property_id("formatterUrl"),
            formatter_uri=ids.property_id("formatterUri"),
            upstream=site.namespaces if site else None,
            assumed=assumed(ids) if site else {},
        ),
    )
    try:
        provision(repository, ids)
        erase_again(repository, ids, settings)
        yield repository
    finally:
        repository.close()


@contextmanager
def open_importing(settings: Settings) -> Iterator[Importing]:
    """What an import needs; works while a service runs on the same data."""
    with open_repository(settings) as repository:
        erased = tombstones_of(settings)
        importer = Importer(
            repository,
            instance_of(settings),
            shapes(),
            clock=settings.now,
            erased=erased.stands_for if erased.newest else None,
        )
        yield Importing(settings, repository, Vocabulary(instance_of(settings)), importer, erased)


@contextmanager
def open_outside(importing: Importing) -> Iterator[OutsideImport]:
    """What takes in files of other services, over an open repository and the private store."""
    with open_accounts(importing.settings) as accounts:
        yield OutsideImport(
            importing.repository,
            instance_of(importing.settings),
            accounts.drafts,
            erased=importing.erased.stands_for,
            shapes=shapes,
            clock=importing.settings.now,
        )


@contextmanager
def open_accounts(settings: Settings) -> Iterator[Accounts]:
    """The private store."""
    check_whole(settings.data)
    accounts = Accounts(settings.data, clock=settings.now)
    try:
        yield accounts
    finally:
        accounts.close()


@contextmanager
def open_stores(settings: Settings, base: str) -> Iterator[tuple[GraphStore, TextIndex]]:
    """The derived stores as they stand; raises StoreLocked while another process has them."""
    store = open_store(settings, base)
    try:
        texts = TextIndex(settings.cache / "text")
        try:
            yield store, texts
        finally:
            texts.close()
    finally:
        store.close()


def open_store(settings: Settings, base: str) -> GraphStore:
    """The graph: an Oxigraph of our own, or the engine that the settings name; raises StoreLocked, Unavailable."""
    if settings.engine is None:
        return EmbeddedStore(settings.cache / "graph")
    engine = RemoteEngine(Addresses(**asdict(settings.engine)), user_agent=settings.user_agent(base))
    return RemoteStore(engine, base, lock=settings.cache / "remote.lock")


def open_answering(
    store: GraphStore, namespaces: WikibaseNamespaces, settings: Settings
) -> AbstractContextManager[Endpoint]:
    """The endpoint: strangers' queries go to processes of our own, or to the engine that has the graph."""
    if isinstance(store, RemoteStore):
        return open_endpoint(EmbeddedStore(), namespaces, settings, elsewhere=store)
    return open_endpoint(store, namespaces, settings)


@contextmanager
def open_graph(repository: Repository, settings: Settings) -> Iterator[Graph]:
    """Graph and text index, and what brings them in step; raises StoreLocked."""
    with open_stores(settings, repository.base) as (store, texts):
        yield Graph(store, texts, Ingest(repository, store, texts, instance=instance_of(settings)))
