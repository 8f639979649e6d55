"""What a push and a pull have in common: the pairs looked at, batch by batch, and what of each is alike or differs.

Only this package imports it.
"""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping
from dataclasses import replace

from capx_graph.handover.comparing import Comparison
from capx_graph.handover.mapping import Ids, parts_of
from capx_graph.handover.merging import Side
from capx_graph.handover.planning import Kind, Plan, Step, compared, doubtful_step, gone, of_differences
from capx_graph.handover.reading import Remote
from capx_graph.handover.selecting import label_of
from capx_graph.handover.sending import can_be_said
from capx_graph.handover.sides import Sides, batches
from capx_graph.handover.state import Base, Pair
from capx_graph.handover.surveying import Surveyor
from capx_graph.model import Page


class Looking:
    """Looks at the pairs of two sides; ``moving`` is the side from which something goes to the other."""

    def __init__(self, sides: Sides, moving: Side) -> None:
        self.sides = sides
        self.moving = moving
        self.pairs: dict[str, Pair] = {}
        self._ids_here: Ids | None = None

    def survey(self) -> tuple[Surveyor, Plan]:
        """Who is whom, and the plan for the pairs; the items of one side alone are the caller's."""
        surveyor = Surveyor(self.sides)
        surveyor.survey()
        self.pairs = surveyor.pairs
        plan = Plan()
        for found in self.look(list(self.pairs)):
            if isinstance(found, Step):
                plan.steps.append(found)
            elif found is not None:
                plan.steps.append(self._step(*found))
                plan.notes += self._note(*found)
        # What somebody there merged one of a pair into is no item of that side alone: it stands for ours from now on.
        paired = {pair.there for pair in self.pairs.values()}
        surveyor.only_there = [entity_id for entity_id in surveyor.only_there if entity_id not in paired]
        for entity_id, why in surveyor.doubtful.items():
            remote = self.sides.reader.entities([entity_id]).get(entity_id)
            plan.steps.append(doubtful_step(entity_id, why, remote.entity if remote else None))
        return surveyor, plan

    def look(self, ids: Collection[str]) -> Iterator[Step | tuple[Comparison, Page, Remote] | None]:
        """Each of these pairs compared anew, or why it cannot be; None for one that is not handed over."""
        to_there = self.sides.ids_there(self.pairs.values())
        paired = {pair.there: pair.here for pair in self.pairs.values()}
        for batch in batches(ids):
            pages = self.sides.repository.pages(batch)
            remotes = self.sides.reader.entities([self.pairs[i].there for i in batch])
            for entity_id in batch:
                page, remote = pages.get(entity_id), remotes.get(self.pairs[entity_id].there)
                yield self._look(self.pairs[entity_id], page, remote, to_there, paired)

    def _look(
        self, pair: Pair, page: Page | None, remote: Remote | None, ids: Ids, paired: Mapping[str, str]
    ) -> Step | tuple[Comparison, Page, Remote] | None:
        if page is None and not pair.base.met:
            return None  # an id that a pull gave out and did not come to use
        if page is not None and page.entity is not None and self.sides.here.class_of(page.entity) is None:
            return None
        why = gone(page, remote, paired)
        if not why and remote is not None and remote.redirect_to:
            pair = self.pairs[pair.here] = replace(pair, there=remote.redirect_to)
            remote = self.sides.reader.entities([pair.there]).get(pair.there)
            why = "was merged there into what was deleted" if remote is None or remote.entity is None else ""
        if why or page is None or remote is None:
            label = label_of(page.entity) if page is not None and page.entity is not None else pair.here
            return Step(Kind.CONFLICT, pair.here, pair.there, label, why=why)
        return compared(self.sides, pair, page, remote, ids), page, remote

    def _step(self, comparison: Comparison, page: Page, remote: Remote) -> Step:
        assert page.entity is not None
        moves, conflicts = of_differences(comparison, self.moving)
        left_out = tuple(dict.fromkeys(comparison.here.unsaid.values())) if self.moving is Side.HERE else ()
        if self.moving is Side.THERE and moves:
            moves, left_out = self._that_can_be_said(comparison, remote)
        kind = Kind.CONFLICT if conflicts else Kind.CHANGE if moves else Kind.UNTOUCHED
        why = "changed on both sides" if conflicts else ""
        pair = comparison.pair
        return Step(kind, pair.here, pair.there, label_of(page.entity), why, moves, conflicts, left_out)

    def _that_can_be_said(self, comparison: Comparison, remote: Remote) -> tuple[tuple[str, ...], tuple[str, ...]]:
        """What changed there and names only what has a pair here, and the ids of what has none."""
        assert remote.entity is not None
        there = parts_of(remote.entity, self._to_here())
        moving = [d for d in comparison.of(Side.THERE) if can_be_said(d, there)]
        return tuple(d.name for d in moving), tuple(dict.fromkeys(there.unsaid.values()))

    def _to_here(self) -> Ids:
        if self._ids_here is None:
            self._ids_here = self.sides.ids_here(self.pairs.values())
        return self._ids_here

    def _note(self, comparison: Comparison, page: Page, remote: Remote) -> list[Pair]:
        """The pair as it is remembered though nothing is done; empty where nothing is new."""
        base = comparison.base(page.revision_id, remote.revision)
        before = comparison.pair.base
        if (base.parts, base.tails) == (before.parts, before.tails) and before.met:
            return []
        return [replace(comparison.pair, base=base)]

    def keep(self, pair: Pair, base: Base) -> None:
        """Remembers a pair as it is now."""
        self.pairs[pair.here] = replace(pair, base=base)
        self.sides.pairing.keep([self.pairs[pair.here]])
