"""Dumps out of the repository and back into an empty one."""

from __future__ import annotations

import bz2
import gzip
import io
import json
from collections.abc import Callable, Iterator
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest

from capx_graph.errors import DataError
from capx_graph.importers.sources import OWNER as BATCH_OWNER
from capx_graph.model import Draft
from capx_graph.repository.dumps.dump import DumpFormat, write_dump
from capx_graph.repository.dumps.importing import DumpImport, Rejection
from capx_graph.repository.rdf.entity import EntityRdf, Flavor
from capx_graph.repository.storage.transaction import Author
from capx_graph.repository.store import Repository
from capx_graph.terms import RdfFormat, parse_rdf
from tests.houses.rdf import canonical, item, prop, snak

THEN = datetime(2026, 6, 1, tzinfo=UTC)


@pytest.fixture
def opened(tmp_path: Path) -> Iterator[Callable[[str], Repository]]:
    repositories: list[Repository] = []

    def open_(name: str, base: str = "http://127.0.0.1:8000") -> Repository:
        repositories.append(Repository.open(tmp_path / name, base=base, clock=lambda: THEN))
        return repositories[-1]

    yield open_
    for repository in repositories:
        repository.close()


def _fill(repository: Repository) -> None:
    unit = {"amount": "+10.50", "unit": f"{repository.base}/entity/Q2"}
    linked = {
        "type": "statement",
        "mainsnak": snak("P2", "wikibase-entityid", {"entity-type": "item", "numeric-id": 2, "id": "Q2"}),
        "qualifiers": {"P3": [snak("P3", "quantity", unit)]},
        "references": [{"snaks": {"P1": [snak("P1", "string", "über <&>")]}}],
    }
    unknown = {"type": "statement", "mainsnak": {"snaktype": "somevalue", "property": "P1"}}
    entities = [
        prop("P1", "string", en="text"),
        prop("P2", "wikibase-item"),
        prop("P3", "quantity"),
        item("Q2", en="two", ja="二"),
        item("Q1", linked, unknown, en="one"),
        item("Q3", en="gone"),
    ]
    entities[0]["aliases"] = {"en": [{"language": "en", "value": "string"}]}
    repository.bulk([Draft(entity) for entity in entities], actor="A")
    with repository.transaction() as transaction:
        page = transaction.page("Q3")
        assert page is not None
        transaction.redirect(page, "Q2", Author("A"))


def _dumped(repository: Repository, format_: DumpFormat = DumpFormat.JSON) -> bytes:
    stream = io.BytesIO()
    write_dump(repository, stream, format_, at=THEN)
    return stream.getvalue()


def _entities(dump: bytes) -> list[dict[str, Any]]:
    return [{key: value for key, value in entity.items() if key != "lastrevid"} for entity in json.loads(dump)]


@pytest.mark.parametrize("pack", [bytes, gzip.compress, bz2.compress])
def test_a_dump_imported_and_dumped_again_is_equal_up_to_revisions(
    opened: Callable[[str], Repository], tmp_path: Path, pack: Callable[[bytes], bytes]
) -> None:
    first, second = opened("first"), opened("second")
    _fill(first)
    path = tmp_path / "dump"
    path.write_bytes(pack(_dumped(first)))
    report = DumpImport(second).run(path)
    assert (report.written, report.rejected, report.statements_left_out) == (5, 0, 0)
    assert _entities(_dumped(second)) == _entities(_dumped(first))
    again = DumpImport(second).run(path)
    assert (again.written, again.unchanged) == (0, 5)
    assert second.allocate("item", 1) == ["Q3"], "ids of the dump count as given out"


def test_entities_stand_one_a_line(opened: Callable[[str], Repository]) -> None:
    repository = opened("first")
    assert _dumped(repository) == b"[\n]\n"
    _fill(repository)
    first, *lines, last = _dumped(repository).decode().splitlines()
    assert (first, last) == ("[", "]")
    assert [json.loads(line.rstrip(","))["id"] for line in lines] == ["Q2", "Q1", "P1", "P2", "P3"]


@pytest.mark.parametrize(
    ("format_", "rdf"), [(DumpFormat.N_TRIPLES, RdfFormat.N_TRIPLES), (DumpFormat.TURTLE, RdfFormat.TURTLE)]
)
def test_an_rdf_dump_is_the_graph_of_all_entities(
    opened: Callable[[str], Repository], format_: DumpFormat, rdf: RdfFormat
) -> None:
    repository = opened("first")
    _fill(repository)
    mapping = EntityRdf(repository.namespaces, repository)
    expected = [t for page in repository.scan() for t in mapping.triples(page, Flavor.DUMP)]
    expected = [t for t in expected if "license" not in str(t.predicate) and "softwareV" not in str(t.predicate)]
    actual = list(parse_rdf(_dumped(repository, format_), rdf))
    assert canonical([t for t in actual if "ontology#Dump" not in str(t.subject)]) == canonical(expected)
    assert sum("ontology#Dump" in str(t.subject) for t in actual) == 6


def _import(repository: Repository, path: Path, *lines: object) -> tuple[Any, list[Rejection]]:
    path.write_text("[\n" + ",\n".join(json.dumps(line) for line in lines) + "\n]\n", encoding="utf-8")
    rejections: list[Rejection] = []
    return DumpImport(repository, reject=rejections.append).run(path), rejections


def test_what_cannot_be_had_here_is_named_and_the_rest_is_kept(
    opened: Callable[[str], Repository], tmp_path: Path
) -> None:
    repository = opened("first")
    sheet = {"type": "statement", "mainsnak": snak("P2", "string", "X: 1")}
    metre = {"amount": "+1", "unit": "http://www.wikidata.org/entity/Q11573"}
    gone = {"entity-type": "item", "numeric-id": 404, "id": "Q404"}
    good = item(
        "Q1",
        sheet,
        {"type": "statement", "mainsnak": snak("P3", "quantity", metre)},
        {"type": "statement", "mainsnak": snak("P4", "wikibase-entityid", gone)},
        en="one",
    )
    report, rejections = _import(
        repository,
        tmp_path / "dump.json",
        good,
        prop("P2", "musical-notation"),
        prop("P3", "quantity"),
        prop("P4", "wikibase-item"),
        item("Q2", en="x" * 251),
        {"type": "lexeme", "id": "L1"},
        ["no entity"],
        item("Q3", tlh="unknown language"),
    )
    assert (report.written, report.rejected, report.statements_left_out) == (4, 4, 1)
    assert [(r.line, r.entity_id) for r in rejections] == [(2, "Q1"), (3, "P2"), (6, "Q2"), (7, "L1"), (8, "")]
    page = repository.page("Q1")
    assert page is not None
    assert page.entity is not None
    assert list(page.entity["claims"]) == ["P3", "P4"]
    unit = page.entity["claims"]["P3"][0]["mainsnak"]["datavalue"]["value"]["unit"]
    assert unit == "http://127.0.0.1:8000/entity/Q11573"


def test_a_line_of_no_sense_does_not_stop_the_others(opened: Callable[[str], Repository], tmp_path: Path) -> None:
    half, odd = item("Q1", en="\ud800"), prop("P1", "string")
    odd["datatype"] = {"id": "string"}
    report, rejections = _import(opened("first"), tmp_path / "d", half, odd, item("Q2", en="\U0001f600"))
    assert (report.written, report.rejected) == (1, 2)
    assert [r.line for r in rejections] == [2, 3]
    assert "surrogates" in rejections[0].reason


def test_an_entity_that_clashes_with_one_here_does_not_stop_its_batch(
    opened: Callable[[str], Repository], tmp_path: Path
) -> None:
    repository = opened("first")
    repository.bulk([Draft(prop("P1", "string", en="taken")), Draft(item("Q1", en="mine"), owner="Ana")], actor="Ana")
    report, rejections = _import(
        repository, tmp_path / "d", prop("P2", "url", en="taken"), item("Q1", en="yours"), item("Q5", en="five")
    )
    assert (report.written, report.rejected) == (1, 2)
    assert [r.entity_id for r in rejections] == ["P2", "Q1"]


@pytest.mark.parametrize("owner", ["Ana", "Import", BATCH_OWNER])
def test_a_dump_writes_no_page_that_belongs_to_somebody_deleted_or_not(
    opened: Callable[[str], Repository], tmp_path: Path, owner: str
) -> None:
    repository = opened("first")
    repository.bulk([Draft(item(one, en="mine"), owner=owner) for one in ("Q1", "Q2")], actor=owner)
    repository.delete(["Q2"], actor=owner)
    report, rejections = _import(repository, tmp_path / "d", item("Q1", en="yours"), item("Q2", en="yours"))
    assert (report.written, [one.entity_id for one in rejections]) == (0, ["Q1", "Q2"])


@pytest.mark.parametrize("content", [b"<html></html>", b"\x1f\x8bbroken", b"BZhbroken", b'{"entities":{}}'])
def test_a_file_that_is_no_dump_is_refused(opened: Callable[[str], Repository], tmp_path: Path, content: bytes) -> None:
    path = tmp_path / "file"
    path.write_bytes(content)
    with pytest.raises(DataError):
        DumpImport(opened("first")).run(path)


def test_progress_is_told_in_the_file_as_stored(opened: Callable[[str], Repository], tmp_path: Path) -> None:
    positions: list[int] = []
    path = tmp_path / "d"
    path.write_text("\n".join(json.dumps(item(f"Q{n}")) for n in range(1, 600)))
    DumpImport(opened("first"), progress=positions.append).run(path)
    assert positions == sorted(positions)
    assert positions[-1] == path.stat().st_size
