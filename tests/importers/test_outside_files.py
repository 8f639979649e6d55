"""Files of other services: how they are told, what is read of them, and the drafts and items that come of it."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from capx_graph.errors import InvalidInput, NotFound
from capx_graph.importers.outside import Form, recognise
from tests.houses.desk import LETS_CONNECT, Desk
from tests.houses.directory import House, house

pytestmark = pytest.mark.slow

USERS = ("username", "skills_known", "skills_available", "badges")
CAPACITIES = ("id", "name", "description", "wikidata_item")


@pytest.fixture(scope="module")
def home(tmp_path_factory: pytest.TempPathFactory) -> Iterator[House]:
    with house(tmp_path_factory.mktemp("outside")) as opened:
        yield opened


@pytest.fixture
def desk(home: House, tmp_path: Path) -> Desk:
    return Desk(home, tmp_path)


def table(columns: tuple[str, ...], *rows: list[Any]) -> dict[str, Any]:
    types = {"id": "number", "name": "localized", "description": "localized"}
    return {
        "license": "CC0-1.0",
        "description": {"en": "Made up"},
        "sources": "https://capx.example",
        "schema": {"fields": [{"name": name, "type": types.get(name, "string")} for name in columns]},
        "data": list(rows),
    }


def test_a_registration_becomes_a_draft_with_the_words_of_its_source(desk: Desk) -> None:
    row = '"anja_Braun","budgeting; flying","12","German, pt-br",Brasil\n'
    report = desk.take_in(desk.file("registrations.csv", LETS_CONNECT + row))
    assert report.drafts["new"] == 1
    assert desk.values("Anja Braun", "letsconnect") == {
        "wants": [("budgeting", "12"), ("flying", "")],
        "offers": [("12", "12")],
        "knows": [("12", "12")],
        "speaks": [("German", "de"), ("pt-br", "pt-br")],
        "basedIn": [("Brasil", "BR")],
    }
    record = desk.draft("Anja Braun", "letsconnect").record
    assert (record.file, record.row) == ("registrations.csv", 2)


def test_a_reconciled_column_counts_and_the_persons_own_words_stay(desk: Desk) -> None:
    header = "username;email;want_to_learn;reconciled_want_to_learn;want_to_share QID;reconciled_territory\n"
    row = (
        'Bea;bea@example.org;money things|films;["Q759524", "12"];https://www.wikidata.org/wiki/Q759524;Brazil (Q155)\n'
    )
    desk.take_in(desk.file("r.csv", header + row))
    assert desk.values("Bea", "letsconnect") == {
        "wants": [("money things", "10"), ("films", "12")],
        "offers": [("https://www.wikidata.org/wiki/Q759524", "10")],
        "knows": [("https://www.wikidata.org/wiki/Q759524", "10")],
        "basedIn": [("Brazil (Q155)", "BR")],
    }
    assert b"bea@example.org" not in (desk.home.services.settings.data / "private.sqlite").read_bytes()


def test_the_service_of_lets_connect_gives_the_same_as_json_and_languages_may_have_levels(desk: Desk) -> None:
    profile = {
        "username": "Cida",
        "username_org": None,
        "reconciled_territory": "Brazil",
        "reconciled_languages": ["German", "pt-br:n"],
        "reconciled_want_to_learn": ["Q759524"],
        "reconciled_want_to_share": None,
        "email": "private@example.org",
    }
    desk.take_in(desk.file("profiles.json", [profile]))
    assert desk.values("Cida", "letsconnect") == {
        "wants": [("Q759524", "10")],
        "speaks": [("German", "de"), ("pt-br:n", "pt-br")],
        "basedIn": [("Brazil", "BR")],
    }
    assert [said.level for said in desk.draft("Cida", "letsconnect").record.values if said.name == "speaks"] == [
        "",
        "n",
    ]


def test_the_items_of_this_wiki_that_its_own_reconciliation_gave_are_understood(desk: Desk) -> None:
    item = desk.home.item("12")
    entity = desk.home.services.namespaces.entity
    desk.take_in(desk.file("own.csv", LETS_CONNECT + f"Caro,{item},{entity}{item},,\n"))
    assert desk.values("Caro", "letsconnect")["wants"] == [(item, "12")]
    assert desk.values("Caro", "letsconnect")["offers"] == [(f"{entity}{item}", "12")]


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "cp1252"])
@pytest.mark.parametrize("separator", [",", ";", "\t"])
def test_a_table_is_read_whatever_program_wrote_it(desk: Desk, encoding: str, separator: str) -> None:
    name = f"Zoë {encoding} {ord(separator)}"
    rows = [["Username", "Want to share", "Territories"], [name, "finanças", "Côte d’Ivoire"]]
    text = "\r\n".join(separator.join(f'"{cell}"' for cell in row) for row in rows)
    desk.take_in(desk.file("excel.csv", text, encoding=encoding))
    assert desk.values(name, "letsconnect") == {
        "offers": [("finanças", "11")],
        "knows": [("finanças", "11")],
        "basedIn": [("Côte d’Ivoire", "CI")],
    }


def test_a_bad_row_is_refused_with_its_line_and_the_others_are_kept(desk: Desk) -> None:
    rows = ["Dora,budgeting,,,", ",budgeting,,,", "Dora|x,budgeting,,,", "Dino,a,b,c,d,e,f", '"Dilma","budgeting",,,']
    report = desk.take_in(desk.file("rows.csv", LETS_CONNECT + "\n".join(rows)))
    assert report.drafts["new"] == 2
    told = {(one["line"], one["field"], one["rule"]) for one in desk.refused()}
    assert {(line, field) for line, field, _ in told} == {(3, "username"), (4, "username"), (5, "")}
    assert any("quote cells" in rule for _, _, rule in told)
    assert desk.rejects.stat().st_mode & 0o777 == 0o600


def test_taking_a_file_in_again_changes_nothing_and_a_newer_one_replaces_what_was_said(desk: Desk) -> None:
    first = desk.file("one.csv", LETS_CONNECT + "Elif,budgeting,,,\n")
    assert desk.take_in(first).drafts["new"] == 1
    assert desk.take_in(first).drafts["unchanged"] == 1
    assert desk.take_in(desk.file("two.csv", LETS_CONNECT + "Elif,finance,,,\nElif,11,,,\n")).drafts["changed"] == 1
    assert desk.values("Elif", "letsconnect") == {"wants": [("11", "11")]}


@pytest.mark.parametrize(
    ("name", "content", "told"),
    [
        ("a.csv", "a,b\n1,2\n", "username"),
        ("b.csv", "", "empty"),
        ("c.csv", "username,want_to_learn,Want to learn\nAna,a,b\n", "more than one column"),
        ("d.json", "{", "is not JSON"),
        ("e.json", '[{"x": 1}]', "no form that is known"),
        ("f.json", '{"1": "Brazil"}', "does not say of what"),
        ("g.tab", '{"schema": {"fields": [{"name": "x"}]}, "data": []}', "table with the columns x"),
        ("h.csv", "\x00\x00", "not a text file"),
        ("i.json", "[" * 100_000, "is not JSON"),
    ],
)
def test_a_file_of_no_known_form_says_what_is_known(desk: Desk, name: str, content: str, told: str) -> None:
    with pytest.raises(InvalidInput, match=told):
        recognise(desk.file(name, content))


def test_a_file_that_is_not_there_is_named(tmp_path: Path) -> None:
    with pytest.raises(NotFound, match=r"none\.csv"):
        recognise(tmp_path / "none.csv")


def exchange(name: str, **fields: Any) -> dict[str, Any]:
    user = {"id": 1, "username": name, "email": "private@example.org"}
    return {"id": 1, "user": user, "wiki_alt": "Second account", "contact": {"email": "x@example.org"}} | fields


def test_people_of_the_exchange_are_read_with_its_lists(desk: Desk) -> None:
    fatima = exchange(
        "Fatima",
        display_name="Fatima Z.",
        pronoun="she-her",
        about="Olá\n mundo",
        about_language=3,
        wikidata_qid="Q42",
        profile_image="https://commons.wikimedia.org/wiki/File:Fatima_Z.jpg",
        language=[{"id": 3, "proficiency": "n"}, {"id": 99, "proficiency": "2"}],
        territory=[7],
        skills_known=[12, 13],
        skills_available=[12],
        skills_wanted=[9999],
        team="Team",
        badges=[5],
        last_update="2026-05-01T10:00:00.123456Z",
    )
    report = desk.take_in(
        desk.file("users.json", {"count": 1, "next": None, "previous": None, "results": [fatima]}),
        desk.file("languages.json", {"results": [{"id": 3, "language_name": "Portuguese", "language_code": "pt"}]}),
        desk.file("territory.json", {"7": "Brazil"}),
    )
    assert report.drafts["new"] == 1
    record = desk.draft("Fatima", "capx").record
    assert record.dated == "2026-05-01"
    assert desk.values("Fatima", "capx") == {
        "displayName": [("Fatima Z.", "")],
        "pronoun": [("she-her", "")],
        "about": [("Olá mundo", "")],
        "wikidataId": [("Q42", "")],
        "image": [("Fatima Z.jpg", "")],
        "knows": [("12", "12"), ("13", "13")],
        "offers": [("12", "12")],
        "wants": [("9999", "")],
        "speaks": [("Portuguese", "pt"), ("99", "")],
        "basedIn": [("Brazil", "BR")],
        "team": [("Team", "")],
        "badge": [("5", "")],
    }
    about = next(said for said in record.values if said.name == "about")
    assert about.language == "pt"
    content = (desk.home.services.settings.data / "private.sqlite").read_bytes()
    assert b"example.org" not in content
    assert b"Second account" not in content


def test_a_single_profile_and_a_plain_list_are_people_too(desk: Desk) -> None:
    assert desk.take_in(desk.file("one.json", exchange("Gul", skills_known=[12]))).drafts["new"] == 1
    assert desk.take_in(desk.file("list.json", [exchange("Gus", skills_known=[12])])).drafts["new"] == 1
    assert desk.take_in(desk.file("none.json", [])).drafts["new"] == 0


@pytest.mark.parametrize(
    ("fields", "field"),
    [
        ({"skills_known": "12"}, "skills_known"),
        ({"skills_known": [None]}, "skills_known"),
        ({"language": [{"id": 3, "proficiency": "9"}]}, "proficiency"),
        ({"wikidata_qid": "x"}, "wikidata_qid"),
        ({"about": "x" * 3000}, "about"),
        ({"skills_known": list(range(1, 700))}, "username"),
    ],
)
def test_a_person_of_no_form_is_refused_alone(desk: Desk, fields: dict[str, Any], field: str) -> None:
    good = exchange(f"Good {len(str(fields))} {field}")
    report = desk.take_in(desk.file("users.json", [exchange("Bad", **fields), good]))
    assert report.drafts["new"] == 1
    [refused] = desk.refused()
    assert (refused["field"], refused["line"]) == (field, 1)
    assert "example.org" not in json.dumps(refused)


def test_the_tables_of_commons_are_people_and_their_badges(desk: Desk) -> None:
    users = table(USERS, ["Hana", "[12, 13]", "[12]", "[1, 2§abc]"], ["too", "short"])
    badges = table(("id", "name", "image", "base_url"), [1, "First", "a.png", ""], [2, "Second", "b.png", "https://b/"])
    desk.take_in(desk.file("users.tab", users), desk.file("badges.tab", badges))
    assert desk.values("Hana", "commons") == {
        "knows": [("12", "12"), ("13", "13")],
        "offers": [("12", "12")],
        "badge": [("First", ""), ("Second", "")],
    }
    assert [one["line"] for one in desk.refused()] == [2]
    assert recognise(desk.file("wrapped.tab", {"jsondata": users})).form is Form.USERS_TAB


def test_capacities_fill_what_is_missing_and_add_what_is_new_below_what_is_there(desk: Desk) -> None:
    before = desk.home.labels(desk.home.item("12"))
    skills = [
        {"id": 12, "skill_wikidata_item": "Q1122334", "skill_type": 11},
        {"id": 7001, "skill_wikidata_item": "Q5550001", "skill_type": 11},
        {"id": 7002, "skill_wikidata_item": "Q5550002", "skill_type": 7003},
        {"id": 7004, "skill_wikidata_item": "Q5550004", "skill_type": 11},
    ]
    tab = table(
        CAPACITIES,
        [12, {"en": "another word", "fi": "budjetointi"}, {}, "Q1122334"],
        [7001, {"en": "grant reporting", "pt": "relatórios"}, {"en": "Reports."}, "Q5550001"],
        [7002, {"en": "lost"}, None, "Q5550002"],
    )
    files = desk.file("skill.json", {"results": skills}), desk.file("capacities.tab", tab)
    report = desk.take_in(*files)
    assert report.items == {"created": 1, "completed": 1}
    assert desk.home.labels(desk.home.item("12")) == before | {"fi": "budjetointi"}
    directory = desk.home.directory
    new = desk.home.item("7001")
    assert directory.tree.parents[new] == (desk.home.item("11"),)
    assert directory.entries[desk.home.item("12")].wikidata == "Q1122334"
    assert {(one["key"], one["field"]) for one in desk.refused()} == {("7002", "parent"), ("7004", "name")}
    assert desk.take_in(*files).items == {"unchanged": 2}


def test_a_number_that_is_another_capacity_here_is_refused(desk: Desk) -> None:
    tab = table(CAPACITIES, [36, {"en": "x"}, None, "Q759524"])
    assert not desk.take_in(desk.file("capacities.tab", tab)).items
    assert "merge them first" in desk.refused()[0]["rule"]


def test_organizations_come_in_with_their_evidence_and_without_people_or_addresses(desk: Desk) -> None:
    organization = {
        "id": 41,
        "acronym": "NEWORG",
        "display_name": "New organization",
        "names": [{"language_code": "pt", "name": "Nova organização"}, {"language_code": "!!", "name": "x"}],
        "type": 2,
        "territory": [7, 8],
        "managers": [1],
        "email": "private@example.org",
        "website": "https://new.example/",
        "known_capacities": [12],
        "available_capacities": [13],
        "wanted_capacities": [36, 9999],
    }
    files = (
        desk.file("organizations.json", {"results": [organization, organization | {"acronym": "", "id": 42}]}),
        desk.file("types.json", [{"id": 2, "type_code": "U", "type_name": "Wikimedia user group"}]),
        desk.file("territory.json", {"7": "Brazil"}),
        desk.file("users.json", [exchange("Iris", affiliation=[41])]),
    )
    assert desk.take_in(*files).items == {"created": 1}
    page = desk.home.client.get("/organization/NEWORG").text
    assert "New organization" in page
    assert "example.org" not in page
    [said] = [said for said in desk.draft("Iris", "capx").record.values if said.name == "affiliatedWith"]
    found = desk.home.services.repository.page(said.item)
    assert found is not None
    content = json.dumps(found.entity)
    assert "organization_profile/41" in content
    assert "example.org" not in content
    asked = {"class": "organization", "capacity": desk.home.item("13"), "role": "offers"}
    hits = desk.home.client.get("/search.json", query_string=asked).get_json()["hits"]
    assert {hit["id"] for hit in hits} == {said.item}
    assert desk.take_in(*files).items == {"unchanged": 1}
    assert [one["field"] for one in desk.refused()] == ["acronym"]


def test_nothing_of_somebody_erased_is_kept(desk: Desk) -> None:
    tombstones = desk.home.services.erasures.tombstones
    tombstones.add(["Jon Gone"])
    report = desk.take_in(desk.file("r.csv", LETS_CONNECT + "jon_Gone,budgeting,,,\n" + "Jo,a,,,\n"))
    assert report.drafts["new"] == 1
    assert b"Gone" not in (desk.home.services.settings.data / "private.sqlite").read_bytes()
    assert not desk.refused()
