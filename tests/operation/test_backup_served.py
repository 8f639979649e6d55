"""Back-ups of a service at work: eight writers go on, a kill leaves none, another model is taken in stride."""

from __future__ import annotations

import random
import subprocess
from functools import partial
from pathlib import Path
from threading import Thread

import pytest

from capx_graph import settings as setting_list
from capx_graph.accounts import Accounts
from capx_graph.errors import NotFound
from capx_graph.ingest import ingest
from capx_graph.jobs.backups import restore
from capx_graph.model import SearchRequest
from capx_graph.opening import open_graph, open_repository
from capx_graph.services import open_services
from tests.houses.data import differences
from tests.houses.many_records import write
from tests.houses.process import CAPX, PASSWORD, Editor, killed, run, served, stored
from tests.waiting import until

pytestmark = pytest.mark.slow

WRITERS = 8


@pytest.fixture
def data(tmp_path: Path) -> Path:
    run(tmp_path / "data", "import", str(write(tmp_path / "set", 50)))
    accounts = Accounts(tmp_path / "data")
    accounts.add("Editor", PASSWORD + " of the account", groups=("bot", "sysop"))
    accounts.add_bot_password("Editor", "test", password=PASSWORD)
    accounts.close()
    return tmp_path / "data"


def have_saved(editors: list[Editor], edits: int) -> bool:
    return sum(len(editor.revisions) for editor in editors) >= edits


def test_a_back_up_beside_eight_writers_is_one_moment_of_everything(data: Path, tmp_path: Path) -> None:
    """All that was acknowledged before it began is in it, and what it holds is in step."""
    with served(data) as (address, process):
        editors = [Editor(address, number) for number in range(WRITERS)]
        threads = [Thread(target=editor.work) for editor in editors]
        for thread in threads:
            thread.start()
        known: list[dict[int, tuple[str, str]]] = []
        for number in range(3):
            until(partial(have_saved, editors, 100 * (number + 1)), what="some more edits were acknowledged")
            known.append({number: kept for editor in editors for number, kept in dict(editor.revisions).items()})
            run(data, "backup", str(tmp_path / f"backup-{number}"))
        process.kill()
        for thread in threads:
            thread.join()
    assert len(known[0]) > 0
    for number, before in enumerate(known):
        target = setting_list.load({}, data=str(tmp_path / f"restored-{number}"))
        restore(target, tmp_path / f"backup-{number}")
        assert differences(target) == []
        with served(target.data) as (address, _):
            found = stored(address, list(before))
        deleted_since = before.keys() - found.keys()
        assert all("for a moment" in before[revision][1] for revision in deleted_since)
        assert {revision: before[revision] for revision in found} == found


def test_a_back_up_killed_at_any_moment_is_whole_or_none(data: Path, tmp_path: Path) -> None:
    stream = random.Random(22)
    outcomes = set()
    for number in range(12):
        directory = tmp_path / "backup"
        process = subprocess.Popen([*CAPX, "--data", str(data), "backup", str(directory)], stderr=subprocess.DEVNULL)
        killed(process, after=stream.uniform(0.2, 2.0))
        target = setting_list.load({}, data=str(tmp_path / f"restored-{number}"))
        try:
            restore(target, directory)
            whole = True
        except NotFound:
            whole = False
        outcomes.add(whole)
        if whole:
            assert differences(target) == []
            directory.rename(tmp_path / f"backup-{number}")
        else:
            assert not (target.data / "repository.sqlite").exists()
    run(data, "backup", str(tmp_path / "backup"))


def test_a_graph_of_an_older_model_answers_until_the_new_one_is_there(
    data: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    settings = setting_list.load({}, data=str(data))
    with monkeypatch.context() as patch:
        patch.setattr(ingest, "MODEL", 0)
        with open_repository(settings) as repository, open_graph(repository, settings) as graph:
            graph.ingest.catch_up()
    answers = []
    with open_services(settings) as services:
        services.index.load()
        older = services.store.state.model
        wanted = services.search.run(SearchRequest()).total

        def ask(done: int) -> None:
            answers.append((services.search.run(SearchRequest(limit=1)).total, services.store.state.model))

        report = services.ingest.catch_up(progress=ask)
        assert report.rebuilt == len(answers) > 50
        assert set(answers) == {(wanted, older)}
        assert services.store.state.model == services.ingest.model != older
        assert services.search.run(SearchRequest()).total == wanted
    assert differences(settings) == []
