"""A repository to import into, and records in memory to import: the smallest whole set, with what a test changes."""

from __future__ import annotations

import json
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from capx_graph.importers.benchformat import BenchFile
from capx_graph.importers.importer import Importer, ImportOutcome
from capx_graph.importers.records import Line
from capx_graph.importers.sources import OWNER
from capx_graph.items.drafts import Vocabulary
from capx_graph.items.keys import KeyReader, Keys, values_of
from capx_graph.model import EntityJson, EntityKind, Page
from capx_graph.ontology import load_instance
from capx_graph.provisioning import provision
from capx_graph.repository.store import Repository
from capx_graph.shapes import Shapes

INSTANCE = load_instance("embedded")
VOCABULARY = Vocabulary(INSTANCE)


Records = dict[str, list[dict[str, Any]]]


class Given:
    """A source of records in memory, by file name."""

    name = "test"
    owner = OWNER

    def __init__(self, records: Records, *, mark: str | None = None) -> None:
        self.records = records
        self.mark = mark

    def lines(self, file: BenchFile) -> Iterator[Line]:
        for number, record in enumerate(self.records.get(file.name, ()), start=1):
            text = record if isinstance(record, str) else json.dumps(record)
            yield Line(file.name, number, text)


def capacity(number: int, parent: int | None = None) -> dict[str, Any]:
    return {
        "qid": f"Q800{number}",
        "parent": parent and f"Q800{parent}",
        "labels": {"en": f"capacity {number}"},
        "description": {"en": f"Made up, {number}."},
    }


def person(name: str, **fields: Any) -> dict[str, Any]:
    return {"username": name, "territories": ["BR"], "known": ["Q8001"], "available": ["Q8001"], **fields}


def data(**files: list[Any]) -> Records:
    records: Records = {
        "capacities": [capacity(1), capacity(2, parent=1)],
        "territories": [
            {"code": "R-LAC", "name": "Latin America", "parents": []},
            {"code": "BR", "name": "Brazil", "parents": ["R-LAC"]},
        ],
        "languages": [{"code": "en", "name": "English", "autonym": "English"}],
        "projects": [{"code": "wiki", "name": "Wikipedia"}],
        "organizations": [
            {"code": "ORG001", "names": {"en": "One"}, "type": "chapter", "managers": [{"username": "Ana"}]}
        ],
        "people": [person("Ana", affiliations=["ORG001"]), person("Bo", wanted=["Q8002"])],
    }
    return {f"{name}.jsonl": found for name, found in (records | files).items()}


class House:
    """A repository to import into."""

    def __init__(self, folder: Path, shapes: Shapes) -> None:
        self.rejects = folder / "rejects.jsonl"
        self.repository = Repository.open(folder / "data")
        provision(self.repository, INSTANCE)
        self._importer = Importer(self.repository, INSTANCE, shapes, clock=lambda: datetime(2026, 6, 1, tzinfo=UTC))

    def run(self, records: Records, *, mark: str | None = None) -> ImportOutcome:
        return self._importer.run(Given(records, mark=mark), rejects=self.rejects)

    def refused(self) -> list[dict[str, Any]]:
        return [json.loads(line) for line in self.rejects.read_text(encoding="utf-8").splitlines()]

    def keys(self) -> Keys:
        return KeyReader(VOCABULARY).scan(self.repository.scan("item"))

    def page(self, kind: EntityKind, key: str) -> Page:
        entity_id = self.keys().find(kind, key)
        assert entity_id is not None, f"there is no {kind} {key}"
        page = self.repository.page(entity_id)
        assert page is not None
        return page

    def entity(self, kind: EntityKind, key: str) -> EntityJson:
        entity = self.page(kind, key).entity
        assert entity is not None
        return entity

    def people(self) -> set[str]:
        return set(self.keys().of_kind(EntityKind.PERSON))


def values(entity: EntityJson, name: str) -> list[str]:
    return list(values_of(entity, VOCABULARY.property_id(name)))
