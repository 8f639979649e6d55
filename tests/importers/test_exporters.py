"""What was imported can be taken out again, and taken back without changing anything."""

from __future__ import annotations

import json
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest

from capx_graph.exporters.bench import BenchExporter
from capx_graph.exporters.results import render
from capx_graph.exporters.statements import Facts
from capx_graph.importers.drafts import Vocabulary
from capx_graph.importers.importer import Importer
from capx_graph.importers.keys import KeyReader
from capx_graph.importers.sources import BenchDirectory
from capx_graph.ontology import load_instance
from capx_graph.provisioning import provision
from capx_graph.repository.store import Repository
from capx_graph.shapes import Shapes
from capx_graph.store.base import Solutions
from capx_graph.terms import integer, iri, literal

INSTANCE = load_instance("embedded")
NOW = datetime(2026, 6, 1, tzinfo=UTC)
DATA: dict[str, list[dict[str, Any]]] = {
    "capacities": [
        {
            "qid": "Q8001",
            "parent": None,
            "labels": {"en": "root", "ja": "根"},
            "description": {"en": "Made up."},
            "created": "2026-01-01T00:00:00Z",
            "colour": "#0078D4",
        },
        {"qid": "", "parent": "Q8001", "labels": {"en": "leaf"}, "description": {}, "created": None, "capx_id": "12"},
    ],
    "territories": [
        {"code": "R-LAC", "kind": "region", "name": "Latin America", "parents": []},
        {"code": "BR", "kind": "country", "name": "Brazil", "parents": ["R-LAC"]},
    ],
    "languages": [{"code": "pt-br", "name": "Brazilian Portuguese", "autonym": "português do Brasil"}],
    "projects": [{"code": "wiki", "name": "Wikipedia"}],
    "organizations": [
        {
            "code": "ORG001",
            "names": {"en": "One", "pt": "Um"},
            "type": "user_group",
            "territories": ["BR"],
            "known": ["Q8001"],
            "available": [],
            "wanted": ["12"],
            "managers": [
                {"username": None, "since": "2025-02-01T00:00:00Z"},
                {"username": "Ana", "since": "2025-01-01T00:00:00Z"},
            ],
            "website": "https://example.org/",
            "updated": "2026-01-01T00:00:00Z",
        }
    ],
    "people": [
        {
            "id": 1,
            "username": "Ana",
            "active": True,
            "display_name": "Ana of the wiki",
            "pronoun": "other",
            "about": "Olá.",
            "about_language": "pt",
            "wikidata_qid": "Q9001",
            "wiki_alt": "",
            "territories": ["BR"],
            "languages": [{"code": "pt-br", "proficiency": "n"}],
            "projects": ["wiki"],
            "affiliations": ["ORG001"],
            "known": ["Q8001", "12"],
            "available": ["12"],
            "wanted": [],
            "saved_users": [],
            "saved_orgs": [],
            "joined": "2024-03-16T01:48:35Z",
            "last_update": "2026-02-17T03:04:09.683312Z",
            "source": "demonstration",
        }
    ],
    "events": [
        {
            "id": "EV1",
            "name": "Workshop",
            "organization": "ORG001",
            "creator": "Ana",
            "location_type": "in_person",
            "url": "https://example.org/e",
            "description": "Made up.",
            "wikidata_qid": "",
            "begin": "2026-07-01T10:00:00Z",
            "end": "2026-07-01T12:00:00Z",
            "capacities": ["12"],
        }
    ],
    "org_projects": [
        {
            "id": "PR1",
            "name": "Handbook",
            "description": "Made up too.",
            "url": "https://example.org/p",
            "creator": None,
            "created": "2026-01-01T00:00:00Z",
            "capacities": ["Q8001"],
            "members": [{"code": "ORG001", "accepted": True}],
        }
    ],
}


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
