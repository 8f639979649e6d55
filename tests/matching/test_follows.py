"""Matches follow the graph: after any change the index gives what the queries give, names and all."""

from __future__ import annotations

import random
from dataclasses import replace
from pathlib import Path

import pytest

from capx_graph.directory import DirectoryCache, Naming
from capx_graph.directory.kept import Kept
from capx_graph.matching import Asker
from tests.bench_data.changing import HELD, Changing
from tests.bench_data.graph import SPACES
from tests.bench_data.matching import MatchBench, matching, seen

pytestmark = pytest.mark.slow


class Matched(Changing):
    """Matches over a graph that changes."""

    def __init__(self, shared: Path, folder: Path) -> None:
        self.bench = MatchBench.generated(shared, folder, people=60)
        super().__init__(self.bench.data, self.bench.store, self.bench.index)

    def askers(self) -> list[Asker]:
        """Some people as the graph has them now, exactly and through the tree."""
        some = [self.bench.by_index.asker(record["username"]) for record in self.people[::13]]
        return [replace(asker, hierarchy=hierarchy) for asker in some for hierarchy in (True, False)]

    def check(self) -> None:
        """What has followed, what asks the graph, and what has just been read are one."""
        fresh, _ = matching(self.bench.store, load=True)
        for asker in self.askers():
            followed = self.bench.by_index.matches(asker, limit=100)
            assert followed == self.bench.by_sparql.matches(asker, limit=100)
            assert followed.lists == fresh.matches(asker, limit=100).lists


@pytest.fixture
def changing(shared: Path, tmp_path: Path) -> Matched:
    return Matched(shared, tmp_path / "data")


def test_a_new_wish_is_matched_at_once(changing: Matched) -> None:
    teacher = next(record for record in changing.people if record["available"])
    pupil = changing.people[-1]
    pupil["wanted"] = teacher["available"][:1]
    changing.commit("person")
    found = changing.bench.by_index.matches(changing.bench.by_index.asker(pupil["username"]), limit=100)
    assert teacher["username"] in {hit.name for hit in found.lists["learn_from"]}
    changing.check()


def test_a_moved_capacity_is_matched_where_it_is(changing: Matched) -> None:
    moved, root = changing.branch()
    teacher = changing.people[0]
    teacher["available"] = teacher["known"] = [moved["qid"]]
    changing.people[1]["wanted"] = [root["qid"]]
    changing.commit("person")
    asker = changing.bench.by_index.asker(changing.people[1]["username"])
    before = changing.bench.by_index.matches(asker, limit=100).lists["learn_from"]
    assert teacher["username"] not in {hit.name for hit in before}
    changing.move(moved, root["qid"])
    changing.commit()
    after = changing.bench.by_index.matches(asker, limit=100).lists["learn_from"]
    (hit,) = [hit for hit in after if hit.name == teacher["username"]]
    assert [(via.wanted.wikidata, via.offered.wikidata) for via in hit.learn.via] == [(root["qid"], moved["qid"])]
    changing.check()


def test_merged_capacities_are_one(changing: Matched) -> None:
    one, other = [record["qid"] for record in changing.data.records["capacity"] if record["level"] == 3][:2]
    changing.people[0]["available"], changing.people[1]["wanted"] = [one], [other]
    changing.commit("person")
    changing.merge(one, other)
    changing.commit()
    found = changing.bench.by_index.matches(changing.bench.by_index.asker(changing.people[1]["username"]), limit=100)
    assert changing.people[0]["username"] in {hit.name for hit in found.lists["learn_from"]}
    changing.check()


def test_who_has_gone_is_matched_no_more(changing: Matched) -> None:
    gone = changing.people.pop(7)
    changing.commit()
    for asker in changing.askers():
        lists = changing.bench.by_index.matches(asker, limit=100).lists
        assert gone["username"] not in {hit.name for hits in lists.values() for hit in hits}
    changing.check()


def test_an_event_that_is_cancelled_is_recommended_no_more(changing: Matched) -> None:
    asker = next(asker for asker in changing.askers() if changing.bench.by_index.matches(asker).events)
    code = changing.bench.by_index.matches(asker).events[0].ref.code
    record = next(record for record in changing.data.records["event"] if record["id"] == code)
    record["cancelled"] = "2026-05-01T00:00:00Z"
    changing.commit("event")
    assert code not in {event.ref.code for event in changing.bench.by_index.matches(asker, limit=100).events}
    changing.check()


def test_a_new_name_is_shown_at_once(changing: Matched) -> None:
    """Names of people are kept, until the ingest tells that they changed."""
    asker = changing.askers()[0]
    hit = changing.bench.by_index.matches(asker).lists["same_language"][0]
    record = next(record for record in changing.people if record["username"] == hit.name)
    record["display_name"] = "Renamed"
    record["last_update"] = "2026-05-31T23:59:59.000001Z"
    changing.commit("person")
    again = {one.name: one for one in changing.bench.by_index.matches(asker, limit=100).lists["same_language"]}
    assert again[hit.name].ref.label == "Renamed"
    assert again[hit.name].last_active == "2026-05-31T23:59:59.000001Z"


def test_what_nobody_told_of_is_read_anew(changing: Matched) -> None:
    directory = DirectoryCache(changing.bench.store, SPACES)
    naming = Naming(changing.bench.store, SPACES, directory)
    item = changing.data.ids["person", changing.people[0]["username"]]
    naming.ref(item, ("en",))
    changing.people[0]["display_name"] = "Renamed"
    changing.commit("person")
    assert naming.ref(item, ("en",)).label == "Renamed"


def test_what_is_kept_is_read_once(changing: Matched) -> None:
    directory = changing.bench.by_index._directory
    kept: Kept[int] = Kept(changing.bench.store, directory)
    reads: list[list[str]] = []

    def read(items: list[str]) -> dict[str, int]:
        reads.append(items)
        return dict.fromkeys(items, len(reads))

    one, two = (changing.data.ids["person", record["username"]] for record in changing.people[:2])
    assert kept.get([one], (), read) == {one: 1}
    assert kept.get([one, two], (), read) == {one: 1, two: 2}
    changing.people[1]["pronoun"] = "changed"
    changing.commit("person")
    assert kept.get([one, two], (), read) == {one: 1, two: 3}
    assert reads == [[one], [two], [two]]


def test_names_that_were_read_ahead_are_not_read_again(changing: Matched, monkeypatch: pytest.MonkeyPatch) -> None:
    """Only what changed since is, and of several names the first is shown whoever reads it."""
    store, directory = changing.bench.store, changing.bench.by_index._directory
    naming = Naming(store, SPACES, directory)
    items = [changing.data.ids["person", record["username"]] for record in changing.people]
    known = naming.refs(items, ("de", "en"))
    naming = Naming(store, SPACES, directory)
    naming.read_ahead(items)
    reads: list[list[str]] = []
    monkeypatch.setattr(naming._cards, "_read", lambda asked: reads.append(asked) or read(asked))  # type: ignore[func-returns-value]
    read = type(naming._cards)._read.__get__(naming._cards)
    assert naming.refs(items, ("de", "en")) == known
    changing.people[1]["display_name"] = "Renamed"
    changing.commit("person")
    assert naming.refs(items, ("de", "en"))[items[1]].label == "Renamed"
    assert reads == [[items[1]]]


@pytest.mark.parametrize("seed", [0, 1, 2])
def test_after_random_changes_the_index_gives_what_the_queries_give(changing: Matched, seed: int) -> None:
    wander(changing, random.Random(seed), commits=6, edits=5)


def test_after_a_thousand_random_changes_the_index_gives_what_the_queries_give(changing: Matched) -> None:
    wander(changing, random.Random(99), commits=100, edits=10, checked_every=20)


def wander(changing: Matched, random_: random.Random, *, commits: int, edits: int, checked_every: int = 2) -> None:
    """Edits, deletions, moves and merges of capacities, in any order."""
    fields = (*HELD, "territories", "languages", "projects", "affiliations", "last_update")
    changing.leave(45)
    for number in range(commits):
        changing.edit(random_, fields, times=edits)
        leaves = [record for record in changing.data.records["capacity"] if record["level"] == 3]
        branches = [record["qid"] for record in changing.data.records["capacity"] if record["level"] < 3]
        if random_.random() < 0.4:
            changing.move(random_.choice(leaves), random_.choice(branches))
        if random_.random() < 0.3:
            changing.merge(*random_.sample([record["qid"] for record in leaves], 2))
        changing.commit()
        if number % checked_every == checked_every - 1:
            changing.check()
    assert any(seen(changing.bench.by_index.matches(asker)) for asker in changing.askers())
