"""kill -9 at any moment of an import and of edits: nothing acknowledged is lost, starting again heals the rest.

The moments are random and spread evenly over what is done, so that a few rounds reach every stage of it.
"""

from __future__ import annotations

import json
import os
import random
import re
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from threading import Thread
from typing import Any

import pytest
import requests

from capx_graph import settings as setting_list
from capx_graph.accounts import Accounts
from capx_graph.check import Check
from capx_graph.importers.sources import BenchDirectory
from capx_graph.jobs.operations import export_records
from capx_graph.opening import has_repository, open_graph, open_importing, open_repository
from capx_graph.settings import Settings

pytestmark = pytest.mark.slow

CAPX = [sys.executable, "-m", "capx_graph"]
ROUNDS = 8
WRITERS = 8
CAPACITIES = [f"Q80{number:03}" for number in range(40)]
PASSWORD = "correct horse battery"


def records(people: int) -> dict[str, list[dict[str, Any]]]:
    """A data set that takes a few transactions to import."""
    stream = random.Random("crash")
    return {
        "capacities": [
            {
                "qid": qid,
                "parent": CAPACITIES[number % 6] if number >= 6 else None,
                "labels": {"en": f"capacity {number}", "ja": f"能力{number}"},
                "description": {"en": f"Made up, {number}."},
                "created": "2026-01-01T00:00:00Z",
            }
            for number, qid in enumerate(CAPACITIES)
        ],
        "territories": [
            {"code": "R-LAC", "kind": "region", "name": "Latin America", "parents": []},
            {"code": "BR", "kind": "country", "name": "Brazil", "parents": ["R-LAC"]},
        ],
        "languages": [{"code": "pt", "name": "Portuguese", "autonym": "português"}],
        "projects": [{"code": "wiki", "name": "Wikipedia"}],
        "organizations": [
            {"code": "ORG1", "names": {"en": "One"}, "type": "chapter", "managers": [{"username": "Person 1"}]}
        ],
        "people": [
            {
                "username": f"Person {number}",
                "active": True,
                "territories": ["BR"],
                "languages": [{"code": "pt", "proficiency": "n"}],
                "affiliations": ["ORG1"],
                "known": (known := stream.sample(CAPACITIES, 6)),
                "available": known[:3],
                "last_update": f"2026-02-17T03:04:09.{number:06}Z",
            }
            for number in range(people)
        ],
    }


def write(folder: Path, people: int) -> Path:
    folder.mkdir()
    for name, found in records(people).items():
        text = "".join(json.dumps(record) + "\n" for record in found)
        (folder / f"{name}.jsonl").write_text(text, encoding="utf-8")
    (folder / "manifest.json").write_text('{"format": 1, "seed": 1}', encoding="utf-8")
    return folder


def spread(stream: random.Random, number: int, longest: float) -> float:
    """A moment in the part of that time that belongs to a round."""
    return (number + stream.random()) / ROUNDS * longest


def run(data: Path, *arguments: str) -> str:
    done = subprocess.run([*CAPX, "--data", str(data), *arguments], capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stdout[-2000:] + done.stderr[-2000:]
    return done.stdout + done.stderr


def test_an_import_killed_at_any_moment_is_finished_by_the_next(tmp_path: Path) -> None:
    """What is left is judged in this process: five commands a round would start Python forty times."""
    source = write(tmp_path / "set", 700)
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
            with suppress(subprocess.TimeoutExpired):
                process.wait(start + spread(stream, part, work))
            process.kill()
            process.wait()
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


def differences(settings: Settings) -> list[str]:
    """What starting again leaves to be found."""
    with open_repository(settings) as repository, open_graph(repository, settings) as graph:
        graph.ingest.catch_up()
        return [str(difference) for difference in Check(graph.ingest).differences()]


class Editor:
    """A client of the Action API that notes what was acknowledged: ids of new items, revisions with their labels."""

    def __init__(self, address: str, number: int) -> None:
        self._api = f"{address}/w/api.php"
        self._session = requests.Session()
        self._number = number
        token = self._get(meta="tokens", type="login")["query"]["tokens"]["logintoken"]
        answer = self._post(action="login", lgname="Editor@test", lgpassword=PASSWORD, lgtoken=token)
        assert answer["login"]["result"] == "Success", answer
        self._token = self._get(meta="tokens")["query"]["tokens"]["csrftoken"]
        self.made: list[str] = []
        self.revisions: dict[int, tuple[str, str]] = {}

    def work(self) -> None:
        """Makes items, changes them and deletes some, until the service dies."""
        try:
            for count in range(10_000):
                label = f"editor {self._number} edit {count} {os.urandom(4).hex()}"
                made = self._edit({"new": "item"}, label)
                self.made.append(made)
                self._edit({"id": made}, f"{label} again")
                if count % 5 == 4:
                    self._delete(self._edit({"new": "item"}, f"{label} for a moment"))
        except requests.RequestException:
            self._session.close()

    def _edit(self, which: dict[str, str], label: str) -> str:
        data = json.dumps({"labels": {"en": {"language": "en", "value": label}}})
        answer = self._post(action="wbeditentity", token=self._token, data=data, **which)
        assert answer.get("success") == 1, answer
        entity_id = str(answer["entity"]["id"])
        self.revisions[answer["entity"]["lastrevid"]] = (entity_id, label)
        return entity_id

    def _delete(self, entity_id: str) -> None:
        self.made.append(entity_id)
        self.revisions = {revision: kept for revision, kept in self.revisions.items() if kept[0] != entity_id}
        answer = self._post(action="delete", title=f"Item:{entity_id}", token=self._token)
        assert "delete" in answer, answer

    def _get(self, **parameters: str) -> dict[str, Any]:
        answer = self._session.get(self._api, params={"action": "query", "format": "json", **parameters}, timeout=30)
        found: dict[str, Any] = answer.json()
        return found

    def _post(self, **parameters: str) -> dict[str, Any]:
        answer = self._session.post(self._api, data={"format": "json", **parameters}, timeout=30)
        found: dict[str, Any] = answer.json()
        return found


@contextmanager
def served(data: Path) -> Iterator[tuple[str, subprocess.Popen[str]]]:
    with (data / "serve.log").open("a") as log:
        process = subprocess.Popen(
            [*CAPX, "--data", str(data), "serve", "--port", "0"], stdout=subprocess.PIPE, stderr=log, text=True
        )
    try:
        assert process.stdout is not None
        found = re.search(r"http://\S+", process.stdout.readline())
        assert found, (data / "serve.log").read_text(encoding="utf-8")[-2000:]
        yield found[0], process
    finally:
        process.kill()
        process.communicate()


def stored(address: str, revisions: list[int]) -> dict[int, tuple[str, str]]:
    """Entity and label of each of the revisions that are there."""
    found = {}
    for start in range(0, len(revisions), 50):
        parameters = {
            "action": "query",
            "format": "json",
            "formatversion": "2",
            "prop": "revisions",
            "rvprop": "ids|content",
            "rvslots": "main",
            "revids": "|".join(map(str, revisions[start : start + 50])),
        }
        answer = requests.get(f"{address}/w/api.php", params=parameters, timeout=30).json()
        for page in answer["query"].get("pages", ()):
            for revision in page["revisions"]:
                entity = json.loads(revision["slots"]["main"]["content"])
                found[revision["revid"]] = (entity["id"], entity["labels"]["en"]["value"])
    return found


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
            with suppress(subprocess.TimeoutExpired):
                process.wait(spread(stream, number, 1.0))
            process.send_signal(signal.SIGKILL)
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
