"""``capx check --remote`` finds what differs from the connected Wikibase, and ``--heal`` mends it."""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest
from click.testing import CliRunner

from capx_graph.cli.entry import capx
from capx_graph.repository.dumps.dump import DumpFormat, write_dump
from tests.houses.upstream import (
    Answer,
    Connected,
    Remote,
    connected,
    on,
    remote_differences,
    remote_wiki,
)
from tests.houses.upstream_edits import random_edits

pytestmark = pytest.mark.slow


@pytest.fixture(scope="module")
def remote(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Remote]:
    with remote_wiki(tmp_path_factory.mktemp("remote")) as wiki:
        random_edits(wiki, 40, 5)
        yield wiki


@pytest.fixture
def here(remote: Remote, tmp_path: Path) -> Iterator[Connected]:
    with connected(remote, tmp_path / "data") as made:
        made.catch_up()
        yield made


def run(remote: Remote, data: Path, *arguments: str) -> tuple[int, str]:
    variables = {"CAPX_WIKIBASE_URL": remote.api, "CAPX_INSTANCE": "embedded", "CAPX_BASE": "http://capx.example"}
    answer = CliRunner().invoke(capx, ["--data", str(data), *arguments], env=variables, standalone_mode=False)
    if answer.exception:
        raise answer.exception
    return int(answer.return_value or 0), answer.output


def test_in_step_there_is_nothing_to_tell(here: Connected) -> None:
    assert remote_differences(here) == []


def test_every_way_of_being_out_of_step_is_told_and_healed(remote: Remote, here: Connected) -> None:
    stale, forged, missing, gone = (remote.item(f"{name} here") for name in ("stale", "forged", "missing", "gone"))
    here.catch_up()
    remote.label(stale, "newer there")
    page = here.page(forged)
    assert page is not None
    assert page.entity is not None
    labels = {"en": {"language": "en", "value": "forged"}}
    here.repository.mirror.apply([replace(page, entity={**page.entity, "labels": labels})], [missing])
    remote.delete(gone)
    here.graph.ingest.catch_up()
    told = "\n".join(remote_differences(here))
    assert f"{stale}: entity stands at another revision" in told
    assert f"{forged}: triple missing: <http://wiki.example/entity/{forged}>" in told
    assert '"forged here"@en' in told
    assert f"{missing}: entity missing from the graph" in told
    assert f"{gone}: entity that should not be there" in told
    here.sync.sweep(again=[forged])
    here.graph.ingest.catch_up()
    assert remote_differences(here) == []


def test_an_edit_under_way_is_no_difference(remote: Remote, here: Connected) -> None:
    made = remote.item("edited while we compare")
    here.catch_up()
    remote.label(made, "edited")
    here.catch_up()
    listed = remote.own(
        {
            "action": "query",
            "generator": "allpages",
            "gapnamespace": "120",
            "gaplimit": "500",
            "prop": "info",
            "format": "json",
            "formatversion": "2",
        }
    )
    for page in listed["query"]["pages"]:
        page["lastrevid"] -= page["title"].endswith(made)
    remote.fail(on("allpages", Answer(json.dumps(listed).encode())))
    assert remote_differences(here) == []


def test_the_command_tells_by_its_exit_code(remote: Remote, tmp_path: Path) -> None:
    data = tmp_path / "data"
    code, said = run(remote, data, "sync", "--once")
    assert code == 0
    assert "all revisions compared" in said
    assert run(remote, data, "check", "--remote")[0] == 0
    made = remote.item("after the command")
    code, said = run(remote, data, "check", "--remote")
    assert code == 1
    assert made in said
    code, said = run(remote, data, "check", "--remote", "--heal")
    assert code == 0, said
    assert run(remote, data, "sync", "--once") == (0, "")
    remote.label(made, "after the command, again")
    assert "1 entities changed" in run(remote, data, "sync", "--once")[1]
    assert "all revisions compared" in run(remote, data, "sync", "--rebuild")[1]
    assert run(remote, data, "check", "--remote")[0] == 0


def test_a_dump_is_the_first_load_and_the_api_adds_what_it_lacks(remote: Remote, tmp_path: Path) -> None:
    dump = tmp_path / "dump.json"
    with dump.open("wb") as file:
        write_dump(remote.repository, file, DumpFormat.JSON, at=remote.clock.now)
    remote.item("made after the dump")
    remote.asked.clear()
    code, said = run(remote, tmp_path / "data", "sync", "--once", "--dump", str(dump))
    assert code == 0
    fetched = [sent for sent in remote.asked if sent.get("action") == "wbgetentities"]
    assert len(fetched) == 1
    assert "entities from" in said
    assert run(remote, tmp_path / "data", "check", "--remote")[0] == 0
