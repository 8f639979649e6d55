"""The panels follow the graph: after any edits they count as plain loops over the records do, both ways alike."""

from __future__ import annotations

import random
from dataclasses import replace
from pathlib import Path

import pytest

from capx_graph.store.embedded import EmbeddedStore
from tests.bench_data.analytics import COUNTED, AnalyticsBench, counts, unhidden
from tests.bench_data.graph import BenchChanges, BenchGraph, generate
from tests.plain.analytics import PlainAnalytics


class Changing:
    """A small bench graph whose records may be changed; the panels hear of it as the ingest tells the index."""

    def __init__(self, shared: Path, folder: Path) -> None:
        self.data = BenchGraph(generate(shared, 60, folder / "set"))
        self.store: EmbeddedStore = self.data.store()
        self.bench = AnalyticsBench(self.data, folder, store=self.store)
        self.changes = BenchChanges(self.data)

    def commit(self, *kinds: str) -> None:
        delta = self.changes.difference(*kinds)
        self.store.apply(delta)
        self.bench.index.graph_changed(delta)

    def check(self) -> None:
        plain = PlainAnalytics(self.data)
        for panel in COUNTED:
            asked = unhidden(panel)
            followed = self.bench.by_bitmaps.panel(asked)
            assert followed.version == self.changes.cursor or panel in ("directory_totals", "translation")
            assert counts(followed) == plain.counts(panel), panel
            assert self.bench.by_sparql.panel(asked).lines == followed.lines, panel


@pytest.fixture
def changing(shared: Path, tmp_path: Path) -> Changing:
    return Changing(shared, tmp_path)


@pytest.mark.parametrize("seed", [0, pytest.param(1, marks=pytest.mark.slow)])
def test_after_random_edits_every_panel_counts_what_is_said_now(changing: Changing, seed: int) -> None:
    random_ = random.Random(seed)
    people = changing.data.records["person"]
    spare = people[40:]
    del people[40:]
    for _ in range(4):
        for _ in range(random_.choice([1, 1, 6])):
            chosen, other = random_.sample(range(len(people)), 2)
            field = random_.choice(["known", "available", "wanted", "territories", "languages", "joined"])
            people[chosen] = people[chosen] | {field: people[other][field]}
        if spare:
            people.append(spare.pop())
        if random_.random() < 0.4:
            people.pop(random_.randrange(len(people)))
        changing.commit("person")
        changing.check()


def test_a_moved_capacity_takes_its_counts_along(changing: Changing) -> None:
    data = changing.data
    moved = next(record for record in data.records["capacity"] if record["level"] == 2)
    target = next(r for r in data.records["capacity"] if r["level"] == 1 and r["qid"] != moved["parent"])
    below = [r["qid"] for r in data.records["capacity"] if r["parent"] == moved["qid"]]
    moved["parent"] = target["qid"]
    for qid in (moved["qid"], *below):
        data.above["capacity", qid] = {qid, moved["qid"], target["qid"]}
    changing.commit()
    changing.check()


def test_an_organization_without_place_manager_or_named_manager_is_counted_as_such(changing: Changing) -> None:
    organizations = changing.data.records["organization"]
    managed = [one for one in organizations if one["managers"]]
    managed[0]["territories"] = []
    managed[1]["managers"] = []
    managed[2]["managers"] = [{"username": "Inactive and so unnamed", "since": "2026-05-20T00:00:00Z"}]
    changing.commit("organization")
    changing.check()


def test_a_graph_built_anew_at_the_same_change_is_counted_anew(changing: Changing) -> None:
    analytics = changing.bench.by_bitmaps
    before, stamp = counts(analytics.panel(unhidden("totals"))), analytics.stamp
    del changing.data.records["person"][40:]
    changing.store.apply(replace(changing.changes.difference("person"), cursor=changing.store.version))
    with changing.bench.index.replacing(None):
        pass
    changing.bench.index.load()
    after = counts(analytics.panel(unhidden("totals")))
    assert (before[("people",)], after[("people",)]) == ((60,), (40,))
    assert analytics.stamp != stamp


def test_a_translated_name_is_counted(changing: Changing) -> None:
    changing.data.records["capacity"][3]["labels"]["eo"] = "kapablo"
    changing.commit("capacity")
    changing.check()
    assert counts(changing.bench.by_bitmaps.panel(unhidden("translation")))["eo", "capacity"] == (1,)
