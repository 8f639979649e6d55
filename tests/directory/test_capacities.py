"""The starter capacities: the tree of the Capacity Exchange, named and defined in every language of the pages."""

from __future__ import annotations

import csv
import re
import unicodedata
from collections import Counter
from pathlib import Path

import pytest

from capx_graph import languages, resources
from capx_graph.messages import load_messages
from capx_graph.namespaces import CAPX, SKOS
from capx_graph.shapes import Severity, Shapes
from capx_graph.terms import RDF_TYPE, Literal, NamedNode, iri, read_turtle

CAPACITY = "https://w3id.org/capx/directory/capacity/"
SCHEME = "https://w3id.org/capx/directory/capacities"
LANGUAGES = ("en", "pt", "es", "fr", "de", "ar", "ja", "it", "he", "id", "sw", "hi", "zh-hans", "uk", "tr")
ALIAS_LANGUAGES = ("en", "pt", "es", "ja")
ROOT_COLOURS = {
    "10": "#0078D4",
    "36": "#BE0078",
    "50": "#00965A",
    "56": "#8E44AD",
    "65": "#D35400",
    "74": "#3498DB",
    "106": "#27AE60",
}
RENAMED = {"28", "54", "97"}
"""Capacities whose name in the source is no name, or is that of another capacity; the file says why."""

Texts = dict[str, dict[str, list[str]]]


class Directory:
    """The file, by CapX id."""

    def __init__(self) -> None:
        self.triples = list(read_turtle(resources.ontology_dir() / "directory" / "capacities.ttl"))
        self.ids = {
            t.subject.value.removeprefix(CAPACITY)
            for t in self.triples
            if t.predicate == RDF_TYPE and t.object == iri(CAPX + "Capacity") and isinstance(t.subject, NamedNode)
        }
        self.parents = self.one(SKOS + "broader")
        self.labels = self.texts(SKOS + "prefLabel")
        self.aliases = self.texts(SKOS + "altLabel")
        self.definitions = self.texts(SKOS + "definition")

    def one(self, predicate: str) -> dict[str, str]:
        found: dict[str, str] = {}
        for triple in self.triples:
            if triple.predicate.value == predicate and isinstance(triple.subject, NamedNode):
                name = triple.subject.value.removeprefix(CAPACITY)
                assert name not in found, f"{name} has two values of {predicate}"
                assert isinstance(triple.object, NamedNode | Literal)
                found[name] = triple.object.value.removeprefix(CAPACITY)
        return found

    def texts(self, predicate: str) -> Texts:
        found: Texts = {name: {} for name in self.ids}
        for triple in self.triples:
            if triple.predicate.value == predicate and isinstance(triple.subject, NamedNode):
                name = triple.subject.value.removeprefix(CAPACITY)
                if name in found:
                    assert isinstance(triple.object, Literal)
                    found[name].setdefault(triple.object.language or "", []).append(triple.object.value)
        return found


@pytest.fixture(scope="module")
def directory() -> Directory:
    return Directory()


@pytest.fixture(scope="module")
def facts(shared: Path) -> dict[str, dict[str, str]]:
    with (shared / "facts" / "capacities.tsv").open(encoding="utf-8", newline="") as file:
        return {row["capx_id"]: row for row in csv.DictReader(file, delimiter="\t")}


def test_there_are_134_capacities_in_a_tree_of_three_levels(directory: Directory) -> None:
    assert len(directory.ids) == 134

    def depth(name: str) -> int:
        return 1 + depth(directory.parents[name]) if name in directory.parents else 1

    assert Counter(depth(name) for name in directory.ids)[1] == 7
    assert max(depth(name) for name in directory.ids) == 3


def test_the_tree_and_the_wikidata_items_are_those_of_the_source(
    directory: Directory, facts: dict[str, dict[str, str]]
) -> None:
    assert directory.parents == {name: row["parent"] for name, row in facts.items() if row["parent"]}
    assert directory.one(CAPX + "wikidataId") == {n: row["wikidata"] for n, row in facts.items() if row["wikidata"]}


def test_english_and_portuguese_names_are_those_of_the_source(
    directory: Directory, facts: dict[str, dict[str, str]]
) -> None:
    for name in facts.keys() - RENAMED:
        assert directory.labels[name]["en"] == [facts[name]["name_en"]]
        assert directory.labels[name]["pt"] == [facts[name]["name_pt"]]
    assert facts["28"]["name_pt"] in directory.aliases["28"]["pt"]
    assert facts["54"]["name_pt"] in directory.aliases["54"]["pt"]


def test_every_capacity_has_its_id_and_every_root_its_colour(directory: Directory) -> None:
    assert directory.one(SKOS + "notation") == {name: name for name in directory.ids}
    assert directory.one(CAPX + "colour") == ROOT_COLOURS


def test_every_capacity_has_a_name_and_a_definition_in_every_language_of_the_pages(directory: Directory) -> None:
    """The Portuguese names are the Brazilian ones, so a reader of pt-br sees no English either."""
    for code in load_messages(resources.messages_dir()).languages:
        spoken = "pt" if code == "pt-br" else code
        assert spoken in languages.fallback(code)
        for texts in (directory.labels, directory.definitions):
            assert [name for name, found in texts.items() if spoken not in found] == [], code


def test_a_capacity_has_one_label_and_one_definition_in_each_of_its_languages(directory: Directory) -> None:
    for texts in (directory.labels, directory.definitions):
        for name, found in texts.items():
            assert {language: len(values) for language, values in found.items()} == dict.fromkeys(LANGUAGES, 1), name


@pytest.mark.parametrize("language", LANGUAGES)
def test_no_two_capacities_share_a_label_or_a_definition(directory: Directory, language: str) -> None:
    for texts in (directory.labels, directory.definitions):
        counts = Counter(text.casefold() for found in texts.values() for text in found.get(language, ()))
        assert [text for text, count in counts.items() if count > 1] == []


@pytest.mark.parametrize(
    ("language", "letters"),
    [
        ("ar", "\u0600-\u06ff"),
        ("he", "\u05d0-\u05ea"),
        ("hi", "\u0900-\u097f"),
        ("ja", "\u3040-\u30ff\u4e00-\u9fff"),
        ("uk", "\u0400-\u04ff"),
        ("zh-hans", "\u4e00-\u9fff"),
    ],
)
def test_a_name_is_in_the_script_of_its_language_unless_it_is_a_product_of_the_same_name(
    directory: Directory, language: str, letters: str
) -> None:
    for name, found in directory.labels.items():
        same = found[language][0].replace(" ", "") == found["en"][0].replace(" ", "")
        assert same or re.search(f"[{letters}]", found[language][0]), name


def test_texts_are_clean_without_control_characters_and_fit_a_wikibase(directory: Directory) -> None:
    for texts in (directory.labels, directory.aliases, directory.definitions):
        for name, found in texts.items():
            for values in found.values():
                for value in values:
                    assert 0 < len(value) <= 250, name
                    assert value == " ".join(value.split()) == unicodedata.normalize("NFC", value), name
                    assert value.isprintable(), name


@pytest.mark.parametrize(
    ("language", "first", "last"),
    [
        ("ar", "\u0600", "\u06ff"),
        ("he", "\u05d0", "\u05ea"),
        ("hi", "\u0900", "\u097f"),
        ("ja", "\u3040", "\u30ff"),
        ("uk", "\u0400", "\u04ff"),
        ("zh-hans", "\u4e00", "\u9fff"),
    ],
)
def test_definitions_in_other_scripts_are_written_in_them(
    directory: Directory, language: str, first: str, last: str
) -> None:
    for name, found in directory.definitions.items():
        assert any(first <= letter <= last for letter in found[language][0]), name


def test_a_definition_says_more_than_its_label(directory: Directory) -> None:
    for name, found in directory.definitions.items():
        for language in LANGUAGES:
            assert len(found[language][0]) > len(directory.labels[name][language][0]) or language == "ar", name


def test_aliases_are_in_the_languages_promised_and_repeat_no_label_of_their_own(directory: Directory) -> None:
    for name, found in directory.aliases.items():
        assert set(found) <= set(ALIAS_LANGUAGES), name
        for language, values in found.items():
            assert len({value.casefold() for value in values}) == len(values), name
            assert directory.labels[name][language][0] not in values, name


def test_the_file_says_to_machines_that_its_translations_await_review(directory: Directory) -> None:
    about = [(t.predicate.value, t.object) for t in directory.triples if t.subject == iri(SCHEME)]
    assert ("http://www.w3.org/ns/adms#status", iri("http://purl.org/adms/status/UnderDevelopment")) in about
    unreviewed = {
        value.value for name, value in about if name.endswith("/unreviewedLanguage") and isinstance(value, Literal)
    }
    assert unreviewed == set(LANGUAGES) - {"en"}


def test_the_capacities_keep_the_rules_that_all_capacities_keep(directory: Directory) -> None:
    report = Shapes.load().validate(directory.triples)
    assert report.of_severity(Severity.VIOLATION) == ()
    assert report.results == (), report.text()
