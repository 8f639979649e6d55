"""The service as a process: started, read, edited by clients that note what was acknowledged, and killed."""

from __future__ import annotations

import json
import os
import re
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import requests

CAPX = [sys.executable, "-m", "capx_graph"]
PASSWORD = "correct horse battery"


def run(data: Path, *arguments: str) -> str:
    """What a command says that succeeds."""
    done = subprocess.run([*CAPX, "--data", str(data), *arguments], capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stdout[-2000:] + done.stderr[-2000:]
    return done.stdout + done.stderr


def killed(process: subprocess.Popen[Any], *, after: float) -> bool:
    """Ends a process as a power cut does, at a moment that a test varies; whether it had not ended by itself."""
    try:
        process.wait(after)
    except subprocess.TimeoutExpired:
        process.kill()
        process.wait()
        return True
    return False


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
    """Its address, and the process; what it says on standard error is in ``serve.log``."""
    with (data / "serve.log").open("a") as log:
        process = subprocess.Popen(
            [*CAPX, "--data", str(data), "serve", "--port", "0"], stdout=subprocess.PIPE, stderr=log, text=True
        )
    try:
        assert process.stdout is not None
        line = process.stdout.readline()
        found = re.fullmatch(r"capx-graph is ready at (http://127\.0\.0\.1:\d+)\n", line)
        assert found, line + (data / "serve.log").read_text(encoding="utf-8")[-2000:]
        yield found[1], process
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
