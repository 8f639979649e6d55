"""What was imported can be taken out again, and taken back without changing anything."""

from __future__ import annotations

import json
from datetime import UTC, datetime
from pathlib import Path

import pytest

from capx_graph.exporters.bench import BenchExporter
from capx_graph.exporters.results import render
from capx_graph.exporters.statements import Facts
from capx_graph.importers.importer import Importer
from capx_graph.importers.sources import BenchDirectory
from capx_graph.items.drafts import Vocabulary
from capx_graph.items.keys import KeyReader
from capx_graph.ontology import load_instance
from capx_graph.provisioning import provision
from capx_graph.repository.store import Repository
from capx_graph.shapes import Shapes
from capx_graph.store.base import Solutions
from capx_graph.terms import integer, iri, literal
from tests.houses.records import DATA

INSTANCE = load_instance("embedded")
NOW = datetime(2026, 6, 1, tzinfo=UTC)


@pytest.fixture
def imported(tmp_path: Path) -> tuple[Repository, Importer]:
    source = tmp_path / "in"
    source.mkdir()
    for name, records in DATA.items():
        lines = "".join(json.dumps(record) + "\n" for record in records)
        (source / f"{name}.jsonl").write_text(lines, encoding="utf-8")
    (source / "manifest.json").write_text('{"format": 1, "marked": true}', encoding="utf-8")
    repository = Repository.open(tmp_path / "data")
    provision(repository, INSTANCE)
    importer = Importer(repository, INSTANCE, Shapes.load(), clock=lambda: NOW)
    outcome = importer.run(BenchDirectory(source), rejects=tmp_path / "rejects")
    assert outcome.first_reject is None
    return repository, importer


def export(repository: Repository, folder: Path) -> None:
    reader = KeyReader(Vocabulary(INSTANCE))
    BenchExporter(repository, reader, lambda page: Facts(INSTANCE, page)).write(folder, now=NOW)


def test_exported_records_are_those_that_were_imported(imported: tuple[Repository, Importer], tmp_path: Path) -> None:
    export(imported[0], tmp_path / "out")
    for name, records in DATA.items():
        lines = (tmp_path / "out" / f"{name}.jsonl").read_text(encoding="utf-8").splitlines()
        assert [json.loads(line) for line in lines] == records, name


def test_importing_an_export_changes_nothing(imported: tuple[Repository, Importer], tmp_path: Path) -> None:
    repository, importer = imported
    export(repository, tmp_path / "out")
    outcome = importer.run(BenchDirectory(tmp_path / "out"), rejects=tmp_path / "rejects")
    assert outcome.rejected == 0
    assert outcome.report.revisions == 0


def test_an_export_fills_another_repository_with_the_same_facts(
    imported: tuple[Repository, Importer], tmp_path: Path
) -> None:
    export(imported[0], tmp_path / "out")
    other = Repository.open(tmp_path / "other")
    provision(other, INSTANCE)
    importer = Importer(other, INSTANCE, Shapes.load(), clock=lambda: NOW)
    assert importer.run(BenchDirectory(tmp_path / "out"), rejects=tmp_path / "rejects").rejected == 0
    export(other, tmp_path / "again")
    for path in (tmp_path / "out").iterdir():
        assert (tmp_path / "again" / path.name).read_bytes() == path.read_bytes(), path.name


ROWS = Solutions(
    ("who", "name", "age"),
    [
        (iri("http://127.0.0.1:8000/entity/Q5"), literal('say "hi", José', "pt"), integer(7)),
        (iri("http://example.org/x/y"), literal("花子\nnext"), None),
    ],
)


def test_a_table_shortens_addresses_and_keeps_its_columns_aligned() -> None:
    text = render(ROWS, "table", shorten={"wd": "http://127.0.0.1:8000/entity/"})
    lines = text.splitlines()
    assert lines[2].startswith("wd:Q5 ")
    assert lines[3].startswith("http://example.org/x/y  花子 next")
    assert lines[-1] == "(2 rows)"


def test_csv_and_json_are_those_of_the_recommendations() -> None:
    assert render(ROWS, "csv").splitlines()[1] == 'http://127.0.0.1:8000/entity/Q5,"say ""hi"", José",7'
    document = json.loads(render(ROWS, "json"))
    assert document["head"]["vars"] == ["who", "name", "age"]
    first, second = document["results"]["bindings"]
    assert first["name"] == {"type": "literal", "value": 'say "hi", José', "xml:lang": "pt"}
    assert first["age"]["datatype"].endswith("#integer")
    assert "age" not in second
