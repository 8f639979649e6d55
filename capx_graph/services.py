"""The wiring of a running server: which backends serve it, opened and closed in order, and what is built over them.

Beside ``opening``, the wiring of commands, the only room that chooses backends.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any

from capx_graph.accounts import Accounts
from capx_graph.analytics import Analytics, Counters, Health, Names, Tables
from capx_graph.connected import (
    Following,
    MemberGrants,
    follower_of,
    grants_of,
    instance_of,
    leaving_there,
    people_there,
    writer_of,
)
from capx_graph.directory import DirectoryCache, Naming, StandIn
from capx_graph.dumps import Dumps, dump_directory
from capx_graph.editing import in_process_writer, seen_at_once
from capx_graph.endpoint.answering import Endpoint
from capx_graph.errors import Unavailable
from capx_graph.events import Events
from capx_graph.groups import Groups
from capx_graph.importers.demonstration import DemoState, recall
from capx_graph.index import Index
from capx_graph.ingest import PATIENCE, Ingest, Observer, Prompt
from capx_graph.linkeddata.description import Description
from capx_graph.linkeddata.nodes import LinkedData
from capx_graph.matching import Matching
from capx_graph.membership import Membership, Surroundings
from capx_graph.namespaces import WikibaseNamespaces
from capx_graph.notices.reconfirming import Reconfirmation
from capx_graph.ontology import Instance, Ontology
from capx_graph.opening import open_accounts, open_answering, open_repository, open_stores, shapes
from capx_graph.privacy import Erasures, erasures_over
from capx_graph.profiles import Profiles
from capx_graph.queryhelp.help import QueryHelp
from capx_graph.reconcile import Reconciler
from capx_graph.repository.store import Repository
from capx_graph.repository.wsgi import WikiApp
from capx_graph.search import Search
from capx_graph.search.newmatches import NewMatches
from capx_graph.settings import Settings
from capx_graph.settling import settle
from capx_graph.status import Gatherer, Standing, WikibaseSource, status_over
from capx_graph.stewardship import Stewardship
from capx_graph.store.base import GraphStore
from capx_graph.store.remote import RemoteStore
from capx_graph.textindex import TextIndex
from capx_graph.translation.work import DirectoryWork
from capx_graph.wikibase.writer import Writer
from capx_graph.wikipages import WikiPages

WsgiApp = Callable[[dict[str, Any], Callable[..., Any]], Iterable[bytes]]


@dataclass(frozen=True, slots=True)
class Services:
    """Everything that a running service is made of."""

    settings: Settings
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
    events: Events
    membership: Membership
    stewardship: Stewardship
    wiki_app: WsgiApp
    wiki_pages: WikiPages
    endpoint: Endpoint
    description: Description
    query_help: QueryHelp
    reconciler: Reconciler
    writer: Writer
    directory_work: DirectoryWork
    erasures: Erasures
    status: Gatherer
    prompt: Prompt
    names: StandIn
    following: Following | None = None
    grants: MemberGrants | None = None

    @property
    def ontology(self) -> Ontology:
        """The terms that the instance has ids for."""
        return self.instance.ontology

    @property
    def standing(self) -> Standing:
        """As of when the data stands."""
        return self.status.standing

    @property
    def dumps(self) -> Dumps:
        """The published dumps."""
        return Dumps(dump_directory(self.settings))

    def hide(self) -> None:
        """Lets no reader find what was erased: the graph follows, older states of it are read no more.

        Raises Unavailable where an engine elsewhere keeps it waiting.
        """
        followed = self.prompt()
        self.endpoint.forget()
        if not followed:
            raise Unavailable("the engine of the graph has not taken in yet what was erased")

    @property
    def linked_data(self) -> LinkedData:
        """What is said of a node."""
        return LinkedData(self.store, self.namespaces)

    @property
    def new_matches(self) -> NewMatches:
        """Who has come to match a search."""
        return NewMatches(self.search, self.repository.history)

    @property
    def reconfirmation(self) -> Reconfirmation:
        """The yearly question to members."""
        return Reconfirmation(self.accounts, self.membership.own, self.settings.now)

    @property
    def namespaces(self) -> WikibaseNamespaces:
        """The IRIs of this Wikibase."""
        return self.repository.namespaces

    @property
    def demonstration(self) -> bool:
        """Whether the demonstration population is in the data."""
        return recall(self.settings.data).state in (DemoState.ADDING, DemoState.ADDED)


@contextmanager
def open_services(settings: Settings) -> Iterator[Services]:
    """Everything; answers may be asked for at once, answers are fast after ``index.load``."""
    with (
        open_repository(settings) as repository,
        open_stores(settings, repository.base) as (store, texts),
        open_answering(store, repository.namespaces, settings) as endpoint,
        open_accounts(settings) as accounts,
        open_names(store, repository.namespaces) as (names, directory, naming, index),
    ):
        namespaces, ids = repository.namespaces, instance_of(settings)
        search = Search(store, texts, namespaces, index=index, directory=directory, naming=naming, instance=ids)
        ingest = ingest_over(repository, store, texts, (index, endpoint), instance=ids)
        prompt = Prompt(ingest, patience=PATIENCE if isinstance(store, RemoteStore) else None)
        following = follower_of(repository, settings)
        grants = grants_of(settings, accounts)
        erasures = leaving_over(ingest, accounts, ids, settings=settings, grants=grants)
        wiki_app, writer = wiki_over(ingest, prompt, accounts, settings=settings, following=following, grants=grants)
        profiles = Profiles(store, namespaces, directory=directory, naming=naming, search=search, instance=ids)
        around = Surroundings(repository, directory, naming, profiles, search, writer, ids)
        membership = members_over(around, accounts, settings)
        yield Services(
            settings=settings,
            instance=ids,
            repository=repository,
            accounts=accounts,
            store=store,
            texts=texts,
            ingest=ingest,
            index=index,
            search=search,
            matching=Matching(
                store, namespaces, index=index, directory=directory, naming=naming, instance=ids, clock=settings.now
            ),
            analytics=analytics_over(
                repository, store, index=index, directory=directory, names=Names(naming, ids), settings=settings
            ),
            groups=Groups(store, namespaces, index=index, directory=directory, naming=naming),
            profiles=profiles,
            events=Events(store, namespaces, directory=directory, profiles=profiles, clock=settings.now),
            membership=membership,
            stewardship=Stewardship.over(around, accounts, membership, shapes=shapes, clock=settings.now),
            wiki_app=wiki_app,
            writer=writer,
            directory_work=DirectoryWork.over(
                repository, directory, naming, instance=ids, writer=writer, shapes=shapes, settings=settings
            ),
            wiki_pages=WikiPages(repository),
            endpoint=endpoint,
            description=description_of(store, namespaces, ids.ontology, settings),
            query_help=QueryHelp.over(
                namespaces, store, texts, naming=naming, directory=directory, instance=ids, settings=settings
            ),
            reconciler=Reconciler.over(store, texts, namespaces, directory=directory, naming=naming, instance=ids),
            erasures=erasures,
            status=status_of(ingest, settings, index=index, endpoint=endpoint, leaving=erasures, following=following),
            prompt=prompt,
            names=names,
            following=following,
            grants=grants,
        )


@contextmanager
def open_names(
    store: GraphStore, namespaces: WikibaseNamespaces
) -> Iterator[tuple[StandIn, DirectoryCache, Naming, Index]]:
    """Directory, names and index of one graph.

    Whenever the index has been loaded, names are read ahead, and what is there then is taken for lasting.
    """
    names = StandIn(store)
    directory = DirectoryCache(names, namespaces)
    naming = Naming(names, namespaces, directory)

    def loaded(items: Sequence[str]) -> None:
        naming.read_ahead(items)
        settle()

    index = Index(store, namespaces, directory, loaded=loaded)
    try:
        yield names, directory, naming, index
    finally:
        index.close()


def wiki_over(
    ingest: Ingest,
    prompt: Prompt,
    accounts: Accounts,
    *,
    settings: Settings,
    following: Following | None,
    grants: MemberGrants | None,
) -> tuple[WsgiApp, Writer]:
    """The wiki, whose edits the graph has at once, and who makes our own edits of it and of a connected one."""
    wiki_app = seen_at_once(WikiApp(ingest.repository, accounts), ingest, prompt)
    here = in_process_writer(wiki_app)
    return wiki_app, writer_of(here, settings, following, seen=prompt, grants=grants)


def leaving_over(
    ingest: Ingest, accounts: Accounts, instance: Instance, *, settings: Settings, grants: MemberGrants | None
) -> Erasures:
    """Erasures from the stores of this process, and what is asked of a connected Wikibase."""
    beyond = leaving_there(settings, accounts, grants)
    return erasures_over(ingest.repository, accounts, instance, settings=settings, ingest=ingest, beyond=beyond)


def members_over(around: Surroundings, accounts: Accounts, settings: Settings) -> Membership:
    """The members, and where their items are."""
    return Membership.over(
        around,
        accounts,
        shapes=shapes,
        clock=settings.now,
        elsewhere=settings.sign_in is not None,
        there=people_there(settings, around.instance),
        registered_drafts=settings.registered_drafts,
    )


def ingest_over(
    repository: Repository, store: GraphStore, texts: TextIndex, observers: Sequence[Observer], *, instance: Instance
) -> Ingest:
    """What keeps all in step; a graph made before the repository was restored is built anew before anybody reads it."""
    ingest = Ingest(repository, store, texts, instance=instance, observers=observers)
    if ingest.goes_back():
        ingest.catch_up()
    return ingest


def status_of(
    ingest: Ingest,
    settings: Settings,
    *,
    index: Index,
    endpoint: Endpoint,
    leaving: Erasures,
    following: Following | None,
) -> Gatherer:
    """How the service does, and the Wikibase that it follows, if any."""
    sources = [WikibaseSource(following.state)] if following else []
    return status_over(ingest, settings, index=index, endpoint=endpoint, erasures=leaving.due.all, sources=sources)


def description_of(
    store: GraphStore, namespaces: WikibaseNamespaces, ontology: Ontology, settings: Settings
) -> Description:
    """What the endpoint and the data say of themselves."""
    return Description(
        store,
        namespaces,
        ontology,
        title=settings.site_name,
        federates=bool(settings.sparql.services),
        dumps=lambda: Dumps(dump_directory(settings)).newest_rdf(),
    )


def analytics_over(
    repository: Repository,
    store: GraphStore,
    *,
    index: Index,
    directory: DirectoryCache,
    names: Names,
    settings: Settings,
) -> Analytics:
    """The panels over one graph, its repository and the last checkup."""
    return Analytics(
        Tables(Counters(store, repository.namespaces, index=index, directory=directory), repository.lives),
        directory=directory,
        names=names,
        health=Health(settings.cache),
        clock=settings.now,
        smallest=settings.smallest_cell,
    )
