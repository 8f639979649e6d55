"""The import of whole data sets: idempotent, resumable, in batches that are checked before they are written.

One scan of the repository finds what is there; the first reading of the source gives every new record its id, so
that records may refer to one another; the second writes batches, one transaction each. What a killed import wrote
is found by the next one and left as it is, so resuming is importing again.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from itertools import islice

from capx_graph.errors import InvalidRecord
from capx_graph.importers.bench import PrivateFacts
from capx_graph.importers.benchformat import FILES, BenchFile
from capx_graph.importers.preparation import Candidate, Item, Prepared, Preparer, Task
from capx_graph.importers.records import Record
from capx_graph.importers.rejects import Reject, RejectsFile
from capx_graph.importers.sources import Source
from capx_graph.items.drafts import Problem
from capx_graph.items.keys import Keys
from capx_graph.model import EntityKind
from capx_graph.repository.store import Repository

BATCH = 1000
_ITEM = "item"
_FORWARD: Mapping[EntityKind, tuple[str, ...]] = {EntityKind.ORGANIZATION: ("manager",)}
"""Properties that refer to records of later files: written when those are there."""

Progress = Callable[[int], None]
"""Told how many records were dealt with since the last call."""


@dataclass(frozen=True, slots=True)
class Survey:
    """What the first reading found: ids of all records by key, which of them were there before, who is inactive.

    ``records`` counts what there is to do.
    """

    keys: Keys
    known: frozenset[str]
    inactive: frozenset[str]
    records: int


@dataclass(slots=True)
class ImportReport:
    """What an import did, counted by kind."""

    created: Counter[EntityKind] = field(default_factory=Counter)
    changed: Counter[EntityKind] = field(default_factory=Counter)
    unchanged: Counter[EntityKind] = field(default_factory=Counter)
    withdrawn: int = 0
    private: dict[str, PrivateFacts | None] = field(default_factory=dict)
    """What the written people have for their own eyes, by item."""

    @property
    def revisions(self) -> int:
        """How many revisions the import made."""
        return self.created.total() + self.changed.total() + self.withdrawn


def survey(source: Source, repository: Repository, keys: Keys) -> Survey:
    """Reads the source once: every record that is new gets an id; ``keys`` are those of the repository, and learn."""
    known = frozenset(keys.ids())
    inactive: set[str] = set()
    records = 0
    for file in FILES:
        fresh: dict[str, None] = {}
        for record, key in _keyed_records(source, file):
            records += 1
            if file.kind is EntityKind.PERSON and record.data.get("active") is False:
                inactive.add(key)
            elif keys.find(file.kind, key) is None:
                fresh[key] = None
        records += len(fresh) if file.kind in _FORWARD else 0
        for key, entity_id in zip(fresh, repository.allocate(_ITEM, len(fresh)) if fresh else (), strict=True):
            keys.learn(file.kind, key, entity_id)
    return Survey(keys, known, frozenset(inactive), records)


def _keyed_records(source: Source, file: BenchFile) -> Iterator[tuple[Record, str]]:
    for line in source.lines(file):
        try:
            record = line.parse()
            yield record, file.key_of(record)
        except InvalidRecord:
            continue  # named as a reject at the second reading


class BatchImport:
    """One run over a source, after its survey."""

    def __init__(
        self, source: Source, repository: Repository, found: Survey, *, rejects: RejectsFile, progress: Progress
    ) -> None:
        self._source = source
        self._repository = repository
        self._keys = found.keys
        self._known = found.known
        self._inactive = found.inactive
        self._rejects = rejects
        self._progress = progress
        self._written: set[str] = set()
        self._gone: dict[str, str] = {}
        self._report = ImportReport()

    def run(self, preparer: Preparer) -> ImportReport:
        """Writes everything; what is refused goes to the rejects file and nothing else is lost."""
        self._withdraw_inactive()
        for file in FILES:
            if file.kind is EntityKind.PERSON:
                self._run_file(file, preparer)
                for forward in (file for file in FILES if file.kind in _FORWARD):
                    self._run_file(forward, preparer)
            else:
                self._run_file(file, preparer, leave_out=_FORWARD.get(file.kind, ()))
        return self._report

    def _withdraw_inactive(self) -> None:
        """People that became inactive disappear, unless they belong to somebody by now."""
        there = {
            entity_id
            for name in self._inactive
            if (entity_id := self._keys.find(EntityKind.PERSON, name)) in self._known
        }
        owned = [page.entity_id for page in self._repository.pages(there).values() if page.owner == self._source.owner]
        if owned:
            self._repository.delete(owned, actor=self._source.owner, reason="inactive")
            self._report.withdrawn = len(owned)

    def _run_file(self, file: BenchFile, preparer: Preparer, *, leave_out: tuple[str, ...] = ()) -> None:
        tasks = self._tasks(file, leave_out)
        for prepared in preparer.prepare(tasks):
            self._refuse(prepared.rejects)
            self._write(prepared, preparer)

    # -- reading ------------------------------------------------------------------------------------------------

    def _tasks(self, file: BenchFile, leave_out: tuple[str, ...]) -> Iterator[Task]:
        items = self._items(file, first_pass=bool(leave_out))
        while batch := tuple(islice(items, BATCH)):
            known = [item.entity_id for item in batch if item.entity_id in self._known]
            yield Task(file.kind, batch, self._repository.pages(known), leave_out)

    def _items(self, file: BenchFile, *, first_pass: bool) -> Iterator[Item]:
        """The records of a file with their ids; in a first of two passes only those that are not there yet."""
        seen: set[str] = set()
        for line in self._source.lines(file):
            try:
                record = line.parse()
            except InvalidRecord as error:
                self._refuse_line(file, Record(line.where, {}), error, once=first_pass)
                continue
            try:
                item = self._item(file, record, seen)
            except InvalidRecord as error:
                self._refuse_line(file, record, error, once=first_pass)
                continue
            if item is not None and not (first_pass and item.entity_id in self._known):
                yield item

    def _item(self, file: BenchFile, record: Record, seen: set[str]) -> Item | None:
        key = file.key_of(record)
        if key in seen:
            record.refuse(file.key, "was named before in this file")
        seen.add(key)
        if file.kind is EntityKind.PERSON and not record.flag("active", default=True):
            self._progress(1)
            return None
        entity_id = self._keys.find(file.kind, key)
        return Item(record, key, entity_id) if entity_id is not None else None

    # -- writing ------------------------------------------------------------------------------------------------

    def _write(self, prepared: Prepared, preparer: Preparer) -> None:
        """One transaction; a record that the repository refuses is taken out and the others are written."""
        batch = {candidate.entity_id: candidate for candidate in prepared.candidates}
        self._refuse(preparer.settle_dangling(prepared.kind, batch, self._gone))
        while batch:
            try:
                receipts = self._repository.bulk(
                    [candidate.draft for candidate in batch.values()],
                    actor=self._source.owner,
                    summary=f"import of {self._source.name}",
                )
            except InvalidRecord as error:
                self._take_out(prepared.kind, batch, error)
                self._refuse(preparer.settle_dangling(prepared.kind, batch, self._gone))
                continue
            for receipt in receipts:
                self._count(prepared.kind, receipt.entity_id, changed=receipt.changed)
            if prepared.kind is EntityKind.PERSON:
                self._report.private |= {entity_id: one.private for entity_id, one in batch.items()}
            self._rejects.write([losses for one in batch.values() if (losses := one.losses(prepared.kind))])
            self._progress(len(batch))
            return

    def _take_out(self, kind: EntityKind, batch: dict[str, Candidate], error: InvalidRecord) -> None:
        culprit = batch.pop(error.where, None)
        if culprit is None:
            raise error
        self._refuse([culprit.refused(kind, (Problem(error.field, error.value, error.rule),))])

    def _count(self, kind: EntityKind, entity_id: str, *, changed: bool) -> None:
        """An item written in two passes counts once: as created."""
        if entity_id in self._written:
            return
        if entity_id not in self._known:
            self._written.add(entity_id)
            self._report.created[kind] += 1
        elif changed:
            self._report.changed[kind] += 1
        else:
            self._report.unchanged[kind] += 1

    # -- refusing -----------------------------------------------------------------------------------------------

    def _refuse_line(self, file: BenchFile, record: Record, error: InvalidRecord, *, once: bool) -> None:
        """A line that gives no item; a file that is read twice names it at its second reading."""
        if not once:
            key = record.data.get(file.key)
            self._report_rejects([Reject.of(error, record, kind=file.kind, key=key if isinstance(key, str) else "")])

    def _refuse(self, rejects: Sequence[Reject]) -> None:
        """Records that had an id: nothing may refer to them any more, unless they were there before."""
        for reject in rejects:
            entity_id = self._keys.find(reject.kind, reject.key)
            if entity_id is not None and entity_id not in self._known and entity_id not in self._written:
                self._keys.forget(reject.kind, reject.key)
                self._gone[entity_id] = reject.key
        self._report_rejects(rejects)

    def _report_rejects(self, rejects: Sequence[Reject]) -> None:
        self._rejects.write(rejects)
        self._progress(len(rejects))
