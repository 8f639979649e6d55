"""The thread that keeps a service in step with what other processes write."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from threading import Event, Thread

import pytest

from capx_graph.errors import Unavailable
from capx_graph.ingest import Ingest, IngestLoop, Progress, Report
from capx_graph.model import Page
from capx_graph.projection import Hierarchy
from capx_graph.store.base import Delta, GraphReader
from capx_graph.terms import Triple
from tests.houses.graph import INSTANCE, House, capx, item, provision_in

LONG = 30.0


class Seen:
    """An observer that says when the graph has moved."""

    def __init__(self) -> None:
        self.changed = Event()

    def graph_changed(self, delta: Delta) -> None:
        self.changed.set()

    def aside(self, graph: GraphReader) -> None:
        """Nothing is derived from it."""

    @contextmanager
    def replacing(self, successor: object) -> Iterator[None]:
        yield


class Told(Event):
    """An event that sets another one too: the loop sets it when it has been told to stop."""

    def __init__(self, also: Event) -> None:
        super().__init__()
        self._also = also

    def set(self) -> None:
        super().set()
        self._also.set()


@pytest.fixture
def house(tmp_path: Path) -> Iterator[House]:
    with House.opened(tmp_path, provision_in(tmp_path / "provisioned")) as house:
        house.ingest.catch_up()
        yield house


@pytest.mark.parametrize("woken", [True, False])
def test_a_change_is_taken_in_when_told_and_when_not(house: House, woken: bool) -> None:
    seen = Seen()
    ingest = Ingest(house.repository, house.store, house.texts, instance=INSTANCE, observers=[seen])
    loop = IngestLoop(ingest, poll=LONG if woken else 0.01)
    if woken:
        house.repository.on_commit(loop.wake)
    loop.start()
    house.write(item("Q300", "Person", username=["Zuzana"]))
    assert seen.changed.wait(LONG)
    loop.stop()
    assert house.values("Q300", capx("username")) == ["Zuzana"]


def test_a_failure_is_kept_and_the_next_round_tries_again(house: House, monkeypatch: pytest.MonkeyPatch) -> None:
    healed = Event()
    failures = [Unavailable("the disk is full")]

    def catch_up(*, progress: Progress) -> Report:
        if failures:
            raise failures.pop()
        healed.set()
        return Report(0, 0, 0)

    monkeypatch.setattr(house.ingest, "catch_up", catch_up)
    loop = IngestLoop(house.ingest, poll=LONG, pause=0.0)
    loop.start()
    assert healed.wait(LONG)
    loop.stop()
    assert loop.last_failure is None


def test_the_last_failure_can_be_told(house: House, monkeypatch: pytest.MonkeyPatch) -> None:
    failed = Event()

    def catch_up(*, progress: Progress) -> Report:
        failed.set()
        raise Unavailable("the disk is full")

    monkeypatch.setattr(house.ingest, "catch_up", catch_up)
    loop = IngestLoop(house.ingest, poll=LONG, pause=LONG)
    loop.start()
    assert failed.wait(LONG)
    loop.stop()
    assert loop.last_failure == "Unavailable: the disk is full"


def test_a_rebuild_under_way_is_given_up(house: House, monkeypatch: pytest.MonkeyPatch) -> None:
    begun, stopping = Event(), Event()
    triples = house.ingest.graph.triples

    def slowly(page: Page, hierarchy: Hierarchy) -> list[Triple]:
        begun.set()
        assert stopping.wait(LONG)
        return triples(page, hierarchy)

    monkeypatch.setattr("capx_graph.ingest.ingest.MODEL", 2)
    before = house.store.state
    ingest = Ingest(house.repository, house.store, house.texts, instance=INSTANCE)
    monkeypatch.setattr(ingest.graph, "triples", slowly)
    loop = IngestLoop(ingest)
    loop.start()
    assert begun.wait(LONG)
    ending = Thread(target=loop.stop)
    monkeypatch.setattr(loop, "_awake", Told(stopping))
    ending.start()
    ending.join(LONG)
    assert house.store.state == before
