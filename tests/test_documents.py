"""Every command and example of README.md and deploy: executed in a house of the test, or checked as far as it goes.

A block that stands in neither table fails; so does a program that nobody here knows how to check.
"""

from __future__ import annotations

import json
import os
import re
import shutil
import subprocess
import sys
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path
from signal import SIGTERM
from typing import Any
from urllib.parse import urlencode
from urllib.request import urlopen

import pytest
from click.testing import CliRunner

from capx_graph.accounts.grants import GRANTS
from capx_graph.cli.entry import capx
from tests.doubles.translate_wiki import BUNDLE, MetaWiki
from tests.doubles.translate_wiki import PASSWORD as META_PASSWORD
from tests.doubles.translate_wiki import serving as serving_meta
from tests.houses import loopback
from tests.houses.demo import demonstration
from tests.houses.documents import CAPX, CHECKOUT, DOCUMENTS, VARIABLES, Block, Terminal, anchors, blocks, commands
from tests.houses.elsewhere import PASSWORD, USER, wiki_elsewhere
from tests.houses.engines import free_port, oxigraph_server
from tests.houses.upstream import remote_wiki
from tests.waiting import until
from webapp import create_app

SHELL = list(blocks("sh"))

EXECUTED = {
    "README.md for-sparql-writers 1": "served",
    "README.md for-tool-makers 1": "served",
    "deploy/README.md commands 1": "house",
    "deploy/README.md files 1": "house",
    "deploy/README.md back-up 1": "house",
    "deploy/README.md how-it-does 1": "house",
    "deploy/README.md members 1": "settled",
    "deploy/README.md who-leaves 1": "house",
    "deploy/exchange.md the-wikibase-inside 1": "house",
    "deploy/exchange.md beside-a-real-wikibase 1": "connected",
    "deploy/exchange.md moving-to-a-real-wikibase-and-back 1": "elsewhere",
    "deploy/exchange.md moving-to-a-real-wikibase-and-back 3": "moved",
    "deploy/exchange.md translations 1": "meta",
    "deploy/exchange.md files-of-other-services 1": "files",
}
"""The house that a block's commands are executed in, one after the other, in a shell's environment of their own."""
EXECUTED_SLOWLY = {
    "README.md two-commands 1",
    "README.md for-operators 1",
    "deploy/README.md another-sparql-engine 1",
}
"""Blocks that start a server or an engine of their own: each has a test of its own at the end."""
CHECKED = {
    "README.md for-operators 2",
    "README.md for-operators 3",
    "README.md for-operators 4",
    "deploy/README.md deployment 1",
    "deploy/README.md deployment 2",
    "deploy/exchange.md moving-to-a-real-wikibase-and-back 2",
}
"""Blocks that want another machine: their files, options, units and settings are looked at."""


def test_every_shell_block_is_executed_or_checked() -> None:
    known = EXECUTED.keys() | EXECUTED_SLOWLY | CHECKED
    assert {block.name for block in SHELL} == known


@pytest.fixture(autouse=True)
def nothing_from_outside(monkeypatch: pytest.MonkeyPatch) -> None:
    for variable in VARIABLES:
        monkeypatch.delenv(variable, raising=False)


@pytest.fixture(scope="module")
def filled(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A data directory with the demonstration, closed."""
    folder = tmp_path_factory.mktemp("documents")
    with demonstration(folder):
        pass
    return folder / "data"


@pytest.fixture
def bare(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Terminal:
    """A terminal in an empty folder that has the queries, as a clone has."""
    monkeypatch.chdir(tmp_path)
    (tmp_path / "queries").symlink_to(CHECKOUT / "queries")
    environment = {"CAPX_DATA": str(tmp_path / "data"), "CAPX_SPARQL_WORKERS": "1"}
    return Terminal(tmp_path, environment, {"/srv": str(tmp_path / "srv")})


@pytest.fixture
def settled(bare: Terminal, filled: Path) -> Terminal:
    """With the demonstration."""
    shutil.copytree(filled, bare.folder / "data")
    return bare


@pytest.fixture
def house(settled: Terminal) -> Terminal:
    """With the demonstration, and the members that the documents name."""
    for name in ("Ana", "Bea"):
        settled.capx(["account", "add", name], settled.environment)
    return settled


@pytest.fixture
def moved(settled: Terminal) -> Terminal:
    """With the demonstration, whole, to be taken elsewhere."""
    return settled


@pytest.fixture
def meta(house: Terminal) -> Iterator[Terminal]:
    """With a wiki that exchanges translations."""
    wiki = MetaWiki()
    wiki.bundle({"Q11024-label": "communication"})
    with serving_meta(wiki) as api:
        house.environment |= {"CAPX_META_API": api, "CAPX_META_BUNDLE": BUNDLE}
        house.swaps["..."] = META_PASSWORD
        yield house


@pytest.fixture
def elsewhere(house: Terminal) -> Iterator[Terminal]:
    """With an empty Wikibase elsewhere."""
    with wiki_elsewhere(house.folder / "wiki") as wiki:
        house.environment["CAPX_WIKIBASE_PAUSE"] = "0"
        file = str(house.folder / "mywiki.ttl")
        house.swaps |= {"https://wiki.example.org": wiki.address, "mywiki": file, "Ana@capx": USER, "...": PASSWORD}
        yield house


@pytest.fixture
def connected(bare: Terminal) -> Iterator[Terminal]:
    """With a Wikibase to be connected, that has the ontology and a capacity."""
    with remote_wiki(bare.folder / "remote") as remote:
        remote.item("film", claims=[("instanceOf", remote.instance.item_id("Capacity"))])
        bare.environment |= {"CAPX_INSTANCE": "embedded", "CAPX_BASE": "http://capx.example"}
        bare.swaps["https://wiki.example/w/api.php"] = remote.api
        yield bare


@pytest.fixture
def files(house: Terminal) -> Terminal:
    """With files of other services beside it."""
    lists = {"results": []}
    user = {"id": 1, "user": {"id": 1, "username": "Fatima"}, "skills_known": [12]}
    texts: dict[str, Any] = {
        "registrations.csv": "username,want_to_learn,languages\nHans,Communication,de\n",
        "users.json": {"count": 1, "next": None, "previous": None, "results": [user]},
        "skill.json": lists, "organizations.json": lists, "organization_type.json": lists,
        "language.json": lists, "territory.json": lists, "wikimedia_project.json": lists,
        "capacities.tab": _table("id", "name", "description", "wikidata_item"),
        "users.tab": _table("username", "skills_known", "skills_available", "badges"),
        "badges.tab": _table("id", "name", "type", "image", "description"),
    }  # fmt: skip
    for name, content in texts.items():
        text = content if isinstance(content, str) else json.dumps(content)
        (house.folder / name).write_text(text, encoding="utf-8")
    return house


def _table(*columns: str) -> dict[str, Any]:
    fields = [{"name": column, "type": "string", "title": {"en": column}} for column in columns]
    return {"license": "CC0-1.0", "schema": {"fields": fields}, "data": []}


@pytest.fixture(scope="module")
def address(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """The service over the demonstration."""
    with (
        demonstration(tmp_path_factory.mktemp("served")) as services,
        loopback.werkzeug(create_app(services)) as opened,
    ):
        yield opened


@pytest.fixture
def served(address: str, tmp_path: Path) -> Terminal:
    if shutil.which("curl") is None:
        pytest.skip("needs curl")
    return Terminal(tmp_path, swaps={"http://127.0.0.1:8000": address})


@pytest.mark.parametrize(
    "block",
    [
        pytest.param(block, id=block.name, marks=[] if EXECUTED[block.name] == "served" else [pytest.mark.slow])
        for block in SHELL
        if block.name in EXECUTED
    ],
)
def test_the_commands_of_a_block_do_their_work(block: Block, request: pytest.FixtureRequest) -> None:
    terminal: Terminal = request.getfixturevalue(EXECUTED[block.name])
    told = terminal.execute(block)
    assert len(told) == len(list(commands(block.text)))
    if EXECUTED[block.name] == "served":
        assert all(told)


def test_the_example_of_sparql_is_answered(address: str) -> None:
    (example,) = blocks("sparql")
    asked = urlencode({"query": example.text, "format": "json"})
    with urlopen(f"{address}/sparql?{asked}", timeout=60) as answer:
        assert json.load(answer)["head"]["vars"] == ["person"]


def test_the_example_of_an_answer_has_the_form_of_answers(address: str) -> None:
    (example,) = blocks("json")
    told = json.loads(example.text)
    with urlopen(f"{address}/search.json?q=communication&class=person", timeout=60) as answer:
        given = json.load(answer)
    assert told.keys() <= given.keys()
    assert told["hits"][0].keys() <= given["hits"][0].keys()
    assert told["facets"].keys() <= given["facets"].keys()
    assert told["facets"]["language"][0].keys() <= given["facets"]["language"][0].keys()


def parses(arguments: list[str]) -> None:
    """Whether the command line takes these words; nothing is done."""
    result = CliRunner().invoke(capx, [*arguments, "--help"])
    assert result.exit_code == 0, result.output


def made(target: str) -> None:
    """Whether make knows what to do for a target."""
    subprocess.run(["make", "-n", target], cwd=CHECKOUT, check=True, capture_output=True)


def checked_sudo(words: list[str]) -> None:
    match words:
        case ["git", "clone", address, "/opt/capx-graph"]:
            assert address.endswith("/capx-graph.git")
        case ["make", "-C", "/opt/capx-graph", target]:
            made(target)
        case ["cp", source, to]:
            assert (CHECKOUT / source.removeprefix("/opt/capx-graph/")).is_file()
            assert to.startswith(("/etc/systemd/system/", "/etc/nginx/conf.d/"))
        case ["systemctl", *verbs, unit]:
            assert verbs in (["enable", "--now"], ["reload"])
            assert unit == "nginx" or (CHECKOUT / "deploy" / f"{unit}.service").is_file()
        case ["systemd-run", *options] if "/opt/capx-graph/.venv/bin/capx" in options:
            parses(options[options.index("/opt/capx-graph/.venv/bin/capx") + 1 :])
            unit = (CHECKOUT / "deploy" / "capx-graph.service").read_text(encoding="utf-8")
            assert "EnvironmentFile=-/etc/capx-graph.env" in unit
            assert "CAPX_DATA=/var/lib/capx-graph/data" in unit
        case _:
            pytest.fail(f"nobody here checks sudo {' '.join(words)}")


def checked_toolforge(words: list[str]) -> None:
    match words:
        case ["build", "start", address]:
            assert address.endswith("/capx-graph.git")
        case ["envvars", "create", variable, _]:
            assert variable in VARIABLES
        case ["webservice", "buildservice", "start", "--mount=all", "--health-check-path=/status.json"]:
            assert (CHECKOUT / "Procfile").read_text(encoding="utf-8").startswith("web: ")
        case _:
            pytest.fail(f"nobody here checks toolforge {' '.join(words)}")


def checked_docker(words: list[str]) -> None:
    dockerfile = (CHECKOUT / "deploy" / "Dockerfile").read_text(encoding="utf-8")
    compose = (CHECKOUT / "deploy" / "docker-compose.capx.yml").read_text(encoding="utf-8")
    match words:
        case ["build", "-f", "deploy/Dockerfile", "-t", image, "."]:
            assert f"image: {image}\n" in compose
        case ["run", "--rm", "-p", "127.0.0.1:8000:8000", "-v", "capx-data:/srv/capx", image]:
            assert f"image: {image}\n" in compose
            assert {"EXPOSE 8000", "VOLUME /srv/capx"} <= set(dockerfile.splitlines())
        case ["compose", "-f", "docker-compose.yml", "-f", "docker-compose.capx.yml", "up", "-d"]:
            pass
        case _:
            pytest.fail(f"nobody here checks docker {' '.join(words)}")


def checked_php(words: list[str]) -> None:
    match words:
        case ["maintenance/run.php", "createAndPromote", "--bot", "CapX", _]:
            pass
        case ["maintenance/run.php", "createBotPassword", "--appid", "capx", "--grants", grants, "CapX"]:
            assert set(grants.split(",")) <= GRANTS.keys()
        case _:
            pytest.fail(f"nobody here checks php {' '.join(words)}")


CHECKS: dict[str, Callable[[list[str]], None]] = {
    "sudo": checked_sudo,
    "toolforge": checked_toolforge,
    "docker": checked_docker,
    "php": checked_php,
}


@pytest.mark.parametrize("block", [b for b in SHELL if b.name in CHECKED], ids=lambda block: block.name)
def test_what_cannot_be_executed_here_is_checked(block: Block) -> None:
    for program, *words in commands(block.text):
        assert program in CHECKS, f"nobody here checks {program}"
        CHECKS[program](words)


@pytest.mark.parametrize("document", DOCUMENTS, ids=lambda path: path.name)
def test_every_link_leads_somewhere(document: Path) -> None:
    for link in re.findall(r"\]\(([^)]+)\)", document.read_text(encoding="utf-8")):
        if not link.startswith("https://"):
            name, _, place = link.partition("#")
            target = document.parent / name if name else document
            assert target.exists(), link
            assert not place or place in anchors(target), link


@pytest.mark.parametrize("document", DOCUMENTS, ids=lambda path: path.name)
def test_every_setting_that_is_named_is_one(document: Path) -> None:
    assert set(re.findall(r"\bCAPX_[A-Z0-9_]*[A-Z0-9]", document.read_text(encoding="utf-8"))) <= VARIABLES


def of(name: str) -> Block:
    """The block of a name."""
    return next(block for block in SHELL if block.name == name)


def in_step(address: str) -> None:
    """Waits until a new service has built its graph."""

    def built() -> bool:
        with urlopen(f"{address}/status.json", timeout=10) as answer:
            return bool(json.load(answer)["state"] == "in-step")

    until(built, what=f"{address} is in step")


@contextmanager
def running(command: list[str], **more: Any) -> Iterator[str]:
    """A server of its own process, at the address that it tells; it ends well when it is told to."""
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True, **more) as process:
        try:
            assert process.stdout is not None
            yield next(line for line in process.stdout if line.startswith("capx-graph is ready at ")).split()[-1]
        finally:
            process.terminate()
        assert process.wait(timeout=30) in (0, -SIGTERM, 2)


@pytest.mark.slow
def test_what_an_operator_does_first_works_in_the_order_of_the_readme(bare: Terminal) -> None:
    bare.environment["CAPX_PORT"] = bare.swaps["8000"] = str(free_port())
    with ExitStack() as stack:
        for words in map(bare.swapped, commands(of("README.md for-operators 1").text)):
            if words[:2] == [CAPX, "serve"]:
                command = [sys.executable, "-m", "capx_graph", *words[1:]]
                address = stack.enter_context(running(command, env=os.environ | bare.environment, cwd=CHECKOUT))
                in_step(address)
            else:
                bare.run(words)
    assert (bare.folder / "srv" / "backup" / "monday" / "manifest.json").is_file()


@pytest.mark.slow
def test_another_engine_is_filled_and_compared(house: Terminal) -> None:
    with oxigraph_server() as engine:
        house.swaps |= {"http://127.0.0.1:7878/query": engine.query, "http://127.0.0.1:7878/update": engine.update}
        *_, check = house.execute(of("deploy/README.md another-sparql-engine 1"))
    assert "0 differences" in check, check


@pytest.mark.slow
def test_the_first_of_the_two_commands_serves_a_house_with_something_in_it(tmp_path: Path) -> None:
    if subprocess.run(["make", "-q", ".venv/.runtime"], cwd=CHECKOUT, capture_output=True, check=False).returncode:
        pytest.skip("needs an environment made by make")
    run, test = commands(of("README.md two-commands 1").text)
    asked = re.search(r"/search\.json\?[^']+", of("README.md for-tool-makers 1").text)
    (told,) = blocks("json")
    assert asked
    with running([*run, f"PORT={free_port()}", f"DATA={tmp_path / 'data'}"], cwd=CHECKOUT) as address:
        with urlopen(address + asked[0], timeout=60) as answer:
            given = json.load(answer)
        assert given["total"] == json.loads(told.text)["total"]
        assert given["hits"][0]["name"] == json.loads(told.text)["hits"][0]["name"]
        with urlopen(f"{address}/entity/{given['hits'][0]['id']}.json", timeout=60) as answer:
            assert answer.url.startswith(address)
    made(test[-1])
