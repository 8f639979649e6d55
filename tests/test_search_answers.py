"""Every answer of the search equals a plain reading of the records, whichever finder gave it."""

from __future__ import annotations

import random
from collections.abc import Iterator
from pathlib import Path

import pytest
from benchgraph import SPACES, BenchGraph, generate
from plainsearch import Asked, PlainSearch

from capx_graph.directory import DirectoryCache, Naming
from capx_graph.model import EntityKind, Role, SearchPage, SearchRequest
from capx_graph.search import Search
from capx_graph.textindex import TextEntry, TextField, TextIndex

PEOPLE = 1000


class Bench:
    """The bench data searched in the three ways."""

    def __init__(self, data: BenchGraph, folder: Path) -> None:
        self.data = data
        self.plain = PlainSearch(data)
        store = data.store()
        self.texts = TextIndex(folder / "text")
        with self.texts.rebuild("bench") as build:
            build.add(entry for kind in data.records for entry in entries(data, kind))
            build.finish(1)
            build.publish()
        directory = DirectoryCache(store, SPACES)
        naming = Naming(store, SPACES, directory)
        self.by_sparql = Search(store, self.texts, SPACES, directory=directory, naming=naming)
        self.by_bitmaps = Search(store, self.texts, SPACES, directory=directory, naming=naming)
        self.by_bitmaps.load()
        self.keys = {item: key for key, item in data.ids.items()}

    def request(self, asked: Asked, *, sort: str = "relevance", limit: int = 20, offset: int = 0) -> SearchRequest:
        return SearchRequest(
            classes=tuple(EntityKind(word) for word in asked.classes),
            capacities=tuple(f"wikidata:{qid}" for qid in asked.capacities),
            roles=tuple(Role(word) for word in asked.roles),
            languages=asked.languages,
            levels=asked.levels,
            territories=tuple(code.lower() for code in asked.territories),
            organizations=tuple(self.data.ids["organization", code] for code in asked.organizations),
            projects=asked.projects,
            sort=sort,
            limit=limit,
            offset=offset,
            descendants=asked.descendants,
        )

    def counts(self, page: SearchPage, facet: str) -> dict[str, int]:
        values = {value.ref.id: value.count for value in page.facets[facet] if value.count}
        return {self.keys[key][1] if key in self.keys else key: count for key, count in values.items()}


def entries(data: BenchGraph, kind: str) -> Iterator[TextEntry]:
    for record in data.records[kind]:
        key = record.get("username") or record.get("id") or record.get("code") or record["qid"]
        names = record.get("labels") or record.get("names") or {"en": record.get("name") or record.get("display_name")}
        for language, text in names.items():
            yield TextEntry(data.ids[kind, key], EntityKind(kind), TextField.LABEL, language, text)
        if kind == "person":
            yield TextEntry(data.ids[kind, key], EntityKind(kind), TextField.USERNAME, None, key)


@pytest.fixture(scope="module")
def bench(shared: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Bench]:
    folder = tmp_path_factory.mktemp("bench")
    made = Bench(BenchGraph(generate(shared, PEOPLE, folder / "data")), folder)
    yield made
    made.texts.close()


def draw(bench: Bench, random_: random.Random) -> Asked:
    """A search that somebody might make; popular values more often, so that most find something."""
    records = bench.data.records

    def some(values: list[str], likely: float, most: int = 3) -> tuple[str, ...]:
        return tuple(random_.sample(values, random_.randint(1, most))) if random_.random() < likely else ()

    person = random_.choice(records["person"])
    held = [key for up in person["known"] for key in bench.data.above["capacity", up]] or [
        records["capacity"][0]["qid"]
    ]
    spoken = [skill["code"] for skill in person["languages"]] or ["en"]
    lives = [key for code in person["territories"] for key in bench.data.above["territory", code]] or ["R-LAC"]
    return Asked(
        classes=some(["person", "organization", "event", "capacity", "territory", "project"], 0.4),
        capacities=some(sorted(set(held)), 0.6, min(3, len(set(held)))),
        roles=some(["offers", "wants", "knows"], 0.35, 2),
        languages=some(spoken, 0.5, len(spoken)),
        levels=some(["0", "1", "2", "3", "4", "5", "n"], 0.3, 4),
        territories=some(sorted(set(lives)), 0.4, 1),
        organizations=some([record["code"] for record in records["organization"][:40]], 0.1),
        projects=some(["wiki", "commonswiki", "wikidatawiki"], 0.2, 2),
        descendants=random_.random() < 0.7,
    )


@pytest.mark.parametrize("seed", range(40))
def test_hits_order_and_total_equal_a_plain_reading(bench: Bench, seed: int) -> None:
    random_ = random.Random(seed)
    asked = draw(bench, random_)
    sort = random_.choice(["relevance", "active", "name"])
    expected = bench.plain.ordered(bench.plain.find(asked), asked, sort)
    offset = random_.choice([0, 0, 7, max(0, len(expected) - 3)])
    request = bench.request(asked, sort=sort, offset=offset)
    for search in (bench.by_bitmaps, bench.by_sparql):
        page = search.run(request)
        assert page.total == len(expected)
        assert [bench.keys[hit.ref.id] for hit in page.hits] == [
            (thing.kind, thing.key) for thing in expected[offset : offset + 20]
        ]
        assert page.next_offset == (offset + 20 if offset + 20 < len(expected) else None)


@pytest.mark.parametrize("seed", range(8))
def test_the_counts_of_every_facet_equal_a_plain_reading(bench: Bench, seed: int) -> None:
    asked = draw(bench, random.Random(1000 + seed))
    pages = [search.run(bench.request(asked)) for search in (bench.by_bitmaps, bench.by_sparql)]
    for facet in ("class", "role", "level", "language", "project", "territory", "organization", "capacity"):
        expected = bench.plain.counts(facet, asked)
        for page in pages:
            assert bench.counts(page, facet) == expected, facet


def test_nothing_asked_finds_everything(bench: Bench) -> None:
    page = bench.by_bitmaps.run(SearchRequest())
    assert page.total == len(bench.plain.find(Asked()))
    assert bench.counts(page, "class") == bench.plain.counts("class", Asked())


@pytest.mark.parametrize("sort", ["relevance", "active", "name"])
def test_pages_together_are_the_whole_list_and_nothing_twice(bench: Bench, sort: str) -> None:
    asked = Asked(languages=("es", "pt"), classes=("person",))
    found: list[str] = []
    offset: int | None = 0
    while offset is not None:
        page = bench.by_bitmaps.run(bench.request(asked, sort=sort, offset=offset, limit=37))
        found += [hit.name for hit in page.hits]
        offset = page.next_offset
    expected = bench.plain.ordered(bench.plain.find(asked), asked, sort)
    assert found == [thing.key for thing in expected]


@pytest.mark.parametrize("language", ["en", "pt", "es", "fr", "ar", "ja"])
def test_a_capacity_is_found_by_its_name_in_any_language(bench: Bench, language: str) -> None:
    """The same people whatever the language, and none by a capacity whose name merely begins so."""
    capacity = bench.data.records["capacity"][9]
    if language not in capacity["labels"]:
        capacity = bench.data.records["capacity"][1]
    expected = bench.plain.find(Asked(named=(capacity["qid"],), classes=("person",)))
    for search in (bench.by_bitmaps, bench.by_sparql):
        request = SearchRequest(text=capacity["labels"][language], classes=(EntityKind.PERSON,), limit=500)
        page = search.run(request)
        assert {hit.name for hit in page.hits} == {thing.key for thing in expected}


def test_a_person_who_only_offers_a_capacity_is_found_by_it(bench: Bench) -> None:
    record = next(record for record in bench.data.records["person"] if record["available"])
    request = SearchRequest(
        capacities=(f"wikidata:{record['available'][0]}",), roles=(Role.OFFERS,), descendants=False, limit=500
    )
    assert record["username"] in {hit.name for hit in bench.by_bitmaps.run(request).hits}


def test_nobody_inactive_is_found(bench: Bench) -> None:
    text = (bench.data.folder / "people.jsonl").read_text(encoding="utf-8")
    inactive = text.count('"active":false')
    assert inactive > 0
    assert bench.by_bitmaps.run(SearchRequest(classes=(EntityKind.PERSON,))).total == PEOPLE - inactive
