"""Running ``capx`` as an operator does, and weighing it: seconds, and memory of the process with its children."""

from __future__ import annotations

import os
import re
import resource
import subprocess
import sys
import time
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from threading import Event, Thread

CAPX = [sys.executable, "-m", "capx_graph"]
_SAMPLE_SECONDS = 0.5
QUIET = 3.0
"""Seconds without work after which a process counts as settled."""
_IDLE_SHARE = 0.1


@dataclass(frozen=True, slots=True)
class Run:
    """A command that has ended; ``cpu`` are the seconds that it and its children computed, on however many cores."""

    seconds: float
    cpu: float
    peak_mb: float
    code: int
    out: str
    err: str


def run(*arguments: str, data: Path, command: Sequence[str] = CAPX) -> Run:
    """Runs a command to its end and weighs it on the way."""
    begin, computed = time.perf_counter(), _cpu_of_children()
    process = subprocess.Popen(
        [*command, "--data", str(data), *arguments], stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True
    )
    with peak_memory(process.pid) as peak:
        out, err = process.communicate()
    seconds, cpu = time.perf_counter() - begin, _cpu_of_children() - computed
    return Run(seconds, cpu, peak[0], process.returncode, out, err)


def _cpu_of_children() -> float:
    used = resource.getrusage(resource.RUSAGE_CHILDREN)
    return used.ru_utime + used.ru_stime


@contextmanager
def served(
    data: Path, *, log: Path, settings: Mapping[str, str] | None = None, command: Sequence[str] = CAPX
) -> Iterator[tuple[str, float, int]]:
    """A service on a free port: its address, the seconds until it said so, its process id."""
    begin = time.perf_counter()
    with log.open("w") as errors:
        process = subprocess.Popen(
            [*command, "--data", str(data), "serve", "--port", "0"],
            stdout=subprocess.PIPE,
            stderr=errors,
            text=True,
            env=os.environ | {f"CAPX_{name.upper()}": value for name, value in (settings or {}).items()},
        )
    try:
        assert process.stdout is not None
        line = process.stdout.readline()
        found = re.search(r"http://\S+", line)
        if not found:
            raise RuntimeError(f"the service did not start: {line!r}, see {log}")
        yield found[0], time.perf_counter() - begin, process.pid
    finally:
        process.terminate()
        process.wait(timeout=30)


def settle(pid: int) -> None:
    """Waits until a process has nothing of its own to do any more: loading, catching up, building."""
    quiet = 0.0
    while quiet < QUIET:
        before = _computed(pid)
        time.sleep(_SAMPLE_SECONDS)
        quiet = quiet + _SAMPLE_SECONDS if _computed(pid) - before < _IDLE_SHARE * _SAMPLE_SECONDS else 0.0


def _computed(pid: int) -> float:
    """Seconds that a process computed."""
    fields = Path(f"/proc/{pid}/stat").read_text(encoding="ascii", errors="replace").rpartition(")")[2].split()
    return (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")


@contextmanager
def peak_memory(pid: int) -> Iterator[list[float]]:
    """The most memory (MB, proportional share) that a process and its children had, in a list of one."""
    peak = [0.0]
    ended = Event()

    def watch() -> None:
        while not ended.is_set():
            peak[0] = max(peak[0], memory_mb(pid))
            ended.wait(_SAMPLE_SECONDS)

    thread = Thread(target=watch, daemon=True)
    thread.start()
    try:
        yield peak
    finally:
        ended.set()
        thread.join()


def memory_mb(pid: int) -> float:
    """Memory of a process and its children, shared pages counted once."""
    return sum(_pss(each) for each in (pid, *_descendants(pid))) / 1024


def _pss(pid: int) -> int:
    try:
        text = Path(f"/proc/{pid}/smaps_rollup").read_text(encoding="ascii")
    except OSError:
        return 0
    found = re.search(r"^Pss:\s+(\d+) kB", text, re.MULTILINE)
    return int(found[1]) if found else 0


def _descendants(pid: int) -> list[int]:
    parents: dict[int, list[int]] = {}
    for entry in os.scandir("/proc"):
        if entry.name.isdigit():
            try:
                fields = Path(entry.path, "stat").read_text(encoding="ascii", errors="replace").rpartition(")")[2]
            except OSError:
                continue
            parents.setdefault(int(fields.split()[1]), []).append(int(entry.name))
    found, waiting = [], [pid]
    while waiting:
        children = parents.get(waiting.pop(), [])
        found += children
        waiting += children
    return found
