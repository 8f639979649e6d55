"""The plan of a push or a pull: what becomes of every item of either side. A plan changes nothing.

Given out to the jobs. Of each item no more is kept than what has to be done.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Mapping
from dataclasses import dataclass, field, replace
from enum import StrEnum

from capx_graph.handover.comparing import Comparison
from capx_graph.handover.mapping import Ids, Parts, parts_of
from capx_graph.handover.merging import Side
from capx_graph.handover.reading import Remote
from capx_graph.handover.selecting import COUNTERPART, label_of
from capx_graph.handover.sides import Sides
from capx_graph.handover.state import Pair
from capx_graph.model import EntityJson, Page

LINKS = "links"
"""Stands in a step's changes for statements about items that are made in the same run."""


class Kind(StrEnum):
    """What becomes of an item."""

    CREATE = "create"
    CHANGE = "change"
    CONFLICT = "conflict"
    UNTOUCHED = "untouched"


@dataclass(frozen=True, slots=True)
class Step:
    """An item and what becomes of it; ``changes`` names the parts that move, ``conflicts`` those for a person.

    ``left_out`` are ids that have no pair, so that what names them stays behind.
    """

    kind: Kind
    here: str
    there: str
    label: str
    why: str = ""
    changes: tuple[str, ...] = ()
    conflicts: tuple[str, ...] = ()
    left_out: tuple[str, ...] = ()


@dataclass(slots=True)
class Plan:
    """Every step; ``notes`` are pairs as they are to be remembered even where nothing is done.

    ``later`` are items that are there already and name some that come only now, as a run that was cut off leaves them.
    """

    steps: list[Step] = field(default_factory=list)
    notes: list[Pair] = field(default_factory=list)
    later: list[Step] = field(default_factory=list)

    def of(self, *kinds: Kind) -> list[Step]:
        """The steps of some kinds."""
        return [step for step in self.steps if step.kind in kinds]

    def counts(self) -> dict[str, int]:
        """How many steps of each kind; an item that changes in some parts and waits in others is a conflict."""
        found = Counter(step.kind for step in self.steps)
        return {kind.value: found.get(kind, 0) for kind in Kind}

    @property
    def nothing_to_do(self) -> bool:
        """Whether nothing moves."""
        return not any(step.kind is Kind.CREATE or step.changes for step in self.steps)

    def expect(self, coming: Collection[str]) -> None:
        """Ids that have a pair when everything is made: what names them is not left out."""
        for number, step in enumerate(self.steps):
            if step.kind is not Kind.CREATE and not set(step.left_out).isdisjoint(coming):
                left_out = tuple(entity_id for entity_id in step.left_out if entity_id not in coming)
                kind = Kind.CHANGE if step.kind is Kind.UNTOUCHED else step.kind
                step = replace(step, kind=kind, changes=(*step.changes, LINKS), left_out=left_out)  # noqa: PLW2901 the step that is planned
                self.steps[number] = step
                self.later.append(step)

    def waits(self, step: Step, why: str) -> None:
        """A step that could not be carried out."""
        self.steps[self.steps.index(step)] = replace(
            step, kind=Kind.CONFLICT, why=" ".join(why.split())[:200], changes=()
        )


def compared(sides: Sides, pair: Pair, page: Page, remote: Remote, ids: Ids) -> Comparison:
    """A pair whose both items are there, compared in the ids of the other side."""
    assert page.entity is not None
    assert remote.entity is not None
    here = parts_of(page.entity, ids, without=kept_back(sides))
    return Comparison(pair, without_languages(here, sides.reader.languages()), said_there(sides, remote.entity))


def said_there(sides: Sides, entity: EntityJson) -> Parts:
    """The parts of an item there; what says which item here it is, is none of them."""
    counterpart = sides.there.instance.property_ids.get(COUNTERPART)
    return parts_of(entity, Ids(None), without=(counterpart,) if counterpart else ())


def kept_back(sides: Sides) -> set[str]:
    """Properties here that are never handed over: what pairs items, and what lies on a second item there."""
    names = [COUNTERPART, *(name for name in sides.there.instance.property_ids if sides.there.instance.path_of(name))]
    return {sides.here.instance.property_id(name) for name in names if sides.here.instance.maps(name)}


def without_languages(parts: Parts, known: frozenset[str]) -> Parts:
    """The parts, of which texts in languages that the other side does not know cannot be said there."""
    for part in [part for part in parts.texts if part[0] != "claims" and part[1] not in known]:
        del parts.texts[part]
        parts.unsaid[part] = f"language {part[1]}"
    return parts


def gone(page: Page | None, remote: Remote | None, paired: Mapping[str, str]) -> str:
    """Why a pair cannot be compared; empty where it can."""
    if page is None:
        return "was deleted here"
    if page.redirect_to:
        return f"was merged into {page.redirect_to} here"
    if remote is None:
        return "was deleted there"
    if remote.unreadable:
        return remote.unreadable
    if remote.redirect_to and remote.redirect_to in paired:
        return f"was merged there into {remote.redirect_to}, which stands for {paired[remote.redirect_to]}"
    return ""


def of_differences(comparison: Comparison, moving: Side) -> tuple[tuple[str, ...], tuple[str, ...]]:
    """The names of what moves, and of what is for a person."""
    moves = tuple(difference.name for difference in comparison.of(moving))
    conflicts = tuple(difference.name for difference in comparison.of(Side.BOTH))
    return moves, conflicts


def doubtful_step(entity_id: str, why: str, entity: EntityJson | None) -> Step:
    """An item there that could be more than one here."""
    return Step(Kind.CONFLICT, "", entity_id, label_of(entity) if entity else entity_id, why=why)
