"""What a running service opens, and closes in the opposite order: its stores, and what knows the names in them.

Beside ``opening``, which opens what a command needs, the only room that chooses backends; only this package imports it.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass

from capx_graph.accounts import Accounts
from capx_graph.connected import instance_of
from capx_graph.directory import DirectoryCache, Naming, StandIn
from capx_graph.endpoint.answering import Endpoint
from capx_graph.index import Index
from capx_graph.namespaces import WikibaseNamespaces
from capx_graph.ontology import Instance
from capx_graph.opening import open_accounts, open_answering, open_repository, open_stores
from capx_graph.repository.store import Repository
from capx_graph.settings import Settings
from capx_graph.settling import settle
from capx_graph.store.base import GraphStore
from capx_graph.textindex import TextIndex


@dataclass(frozen=True, slots=True)
class Backends:
    """The stores of one installation, open; ``names`` is what directory, naming and index read the graph through."""

    settings: Settings
    instance: Instance
    repository: Repository
    store: GraphStore
    texts: TextIndex
    endpoint: Endpoint
    accounts: Accounts
    names: StandIn
    directory: DirectoryCache
    naming: Naming
    index: Index

    @property
    def namespaces(self) -> WikibaseNamespaces:
        """The IRIs of this Wikibase."""
        return self.repository.namespaces


@contextmanager
def open_backends(settings: Settings) -> Iterator[Backends]:
    """All stores; raises StoreLocked while another process has them."""
    with (
        open_repository(settings) as repository,
        open_stores(settings, repository.base) as (store, texts),
        open_answering(store, repository.namespaces, settings) as endpoint,
        open_accounts(settings) as accounts,
        open_names(store, repository.namespaces) as (names, directory, naming, index),
    ):
        yield Backends(
            settings=settings,
            instance=instance_of(settings),
            repository=repository,
            store=store,
            texts=texts,
            endpoint=endpoint,
            accounts=accounts,
            names=names,
            directory=directory,
            naming=naming,
            index=index,
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
