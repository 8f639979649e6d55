"""What the bench makes of its figures; the figures themselves are nobody's promise on a busy machine."""

from __future__ import annotations

import random
from pathlib import Path

import pytest

from tests.bench.figures import LOADED, Row, percentile, spread
from tests.bench.report import page, read_json, write_json

ON = {
    "date": "2026-11-28",
    "cpus": 2,
    "processor": "a processor",
    "memory_mb": 8000,
    "python": "3.11.2",
    "load": [0.1, 0.2, 0.3],
}


@pytest.mark.parametrize(("count", "expected"), [(1, 1), (2, 2), (20, 19), (100, 95), (200, 190)])
def test_the_percentile_is_a_value_that_was_measured(count: int, expected: int) -> None:
    values = list(range(1, count + 1))
    random.Random(1).shuffle(values)
    assert percentile(values, 0.95) == expected


def test_a_row_comes_back_from_its_json() -> None:
    row = spread("matches of a person", [0.001, 0.002, 0.003], key="matches", state=LOADED)
    assert Row.of(row.as_json()) == row
    assert (row.value, row.p95) == (2.0, 3.0)


def test_sizes_measured_one_by_one_come_together(tmp_path: Path) -> None:
    imported, asked = Row("import", 60.0, "s", key="import"), Row("memory of the service", 400.0, "MB", key="memory")
    runs = [
        write_json(tmp_path / str(number), {"seed": 1}, {people: [row]}, {people: ON})
        for number, (people, row) in enumerate(((100_000, imported), (10_000, asked), (100_000, asked)))
    ]
    sizes, on = read_json(runs)
    assert sizes == {10_000: [asked], 100_000: [imported, asked]}
    assert list(sizes) == [10_000, 100_000]
    assert on[100_000] == ON


def test_the_page_tells_what_was_missed_and_what_was_not_measured() -> None:
    rows = [
        Row("search, 2 facets", 3.0, "ms", p95=21.5, key="search-2"),
        Row("matches of a person", 3.0, "ms", p95=9.5, key="matches"),
        Row("matches of a person", 30.0, "ms", p95=90.0, key="matches", state=LOADED),
        Row("memory of the service", 512.0, "MB", key="memory"),
    ]
    lines = page({10_000: rows}, {10_000: ON}).splitlines()
    assert "| search with facets and counts, p95 | 21.5 ms (at most 20) **missed** |" in lines
    assert "| matches of a person, p95 | 9.5 ms (at most 20) |" in lines
    assert "| memory of the service with its workers | 512 MB (at most 800) |" in lines
    assert "| import | not measured |" in lines
    assert "| matches of a person, 8 clients load it | 30.0 / 90.0 ms |" in lines
    assert "| recommendations of one person | 14,570/26,446 S, 43,411/58,569 M | 3.0 / 9.5 ms |" in lines
