"""Killed at any moment: starting again is all that healing takes."""

from __future__ import annotations

import random
import subprocess
import sys
from pathlib import Path

import pytest

from capx_graph.check import Check
from capx_graph.ingest import Ingest
from capx_graph.repository.store import Repository
from capx_graph.store.embedded import EmbeddedStore
from capx_graph.textindex import TextIndex
from tests import CHECKOUT
from tests.houses.graph import INSTANCE, SETTINGS, provision_in

ROUNDS = 20


def killed_after(folder: Path, seed: int, seconds: float) -> dict[str, int]:
    """Let the writer run for a while and kill it; answers the number of the last edit that it told of each person."""
    command = [sys.executable, "-m", "tests.houses.ingest_writer", str(folder), str(seed)]
    environment = {"PYTHONPATH": str(CHECKOUT), "PATH": ""}
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True, env=environment) as writer:
        assert writer.stdout is not None
        assert writer.stdout.readline() == "begun\n"
        try:
            told, _ = writer.communicate(timeout=seconds)
            pytest.fail("the writer ended by itself")
        except subprocess.TimeoutExpired:
            writer.kill()
            told, _ = writer.communicate()
    words = [line.split() for line in told.splitlines(keepends=True) if line.endswith("\n")]
    return {entity_id: int(number) for entity_id, _, _, number in words}


def username(repository: Repository, entity_id: str) -> str:
    page = repository.page(entity_id)
    assert page is not None
    assert page.entity is not None
    name: str = page.entity["claims"][INSTANCE.property_id("username")][0]["mainsnak"]["datavalue"]["value"]
    return name


@pytest.mark.slow
def test_a_killed_writer_leaves_what_catching_up_heals(tmp_path: Path) -> None:
    provision_in(tmp_path / "data")
    choose = random.Random(1)
    for seed in range(ROUNDS):
        kept = killed_after(tmp_path, seed, choose.uniform(0.05, 1.5))
        repository = Repository.open(tmp_path / "data", settings=SETTINGS)
        store, texts = EmbeddedStore(tmp_path / "graph"), TextIndex(tmp_path / "text")
        for derived in ("graph", "text"):
            generations = [path for path in (tmp_path / derived).iterdir() if path.is_dir()]
            assert len(generations) == 1
        ingest = Ingest(repository, store, texts, instance=INSTANCE)
        ingest.catch_up()
        assert list(Check(ingest).differences()) == []
        for entity_id, number in kept.items():
            name = username(repository, entity_id)
            assert int(name.split()[-1]) >= number, "an acknowledged edit is lost"
            assert entity_id in {hit.entity_id for hit in texts.search(name) if hit.exact}
        store.close()
        texts.close()
        repository.close()
