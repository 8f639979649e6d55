"""What a running service is made of, as the doors get it; ``wiring`` puts it together."""

from __future__ import annotations

from dataclasses import dataclass

from capx_graph.accounts import Accounts
from capx_graph.analytics import Analytics
from capx_graph.connected import Following, MemberGrants
from capx_graph.directory import StandIn
from capx_graph.dumps import Dumps, dump_directory
from capx_graph.endpoint.answering import Endpoint
from capx_graph.errors import Unavailable
from capx_graph.events import Events
from capx_graph.groups import Groups
from capx_graph.importers.demonstration import DemoState, recall
from capx_graph.index import Index
from capx_graph.ingest import Ingest, Prompt
from capx_graph.linkeddata.description import Description
from capx_graph.linkeddata.nodes import LinkedData
from capx_graph.matching import Matching
from capx_graph.membership import Membership
from capx_graph.namespaces import WikibaseNamespaces
from capx_graph.notices.reconfirming import Reconfirmation
from capx_graph.ontology import Instance, Ontology
from capx_graph.privacy import Erasures
from capx_graph.profiles import Profiles
from capx_graph.queryhelp.help import QueryHelp
from capx_graph.reconcile import Reconciler
from capx_graph.repository.store import Repository
from capx_graph.search import Search
from capx_graph.search.newmatches import NewMatches
from capx_graph.settings import Settings
from capx_graph.status import Gatherer, Standing
from capx_graph.stewardship import Stewardship
from capx_graph.store.base import GraphStore
from capx_graph.textindex import TextIndex
from capx_graph.translation.work import DirectoryWork
from capx_graph.wikibase.transport import WsgiApp
from capx_graph.wikibase.writer import Writer
from capx_graph.wikipages import WikiPages


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
