"""What a run found, printed and written: a table while it runs, JSON, and ``BENCH.md`` with another system's figures.

``peer.json`` holds what was measured of the backend of the Capacity Exchange on the same data.
"""

from __future__ import annotations

import json
import os
import platform
import sys
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from fnmatch import fnmatchcase
from pathlib import Path

from tests.bench.figures import IDLE, LOADED, Row

_PEER = Path(__file__).with_name("peer.json")
Sizes = Mapping[int, Sequence[Row]]
Machines = Mapping[int, Mapping[str, object]]
"""The machine as it was at the end of each size."""


@dataclass(frozen=True, slots=True)
class Limit:
    """The most that a figure may be with ten and with a hundred thousand people."""

    keys: str
    what: str
    unit: str
    most: Mapping[int, float]


LIMITS = (
    Limit("search-*", "search with facets and counts, p95", "ms", {10_000: 20, 100_000: 50}),
    Limit("matches", "matches of a person, p95", "ms", {10_000: 20, 100_000: 50}),
    Limit("panel-*", "any analytics panel, p95", "ms", {10_000: 20, 100_000: 50}),
    Limit("rings", "rings over 200 attendees", "ms", {10_000: 10_000, 100_000: 10_000}),
    Limit("edit", "edit of a person, seen in search, matches and SPARQL, p95", "ms", {10_000: 150, 100_000: 250}),
    Limit("edit-analytics", "edit of a person, seen in analytics, p95", "ms", {10_000: 1000, 100_000: 1000}),
    Limit("move", "moving a capacity with all it changes, p95", "ms", {10_000: 10_000, 100_000: 60_000}),
    Limit("memory", "memory of the service with its workers", "MB", {10_000: 800, 100_000: 3072}),
    Limit("import", "import", "s", {10_000: 120, 100_000: 1200}),
    Limit("import-memory", "import, memory", "MB", {100_000: 3072}),
    Limit("rebuild", "rebuild while a client searches", "s", {10_000: 120, 100_000: 900}),
    Limit("rebuild-failed", "searches that failed meanwhile", "", {10_000: 0, 100_000: 0}),
)


def machine() -> dict[str, object]:
    """What the figures were measured on, when, and how busy it was."""
    memory = os.sysconf("SC_PAGE_SIZE") * os.sysconf("SC_PHYS_PAGES") // 2**20
    return {
        "date": f"{datetime.now(UTC):%Y-%m-%d}",
        "cpus": os.cpu_count(),
        "processor": _processor(),
        "memory_mb": memory,
        "python": platform.python_version(),
        "load": [round(each, 2) for each in os.getloadavg()],
    }


def print_row(row: Row) -> None:
    state = "" if row.state == IDLE else f" ({row.state})"
    print(f"  {row.name + state:60}  {row.text()}")
    sys.stdout.flush()


def write_json(folder: Path, told: Mapping[str, object], sizes: Sizes, on: Machines) -> Path:
    """A file for this run."""
    folder.mkdir(parents=True, exist_ok=True)
    path = folder / f"bench-{datetime.now(UTC):%Y%m%dT%H%M%SZ}.json"
    results = {str(people): [row.as_json() for row in rows] for people, rows in sizes.items()}
    machines = {str(people): on[people] for people in sizes}
    path.write_text(json.dumps({**told, "machine": machines, "results": results}, indent=1) + "\n", encoding="utf-8")
    return path


def read_json(paths: Sequence[Path]) -> tuple[dict[int, list[Row]], dict[int, Mapping[str, object]]]:
    """What some runs found; of a size that several measured, the rows of all, and the machine of the last."""
    sizes: dict[int, list[Row]] = {}
    on: dict[int, Mapping[str, object]] = {}
    for path in paths:
        run = json.loads(path.read_text(encoding="utf-8"))
        for people, rows in run["results"].items():
            sizes.setdefault(int(people), []).extend(Row.of(row) for row in rows)
            on[int(people)] = run["machine"][people]
    return {people: sizes[people] for people in sorted(sizes)}, on


def page(sizes: Sizes, on: Machines) -> str:
    """The text of ``BENCH.md``."""
    lines = [
        "# Measurements",
        "",
        'Written by `make bench BENCH="--write"`; do not edit. Every question is asked over HTTP, warm, one request',
        "after the other, once while nothing else runs and once while eight more clients ask without a pause on the",
        "same machine.",
        "",
        *dict.fromkeys(_machine(each) for each in on.values()),
        *(f"{people:,} people: {on[people]['date']}, load average at the end {on[people]['load']}." for people in on),
        "",
        "## Limits",
        "",
        *_table(("", *(f"{people:,} people" for people in sizes)), _limits(sizes)),
        "",
        "## All figures",
        "",
        "Median / 95th percentile where there are many.",
        "",
        *_table(("", *(f"{people:,} people" for people in sizes)), _figures(sizes)),
        "",
        *_beside_peer(sizes),
    ]  # fmt: skip
    return "\n".join(lines) + "\n"


def _limits(sizes: Sizes) -> Iterator[Sequence[str]]:
    for limit in LIMITS:
        yield (limit.what, *(_against(limit, people, rows) for people, rows in sizes.items()))


def _against(limit: Limit, people: int, rows: Sequence[Row]) -> str:
    found = [row for row in rows if row.state == IDLE and fnmatchcase(row.key, limit.keys)]
    if not found:
        return "not measured"
    slowest = max(row.value if row.p95 is None else row.p95 for row in found)
    most = limit.most.get(people)
    told = f"{slowest:,.0f} {limit.unit}" if slowest >= 100 else f"{slowest:.1f} {limit.unit}"
    return told if most is None else f"{told} (at most {most:,.0f}){'' if slowest <= most else ' **missed**'}"


def _figures(sizes: Sizes) -> Iterator[Sequence[str]]:
    for name, state in dict.fromkeys((row.name, row.state) for rows in sizes.values() for row in rows):
        cells = [
            next((_short(row) for row in rows if (row.name, row.state) == (name, state)), "") for rows in sizes.values()
        ]
        yield (name if state == IDLE else f"{name}, {LOADED}", *cells)


def _short(row: Row) -> str:
    spread = "" if row.p95 is None else f" / {row.p95:,.1f}"
    return f"{row.value:,.1f}{spread} {row.unit}"


def _beside_peer(sizes: Sizes) -> Iterator[str]:
    peer = json.loads(_PEER.read_text(encoding="utf-8"))
    yield from ("## Beside the backend of the Capacity Exchange", "", peer["what"], "")
    heads = [head for people in sizes for head in (f"theirs, {people:,}", f"ours, {people:,}")]
    yield from _table(
        ("", *heads),
        [
            (row["question"], *(cell for people in sizes for cell in (_theirs(row, people), _ours(row, sizes[people]))))
            for row in peer["rows"]
        ],
    )
    yield from ("", peer["notes"])


def _theirs(row: Mapping[str, Sequence[str]], people: int) -> str:
    return ", ".join(row.get(str(people), ())) or "not measured"


def _ours(row: Mapping[str, Sequence[str]], rows: Sequence[Row]) -> str:
    found = [each for each in rows if each.state == IDLE and each.key in row["ours"]]
    slowest = max(found, key=lambda each: each.p95 or each.value, default=None)
    return _short(slowest) if slowest else "not measured"


def _table(head: Sequence[str], rows: Iterator[Sequence[str]] | Sequence[Sequence[str]]) -> Iterator[str]:
    yield f"| {' | '.join(head)} |"
    yield f"| {' | '.join('---' for _ in head)} |"
    for row in rows:
        yield f"| {' | '.join(row)} |"


def _machine(on: Mapping[str, object]) -> str:
    return f"{on['cpus']} cores ({on['processor']}), {on['memory_mb']} MB of memory, Python {on['python']}."


def _processor() -> str:
    try:
        lines = Path("/proc/cpuinfo").read_text(encoding="utf-8").splitlines()
    except OSError:
        return platform.machine()
    names = [line.partition(":")[2].strip() for line in lines if line.startswith("model name")]
    return names[0] if names else platform.machine()
