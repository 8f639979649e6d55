"""A rebuild of graph and text index aside, and the swap, while a client searches without a pause.

The service is of a version that makes other graphs than the one that imported, so that it begins to build as soon as it
runs, and answers from what is there until it swaps.
"""

from __future__ import annotations

import random
import sys
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from itertools import cycle
from pathlib import Path
from threading import Event, Thread

from tests.bench.client import Reader
from tests.bench.dataset import DataSet
from tests.bench.figures import Row, spread
from tests.bench.processes import peak_memory, run, served

NEWER = [sys.executable, "-m", "tests.bench.newer"]
_LOOK_SECONDS = 0.5


@dataclass
class Searched:
    """What a client met: seconds, answers that failed, and those that told another total than before."""

    seconds: list[float] = field(default_factory=list)
    failed: list[str] = field(default_factory=list)
    differing: list[str] = field(default_factory=list)


def rebuild_rows(data_set: DataSet, data: Path, *, requests: int) -> Iterator[Row]:
    """The figures; the data directory's graph is one of a newer version afterwards."""
    paths = [path for facets in range(5) for path in data_set.searches(facets, requests)]
    random.Random(1).shuffle(paths)
    begin = time.perf_counter()
    with served(data, log=data / "bench.log", settings={"now": data_set.now}, command=NEWER) as (address, _, pid):
        with peak_memory(pid) as peak, _searching(address, paths) as searched:
            _await(Reader(address))
            whole = time.perf_counter() - begin
        yield Row("rebuild while a client searches", whole, "s", note="from the start of the service", key="rebuild")
        yield spread("... searches meanwhile", searched.seconds, key="rebuild-search", note=_told(searched))
        yield Row("... the slowest of them", max(searched.seconds) * 1000, "ms")
        yield Row("... that failed", len(searched.failed), "", key="rebuild-failed", note=" ".join(searched.failed[:3]))
        yield Row("... that told another total", len(searched.differing), "", note=" ".join(searched.differing[:3]))
        yield Row("... memory of the service", peak[0], "MB", key="rebuild-memory")
    check = run("check", data=data, command=NEWER)
    yield Row("check after the rebuild", check.seconds, "s", note=check.out.strip()[-60:])


def _told(searched: Searched) -> str:
    return f"{len(searched.seconds) / max(0.001, sum(searched.seconds)):.0f} a second"


def _await(reader: Reader) -> None:
    """Until the service says that it is in step."""
    while "graph-behind" in reader.get("/status.json").json()["reasons"]:
        time.sleep(_LOOK_SECONDS)


@contextmanager
def _searching(address: str, paths: Sequence[str]) -> Iterator[Searched]:
    """A client that begins when the first search was answered, because until then the index is loaded."""
    searched, ended = Searched(), Event()
    Reader(address).get("/search.json")

    def search() -> None:
        reader, totals = Reader(address), dict[str, object]()
        for path in cycle(paths):
            if ended.is_set():
                return
            try:
                answer = reader.ask(path)
            except OSError as error:
                searched.failed.append(f"{path}: {error}")
                reader = Reader(address)
                continue
            if answer.status != 200:
                searched.failed.append(f"{path}: {answer.status}")
                continue
            searched.seconds.append(answer.seconds)
            told = answer.json()
            if totals.setdefault(path, told["total"]) != told["total"] or told.get("whole") is False:
                searched.differing.append(path)

    thread = Thread(target=search, daemon=True)
    thread.start()
    try:
        yield searched
    finally:
        ended.set()
        thread.join()
