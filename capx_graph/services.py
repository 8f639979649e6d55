"""The wiring: which backends serve this run, opened and closed in order; the only room that chooses them.

Doors open what they need: the repository alone (imports beside a running service), repository and graph (checks,
queries), or everything (``open_services``). A new data directory gets the ontology and nothing else.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from contextlib import AbstractContextManager, contextmanager
from dataclasses import asdict, dataclass
from datetime import datetime
from functools import cache
from typing import Any

from capx_graph import __version__
from capx_graph.accounts import Accounts
from capx_graph.analytics import Analytics, Counters, Health, Names, Tables
from capx_graph.description import Description
from capx_graph.directory import DirectoryCache, Naming
from capx_graph.directorywork import DirectoryWork
from capx_graph.dumps import Dumps, dump_directory
from capx_graph.editing import in_process_writer, seen_at_once
from capx_graph.endpoint import Endpoint, open_endpoint
from capx_graph.errors import NotFound
from capx_graph.groups import Groups
from capx_graph.importers.demonstration import DemoState, recall
from capx_graph.importers.drafts import Vocabulary
from capx_graph.importers.importer import Importer
from capx_graph.index import Index
from capx_graph.ingest import Ingest
from capx_graph.linkeddata import LinkedData
from capx_graph.matching import Matching
from capx_graph.membership import Membership, Surroundings
from capx_graph.namespaces import WikibaseNamespaces
from capx_graph.ontology import Instance, Ontology, load_instance
from capx_graph.privacy import Erasures, erase_again, erasures_over, tombstones_of
from capx_graph.profiles import Profiles
from capx_graph.provisioning import provision
from capx_graph.queryhelp import QueryHelp
from capx_graph.reconcile import Facts as ReconciliationFacts
from capx_graph.reconcile import Reconciler
from capx_graph.reconcile import Vocabulary as ReconciliationVocabulary
from capx_graph.repository.store import FILE_NAME, Repository, RepositorySettings
from capx_graph.repository.wsgi import WikiApp
from capx_graph.search import Search
from capx_graph.settings import Settings
from capx_graph.shapes import Shapes
from capx_graph.store.base import GraphStore
from capx_graph.store.embedded import EmbeddedStore
from capx_graph.store.remote import RemoteStore
from capx_graph.store.remoteengine import Addresses, RemoteEngine
from capx_graph.textindex import TextIndex
from capx_graph.tombstones import Tombstones
from capx_graph.wikibase.writer import Writer
from capx_graph.wikipages import WikiPages

_INSTANCE = "embedded"

WsgiApp = Callable[[dict[str, Any], Callable[..., Any]], Iterable[bytes]]


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


@dataclass(frozen=True, slots=True)
class Services:
    """Everything that a running service is made of."""

    settings: Settings
    ontology: Ontology
    instance: Instance
    repository: Repository
    accounts: Accounts
    store: GraphStore
    texts: TextIndex
    ingest: Ingest
    index: Index
    search: Search
    matching: Matching
    analytics: Analytics
    groups: Groups
    profiles: Profiles
    membership: Membership
    wiki_app: WsgiApp
    wiki_pages: WikiPages
    endpoint: Endpoint
    description: Description
    query_help: QueryHelp
    reconciler: Reconciler
    linked_data: LinkedData
    writer: Writer
    directory_work: DirectoryWork
    erasures: Erasures

    @property
    def dumps(self) -> Dumps:
        """The published dumps."""
        return Dumps(dump_directory(self.settings))

    def hide(self) -> None:
        """Lets no reader find what was erased: the graph follows, older states of it are read no more."""
        self.ingest.catch_up()
        self.endpoint.forget()

    @property
    def namespaces(self) -> WikibaseNamespaces:
        """The IRIs of this Wikibase."""
        return self.repository.namespaces

    @property
    def demonstration(self) -> bool:
        """Whether the demonstration population is in the data."""
        return recall(self.settings.data).state in (DemoState.ADDING, DemoState.ADDED)


@cache
def shapes() -> Shapes:
    """The shapes, read when they are first needed."""
    return Shapes.load()


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
            edits_per_minute=settings.edits_per_minute,
            formatter_url=ids.property_id("formatterUrl"),
            formatter_uri=ids.property_id("formatterUri"),
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
            repository, instance(), shapes(), clock=settings.now, erased=erased.stands_for if erased.newest else None
        )
        yield Importing(settings, repository, Vocabulary(instance()), importer, erased)


@contextmanager
def open_accounts(settings: Settings) -> Iterator[Accounts]:
    """The private store."""
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
    contact = settings.contact or base
    engine = RemoteEngine(Addresses(**asdict(settings.engine)), user_agent=f"capx-graph/{__version__} ({contact})")
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
        yield Graph(store, texts, Ingest(repository, store, texts, instance=instance()))


@contextmanager
def open_services(settings: Settings) -> Iterator[Services]:
    """Everything; answers may be asked for at once, answers are fast after ``index.load``."""
    with (
        open_repository(settings) as repository,
        open_stores(settings, repository.base) as (store, texts),
        open_answering(store, repository.namespaces, settings) as endpoint,
    ):
        accounts = Accounts(settings.data, clock=settings.now)
        try:
            namespaces = repository.namespaces
            directory = DirectoryCache(store, namespaces)
            naming = Naming(store, namespaces, directory)
            index = Index(store, namespaces, directory)
            ids = instance()
            search = Search(store, texts, namespaces, index=index, directory=directory, naming=naming, instance=ids)
            ingest = ingest_over(repository, store, texts, index)
            wiki_app = seen_at_once(WikiApp(repository, accounts), ingest)
            writer = in_process_writer(wiki_app)
            profiles = Profiles(store, namespaces, directory=directory, naming=naming, search=search, instance=ids)
            yield Services(
                settings=settings,
                ontology=ids.ontology,
                instance=ids,
                repository=repository,
                accounts=accounts,
                store=store,
                texts=texts,
                ingest=ingest,
                index=index,
                search=search,
                matching=matching_over(
                    store, namespaces, index=index, naming=naming, directory=directory, now=settings.now
                ),
                analytics=analytics_over(
                    repository, store, index=index, directory=directory, naming=naming, settings=settings
                ),
                groups=Groups(store, namespaces, index=index, directory=directory, naming=naming),
                profiles=profiles,
                membership=Membership.over(
                    Surroundings(repository, directory, naming, profiles, search, writer, instance()),
                    accounts,
                    shapes=shapes,
                    clock=settings.now,
                ),
                wiki_app=wiki_app,
                writer=writer,
                directory_work=directory_work(repository, directory, naming, writer=writer, settings=settings),
                wiki_pages=WikiPages(repository),
                endpoint=endpoint,
                description=description_of(store, namespaces, settings),
                query_help=QueryHelp.over(
                    namespaces, store, texts, naming=naming, directory=directory, instance=ids, settings=settings
                ),
                linked_data=LinkedData(store, namespaces),
                reconciler=reconciler_over(store, texts, namespaces, directory=directory, naming=naming),
                erasures=erasures_over(repository, accounts, instance(), settings=settings, ingest=ingest),
            )
        finally:
            accounts.close()


def ingest_over(repository: Repository, store: GraphStore, texts: TextIndex, index: Index) -> Ingest:
    """What keeps all in step; a graph made before the repository was restored is built anew before anybody reads it."""
    ingest = Ingest(repository, store, texts, instance=instance(), observers=(index,))
    if ingest.goes_back():
        ingest.catch_up()
    return ingest


def description_of(store: GraphStore, namespaces: WikibaseNamespaces, settings: Settings) -> Description:
    """What the endpoint and the data say of themselves."""
    return Description(
        store,
        namespaces,
        instance().ontology,
        title=settings.site_name,
        federates=bool(settings.sparql.services),
        dumps=lambda: Dumps(dump_directory(settings)).newest_rdf(),
    )


def directory_work(
    repository: Repository, directory: DirectoryCache, naming: Naming, *, writer: Writer, settings: Settings
) -> DirectoryWork:
    """Keeping and translating the directory."""
    return DirectoryWork.over(
        repository, directory, naming, instance=instance(), writer=writer, shapes=shapes, settings=settings
    )


def matching_over(
    store: GraphStore,
    namespaces: WikibaseNamespaces,
    *,
    index: Index,
    naming: Naming,
    directory: DirectoryCache,
    now: Callable[[], datetime],
) -> Matching:
    """Matches from one graph and its index; ``now`` divides past events from coming ones."""
    return Matching(store, namespaces, index=index, directory=directory, naming=naming, instance=instance(), clock=now)


def analytics_over(
    repository: Repository,
    store: GraphStore,
    *,
    index: Index,
    directory: DirectoryCache,
    naming: Naming,
    settings: Settings,
) -> Analytics:
    """The panels over one graph, its repository and the last checkup."""
    return Analytics(
        Tables(Counters(store, repository.namespaces, index=index, directory=directory), repository.lives),
        directory=directory,
        names=Names(naming, instance()),
        health=Health(settings.cache),
        clock=settings.now,
        smallest=settings.smallest_cell,
    )


def reconciler_over(
    store: GraphStore, texts: TextIndex, namespaces: WikibaseNamespaces, *, directory: DirectoryCache, naming: Naming
) -> Reconciler:
    """Reconciliation over one graph and its names."""
    facts = ReconciliationFacts(store, texts, namespaces, directory)
    return Reconciler(facts, texts, naming, ReconciliationVocabulary(instance()))
