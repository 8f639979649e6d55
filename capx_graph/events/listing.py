"""Which events there are for a reader: coming and past ones, those of a calendar, and projects beside them.

Given out by the package. All beginnings that meet the conditions are read once for each state of the graph (10,000
take half a second); only what is shown is named. An event whose beginning is no instant stands in no list: its own
page shows it, and the shapes report it.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta

from capx_graph import queries
from capx_graph.directory import DirectoryCache
from capx_graph.directory.lookup import entry_meant
from capx_graph.directory.reading import CLASSES, Items
from capx_graph.errors import NotFound
from capx_graph.events.model import Agenda, Dated, Listed, Listing, Wanted, When
from capx_graph.index.families import CLASS, OF_ORGANIZATION, ORGANIZATION, term
from capx_graph.instants import Clock, said_instant
from capx_graph.messages import told
from capx_graph.model import EntityKind, Ref
from capx_graph.namespaces import WikibaseNamespaces
from capx_graph.profiles import Profiles
from capx_graph.queries import Cell
from capx_graph.search.conditions import capacity_properties, territory_properties
from capx_graph.search.criteria import CAPACITY, TERRITORY
from capx_graph.search.resolve import items
from capx_graph.store.base import GraphReader
from capx_graph.terms import RDF_TYPE, Literal, NamedNode, Term, integer, iri, literal

RECENT = timedelta(days=92)
"""How long an event stays in calendars after its end."""
MOST = 500
"""Events of one calendar, the nearest to now; each takes a millisecond or two to write."""
_KEPT = 32
"""Conditions whose events are kept by time until the graph changes: pages of one list ask the same again."""

_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)


@dataclass(frozen=True, slots=True)
class _Time:
    item: str
    begin: datetime
    end: datetime | None

    @property
    def over(self) -> datetime:
        return self.end or self.begin


class Events:
    """Lists of events and projects over one graph."""

    def __init__(
        self,
        graph: GraphReader,
        namespaces: WikibaseNamespaces,
        *,
        directory: DirectoryCache,
        profiles: Profiles,
        clock: Clock,
    ) -> None:
        self._graph = graph
        self._items = Items(namespaces)
        self._directory = directory
        self._profiles = profiles
        self._clock = clock
        self._kept: tuple[int, dict[Wanted, list[_Time]]] = (-1, {})

    @property
    def now(self) -> datetime:
        """The instant that divides coming events from past ones."""
        return self._clock()

    def page(self, wanted: Wanted, when: When, *, limit: int = 50, offset: int = 0) -> Listing:
        """A page of coming or past events; raises InvalidParameter for a condition that names nothing."""
        now = self._clock()
        if when is When.COMING:
            found = [time for time in self._times(wanted) if time.over >= now]
        else:
            found = [time for time in self._times(wanted) if time.over < now][::-1]
        shown = found[offset : offset + limit]
        following = offset + len(shown)
        return Listing(
            total=len(found),
            events=tuple(self._listed(shown, wanted.reader)),
            next_offset=following if shown and following < len(found) else None,
        )

    def projects(self, wanted: Wanted, *, limit: int = 50, offset: int = 0) -> Listing:
        """A page of projects, by name; raises InvalidParameter as ``page``."""
        found = [item for item, _, _ in self._found(wanted, EntityKind.PROJECT)]
        every = sorted(
            self._profiles.projects(found, reader=wanted.reader),
            key=lambda one: (one.ref.label.casefold(), one.ref.id),
        )
        shown = every[offset : offset + limit]
        following = offset + len(shown)
        return Listing(len(every), (), tuple(shown), following if shown and following < len(every) else None)

    def calendar(self, wanted: Wanted) -> Agenda:
        """Coming and recent events, as calendars take them; raises InvalidParameter as ``page``."""
        now = self._clock()
        kept = self._current(wanted)
        nearest = sorted(kept, key=lambda time: (time.over < now, abs(time.begin - now)))[:MOST]
        events = self._dated(sorted(nearest, key=lambda time: (time.begin, time.item)), wanted.reader)
        return Agenda(events, total=len(kept))

    def beyond_calendar(self, wanted: Wanted) -> int:
        """How many events there are where a calendar leaves some out, 0 where it holds all."""
        total = len(self._current(wanted))
        return total if total > MOST else 0

    def single(self, value: str, *, reader: tuple[str, ...]) -> tuple[Dated, ...]:
        """The calendar of one event, whenever it is; raises NotFound, also for one without an instant."""
        event = self._profiles.event(value, reader=reader)
        begin = said_instant(event.begin)
        if begin is None:
            raise NotFound(f"the event {value!r} has no time")
        return self._dated([_Time(event.ref.id, begin, said_instant(event.end))], reader)

    def of_organization(self, value: str, *, reader: tuple[str, ...]) -> tuple[Ref, Agenda]:
        """The calendar of an organization, and its name; raises NotFound."""
        found = entry_meant(value, EntityKind.ORGANIZATION, self._directory.current())
        if found is None:
            raise NotFound(told("refused-absent", value))
        return self._profiles.item(found, reader=reader), self.calendar(Wanted(organizations=(found,), reader=reader))

    def _current(self, wanted: Wanted) -> list[_Time]:
        recent = self._clock() - RECENT
        return [time for time in self._times(wanted) if time.over >= recent]

    def _listed(self, times: Sequence[_Time], reader: tuple[str, ...]) -> Iterator[Listed]:
        profiles = self._profiles.events([time.item for time in times], reader=reader)
        for time, profile in zip(times, profiles, strict=True):
            yield Listed(profile, time.begin, time.end)

    def _dated(self, times: Sequence[_Time], reader: tuple[str, ...]) -> tuple[Dated, ...]:
        query = queries.load("events/revisions").bind(thing=self._items.iris(time.item for time in times))
        states = {
            self._items.id(thing): (int(_text(revision) or 0), said_instant(_text(newest)) or _EPOCH)
            for thing, revision, newest in (self._graph.select(query) if times else ())
        }
        return tuple(
            Dated(one.event, one.begin, one.end, *states.get(one.event.ref.id, (0, _EPOCH)))
            for one in self._listed(times, reader)
        )

    def _times(self, wanted: Wanted) -> list[_Time]:
        """The events that meet the conditions, by their beginning."""
        version, key = self._graph.version, replace(wanted, reader=())
        kept = self._kept[1] if self._kept[0] == version else {}
        if key not in kept:
            kept = {**dict(list(kept.items())[1 - _KEPT :]), key: self._read(wanted)}
            self._kept = (version, kept)
        return kept[key]

    def _read(self, wanted: Wanted) -> list[_Time]:
        found = [
            _Time(item, begin, end if end is not None and end >= begin else None)
            for item, begin, end in self._found(wanted, EntityKind.EVENT)
            if begin is not None
        ]
        return sorted(found, key=lambda time: (time.begin, time.item))

    def _found(self, wanted: Wanted, kind: EntityKind) -> Iterator[tuple[str, datetime | None, datetime | None]]:
        rows = list(self._conditions(wanted, kind))
        query = queries.load("events/listed").bind(conditions=rows, facets=integer(len({row[0] for row in rows})))
        for thing, begin, end in self._graph.select(query):
            if item := self._items.id(thing):
                yield item, said_instant(_text(begin)), said_instant(_text(end))

    def _conditions(self, wanted: Wanted, kind: EntityKind) -> Iterator[tuple[Cell, ...]]:
        directory = self._directory.current()
        yield from ((literal(CLASS), RDF_TYPE, iri(name)) for name, found in CLASSES.items() if found is kind)
        asked = (
            (CAPACITY, EntityKind.CAPACITY, wanted.capacities, capacity_properties((), descendants=wanted.descendants)),
            (TERRITORY, EntityKind.TERRITORY, wanted.territories, territory_properties(descendants=wanted.descendants)),
            (ORGANIZATION, EntityKind.ORGANIZATION, wanted.organizations, [term(name) for name in OF_ORGANIZATION]),
        )
        for facet, of_kind, values, properties in asked:
            named = self._items.iris(items(values, of_kind, directory))
            yield from ((literal(facet), predicate, value) for predicate in properties for value in named)


def _text(value: Term | None) -> str | None:
    return value.value if isinstance(value, Literal | NamedNode) else None
