"""Whole imports into a repository: what is written, what is refused, and that doing it again changes nothing."""

from __future__ import annotations

import json
import random
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from capx_graph.errors import InvalidInput, NotFound
from capx_graph.importers.benchformat import FILES
from capx_graph.importers.sources import OWNER, BenchDirectory
from capx_graph.model import Draft, EntityKind
from capx_graph.shapes import Shapes
from tests.houses.importing import INSTANCE, VOCABULARY, House, capacity, data, person, values


@pytest.fixture(scope="module")
def shapes() -> Shapes:
    return Shapes.load()


@pytest.fixture
def house(tmp_path: Path, shapes: Shapes) -> Iterator[House]:
    found = House(tmp_path, shapes)
    yield found
    found.repository.close()


def test_records_find_one_another_whatever_file_they_are_in(house: House) -> None:
    outcome = house.run(data())
    assert outcome.rejected == 0
    keys = house.keys()
    organization = house.entity(EntityKind.ORGANIZATION, "ORG001")
    assert values(organization, "manager") == [keys.find(EntityKind.PERSON, "Ana")]
    ana = house.entity(EntityKind.PERSON, "Ana")
    assert values(ana, "affiliatedWith") == [organization["id"]]
    assert house.page(EntityKind.PERSON, "Ana").owner == OWNER
    assert house.page(EntityKind.CAPACITY, "Q8001").owner is None


def test_a_second_import_changes_nothing(house: House) -> None:
    house.run(data())
    head = house.repository.head()
    outcome = house.run(data())
    assert outcome.report.revisions == 0
    assert house.repository.head() == head


def test_only_what_changed_gets_a_revision(house: House) -> None:
    house.run(data())
    outcome = house.run(data(people=[person("Ana", affiliations=["ORG001"]), person("Bo", wanted=[])]))
    assert outcome.report.changed == {EntityKind.PERSON: 1}
    assert values(house.entity(EntityKind.PERSON, "Bo"), "wants") == []


def test_what_another_edited_stays_when_the_data_is_imported_again(house: House) -> None:
    house.run(data())
    entity = json.loads(json.dumps(house.entity(EntityKind.CAPACITY, "Q8001")))
    entity["labels"]["ja"] = {"language": "ja", "value": "能力"}
    house.repository.bulk([Draft(entity)], actor="Translator")
    outcome = house.run(data())
    assert outcome.report.revisions == 0
    assert house.entity(EntityKind.CAPACITY, "Q8001")["labels"]["ja"]["value"] == "能力"


def test_a_bad_record_is_refused_with_record_field_value_rule_and_line_and_the_rest_goes_on(house: House) -> None:
    bad = person("Bad", joined="yesterday")
    outcome = house.run(data(people=[person("Ana"), bad, person("Bo")]))
    assert outcome.rejected == 1
    [refused] = house.refused()
    assert (refused["file"], refused["line"], refused["key"]) == ("people.jsonl", 2, "Bad")
    assert (refused["field"], refused["value"]) == ("joined", "yesterday")
    assert "2026-06-01T00:00:00Z" in refused["rule"]
    assert refused["record"] == bad
    assert house.people() == {"Ana", "Bo"}


@pytest.mark.parametrize(
    ("field", "value", "rule"),
    [
        ("joined", "2999-01-01T00:00:00Z", "person-joined-past"),
        ("display_name", "B\u202ead", "entity-plain-text"),
    ],
)
def test_nobody_is_imported_of_whom_is_said_what_cannot_be(house: House, field: str, value: str, rule: str) -> None:
    outcome = house.run(data(people=[person("Ana"), person("Bad", **{field: value})]))
    assert outcome.rejected == 1
    refused = house.refused()
    assert {one["key"] for one in refused} == {"Bad"}
    assert all(f"({rule})" in one["rule"] for one in refused)
    assert house.people() == {"Ana"}


def test_a_record_that_breaks_a_shape_is_refused_in_plain_language(house: House) -> None:
    outcome = house.run(data(people=[person("Ana"), person("Bo", known=[], available=["Q8002"])]))
    assert outcome.rejected == 1
    [refused] = house.refused()
    assert (refused["line"], refused["field"], refused["value"]) == (2, "available", "Q8002")
    assert "member-offers-known" in refused["rule"]
    assert house.people() == {"Ana"}


def test_a_tree_of_four_levels_is_refused_at_the_fourth(house: House) -> None:
    deep = [capacity(1), capacity(2, parent=1), capacity(3, parent=2), capacity(4, parent=3)]
    house.run(data(capacities=deep))
    assert [refused["key"] for refused in house.refused()] == ["Q8004"]


def test_the_depth_of_the_tree_counts_what_was_there_before(house: House) -> None:
    house.run(data(capacities=[capacity(1), capacity(2, parent=1), capacity(3, parent=2)]))
    house.run(data(capacities=[capacity(1), capacity(2, parent=1), capacity(3, parent=2), capacity(4, parent=3)]))
    assert [refused["key"] for refused in house.refused()] == ["Q8004"]


def test_a_refused_change_leaves_the_item_as_it_was_and_what_refers_to_it(house: House) -> None:
    house.run(data())
    outcome = house.run(data(capacities=[capacity(1) | {"labels": {"en": ""}}, capacity(2, parent=1)]))
    assert [refused["key"] for refused in house.refused()] == ["Q8001"]
    assert outcome.report.revisions == 0
    assert house.people() == {"Ana", "Bo"}


@pytest.mark.parametrize("line", ["{", "[]", '"text"', '{"username": ""}', '{"active": true}'])
def test_a_line_without_a_record_is_refused_alone(house: House, line: str) -> None:
    outcome = house.run(data(people=[person("Ana"), line, person("Bo")]))
    assert outcome.rejected == 1
    assert house.refused()[0]["line"] == 2
    assert house.people() == {"Ana", "Bo"}


def test_a_name_used_twice_is_refused_the_second_time(house: House) -> None:
    house.run(data(people=[person("Ana"), person("Bo"), person("Ana", pronoun="other")]))
    assert [(refused["line"], refused["field"]) for refused in house.refused()] == [(3, "username")]
    assert values(house.entity(EntityKind.PERSON, "Ana"), "pronoun") == []


def test_what_only_the_repository_can_refuse_is_refused_alone(house: House) -> None:
    first = {"id": "EV1", "name": "Same name", "description": "Same text", "begin": "2026-06-01T00:00:00Z",
             "end": "2026-06-02T00:00:00Z", "organization": "ORG001"}  # fmt: skip
    house.run(data(events=[first, first | {"id": "EV2"}, first | {"id": "EV3", "name": "Other"}]))
    assert [refused["key"] for refused in house.refused()] == ["EV2"]
    assert set(house.keys().of_kind(EntityKind.EVENT)) == {"EV1", "EV3"}


def test_an_inactive_person_appears_nowhere(house: House) -> None:
    house.run(data(people=[person("Ana", active=False), person("Bo")]))
    assert house.people() == {"Bo"}
    written = [page for page in house.repository.scan("item") if INSTANCE.term_of_item(page.entity_id) is None]
    assert all("Ana" not in json.dumps(page.entity) for page in written), "a word of Swahili begins so too"


def test_a_person_who_became_inactive_disappears(house: House) -> None:
    house.run(data())
    outcome = house.run(data(people=[person("Ana", active=False), person("Bo", wanted=["Q8002"])]))
    assert outcome.report.withdrawn == 1
    assert house.people() == {"Bo"}
    assert values(house.entity(EntityKind.ORGANIZATION, "ORG001"), "manager") == []


def test_a_registered_persons_page_is_left_alone(house: House) -> None:
    house.run(data(people=[]) | {"organizations.jsonl": []})
    own = {"username": "Ana", "known": [], "available": []}
    [entity_id] = house.repository.allocate("item", 1)
    entity = {
        "type": "item",
        "id": entity_id,
        "labels": {"en": {"language": "en", "value": "Ana herself"}},
        "claims": {
            VOCABULARY.property_id(name): [
                {
                    "id": f"{entity_id}$00000000-0000-4000-8000-00000000000{place}",
                    "type": "statement",
                    "rank": "normal",
                    "mainsnak": {
                        "snaktype": "value",
                        "property": VOCABULARY.property_id(name),
                        "datavalue": value,
                    },
                }
            ]
            for place, (name, value) in enumerate(
                {
                    "instanceOf": {
                        "type": "wikibase-entityid",
                        "value": {"entity-type": "item", "id": VOCABULARY.item_id("Person")},
                    },
                    "username": {"type": "string", "value": "Ana"},
                }.items()
            )
        },
    }
    house.repository.bulk([Draft(entity, owner="Ana")], actor="Ana")
    for record in (own, own | {"active": False}):
        house.run(data(people=[record, person("Bo")]) | {"organizations.jsonl": []})
        assert house.entity(EntityKind.PERSON, "Ana")["labels"]["en"]["value"] == "Ana herself"
    house.run(data(people=[own, person("Bo")]) | {"organizations.jsonl": []})
    assert [refused["key"] for refused in house.refused()] == ["Ana"]
    assert "registered" in house.refused()[0]["rule"]


def test_an_import_that_broke_off_is_finished_by_the_next(house: House, monkeypatch: pytest.MonkeyPatch) -> None:
    whole = data(people=[person(f"Person {number}") for number in range(30)] + [person("Ana")])
    monkeypatch.setattr("capx_graph.importers.batch.BATCH", 10)
    bulk = house.repository.bulk
    left = iter(range(6))

    def failing(*arguments: Any, **options: Any) -> Any:
        if next(left, None) is None:
            raise KeyboardInterrupt
        return bulk(*arguments, **options)

    monkeypatch.setattr(house.repository, "bulk", failing)
    with pytest.raises(KeyboardInterrupt):
        house.run(whole)
    monkeypatch.setattr(house.repository, "bulk", bulk)
    assert 0 < len(house.people()) < 31
    house.run(whole)
    assert len(house.people()) == 31
    assert house.run(whole).report.revisions == 0


def test_generated_records_are_marked_and_others_are_not(house: House) -> None:
    house.run(data(), mark="GeneratedData")
    assert values(house.entity(EntityKind.PERSON, "Bo"), "source") == [VOCABULARY.item_id("GeneratedData")]


def test_a_rejects_file_can_be_read_by_its_owner_alone(house: House) -> None:
    house.run(data(people=[person("Ana"), person("Bo", joined="x")]))
    assert house.rejects.stat().st_mode & 0o077 == 0
    house.run(data())
    assert not house.rejects.exists()


def test_a_directory_says_what_it_lacks(tmp_path: Path) -> None:
    with pytest.raises(NotFound, match=r"there is no .*none"):
        BenchDirectory(tmp_path / "none")
    with pytest.raises(NotFound, match="not a directory"):
        BenchDirectory(Path(__file__))
    with pytest.raises(InvalidInput, match=r"people\.jsonl"):
        BenchDirectory(tmp_path)
    for file in FILES:
        (tmp_path / file.name).write_text("", encoding="utf-8")
    assert BenchDirectory(tmp_path).mark is None
    (tmp_path / "manifest.json").write_text('{"format": 1, "seed": 1}', encoding="utf-8")
    assert BenchDirectory(tmp_path).mark == "GeneratedData"
    (tmp_path / "manifest.json").write_text('{"format": 2}', encoding="utf-8")
    with pytest.raises(InvalidInput, match="format 1"):
        BenchDirectory(tmp_path)


HOSTILE: tuple[Any, ...] = (
    "", None, 0, -1, 1.5, True, [], {}, [None], [[]], ["x"], [""], {"a": 1}, "x" * 600, " a", "a\nb", "\0", "\ud800",
    "\u202e", "<b>", "Q1", "P1", float("nan"), float("inf"), 10**400, "http://[", "http://a/%zz",
    "2026-06-01T24:00:00Z", "0000-01-01T00:00:00Z", "en",
    "xx", "mul", {"en": ""}, {"en": None}, {"en": "x" * 251}, {"xx": "a"}, {"": "a"},
    [{"username": None}], [{"code": "en", "proficiency": "7"}], [{"code": "en", "proficiency": 5}], [{"code": "en"}],
    "Bo", "ORG001", "BR", "red", "Item:Q5",
)  # fmt: skip


@pytest.mark.parametrize("seed", [1, 2, 3])
def test_whatever_a_record_holds_it_is_taken_or_refused_and_the_others_are_not_touched(house: House, seed: int) -> None:
    stream = random.Random(seed)
    whole = person("Whole", pronoun="other", about="x", about_language="en", wikidata_qid="Q5", projects=["wiki"],
                   affiliations=["ORG001"], languages=[{"code": "en", "proficiency": "1"}], wanted=["Q8002"],
                   joined="2026-06-01T00:00:00Z", display_name="Whole", active=True)  # fmt: skip
    broken = []
    for number in range(150):
        record = whole | {"username": f"Broken {number}"}
        for field in stream.sample(sorted(record), stream.choice((1, 1, 2))):
            record[field] = stream.choice(HOSTILE)
        broken.append(record)
    people = [person("Ana"), *broken[:75], whole, *broken[75:], person("Bo")]
    outcome = house.run(data(people=people))
    there = house.people()
    inactive = sum(record.get("active") is False for record in people)
    assert len(there) + outcome.rejected + inactive == len(people)
    assert outcome.rejected > 50
    assert {"Ana", "Bo", "Whole"} <= there
    assert house.run(data(people=people)).report.revisions == 0
