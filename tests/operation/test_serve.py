"""The service as a process: it says its address when it answers, shows edits at once, and ends when told to."""

from __future__ import annotations

import http.client
import json
import re
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any
from urllib.parse import urlencode, urlsplit

import pytest
from click.testing import CliRunner

from capx_graph.accounts import Accounts
from capx_graph.cli.entry import capx as command
from tests.operation.test_services import write_data

CAPX = [sys.executable, "-m", "capx_graph"]


@contextmanager
def served(data: Path) -> Iterator[tuple[str, subprocess.Popen[str]]]:
    command = [*CAPX, "--data", str(data), "serve", "--port", "0"]
    process = subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True)
    try:
        assert process.stdout is not None
        line = process.stdout.readline()
        found = re.fullmatch(r"capx-graph is ready at (http://127\.0\.0\.1:\d+)\n", line)
        assert found, line + (process.stderr.read() if process.poll() is not None and process.stderr else "")
        yield found[1], process
    finally:
        process.kill()
        process.communicate()


class Client:
    """A visitor with one connection."""

    def __init__(self, address: str) -> None:
        parts = urlsplit(address)
        self._connection = http.client.HTTPConnection(str(parts.hostname), parts.port, timeout=30)
        self._cookies: dict[str, str] = {}

    def __enter__(self) -> Client:
        return self

    def __exit__(self, *error: object) -> None:
        self._connection.close()

    def get(self, path: str, **parameters: str) -> Any:
        return self._ask("GET", f"{path}?{urlencode(parameters)}", None)

    def post(self, path: str, **parameters: str) -> Any:
        return self._ask("POST", path, urlencode(parameters))

    def _ask(self, method: str, path: str, body: str | None) -> Any:
        headers = {"Accept": "application/json", "Cookie": "; ".join(f"{k}={v}" for k, v in self._cookies.items())}
        if body is not None:
            headers["Content-Type"] = "application/x-www-form-urlencoded"
        self._connection.request(method, path, body=body, headers=headers)
        answer = self._connection.getresponse()
        for cookie in answer.headers.get_all("Set-Cookie") or ():
            name, _, rest = cookie.partition("=")
            self._cookies[name] = rest.partition(";")[0]
        text = answer.read()
        assert answer.status == 200, (path, answer.status, text[:300])
        return json.loads(text)

    def log_in(self, name: str, password: str) -> str:
        """Answers the token that edits need."""
        api = "/w/api.php"
        token = self.get(api, action="query", meta="tokens", type="login", format="json")["query"]["tokens"]
        answer = self.post(
            api, action="login", format="json", lgname=name, lgpassword=password, lgtoken=token["logintoken"]
        )
        assert answer["login"]["result"] == "Success", answer
        tokens = self.get(api, action="query", meta="tokens", format="json")["query"]["tokens"]
        return str(tokens["csrftoken"])


@pytest.fixture(scope="module")
def data(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("serve")
    capx(folder / "data", "import", str(write_data(folder / "set")))
    return folder / "data"


def capx(data: Path, *arguments: str) -> str:
    """What a command says; it runs in this process, which is another than the service's."""
    done = CliRunner().invoke(command, ["--data", str(data), *arguments], standalone_mode=False, catch_exceptions=False)
    return done.stderr


def test_edits_are_seen_at_once_and_imports_beside_the_service_soon(data: Path, tmp_path: Path) -> None:
    accounts = Accounts(data)
    accounts.add("Ana", "correct horse battery")
    accounts.add_bot_password("Ana", "test", password="staple of the horse")
    accounts.close()
    with served(data) as (address, process), Client(address) as client:
        assert client.get("/search.json", **{"class": "person"})["total"] == 1
        token = client.log_in("Ana@test", "staple of the horse")
        capacity = client.get("/search.json", **{"class": "capacity"})["hits"][0]["id"]
        labels = json.dumps({"labels": {"en": {"language": "en", "value": "freshly named"}}})
        edited = client.post("/w/api.php", action="wbeditentity", format="json", id=capacity, data=labels, token=token)
        assert edited["success"] == 1
        assert client.get("/search.json", q="freshly named")["hits"][0]["id"] == capacity

        people = data.parent / "set" / "people.jsonl"
        more = json.loads(people.read_text(encoding="utf-8")) | {"username": "Bo", "wikidata_qid": ""}
        people.write_text(people.read_text(encoding="utf-8") + json.dumps(more) + "\n", encoding="utf-8")
        assert str(process.pid) in capx(data, "import", str(data.parent / "set"))
        patience = time.monotonic() + 60
        while time.monotonic() < patience:
            if client.get("/search.json", **{"class": "person"})["total"] == 2:
                break
        else:
            pytest.fail("the service did not take up what was imported beside it")


@pytest.mark.parametrize("how", [signal.SIGTERM, signal.SIGINT])
def test_a_signal_ends_the_service_cleanly(data: Path, how: signal.Signals) -> None:
    with served(data) as (address, process):
        with Client(address) as client:
            client.get("/search.json")
        process.send_signal(how)
        assert process.wait(timeout=20) == 0
        assert process.stderr is not None
        assert "Traceback" not in process.stderr.read()


def test_a_taken_port_is_told_in_one_line(data: Path) -> None:
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = str(taken.getsockname()[1])
        done = subprocess.run(
            [*CAPX, "--data", str(data), "serve", "--port", port], capture_output=True, text=True, check=False
        )
    assert done.returncode == 1
    assert done.stderr.splitlines()[-1].startswith(f"capx: cannot listen on 127.0.0.1 port {port}")
    assert "Traceback" not in done.stderr
