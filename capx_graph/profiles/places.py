"""The page of a territory, and those of events and projects.

Imported by the service of this package.
"""

from __future__ import annotations

from collections.abc import Mapping

from capx_graph.model import EntityKind, Role
from capx_graph.profiles.lists import Lists
from capx_graph.profiles.model import (
    Count,
    EventProfile,
    ProjectProfile,
    Tally,
    TerritoryNode,
    TerritoryProfile,
)
from capx_graph.profiles.reading import Reading

_MOST_CAPACITIES = 10


def territory(reading: Reading, lists: Lists, value: str) -> TerritoryProfile:
    """A territory by item id, Wikidata id or code."""
    item = reading.entry(value, EntityKind.TERRITORY)
    tree = reading.directory.tree
    people = {ref.id: count for ref, count in lists.counts("territory")}
    exact = {ref.id: count for ref, count in lists.counts("territory", descendants=False)}
    groups = {ref.id: count for ref, count in lists.counts("territory", classes=(EntityKind.ORGANIZATION,))}
    labels, _ = reading.names(item)
    return TerritoryProfile(
        ref=reading.ref(item),
        labels=labels,
        parents=reading.refs(tree.parents.get(item, ())),
        children=_children(reading, item, people, groups),
        counts=Tally(exact.get(item, 0), people.get(item, 0)),
        people=lists.people(territories=(item,)),
        organizations=lists.organizations(reading, territories=(item,)),
        languages=tuple(Count(ref, count) for ref, count in lists.counts("language", territories=(item,))),
        offered=_capacities(reading, lists, item, Role.OFFERS),
        wanted=_capacities(reading, lists, item, Role.WANTS),
    )


def event(reading: Reading, value: str) -> EventProfile:
    """An event by code or item id."""
    item = reading.identified([value], "Event", "code")
    facts = reading.facts([item])[item]
    return EventProfile(
        ref=reading.ref(item),
        description=reading.description(item) or next(iter(facts.in_languages("about")), None),
        begin=facts.text("begin"),
        end=facts.text("end"),
        location_type=reading.individual(facts.values.get("locationType", ())),
        venue=facts.text("venue"),
        websites=facts.texts("website"),
        source=reading.individual(facts.values.get("source", ())),
        organizers=reading.refs(facts.values.get("organizer", ())),
        creators=reading.refs(facts.values.get("creator", ())),
        capacities=reading.refs(facts.values.get("concerns", ())),
        territories=reading.refs(facts.values.get("takesPlaceIn", ())),
    )


def project(reading: Reading, value: str) -> ProjectProfile:
    """A project of organizations by code or item id."""
    item = reading.identified([value], "Project", "code")
    facts = reading.facts([item])[item]
    return ProjectProfile(
        ref=reading.ref(item),
        description=reading.description(item) or next(iter(facts.in_languages("about")), None),
        websites=(*facts.texts("website"), *facts.texts("projectPage")),
        source=reading.individual(facts.values.get("source", ())),
        partners=reading.refs(facts.values.get("partner", ())),
        creators=reading.refs(facts.values.get("creator", ())),
        capacities=reading.refs(facts.values.get("concerns", ())),
    )


def _children(
    reading: Reading, item: str, people: Mapping[str, int], groups: Mapping[str, int]
) -> tuple[TerritoryNode, ...]:
    children = reading.refs(reading.directory.tree.children.get(item, ()))
    return tuple(TerritoryNode(ref, people.get(ref.id, 0), groups.get(ref.id, 0)) for ref in children)


def _capacities(reading: Reading, lists: Lists, item: str, role: Role) -> tuple[Count, ...]:
    """The capacities, without what lies above them, that most people in a territory offer or want.

    The search goes up both trees or neither, so the territories within are asked for by name.
    """
    within = reading.directory.tree.beneath(item)
    counts = lists.counts("capacity", roles=(role,), territories=within, descendants=False)
    return tuple(Count(ref, count) for ref, count in counts[:_MOST_CAPACITIES])
