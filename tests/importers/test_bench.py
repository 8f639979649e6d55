"""Records of the bench format become items, and bad ones say what is wrong with them."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from capx_graph.errors import InvalidRecord
from capx_graph.importers.bench import BenchConverter, PrivateFacts
from capx_graph.importers.benchformat import FILES
from capx_graph.importers.merging import merge
from capx_graph.importers.records import Line, Record, read_lines
from capx_graph.items.drafts import Vocabulary, statements_of
from capx_graph.items.keys import KeyReader, Keys, values_of
from capx_graph.model import EntityJson, EntityKind
from capx_graph.ontology import load_instance

VOCABULARY = Vocabulary(load_instance("embedded"))
PERSON: dict[str, Any] = {
    "id": 12,
    "username": "Demo Aster 12",
    "active": True,
    "display_name": "Aster",
    "pronoun": "they-them",
    "about": "First line.\nSecond line.",
    "about_language": "pt-br",
    "wikidata_qid": "Q9012",
    "wiki_alt": "Secret Aster",
    "territories": ["BR"],
    "languages": [{"code": "pt-br", "proficiency": "n"}, {"code": "en", "proficiency": "0"}],
    "projects": ["commonswiki"],
    "affiliations": ["ORG001"],
    "known": ["Q8001", "Q8002"],
    "available": ["Q8001"],
    "wanted": [],
    "saved_users": [{"username": "Demo Fern 1", "relation": "learner"}],
    "saved_orgs": [],
    "joined": "2024-03-16T01:48:35Z",
    "last_update": "2026-02-17T03:04:09.683312Z",
}


@pytest.fixture
def keys() -> Keys:
    known = Keys()
    for kind, key, entity_id in (
        (EntityKind.CAPACITY, "Q8001", "Q301"),
        (EntityKind.CAPACITY, "Q8002", "Q302"),
        (EntityKind.TERRITORY, "BR", "Q303"),
        (EntityKind.LANGUAGE, "pt-br", "Q304"),
        (EntityKind.LANGUAGE, "en", "Q305"),
        (EntityKind.WIKIMEDIA_PROJECT, "commonswiki", "Q306"),
        (EntityKind.ORGANIZATION, "ORG001", "Q307"),
        (EntityKind.PERSON, "Demo Aster 12", "Q308"),
    ):
        known.learn(kind, key, entity_id)
    return known


def convert(keys: Keys, kind: EntityKind, data: dict[str, Any], **options: Any) -> EntityJson:
    return BenchConverter(VOCABULARY, keys, **options).convert(kind, Record("file:1", data), "Q999").entity


def values(entity: EntityJson, name: str) -> list[str]:
    return list(values_of(entity, VOCABULARY.property_id(name)))


def test_a_persons_public_facts_become_statements(keys: Keys) -> None:
    person = convert(keys, EntityKind.PERSON, PERSON)
    assert person["labels"] == {"en": {"language": "en", "value": "Aster"}}
    assert values(person, "username") == ["Demo Aster 12"]
    assert values(person, "offers") == ["Q301"]
    assert values(person, "knows") == ["Q301", "Q302"]
    assert values(person, "wants") == []
    assert values(person, "basedIn") == ["Q303"]
    assert values(person, "affiliatedWith") == ["Q307"]
    assert values(person, "contributesTo") == ["Q306"]
    assert values(person, "wikidataId") == ["Q9012"]
    assert values(person, "lastActive") == ["2026-02-17T03:04:09.683312Z"]


def test_a_language_keeps_its_level_even_the_level_of_not_speaking_it(keys: Keys) -> None:
    spoken = statements_of(convert(keys, EntityKind.PERSON, PERSON), VOCABULARY.property_id("speaks"))
    level = VOCABULARY.property_id("level")
    levels: list[Any] = [statement["qualifiers"] for statement in spoken]
    assert [found[level][0]["datavalue"]["value"]["id"] for found in levels] == [
        VOCABULARY.item_id("LevelN"),
        VOCABULARY.item_id("Level0"),
    ]


def test_text_about_a_person_keeps_its_language_on_one_line(keys: Keys) -> None:
    about: Any = statements_of(convert(keys, EntityKind.PERSON, PERSON), VOCABULARY.property_id("about"))
    assert about[0]["mainsnak"]["datavalue"]["value"] == {"text": "First line. Second line.", "language": "pt-br"}


def test_private_facts_never_become_part_of_the_item(keys: Keys) -> None:
    result = BenchConverter(VOCABULARY, keys).convert(EntityKind.PERSON, Record("file:1", PERSON), "Q999")
    assert result.private == PrivateFacts(((EntityKind.PERSON, "Demo Fern 1", "learner"),))
    text = json.dumps(result.entity)
    assert "Secret" not in text
    assert "Fern" not in text


def test_the_same_record_gives_the_same_item_down_to_its_statement_ids(keys: Keys) -> None:
    assert convert(keys, EntityKind.PERSON, PERSON) == convert(keys, EntityKind.PERSON, PERSON)


def test_an_item_of_generated_data_is_marked_as_such(keys: Keys) -> None:
    person = convert(keys, EntityKind.PERSON, PERSON, mark="GeneratedData")
    assert values(person, "source") == [VOCABULARY.item_id("GeneratedData")]
    assert values(convert(keys, EntityKind.PERSON, PERSON), "source") == []


@pytest.mark.parametrize(
    ("field", "value"),
    [
        ("username", ""),
        ("username", None),
        ("username", 7),
        ("username", " leading"),
        ("display_name", "two\nlines"),
        ("display_name", "x" * 251),
        ("about", "x" * 401),
        ("about_language", "klingonese"),
        ("wikidata_qid", "P31"),
        ("wikidata_qid", "Q042"),
        ("territories", "BR"),
        ("territories", ["BR", "BR"]),
        ("projects", [None]),
        ("languages", ["en"]),
        ("languages", [{"code": "en", "proficiency": "1"}, {"code": "en", "proficiency": "2"}]),
        ("joined", "2024-02-30T00:00:00Z"),
        ("joined", "2024-02-03"),
        ("display_name", "half a \ud83d sign"),
        ("about", "half a \ud83d sign"),
        ("username", "tab\tinside"),
        ("joined", "2024-03-16T01:48:35+09:00"),
        ("saved_users", [{"username": "x"}]),
    ],
)
def test_a_bad_field_is_named_with_its_value_and_the_rule(keys: Keys, field: str, value: object) -> None:
    with pytest.raises(InvalidRecord) as caught:
        convert(keys, EntityKind.PERSON, PERSON | {field: value})
    inner = {"saved_users": "relation"}.get(field, field)
    assert caught.value.field == inner
    assert caught.value.where == "file:1"
    assert caught.value.rule


def test_a_level_outside_the_babel_scale_is_refused_with_the_scale(keys: Keys) -> None:
    with pytest.raises(InvalidRecord, match="0 1 2 3 4 5 n"):
        convert(keys, EntityKind.PERSON, PERSON | {"languages": [{"code": "en", "proficiency": "6"}]})


@pytest.mark.parametrize("text", ["می‌خواهم", "नमस्‍ते", "完全　幅"])
def test_joiners_and_wide_spaces_of_other_scripts_are_text(keys: Keys, text: str) -> None:
    assert values(convert(keys, EntityKind.PERSON, PERSON | {"display_name": text}), "displayName") == [text]


def test_an_inactive_manager_stays_as_an_unknown_value(keys: Keys) -> None:
    data = {
        "code": "ORG009",
        "names": {"en": "Nine"},
        "type": "chapter",
        "managers": [
            {"username": "Gone", "since": "2025-01-01T00:00:00Z"},
            {"username": "Demo Aster 12", "since": "2025-01-02T00:00:00Z"},
        ],
    }
    organization = convert(keys, EntityKind.ORGANIZATION, data, inactive=frozenset({"Gone"}))
    assert values(organization, "manager") == ["Q308"]
    managers: Any = statements_of(organization, VOCABULARY.property_id("manager"))
    assert [statement["mainsnak"]["snaktype"] for statement in managers] == ["somevalue", "value"]
    assert "Gone" not in json.dumps(organization)


def test_a_capacity_needs_an_english_label(keys: Keys) -> None:
    with pytest.raises(InvalidRecord, match="English"):
        convert(keys, EntityKind.CAPACITY, {"qid": "Q8003", "labels": {"pt": "x"}})


@pytest.mark.parametrize("text", ["{", "[1]", "null", "\ufffd", "[" * 100_000, '{"a": 1} {"b": 2}'])
def test_a_line_that_is_no_object_is_refused(text: str) -> None:
    with pytest.raises(InvalidRecord, match=r"people\.jsonl:3"):
        Line("people.jsonl", 3, text).parse()


def test_lines_are_counted_as_an_editor_counts_them_and_foreign_encodings_named(tmp_path: Path) -> None:
    path = tmp_path / "people.jsonl"
    path.write_bytes(b'\xef\xbb\xbf{"a":1}\r\n\n{"b":"\xe4"}\n{"c":"\xe2\x80\xa8\xc3\xa4"}')
    lines = list(read_lines(path))
    assert [line.number for line in lines] == [1, 3, 4]
    assert lines[0].parse().data == {"a": 1}
    assert lines[2].parse().data == {"c": "\u2028ä"}
    with pytest.raises(InvalidRecord, match="UTF-8"):
        lines[1].parse()


@pytest.mark.parametrize(
    "url",
    [
        "ftp://example.org/",
        "//example.org",
        "example.org",
        "http://",
        "http://exa mple.org",
        "http://[",
        "http://[::1",
        "https://example.org/<script>",
        'https://example.org/"',
        "https://example.org/\\",
        "javascript:alert(1)",
        "https://example.org/\u0007",
        "https://example.org/" + "x" * 500,
    ],
)
def test_an_address_that_is_none_is_refused(keys: Keys, url: str) -> None:
    data = {"code": "ORG009", "names": {"en": "Nine"}, "website": url}
    with pytest.raises(InvalidRecord) as caught:
        convert(keys, EntityKind.ORGANIZATION, data)
    assert caught.value.field == "website"


@pytest.mark.parametrize("url", ["https://example.org", "HTTP://example.org:80/ä?q=%20#x", "https://例え.jp/道"])
def test_an_address_in_any_script_is_taken(keys: Keys, url: str) -> None:
    data = {"code": "ORG009", "names": {"en": "Nine"}, "website": url}
    assert values(convert(keys, EntityKind.ORGANIZATION, data), "website") == [url]


def test_importing_a_record_again_leaves_what_others_added(keys: Keys) -> None:
    data = {"qid": "Q8003", "labels": {"en": "reading"}, "parent": "Q8001", "created": "2026-01-01T00:00:00Z"}
    first = convert(keys, EntityKind.CAPACITY, data)
    edited = json.loads(json.dumps(first))
    edited["labels"]["fr"] = {"language": "fr", "value": "lecture"}
    colour = VOCABULARY.property_id("colour")
    edited["claims"][colour] = [{"id": "Q999$x", "mainsnak": {"snaktype": "novalue", "property": colour}}]
    covered = [VOCABULARY.property_id(name) for name in ("broader", "wikidataId", "created")]
    assert merge(edited, first, covered) == edited

    moved = convert(keys, EntityKind.CAPACITY, data | {"parent": "Q8002"})
    merged = merge(edited, moved, covered)
    assert values(merged, "broader") == ["Q302"]
    assert merged["labels"]["fr"]["value"] == "lecture"
    assert colour in merged["claims"]


def test_a_statement_that_says_the_same_keeps_its_id_and_references_when_a_qualifier_changes(keys: Keys) -> None:
    first = json.loads(json.dumps(convert(keys, EntityKind.PERSON, PERSON)))
    speaks = VOCABULARY.property_id("speaks")
    first["claims"][speaks][0]["references"] = [{"hash": "kept"}]
    better = PERSON | {"languages": [{"code": "pt-br", "proficiency": "5"}]}
    merged = merge(first, convert(keys, EntityKind.PERSON, better), [speaks])
    [statement] = merged["claims"][speaks]
    assert statement["id"] == first["claims"][speaks][0]["id"]
    assert statement["references"] == [{"hash": "kept"}]
    level = statement["qualifiers"][VOCABULARY.property_id("level")]
    assert level[0]["datavalue"]["value"]["id"] == VOCABULARY.item_id("Level5")


def test_keys_are_read_back_from_the_items_they_became(keys: Keys) -> None:
    reader = KeyReader(VOCABULARY)
    person = convert(keys, EntityKind.PERSON, PERSON)
    assert reader.kind(person) is EntityKind.PERSON
    assert list(reader.keys(person, EntityKind.PERSON)) == ["Demo Aster 12"]


def test_every_file_of_the_format_is_known_once() -> None:
    assert len({file.kind for file in FILES}) == len(FILES) == len(EntityKind)
