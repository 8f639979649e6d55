"""Puts a running service together: every use case over the backends that were opened. Only this package imports it."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

from capx_graph.analytics import Analytics, Counters, Health, Names, Tables
from capx_graph.connected import (
    Following,
    MemberGrants,
    follower_of,
    grants_of,
    leaving_there,
    people_there,
    writer_of,
)
from capx_graph.dumps import Dumps, dump_directory
from capx_graph.editing import in_process_writer, seen_at_once
from capx_graph.events import Events
from capx_graph.groups import Groups
from capx_graph.ingest import PATIENCE, Ingest, Prompt
from capx_graph.linkeddata.description import Description
from capx_graph.matching import Matching
from capx_graph.membership import Membership, Surroundings
from capx_graph.opening import shapes
from capx_graph.privacy import Erasures, erasures_over
from capx_graph.profiles import Profiles
from capx_graph.queryhelp.help import QueryHelp
from capx_graph.reconcile import Reconciler
from capx_graph.repository.wsgi import WikiApp
from capx_graph.search import Search
from capx_graph.services.backends import Backends, open_backends
from capx_graph.services.services import Services
from capx_graph.settings import Settings
from capx_graph.status import Gatherer, WikibaseSource, status_over
from capx_graph.stewardship import Stewardship
from capx_graph.store.remote import RemoteStore
from capx_graph.translation.work import DirectoryWork
from capx_graph.wikibase.transport import WsgiApp
from capx_graph.wikibase.writer import Writer
from capx_graph.wikipages import WikiPages


@contextmanager
def open_services(settings: Settings) -> Iterator[Services]:
    """Everything; answers may be asked for at once, answers are fast after ``index.load``. Raises StoreLocked."""
    with open_backends(settings) as opened:
        yield services_over(opened)


def services_over(opened: Backends) -> Services:
    """Everything that a service does with these backends."""
    settings, accounts = opened.settings, opened.accounts
    ingest = ingest_over(opened)
    prompt = Prompt(ingest, patience=PATIENCE if isinstance(opened.store, RemoteStore) else None)
    following = follower_of(opened.repository, settings)
    grants = grants_of(settings, accounts)
    erasures = leaving_over(opened, ingest, grants)
    wiki_app, writer = wiki_over(opened, ingest, prompt, following=following, grants=grants)
    around = surroundings_of(opened, writer)
    membership = members_over(opened, around)
    return Services(
        settings=settings,
        instance=opened.instance,
        repository=opened.repository,
        accounts=accounts,
        store=opened.store,
        texts=opened.texts,
        ingest=ingest,
        index=opened.index,
        search=around.search,
        matching=matching_over(opened),
        analytics=analytics_over(opened),
        groups=groups_over(opened),
        profiles=around.profiles,
        events=events_over(opened, around.profiles),
        membership=membership,
        stewardship=Stewardship.over(around, accounts, membership, shapes=shapes, clock=settings.now),
        wiki_app=wiki_app,
        wiki_pages=WikiPages(opened.repository),
        endpoint=opened.endpoint,
        description=description_of(opened),
        query_help=query_help_over(opened),
        reconciler=reconciler_over(opened),
        writer=writer,
        directory_work=directory_work_over(opened, writer),
        erasures=erasures,
        status=status_of(opened, ingest, leaving=erasures, following=following),
        prompt=prompt,
        names=opened.names,
        following=following,
        grants=grants,
    )


def ingest_over(opened: Backends) -> Ingest:
    """What keeps all in step; a graph made before the repository was restored is built anew before anybody reads it."""
    observers = (opened.index, opened.endpoint)
    ingest = Ingest(opened.repository, opened.store, opened.texts, instance=opened.instance, observers=observers)
    if ingest.goes_back():
        ingest.catch_up()
    return ingest


def wiki_over(
    opened: Backends, ingest: Ingest, prompt: Prompt, *, following: Following | None, grants: MemberGrants | None
) -> tuple[WsgiApp, Writer]:
    """The wiki, whose edits the graph has at once, and who makes our own edits of it and of a connected one."""
    wiki_app = seen_at_once(WikiApp(opened.repository, opened.accounts), ingest, prompt)
    here = in_process_writer(wiki_app)
    return wiki_app, writer_of(here, opened.settings, following, seen=prompt, grants=grants)


def leaving_over(opened: Backends, ingest: Ingest, grants: MemberGrants | None) -> Erasures:
    """Erasures from the stores of this process, and what is asked of a connected Wikibase."""
    beyond = leaving_there(opened.settings, opened.accounts, grants)
    return erasures_over(
        opened.repository, opened.accounts, opened.instance, settings=opened.settings, ingest=ingest, beyond=beyond
    )


def surroundings_of(opened: Backends, writer: Writer) -> Surroundings:
    """Search and profiles, and with them what members' own pages need."""
    directory, naming, ids = opened.directory, opened.naming, opened.instance
    search = Search(
        opened.store,
        opened.texts,
        opened.namespaces,
        index=opened.index,
        directory=directory,
        naming=naming,
        instance=ids,
    )
    profiles = Profiles(
        opened.store, opened.namespaces, directory=directory, naming=naming, search=search, instance=ids
    )
    return Surroundings(opened.repository, directory, naming, profiles, search, writer, ids)


def members_over(opened: Backends, around: Surroundings) -> Membership:
    """The members, and where their items are."""
    settings = opened.settings
    return Membership.over(
        around,
        opened.accounts,
        shapes=shapes,
        clock=settings.now,
        elsewhere=settings.sign_in is not None,
        there=people_there(settings, opened.instance),
        registered_drafts=settings.registered_drafts,
    )


def matching_over(opened: Backends) -> Matching:
    """Who fits whom."""
    return Matching(
        opened.store,
        opened.namespaces,
        index=opened.index,
        directory=opened.directory,
        naming=opened.naming,
        instance=opened.instance,
        clock=opened.settings.now,
    )


def groups_over(opened: Backends) -> Groups:
    """Rings, teams and needs."""
    return Groups(opened.store, opened.namespaces, index=opened.index, directory=opened.directory, naming=opened.naming)


def events_over(opened: Backends, profiles: Profiles) -> Events:
    """Events and projects."""
    return Events(
        opened.store, opened.namespaces, directory=opened.directory, profiles=profiles, clock=opened.settings.now
    )


def analytics_over(opened: Backends) -> Analytics:
    """The panels over one graph, its repository and the last checkup."""
    counters = Counters(opened.store, opened.namespaces, index=opened.index, directory=opened.directory)
    return Analytics(
        Tables(counters, opened.repository.lives),
        directory=opened.directory,
        names=Names(opened.naming, opened.instance),
        health=Health(opened.settings.cache),
        clock=opened.settings.now,
        smallest=opened.settings.smallest_cell,
    )


def query_help_over(opened: Backends) -> QueryHelp:
    """What the editor of queries knows."""
    return QueryHelp.over(
        opened.namespaces,
        opened.store,
        opened.texts,
        naming=opened.naming,
        directory=opened.directory,
        instance=opened.instance,
        settings=opened.settings,
    )


def reconciler_over(opened: Backends) -> Reconciler:
    """What finds things by their names, for tables of others."""
    return Reconciler.over(
        opened.store,
        opened.texts,
        opened.namespaces,
        directory=opened.directory,
        naming=opened.naming,
        instance=opened.instance,
    )


def directory_work_over(opened: Backends, writer: Writer) -> DirectoryWork:
    """The work of those who keep and translate the directory."""
    return DirectoryWork.over(
        opened.repository,
        opened.directory,
        opened.naming,
        instance=opened.instance,
        writer=writer,
        shapes=shapes,
        settings=opened.settings,
    )


def status_of(opened: Backends, ingest: Ingest, *, leaving: Erasures, following: Following | None) -> Gatherer:
    """How the service does, and the Wikibase that it follows, if any."""
    return status_over(
        ingest,
        opened.settings,
        index=opened.index,
        endpoint=opened.endpoint,
        erasures=leaving.due.all,
        sources=[WikibaseSource(following.state)] if following else [],
    )


def description_of(opened: Backends) -> Description:
    """What the endpoint and the data say of themselves."""
    return Description(
        opened.store,
        opened.namespaces,
        opened.instance.ontology,
        title=opened.settings.site_name,
        federates=bool(opened.settings.sparql.services),
        dumps=lambda: Dumps(dump_directory(opened.settings)).newest_rdf(),
    )
