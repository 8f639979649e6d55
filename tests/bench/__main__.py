"""``make bench``: measures a service with 1,000, 10,000 and 100,000 people; prints a table, writes JSON.

    make bench BENCH="--people 1000 10000 --requests 300"
    make bench BENCH="--write"          # all sizes, and the page BENCH.md
    make bench BENCH="--million"        # one size more
    make bench BENCH="--rebuild --people 100000"        # a rebuild while a client searches, and nothing else
    make bench BENCH="--page bench-out/bench-*.json"    # BENCH.md from sizes that were measured one by one

Timing is measured here and never asserted in a test: a busy machine must not make a change look wrong.
"""

from __future__ import annotations

import argparse
import sys
import tempfile
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path

from tests import CHECKOUT
from tests.bench.client import Reader
from tests.bench.dataset import DataSet, generated
from tests.bench.editing import Edits
from tests.bench.figures import LOADED, Row
from tests.bench.lifecycle import check_row, disk_rows, import_rows, start_rows
from tests.bench.load import loaded
from tests.bench.processes import memory_mb, served
from tests.bench.reading import load_paths, questions, rows
from tests.bench.rebuilding import rebuild_rows
from tests.bench.report import machine, page, print_row, read_json, write_json
from tests.bench.sparql import sparql_rows
from tests.bench.writing import writing_rows

SIZES = [1_000, 10_000, 100_000]
MILLION = 1_000_000


def main() -> None:
    given = _arguments()
    if given.page:
        _write_page(given.page)
        return
    kept: dict[int, list[Row]] = {}
    on: dict[int, dict[str, object]] = {}
    if given.scratch is not None:
        given.scratch.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory(prefix="capx-bench-", dir=given.scratch) as folder:
        for data_set, data in _data_sets(given, Path(folder)):
            print(f"\n{data_set.people} people")
            kept[data_set.people] = _kept(_measured(data_set, data, given))
            on[data_set.people] = machine()
    if given.items and not given.rebuild:
        print(f"\n{given.items} edits by WikibaseIntegrator")
        edits = writing_rows(items=given.items)
        for row in edits:
            print_row(row)
        kept[max(kept)] += edits
    written = write_json(given.out, {"seed": given.seed}, kept, on)
    print(f"\nwritten to {written}")
    if given.write:
        _write_page([written])


def _kept(rows_: Iterator[Row]) -> list[Row]:
    """The figures as they come; what fails ends them, and those before it are kept."""
    found = []
    try:
        for row in rows_:
            print_row(row)
            found.append(row)
    except (OSError, RuntimeError) as error:
        print(f"  the rest was not measured: {error}")
    return found


def _write_page(runs: Sequence[Path]) -> None:
    (CHECKOUT / "BENCH.md").write_text(page(*read_json(runs)), encoding="utf-8")
    print("written to BENCH.md")


def _arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="make bench", description=__doc__.split("\n", maxsplit=1)[0])
    parser.add_argument("--people", type=int, nargs="+", default=SIZES, help="sizes of the data set")
    parser.add_argument("--million", action="store_true", help="a million people too")
    parser.add_argument("--rebuild", action="store_true", help="only a rebuild aside while a client searches")
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--requests", type=int, default=200, help="requests a question")
    parser.add_argument("--edits", type=int, default=60, help="edits that are watched until they are seen")
    parser.add_argument("--moves", type=int, default=5, help="capacities that are moved away and back")
    parser.add_argument("--items", type=int, default=1000, help="items written by WikibaseIntegrator; 0 for none")
    parser.add_argument("--generator", type=Path, default=CHECKOUT.parent / "shared" / "bench" / "generate.py")
    parser.add_argument("--data-set", type=Path, help="a directory of the bench format, instead of a generated one")
    parser.add_argument(
        "--data", type=Path, help="the data directory of that set, imported before: nothing is imported"
    )
    parser.add_argument("--scratch", type=Path, help="where the data directories are made")
    parser.add_argument("--out", type=Path, default=CHECKOUT / "bench-out")
    parser.add_argument("--write", action="store_true", help="write BENCH.md")
    parser.add_argument(
        "--page", type=Path, nargs="+", help="measure nothing, write BENCH.md from the JSON of such runs"
    )
    given = parser.parse_args()
    if given.data_set is None and not given.generator.is_file():
        sys.exit(f"there is no generator at {given.generator}: name one by --generator, or data by --data-set")
    if given.data is not None and given.data_set is None:
        sys.exit("--data needs --data-set, from which the questions are drawn")
    return given


def _data_sets(given: argparse.Namespace, folder: Path) -> Iterator[tuple[DataSet, Path]]:
    if given.data_set is not None:
        yield DataSet.read(given.data_set), given.data or folder / "data"
        return
    for people in [*given.people, *([MILLION] if given.million else [])]:
        place = folder / str(people)
        yield generated(given.generator, people, seed=given.seed, folder=place / "set"), place / "data"


def _measured(data_set: DataSet, data: Path, given: argparse.Namespace) -> Iterator[Row]:
    """All figures for one data set, in its data directory."""
    if given.data is None:
        yield from import_rows(data_set, data)
        yield from disk_rows(data)
    if given.rebuild:
        yield from rebuild_rows(data_set, data, requests=given.requests)
        return
    with _service(data, data_set) as (address, seconds, pid):
        yield from start_rows(address, seconds, pid)
        reader = Reader(address)
        asked, missing = questions(data_set, reader, requests=given.requests)
        for line in missing:
            print(f"  not measured: {line}")
        yield from rows(asked, reader)
        edits = Edits(address, data, data_set)
        yield from edits.rows(given.edits)
        yield from edits.moves(given.moves)
        yield Row("memory of the service", memory_mb(pid), "MB", key="memory")
        with loaded(address, load_paths(asked)) as rate:
            yield from rows(asked, reader, state=LOADED)
            yield from edits.rows(given.edits // 2, state=LOADED)
        yield Row("answers to the 8 clients", rate[0], "a second", state=LOADED)
        yield Row("memory of the service", memory_mb(pid), "MB", key="memory", state="after all that")
    yield from sparql_rows(data, requests=given.requests)
    yield check_row(data)


@contextmanager
def _service(data: Path, data_set: DataSet) -> Iterator[tuple[str, float, int]]:
    """The service on the day that the data is made for, for clients of whom all come from one address."""
    settings = {"now": data_set.now, "sparql_allowance": "0"}
    with served(data, log=data / "bench.log", settings=settings) as started:
        yield started


main()
