"""Records become drafts that are ready to be written: converted, merged with what is there, checked by the shapes.

Batches are converted ahead while earlier ones are being checked (in other processes, if the validator has some), so
what refuses a record may be known only after the next batch was converted; ``settle_dangling`` is therefore asked
again before a batch is written.
"""

from __future__ import annotations

from collections import deque
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any, Protocol

from capx_graph.errors import InvalidRecord
from capx_graph.importers.bench import BenchConverter, PrivateFacts, missing
from capx_graph.importers.benchformat import COVERED, FIELDS, REQUIRED, STATED
from capx_graph.importers.merging import merge
from capx_graph.importers.records import Record
from capx_graph.importers.rejects import Reject
from capx_graph.items.drafts import Problem, Vocabulary
from capx_graph.model import Draft, EntityJson, EntityKind, Page
from capx_graph.shapes import Batch, ValidationReport, Validator


@dataclass(frozen=True, slots=True)
class Item:
    """A record with its natural key and the item that it is or will be."""

    record: Record
    key: str
    entity_id: str


@dataclass(frozen=True, slots=True)
class Task:
    """Records of one kind to prepare. ``existing`` are the pages of those that are there already.

    ``leave_out`` names properties to leave out of the items for now.
    """

    kind: EntityKind
    items: tuple[Item, ...]
    existing: Mapping[str, Page]
    leave_out: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Candidate:
    """A draft with the record that it came from, and what had to be left out of it."""

    item: Item
    draft: Draft
    dropped: tuple[Problem, ...] = ()
    private: PrivateFacts | None = None

    @property
    def entity_id(self) -> str:
        """The id of its item."""
        return self.item.entity_id

    def refused(self, kind: EntityKind, problems: tuple[Problem, ...]) -> Reject:
        """The record as one that was not taken in, for these reasons and for what had been left out."""
        return Reject(self.item.record.where, self.item.key, self.item.record.data, problems + self.dropped, kind)

    def losses(self, kind: EntityKind) -> Reject | None:
        """The values that were left out, None where none was."""
        record = self.item.record
        return Reject(record.where, self.item.key, record.data, self.dropped, kind, kept=True) if self.dropped else None


@dataclass(frozen=True, slots=True)
class Prepared:
    """The answer to a Task; ``kind`` is the task's."""

    kind: EntityKind
    candidates: tuple[Candidate, ...]
    rejects: tuple[Reject, ...]


@dataclass(frozen=True, slots=True)
class _Drafted:
    """A task converted, not yet checked."""

    task: Task
    candidates: dict[str, Candidate]
    rejects: list[Reject]


class Batcher(Protocol):
    """Turns entities into what the shapes check."""

    def batch(self, kind: EntityKind, entities: Sequence[EntityJson]) -> Batch: ...

    def problems(self, report: ValidationReport, fields: Mapping[str, str]) -> Mapping[str, tuple[Problem, ...]]:
        """The violations of a report by entity id."""


class Preparer:
    """Prepares tasks; ``keys`` may lose keys meanwhile, when records are refused."""

    def __init__(
        self, vocabulary: Vocabulary, converter: BenchConverter, batcher: Batcher, validator: Validator, *, owner: str
    ) -> None:
        self._vocabulary = vocabulary
        self._converter = converter
        self._batcher = batcher
        self._validator = validator
        self._owner = owner
        self._covered = {
            kind: frozenset(vocabulary.property_id(name) for name in names) for kind, names in COVERED.items()
        }
        self._fields = {
            kind: {vocabulary.property_id(name): FIELDS.get(name, name) for name in names}
            for kind, names in COVERED.items()
        }
        self._stated = frozenset(vocabulary.property_id(name) for name in STATED)

    def prepare(self, tasks: Iterable[Task]) -> Iterator[Prepared]:
        """The answers in the order of the tasks, which are read ahead of them."""
        waiting: deque[_Drafted] = deque()

        def batches() -> Iterator[Batch]:
            for task in tasks:
                drafted = self._drafted(task)
                waiting.append(drafted)
                yield self._batcher.batch(task.kind, [one.draft.entity for one in drafted.candidates.values()])

        for report in self._validator.reports(batches()):
            yield self._checked(waiting.popleft(), report)

    def settle_dangling(
        self, kind: EntityKind, candidates: dict[str, Candidate], gone: Mapping[str, str]
    ) -> list[Reject]:
        """Takes references to refused items (their keys by id) out of candidates, and candidates that need one."""
        lost, rejects = dict(gone), []
        while dangling := [one for one in candidates.values() if mentioned(one.draft.entity) & lost.keys()]:
            for candidate in dangling:
                kept, problems = self._without(kind, candidate, lost)
                if any(problem.field in REQUIRED.get(kind, ()) for problem in problems):
                    del candidates[candidate.entity_id]
                    lost[candidate.entity_id] = candidate.item.key
                    rejects.append(candidate.refused(kind, problems))
                else:
                    candidates[candidate.entity_id] = kept
        return rejects

    def _without(
        self, kind: EntityKind, candidate: Candidate, lost: Mapping[str, str]
    ) -> tuple[Candidate, tuple[Problem, ...]]:
        problems: list[Problem] = []
        claims: dict[str, list[Mapping[str, Any]]] = {}
        for property_id, statements in candidate.draft.entity["claims"].items():
            for statement in statements:
                value = value_item(statement)
                if value in lost:
                    field = self._fields[kind].get(property_id, property_id)
                    problems.append(Problem(field, lost[value], missing(lost[value])))
                else:
                    claims.setdefault(property_id, []).append(statement)
        draft = replace(candidate.draft, entity={**candidate.draft.entity, "claims": claims})
        found = tuple(problems)
        return replace(candidate, draft=draft, dropped=candidate.dropped + found), found

    def _drafted(self, task: Task) -> _Drafted:
        left_out = frozenset(self._vocabulary.property_id(name) for name in task.leave_out)
        candidates: dict[str, Candidate] = {}
        rejects: list[Reject] = []
        for item in task.items:
            try:
                candidates[item.entity_id] = self._candidate(task, item, left_out)
            except InvalidRecord as error:
                rejects.append(Reject.of(error, item.record, kind=task.kind, key=item.key))
        return _Drafted(task, candidates, rejects)

    def _checked(self, drafted: _Drafted, report: ValidationReport) -> Prepared:
        kind, candidates, rejects = drafted.task.kind, drafted.candidates, drafted.rejects
        for entity_id, problems in self._batcher.problems(report, FIELDS).items():
            if entity_id in candidates:
                rejects.append(candidates.pop(entity_id).refused(kind, problems))
        there = drafted.task.existing.keys() | candidates.keys()
        gone = {item.entity_id: item.key for item in drafted.task.items if item.entity_id not in there}
        rejects += self.settle_dangling(kind, candidates, gone)
        return Prepared(kind, tuple(candidates.values()), tuple(rejects))

    def _candidate(self, task: Task, item: Item, left_out: frozenset[str]) -> Candidate:
        page = task.existing.get(item.entity_id)
        if page is not None and page.owner is not None and page.owner != self._owner:
            item.record.refuse("username", "belongs to a registered account; only its owner changes it")
        conversion = self._converter.convert(task.kind, item.record, item.entity_id)
        entity = conversion.entity
        if left_out:
            claims = {name: value for name, value in entity["claims"].items() if name not in left_out}
            entity = {**entity, "claims": claims}
        if page is not None and page.entity is not None:
            covered = self._covered[task.kind] - left_out | self._stated & entity["claims"].keys()
            entity = merge(page.entity, entity, covered)
        # What is written in two passes is converted twice, and tells of its losses at the second.
        dropped = () if left_out else conversion.dropped
        owner = self._owner if task.kind is EntityKind.PERSON else None
        return Candidate(item, Draft(entity, owner), dropped, conversion.private)


def mentioned(entity: EntityJson) -> set[str]:
    """The items that an entity's statements have as values."""
    statements = (statement for statements in entity["claims"].values() for statement in statements)
    return {value for statement in statements if (value := value_item(statement))}


def value_item(statement: Mapping[str, Any]) -> str:
    """The item that is a statement's value, empty where it is none."""
    value = statement["mainsnak"].get("datavalue", {}).get("value")
    return str(value["id"]) if isinstance(value, Mapping) and "id" in value else ""
