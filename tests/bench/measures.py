"""What is measured, in the order of an operator's first day: import, check, import again, start, search."""

from __future__ import annotations

import http.client
import statistics
import time
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import urlsplit

from tests.bench.dataset import DataSet
from tests.bench.processes import Run, memory_mb, run, served

_WARM_UP = 5


@dataclass(frozen=True, slots=True)
class Row:
    """One figure with its unit; ``p95`` beside the median where many requests were made."""

    name: str
    value: float
    unit: str
    p95: float | None = None
    note: str = ""

    def text(self) -> str:
        spread = "" if self.p95 is None else f", p95 {self.p95:.1f} {self.unit}"
        return f"{self.value:.1f} {self.unit}{spread}{'  ' if self.note else ''}{self.note}"

    def as_json(self) -> dict[str, object]:
        return {"name": self.name, "value": self.value, "unit": self.unit, "p95": self.p95, "note": self.note}


def measure(data_set: DataSet, data: Path, *, requests: int) -> list[Row]:
    """All figures for one data set, in a data directory that is made for it."""
    rows = []
    first = _succeeded(run("import", str(data_set.folder), data=data))
    rows.append(Row("import", first.seconds, "s", note=_told(first)))
    rows.append(Row("import, memory", first.peak_mb, "MB"))
    check = run("check", data=data)
    rows.append(Row("check", check.seconds, "s", note=f"CPU {check.cpu:.1f} s, {check.out.strip()[-60:]}"))
    again = _succeeded(run("import", str(data_set.folder), data=data))
    rows.append(Row("import again", again.seconds, "s", note=_told(again)))
    cache = _size(data / "cache")
    rows.append(Row("disk, durable", _size(data) - cache, "MB"))
    rows.append(Row("disk, disposable", cache, "MB"))
    with served(data, log=data / "bench.log") as (address, seconds, pid):
        rows.append(Row("start until the address is said", seconds, "s"))
        rows.append(Row("... and the first search answered", _first_answer(address) + seconds, "s"))
        rows += [_timed(f"search, {n} facets", address, data_set.searches(n, requests)) for n in range(5)]
        rows.append(_timed("search by text", address, data_set.text_searches(requests)))
        rows.append(Row("memory of the service", memory_mb(pid), "MB"))
    return rows


def _told(done: Run) -> str:
    return f"CPU {done.cpu:.1f} s, {done.err.strip().splitlines()[-1]}"


def _succeeded(done: Run) -> Run:
    if done.code:
        raise RuntimeError(f"the command ended with {done.code}: {done.err}")
    return done


def _first_answer(address: str) -> float:
    begin = time.perf_counter()
    _Client(address).get("/search.json")
    return time.perf_counter() - begin


def _timed(name: str, address: str, paths: Sequence[str]) -> Row:
    client = _Client(address)
    for path in paths[:_WARM_UP]:
        client.get(path)
    times = sorted(client.get(path) for path in paths)
    return Row(name, statistics.median(times) * 1000, "ms", p95=times[int(len(times) * 0.95)] * 1000)


def _size(folder: Path) -> float:
    return sum(path.stat().st_size for path in folder.rglob("*") if path.is_file()) / 2**20


class _Client:
    """One connection that stays open, as browsers and proxies have it."""

    def __init__(self, address: str) -> None:
        parts = urlsplit(address)
        self._connection = http.client.HTTPConnection(parts.hostname or "", parts.port, timeout=120)

    def get(self, path: str) -> float:
        """The seconds that a request took; raises RuntimeError for another answer than 200."""
        begin = time.perf_counter()
        self._connection.request("GET", path, headers={"Accept": "application/json"})
        answer = self._connection.getresponse()
        body = answer.read()
        if answer.status != http.client.OK:
            raise RuntimeError(f"{path}: {answer.status} {body[:200]!r}")
        return time.perf_counter() - begin
