"""What keeps somebody gone: tombstones, restored copies, interrupted erasures, ticks; and what they take along."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
from contextlib import closing
from functools import partial
from pathlib import Path

import pytest

from capx_graph import settings as setting_list
from capx_graph.accounts import Accounts
from capx_graph.connected import load_embedded
from capx_graph.errors import InvalidInput, NotFound
from capx_graph.importers.sources import BenchDirectory
from capx_graph.jobs.operations import dump_entities
from capx_graph.jobs.tick import tick
from capx_graph.model import EntityKind, SearchRequest
from capx_graph.opening import open_graph, open_importing, open_repository
from capx_graph.privacy import NOT_PERSONAL, erasures_over, private_stores
from capx_graph.privacy.duelist import DueList
from capx_graph.services import open_services
from capx_graph.settings import Settings
from capx_graph.terms import RdfFormat, parse_rdf
from capx_graph.tombstones import Tombstones
from tests.houses.command import Run
from tests.houses.data import differences
from tests.houses.process import killed
from tests.houses.records import write_data
from tests.waiting import until

pytestmark = pytest.mark.slow

ANA = "Anaqulvexa"
"""Rare, as a name that is looked for among all bytes must be: "Ana" is a word of the ontology's Swahili."""


@pytest.fixture
def settings(tmp_path: Path) -> Settings:
    """A data directory with the records of the exporters' tests, one of whose people is called ANA."""
    found = setting_list.load({"CAPX_DUMP_HOUR": "never"}, data=str(tmp_path / "data"))
    for path in write_data(tmp_path / "set").iterdir():
        path.write_text(path.read_text(encoding="utf-8").replace('"Ana"', f'"{ANA}"'), encoding="utf-8")
    import_into(found, tmp_path / "set")
    return found


def import_into(settings: Settings, source: Path) -> int:
    with open_importing(settings) as importing:
        importing.importer.run(BenchDirectory(source), rejects=settings.data / "rejects.jsonl")
        with open_graph(importing.repository, settings) as graph:
            graph.ingest.catch_up()
    return len(people(settings))


def people(settings: Settings) -> set[str]:
    with open_repository(settings) as repository, closing(Accounts(settings.data)) as accounts:
        leaving = erasures_over(repository, accounts, load_embedded(), settings=settings)
        return {name for _, name in leaving._people.usernames()}


def erase(settings: Settings, name: str) -> None:
    with open_repository(settings) as repository, closing(Accounts(settings.data)) as accounts:
        erasures_over(repository, accounts, load_embedded(), settings=settings).erase(name)


def test_every_table_of_the_private_file_is_exported_and_erased_by_a_store(settings: Settings) -> None:
    """Whoever adds a table adds a store to ``private_stores``: nothing private is forgotten when somebody leaves."""
    with open_services(settings) as services:
        rows = services.accounts.database.rows("SELECT name FROM sqlite_master WHERE type = 'table'")
        covered = [table for store in private_stores(services.accounts) for table in store.tables]
        assert {row[0] for row in rows} - NOT_PERSONAL == set(covered)
        assert len(covered) == len(set(covered))
        known = {"repository.sqlite", "private.sqlite", "links.sqlite", "suggestions.sqlite"}
        assert {path.name for path in settings.data.glob("*.sqlite")} <= known, "a new file: Beside must cover it"


def test_a_record_of_somebody_erased_is_not_imported_again_until_they_come_back(
    settings: Settings, tmp_path: Path
) -> None:
    assert ANA in people(settings)
    erase(settings, ANA)
    assert ANA not in people(settings)
    import_into(settings, tmp_path / "set")
    assert ANA not in people(settings)
    assert not (settings.data / "rejects.jsonl").exists()
    assert differences(settings) == []
    with closing(Accounts(settings.data)) as accounts:
        tombstones(settings, accounts).lift([ANA])
    import_into(settings, tmp_path / "set")
    assert ANA in people(settings)


def tombstones(settings: Settings, accounts: Accounts) -> Tombstones:
    return Tombstones(accounts.erasing_key, (settings.data / "tombstones", settings.tombstones))


def test_a_wikibase_dump_brings_nobody_back(settings: Settings, tmp_path: Path, capx: Run) -> None:
    with (tmp_path / "dump.json").open("wb") as out:
        dump_entities(settings, "json", out)
    assert ANA.encode() in (tmp_path / "dump.json").read_bytes()
    assert capx("erase", ANA)[0] == 0
    _, _, err = capx("import", "--wikibase", str(tmp_path / "dump.json"))
    assert ANA not in people(settings)
    assert ANA not in err
    assert differences(settings) == []


@pytest.mark.parametrize("what", ["everything", "the repository", "the private store"])
def test_restoring_an_older_copy_brings_nobody_back(settings: Settings, tmp_path: Path, what: str) -> None:
    with closing(Accounts(settings.data)) as accounts:
        accounts.add(ANA, "correct horse battery")
    copy = tmp_path / "copy"
    shutil.copytree(settings.data, copy)
    erase(settings, ANA)
    tick(settings)
    if what == "everything":
        shutil.rmtree(settings.data)
        shutil.copytree(copy, settings.data)
    else:
        name = "repository.sqlite" if what == "the repository" else "private.sqlite"
        for path in settings.data.glob(f"{name}*"):
            path.unlink()
        for path in copy.glob(f"{name}*"):
            shutil.copy(path, settings.data / path.name)
    with open_services(settings) as services:
        assert services.accounts.account(ANA) is None
        found = services.search.run(SearchRequest(text=ANA, classes=(EntityKind.PERSON,)))
        assert [hit.name for hit in found.hits] == []
        assert ANA.encode() not in b"".join(str(triple).encode() for triple in services.store.triples())
    assert ANA not in people(settings)
    tick(settings)
    assert ANA.encode() not in (settings.data / "private.sqlite").read_bytes()
    assert differences(settings) == []


def test_tombstones_say_nobodys_name_and_survive_what_is_torn_or_lost(tmp_path: Path) -> None:
    files = (tmp_path / "inside", tmp_path / "beside")
    stones = Tombstones(b"key", files)
    for name in ("Ana Silva", "é" * 40, "\ud800", "a\nb 7 erased"):
        stones.add([name], ("https://meta.example", "42"))
        assert stones.stands_for(name)
    assert stones.stands_for("ana_Silva")
    assert not stones.stands_for("Ana Silvia")
    assert stones.stands_for_identity("https://meta.example", "42")
    assert "Ana" not in files[0].read_text()
    assert files[0].read_text() == files[1].read_text()
    assert files[0].stat().st_mode & 0o077 == 0
    stones.lift(["Ana Silva"])
    assert not stones.stands_for("Ana Silva")
    files[0].write_text(files[0].read_text()[:90])
    again = Tombstones(b"key", files)
    assert again.stands_for("é" * 40)
    assert not again.stands_for("Ana Silva")
    again.add(["Ben"])
    files[1].unlink()
    assert Tombstones(b"key", files).stands_for("Ben")
    assert Tombstones(b"key", files).stands_for("é" * 40)
    assert not Tombstones(b"other key", files).stands_for("Ben")


def test_a_place_for_tombstones_that_cannot_be_written_stops_no_erasure(
    tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    stones = Tombstones(b"key", (tmp_path / "inside", tmp_path / "missing" / "beside"))
    stones.add(["Ana"])
    assert stones.stands_for("Ana")
    assert "CAPX_TOMBSTONES" in caplog.text


@pytest.mark.parametrize(
    "name", ["", "_", "\x00", "\ud800", "A" * 5000, "system>Import", "system>Demo", "System>Import"]
)
def test_nobody_erases_what_belongs_to_no_person(settings: Settings, name: str) -> None:
    before = people(settings)
    with pytest.raises((InvalidInput, NotFound)):
        erase(settings, name)
    assert people(settings) == before


@pytest.mark.parametrize("name", ["Nobody", "%", "' OR 1=1 --", "Q1", "../x", "<b>", "*", "A" * 250])
def test_names_of_nobody_are_told_and_change_nothing(settings: Settings, name: str) -> None:
    before = people(settings)
    with pytest.raises(NotFound):
        erase(settings, name)
    assert people(settings) == before
    assert not settings.tombstones.exists()


def test_an_interrupted_erasure_is_finished_by_the_next_tick(settings: Settings) -> None:
    with closing(Accounts(settings.data)) as accounts:
        DueList(accounts.database, settings.now).begin([ANA], [], None)
    done = tick(settings)
    assert (done.resumed, done.purged, done.waiting) == (1, 1, 0)
    with closing(Accounts(settings.data)) as accounts:
        assert tombstones(settings, accounts).stands_for(ANA)
    assert tick(settings).purged == 0


def test_an_erasure_killed_at_any_moment_is_finished_by_tick(settings: Settings, tmp_path: Path) -> None:
    command = [sys.executable, "-m", "capx_graph", "--data", str(settings.data)]
    environment = {**os.environ, "CAPX_DUMP_HOUR": "never"}
    whole = tmp_path / "whole"
    shutil.copytree(settings.data, whole)
    for number in range(4):
        shutil.rmtree(settings.data)
        settings.tombstones.unlink(missing_ok=True)
        shutil.copytree(whole, settings.data)
        erase = [*command, "erase", ANA, "--now"]
        with subprocess.Popen(erase, env=environment, stderr=subprocess.DEVNULL) as process:
            until(partial(_begun, settings, process), what="the erasure has begun")
            killed(process, after=0.02 * number)
        tick(settings)
        assert ANA not in people(settings), number
        assert differences(settings) == []
        with closing(Accounts(settings.data)) as accounts:
            assert DueList(accounts.database, settings.now).all() == []


def _begun(settings: Settings, process: subprocess.Popen[bytes]) -> bool:
    return settings.tombstones.exists() or process.poll() is not None


def test_two_ticks_at_once_do_the_work_once(settings: Settings) -> None:
    erase(settings, ANA)
    command = [sys.executable, "-m", "capx_graph", "--data", str(settings.data), "tick"]
    environment = {**os.environ, "CAPX_DUMP_HOUR": "never"}
    both = [subprocess.Popen(command, env=environment, stderr=subprocess.PIPE, text=True) for _ in range(2)]
    told = [process.communicate()[1] for process in both]
    assert [process.returncode for process in both] == [0, 0], told
    assert sum("1 erasures purged" in text for text in told) == 1, told


def test_a_member_takes_everything_along(settings: Settings) -> None:
    with closing(Accounts(settings.data)) as accounts:
        accounts.add(ANA, "correct horse battery", groups=("maintainer",))
        accounts.add_bot_password(ANA, "a tool")
        account = accounts.account(ANA)
        assert account is not None
        accounts.visits.begin(account, "a browser <&\"'")
        with open_repository(settings) as repository:
            leaving = erasures_over(repository, accounts, load_embedded(), settings=settings)
            held = leaving.export(ANA, at=settings.now())
            content = json.loads(held.as_json())
            prefixes = repository.namespaces.prefixes()
    assert content["name"] == ANA
    assert len(content["items"]) == 1
    private = content["private"]["account"]
    assert private["groups"] == [{"group": "maintainer"}]
    assert private["bot_passwords"] == [{"application": "a tool", "rights": ""}]
    assert private["sessions"][0]["agent"] == "a browser <&\"'"
    assert "password" not in private
    assert "key" not in private["sessions"][0]
    triples = list(parse_rdf(held.as_turtle(prefixes), RdfFormat.TURTLE))
    assert any('"a tool"' in str(triple) for triple in triples)
    assert any(content["items"][0]["id"] in str(triple.subject) for triple in triples)


def test_the_commands_say_what_they_did(settings: Settings, capx: Run, tmp_path: Path) -> None:
    out = tmp_path / "ana.json"
    assert capx("export-member", ANA, "--out", str(out))[0] == 0
    assert out.stat().st_mode & 0o077 == 0
    assert json.loads(out.read_text(encoding="utf-8"))["items"]
    code, text, err = capx("erase", ANA, "--now")
    assert (code, text) == (0, "")
    assert "erased: 1 items" in err
    assert "nothing is left in the files" in err
    assert capx("erase", ANA) == (0, "", "this person was erased before\n")
    code, _, err = capx("erase", "Nobody at all")
    assert code == 1
    assert "Nobody at all" in err
    assert capx("export-member", ANA)[0] == 1
    assert capx("tick")[0] == 0
    assert capx("check")[0] == 0
