"""The read models of all pages, one method a page; made by the wiring, one for all threads.

Each method takes the reader's languages, best first, and raises NotFound for what is not there. The counts of the
directory are kept for one version of the graph: every page of a capacity and the start page show them.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from capx_graph.directory import DirectoryCache, Individuals, Naming
from capx_graph.directory.reading import Items
from capx_graph.errors import NotFound
from capx_graph.messages import told
from capx_graph.model import EntityKind, Ref, Role, SearchRequest
from capx_graph.namespaces import WikibaseNamespaces
from capx_graph.ontology import Instance
from capx_graph.profiles import capacities, holders, places
from capx_graph.profiles.lists import Lists
from capx_graph.profiles.model import (
    CapacityNode,
    CapacityProfile,
    EventProfile,
    OrganizationProfile,
    PersonProfile,
    ProjectProfile,
    RoleTallies,
    Tally,
    TerritoryProfile,
)
from capx_graph.profiles.reading import Reading, Searching
from capx_graph.store.base import GraphReader

_PAGE = 20
_READER = ("en",)


class Profiles:
    """Pages over one graph."""

    def __init__(
        self,
        graph: GraphReader,
        namespaces: WikibaseNamespaces,
        *,
        directory: DirectoryCache,
        naming: Naming,
        search: Searching,
        instance: Instance,
    ) -> None:
        self._graph = graph
        self._items = Items(namespaces)
        self._directory = directory
        self._naming = naming
        self._search = search
        self._individuals = Individuals(instance)
        self._tallies: tuple[int, Mapping[str, RoleTallies]] = (-1, {})

    def directory(self, *, reader: Sequence[str] = _READER) -> tuple[CapacityNode, ...]:
        """All capacities as trees, roots first."""
        return capacities.tree(self._reading(reader), self._counted())

    def capacity(
        self, value: str, *, reader: Sequence[str] = _READER, limit: int = _PAGE, offset: int = 0
    ) -> CapacityProfile:
        """A capacity by item id, ``wikidata:Q...`` or CapX id."""
        return capacities.capacity(self._reading(reader), self._lists(reader, limit, offset), value, self._counted())

    def person(self, username: str, *, reader: Sequence[str] = _READER) -> PersonProfile:
        """A person by username."""
        return holders.person(self._reading(reader), username)

    def is_account_of_organization(self, username: str) -> bool:
        """Whether an organization names this account as its own."""
        try:
            self._reading(_READER).identified([username], "Organization", "username")
        except NotFound:
            return False
        return True

    def organization(
        self, value: str, *, reader: Sequence[str] = _READER, limit: int = _PAGE, offset: int = 0
    ) -> OrganizationProfile:
        """An organization by code."""
        return holders.organization(self._reading(reader), self._lists(reader, limit, offset), value)

    def territory(
        self, value: str, *, reader: Sequence[str] = _READER, limit: int = _PAGE, offset: int = 0
    ) -> TerritoryProfile:
        """A territory by code."""
        return places.territory(self._reading(reader), self._lists(reader, limit, offset), value)

    def event(self, value: str, *, reader: Sequence[str] = _READER) -> EventProfile:
        """An event by code."""
        return places.event(self._reading(reader), value, self._counted())

    def events(self, items: Sequence[str], *, reader: Sequence[str] = _READER) -> tuple[EventProfile, ...]:
        """Events by item id, in the order asked for; without who offers what they are about."""
        return places.events(self._reading(reader), items, {})

    def project(
        self, value: str, *, reader: Sequence[str] = _READER, limit: int = _PAGE, offset: int = 0
    ) -> ProjectProfile:
        """A project of organizations by code, with a page of those who take part in it."""
        return places.project(self._reading(reader), value, self._counted(), limit=limit, offset=offset)

    def projects(self, items: Sequence[str], *, reader: Sequence[str] = _READER) -> tuple[ProjectProfile, ...]:
        """Projects by item id, in the order asked for; without who offers what they are about."""
        return places.projects(self._reading(reader), items, {})

    def item(self, item_id: str, *, reader: Sequence[str] = _READER) -> Ref:
        """Anything that has a class of ours, by item id."""
        found = self._naming.ref(item_id, reader)
        if found.kind is None:
            raise NotFound(told("refused-absent", item_id))
        return found

    def _reading(self, reader: Sequence[str]) -> Reading:
        return Reading(
            self._graph,
            self._items,
            directory=self._directory.current(),
            naming=self._naming,
            individuals=self._individuals,
            reader=reader,
        )

    def _lists(self, reader: Sequence[str], limit: int, offset: int) -> Lists:
        return Lists(self._search, reader, limit=limit, offset=offset)

    def _counted(self) -> Mapping[str, RoleTallies]:
        """How many people offer, want and know each capacity."""
        if self._tallies[0] != self._graph.version:
            within = {role: self._people_by_capacity(role, descendants=True) for role in Role}
            exact = {role: self._people_by_capacity(role, descendants=False) for role in Role}
            version = min(version for version, _ in (*within.values(), *exact.values()))
            self._tallies = (
                version,
                {
                    item: RoleTallies(
                        **{role: Tally(exact[role][1].get(item, 0), within[role][1].get(item, 0)) for role in Role}
                    )
                    for item in {item for _, counts in within.values() for item in counts}
                },
            )
        return self._tallies[1]

    def _people_by_capacity(self, role: Role, *, descendants: bool) -> tuple[int, dict[str, int]]:
        """The version of the graph that was counted, and the number of people by capacity."""
        request = SearchRequest(
            classes=(EntityKind.PERSON,), roles=(role,), descendants=descendants, limit=0, facets=("capacity",)
        )
        page = self._search.run(request)
        return page.version, {value.ref.id: value.count for value in page.facets["capacity"]}
