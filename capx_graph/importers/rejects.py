"""What an import refused, and the file that keeps it: JSON Lines with record, field, value, rule and line.

A line of the file is one problem; the record stands in it without its private fields. ``kept`` tells a value that was
left out of a record that was taken from a record that was refused.
"""

from __future__ import annotations

import json
import os
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from types import TracebackType
from typing import IO

from capx_graph.errors import InvalidRecord
from capx_graph.importers.records import Record
from capx_graph.items.drafts import Problem
from capx_graph.model import EntityKind

PRIVATE_FIELDS = frozenset({"wiki_alt", "saved_users", "saved_orgs"})
"""Fields of a record for its owner's eyes alone: in no rejects file and no message."""
PRIVATE_VALUE = "(private)"
"""Stands for the value of such a field."""


@dataclass(frozen=True, slots=True)
class Reject:
    """A record that was not taken; or, where it was ``kept``, values of it that were not."""

    where: str
    key: str
    record: Mapping[str, object]
    problems: tuple[Problem, ...]
    kind: EntityKind
    kept: bool = False

    @classmethod
    def of(cls, error: InvalidRecord, record: Record, *, kind: EntityKind, key: str) -> Reject:
        """From the error that the reader of a record raised."""
        return cls(record.where, key, record.data, (Problem(error.field, error.value, error.rule),), kind)


@dataclass(slots=True)
class RejectsFile:
    """Writes rejects to ``path``; the file is made with the first one and only its owner can read it.

    ``count`` counts refused records, ``dropped`` the values left out of records that were kept.
    """

    path: Path
    count: int = 0
    dropped: int = 0
    first: Reject | None = None
    _file: IO[str] | None = field(default=None, repr=False)

    def __enter__(self) -> RejectsFile:
        self.path.unlink(missing_ok=True)
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, traceback: TracebackType | None
    ) -> None:
        if self._file is not None:
            self._file.close()

    def write(self, rejects: Sequence[Reject]) -> None:
        """Adds a line for every problem of every reject."""
        for reject in rejects:
            if reject.kept:
                self.dropped += len(reject.problems)
            else:
                self.count += 1
            self.first = self.first or reject
            for problem in reject.problems:
                self._open().write(json.dumps(_line(reject, problem), ensure_ascii=False, default=str) + "\n")
        if self._file is not None:
            self._file.flush()

    def _open(self) -> IO[str]:
        if self._file is None:
            self.path.parent.mkdir(parents=True, exist_ok=True)
            # Records hold what people did not publish.
            descriptor = os.open(self.path, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
            self._file = os.fdopen(descriptor, "w", encoding="utf-8", errors="replace")
        return self._file


def _line(reject: Reject, problem: Problem) -> dict[str, object]:
    file, _, number = reject.where.rpartition(":")
    return {
        "file": file,
        "line": int(number),
        "key": reject.key,
        "field": problem.field,
        "value": problem.value,
        "rule": problem.rule,
        "kept": reject.kept,
        "record": {name: value for name, value in reject.record.items() if name not in PRIVATE_FIELDS},
    }
