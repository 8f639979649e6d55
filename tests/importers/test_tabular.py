"""The tables for Commons: what is in them, within MediaWiki's limits, and that they are taken back as they are."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from capx_graph.connected import load_embedded
from capx_graph.exporters.statements import Facts
from capx_graph.exporters.tabular import LARGEST, LONGEST, TabExporter, TabReport
from capx_graph.items.drafts import ItemDraft, Vocabulary
from capx_graph.items.keys import KeyReader
from capx_graph.membership import Change, Field, Line, Part, State
from capx_graph.model import Draft
from tests.houses.desk import Desk
from tests.houses.directory import House, house

pytestmark = pytest.mark.slow

SOURCE = "https://capx.example/"


@pytest.fixture(scope="module")
def home(tmp_path_factory: pytest.TempPathFactory) -> Iterator[House]:
    with house(tmp_path_factory.mktemp("tabular")) as opened:
        yield opened


def export(home: House, folder: Path, *, largest: int = LARGEST) -> TabReport:
    ids = load_embedded()
    exporter = TabExporter(
        home.services.repository, KeyReader(Vocabulary(ids)), lambda page: Facts(ids, page), largest=largest
    )
    return exporter.write(folder, source=SOURCE)


def table(path: Path) -> Any:
    return json.loads(path.read_text(encoding="utf-8"))


def save(home: House, name: str, **parts: tuple[State, list[str]]) -> None:
    accounts, own = home.services.accounts, home.services.membership.own
    member = accounts.members.of(accounts.account(name) or accounts.add(name, "correct horse"))
    now = own.read(member).parts
    changes = {}
    for part, (state, numbers) in parts.items():
        lines = tuple(Line(part, home.item(number)) for number in numbers)
        changes[Field(part)] = Change(Part(state, lines), now[Field(part)].mark)
    own.save(member, changes, agreed=True, wording="1", language="en")


def person(home: House, name: str, known: list[str]) -> None:
    repository = home.services.repository
    (item,) = repository.allocate("item", 1)
    draft = ItemDraft(Vocabulary(load_embedded()), item, class_name="Person")
    draft.label("en", name)
    draft.add("username", name)
    draft.add_all("knows", known)
    repository.bulk([Draft(draft.entity(), owner=name)], actor=name)


def test_only_what_people_published_is_in_the_table(home: House, tmp_path: Path) -> None:
    public, private = State.PUBLIC, State.PRIVATE
    save(home, "Ana", knows=(public, ["12", "13"]), offers=(public, ["12"]), wants=(public, ["36"]))
    save(home, "Bea", knows=(private, ["12"]), wants=(public, ["13"]))
    save(home, "Caro", knows=(State.MEMBERS, ["13"]), offers=(private, ["13"]))
    report = export(home, tmp_path)
    users = table(tmp_path / "users.tab")
    assert users["data"] == [["Ana", "[12, 13]", "[12]", "[]"]]
    assert (report.people, report.capacities, report.shortened) == (1, 134, 0)
    save(home, "Ana", knows=(private, []), offers=(private, []))
    assert export(home, tmp_path).people == 0
    assert table(tmp_path / "users.tab")["data"] == []


def test_the_tables_have_the_shape_of_those_on_commons(home: House, tmp_path: Path) -> None:
    export(home, tmp_path)
    users, capacities = table(tmp_path / "users.tab"), table(tmp_path / "capacities.tab")
    for content in (users, capacities):
        assert list(content) == ["license", "description", "sources", "schema", "data"]
        assert content["license"] == "CC0-1.0"
        assert content["sources"] == SOURCE
        assert content["description"]["en"]
    assert users["schema"]["fields"] == [
        {"name": "username", "type": "string"},
        {"name": "skills_known", "type": "string"},
        {"name": "skills_available", "type": "string"},
        {"name": "badges", "type": "string"},
    ]
    assert [field["type"] for field in capacities["schema"]["fields"]] == ["number", "localized", "localized", "string"]
    numbers = [row[0] for row in capacities["data"]]
    assert numbers == sorted(numbers)
    first = capacities["data"][0]
    assert (first[0], first[1]["en"], first[3]) == (10, "organizational structure", "Q759524")


def test_nothing_breaks_the_rules_of_tabular_data(home: House, tmp_path: Path) -> None:
    """The checks of MediaWiki's JsonConfig: one line, 400 characters, no empty localized text, codes of languages."""
    everything = [home.item(str(row[0])) for row in table_of_capacities(home, tmp_path)]
    person(home, "Zed Knows", everything)
    report = export(home, tmp_path)
    assert report.shortened == 1
    for name in report.files:
        for row in table(tmp_path / name)["data"]:
            for value in row:
                if isinstance(value, dict):
                    assert value
                    assert all(re.fullmatch(r"[a-z0-9-]{2,}", code) and code != "mul" for code in value)
                for text in value.values() if isinstance(value, dict) else [value]:
                    assert not isinstance(text, str) or (
                        len(text) <= LONGEST and not re.search(r"^\s|[\r\n\t]|\s$", text)
                    )
    zed = next(row for row in table(tmp_path / "users.tab")["data"] if row[0] == "Zed Knows")
    assert re.fullmatch(r"\[\d+(, \d+)*\]", zed[1])


def table_of_capacities(home: House, folder: Path) -> list[Any]:
    export(home, folder)
    rows: list[Any] = table(folder / "capacities.tab")["data"]
    return rows


def test_a_table_too_large_for_a_page_goes_into_several_and_old_parts_go(home: House, tmp_path: Path) -> None:
    for number in range(40):
        person(home, f"Person {number:02}", [home.item("12")])
    report = export(home, tmp_path, largest=1500)
    parts = [name for name in report.files if name.startswith("users")]
    assert len(parts) > 2
    names = [row[0] for name in parts for row in table(tmp_path / name)["data"]]
    assert len(names) == len(set(names)) == report.people
    assert all((tmp_path / name).stat().st_size <= 1500 for name in parts)
    assert "users.tab" in export(home, tmp_path).files
    assert [path.name for path in sorted(tmp_path.glob("users*.tab"))] == ["users.tab"]


def test_capacities_without_a_number_there_are_counted_and_merged_ones_have_that_of_their_target(
    home: House, tmp_path: Path
) -> None:
    repository = home.services.repository
    (own,) = repository.allocate("item", 1)
    draft = ItemDraft(Vocabulary(load_embedded()), own, class_name="Capacity")
    draft.label("en", "a capacity of this place")
    repository.bulk([Draft(draft.entity())], actor="Maintainer")
    person(home, "Local", [own, home.item("13")])
    assert export(home, tmp_path).without_number == 1
    row = next(row for row in table(tmp_path / "users.tab")["data"] if row[0] == "Local")
    assert row[1] == "[13]"


def test_what_is_written_is_taken_in_as_it_is(home: House, tmp_path: Path) -> None:
    person(home, "Round Trip", [home.item("12"), home.item("13")])
    home.services.ingest.catch_up()
    export(home, tmp_path / "out")
    desk = Desk(home, tmp_path)
    head = home.services.repository.head()
    report = desk.take_in(tmp_path / "out" / "capacities.tab", tmp_path / "out" / "users.tab")
    assert report.items["unchanged"] == 134
    assert home.services.repository.head() == head
    assert report.drafts["new"] == len(table(tmp_path / "out" / "users.tab")["data"])
    assert not desk.refused()
    assert desk.values("Round Trip", "commons") == {"knows": [("12", "12"), ("13", "13")]}
