"""How fast a connected Wikibase is followed: ten thousand changes in a minute, one edit in a second."""

from __future__ import annotations

import statistics
import time
from datetime import UTC, datetime
from functools import partial
from pathlib import Path

import pytest

from capx_graph.model import Draft
from capx_graph.upstream import SyncLoop
from tests.houses.upstream import Connected, connected, entity, remote_wiki
from tests.waiting import until

MANY = 10_000


@pytest.mark.slow
def test_ten_thousand_changed_entities_are_taken_in_within_a_minute(tmp_path: Path) -> None:
    with remote_wiki(tmp_path / "remote") as remote:
        remote.clock.now = datetime.now(UTC)
        ids = remote.repository.allocate("item", MANY)
        claims = [("instanceOf", remote.instance.item_id("Capacity"))]

        def write(word: str) -> None:
            for start in range(0, MANY, 500):
                some = ids[start : start + 500]
                drafts = [Draft(entity(remote.instance.property_id, id_, f"{word} {id_}", claims)) for id_ in some]
                remote.repository.bulk(drafts, actor="Somebody")

        write("thing")
        with connected(remote, tmp_path / "data") as here:
            here.catch_up()
            remote.clock.tick(100)
            write("changed")
            began = time.perf_counter()
            assert here.catch_up() == MANY
            assert time.perf_counter() - began < 60
            assert here.label(ids[-1]) == f"changed {ids[-1]}"


@pytest.mark.slow
def test_an_edit_is_here_within_two_seconds(tmp_path: Path) -> None:
    """Each comes right after a look, and so waits for the next one the longest."""
    with remote_wiki(tmp_path / "remote") as remote, connected(remote, tmp_path / "data") as here:
        made = remote.item("watched")
        here.catch_up()
        loop = SyncLoop(here.sync, here.repository.mirror.count, seconds=1.0)
        loop.start()
        try:
            lags = []
            for number in range(6):
                began = time.perf_counter()
                remote.clock.tick(1)
                remote.label(made, f"watched {number}")
                until(partial(watched, here, made, number), what=f"edit {number} is here")
                lags.append(time.perf_counter() - began)
        finally:
            loop.stop()
        assert statistics.median(lags) < 2


def watched(here: Connected, entity_id: str, number: int) -> bool:
    return here.label(entity_id) == f"watched {number}"
