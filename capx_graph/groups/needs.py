"""What an organization or an event needs, who could fill it, and which organizations complement it.

Inside are the people affiliated with the organization (of an event: with its organizers), near those based in a
territory where it is, elsewhere all others. What it wants and an offer beneath it fills it too.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from itertools import islice

from pyroaring import BitMap

from capx_graph.directory import Tree
from capx_graph.groups.model import Fillers, Need, Needs, Partner
from capx_graph.index.families import CLASS, ORGANIZATION, WITHIN
from capx_graph.index.graphsets import Sets
from capx_graph.model import EntityKind, Ref

_SHOWN = 5
_PARTNERS = 10


@dataclass(frozen=True, slots=True)
class Wish:
    """A capacity that is wanted: by the thing itself, by so many of its people."""

    capacity: str
    itself: bool
    people: int = 0


@dataclass(frozen=True, slots=True)
class Place:
    """Where a thing stands: the organizations whose people are inside, the territories that are near."""

    organizations: tuple[str, ...]
    territories: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Filled:
    """A wish with those who could fill it, as item numbers, the recently active first."""

    wish: Wish
    totals: tuple[int, int, int]
    people: tuple[tuple[int, ...], ...]


@dataclass(frozen=True, slots=True)
class Holding:
    """What an organization offers and wants."""

    offers: frozenset[str]
    wants: frozenset[str]


def fill(wishes: Sequence[Wish], place: Place, sets: Sets) -> list[Filled]:
    """Each wish with people who offer it; those that fewest could fill come first."""
    people = sets.things(CLASS, EntityKind.PERSON)
    inside = people & _union(sets, ORGANIZATION, place.organizations)
    near = (people & _union(sets, WITHIN, place.territories)) - inside
    found = []
    for wish in wishes:
        able = sets.things("offersUnder", int(wish.capacity[1:])) & people
        parts = (able & inside, able & near, able - inside - near)
        first = tuple(tuple(islice(sets.in_order(part, "active"), _SHOWN)) for part in parts)
        found.append(Filled(wish, (len(parts[0]), len(parts[1]), len(parts[2])), first))
    return sorted(found, key=_hardest_first)


def partners(own: Holding, others: Mapping[str, Holding], tree: Tree) -> list[tuple[str, list[str], list[str]]]:
    """Organizations that offer what is wanted and, best of all, want what is offered: id, what it gives, what it gets.

    Ranked by the smaller of the two numbers first, then by their sum, then by age.
    """
    found: list[tuple[str, list[str], list[str]]] = []
    for item, other in others.items():
        gives, gets = _met(own.wants, other.offers, tree), _met(other.wants, own.offers, tree)
        if gives or gets:
            found.append((item, gives, gets))
    found.sort(key=lambda one: (-min(len(one[1]), len(one[2])), -len(one[1]) - len(one[2]), int(one[0][1:])))
    return found[:_PARTNERS]


def shown(
    ref: Ref,
    place: Place,
    filled: Sequence[Filled],
    found: Sequence[tuple[str, Sequence[str], Sequence[str]]],
    refs: Mapping[str, Ref],
) -> Needs:
    """The answer with names."""
    return Needs(
        ref,
        tuple(refs[item] for item in place.territories),
        tuple(
            Need(
                refs[each.wish.capacity],
                each.wish.itself,
                each.wish.people,
                *(
                    Fillers(total, tuple(refs[f"Q{number}"] for number in people))
                    for total, people in zip(each.totals, each.people, strict=True)
                ),
            )
            for each in filled
        ),
        tuple(
            Partner(refs[item], tuple(refs[give] for give in gives), tuple(refs[get] for get in gets))
            for item, gives, gets in found
        ),
    )


def _met(wants: frozenset[str], offers: frozenset[str], tree: Tree) -> list[str]:
    """The wanted capacities that are offered, themselves or something beneath them."""
    offered = {above for item in offers for above in tree.above(item)}
    return sorted(wants & offered, key=lambda item: int(item[1:]))


def _union(sets: Sets, family: str, items: Sequence[str]) -> BitMap:
    return BitMap().union(*(sets.things(family, int(item[1:])) for item in items))


def _hardest_first(each: Filled) -> tuple[int, int, int, int]:
    inside, near, elsewhere = each.totals
    return (inside, near, elsewhere, int(each.wish.capacity[1:]))
