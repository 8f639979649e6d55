"""An exchange of translations with another side: a plan first, then what of it is asked for.

Given out by the package; jobs put it together. A plan changes nothing. A run can be cut off anywhere: what was done
is alike on both sides, and the next run finds it so.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

from capx_graph.errors import Conflict, EditRefused, InvalidInput
from capx_graph.taxonomy import tidy
from capx_graph.translation.catalogue import Catalogue, Entry, Text, Unit
from capx_graph.translation.elsewhere import Place, Side, WikiBundle
from capx_graph.translation.merging import Action, Decision, decide
from capx_graph.translation.model import FIELDS, PARTS
from capx_graph.translation.state import State
from capx_graph.wikibase.writer import Writer

Json = dict[str, Any]


@dataclass(frozen=True, slots=True)
class Step:
    """A text and what becomes of it; ``draft`` says that it awaits review here."""

    unit: Unit
    here: str
    there: str
    decision: Decision
    draft: bool = False

    def given_to_a_person(self, why: str) -> Step:
        """The same text, which could not be dealt with."""
        return replace(self, decision=Decision(Action.PERSON, " ".join(why.split())[:200]))


@dataclass(frozen=True, slots=True)
class Plan:
    """Every text of either side; ``unknown`` are keys of the other side that are no capacities here."""

    steps: tuple[Step, ...]
    unknown: tuple[str, ...] = ()

    def of(self, action: Action) -> tuple[Step, ...]:
        """The steps of one kind."""
        return tuple(step for step in self.steps if step.decision.action is action)

    def counts(self) -> Mapping[str, int]:
        """How many steps of each kind."""
        found = Counter(step.decision.action.value for step in self.steps)
        return {action.value: found.get(action.value, 0) for action in Action}

    def sparing(self, language: str) -> Plan:
        """The plan that leaves the other side's source language as it is there."""
        spared = [step for step in self.of(Action.PUSH) if step.unit.language == language]
        decision = Decision(Action.LEAVE, "is of the source language; --source hands it over")
        return self.without(spared, [replace(step, decision=decision) for step in spared])

    def without(self, steps: Iterable[Step], instead: Iterable[Step]) -> Plan:
        """The plan with other steps in the place of some."""
        gone = {step.unit for step in steps}
        return Plan((*(step for step in self.steps if step.unit not in gone), *instead), self.unknown)


class Exchange:
    """An exchange between the capacities here and another side."""

    def __init__(self, catalogue: Catalogue, state: State | None = None) -> None:
        self._catalogue = catalogue
        self._state = state
        self._entries: dict[str, Entry] = {}

    def plan(self, side: Side) -> Plan:
        """What would become of every text."""
        theirs = side.texts()
        entries = {entry.key: entry for entry in self._catalogue.entries()}
        self._entries = {entry.page.entity_id: entry for entry in entries.values()}
        steps = [step for entry in entries.values() for step in self._steps(entry, theirs)]
        unknown = sorted({key for key, _ in theirs if key.rpartition("-")[0] not in entries})
        return Plan(tuple(steps), tuple(unknown))

    def note(self, plan: Plan) -> None:
        """Keeps what is alike on both sides."""
        for step in plan.of(Action.SAME):
            self._noted(step, step.here)

    def pull(self, plan: Plan, writer: Writer, *, account: str, summary: str) -> Plan:
        """Takes over what is to be pulled, an edit a capacity; answers the plan with what a person must look at."""
        wanted = plan.of(Action.PULL)
        left: list[Step] = []
        for item in dict.fromkeys(step.unit.item for step in wanted):
            own = [step for step in wanted if step.unit.item == item]
            taken, refused = self._fitting(own)
            left += refused
            try:
                self._update(item, taken, plan, writer, account=account, summary=summary)
            except Conflict as error:
                left += [step.given_to_a_person(str(error)) for step in taken]
            except EditRefused as error:
                left += self._one_by_one(item, taken, plan, writer, account=account, summary=summary, first=error)
        return plan.without(left, left)

    def push(self, plan: Plan, side: WikiBundle, *, summary: str) -> Plan:
        """Hands over what is to be pushed, a page a text; the source language in one edit of its page."""
        wanted = plan.of(Action.PUSH)
        left: list[Step] = []
        for step in wanted:
            if step.unit.language == side.language:
                continue
            try:
                side.write(_place(step), step.here, summary=summary)
                self._noted(step, step.here)
            except (Conflict, EditRefused) as error:
                left.append(step.given_to_a_person(str(error)))
        of_source = [step for step in wanted if step.unit.language == side.language]
        if of_source:
            try:
                side.write_source({step.unit.key: step.here for step in of_source}, summary=summary)
                for step in of_source:
                    self._noted(step, step.here)
            except (Conflict, EditRefused) as error:
                left += [step.given_to_a_person(str(error)) for step in of_source]
        return plan.without(left, left)

    def _steps(self, entry: Entry, theirs: Mapping[Place, Text]) -> Iterator[Step]:
        ours = self._catalogue.texts(entry)
        keys = [(f"{entry.key}-{name}", name) for name in FIELDS]
        others = {
            Unit(entry.page.entity_id, key, name, language)
            for key, name in keys
            for their_key, language in theirs
            if their_key == key
        }
        for unit in sorted({*ours, *others}, key=lambda unit: (unit.language, FIELDS.index(unit.name))):
            here, there = ours.get(unit), theirs.get((unit.key, unit.language))
            synced = self._state.synced(unit.key, unit.language) if self._state else None
            decision = decide(here, there, synced)
            if decision.action is Action.PULL and not self._catalogue.is_language(unit.language):
                decision = Decision(Action.LEAVE, "is in no language that a Wikibase has")
            draft = here is not None and here.draft
            yield Step(unit, here.text if here else "", there.text if there else "", decision, draft)

    def _fitting(self, steps: Sequence[Step]) -> tuple[list[Step], list[Step]]:
        """The steps with texts as they may be saved, and those whose text may not."""
        taken, refused = [], []
        for step in steps:
            try:
                taken.append(replace(step, there=tidy(step.unit.name, step.there)))
            except InvalidInput as error:
                refused.append(step.given_to_a_person(str(error)))
        return taken, refused

    def _update(
        self, item: str, steps: Sequence[Step], plan: Plan, writer: Writer, *, account: str, summary: str
    ) -> None:
        page = self._entries[item].page
        changes: Json = {}
        for step in steps:
            term = {"language": step.unit.language, "value": step.there}
            changes.setdefault(PARTS[step.unit.name], {})[step.unit.language] = term
        assert page.entity is not None
        marks = [
            mark
            for language in sorted({step.unit.language for step in steps})
            if _reviewed(item, language, plan)
            for mark in self._catalogue.marks(page.entity, language)
        ]
        if marks:
            changes["claims"] = [{"id": mark, "remove": ""} for mark in marks]
        if changes:
            writer.update(item, changes, account=account, base_revision=page.revision_id, summary=summary)
        for step in steps:
            self._noted(step, step.there)

    def _one_by_one(
        self,
        item: str,
        steps: Sequence[Step],
        plan: Plan,
        writer: Writer,
        *,
        account: str,
        summary: str,
        first: EditRefused,
    ) -> list[Step]:
        """A capacity whose texts were refused together, a language at a time: one fault must not hold up the rest."""
        groups = [[s for s in steps if s.unit.language == one] for one in dict.fromkeys(s.unit.language for s in steps)]
        if len(groups) == 1:
            return [step.given_to_a_person(str(first)) for step in steps]
        left: list[Step] = []
        for group in groups:
            try:
                self._update(item, group, plan, writer, account=account, summary=summary)
            except (Conflict, EditRefused) as error:
                left += [step.given_to_a_person(str(error)) for step in group]
        return left

    def _noted(self, step: Step, text: str) -> None:
        if self._state is not None:
            self._state.note(step.unit.key, step.unit.language, text)


def _reviewed(item: str, language: str, plan: Plan) -> bool:
    """Whether every text here that awaits review is replaced by, or alike, one of the other side."""
    drafts = [step for step in plan.steps if step.unit.item == item and step.unit.language == language and step.draft]
    return all(step.decision.action in (Action.PULL, Action.SAME) for step in drafts)


def _place(step: Step) -> Place:
    return step.unit.key, step.unit.language
