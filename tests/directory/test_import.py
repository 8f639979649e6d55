"""The starter directory becomes items, once; what a community changed since is not undone."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest

from capx_graph.errors import OntologyError
from capx_graph.importers.directory import DirectoryReport, import_directory
from capx_graph.items.drafts import Vocabulary
from capx_graph.items.keys import KeyReader
from capx_graph.model import Draft, EntityJson, EntityKind
from capx_graph.ontology import DirectoryEntry, Instance, load_directory, load_instance
from capx_graph.provisioning import provision
from capx_graph.repository.store import Repository

pytestmark = pytest.mark.slow

FILES = {
    "label-languages.txt": "# a comment\nen\nja\npt\n",
    "regions.tsv": "code\ten\tja\nR-LAC\tLatin America\tラテンアメリカ\n",
    "territories.tsv": "code\talpha3\tname\tregion\twikidata\n"
    "VN\tVNM\tViet Nam\t\tQ881\n"
    "BR\tBRA\tBrazil\tR-LAC\tQ155\n",
    "languages.tsv": "code\tname\tautonym\nja\tJapanese\t日本語\nxyz-none\tUnheard\tOo\n",
    "projects.tsv": "code\twikidata\ten\tja\ncommons\tQ565\tWikimedia Commons\t\n",
    "organizations.tsv": "code\ttype\tterritories\tname\nWMB\tuser_group\tBR\tWiki Movimento Brasil\n",
    "capacities.ttl": """
        @prefix c: <https://w3id.org/capx/directory/> .
        @prefix capx: <https://w3id.org/capx/ontology/> .
        @prefix skos: <http://www.w3.org/2004/02/skos/core#> .
        c:43 skos:notation "43" ; skos:prefLabel "media"@en , "メディア"@ja ; skos:altLabel "film"@en , "sound"@en ;
            skos:broader c:36 .
        c:36 skos:notation "36" ; skos:prefLabel "communication"@en ; capx:colour "#BE0078" ;
            skos:definition "Getting across."@en ; capx:wikidataId "Q11024" .
        c:scheme capx:unreviewedLanguage "ja" , "pt" .
    """,
}


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    place = tmp_path / "directory"
    place.mkdir()
    for name, text in FILES.items():
        (place / name).write_text(text, encoding="utf-8")
    return place


@pytest.fixture
def entries(folder: Path) -> tuple[DirectoryEntry, ...]:
    return load_directory(folder)


@pytest.fixture(scope="module")
def embedded() -> Instance:
    return load_instance("embedded")


@pytest.fixture
def repository(tmp_path: Path, embedded: Instance) -> Iterator[Repository]:
    repository = Repository.open(tmp_path / "data")
    provision(repository, embedded)
    yield repository
    repository.close()


def bring(repository: Repository, embedded: Instance, entries: tuple[DirectoryEntry, ...]) -> DirectoryReport:
    vocabulary = Vocabulary(embedded)
    keys = KeyReader(vocabulary).scan(repository.scan("item"))
    return import_directory(repository, vocabulary, keys, entries=entries)


def found(repository: Repository, embedded: Instance, kind: EntityKind, key: str) -> EntityJson:
    keys = KeyReader(Vocabulary(embedded)).scan(repository.scan("item"))
    page = repository.page(keys.find(kind, key) or "")
    assert page is not None
    assert page.entity is not None
    return page.entity


def test_names_of_territories_and_languages_come_from_cldr(entries: tuple[DirectoryEntry, ...]) -> None:
    by_key = {entry.keys[0]: entry for entry in entries}
    assert dict(by_key["VN"].labels) == {"en": "Vietnam", "ja": "ベトナム", "pt": "Vietname"}
    assert by_key["VN"].aliases == {"en": ("Viet Nam",)}
    assert dict(by_key["ja"].labels) == {"en": "Japanese", "ja": "日本語", "pt": "japonês"}
    assert by_key["xyz-none"].labels == {"en": "Unheard"}
    assert by_key["xyz-none"].aliases == {"en": ("Oo",)}, "a code that Wikibase does not know cannot have a label"


def test_every_entry_becomes_an_item_that_says_what_the_files_say(
    repository: Repository, embedded: Instance, entries: tuple[DirectoryEntry, ...]
) -> None:
    report = bring(repository, embedded, entries)
    assert report.created.total() == len(entries) == 9

    def values(name: str, entity: EntityJson) -> tuple[str, ...]:
        return embedded.values(name, entity, lambda _: None)

    media = found(repository, embedded, EntityKind.CAPACITY, "43")
    communication = found(repository, embedded, EntityKind.CAPACITY, "Q11024")
    assert values("broader", media) == (communication["id"],)
    assert values("unreviewedLanguage", media) == ("ja",)
    assert [alias["value"] for alias in media["aliases"]["en"]] == ["film", "sound"]
    assert (values("colour", communication), values("capxId", communication)) == (("#BE0078",), ("36",))
    assert communication["descriptions"]["en"]["value"] == "Getting across."
    brazil = found(repository, embedded, EntityKind.TERRITORY, "BR")
    region = found(repository, embedded, EntityKind.TERRITORY, "R-LAC")
    assert (values("partOf", brazil), values("wikidataId", brazil)) == ((region["id"],), ("Q155",))
    assert values("instanceOf", region) == (embedded.item_id("Territory"), embedded.item_id("Region"))
    group = found(repository, embedded, EntityKind.ORGANIZATION, "WMB")
    assert values("organizationType", group) == (embedded.item_id("UserGroup"),)
    assert values("basedIn", group) == (brazil["id"],)


def test_a_second_time_changes_nothing(
    repository: Repository, embedded: Instance, entries: tuple[DirectoryEntry, ...]
) -> None:
    bring(repository, embedded, entries)
    head = repository.head()
    report = bring(repository, embedded, entries)
    assert (report.unchanged.total(), repository.head()) == (len(entries), head)


def test_what_maintainers_and_translators_changed_is_not_undone(
    repository: Repository, embedded: Instance, entries: tuple[DirectoryEntry, ...]
) -> None:
    bring(repository, embedded, entries)
    media = dict(found(repository, embedded, EntityKind.CAPACITY, "43"))
    left_out = {embedded.property_id("unreviewedLanguage"), embedded.property_id("wikidataId")}
    media["claims"] = {p: s for p, s in media["claims"].items() if p not in left_out}
    media["labels"] = {**media["labels"], "ja": {"language": "ja", "value": "報道"}}
    repository.bulk([Draft(media)], actor="Someone")
    head = repository.head()
    bring(repository, embedded, entries)
    assert repository.head() == head


def test_an_item_that_knows_less_is_completed(
    repository: Repository, embedded: Instance, entries: tuple[DirectoryEntry, ...]
) -> None:
    bring(repository, embedded, entries)
    poor = dict(found(repository, embedded, EntityKind.CAPACITY, "43"))
    kept = {embedded.property_id("instanceOf"), embedded.property_id("capxId")}
    poor["labels"] = {"en": poor["labels"]["en"]}
    poor["claims"] = {p: s for p, s in poor["claims"].items() if p in kept}
    repository.bulk([Draft(poor)], actor="Someone")
    report = bring(repository, embedded, entries)
    assert report.completed == {EntityKind.CAPACITY: 1}
    media = found(repository, embedded, EntityKind.CAPACITY, "43")
    assert media["labels"]["ja"]["value"] == "メディア"
    assert embedded.values("unreviewedLanguage", media, lambda _: None) == ("ja",)
    assert embedded.values("broader", media, lambda _: None)


def test_languages_that_the_directory_learned_are_brought_to_one_that_is_there(
    repository: Repository, embedded: Instance
) -> None:
    entries = tuple(
        entry
        for entry in load_directory()
        if entry.kind in (EntityKind.CAPACITY, EntityKind.WIKIMEDIA_PROJECT) or "Region" in entry.classes
    )
    bring(repository, embedded, tuple(knowing(entry, ("en", "ja")) for entry in entries))
    edited = dict(found(repository, embedded, EntityKind.WIKIMEDIA_PROJECT, "wikidata"))
    edited["labels"] = {**edited["labels"], "uk": {"language": "uk", "value": "Вікідата"}}
    repository.bulk([Draft(edited)], actor="Someone")

    report = bring(repository, embedded, entries)
    assert report.completed.total() == len(entries)
    for entry in entries:
        entity = found(repository, embedded, entry.kind, entry.keys[-1])
        texts = (set(entity["labels"]), set(entity["descriptions"]))
        assert texts == (set(entry.labels), set(entry.descriptions)), entry.keys
        added = set(entry.unreviewed) - ({"uk"} if entity["id"] == edited["id"] else set())
        assert set(embedded.values("unreviewedLanguage", entity, lambda _: None)) == added
    kept = found(repository, embedded, EntityKind.WIKIMEDIA_PROJECT, "wikidata")
    assert kept["labels"]["uk"]["value"] == "Вікідата"
    assert kept["labels"]["he"]["value"] == "ויקינתונים"
    assert bring(repository, embedded, entries).unchanged.total() == len(entries)


def knowing(entry: DirectoryEntry, languages: tuple[str, ...]) -> DirectoryEntry:
    """The entry as it was when the directory was written in these languages only."""
    return replace(
        entry,
        labels={code: entry.labels[code] for code in languages},
        descriptions={code: entry.descriptions[code] for code in languages if code in entry.descriptions},
        aliases={},
        unreviewed=tuple(code for code in entry.unreviewed if code in languages),
    )


@pytest.mark.parametrize(
    ("name", "old", "new", "problem"),
    [
        ("territories.tsv", "R-LAC", "R-LOC", "the territory BR refers to R-LOC"),
        ("territories.tsv", "VN\tVNM", "BR\tVNM", "two entries for the territory BR"),
        ("territories.tsv", "\tQ155", "", "another number of cells"),
        ("projects.tsv", "Wikimedia Commons", "", "the wikimedia_project commons has no English label"),
        ("capacities.ttl", "skos:broader c:36", "skos:broader c:37", "which is not in the file"),
        ("capacities.ttl", '"36" ; skos:prefLabel', '"36" ; skos:prefLabel "talk"@en ,', "once a language"),
    ],
)
def test_files_that_contradict_each_other_are_refused(
    folder: Path, name: str, old: str, new: str, problem: str
) -> None:
    text = FILES[name].replace(old, new)
    assert text != FILES[name], "the fixture changes something"
    (folder / name).write_text(text, encoding="utf-8")
    with pytest.raises(OntologyError, match=problem):
        load_directory(folder)
