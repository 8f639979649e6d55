"""A search over the bench's JSON Lines, written without looking at the graph: dictionaries and sets, nothing clever.

What the real search must answer. Values are natural keys: QIDs of capacities, codes, usernames.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

from tests.bench_data.graph import BenchGraph

ROLES = {"offers": "available", "wants": "wanted", "knows": "known"}
CLASSES = ("person", "organization", "capacity", "event", "project", "territory")
LEVELS = ("1", "2", "3", "4", "5", "n")


@dataclass
class Thing:
    """A record with what it can be found by; capacities and territories as they are, not what lies above."""

    kind: str
    key: str
    name: str
    active: str = ""
    held: dict[str, set[str]] = field(default_factory=dict)
    skills: list[tuple[str, str]] = field(default_factory=list)
    territories: set[str] = field(default_factory=set)
    organizations: set[str] = field(default_factory=set)
    projects: set[str] = field(default_factory=set)


@dataclass
class Asked:
    """A search; ``levels`` may hold "0", which finds nobody."""

    classes: tuple[str, ...] = ()
    capacities: tuple[str, ...] = ()
    roles: tuple[str, ...] = ()
    languages: tuple[str, ...] = ()
    levels: tuple[str, ...] = ()
    territories: tuple[str, ...] = ()
    organizations: tuple[str, ...] = ()
    projects: tuple[str, ...] = ()
    descendants: bool = True
    named: tuple[str, ...] = ()
    """Capacities that the text names: a thing without a name that matches must have one of these."""


class PlainSearch:
    """All active records, and how to search them."""

    def __init__(self, bench: BenchGraph) -> None:
        self.above = bench.above
        self.things = [thing for kind, records in bench.records.items() for thing in _things(kind, records)]
        self.numbers = {key: int(item[1:]) for key, item in bench.ids.items()}

    def find(self, asked: Asked) -> list[Thing]:
        """Everything that meets all conditions, in no order."""
        classes = asked.classes or CLASSES
        return [thing for thing in self.things if thing.kind in classes and self.meets(thing, asked)]

    def meets(self, thing: Thing, asked: Asked) -> bool:
        return (
            ((not asked.capacities and not asked.roles) or self.has_capacity(thing, asked.capacities, asked))
            and (not asked.named or self.has_capacity(thing, asked.named, asked))
            and ((not asked.languages and not asked.levels) or self.speaks(thing, asked))
            and (not asked.territories or bool(self.places(thing, asked) & set(asked.territories)))
            and (not asked.organizations or bool(thing.organizations & set(asked.organizations)))
            and (not asked.projects or bool(thing.projects & set(asked.projects)))
        )

    def capacities(self, thing: Thing, asked: Asked) -> set[str]:
        """The capacities that a thing is found by, in the asked roles."""
        roles = asked.roles or (*ROLES, "concerns")
        held = {key for role in roles for key in thing.held.get(role, ())}
        return {up for key in held for up in self.above["capacity", key]} if asked.descendants else held

    def has_capacity(self, thing: Thing, capacities: tuple[str, ...], asked: Asked) -> bool:
        found = self.capacities(thing, asked)
        return bool(found & set(capacities)) if capacities else bool(found)

    def speaks(self, thing: Thing, asked: Asked) -> bool:
        return any(
            level != "0"
            and (not asked.languages or code in asked.languages)
            and (not asked.levels or level in asked.levels)
            for code, level in thing.skills
        )

    def places(self, thing: Thing, asked: Asked) -> set[str]:
        if not asked.descendants:
            return thing.territories
        return {up for key in thing.territories for up in self.above["territory", key]}

    def counts(self, facet: str, asked: Asked) -> dict[str, int]:
        """For every value, how many would be found if it alone were asked in its facet."""
        field_ = {"class": "classes", "role": "roles", "capacity": "capacities", "language": "languages"}
        field_ |= {"level": "levels", "territory": "territories", "organization": "organizations"}
        name = field_.get(facet, "projects")
        others = self.find(Asked(**(vars(asked) | {name: ()})))
        return dict(Counter(value for thing in others for value in self.values(facet, thing, asked)))

    def values(self, facet: str, thing: Thing, asked: Asked) -> set[str]:
        """The values of a facet that find a thing, the other facets being as they are."""
        if facet == "class":
            return {thing.kind} & set(CLASSES)
        if facet == "role":
            alone = {role: Asked(**(vars(asked) | {"roles": (role,)})) for role in ROLES}
            return {
                role
                for role in ROLES
                if self.has_capacity(thing, asked.capacities, alone[role])
                and (not asked.named or self.has_capacity(thing, asked.named, alone[role]))
            }
        if facet == "capacity":
            return self.capacities(thing, asked)
        if facet == "language":
            levels = asked.levels or LEVELS
            return {code for code, level in thing.skills if level in levels and level != "0"}
        if facet == "level":
            codes = asked.languages or {code for code, _ in thing.skills}
            return {level for code, level in thing.skills if code in codes and level != "0"}
        if facet == "territory":
            return self.places(thing, asked)
        return thing.organizations if facet == "organization" else thing.projects

    def matched(self, thing: Thing, asked: Asked) -> int:
        """How many of the asked values a thing has."""
        spoken = [code for code in asked.languages if self.speaks(thing, Asked(languages=(code,), levels=asked.levels))]
        return (
            len(self.capacities(thing, asked) & set(asked.capacities))
            + len(spoken)
            + len(self.places(thing, asked) & set(asked.territories))
            + len(thing.organizations & set(asked.organizations))
            + len(thing.projects & set(asked.projects))
        )

    def ordered(self, things: list[Thing], asked: Asked, sort: str) -> list[Thing]:
        """Every sort ends in name and age; the least telling key is applied first."""
        order = sorted(things, key=lambda thing: self.numbers[thing.kind, thing.key])
        order.sort(key=lambda thing: thing.name.casefold())
        if sort != "name":
            order.sort(key=lambda thing: thing.active, reverse=True)
        if sort == "relevance":
            order.sort(key=lambda thing: self.matched(thing, asked), reverse=True)
        return order


def _things(kind: str, records: list[dict[str, Any]]) -> list[Thing]:
    make: dict[str, Callable[[dict[str, Any]], Thing]] = {
        "person": _person,
        "organization": _organization,
        "event": _event,
        "project": _project,
        "capacity": lambda r: Thing(kind, r["qid"], r["labels"]["en"]),
        "territory": lambda r: Thing(kind, r["code"], r["name"]),
    }
    return [make[kind](record) for record in records] if kind in make else []


def _held(record: dict[str, Any]) -> dict[str, set[str]]:
    return {role: set(record[name]) for role, name in ROLES.items()}


def _person(record: dict[str, Any]) -> Thing:
    return Thing(
        "person",
        record["username"],
        record["username"],
        record["last_update"],
        _held(record),
        [(skill["code"], skill["proficiency"]) for skill in record["languages"]],
        set(record["territories"]),
        set(record["affiliations"]),
        set(record["projects"]),
    )


def _organization(record: dict[str, Any]) -> Thing:
    updated = record["updated"].replace("Z", ".000000Z")
    places = set(record["territories"])
    return Thing("organization", record["code"], record["names"]["en"], updated, _held(record), territories=places)


def _event(record: dict[str, Any]) -> Thing:
    held = {"concerns": set(record["capacities"])}
    return Thing("event", record["id"], record["name"], held=held, organizations={record["organization"]})


def _project(record: dict[str, Any]) -> Thing:
    partners = {member["code"] for member in record["members"]}
    return Thing(
        "project", record["id"], record["name"], held={"concerns": set(record["capacities"])}, organizations=partners
    )
