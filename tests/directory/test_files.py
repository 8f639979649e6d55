"""The directory that is shipped: complete, in step with the facts it was made from, and honest about translations."""

from __future__ import annotations

import csv
from collections import Counter
from pathlib import Path

import pytest

from capx_graph.model import EntityKind
from capx_graph.ontology import DirectoryEntry, load_directory

LANGUAGES = {"en", "pt", "es", "fr", "de", "ar", "ja", "it", "he", "id", "sw", "hi", "zh-hans", "uk", "tr"}


@pytest.fixture(scope="module")
def entries() -> tuple[DirectoryEntry, ...]:
    return load_directory()


@pytest.fixture(scope="module")
def capacities(entries: tuple[DirectoryEntry, ...]) -> dict[str, DirectoryEntry]:
    return {dict(e.values)["capxId"]: e for e in entries if e.kind is EntityKind.CAPACITY}


def facts(shared: Path, name: str) -> list[dict[str, str]]:
    with (shared / "facts" / name).open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file, delimiter="\t", quoting=csv.QUOTE_NONE))


def test_every_kind_is_there_in_full_number(entries: tuple[DirectoryEntry, ...]) -> None:
    counts = Counter(entry.kind for entry in entries)
    assert counts == {
        EntityKind.CAPACITY: 134,
        EntityKind.TERRITORY: 249 + 8,
        EntityKind.LANGUAGE: 305,
        EntityKind.WIKIMEDIA_PROJECT: 15,
        EntityKind.ORGANIZATION: 186,
    }


def test_capacities_stand_where_the_capacity_exchange_has_them(
    capacities: dict[str, DirectoryEntry], shared: Path
) -> None:
    rows = facts(shared, "capacities.tsv")
    assert set(capacities) == {row["capx_id"] for row in rows}
    for row in rows:
        entry = capacities[row["capx_id"]]
        parents = [link.key for link in entry.links]
        assert parents == ([row["parent"]] if row["parent"] else [])
        assert dict(entry.values).get("wikidataId", "") == row["wikidata"]
        assert ("colour" in dict(entry.values)) == (row["parent"] == "")


def test_capacities_are_named_and_defined_in_fifteen_languages(capacities: dict[str, DirectoryEntry]) -> None:
    for number, entry in capacities.items():
        assert set(entry.labels) >= LANGUAGES, f"capacity {number}"
        assert set(entry.descriptions) >= LANGUAGES, f"capacity {number}"
        assert all(len(text) <= 250 for text in (*entry.labels.values(), *entry.descriptions.values()))


def test_no_two_capacities_share_label_and_definition(capacities: dict[str, DirectoryEntry]) -> None:
    """A Wikibase refuses the second one."""
    for language in LANGUAGES:
        pairs = Counter(
            (entry.labels.get(language), entry.descriptions[language])
            for entry in capacities.values()
            if language in entry.descriptions
        )
        assert not [pair for pair, count in pairs.items() if count > 1]


def test_projects_and_regions_are_named_in_fifteen_languages(entries: tuple[DirectoryEntry, ...]) -> None:
    named = [e for e in entries if e.kind is EntityKind.WIKIMEDIA_PROJECT or "Region" in e.classes]
    assert len(named) == 15 + 8
    for entry in named:
        assert set(entry.labels) >= LANGUAGES, entry.keys[0]
    for language in LANGUAGES:
        counts = Counter(entry.labels[language] for entry in named)
        assert max(counts.values()) == 1, language


def test_our_own_translations_are_marked(entries: tuple[DirectoryEntry, ...]) -> None:
    for entry in entries:
        if entry.kind in (EntityKind.CAPACITY, EntityKind.WIKIMEDIA_PROJECT) or "Region" in entry.classes:
            assert set(entry.unreviewed) >= LANGUAGES & set(entry.labels) - {"en"}
            assert set(entry.unreviewed) <= {*entry.labels, *entry.descriptions}


def test_territories_are_named_in_every_language_of_labels(entries: tuple[DirectoryEntry, ...], shared: Path) -> None:
    territories = {e.keys[0]: e for e in entries if e.kind is EntityKind.TERRITORY}
    for row in facts(shared, "territories.tsv"):
        entry = territories[row["iso_alpha2"].upper()]
        assert len(entry.labels) == 52
        assert dict(entry.values).get("wikidataId", "") == row["wikidata"]
        assert [link.key for link in entry.links] == ([f"R-{row['region']}"] if row["region"] else [])


def test_languages_are_named_in_themselves_where_wikibase_takes_it(
    entries: tuple[DirectoryEntry, ...], shared: Path
) -> None:
    found = {e.keys[0]: e for e in entries if e.kind is EntityKind.LANGUAGE}
    for row in facts(shared, "languages.tsv"):
        entry = found[row["code"]]
        assert entry.labels["en"] == row["name"]
        autonym = row["autonym"].strip()
        if autonym:
            assert autonym in (entry.labels.get(row["code"]), *entry.aliases.get("en", ()), row["name"])


def test_organizations_have_a_type_and_no_name_is_damaged(entries: tuple[DirectoryEntry, ...]) -> None:
    organizations = [e for e in entries if e.kind is EntityKind.ORGANIZATION]
    kinds = Counter(code for e in organizations for _, _, code in e.choices)
    assert kinds == {"chapter": 38, "user_group": 146, "thematic": 2}
    assert not [e for e in organizations if '"' in e.labels["en"]]
