"""Criteria as rows for the queries ``search/matches`` and ``search/counts``: which properties mean which facet.

The one place that ties facets to properties of the ontology; the finders beside it share the tables.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from capx_graph.directory.reading import CLASSES, Items
from capx_graph.index.families import (
    BASED,
    CLASS,
    CONCERNS,
    CONTRIBUTES,
    HELD,
    OF_ORGANIZATION,
    ORGANIZATION,
    PROJECT,
    ROLE,
    term,
)
from capx_graph.model import EntityKind, Role
from capx_graph.queries import Cell
from capx_graph.search.criteria import (
    CAPACITY,
    LANGUAGE,
    LEVEL,
    SEARCHED,
    TERRITORY,
    Criteria,
)
from capx_graph.terms import RDF_TYPE, NamedNode, iri, literal

TEXT = "text"

Row = tuple[Cell, ...]


def capacity_properties(roles: Sequence[Role], *, descendants: bool) -> tuple[NamedNode, ...]:
    """The properties that relate a thing to a capacity in one of these roles, or in any way when none is given."""
    if not descendants:
        return tuple(term(HELD[role]) for role in roles or HELD) + (() if roles else (term(CONCERNS),))
    if not roles:
        return (term("involvesUnder"), term("concernsUnder"))
    return tuple(term(f"{HELD[role]}Under") for role in roles)


def territory_properties(*, descendants: bool) -> tuple[NamedNode, ...]:
    """The properties that relate a thing to a territory."""
    return (term("basedWithin"),) if descendants else tuple(term(name) for name in BASED)


@dataclass(frozen=True, slots=True)
class Conditions:
    """Rows for the parameters of the two queries."""

    conditions: list[Row]
    skills: list[Row]
    named: list[Row]
    facets: int


def conditions(criteria: Criteria, items: Items, *, without: str = "") -> Conditions:
    """The rows of all conditions, those of the facet ``without`` left out; when none is left, everything counts."""
    rows: list[Row] = []
    skills: list[Row] = []
    named: list[Row] = []
    for facet, facet_rows in _conditions(criteria, items):
        if facet != without:
            rows += facet_rows
    if criteria.levels is not None and without != LANGUAGE:
        skills += _skills(criteria, items)
    if criteria.text is not None:
        named += [(literal(TEXT), items.iri(item)) for item in criteria.text.named]
    facets = sum(facet != without for facet in asked_facets(criteria))
    if not facets:
        return Conditions(_class_conditions((*SEARCHED, *criteria.classes)), [], [], 1)
    return Conditions(rows, skills, named, facets)


def asked_facets(criteria: Criteria) -> tuple[str, ...]:
    """The conditions that must hold; capacity stands for capacity and role, language for language and level."""
    asked = {
        CLASS: criteria.classes,
        TEXT: criteria.text is not None,
        CAPACITY: criteria.capacities or criteria.roles,
        LANGUAGE: criteria.languages or criteria.levels is not None,
        TERRITORY: criteria.territories,
        ORGANIZATION: criteria.organizations,
        PROJECT: criteria.projects,
    }
    return tuple(facet for facet, value in asked.items() if value)


def class_rows(kinds: Sequence[EntityKind]) -> Iterator[tuple[NamedNode, EntityKind]]:
    """The classes of the ontology that these kinds stand for."""
    for class_, kind in CLASSES.items():
        if kind in kinds:
            yield iri(class_), kind


def _conditions(criteria: Criteria, items: Items) -> Iterator[tuple[str, list[Row]]]:
    yield CLASS, _class_conditions(criteria.classes)
    properties = capacity_properties(criteria.roles, descendants=criteria.descendants)
    if criteria.text is not None:
        yield TEXT, _values(TEXT, properties, criteria.text.capacities, items, counted=False)
    if criteria.capacities:
        yield CAPACITY, _values(CAPACITY, properties, criteria.capacities, items)
    elif criteria.roles:
        yield CAPACITY, [(literal(CAPACITY), term(HELD[role]), None, None) for role in criteria.roles]
    if criteria.levels is None:
        yield LANGUAGE, _values(LANGUAGE, (term("speaks"),), criteria.languages, items)
    places = territory_properties(descendants=criteria.descendants)
    yield TERRITORY, _values(TERRITORY, places, criteria.territories, items)
    yield ORGANIZATION, _values(ORGANIZATION, [*map(term, OF_ORGANIZATION)], criteria.organizations, items)
    yield PROJECT, _values(PROJECT, (term(CONTRIBUTES),), criteria.projects, items)


def _class_conditions(kinds: Sequence[EntityKind]) -> list[Row]:
    return [(literal(CLASS), RDF_TYPE, class_, None) for class_, _ in class_rows(kinds)]


def _values(
    facet: str, properties: Sequence[NamedNode], values: Sequence[str], items: Items, *, counted: bool = True
) -> list[Row]:
    terms = items.iris(values)
    return [(literal(facet), predicate, term, term if counted else None) for predicate in properties for term in terms]


def _skills(criteria: Criteria, items: Items) -> list[Row]:
    languages: list[Cell] = [*items.iris(criteria.languages)] or [None]
    return [
        (literal(LANGUAGE), language, literal(level), language)
        for language in languages
        for level in criteria.levels or ()
    ]


def counted_values(facet: str, criteria: Criteria, items: Items) -> list[Row]:
    """What to count for a facet: property, value (any), the name to count under (the value)."""
    if facet == CLASS:
        kinds = tuple(dict.fromkeys((*SEARCHED, *criteria.classes)))
        return [(RDF_TYPE, class_, literal(kind.value)) for class_, kind in class_rows(kinds)]
    if facet == ROLE:
        return [row for role in Role for row in _counted_role(role, criteria, items)]
    properties: Sequence[NamedNode] = ()
    if facet == CAPACITY:
        properties = capacity_properties(criteria.roles, descendants=criteria.descendants)
    elif facet == LANGUAGE and criteria.levels is None:
        properties = (term("speaks"),)
    elif facet == TERRITORY:
        properties = territory_properties(descendants=criteria.descendants)
    elif facet == ORGANIZATION:
        properties = [term(name) for name in OF_ORGANIZATION]
    elif facet == PROJECT:
        properties = (term(CONTRIBUTES),)
    return [(predicate, None, None) for predicate in properties]


def counted_skills(facet: str, criteria: Criteria, items: Items) -> list[Row]:
    """What to count where a language and its level must hold of one statement."""
    if facet == LEVEL:
        languages: list[Cell] = [*items.iris(criteria.languages)]
        return [(language, None, literal(LEVEL)) for language in languages or [None]]
    if facet == LANGUAGE:
        return [(None, literal(level), literal(LANGUAGE)) for level in criteria.levels or ()]
    return []


def _counted_role(role: Role, criteria: Criteria, items: Items) -> list[Row]:
    name = literal(role.value)
    if not criteria.capacities:
        return [(term(HELD[role]), None, name)]
    properties = capacity_properties((role,), descendants=criteria.descendants)
    return [(predicate, value, name) for predicate in properties for value in items.iris(criteria.capacities)]
