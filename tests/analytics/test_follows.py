"""The panels follow the graph: after any edits they count as plain loops over the records do, both ways alike."""

from __future__ import annotations

import random
from dataclasses import replace
from pathlib import Path

import pytest

from tests.bench_data.analytics import COUNTED, AnalyticsBench, counts, unhidden
from tests.bench_data.changing import HELD, Changing
from tests.bench_data.graph import BenchGraph, generate
from tests.plain.analytics import PlainAnalytics

pytestmark = pytest.mark.slow


class Counted(Changing):
    """Panels over a graph that changes."""

    def __init__(self, shared: Path, folder: Path) -> None:
        data = BenchGraph(generate(shared, 60, folder / "set"))
        store = data.store()
        self.bench = AnalyticsBench(data, folder, store=store)
        super().__init__(data, store, self.bench.index)

    def check(self) -> None:
        plain = PlainAnalytics(self.data)
        for panel in COUNTED:
            asked = unhidden(panel)
            followed = self.bench.by_bitmaps.panel(asked)
            assert followed.version == self.cursor or panel in ("directory_totals", "translation")
            assert counts(followed) == plain.counts(panel), panel
            assert self.bench.by_sparql.panel(asked).lines == followed.lines, panel


@pytest.fixture
def changing(shared: Path, tmp_path: Path) -> Counted:
    return Counted(shared, tmp_path)


@pytest.mark.parametrize("seed", [0, 1])
def test_after_random_edits_every_panel_counts_what_is_said_now(changing: Counted, seed: int) -> None:
    random_ = random.Random(seed)
    changing.leave(40)
    for _ in range(4):
        changing.edit(random_, (*HELD, "territories", "languages", "joined"), times=random_.choice([1, 1, 6]))
        changing.commit("person")
        changing.check()


def test_a_moved_capacity_takes_its_counts_along(changing: Counted) -> None:
    moved, target = changing.branch()
    changing.move(moved, target["qid"])
    changing.commit()
    changing.check()


def test_an_organization_without_place_manager_or_named_manager_is_counted_as_such(changing: Counted) -> None:
    organizations = changing.data.records["organization"]
    managed = [one for one in organizations if one["managers"]]
    managed[0]["territories"] = []
    managed[1]["managers"] = []
    managed[2]["managers"] = [{"username": "Inactive and so unnamed", "since": "2026-05-20T00:00:00Z"}]
    changing.commit("organization")
    changing.check()


def test_a_graph_built_anew_at_the_same_change_is_counted_anew(changing: Counted) -> None:
    analytics = changing.bench.by_bitmaps
    before, stamp = counts(analytics.panel(unhidden("totals"))), analytics.stamp
    del changing.data.records["person"][40:]
    changing.store.apply(replace(changing.difference("person"), cursor=changing.store.version))
    with changing.bench.index.replacing(None):
        pass
    changing.bench.index.load()
    after = counts(analytics.panel(unhidden("totals")))
    assert (before[("people",)], after[("people",)]) == ((60,), (40,))
    assert analytics.stamp != stamp


def test_a_translated_name_is_counted(changing: Counted) -> None:
    changing.data.records["capacity"][3]["labels"]["eo"] = "kapablo"
    changing.commit("capacity")
    changing.check()
    assert counts(changing.bench.by_bitmaps.panel(unhidden("translation")))["eo", "capacity"] == (1,)
