"""A push: the directory here is copied to a Wikibase elsewhere, and nothing newer there is overwritten.

Given out to the jobs. Every item is compared anew right before its edit, which carries the revision that was compared.
An item that is made there says by an exact-match statement which one here it is, in the same edit.
"""

from __future__ import annotations

from collections.abc import Callable

from capx_graph.errors import Conflict, EditRefused, Forbidden, NotFound
from capx_graph.handover.comparing import Comparison
from capx_graph.handover.looking import Looking
from capx_graph.handover.mapping import Ids, Parts, parts_of
from capx_graph.handover.merging import Side
from capx_graph.handover.planning import Kind, Plan, Step, kept_back, said_there, without_languages
from capx_graph.handover.reading import Remote
from capx_graph.handover.selecting import COUNTERPART, label_of
from capx_graph.handover.sending import changes, new_item
from capx_graph.handover.sides import Sides, batches
from capx_graph.handover.snaks import statement
from capx_graph.handover.state import Base, Pair
from capx_graph.model import Page
from capx_graph.wikibase.writer import Writer

_FORBIDDEN_AT_MOST = 3
"""Items in a row that may not be edited: after that it is not the items, it is us."""

_ERASED = "erased at the wish of the person"

Told = Callable[[Step], None]


class Push:
    """One push."""

    def __init__(self, sides: Sides) -> None:
        self._sides = sides
        self._looking = Looking(sides, Side.HERE)
        self._refused_in_a_row = 0

    def plan(self) -> Plan:
        """What would be made and changed there."""
        surveyor, plan = self._looking.survey()
        # What will have a pair when the push is through can be named then.
        hoped = [*self._looking.pairs.values(), *(Pair(i, i, Base()) for i in surveyor.only_here)]
        ids = self._sides.ids_there(hoped)
        for batch in batches(surveyor.only_here):
            pages = self._sides.repository.pages(batch)
            for entity_id in batch:
                page = pages.get(entity_id)
                if page is not None and page.entity is not None:
                    unsaid = tuple(dict.fromkeys(self._parts(page, ids).unsaid.values()))
                    plan.steps.append(
                        Step(Kind.CREATE, entity_id, "", label_of(page.entity), changes=("all",), left_out=unsaid)
                    )
        plan.expect(surveyor.only_here)
        return plan

    def carry_out(self, plan: Plan, writer: Writer, *, told: Told = lambda _: None) -> int:
        """Does what the plan says; answers how many edits were made. What could not be done waits in the plan."""
        self._sides.pairing.keep(plan.notes)
        self._looking.pairs |= {pair.here: pair for pair in plan.notes}
        edits = self._change(plan, [step for step in plan.of(Kind.CHANGE, Kind.CONFLICT) if step.changes], writer, told)
        again = list(plan.later)
        for step in plan.of(Kind.CREATE):
            made, whole = self._create(plan, step, writer)
            edits += made
            if made and not whole:
                again.append(step)
            told(step)
        # Links between new items that came too early for the first edit.
        return edits + self._change(plan, again, writer, lambda _: None, everything=True)

    def ask_deletion(self, writer: Writer) -> list[str]:
        """Has what stands there for erased people deleted, or emptied where we may not; answers what remains."""
        left = []
        for entity_id in self._sides.pairing.remaining():
            try:
                writer.delete(entity_id, account="", reason=_ERASED)
            except NotFound:
                pass
            except Forbidden:
                self._empty(entity_id, writer)
                left.append(entity_id)
                continue
            self._sides.pairing.deleted(entity_id)
        return left

    def _empty(self, entity_id: str, writer: Writer) -> None:
        remote = self._sides.reader.entities([entity_id]).get(entity_id)
        if remote is not None and remote.entity is not None and (remote.entity["labels"] or remote.entity["claims"]):
            writer.empty(entity_id, account="", base_revision=remote.revision, summary=_ERASED)

    def _create(self, plan: Plan, step: Step, writer: Writer) -> tuple[int, bool]:
        """Makes one item; whether it was made, and whether it says everything that it can ever say."""
        page = self._sides.repository.page(step.here)
        if page is None or page.entity is None:
            return 0, True
        parts = self._parts(page, self._sides.ids_there(self._looking.pairs.values()))
        there = self._sides.there.instance
        counterpart = statement(there.property_id(COUNTERPART), "url", f"{self._sides.base_here}{step.here}")
        try:
            receipt = writer.create(new_item(parts, counterpart), account="", summary=self._summary(step.here))
        except (Conflict, EditRefused, Forbidden) as error:
            self._refused(plan, step, error)
            return 0, True
        self._refused_in_a_row = 0
        pair = Pair(step.here, receipt.entity_id, Base())
        base = pair.base  # where the answer was lost, the next plan compares
        if receipt.entity is not None:
            said = said_there(self._sides, receipt.entity)
            base = Comparison(pair, parts, said).base(page.revision_id, receipt.revision_id)
        self._looking.keep(pair, base)
        return 1, set(parts.unsaid.values()) <= set(step.left_out)

    def _change(self, plan: Plan, steps: list[Step], writer: Writer, told: Told, *, everything: bool = False) -> int:
        edits = 0
        by_id = {step.here: step for step in steps}
        for some in batches(by_id, size=50):
            for found in self._looking.look(some):
                if found is None or isinstance(found, Step):
                    continue
                comparison, page, remote = found
                step = by_id[comparison.pair.here]
                edits += self._send(plan, step, (comparison, page, remote), writer, everything=everything)
                told(step)
        return edits

    def _send(
        self, plan: Plan, step: Step, found: tuple[Comparison, Page, Remote], writer: Writer, *, everything: bool
    ) -> int:
        """One item; only what the plan named, so that what changed since waits for the next plan."""
        comparison, page, remote = found
        moving = [d for d in comparison.of(Side.HERE) if everything or d.name in step.changes]
        if not moving:
            return 0
        sent = changes(comparison, moving, comparison.pair.there)
        summary = self._summary(step.here)
        try:
            receipt = writer.update(
                comparison.pair.there, sent, account="", base_revision=remote.revision, summary=summary
            )
        except (Conflict, EditRefused, Forbidden, NotFound) as error:
            self._refused(plan, step, error)
            return 0
        self._refused_in_a_row = 0
        base = comparison.base(page.revision_id, receipt.revision_id, moved=moving)
        self._looking.keep(comparison.pair, base)
        return 1

    def _refused(self, plan: Plan, step: Step, error: Exception) -> None:
        """One item that is refused waits for a person; where nothing may be edited, the run ends."""
        if isinstance(error, Forbidden):
            self._refused_in_a_row += 1
            if self._refused_in_a_row >= _FORBIDDEN_AT_MOST:
                raise error
        plan.waits(step, str(error))

    def _parts(self, page: Page, ids: Ids) -> Parts:
        assert page.entity is not None
        parts = parts_of(page.entity, ids, without=kept_back(self._sides))
        return without_languages(parts, self._sides.reader.languages())

    def _summary(self, entity_id: str) -> str:
        return f"from {self._sides.base_here}{entity_id}"
