"""The whole way: records imported, projected, indexed, searched; the answers equal a plain reading of the records."""

from __future__ import annotations

import random
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest

from capx_graph import settings as setting_list
from capx_graph.importers.sources import BenchDirectory
from capx_graph.opening import open_importing
from capx_graph.search import FACETS, Search
from capx_graph.services import open_services
from tests.bench_data.graph import BenchGraph, generate
from tests.bench_data.search import counts, draw, key, request
from tests.plain.search import PlainSearch

pytestmark = pytest.mark.slow


@dataclass
class Imported:
    """A data directory filled by an import, and the records it was filled from."""

    data: BenchGraph
    plain: PlainSearch
    search: Search


def imported(shared: Path, folder: Path, people: int) -> Iterator[Imported]:
    records = generate(shared, people, folder / "set")
    settings = setting_list.load({}, data=str(folder / "data"))
    with open_importing(settings) as importing:
        outcome = importing.importer.run(BenchDirectory(records), rejects=folder / "rejects.jsonl", workers=0)
        assert outcome.first_reject is None
    with open_services(settings) as services:
        services.ingest.catch_up()
        services.index.load()
        data = BenchGraph(records)
        yield Imported(data, PlainSearch(data), services.search)


@pytest.fixture(scope="module")
def few(shared: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Imported]:
    yield from imported(shared, tmp_path_factory.mktemp("few"), 60)


@pytest.fixture(scope="module")
def many(shared: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Imported]:
    yield from imported(shared, tmp_path_factory.mktemp("many"), 1000)


def compare(made: Imported, seed: int) -> None:
    random_ = random.Random(seed)
    asked = draw(made.data, random_)
    sort = random_.choice(["relevance", "active", "name"])
    expected = made.plain.ordered(made.plain.find(asked), asked, sort)
    page = made.search.run(request(asked, sort=sort))
    assert page.total == len(expected)
    assert [key(hit.ref) for hit in page.hits] == [(thing.kind, thing.key) for thing in expected[:20]]
    for facet in FACETS:
        assert counts(page, facet) == made.plain.counts(facet, asked), facet


@pytest.mark.parametrize("seed", range(15))
def test_imported_records_are_found_as_they_were_written(few: Imported, seed: int) -> None:
    compare(few, seed)


@pytest.mark.parametrize("seed", range(100, 300))
def test_a_thousand_imported_people_are_found_as_they_were_written(many: Imported, seed: int) -> None:
    compare(many, seed)
