"""The health of the records: how often each rule of the shapes is broken, as the last checkup found it.

Checking everything takes seconds to minutes, so it is done aside (``capx validate --publish``, which the service
starts once a day in a process of its own) and kept as a small file; this room writes and reads that file.
"""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

from capx_graph.datadir import whole
from capx_graph.shapes import Result

FILE_NAME = "health.json"


@dataclass(frozen=True, slots=True)
class HealthLine:
    """A rule that records break: how bad that is, how many do, and what it says, by language."""

    shape: str
    severity: str
    records: int
    messages: Mapping[str, str]

    def message(self, reader: Sequence[str]) -> tuple[str, str]:
        """What it says in the best of the reader's languages, and in which."""
        language = next((code for code in (*reader, "en") if code in self.messages), None)
        return (self.messages[language], language) if language else (self.shape, "")


@dataclass(frozen=True, slots=True)
class HealthReport:
    """The lines, most frequent first; ``date`` is the moment of the checkup, ``version`` the change it reached."""

    date: str
    version: int
    lines: tuple[HealthLine, ...]

    @classmethod
    def of(cls, results: Iterable[Result], *, date: str, version: int) -> HealthReport:
        """The report of a validation; a record that breaks a rule several times counts once."""
        broken = {(result.rule, str(result.severity), result.messages, result.record.value) for result in results}
        counts = Counter(rule[:3] for rule in broken)
        lines = [HealthLine(rule, severity, count, dict(texts)) for (rule, severity, texts), count in counts.items()]
        return cls(date, version, tuple(sorted(lines, key=lambda line: (-line.records, line.shape))))


class Health:
    """The file of the last checkup."""

    def __init__(self, cache: Path) -> None:
        self._path = cache / FILE_NAME
        self._read: tuple[int, HealthReport] | None = None

    def report(self) -> HealthReport | None:
        """The last report; None where there is none yet, or none that can be read."""
        try:
            stamp = self._path.stat().st_mtime_ns
            if self._read is None or self._read[0] != stamp:
                self._read = stamp, _report(json.loads(self._path.read_text(encoding="utf-8")))
        except (OSError, ValueError, TypeError, KeyError):
            return None
        return self._read[1]

    def publish(self, report: HealthReport) -> None:
        """Replace the report in one step."""
        whole.put(self._path, json.dumps(asdict(report), ensure_ascii=False, indent=1) + "\n")


def _report(data: Mapping[str, Any]) -> HealthReport:
    lines = (
        HealthLine(str(line["shape"]), str(line["severity"]), int(line["records"]), dict(line["messages"]))
        for line in data["lines"]
    )
    return HealthReport(str(data["date"]), int(data["version"]), tuple(lines))
