"""What an import cannot take: values that are left out, records that are refused, and what the rejects file tells."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from capx_graph.model import EntityKind
from capx_graph.shapes import Shapes
from tests.houses.importing import House, capacity, data, person, values

pytestmark = pytest.mark.slow

BAND: dict[str, Any] = {"code": "ORG001", "names": {"en": "One"}, "type": "band"}
EVENT: dict[str, Any] = {
    "id": "EV1",
    "name": "Meeting",
    "organization": "ORG001",
    "creator": "Ana",
    "begin": "2026-06-01T00:00:00Z",
    "end": "2026-06-02T00:00:00Z",
    "capacities": ["Q8001"],
}
PROJECT: dict[str, Any] = {"id": "PR1", "name": "Project", "members": [{"code": "ORG001", "accepted": True}]}


@pytest.fixture(scope="module")
def rules() -> Shapes:
    return Shapes.load()


@pytest.fixture
def given(tmp_path: Path, rules: Shapes) -> Iterator[House]:
    house = House(tmp_path, rules)
    yield house
    house.repository.close()


def told(house: House) -> list[tuple[str, str, Any, bool]]:
    return [(line["key"], line["field"], line["value"], line["kept"]) for line in house.refused()]


def test_a_refused_record_takes_nobody_with_it(given: House) -> None:
    people = [person("Ana", affiliations=["ORG001"]), person("Bo")]
    outcome = given.run(data(organizations=[BAND], people=people, events=[EVENT], org_projects=[PROJECT]))
    assert (outcome.rejected, outcome.dropped) == (1, 3)
    assert told(given) == [
        ("ORG001", "type", "band", False),
        ("Ana", "affiliations", "ORG001", True),
        ("EV1", "organization", "ORG001", True),
        ("PR1", "members", "ORG001", True),
    ]
    assert given.people() == {"Ana", "Bo"}
    assert values(given.entity(EntityKind.EVENT, "EV1"), "creator") == [given.keys().find(EntityKind.PERSON, "Ana")]


@pytest.mark.parametrize(
    ("field", "value", "lost"),
    [
        ("affiliations", ["ORG404"], "ORG404"),
        ("territories", ["XX"], "XX"),
        ("languages", [{"code": "xx", "proficiency": "3"}], "xx"),
        ("projects", ["nowiki"], "nowiki"),
        ("wanted", ["Q404"], "Q404"),
        ("known", ["Q8001", "Q404"], "Q404"),
    ],
)
def test_a_reference_to_nothing_is_left_out_of_a_person(given: House, field: str, value: list[Any], lost: str) -> None:
    outcome = given.run(data(people=[person("Ana", **{field: value})]))
    assert (outcome.rejected, outcome.dropped) == (0, 1)
    assert told(given) == [("Ana", field, lost, True)]
    assert "not there or was refused" in given.refused()[0]["rule"]
    assert given.people() == {"Ana"}


@pytest.mark.parametrize(
    ("file", "record", "field", "lost"),
    [
        ("organizations", BAND | {"type": "chapter", "managers": [{"username": "No"}]}, "managers", "No"),
        ("organizations", BAND | {"type": "chapter", "known": ["Q404"]}, "known", "Q404"),
        ("organizations", BAND | {"type": "chapter", "territories": ["XX"]}, "territories", "XX"),
        ("events", EVENT | {"creator": "No"}, "creator", "No"),
        ("events", EVENT | {"capacities": ["Q8001", "Q404"]}, "capacities", "Q404"),
        ("org_projects", PROJECT | {"capacities": ["Q404"]}, "capacities", "Q404"),
    ],
)
def test_a_reference_to_nothing_is_left_out_of_other_records_and_told_once(
    given: House, file: str, record: dict[str, Any], field: str, lost: str
) -> None:
    outcome = given.run(data(**{file: [record]}))
    assert (outcome.rejected, outcome.dropped) == (0, 1)
    assert told(given) == [(record.get("code") or record["id"], field, lost, True)]


def test_a_dropped_capacity_is_dropped_from_what_is_offered_too(given: House) -> None:
    both = {"known": ["Q8001", "Q404"], "available": ["Q8001", "Q404"]}
    outcome = given.run(data(people=[person("Ana", **both)]))
    assert (outcome.rejected, outcome.dropped) == (0, 2)
    ana = given.entity(EntityKind.PERSON, "Ana")
    assert values(ana, "knows") == values(ana, "offers") == [given.keys().find(EntityKind.CAPACITY, "Q8001")]


def test_the_mended_file_completes_what_was_kept(given: House) -> None:
    people = [person("Ana", affiliations=["ORG001"])]
    given.run(data(organizations=[BAND], people=people))
    outcome = given.run(data(organizations=[BAND | {"type": "chapter"}], people=people))
    assert (outcome.rejected, outcome.dropped) == (0, 0)
    affiliation = given.keys().find(EntityKind.ORGANIZATION, "ORG001")
    assert values(given.entity(EntityKind.PERSON, "Ana"), "affiliatedWith") == [affiliation]
    assert not given.rejects.exists()


def test_a_capacity_without_its_parent_is_refused_and_who_knows_it_is_not(given: House) -> None:
    capacities = [capacity(1), capacity(2) | {"labels": {}}, capacity(3, parent=2)]
    outcome = given.run(data(capacities=capacities, people=[person("Ana", wanted=["Q8003"])]))
    assert (outcome.rejected, outcome.dropped) == (2, 1)
    assert told(given) == [
        ("Q8002", "labels", {}, False),
        ("Q8003", "parent", "Q8002", False),
        ("Ana", "wanted", "Q8003", True),
    ]


@pytest.mark.parametrize("batch", [1, 2, 1000])
def test_a_territory_stays_when_the_one_it_lies_in_is_refused(
    given: House, batch: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("capx_graph.importers.batch.BATCH", batch)
    territories = [
        {"code": "R-LAC", "name": "", "parents": []},
        {"code": "BR", "name": "Brazil", "parents": ["R-LAC"]},
        {"code": "BR-SP", "name": "São Paulo", "parents": ["BR"]},
    ]
    outcome = given.run(data(territories=territories))
    assert (outcome.rejected, outcome.dropped) == (1, 1)
    assert told(given)[1] == ("BR", "parents", "R-LAC", True)
    assert values(given.entity(EntityKind.TERRITORY, "BR-SP"), "partOf")


@pytest.mark.parametrize(
    "private",
    [
        {"wiki_alt": "Secret"},
        {"wiki_alt": " Secret"},
        {"saved_users": [{"username": "Secret", "relation": "x"}], "joined": "then"},
        {"saved_users": [{"username": " Secret", "relation": "x"}]},
        {"saved_orgs": [{"code": "Secret", "relation": " Secret"}]},
    ],
)
def test_a_rejects_file_holds_nothing_private(given: House, private: dict[str, Any]) -> None:
    given.run(data(people=[person("Ana", **({"wanted": ["Q404"]} | private))]))
    assert "Secret" not in given.rejects.read_text(encoding="utf-8")
    line = given.refused()[0]
    assert line["record"]["username"] == "Ana"
    assert not line["record"].keys() & {"wiki_alt", "saved_users", "saved_orgs"}


def test_a_line_that_cannot_be_read_is_named_but_not_copied_whole(given: House) -> None:
    given.run(data(people=['{"username": "Ana", "wiki_alt": "Secret"' + " " * 80 + "Hidden"]))
    line = given.refused()[0]
    assert (line["line"], line["record"]) == (1, {})
    assert "Secret" not in str(line)
