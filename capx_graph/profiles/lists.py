"""Lists and counts on pages, taken from the search: who offers what where, and how many.

Imported by the rooms of this package. A page shows what the search with the same conditions finds, in its order.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence

from capx_graph.model import EntityKind, Hit, ReasonKind, Ref, Role, SearchRequest
from capx_graph.profiles.model import EventLine, OrganizationLine, PeoplePage, PersonLine
from capx_graph.profiles.reading import Reading, Searching

_MOST = 100
"""Organizations and events on a page; the search shows all."""
_SORT = "active"


class Lists:
    """Lists for one page and one reader; ``limit`` and ``offset`` are those of the page."""

    def __init__(self, search: Searching, reader: Sequence[str], *, limit: int = 20, offset: int = 0) -> None:
        self._search = search
        self._reader = tuple(reader)
        self._limit = limit
        self._offset = offset

    def people(
        self,
        *,
        capacities: tuple[str, ...] = (),
        roles: tuple[Role, ...] = (),
        territories: tuple[str, ...] = (),
        organizations: tuple[str, ...] = (),
    ) -> PeoplePage:
        """The people whom the search finds by these conditions."""
        page = self._search.run(
            SearchRequest(
                classes=(EntityKind.PERSON,),
                capacities=capacities,
                roles=roles,
                territories=territories,
                organizations=organizations,
                sort=_SORT,
                limit=self._limit,
                offset=self._offset,
                reader=self._reader,
                facets=(),
            )
        )
        lines = tuple(PersonLine(hit.ref, _via(hit), hit.last_active) for hit in page.hits)
        return PeoplePage(page.total, lines, page.next_offset)

    def organizations(
        self,
        reading: Reading,
        *,
        capacities: tuple[str, ...] = (),
        roles: tuple[Role, ...] = (),
        territories: tuple[str, ...] = (),
    ) -> tuple[OrganizationLine, ...]:
        """The organizations whom the search finds by these conditions, by name."""
        hits = self._of_class(EntityKind.ORGANIZATION, capacities=capacities, roles=roles, territories=territories)
        facts = reading.facts([hit.ref.id for hit in hits])
        return tuple(
            OrganizationLine(
                hit.ref, reading.individual(facts[hit.ref.id].values.get("organizationType", ())), _via(hit)
            )
            for hit in hits
        )

    def events(self, reading: Reading, capacity: str) -> tuple[EventLine, ...]:
        """The events that concern a capacity or a part of it."""
        hits = self._of_class(EntityKind.EVENT, capacities=(capacity,), roles=(), territories=())
        return event_lines(reading, [hit.ref.id for hit in hits])

    def counts(
        self,
        facet: str,
        *,
        classes: tuple[EntityKind, ...] = (EntityKind.PERSON,),
        capacities: tuple[str, ...] = (),
        roles: tuple[Role, ...] = (),
        territories: tuple[str, ...] = (),
        descendants: bool = True,
    ) -> list[tuple[Ref, int]]:
        """How many things of these classes the search counts beside each value of a facet, most first."""
        page = self._search.run(
            SearchRequest(
                classes=classes,
                capacities=capacities,
                roles=roles,
                territories=territories,
                descendants=descendants,
                limit=0,
                reader=self._reader,
                facets=(facet,),
            )
        )
        return [(value.ref, value.count) for value in page.facets[facet]]

    def _of_class(
        self,
        kind: EntityKind,
        *,
        capacities: tuple[str, ...],
        roles: tuple[Role, ...],
        territories: tuple[str, ...],
    ) -> tuple[Hit, ...]:
        request = SearchRequest(
            classes=(kind,),
            capacities=capacities,
            roles=roles,
            territories=territories,
            sort="name",
            limit=_MOST,
            reader=self._reader,
            facets=(),
        )
        return self._search.run(request).hits


def event_lines(reading: Reading, event_ids: Iterable[str]) -> tuple[EventLine, ...]:
    """These events, the latest first."""
    facts = reading.facts(list(event_ids))
    refs: Mapping[str, Ref] = reading.by_id(facts)
    lines = [
        EventLine(
            event=refs[item],
            begin=found.text("begin"),
            end=found.text("end"),
            location_type=reading.individual(found.values.get("locationType", ())),
            cancelled=bool(found.values.get("cancelled")),
            zone=found.text("timeZone"),
        )
        for item, found in facts.items()
    ]
    return tuple(sorted(lines, key=lambda line: (line.begin or "", line.event.id), reverse=True))


def _via(hit: Hit) -> tuple[Ref, ...]:
    """The capacities that put a hit into the list."""
    found = {r.value.id: r.value for r in hit.reasons if r.kind is ReasonKind.CAPACITY and r.value}
    return tuple(found.values())
