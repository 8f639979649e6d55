"""Killed at any moment, or without room on the disk: what was read stands whole beside how far it was read."""

from __future__ import annotations

import os
import resource
import signal
import subprocess
import sys
from collections.abc import Iterator
from functools import partial
from pathlib import Path

import pytest

from capx_graph.errors import Unavailable
from capx_graph.opening import open_repository
from tests import CHECKOUT
from tests.houses.process import killed
from tests.houses.upstream import (
    Connected,
    Remote,
    connected,
    parted,
    remote_differences,
    remote_wiki,
    settings_for,
)
from tests.houses.upstream_edits import random_edits
from tests.waiting import until


@pytest.fixture
def remote(tmp_path: Path) -> Iterator[Remote]:
    with remote_wiki(tmp_path / "remote") as wiki:
        random_edits(wiki, 200, 3)
        yield wiki


def command(remote: Remote, data: Path, *arguments: str) -> subprocess.Popen[bytes]:
    environ = {
        **os.environ,
        "CAPX_WIKIBASE_URL": remote.api,
        "CAPX_INSTANCE": "embedded",
        "CAPX_BASE": "http://capx.example",
        "PYTHONPATH": str(CHECKOUT),
    }
    return subprocess.Popen(
        [sys.executable, "-m", "capx_graph", "--data", str(data), *arguments],
        env=environ,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
    )


@pytest.mark.slow
@pytest.mark.parametrize("how", [("--once",), ("--rebuild",)], ids=str)
def test_killed_at_any_moment_the_next_look_brings_it_in_step(
    remote: Remote, tmp_path: Path, how: tuple[str, ...]
) -> None:
    data = tmp_path / "data"
    ended_early = 0
    for round_ in range(8):
        before, wanted = len(remote.asked), 1 + 2 * round_
        with command(remote, data, "sync", *how) as process:
            until(partial(has_asked, remote, process, before + wanted), what=f"request {wanted}, or the end")
            ended_early += killed(process, after=0.01 * (round_ % 4))
        random_edits(remote, 15, 100 + round_)
    assert ended_early >= 4
    with connected(remote, data) as here:
        here.catch_up()
        assert parted(remote, here) == []
        assert remote_differences(here) == []


def has_asked(remote: Remote, process: subprocess.Popen[bytes], requests: int) -> bool:
    return process.poll() is not None or len(remote.asked) >= requests


@pytest.mark.slow
def test_a_full_disk_loses_nothing_and_the_rest_is_still_answered(remote: Remote, tmp_path: Path) -> None:
    data = tmp_path / "data"
    with connected(remote, data) as here:
        here.catch_up()
        before = here.repository.mirror.revisions()
        triples = here.graph.store.count()
        random_edits(remote, 200, 9)
        with full_disk(data):
            with pytest.raises(Unavailable):
                here.sync.once()
            assert here.graph.store.count() == triples
            assert len(here.repository.mirror.revisions()) >= len(before) // 2
        _until_in_step(remote, here)


def _until_in_step(remote: Remote, here: Connected) -> None:
    here.catch_up()
    assert parted(remote, here) == []
    assert remote_differences(here) == []


class full_disk:  # noqa: N801 - reads as a place
    """No file may grow past what the largest here has now: every write fails as on a full disk."""

    def __init__(self, data: Path) -> None:
        self._most = max(path.stat().st_size for path in data.glob("*.sqlite*"))

    def __enter__(self) -> None:
        self._limits = resource.getrlimit(resource.RLIMIT_FSIZE)
        self._handler = signal.signal(signal.SIGXFSZ, signal.SIG_IGN)
        resource.setrlimit(resource.RLIMIT_FSIZE, (max(4096, self._most // 8), self._limits[1]))

    def __exit__(self, *_: object) -> None:
        resource.setrlimit(resource.RLIMIT_FSIZE, self._limits)
        signal.signal(signal.SIGXFSZ, self._handler)


def test_the_state_is_written_with_the_data_or_not_at_all(
    remote: Remote, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    with connected(remote, tmp_path / "data") as here:
        here.catch_up()
        random_edits(remote, 60, 8)
        at, head = here.sync.standing, here.repository.head()
        broken = RuntimeError("killed")

        def fail(*_: object) -> bool:
            raise broken

        with monkeypatch.context() as patch:
            patch.setattr("capx_graph.repository.storage.mirror._drop", fail)
            patch.setattr("capx_graph.repository.storage.mirror._put", fail)
            with pytest.raises(RuntimeError):
                here.sync.once()
        assert here.sync.standing == at
        assert here.repository.head() == head
        _until_in_step(remote, here)


def test_a_graph_made_before_the_wikibase_was_connected_otherwise_is_made_anew(remote: Remote, tmp_path: Path) -> None:
    with connected(remote, tmp_path / "data") as here:
        here.catch_up()
        model = here.graph.ingest.model
    settings = settings_for(remote, tmp_path / "data", CAPX_WIKIBASE_DOCUMENTS="http://wiki.example/data/")
    with open_repository(settings) as repository:
        assert repository.namespaces.data == "http://wiki.example/data/"
    with connected(remote, tmp_path / "data", CAPX_WIKIBASE_DOCUMENTS="http://wiki.example/data/") as here:
        assert here.graph.ingest.model != model
        assert here.graph.ingest.catch_up().rebuilt > 0
