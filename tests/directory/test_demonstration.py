"""The demonstration: added once, marked in every item, removed by one command with nothing else."""

from __future__ import annotations

import json
import shutil
import unicodedata
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from capx_graph.errors import DataError, Forbidden
from capx_graph.importers.benchformat import FILES
from capx_graph.importers.demonstration import (
    DemoMemory,
    DemoState,
    add_demonstration,
    recall,
    remember,
    remove_demonstration,
)
from capx_graph.importers.importer import Importer
from capx_graph.importers.population import Demonstration
from capx_graph.items.drafts import Vocabulary
from capx_graph.items.keys import KeyReader, Keys, values_of
from capx_graph.model import EntityKind
from capx_graph.ontology import load_instance
from capx_graph.provisioning import provision
from capx_graph.repository.store import Repository
from capx_graph.shapes import Shapes

pytestmark = pytest.mark.slow

INSTANCE = load_instance("embedded")
VOCABULARY = Vocabulary(INSTANCE)
NOW = datetime(2026, 6, 1, 12, 30, tzinfo=UTC)
PEOPLE = 40


class House:
    def __init__(self, data: Path) -> None:
        self.data = data
        self.repository = Repository.open(data)
        provision(self.repository, INSTANCE)
        self.importer = Importer(self.repository, INSTANCE, Shapes.load(), clock=lambda: NOW)

    def add(self, now: datetime = NOW) -> int:
        """How many entities were written."""
        before = self.repository.head()
        add_demonstration(self.repository, self.importer, VOCABULARY, data=self.data, now=now, people=PEOPLE)
        return self.repository.head() - before

    def keys(self) -> Keys:
        return KeyReader(VOCABULARY).scan(self.repository.scan("item"))


@pytest.fixture(scope="module")
def house(tmp_path_factory: pytest.TempPathFactory) -> Iterator[House]:
    found = House(tmp_path_factory.mktemp("demo"))
    found.add()
    yield found
    found.repository.close()


def records(house: House, kind: EntityKind) -> list[dict[str, object]]:
    source = Demonstration(house.keys(), today=NOW, people=PEOPLE)
    return [json.loads(line.text) for file in FILES if file.kind is kind for line in source.lines(file)]


def test_everybody_is_called_demo_and_in_many_scripts(house: House) -> None:
    names = list(house.keys().of_kind(EntityKind.PERSON))
    assert len(names) == PEOPLE
    assert all(name.startswith("Demo ") for name in names)
    scripts = {unicodedata.name(char).split()[0] for name in names for char in name if char.isalpha()}
    assert len(scripts) >= 4


def test_every_item_of_the_population_is_marked_and_nothing_of_the_directory_is(house: House) -> None:
    mark = VOCABULARY.item_id("DemonstrationData")
    reader = KeyReader(VOCABULARY)
    for page in house.repository.scan("item"):
        assert page.entity is not None
        kind = reader.kind(page.entity)
        keys = " ".join(reader.keys(page.entity, kind)) if kind else ""
        is_demo = keys.lower().startswith("demo")
        assert (mark in values_of(page.entity, VOCABULARY.property_id("source"))) == is_demo, keys


def test_the_same_day_gives_the_same_people(house: House) -> None:
    assert records(house, EntityKind.PERSON) == records(house, EntityKind.PERSON)


def test_the_first_question_of_the_readme_has_an_answer(house: House) -> None:
    """Who can teach me public speaking, in Portuguese? Somebody among the first forty, too."""
    keys = house.keys().of_kind(EntityKind.CAPACITY)
    able = [
        record
        for record in records(house, EntityKind.PERSON)
        if keys["46"] in {keys[key] for key in record["available"]}  # type: ignore[attr-defined]
        and {skill["code"] for skill in record["languages"]} & {"pt", "pt-br"}  # type: ignore[attr-defined]
    ]
    assert able
    for record in able:
        assert set(record["available"]) <= set(record["known"])  # type: ignore[call-overload]
        assert not set(record["wanted"]) & set(record["known"])  # type: ignore[call-overload]


def test_one_more_person_changes_none_of_the_others(house: House) -> None:
    people = records(house, EntityKind.PERSON)
    more = Demonstration(house.keys(), today=NOW, people=PEOPLE + 1)
    [file] = [file for file in FILES if file.kind is EntityKind.PERSON]
    assert [json.loads(line.text) for line in more.lines(file)][:PEOPLE] == people


def test_events_lie_on_both_sides_of_the_day(house: House) -> None:
    begins = [str(event["begin"]) for event in records(house, EntityKind.EVENT)]
    assert min(begins) < NOW.isoformat() < max(begins)


def test_adding_again_days_later_changes_nothing(house: House) -> None:
    assert house.add(NOW + timedelta(days=3)) == 0


def test_removing_takes_the_population_and_nothing_else(house: House, tmp_path: Path) -> None:
    shutil.copytree(house.data, tmp_path, dirs_exist_ok=True)
    house = House(tmp_path)
    with_people = {page.entity_id for page in house.repository.scan()}
    directory = len(house.keys().of_kind(EntityKind.CAPACITY))
    removed = remove_demonstration(house.repository, VOCABULARY, data=tmp_path, now=NOW)
    left = {page.entity_id for page in house.repository.scan()}
    assert removed == len(with_people) - len(left) > PEOPLE
    assert not house.keys().of_kind(EntityKind.PERSON)
    assert len(house.keys().of_kind(EntityKind.CAPACITY)) == directory > 100
    assert recall(tmp_path).state is DemoState.REMOVED
    house.repository.close()


def test_an_account_called_demo_changes_no_demonstration_person(house: House) -> None:
    person = next(iter(house.keys().of_kind(EntityKind.PERSON).values()))
    with pytest.raises(Forbidden):
        house.repository.delete([person], actor="Demo")


def test_what_is_remembered_survives_and_a_foreign_file_is_named(tmp_path: Path) -> None:
    assert recall(tmp_path).state is DemoState.NEVER
    memory = DemoMemory(DemoState.REMOVED, NOW)
    remember(tmp_path, memory)
    assert recall(tmp_path) == memory
    (tmp_path / "demonstration.json").write_text("[]", encoding="utf-8")
    with pytest.raises(DataError, match=r"demonstration\.json"):
        recall(tmp_path)
