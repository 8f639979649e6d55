"""The command line: what it prints, where, with which exit code; never a traceback."""

from __future__ import annotations

import gzip
import io
import json
import os
import re
import shutil
import subprocess
import sys
from datetime import UTC, datetime
from pathlib import Path

import pytest

from capx_graph import settings as setting_list
from capx_graph.importers.demonstration import DemoMemory, DemoState, remember
from capx_graph.importers.sources import BenchDirectory
from capx_graph.items.drafts import ItemDraft
from capx_graph.items.keys import KeyReader
from capx_graph.model import Draft, EntityKind
from capx_graph.opening import open_graph, open_importing
from capx_graph.settings import SETTINGS
from tests.houses.command import Run
from tests.houses.graph_held import GraphHeld
from tests.houses.records import write_data


@pytest.fixture
def records(tmp_path: Path) -> Path:
    """A data set to import."""
    return write_data(tmp_path / "set")


@pytest.fixture(scope="module")
def template(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A data directory into which the data set was imported."""
    folder = tmp_path_factory.mktemp("cli")
    settings = setting_list.load({}, data=str(folder / "data"))
    with open_importing(settings) as importing:
        source = BenchDirectory(write_data(folder / "set"))
        assert importing.importer.run(source, rejects=folder / "rejects").rejected == 0
        with open_graph(importing.repository, settings) as graph:
            graph.ingest.catch_up()
    return folder / "data"


@pytest.fixture
def imported(template: Path, tmp_path: Path) -> Path:
    """The data directory of this test, with the data set in it."""
    return Path(shutil.copytree(template, tmp_path / "data"))


def test_import_says_what_it_did_and_the_second_time_that_nothing_changed(capx: Run, records: Path) -> None:
    assert capx("import", str(records)) == (0, "", "10 created, 0 changed, 0 unchanged, 0 refused\n")
    assert capx("import", str(records)) == (0, "", "0 created, 0 changed, 10 unchanged, 0 refused\n")


def test_refused_records_are_told_in_a_line_with_the_file_that_holds_them(
    capx: Run, records: Path, tmp_path: Path
) -> None:
    people = records / "people.jsonl"
    people.write_text(
        people.read_text(encoding="utf-8") + '{"username": "Bad", "joined": "today", "source": "generated"}\n',
        encoding="utf-8",
    )
    code, out, err = capx("import", str(records), "--rejects", str(tmp_path / "refused.jsonl"))
    assert (code, out) == (1, "")
    assert "10 created" in err
    assert "people.jsonl:2: joined='today'" in err
    assert str(tmp_path / "refused.jsonl") in err
    assert json.loads((tmp_path / "refused.jsonl").read_text(encoding="utf-8"))["key"] == "Bad"


def test_people_whom_nobody_made_up_become_drafts_that_their_owners_publish(capx: Run, records: Path) -> None:
    people = records / "people.jsonl"
    real = {"username": "Real_person", "known": ["12"], "wanted": ["12", "Q404"], "last_update": "2026-02-17T00:00:00Z"}
    people.write_text(people.read_text(encoding="utf-8") + json.dumps(real) + "\n", encoding="utf-8")
    assert capx("import", str(records)) == (
        0, "", "10 created, 0 changed, 0 unchanged, 0 refused\ndrafts of profiles: 1 new, 0 changed, 0 unchanged\n"
    )  # fmt: skip
    assert capx("drafts", "list") == (0, "records: 1 open\n", "")
    assert "Real" not in capx("export", "nt")[1]
    (records / "manifest.json").unlink()
    assert "2 changed" not in capx("import", str(records))[2]
    assert capx("drafts", "list") == (0, "records: 2 open\n", "")
    held = json.loads(capx("export-member", "real person")[1])
    [draft] = held["private"]["drafts"]["drafts"]
    assert (draft["file"], draft["dated"], draft["outcome"]) == ("people.jsonl", "2026-02-17", "open")
    assert [value["text"] for value in draft["values"]] == ["12", "12", "Q404"]
    assert capx("erase", "Real person")[0] == 0
    assert capx("drafts", "list") == (0, "records: 1 open\n", "")
    capx("import", str(records))
    assert capx("drafts", "list") == (0, "records: 1 open\n", "")
    assert capx("drafts", "remove", "records") == (0, "", "removed 1 drafts\n")


@pytest.mark.slow
def test_people_of_a_dump_become_drafts_unless_they_were_made_up(capx: Run, imported: Path, tmp_path: Path) -> None:
    with open_importing(setting_list.load({}, data=str(imported))) as importing:
        keys = KeyReader(importing.vocabulary).scan(importing.repository.scan("item"))
        capacity, place = keys.find(EntityKind.CAPACITY, "12"), keys.find(EntityKind.TERRITORY, "BR")
        (item,) = importing.repository.allocate("item", 1)
        draft = ItemDraft(importing.vocabulary, item, class_name="Person")
        draft.label("en", "Rosa")
        draft.add("username", "Rosa")
        draft.add("wants", capacity)
        draft.add("basedIn", place)
        importing.repository.bulk([Draft(draft.entity(), owner="Rosa")], actor="Rosa")
    dump = tmp_path / "dump.json"
    assert capx("dump", "--format", "json", str(dump))[0] == 0
    other = str(tmp_path / "other")
    assert "; 1 people kept as drafts" in capx("--data", other, "import", "--wikibase", str(dump))[2]
    assert capx("--data", other, "drafts", "list") == (0, "wikibase: 1 open\n", "")
    graph = capx("--data", other, "export", "nt")[1]
    assert "Rosa" not in graph
    assert '"Ana"' in graph, "whom a generator made up is nobody's"
    held = json.loads(capx("--data", other, "export-member", "Rosa")[1])
    [kept] = held["private"]["drafts"]["drafts"]
    assert {(value["name"], value.get("item")) for value in kept["values"]} == {("wants", capacity), ("basedIn", place)}
    assert "people kept" not in capx("import", "--wikibase", str(dump))[2], "who is here already is left alone"


def test_files_of_other_services_are_told_by_what_is_in_them(capx: Run, imported: Path, tmp_path: Path) -> None:
    table = tmp_path / "registrations.csv"
    table.write_text("username,want_to_learn\nBea,12\n,12\n", encoding="utf-8")
    code, out, err = capx("import", str(table))
    assert (code, out) == (1, "")
    assert "registrations of Let's Connect, 2 records" in err
    assert "1 new" in err
    assert "registrations.csv:3: username" in err
    other = tmp_path / "list.json"
    other.write_text("{}", encoding="utf-8")
    assert capx("import", str(table), str(other))[0] == 1
    assert "imported by itself" in capx("import", str(table), str(tmp_path))[2]


@pytest.mark.parametrize("asked", [["--format", "tab"], ["tab"]])
def test_the_tables_of_commons_are_written_into_a_directory(
    capx: Run, imported: Path, tmp_path: Path, asked: list[str]
) -> None:
    code, out, err = capx("export", *asked, str(tmp_path / "out"))
    assert (code, out) == (0, "")
    assert "wrote 1 people and 1 capacities to users.tab, capacities.tab" in err
    assert "1 of the people were made up" in err
    users = json.loads((tmp_path / "out" / "users.tab").read_text(encoding="utf-8"))
    assert users["license"] == "CC0-1.0"
    assert users["data"] == [["Ana", "[12]", "[12]", "[]"]]
    assert "1 capacities have no number" in err


def test_check_finds_no_difference_after_an_import(capx: Run, imported: Path) -> None:
    code, out, err = capx("check")
    assert (code, err) == (0, "")
    assert out.startswith("0 differences (")


def test_a_lost_cache_is_made_again(capx: Run, imported: Path, tmp_path: Path) -> None:
    before = capx("check")[1]
    shutil.rmtree(imported / "cache")
    assert capx("check") == (0, before, "")


def test_what_another_process_holds_is_said_with_its_number(capx: Run, imported: Path, records: Path) -> None:
    with GraphHeld(imported):
        for command in ("check", "rebuild"):
            code, _, err = capx(command)
            assert code == 1
            assert str(os.getpid()) in err
        people = records / "people.jsonl"
        people.write_text(
            people.read_text(encoding="utf-8").replace("Ana of the wiki", "Ana of the graph"), encoding="utf-8"
        )
        code, _, err = capx("import", str(records))
        assert code == 0
        assert "1 changed" in err
        assert str(os.getpid()) in err
    assert capx("check")[0] == 0


def test_a_query_answers_in_the_form_asked_for(capx: Run, imported: Path, tmp_path: Path) -> None:
    query = tmp_path / "people.rq"
    query.write_text(
        "# title: People\n# description: Who offers a capacity.\n# view: table\n"
        "# param capacity capacity: the capacity\n"
        "PREFIX capx: <https://w3id.org/capx/ontology/>\n"
        "SELECT ?username {\n  VALUES ?capacity { capx:nothing }\n"
        "  ?p capx:offers ?capacity ; capx:username ?username\n}\n",
        encoding="utf-8",
    )
    code, out, _ = capx("query", str(query), "--format", "csv")
    assert (code, out) == (0, "username\r\n")
    _, found, _ = capx("query", str(_capacities(tmp_path)), "--format", "json")
    items = [row["c"]["value"] for row in json.loads(found)["results"]["bindings"]]
    answers = {capx("query", str(query), "-p", f"capacity={item}", "--format", "csv")[1] for item in items}
    assert answers == {"username\r\n", "username\r\nAna\r\n"}


def _capacities(folder: Path) -> Path:
    path = folder / "capacities.rq"
    path.write_text("SELECT ?c { ?c a <https://w3id.org/capx/ontology/Capacity> }", encoding="utf-8")
    return path


def test_a_query_may_come_from_standard_input(capx: Run, imported: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sys, "stdin", io.StringIO("SELECT (1 + 1 AS ?two) {}"))
    code, out, _ = capx("query", "-")
    assert code == 0
    assert out.splitlines()[2].strip() == "2"


@pytest.mark.parametrize(
    ("arguments", "code", "said"),
    [
        (["import", "/nonexistent/set"], 1, "there is no /nonexistent/set"),
        (["query", "/nonexistent/q.rq"], 1, "/nonexistent/q.rq"),
        (["validate", "/nonexistent/x.ttl"], 1, "there is no such file"),
        (["export", "nt"], 1, "there is no data in"),
        (["check"], 1, "there is no data in"),
        (["rebuild"], 1, "there is no data in"),
        (["serve", "--port", "many"], 1, "CAPX_PORT='many': must be a whole number"),
        (["import", "--wikibase", "/nonexistent/dump.json"], 1, "cannot read /nonexistent/dump.json"),
        (["import", "--wikibase", "/"], 1, "is not a file"),
        (["import", "--wikibase", __file__], 1, "is no Wikibase JSON dump"),
        (["rebase", ""], 1, "ADDRESS='': must be an http or https address"),
        (["rebase", "nowhere"], 1, "must be an http or https address"),
        (["rebase", "https://a b"], 1, "must be an http or https address"),
        (["rebase", 'https://example.org/"'], 1, "must be an http or https address"),
        (["rebase", "https://example.org:65536"], 1, "CAPX_BASE='https://example.org:65536': Port out of range"),
        (["reports", "--after", "9" * 30], 2, "is not in the range"),
        (["reports", "--drop", "-1"], 2, "is not in the range"),
        (["rings", "--people", sys.executable], 1, "is not UTF-8 text"),
        (["export", "jsonl"], 2, "jsonl needs a PATH"),
        (["export", "rdf"], 2, "'rdf' is not one of"),
        (["import"], 2, "Missing argument 'PATH..."),
        (["dance"], 2, "No such command 'dance'"),
        (["--port", "1"], 2, "No such option"),
    ],
)
def test_wrong_input_ends_with_one_clear_line(capx: Run, arguments: list[str], code: int, said: str) -> None:
    found, out, err = capx(*arguments)
    assert (found, out) == (code, "")
    assert said in err
    assert err.count("\n") == 1
    assert err.startswith("capx: ")


@pytest.mark.parametrize(
    ("query", "said"),
    [
        ("SELECT ?x {", "query"),
        ("SELEC ?x\nWHERE {}", "expected"),
        ("ASK {}", "not a SELECT"),
    ],
)
def test_a_wrong_query_ends_with_what_the_engine_says(
    capx: Run, imported: Path, tmp_path: Path, query: str, said: str
) -> None:
    path = tmp_path / "query.rq"
    path.write_text(query, encoding="utf-8")
    code, out, err = capx("query", str(path))
    assert (code, out) == (1, "")
    assert said in err
    assert err.count("\n") == 1
    assert len(err) < 600


def test_a_dump_is_imported_into_repository_and_graph(capx: Run, tmp_path: Path) -> None:
    entities = [{"type": "item", "id": "Q9001", "labels": {"en": {"language": "en", "value": "nine"}}}]
    path = tmp_path / "dump.json.gz"
    path.write_bytes(gzip.compress(json.dumps(entities[0]).encode()))
    said = "1 written, 0 unchanged, 0 refused, 0 statements left out\n"
    assert capx("import", "--wikibase", str(path)) == (0, "", said)
    assert "0 written, 1 unchanged" in capx("import", "--wikibase", str(path))[2]
    assert "Q9001" in capx("export", "nt")[1]
    assert capx("check")[0] == 0


def test_what_a_dump_has_that_cannot_be_taken_is_named(capx: Run, tmp_path: Path) -> None:
    path = tmp_path / "dump.json"
    path.write_text('[\n{"type": "item", "id": "Q9001"},\n{"type": "lexeme", "id": "L1"}\n]\n', encoding="utf-8")
    code, out, err = capx("import", "--wikibase", str(path))
    assert (code, out) == (1, "")
    assert "1 written, 0 unchanged, 1 refused" in err
    assert "dump.json:3: L1: " in err
    assert json.loads((tmp_path / "data" / "import-rejects.jsonl").read_text(encoding="utf-8"))["id"] == "L1"


def test_values_left_out_are_counted_apart_from_refused_records(capx: Run, records: Path) -> None:
    people = records / "people.jsonl"
    more = {"username": "Eve", "affiliations": ["ORG404"], "source": "generated"}
    people.write_text(people.read_text(encoding="utf-8") + json.dumps(more) + "\n", encoding="utf-8")
    code, _, err = capx("import", str(records))
    assert code == 1
    assert "11 created, 0 changed, 0 unchanged, 0 refused, 1 values left out" in err
    assert "affiliations='ORG404'" in err


def test_a_setting_that_does_not_exist_is_named(capx: Run, tmp_path: Path) -> None:
    (tmp_path / "data").mkdir()
    (tmp_path / "data" / "capx.toml").write_text("prot = 80\n", encoding="utf-8")
    code, _, err = capx("settings")
    assert code == 1
    assert "'prot'" in err


def test_settings_are_listed_with_value_and_help(capx: Run, tmp_path: Path) -> None:
    code, out, _ = capx("settings")
    assert code == 0
    for setting in SETTINGS:
        assert f"{setting.variable} = " in out
        assert setting.help in out
    assert f"CAPX_DATA = {tmp_path / 'data'}" in out
    assert "CAPX_NOW = 2026-06-01T00:00:00Z" in out


@pytest.mark.slow
def test_a_reader_that_goes_away_is_no_error_worth_a_word(capx: Run, imported: Path, tmp_path: Path) -> None:
    command = f"{sys.executable} -m capx_graph --data {tmp_path / 'data'} export nt | head -n 1"
    done = subprocess.run(["bash", "-c", command], capture_output=True, text=True, check=True)
    assert len(done.stdout.splitlines()) == 1
    assert done.stderr == ""


def test_an_exported_file_appears_whole(capx: Run, imported: Path, tmp_path: Path) -> None:
    assert capx("export", "ttl", str(tmp_path / "dump.ttl"))[0] == 0
    assert {path.name for path in tmp_path.iterdir()} == {"data", "dump.ttl"}
    assert capx("validate", str(tmp_path / "dump.ttl"))[0] == 0


@pytest.mark.slow
def test_the_starter_directory_comes_without_people_and_only_once(capx: Run) -> None:
    made = re.fullmatch(r"(\d+) created, 0 completed, 0 unchanged\n", capx("directory")[2])
    assert made
    assert int(made[1]) > 500
    assert capx("directory")[2] == f"0 created, 0 completed, {made[1]} unchanged\n"
    _, shown, _ = capx("export", "nt")
    assert "ontology/Capacity>" in shown
    assert "ontology/displayName>" not in shown


def test_the_demonstration_comes_with_the_first_start_only(
    capx: Run, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    added = []

    def add(*given: object, data: Path, **others: object) -> None:
        added.append(others["people"])
        remember(data, DemoMemory(DemoState.ADDED, datetime(2026, 6, 1, tzinfo=UTC)))

    monkeypatch.setattr("capx_graph.cli.importing.add_demonstration", add)
    assert capx("demo", "add", "--first", "--people", "5")[0] == 0
    assert capx("demo", "add", "--first") == (0, "", "")
    assert added == [5]
    assert capx("demo", "remove")[2] == "removed 0 demonstration items\n"
    assert capx("demo", "add", "--first") == (0, "", "")
    assert added == [5]
    assert capx("demo", "add", "--people", "7")[0] == 0
    assert added == [5, 7]


def test_a_demonstration_that_was_broken_off_is_finished_by_the_next_start(
    capx: Run, imported: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    remember(imported, DemoMemory(DemoState.ADDING, datetime(2026, 6, 1, tzinfo=UTC)))
    added = []
    monkeypatch.setattr("capx_graph.cli.importing.add_demonstration", lambda *_, **given: added.append(given["data"]))
    assert capx("demo", "add", "--first")[0] == 0
    assert added == [imported]


def test_the_demonstration_is_not_put_beside_data_that_was_there_first(capx: Run, imported: Path) -> None:
    assert capx("demo", "add", "--first") == (0, "", "")


def test_matches_are_told_with_their_reasons_or_as_data(capx: Run, imported: Path) -> None:
    code, out, _ = capx("match", "Ana", "--limit", "3")
    assert code == 0
    assert "People to learn from: " in out
    code, out, _ = capx("match", "Ana", "--no-hierarchy", "--format", "json", "--language", "pt-br")
    answer = json.loads(out)
    assert (answer["person"], answer["hierarchy"]) == ("Ana", 0)


@pytest.mark.parametrize(
    ("arguments", "code", "said"),
    [
        (["Nobody"], 1, "Nobody"),
        (["Ana", "--limit", "-1"], 2, "--limit"),
        (["Ana", "--language", "klingon"], 1, "--language"),
    ],
)
def test_matches_that_cannot_be_are_told_in_a_line(
    capx: Run, imported: Path, arguments: list[str], code: int, said: str
) -> None:
    found, out, err = capx("match", *arguments)
    assert (found, out) == (code, "")
    assert said in err
