"""The wiring at work on one small data directory: import, graph, exports, validation, another base."""

from __future__ import annotations

import io
import json
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

import pytest

from capx_graph import settings as setting_list
from capx_graph.connected import load_embedded
from capx_graph.errors import BaseMismatch, NotFound, StoreLocked
from capx_graph.importers.sources import BenchDirectory
from capx_graph.jobs.operations import export_graph, export_records, rebase_repository, validate_repository
from capx_graph.model import Draft
from capx_graph.opening import has_repository, open_graph, open_importing, open_repository
from capx_graph.settings import Settings
from capx_graph.terms import RdfFormat, Triple, parse_rdf
from tests.houses.records import write_data

pytestmark = pytest.mark.slow


@pytest.fixture(scope="module")
def settings(tmp_path_factory: pytest.TempPathFactory) -> Settings:
    """A data directory with a few records in repository and graph."""
    folder = tmp_path_factory.mktemp("services")
    found = setting_list.load({"CAPX_NOW": "2026-06-01T00:00:00Z"}, data=str(folder / "data"))
    with open_importing(found) as importing:
        outcome = importing.importer.run(BenchDirectory(write_data(folder / "set")), rejects=folder / "rejects")
        assert outcome.first_reject is None
        with open_graph(importing.repository, found) as graph:
            graph.ingest.catch_up()
    return found


def in_graph(settings: Settings) -> Iterator[Triple]:
    with open_repository(settings) as repository, open_graph(repository, settings) as graph:
        yield from graph.store.triples()


@pytest.mark.parametrize(("form", "format_"), [("nt", RdfFormat.N_TRIPLES), ("ttl", RdfFormat.TURTLE)])
def test_an_export_of_the_graph_is_the_graph(settings: Settings, form: str, format_: RdfFormat) -> None:
    out = io.BytesIO()
    export_graph(settings, form, out)
    exported = list(parse_rdf(out.getvalue(), format_))
    assert len(exported) == len(set(exported))
    assert set(exported) == set(in_graph(settings))


def test_exports_and_validation_do_not_need_the_graph_that_a_service_holds(settings: Settings, tmp_path: Path) -> None:
    with open_repository(settings) as repository, open_graph(repository, settings):
        with pytest.raises(StoreLocked, match=r"pid|process"), open_graph(repository, settings):
            pass
        assert sum(export_records(settings, tmp_path / "out").values()) == 10
        report, name = validate_repository(settings, workers=1)
        assert report.conforms
        assert {name(result.record) for result in report.results} >= {"Q201 (12)"}


def test_reading_commands_make_no_data_directory(tmp_path: Path) -> None:
    nowhere = setting_list.load({}, data=str(tmp_path / "none"))
    for attempt in (lambda: export_records(nowhere, tmp_path / "out"), lambda: validate_repository(nowhere)):
        with pytest.raises(NotFound, match="there is no data"):
            attempt()
    with pytest.raises(NotFound):
        rebase_repository(nowhere, "https://example.org")
    assert not has_repository(nowhere)


def test_another_base_moves_every_address_and_nothing_else(tmp_path: Path) -> None:
    settings = setting_list.load({}, data=str(tmp_path / "data"))
    with open_importing(settings) as importing:
        importing.importer.run(BenchDirectory(write_data(tmp_path / "set")), rejects=tmp_path / "rejects")
        revisions = importing.repository.head()
    before = {str(triple) for triple in in_graph_now(settings)}
    assert rebase_repository(settings, "https://capx.example.org") == "http://127.0.0.1:8000"
    with pytest.raises(BaseMismatch, match="rebase"), open_repository(with_base(settings, "http://127.0.0.1:8000")):
        pass
    after = {str(triple) for triple in in_graph_now(with_base(settings, "https://capx.example.org"))}
    assert after == {text.replace("http://127.0.0.1:8000", "https://capx.example.org") for text in before}
    with open_repository(settings) as repository:
        assert repository.head() == revisions


def test_a_unit_of_the_old_base_is_moved_with_its_hash(tmp_path: Path) -> None:
    settings = setting_list.load({}, data=str(tmp_path / "data"))
    unit = f"http://127.0.0.1:8000/entity/{load_embedded().item_id('Person')}"
    property_id = "P300"
    with open_repository(settings) as repository:
        snak = {
            "snaktype": "value",
            "property": property_id,
            "datavalue": {"type": "quantity", "value": {"amount": "+5", "unit": unit}},
        }
        statement = {
            "mainsnak": snak,
            "type": "statement",
            "rank": "normal",
            "id": "Q300$00000000-0000-4000-8000-000000000000",
            "references": [{"snaks": {property_id: [snak]}}],
        }
        repository.bulk([_property(property_id)], actor="x")
        repository.bulk([_item("Q300", {property_id: [statement]})], actor="x")
        old = repository.page("Q300")
    rebase_repository(settings, "https://capx.example.org")
    with open_repository(settings) as repository:
        new = repository.page("Q300")
        assert old is not None
        assert new is not None
        moved = json.dumps(new.entity)
        assert "127.0.0.1" not in moved
        # The hashes are those that the repository itself would give to the moved entity.
        [receipt] = repository.bulk([_item("Q300", new.entity["claims"])], actor="x")
        assert not receipt.changed
        assert new.entity != old.entity


def _property(property_id: str) -> Draft:
    label = {"en": {"language": "en", "value": "weight"}}
    return Draft({"type": "property", "id": property_id, "datatype": "quantity", "labels": label})


def _item(entity_id: str, claims: Mapping[str, Any]) -> Draft:
    return Draft({"type": "item", "id": entity_id, "labels": {}, "claims": claims})


def in_graph_now(settings: Settings) -> list[Triple]:
    with open_repository(settings) as repository, open_graph(repository, settings) as graph:
        graph.ingest.catch_up()
        return list(graph.store.triples())


def with_base(settings: Settings, base: str) -> Settings:
    return setting_list.load({"CAPX_BASE": base}, data=str(settings.data))
