"""``make bench``: measures import, start, search over HTTP, and edits, on generated data; prints and keeps a table.

    make bench BENCH="--people 1000 10000 --requests 300"

Timing is measured here and never asserted in a test: a busy machine must not make a change look wrong.
"""

from __future__ import annotations

import argparse
import json
import os
import platform
import sys
import tempfile
from datetime import UTC, datetime
from pathlib import Path

from tests.bench.dataset import DataSet, generated
from tests.bench.measures import Row, measure
from tests.bench.sparql import sparql_rows
from tests.bench.writing import writing_rows

CHECKOUT = Path(__file__).resolve().parents[2]


def main() -> None:
    parser = argparse.ArgumentParser(prog="make bench", description=__doc__.split("\n", maxsplit=1)[0])
    parser.add_argument("--people", type=int, nargs="+", default=[10_000], help="sizes of the data set")
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--requests", type=int, default=200, help="requests a question")
    parser.add_argument("--items", type=int, default=1000, help="items that are written")
    parser.add_argument("--generator", type=Path, default=CHECKOUT.parent / "shared" / "bench" / "generate.py")
    parser.add_argument("--data-set", type=Path, help="a directory of the bench format, instead of a generated one")
    parser.add_argument("--out", type=Path, default=CHECKOUT / "bench-out")
    given = parser.parse_args()
    if given.data_set is None and not given.generator.is_file():
        sys.exit(f"there is no generator at {given.generator}: name one by --generator, or data by --data-set")
    results = {}
    with tempfile.TemporaryDirectory(prefix="capx-bench-") as folder:
        for people in given.people if given.data_set is None else [0]:
            place = Path(folder) / str(people)
            data_set = (
                DataSet.read(given.data_set)
                if given.data_set is not None
                else generated(given.generator, people, seed=given.seed, folder=place / "set")
            )
            rows = measure(data_set, place / "data", requests=given.requests)
            rows += sparql_rows(place / "data", requests=given.requests)
            print_table(f"{data_set.people} people", rows)
            results[str(data_set.people)] = [row.as_json() for row in rows]
    rows = writing_rows(items=given.items)
    print_table(f"{given.items} edits", rows)
    results["edits"] = [row.as_json() for row in rows]
    given.out.mkdir(parents=True, exist_ok=True)
    path = given.out / f"bench-{datetime.now(UTC):%Y%m%dT%H%M%SZ}.json"
    path.write_text(json.dumps({"machine": machine(), "seed": given.seed, "results": results}, indent=1) + "\n")
    print(f"\nwritten to {path}")


def machine() -> dict[str, object]:
    """What the figures were measured on."""
    memory = os.sysconf("SC_PAGE_SIZE") * os.sysconf("SC_PHYS_PAGES") // 2**20
    return {"cpus": os.cpu_count(), "memory_mb": memory, "python": platform.python_version(), "load": os.getloadavg()}


def print_table(title: str, rows: list[Row]) -> None:
    print(f"\n{title}")
    width = max(len(row.name) for row in rows)
    for row in rows:
        print(f"  {row.name:{width}}  {row.text()}")
    sys.stdout.flush()


main()
