"""The page of a territory, and those of events and projects.

Imported by the service of this package.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace

from capx_graph.model import EntityKind, Ref, Role
from capx_graph.profiles.lists import Lists
from capx_graph.profiles.model import (
    Count,
    EventProfile,
    PeoplePage,
    PersonLine,
    ProjectProfile,
    RoleTallies,
    Tally,
    TerritoryNode,
    TerritoryProfile,
    Text,
)
from capx_graph.profiles.reading import Facts, Reading

Tallies = Mapping[str, RoleTallies]
"""Who offers, wants and knows each capacity."""

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


def event(reading: Reading, value: str, counted: Tallies) -> EventProfile:
    """An event by code or item id."""
    (found,) = events(reading, [reading.identified([value], "Event", "code")], counted)
    return found


def events(reading: Reading, items: Sequence[str], counted: Tallies) -> tuple[EventProfile, ...]:
    """These events, in their order."""
    facts, descriptions = _said(reading, items, ("organizer", "creator", "concerns", "takesPlaceIn"))
    return tuple(_event(reading, facts[item], descriptions.get(item), counted) for item in items)


def _event(reading: Reading, facts: Facts, description: Text | None, counted: Tallies) -> EventProfile:
    capacities = reading.refs(facts.values.get("concerns", ()))
    return EventProfile(
        ref=reading.ref(facts.item),
        description=description or next(iter(facts.in_languages("about")), None),
        begin=facts.text("begin"),
        end=facts.text("end"),
        location_type=reading.individual(facts.values.get("locationType", ())),
        venue=facts.text("venue"),
        websites=facts.texts("website"),
        source=reading.individual(facts.values.get("source", ())),
        organizers=reading.refs(facts.values.get("organizer", ())),
        creators=reading.refs(facts.values.get("creator", ())),
        capacities=capacities,
        territories=reading.refs(facts.values.get("takesPlaceIn", ())),
        zone=facts.text("timeZone"),
        cancelled=facts.text("cancelled"),
        tallies=_of_them(capacities, counted),
    )


def project(reading: Reading, value: str, counted: Tallies, *, limit: int, offset: int) -> ProjectProfile:
    """A project of organizations by code or item id, with a page of those who take part in it."""
    (found,) = projects(reading, [reading.identified([value], "Project", "code")], counted)
    active = reading.taking_part(found.ref.id)
    shown = dict(list(active.items())[offset : offset + limit])
    refs = reading.by_id(shown)
    lines = tuple(PersonLine(refs[item], (), last_active) for item, last_active in shown.items())
    following = offset + limit if offset + limit < len(active) else None
    return replace(found, people=PeoplePage(len(active), lines, following))


def projects(reading: Reading, items: Sequence[str], counted: Tallies) -> tuple[ProjectProfile, ...]:
    """These projects, in their order."""
    facts, descriptions = _said(reading, items, ("partner", "creator", "concerns"))
    return tuple(_project(reading, facts[item], descriptions.get(item), counted) for item in items)


def _project(reading: Reading, facts: Facts, description: Text | None, counted: Tallies) -> ProjectProfile:
    capacities = reading.refs(facts.values.get("concerns", ()))
    return ProjectProfile(
        ref=reading.ref(facts.item),
        description=description or next(iter(facts.in_languages("about")), None),
        websites=(*facts.texts("website"), *facts.texts("projectPage")),
        source=reading.individual(facts.values.get("source", ())),
        partners=reading.refs(facts.values.get("partner", ())),
        creators=reading.refs(facts.values.get("creator", ())),
        capacities=capacities,
        created=facts.text("created"),
        tallies=_of_them(capacities, counted),
    )


def _said(
    reading: Reading, items: Sequence[str], links: Sequence[str]
) -> tuple[Mapping[str, Facts], Mapping[str, Text]]:
    """Facts and descriptions of things; whatever they link to is named in one go, for the readings that follow."""
    facts = reading.facts(items)
    linked = (reading.items.id(term) for one in facts.values() for name in links for term in one.values.get(name, ()))
    reading.by_id([*items, *(item for item in linked if item)])
    return facts, reading.descriptions(items)


def _of_them(capacities: Sequence[Ref], counted: Tallies) -> Mapping[str, RoleTallies]:
    return {ref.id: counted[ref.id] for ref in capacities if ref.id in counted}


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
