"""An import from beginning to end: scan, survey, preparation beside writing; what the commands and services call.

Only the repository is written. Whoever holds the graph takes the changes up from the repository's log: this
process after the import, or the service that runs meanwhile.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from contextlib import AbstractContextManager, nullcontext
from dataclasses import dataclass
from pathlib import Path

from capx_graph.accounts import Saved
from capx_graph.importers.batch import BatchImport, ImportReport, Progress, survey
from capx_graph.importers.bench import BenchConverter, PrivateFacts
from capx_graph.importers.erased import WithoutErased
from capx_graph.importers.preparation import Preparer
from capx_graph.importers.rejects import Reject, RejectsFile
from capx_graph.importers.sources import Source
from capx_graph.instants import Clock
from capx_graph.items.checking import ShapeBatcher
from capx_graph.items.drafts import Vocabulary
from capx_graph.items.keys import KeyReader, Keys
from capx_graph.ontology import Instance
from capx_graph.repository.store import Repository
from capx_graph.shapes import InProcess, Shapes, ShapesPool, Validator

_WORTH_A_POOL = 2500
"""Records from which two processes that check are worth the second they take to start."""

ProgressBar = Callable[[int], AbstractContextManager[Progress]]
"""Opens a progress bar for so many records."""


@dataclass(frozen=True, slots=True)
class ImportOutcome:
    """What was done, and what was not taken: how many records, how many values of others, the first, the file."""

    report: ImportReport
    rejected: int
    dropped: int
    first_reject: Reject | None
    rejects_file: Path
    saved: Mapping[str, tuple[Saved, ...]]
    """What each person of the source has saved, for the private store."""


class Importer:
    """Imports sources into one repository."""

    def __init__(
        self,
        repository: Repository,
        instance: Instance,
        shapes: Shapes,
        *,
        clock: Clock,
        erased: Callable[[str], bool] | None = None,
    ) -> None:
        """``erased`` says of a username whether its owner had everything erased: nothing of them is taken in."""
        self._repository = repository
        self._instance = instance
        self._shapes = shapes
        self._clock = clock
        self._erased = erased
        self._vocabulary = Vocabulary(instance)

    def run(
        self,
        source: Source | Callable[[Keys], Source],
        *,
        rejects: Path,
        bar: ProgressBar | None = None,
        workers: int = 2,
    ) -> ImportOutcome:
        """Imports a source; one that depends on what is there is made from the repository's keys."""
        keys = Keys()
        batcher = ShapeBatcher(self._instance, self._repository.namespaces, keys, clock=self._clock)
        batcher.read(self._repository.scan("item"), KeyReader(self._vocabulary))
        given = source(keys) if callable(source) else source
        if self._erased is not None:
            given = WithoutErased(given, self._erased)
        found = survey(given, self._repository, keys)
        converter = BenchConverter(self._vocabulary, keys, inactive=found.inactive, mark=given.mark)
        opened = bar(found.records) if bar else nullcontext(_silent)
        with RejectsFile(rejects) as file, self._validator(found.records, workers) as validator, opened as progress:
            preparer = Preparer(self._vocabulary, converter, batcher, validator, owner=given.owner)
            run = BatchImport(given, self._repository, found, rejects=file, progress=progress)
            report = run.run(preparer)
        saved = {holder: tuple(_saved(private, keys)) for holder, private in report.private.items()}
        return ImportOutcome(report, file.count, file.dropped, file.first, rejects, saved)

    def _validator(self, records: int, workers: int) -> AbstractContextManager[Validator]:
        if workers > 0 and records >= _WORTH_A_POOL:
            return ShapesPool(self._shapes, workers=workers)
        return nullcontext(InProcess(self._shapes))


def _saved(private: PrivateFacts | None, keys: Keys) -> Iterator[Saved]:
    """The entries of a list whose things are there."""
    for kind, key, relation in private.saved if private else ():
        item = keys.find(kind, key)
        if item is not None:
            yield Saved(item, relation)


def _silent(count: int) -> None:
    """No progress bar."""
