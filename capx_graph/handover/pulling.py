"""A pull: what is new or newer in a Wikibase elsewhere is brought here, and nothing newer here is overwritten.

Given out to the jobs. New items get ids here first, kept with their pairs, so that links between them hold and a run
that is cut off makes nothing twice. A person's item that belongs to a member is that member's alone.
"""

from __future__ import annotations

import uuid
from collections.abc import Callable, Iterable, Mapping
from dataclasses import replace

from capx_graph.errors import Conflict, InvalidRecord
from capx_graph.handover.comparing import Comparison
from capx_graph.handover.looking import Looking
from capx_graph.handover.mapping import Ids, parts_of
from capx_graph.handover.merging import Side
from capx_graph.handover.planning import Kind, Plan, Step
from capx_graph.handover.reading import Remote
from capx_graph.handover.selecting import COUNTERPART, PERSON, label_of, values_in
from capx_graph.handover.sending import applied, brought, can_be_said
from capx_graph.handover.sides import Sides, batches
from capx_graph.handover.snaks import statement
from capx_graph.handover.state import Base, Pair
from capx_graph.languages import term_codes
from capx_graph.model import SYSTEM, Draft, Page

ACTOR = "Handover"
"""The system account under which items that belong to nobody are written."""
OWNER = f"{SYSTEM}Handover"
"""Owns people who were brought here: nobody can take them over by registering a name."""

Told = Callable[[Step], None]


class Pull:
    """One pull; ``erased`` says of a username whether its owner had everything erased here."""

    def __init__(self, sides: Sides, erased: Callable[[str], bool] | None = None) -> None:
        self._sides = sides
        self._erased = erased
        self._looking = Looking(sides, Side.THERE)
        self._too_early: set[str] = set()
        """Items there whose links name what was not here yet."""

    def plan(self) -> Plan:
        """What would be made and changed here."""
        surveyor, plan = self._looking.survey()
        pending = [pair.there for pair in self._looking.pairs.values() if not pair.base.met and self._unused(pair)]
        doubtful = set(surveyor.doubtful)
        for batch in batches([*pending, *(i for i in surveyor.only_there if i not in doubtful)]):
            for entity_id, remote in self._sides.reader.entities(batch).items():
                if remote.entity is None or self._is_erased(remote):
                    continue
                name = self._sides.there.class_of(remote.entity)
                if name is not None:
                    plan.steps.append(Step(Kind.CREATE, "", entity_id, label_of(remote.entity), name, changes=("all",)))
        plan.expect({step.there for step in plan.of(Kind.CREATE)})
        order = {name: number for number, name in enumerate(self._sides.there.classes.values())}
        plan.steps.sort(key=lambda step: order.get(step.why, -1) if step.kind is Kind.CREATE else -1)
        return plan

    def carry_out(self, plan: Plan, *, told: Told = lambda _: None) -> int:
        """Does what the plan says; answers how many items were written. What could not be done waits in the plan."""
        self._sides.pairing.keep(plan.notes)
        self._looking.pairs |= {pair.here: pair for pair in plan.notes}
        created = plan.of(Kind.CREATE)
        self._give_ids(created)
        written = 0
        for some in batches([step.there for step in created]):
            written += self._create(plan, {step.there: step for step in created if step.there in set(some)}, told)
        changing = [step for step in plan.of(Kind.CHANGE, Kind.CONFLICT) if step.changes]
        written += self._change(plan, changing, told)
        # Links to items that were not there yet when their batch was written.
        by_there = {pair.there: pair.here for pair in self._looking.pairs.values()}
        again = [replace(step, here=by_there[step.there]) for step in created if step.there in self._too_early]
        again += plan.later
        return written + self._change(plan, again, lambda _: None, everything=True)

    def _give_ids(self, steps: list[Step]) -> None:
        """Ids for what is new, kept with the pairs before anything is written under them."""
        paired = {pair.there for pair in self._looking.pairs.values()}
        wanted = [step.there for step in steps if step.there not in paired]
        ids = self._sides.repository.allocate("item", len(wanted)) if wanted else []
        pairs = [Pair(here, there, Base()) for here, there in zip(ids, wanted, strict=True)]
        self._sides.pairing.keep(pairs)
        self._looking.pairs |= {pair.here: pair for pair in pairs}

    def _create(self, plan: Plan, steps: Mapping[str, Step], told: Told) -> int:
        """One batch of new items, those of people apart: they have an owner."""
        pairs = {pair.there: pair for pair in self._looking.pairs.values() if pair.there in steps}
        owners: dict[str | None, list[tuple[Pair, Remote]]] = {None: [], OWNER: []}
        for entity_id, remote in self._sides.reader.entities(steps).items():
            if remote.entity is not None and entity_id in pairs:
                person = self._sides.there.class_of(remote.entity) == PERSON
                owners[OWNER if person else None].append((pairs[entity_id], remote))
        written = 0
        for owner, found in owners.items():
            ids = self._ids_that_stand(pair for pair, _ in found)
            made = [(pair, *self._brought(pair, remote, ids)) for pair, remote in found]
            drafts = [(Draft(entity, owner=owner), replace(pair, base=base)) for pair, entity, base in made]
            written += self._write(plan, steps, drafts, actor=owner or ACTOR)
        for step in steps.values():
            told(step)
        return written

    def _brought(self, pair: Pair, remote: Remote, ids: Ids) -> tuple[dict[str, object], Base]:
        """A new item as it is written, and what of it is alike on both sides from then on."""
        assert remote.entity is not None
        here, there = self._sides.here.instance, self._sides.there.instance
        iri = f"{self._sides.base_there}{pair.there}"
        more = [statement(here.property_id(COUNTERPART), "url", iri) | {"id": _derived(pair, iri)}]
        more += self._from_second_items(pair, remote)
        without = [there.property_id(COUNTERPART)] if there.maps(COUNTERPART) else []
        entity, parts = brought(remote.entity, pair.here, ids, without, *more)
        paired = {known.there for known in self._looking.pairs.values()} if parts.unsaid else set()
        if paired & set(parts.unsaid.values()):
            self._too_early.add(pair.there)
        for kind in ("labels", "descriptions", "aliases"):
            entity[kind] = {code: text for code, text in entity[kind].items() if code in term_codes()}
        said = parts_of(remote.entity, Ids(None), without=without)
        kept = {part for part in parts.texts if part[0] == "claims" or part[1] in term_codes()}
        prints = {"/".join(part): found for part in kept if (found := said.fingerprint(part))}
        return entity, Base(1, remote.revision, prints)

    def _from_second_items(self, pair: Pair, remote: Remote) -> list[dict[str, object]]:
        """Values that lie on a second item there, as the Wikidata id of an index term, as statements of the item."""
        assert remote.entity is not None
        there, here = self._sides.there.instance, self._sides.here.instance
        found: list[dict[str, object]] = []
        for name in there.property_ids:
            if there.path_of(name) is not None and here.maps(name):
                second = self._sides.reader.entities(self._sides.there.second_items([remote.entity]))
                for value in values_in(there, name, remote.entity, second):
                    said = statement(here.property_id(name), here.datatype(name), value)
                    found.append(said | {"id": _derived(pair, f"{name}|{value}")})
        return found

    def _change(self, plan: Plan, steps: list[Step], told: Told, *, everything: bool = False) -> int:
        written = 0
        by_id = {step.here: step for step in steps}
        for some in batches(by_id, size=50):
            for found in self._looking.look(some):
                if found is None or isinstance(found, Step):
                    continue
                step = by_id[found[0].pair.here]
                written += self._take(plan, step, *found, everything=everything)
                told(step)
        return written

    def _take(
        self, plan: Plan, step: Step, comparison: Comparison, page: Page, remote: Remote, *, everything: bool
    ) -> int:
        """What changed there of one item; only what the plan named."""
        assert remote.entity is not None
        assert page.entity is not None
        if page.owner is not None and not page.owner.startswith(SYSTEM):
            plan.waits(step, f"belongs to {page.owner}, who alone may change it here")
            return 0
        there = parts_of(remote.entity, self._ids_that_stand([comparison.pair]))
        moving = [d for d in comparison.of(Side.THERE) if everything or d.name in step.changes]
        moving = [d for d in moving if can_be_said(d, there)]
        if not moving:
            return 0
        entity = applied(page.entity, moving, there)
        base = comparison.base(page.revision_id, remote.revision, moved=moving)
        draft = Draft(entity, owner=page.owner, base_revision=page.revision_id)
        pair = replace(comparison.pair, base=base)
        return self._write(plan, {step.there: step}, [(draft, pair)], actor=page.owner or ACTOR)

    def _write(self, plan: Plan, steps: Mapping[str, Step], found: list[tuple[Draft, Pair]], *, actor: str) -> int:
        """One transaction; an item that the repository refuses is taken out and waits for a person."""
        left = list(found)
        while left:
            summary = f"from {self._sides.base_there}"
            try:
                receipts = self._sides.repository.bulk([draft for draft, _ in left], actor=actor, summary=summary)
            except InvalidRecord as error:
                refused = [pair for draft, pair in left if draft.entity["id"] == error.where]
                if not refused:
                    raise
                left = [(draft, pair) for draft, pair in left if draft.entity["id"] != error.where]
                plan.waits(steps[refused[0].there], str(error))
                continue
            except Conflict as error:
                for _, pair in left:
                    plan.waits(steps[pair.there], str(error))
                return 0
            revisions = {receipt.entity_id: receipt.revision_id for receipt in receipts}
            kept = [replace(p, base=replace(p.base, revision_here=revisions[p.here])) for _, p in left]
            self._sides.pairing.keep(kept)
            self._looking.pairs |= {pair.here: pair for pair in kept}
            return sum(receipt.changed for receipt in receipts)
        return 0

    def _ids_that_stand(self, more: Iterable[Pair]) -> Ids:
        """Ids here of what is here, or comes with the same batch: a statement names nothing that is not there."""
        coming = {pair.here for pair in more}
        there = [
            pair
            for pair in self._looking.pairs.values()
            if pair.here in coming or pair.base.met or self._sides.repository.exists(pair.here)
        ]
        return self._sides.ids_here(there)

    def _unused(self, pair: Pair) -> bool:
        return self._sides.repository.page(pair.here) is None

    def _is_erased(self, remote: Remote) -> bool:
        there = self._sides.there.instance
        if self._erased is None or remote.entity is None or not there.maps("username"):
            return False
        return any(self._erased(name) for name in there.values("username", remote.entity, lambda _: None))


def _derived(pair: Pair, what: str) -> str:
    """A statement id that follows from what it says, so that a run which is repeated writes the same."""
    return f"{pair.here}${str(uuid.uuid5(uuid.NAMESPACE_URL, f'{pair.here}|{what}')).upper()}"
