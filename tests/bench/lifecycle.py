"""An operator's first day: import, import again, disk, start; and the check that comes last, after all edits."""

from __future__ import annotations

import time
from pathlib import Path

from tests.bench.client import Reader
from tests.bench.dataset import DataSet
from tests.bench.figures import Row
from tests.bench.processes import QUIET, Run, run, settle


def import_rows(data_set: DataSet, data: Path) -> list[Row]:
    """The first import into a new directory, and one that finds everything there."""
    first = _succeeded(run("import", str(data_set.folder), data=data))
    again = _succeeded(run("import", str(data_set.folder), data=data))
    return [
        Row("import", first.seconds, "s", note=_told(first), key="import"),
        Row("import, memory", first.peak_mb, "MB", key="import-memory"),
        Row("import again", again.seconds, "s", note=_told(again), key="import-again"),
    ]


def disk_rows(data: Path) -> list[Row]:
    cache = _size(data / "cache")
    return [
        Row("disk, durable", _size(data) - cache, "MB", key="disk"),
        Row("disk, disposable", cache, "MB", key="disk-cache"),
    ]


def check_row(data: Path) -> Row:
    """Whether graph and text index are what the repository says, after everything that was done to it."""
    check = run("check", data=data)
    return Row("check, after all edits", check.seconds, "s", note=f"CPU {check.cpu:.1f} s, {check.out.strip()[-100:]}")


def start_rows(address: str, seconds: float, pid: int) -> list[Row]:
    """Until it answers, and until it has loaded all that makes its answers fast."""
    begin = time.perf_counter()
    first = Reader(address).get("/search.json").seconds
    settle(pid)
    return [
        Row("start until the address is said", seconds, "s", key="start"),
        Row("... and the first search answered", seconds + first, "s"),
        Row("... and nothing is left to load", seconds + time.perf_counter() - begin - QUIET, "s"),
    ]


def _told(done: Run) -> str:
    return f"CPU {done.cpu:.1f} s, {done.err.strip().splitlines()[-1]}"


def _succeeded(done: Run) -> Run:
    if done.code:
        raise RuntimeError(f"the command ended with {done.code}: {done.err}")
    return done


def _size(folder: Path) -> float:
    return sum(path.stat().st_size for path in folder.rglob("*") if path.is_file()) / 2**20
