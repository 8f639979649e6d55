"""When each periodic job ran last and how that ended, in a small file a job; what tells of the service reads them.

Leaf: whoever runs a job writes, from whatever process. Nothing of what a job was about is kept, since anybody may read
it on the page of the service's state.
"""

from __future__ import annotations

import json
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from capx_graph.datadir import whole
from capx_graph.instants import Clock, utc_now

_DIRECTORY = "runs"
JOBS = ("tick", "dumps", "checkup", "backup")
"""Jobs that an operator looks for, in the order in which they are shown; others come after them."""


@dataclass(frozen=True, slots=True)
class Run:
    """The last run of a job; ``succeeded`` is when one last ended well, None when none ever did."""

    job: str
    started: datetime
    seconds: float
    ok: bool
    succeeded: datetime | None


class Runs:
    """The last runs in one data directory."""

    def __init__(self, data: Path) -> None:
        self._directory = data / _DIRECTORY

    def all(self) -> list[Run]:
        """The last run of every job that ever ran."""
        names = [path.stem for path in self._directory.glob("*.json")] if self._directory.is_dir() else []
        order = {job: number for number, job in enumerate(JOBS)}
        found = [self.last(name) for name in sorted(names, key=lambda name: (order.get(name, len(order)), name))]
        return [run for run in found if run is not None]

    def last(self, job: str) -> Run | None:
        """The last run of a job."""
        try:
            kept = json.loads((self._directory / f"{job}.json").read_text(encoding="ascii"))
            succeeded = kept["succeeded"]
            return Run(
                job,
                datetime.fromisoformat(kept["started"]),
                float(kept["seconds"]),
                bool(kept["ok"]),
                datetime.fromisoformat(succeeded) if succeeded else None,
            )
        except (OSError, ValueError, KeyError, TypeError):
            return None  # never ran, or a file that is not ours: it is written anew by the next run

    @contextmanager
    def recorded(self, job: str, clock: Clock = utc_now) -> Iterator[None]:
        """Keeps when what happens inside began, how long it took, and whether it ended without an error."""
        started, ok = clock(), False
        try:
            yield
            ok = True
        finally:
            self._keep(job, started, clock(), ok=ok)

    def _keep(self, job: str, started: datetime, ended: datetime, *, ok: bool) -> None:
        former = self.last(job)
        succeeded = ended if ok else former.succeeded if former else None
        content = {
            "started": started.isoformat(timespec="seconds"),
            "seconds": round((ended - started).total_seconds(), 3),
            "ok": ok,
            "succeeded": succeeded.isoformat(timespec="seconds") if succeeded else None,
        }
        try:
            whole.put(self._directory / f"{job}.json", json.dumps(content))
        except OSError:
            return  # a full disk: the job's own outcome matters more than the note of it
