"""The search follows the graph: after any change it answers as one that has just read everything."""

from __future__ import annotations

import random
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from threading import Event

import pytest

from capx_graph.directory import DirectoryCache, Naming
from capx_graph.index import Index
from capx_graph.index.bitmaps import Fact
from capx_graph.index.reading import FactReader
from capx_graph.model import EntityKind, Role, SearchPage, SearchRequest
from capx_graph.ontology import load_instance
from capx_graph.search import FACETS, Search
from tests.bench_data.changing import Changing
from tests.bench_data.graph import SPACES
from tests.bench_data.search import SearchBench
from tests.plain.search import Asked, PlainSearch

pytestmark = pytest.mark.slow

ASKED = (
    SearchRequest(),
    SearchRequest(sort="name", limit=100),
    SearchRequest(sort="active", roles=(Role.OFFERS,)),
    SearchRequest(languages=("en", "es"), levels=("n", "3", "4"), territories=("R-LAC", "R-NWE")),
    SearchRequest(classes=(EntityKind.PERSON,), descendants=False),
)


class Searched(Changing):
    """A search over a graph that changes."""

    def __init__(self, shared: Path, folder: Path) -> None:
        self.bench = SearchBench(shared, folder, people=60)
        super().__init__(self.bench.data, self.bench.store, self.bench.index)

    def fresh(self) -> Search:
        store = self.bench.store
        directory = DirectoryCache(store, SPACES)
        naming = Naming(store, SPACES, directory)
        ids = load_instance("embedded")
        index = Index(store, SPACES, directory)
        index.load()
        return Search(store, self.bench.texts, SPACES, index=index, directory=directory, naming=naming, instance=ids)

    def check(self) -> None:
        fresh = self.fresh()
        for request in ASKED:
            followed, read = self.bench.by_bitmaps.run(request), fresh.run(request)
            assert without_version(followed) == without_version(read)
            assert followed.version == self.cursor
        plain = PlainSearch(self.data)
        assert {thing.key for thing in plain.things if thing.kind == "person"} == {
            hit.name for hit in self.bench.by_bitmaps.run(SearchRequest(classes=(EntityKind.PERSON,), limit=500)).hits
        }


def without_version(page: SearchPage) -> tuple[object, ...]:
    return page.total, page.hits, {facet: page.facets[facet] for facet in FACETS}, page.next_offset


@pytest.fixture
def changing(shared: Path, tmp_path: Path) -> Iterator[Searched]:
    made = Searched(shared, tmp_path)
    yield made
    made.bench.texts.close()


def test_an_edited_person_is_found_by_what_is_said_now(changing: Searched) -> None:
    person = changing.data.records["person"][3]
    capacity = changing.data.records["capacity"][200]["qid"]
    person["wanted"] = [capacity]
    person["territories"] = ["BR"]
    person["languages"] = [{"code": "eu", "proficiency": "n"}, {"code": "en", "proficiency": "0"}]
    person["last_update"] = "2030-01-01T00:00:00.000001Z"
    changing.commit("person")
    request = SearchRequest(
        capacities=(f"wikidata:{capacity}",), roles=(Role.WANTS,), territories=("r-lac",), languages=("eu",)
    )
    assert [hit.name for hit in changing.bench.by_bitmaps.run(request).hits] == [person["username"]]
    assert changing.bench.by_bitmaps.run(SearchRequest(sort="active")).hits[0].name == person["username"]
    changing.check()


def test_a_removed_person_is_not_found_and_a_new_one_is(changing: Searched) -> None:
    gone = changing.data.records["person"].pop(5)
    changing.commit("person")
    changing.check()
    changing.data.records["person"].append(gone | {"username": gone["username"]})
    changing.commit("person")
    changing.check()


def test_a_moved_capacity_takes_its_people_along(changing: Searched, monkeypatch: pytest.MonkeyPatch) -> None:
    data = changing.data
    read: list[str] = []
    read_facts = FactReader.of
    monkeypatch.setattr(FactReader, "of", lambda self, items: (read.extend(items), read_facts(self, items))[1])
    moved, target = changing.branch()
    changing.move(moved, target["qid"])
    changing.commit()
    assert set(read) <= {data.ids["capacity", record["qid"]] for record in data.records["capacity"]}
    changing.check()
    page = changing.bench.by_bitmaps.run(SearchRequest(capacities=(f"wikidata:{target['qid']}",), limit=500))
    plain = PlainSearch(data)
    expected = {thing.key for thing in plain.find(Asked(capacities=(target["qid"],)))}
    assert {hit.name for hit in page.hits} == expected


def test_a_renamed_organization_is_named_so_in_facets(changing: Searched) -> None:
    organization = changing.data.records["organization"][0]
    organization["names"]["en"] = "Renamed"
    changing.bench.by_bitmaps.run(SearchRequest())
    changing.commit("organization")
    values = changing.bench.by_bitmaps.run(SearchRequest()).facets["organization"]
    assert [value.ref.label for value in values if value.ref.code == organization["code"]] == ["Renamed"]


def test_an_edit_of_a_person_leaves_the_directory_as_it_is(changing: Searched) -> None:
    """Most edits are of people; reading some thousand names anew after each would be felt."""
    cache = changing.bench.directory
    number = cache.current().number
    changing.data.records["person"][0]["pronoun"] = "changed"
    changing.commit("person")
    assert cache.current().number == number
    changing.data.records["language"][1]["name"] = "changed"
    changing.commit("language")
    assert cache.current().number == number + 1


def test_nothing_is_missed_when_nobody_tells(changing: Searched) -> None:
    """Names are right at every version of the graph, told or not."""
    changing.bench.by_sparql.run(SearchRequest())
    changing.data.records["language"][1]["name"] = "changed"
    changing.bench.store.apply(changing.difference("language"))
    values = changing.bench.by_sparql.run(SearchRequest()).facets["language"]
    assert "changed" in {value.ref.label for value in values}


def test_a_graph_built_anew_is_read_anew(changing: Searched) -> None:
    changing.data.records["person"] = changing.data.records["person"][:10]
    with changing.bench.store.rebuild("again") as build:
        build.add(changing.data.triples())
        build.finish(7)
        build.publish()
    search = changing.fresh()
    with changing.bench.index.replacing(None):
        pass
    for request in ASKED:
        assert without_version(changing.bench.by_bitmaps.run(request)) == without_version(search.run(request))


@pytest.mark.parametrize("seed", [0, 1])
def test_after_many_random_edits_the_bitmaps_are_those_of_a_fresh_start(changing: Searched, seed: int) -> None:
    random_ = random.Random(seed)
    fields = ("known", "wanted", "territories", "languages", "projects", "affiliations")
    changing.leave(40)
    for _ in range(5):
        changing.edit(random_, fields, times=random_.choice([1, 1, 6]))
        changing.commit("person")
    changing.check()


def test_who_asks_while_the_index_is_loaded_waits_for_it(changing: Searched, monkeypatch: pytest.MonkeyPatch) -> None:
    store = changing.bench.store
    index = Index(store, SPACES, DirectoryCache(store, SPACES))
    assert not index.awaited(), "nobody loads it"
    begun, released = Event(), Event()
    read = FactReader.everything

    def late(self: FactReader) -> Iterator[Fact]:
        begun.set()
        assert released.wait(30)
        yield from read(self)

    monkeypatch.setattr(FactReader, "everything", late)
    with ThreadPoolExecutor(2) as threads:
        loading = threads.submit(index.load)
        assert begun.wait(30)
        asking = threads.submit(index.awaited)
        with pytest.raises(TimeoutError):
            asking.result(timeout=0.05)
        released.set()
        assert asking.result(timeout=30)
        loading.result(timeout=30)
