"""The service as a process: it says its address when it answers, shows edits at once, and ends when told to."""

from __future__ import annotations

import json
import signal
import socket
import subprocess
from pathlib import Path

import pytest
from click.testing import CliRunner

from capx_graph.accounts import Accounts
from capx_graph.cli.entry import capx as command
from capx_graph.datadir.serving import check_free
from capx_graph.errors import Unavailable
from tests.houses.process import CAPX, served
from tests.houses.records import write_data
from tests.houses.visitor import Client
from tests.waiting import until

pytestmark = pytest.mark.slow


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
        until(
            lambda: client.get("/search.json", **{"class": "person"})["total"] == 2,
            what="the service has taken up what was imported beside it",
        )


@pytest.mark.parametrize("how", [signal.SIGTERM, signal.SIGINT])
def test_a_signal_ends_the_service_cleanly(data: Path, how: signal.Signals) -> None:
    with served(data) as (address, process):
        with Client(address) as client:
            client.get("/search.json")
        process.send_signal(how)
        assert process.wait(timeout=20) == 0
        assert "Traceback" not in (data / "serve.log").read_text(encoding="utf-8")


def test_a_taken_port_is_told_in_one_line(data: Path) -> None:
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = str(taken.getsockname()[1])
        done = subprocess.run(
            [*CAPX, "--data", str(data), "serve", "--port", port], capture_output=True, text=True, check=False
        )
    assert done.returncode == 1
    assert done.stderr.splitlines()[-1].startswith(f"capx: cannot listen on 127.0.0.1 port {port}")
    assert "Traceback" not in done.stderr


@pytest.mark.parametrize("arguments", [("serve",), ("demo", "add", "--first")])
def test_a_taken_port_is_told_before_anything_is_made(tmp_path: Path, arguments: tuple[str, ...]) -> None:
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = str(taken.getsockname()[1])
        with pytest.raises(Unavailable, match=r"--port \(make run: PORT=\)"):
            capx(tmp_path / "data", *arguments, "--port", port)
    assert not (tmp_path / "data").exists()


def test_a_free_port_and_any_port_may_be_listened_on() -> None:
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = int(taken.getsockname()[1])
    check_free("127.0.0.1", port)
    check_free("127.0.0.1", 0)
    check_free("192.0.2.1", port)  # not ours to listen on, but nobody's either: the server says what is wrong
