"""kill -9 at any moment of an import and of edits: nothing acknowledged is lost, starting again heals the rest.

The moments are random and spread evenly over what is done, so that a few rounds reach every stage of it.
"""

from __future__ import annotations

import random
import subprocess
import time
from pathlib import Path
from threading import Thread

import pytest

from capx_graph import settings as setting_list
from capx_graph.accounts import Accounts
from capx_graph.importers.sources import BenchDirectory
from capx_graph.jobs.operations import export_records
from capx_graph.opening import has_repository, open_importing
from tests.houses.data import differences
from tests.houses.many_records import write
from tests.houses.process import CAPX, PASSWORD, Editor, killed, run, served, stored

pytestmark = pytest.mark.slow

ROUNDS = 8
WRITERS = 8


def spread(stream: random.Random, number: int, longest: float) -> float:
    """A moment in the part of that time that belongs to a round."""
    return (number + stream.random()) / ROUNDS * longest


def test_an_import_killed_at_any_moment_is_finished_by_the_next(tmp_path: Path) -> None:
    """What is left is judged in this process: five commands a round would start Python forty times."""
    source = write(tmp_path / "set", 300)
    begin = time.perf_counter()
    run(tmp_path / "whole", "--help")
    start = time.perf_counter() - begin
    run(tmp_path / "whole", "import", str(source))
    work = time.perf_counter() - begin - 2 * start
    run(tmp_path / "whole", "export", "jsonl", str(tmp_path / "wanted"))
    stream = random.Random(20)
    for number in range(ROUNDS):
        data = tmp_path / f"killed-{number}"
        for part in (number, ROUNDS - 1 - number):
            process = subprocess.Popen(
                [*CAPX, "--data", str(data), "import", str(source)],
                stdout=subprocess.DEVNULL,
                stderr=subprocess.DEVNULL,
            )
            killed(process, after=start + spread(stream, part, work))
        settings = setting_list.load({}, data=str(data))
        if has_repository(settings):
            assert differences(settings) == [], f"round {number}"
        with open_importing(settings) as importing:
            outcome = importing.importer.run(BenchDirectory(source), rejects=data / "rejects")
            assert outcome.rejected == 0
        assert differences(settings) == [], f"round {number}"
        export_records(settings, tmp_path / f"got-{number}")
        for path in (tmp_path / "wanted").iterdir():
            if path.name != "manifest.json":
                assert (tmp_path / f"got-{number}" / path.name).read_bytes() == path.read_bytes(), path.name


def test_whatever_eight_writers_were_told_was_saved_survives_a_kill_at_any_moment(tmp_path: Path) -> None:
    """Where a round is judged in this process, that heals; after the others the next start of the service does."""
    data = tmp_path / "data"
    run(data, "import", str(write(tmp_path / "set", 50)))
    accounts = Accounts(data)
    accounts.add("Editor", PASSWORD + " of the account", groups=("bot", "sysop"))
    accounts.add_bot_password("Editor", "test", password=PASSWORD)
    accounts.close()
    stream = random.Random(21)
    acknowledged: dict[int, tuple[str, str]] = {}
    made: list[str] = []
    for number in range(ROUNDS):
        with served(data) as (address, process):
            assert stored(address, list(acknowledged)) == acknowledged, f"round {number}"
            editors = [Editor(address, n) for n in range(WRITERS)]
            threads = [Thread(target=editor.work) for editor in editors]
            for thread in threads:
                thread.start()
            assert killed(process, after=spread(stream, number, 1.0))
            for thread in threads:
                thread.join()
        newest = max((int(entity_id[1:]) for entity_id in made), default=0)
        for editor in editors:
            assert all(int(entity_id[1:]) > newest for entity_id in editor.made), f"round {number}: an id came again"
            made += editor.made
            acknowledged.update(editor.revisions)
        assert len(set(made)) == len(made), f"round {number}: an id was given out twice"
        if number % 2:
            assert differences(setting_list.load({}, data=str(data))) == [], f"round {number}"
    with served(data) as (address, _):
        assert stored(address, list(acknowledged)) == acknowledged
    assert differences(setting_list.load({}, data=str(data))) == []
    assert len(acknowledged) > ROUNDS * WRITERS
