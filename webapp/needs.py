"""What the pages need of the services, as protocols, and where a request finds it; every room imports it.

The services themselves and the tests' fakes offer it. The types are those of the use cases; nothing here knows a
backend. What every page needs is told apart from what single rooms need: an application without these still answers.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from datetime import datetime
from typing import Any, Protocol, cast

from flask import current_app

from capx_graph.accounts import Accounts
from capx_graph.analytics import PanelAnswer, PanelRequest
from capx_graph.connected import MemberGrants
from capx_graph.dumps import Dumps
from capx_graph.endpoint.answering import Endpoint
from capx_graph.events import Agenda, Dated, Listing, Wanted, When
from capx_graph.groups import Needs, Rings, RingsRequest, Team, TeamRequest
from capx_graph.linkeddata.nodes import LinkedData
from capx_graph.matching import Asker, Matches
from capx_graph.membership import Membership
from capx_graph.messages import Messages
from capx_graph.model import EntityKind, Ref, SearchPage, SearchRequest
from capx_graph.namespaces import WikibaseNamespaces
from capx_graph.notices.reconfirming import Reconfirmation
from capx_graph.ontology import Instance, Ontology
from capx_graph.privacy import Erasures
from capx_graph.profiles import (
    CapacityNode,
    CapacityProfile,
    EventProfile,
    OrganizationProfile,
    PersonProfile,
    ProjectProfile,
    TerritoryProfile,
)
from capx_graph.queryhelp.help import QueryHelp
from capx_graph.reconcile import Reconciler
from capx_graph.search.newmatches import NewMatches
from capx_graph.settings import Settings
from capx_graph.status import Gatherer, Stand
from capx_graph.stewardship import Stewardship
from capx_graph.terms import RdfFormat
from capx_graph.translation.work import DirectoryWork
from capx_graph.wikipages import WikiPages

SERVICES, MESSAGES, PROGRAM = "capx", "capx_messages", "capx_program"
"""Where ``create_app`` puts them among the extensions of the application."""
WsgiApp = Callable[[dict[str, Any], Any], Iterable[bytes]]


class Suggestion(Protocol):
    """A thing whose name begins with the text; ``matched`` is that name."""

    @property
    def ref(self) -> Ref: ...
    @property
    def matched(self) -> str: ...


class Search(Protocol):
    """Searches; see ``capx_graph.search``."""

    def run(self, request: SearchRequest, /) -> SearchPage: ...
    def query(self, request: SearchRequest, /) -> str: ...
    def suggest(
        self, text: str, /, *, kinds: tuple[EntityKind, ...], reader: tuple[str, ...], limit: int
    ) -> Sequence[Suggestion]: ...


class Profiles(Protocol):
    """Read models of pages; see ``capx_graph.profiles``. Each raises NotFound."""

    def directory(self, *, reader: tuple[str, ...]) -> tuple[CapacityNode, ...]: ...
    def capacity(
        self, value: str, /, *, reader: tuple[str, ...], limit: int = 20, offset: int = 0
    ) -> CapacityProfile: ...
    def person(self, username: str, /, *, reader: tuple[str, ...]) -> PersonProfile: ...
    def is_account_of_organization(self, username: str, /) -> bool: ...
    def organization(
        self, value: str, /, *, reader: tuple[str, ...], limit: int = 20, offset: int = 0
    ) -> OrganizationProfile: ...
    def territory(
        self, value: str, /, *, reader: tuple[str, ...], limit: int = 20, offset: int = 0
    ) -> TerritoryProfile: ...
    def item(self, item_id: str, /, *, reader: tuple[str, ...]) -> Ref: ...
    def event(self, value: str, /, *, reader: tuple[str, ...]) -> EventProfile: ...
    def project(
        self, value: str, /, *, reader: tuple[str, ...], limit: int = 20, offset: int = 0
    ) -> ProjectProfile: ...


class Matching(Protocol):
    """Who a person can learn from, teach and swap with; see ``capx_graph.matching``."""

    def asker(self, username: str, /) -> Asker: ...
    @property
    def stamp(self) -> str: ...
    def matches(self, asker: Asker, /, *, reader: tuple[str, ...], limit: int) -> Matches: ...


class Groups(Protocol):
    """Rings, teams and needs; see ``capx_graph.groups``."""

    def rings(self, request: RingsRequest, /) -> Rings: ...
    def team(self, request: TeamRequest, /) -> Team: ...
    def organization_needs(self, code: str, /, *, reader: tuple[str, ...]) -> Needs: ...
    def event_needs(self, code: str, /, *, reader: tuple[str, ...]) -> Needs: ...


class Store(Protocol):
    """The graph, of which pages know the version only."""

    @property
    def version(self) -> object: ...


class Description(Protocol):
    """Describes the endpoint and the data; see ``capx_graph.linkeddata.description``."""

    def service(self, form: RdfFormat) -> bytes: ...
    def void(self, form: RdfFormat) -> bytes: ...


class Standing(Protocol):
    """As of when the data stands; see ``capx_graph.status``."""

    def now(self) -> Stand: ...


class Services(Protocol):
    """Everything that the pages are made of."""

    @property
    def search(self) -> Search: ...
    @property
    def profiles(self) -> Profiles: ...
    @property
    def matching(self) -> Matching: ...
    @property
    def store(self) -> Store: ...
    @property
    def settings(self) -> Settings: ...
    @property
    def ontology(self) -> Ontology: ...
    @property
    def instance(self) -> Instance: ...
    @property
    def namespaces(self) -> WikibaseNamespaces: ...
    @property
    def standing(self) -> Standing: ...
    @property
    def demonstration(self) -> bool: ...
    @property
    def wiki_app(self) -> WsgiApp: ...


class Analytics(Protocol):
    """Panels of counts; see ``capx_graph.analytics``."""

    def panel(self, request: PanelRequest, /) -> PanelAnswer: ...
    @property
    def stamp(self) -> str: ...


class Events(Protocol):
    """Lists and calendars of events and projects; see ``capx_graph.events``."""

    @property
    def now(self) -> datetime: ...
    def page(self, wanted: Wanted, when: When, /, *, limit: int, offset: int) -> Listing: ...
    def projects(self, wanted: Wanted, /, *, limit: int, offset: int) -> Listing: ...
    def calendar(self, wanted: Wanted, /) -> Agenda: ...
    def beyond_calendar(self, wanted: Wanted, /) -> int: ...
    def single(self, value: str, /, *, reader: tuple[str, ...]) -> tuple[Dated, ...]: ...
    def of_organization(self, value: str, /, *, reader: tuple[str, ...]) -> tuple[Ref, Agenda]: ...


class RoomServices(Services, Protocol):
    """What single rooms need besides what every page needs."""

    @property
    def analytics(self) -> Analytics: ...
    @property
    def groups(self) -> Groups: ...
    @property
    def events(self) -> Events: ...
    @property
    def endpoint(self) -> Endpoint: ...
    @property
    def description(self) -> Description: ...
    @property
    def query_help(self) -> QueryHelp: ...
    @property
    def reconciler(self) -> Reconciler: ...
    @property
    def dumps(self) -> Dumps: ...
    @property
    def linked_data(self) -> LinkedData: ...
    @property
    def wiki_pages(self) -> WikiPages: ...
    @property
    def status(self) -> Gatherer: ...
    @property
    def directory_work(self) -> DirectoryWork: ...
    @property
    def accounts(self) -> Accounts: ...
    @property
    def erasures(self) -> Erasures: ...
    def hide(self) -> None: ...
    @property
    def membership(self) -> Membership: ...
    @property
    def reconfirmation(self) -> Reconfirmation: ...
    @property
    def new_matches(self) -> NewMatches: ...
    @property
    def stewardship(self) -> Stewardship: ...
    @property
    def grants(self) -> MemberGrants | None: ...


def services() -> RoomServices:
    """The services of the application that answers this request."""
    return cast(RoomServices, current_app.extensions[SERVICES])


def accounts() -> Accounts:
    """The private store."""
    return services().accounts


def messages() -> Messages:
    """The messages of the pages in all languages."""
    return cast(Messages, current_app.extensions[MESSAGES])


def program() -> str:
    """What tells this program from the next, for ETags."""
    return cast(str, current_app.extensions[PROGRAM])
