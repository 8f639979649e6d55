"""Questions about groups as their callers ask them; made by the wiring, one for all threads.

The index answers where it is loaded, the graph otherwise; names are looked up at the end, all at once.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import contextmanager

from pyroaring import BitMap

from capx_graph import queries
from capx_graph.directory import Directory, DirectoryCache, Naming
from capx_graph.directory.lookup import ITEM_ID, entry_meant
from capx_graph.directory.reading import Items, text_of
from capx_graph.errors import NotFound
from capx_graph.groups import needs, rings, teams
from capx_graph.groups.choosing import Choosing, Participant, meant
from capx_graph.groups.model import Group, Needs, Rings, RingsRequest, Team, TeamRequest
from capx_graph.groups.needs import Holding, Place, Wish
from capx_graph.groups.solving import Solver
from capx_graph.index import Index
from capx_graph.index.families import CLASS
from capx_graph.index.graphsets import GraphSets, Sets
from capx_graph.messages import told
from capx_graph.model import EntityKind
from capx_graph.namespaces import CAPX, WikibaseNamespaces
from capx_graph.store.base import GraphReader
from capx_graph.terms import Literal

_READER = ("en",)


class Groups:
    """Rings, teams and needs over one graph."""

    def __init__(
        self,
        graph: GraphReader,
        namespaces: WikibaseNamespaces,
        *,
        index: Index,
        directory: DirectoryCache,
        naming: Naming,
    ) -> None:
        self._graph = graph
        self._items = Items(namespaces)
        self._index = index
        self._sets = GraphSets(graph, namespaces)
        self._directory = directory
        self._naming = naming
        self._choosing = Choosing(graph, self._items)
        self._solver = Solver()

    def rings(self, request: RingsRequest) -> Rings:
        """Teaching rings among a group; raises InvalidParameter, AllowanceSpent, WorkersBusy, QueryTooLong."""
        rings.check(request)
        directory = self._directory.current()
        people = self._choosing.participants(request.group, directory, most=rings.MOST_PEOPLE)
        found = rings.find(people, request, directory.tree, self._solver)
        refs = self._naming.refs(found.items(), request.reader)
        return found.shown(refs, self._choosing.unknown(request.group, people))

    def team(self, request: TeamRequest) -> Team:
        """The smallest team for some capacities; raises InvalidParameter, AllowanceSpent, WorkersBusy, QueryTooLong."""
        teams.check(request)
        directory = self._directory.current()
        among = self._among(request.group, directory)
        wanted = teams.Wanted(
            tuple(dict.fromkeys(meant(value, EntityKind.CAPACITY, directory) for value in request.capacities)),
            meant(request.language, EntityKind.LANGUAGE, directory) if request.language else None,
            None if among is None else BitMap(int(person.item[1:]) for person in among),
            request.descendants,
        )
        with self._reading() as sets:
            prepared = teams.prepare(wanted, sets)
        chosen = teams.solve(prepared, self._solver, seconds=request.seconds, client=request.client)
        with self._reading() as sets:
            found = teams.seat(prepared, chosen, sets)
        items = {*wanted.capacities, *([wanted.language] if wanted.language else []), *found.people()}
        unknown = () if among is None else self._choosing.unknown(request.group, among)
        return teams.shown(found, wanted, self._naming.refs(items, request.reader), unknown)

    def organization_needs(self, code: str, *, reader: Sequence[str] = _READER) -> Needs:
        """What an organization and its people want, and who complements it; raises NotFound."""
        directory = self._directory.current()
        item = entry_meant(code, EntityKind.ORGANIZATION, directory)
        if item is None:
            raise NotFound(told("refused-absent", code))
        place = Place((item,), self._about([item])["basedIn"])
        query = queries.load("groups/wishes").bind(organization=[self._items.iri(item)])
        wishes = [
            Wish(self._items.id(capacity), _number(itself) > 0, _number(people))
            for capacity, itself, people in self._graph.select(query)
            if self._items.id(capacity)
        ]
        return self._needs(item, wishes, place, directory, reader)

    def event_needs(self, code: str, *, reader: Sequence[str] = _READER) -> Needs:
        """Who could fill what an event is about; raises NotFound."""
        directory = self._directory.current()
        item = self._choosing.event(code) or self._event_by_id(code)
        about = self._about([item])
        near = about["takesPlaceIn"] or (self._about(about["organizer"])["basedIn"] if about["organizer"] else ())
        wishes = [Wish(capacity, itself=True) for capacity in about["concerns"]]
        return self._needs(item, wishes, Place(about["organizer"], near), directory, reader)

    def _needs(
        self, item: str, wishes: Sequence[Wish], place: Place, directory: Directory, reader: Sequence[str]
    ) -> Needs:
        holdings = self._holdings()
        own = Holding(
            holdings[item].offers if item in holdings else frozenset(), frozenset(wish.capacity for wish in wishes)
        )
        with self._reading() as sets:
            filled = needs.fill(wishes, place, sets)
            others = {
                other: holding for other, holding in holdings.items() if other not in (item, *place.organizations)
            }
        found = needs.partners(own, others, directory.tree)
        named = {item, *place.territories, *(wish.capacity for wish in wishes)}
        named |= {f"Q{number}" for each in filled for people in each.people for number in people}
        named |= {each for other, gives, gets in found for each in (other, *gives, *gets)}
        refs = self._naming.refs(named, reader)
        return needs.shown(refs[item], place, filled, found, refs)

    def _event_by_id(self, code: str) -> str:
        with self._reading() as sets:
            events = sets.things(CLASS, EntityKind.EVENT)
            # Asked first: a bitmap takes no number above 32 bits, and an address may hold any.
            if ITEM_ID.fullmatch(code) and events and int(code[1:]) <= events.max() and int(code[1:]) in events:
                return code.upper()
        raise NotFound(told("refused-absent", code))

    def _about(self, items: Sequence[str]) -> dict[str, tuple[str, ...]]:
        """Territories, organizers and capacities of things, by property."""
        found: dict[str, dict[str, None]] = {name: {} for name in ("basedIn", "takesPlaceIn", "organizer", "concerns")}
        query = queries.load("groups/surroundings").bind(thing=self._items.iris(items))
        for _, property_, value in self._graph.select(query):
            if item := self._items.id(value):
                found[(text_of(property_) or "").removeprefix(CAPX)][item] = None
        return {name: tuple(values) for name, values in found.items()}

    def _holdings(self) -> dict[str, Holding]:
        """What every organization offers and wants."""
        held: dict[str, dict[str, set[str]]] = {}
        for organization, role, capacity in self._graph.select(queries.load("groups/holdings").bind(organization=None)):
            roles = held.setdefault(self._items.id(organization), {"offers": set(), "wants": set()})
            if item := self._items.id(capacity):
                roles[(text_of(role) or "").removeprefix(CAPX)].add(item)
        return {item: Holding(frozenset(r["offers"]), frozenset(r["wants"])) for item, r in held.items() if item}

    def _among(self, group: Group, directory: Directory) -> list[Participant] | None:
        return self._choosing.participants(group, directory, most=100_000) if group else None

    @contextmanager
    def _reading(self) -> Iterator[Sets]:
        if self._index.ready:
            with self._index.reading() as (sets, _):
                yield sets
        else:
            yield self._sets


def _number(term: object) -> int:
    return int(term.value) if isinstance(term, Literal) and term.value.isdigit() else 0
