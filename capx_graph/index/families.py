"""Which properties of the ontology make which family of sets; the one table that reader, finders and matches share.

A family is everything said in one way: ``offers`` has a set of things for each capacity, ``speaks`` one for each
language, ``class`` one for each kind of thing. Anyone above may import it.
"""

from __future__ import annotations

from collections.abc import Callable

from capx_graph.model import Role
from capx_graph.namespaces import CAPX
from capx_graph.terms import NamedNode, Term, iri

CLASS = "class"
ROLE = "role"
ORGANIZATION = "organization"
PROJECT = "project"
SPEAKS = "speaks"
SKILL = "skill"
"""Languages with levels: the values are (language, level); any level is written ``""``, any language 0."""
PLACE = "based"
WITHIN = "basedWithin"
MANAGED = "managed"
"""Organizations with a manager, named or not, under the one value ``YES``."""
YES = "yes"
CANCELLED = "cancelled"
"""Events that do not take place, under the one value ``YES``."""
TYPE = "type"
JOINED = "joined"
BEGIN = "begin"
"""The values are instants as they are written; several things may begin at one."""
INVOLVES = "involves"

HELD = {Role.OFFERS: "offers", Role.WANTS: "wants", Role.KNOWS: "knows"}
CONCERNS = "concerns"
BASED = ("basedIn", "takesPlaceIn")
OF_ORGANIZATION = ("affiliatedWith", "organizer", "partner")
CONTRIBUTES = "contributesTo"


def term(name: str) -> NamedNode:
    """A property of the ontology."""
    return iri(CAPX + name)


OF_ITEMS: dict[str, str] = (
    {term(name).value: name for name in (*HELD.values(), CONCERNS)}
    | {term(name).value: PLACE for name in BASED}
    | {term(name).value: ORGANIZATION for name in OF_ORGANIZATION}
    | {term(CONTRIBUTES).value: PROJECT, term("speaks").value: SPEAKS}
)
"""Families whose values are items, by the IRI of the property."""


def local_name(value: Term) -> str:
    """The word for an individual of the ontology; any other IRI as it is, empty for what is none."""
    return value.value.removeprefix(CAPX) if isinstance(value, NamedNode) else ""


def _text(value: Term) -> str:
    return "" if isinstance(value, NamedNode) else str(getattr(value, "value", ""))


def _day(value: Term) -> str:
    """``2026-06-01`` of an instant in ISO 8601; empty for a text that is none."""
    text = _text(value)
    return text[:10] if len(text) > 9 and text[4] == text[7] == "-" else ""


OF_WORDS: dict[str, tuple[str, Callable[[Term], str]]] = {
    term("organizationType").value: (TYPE, local_name),
    term("joined").value: (JOINED, _day),
    term("begin").value: (BEGIN, _text),
    term("management").value: (MANAGED, lambda _: YES),
    term("cancelled").value: (CANCELLED, lambda _: YES),
}
"""Families whose values are words, by the IRI of the property: the word of a value, empty for a value without one."""

DERIVED: dict[str, tuple[tuple[str, bool], ...]] = {
    **{role: ((f"{role}Under", True), (INVOLVES, False), (f"{INVOLVES}Under", True)) for role in HELD.values()},
    CONCERNS: (("concernsUnder", True), (INVOLVES, False), (f"{INVOLVES}Under", True)),
    PLACE: ((WITHIN, True),),
}
"""Families that follow from another one: the name, and whether a value stands for all above it too."""

FOLLOWING = frozenset(term(name) for derived in DERIVED.values() for name, _ in derived)
"""Properties that say in the graph what is derived here, and that are never read."""
