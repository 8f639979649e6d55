"""The starter directory (``ontology/directory/``): capacities, territories, languages, projects, organizations.

Every entry comes out in one form, in terms of the ontology and without ids; importers/directory.py makes items of
them. Names of territories and languages are not in the files but in CLDR, in the languages of
``label-languages.txt``. Translations of our own are named in ``unreviewed``, so that speakers can check them.
"""

from __future__ import annotations

import csv
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path

from capx_graph import languages
from capx_graph.errors import OntologyError
from capx_graph.model import EntityKind
from capx_graph.namespaces import CAPX, SKOS
from capx_graph.ontology.index import TripleIndex
from capx_graph.resources import ontology_dir

_ENGLISH = "en"


@dataclass(frozen=True, slots=True)
class Link:
    """A statement whose value is another entry: ``key`` is one of its keys."""

    property_name: str
    kind: EntityKind
    key: str


@dataclass(frozen=True, slots=True)
class DirectoryEntry:
    """One thing of the directory.

    ``keys`` identify it among its kind, the strongest first. ``values`` are pairs of property name and string,
    ``choices`` triples of property name, class and code of an individual. ``classes`` are class names besides the
    kind's own.
    """

    kind: EntityKind
    keys: tuple[str, ...]
    labels: Mapping[str, str]
    values: tuple[tuple[str, str], ...]
    aliases: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    descriptions: Mapping[str, str] = field(default_factory=dict)
    links: tuple[Link, ...] = ()
    choices: tuple[tuple[str, str, str], ...] = ()
    classes: tuple[str, ...] = ()
    unreviewed: tuple[str, ...] = ()


def load_directory(folder: Path | None = None) -> tuple[DirectoryEntry, ...]:
    """All entries, what others refer to before what refers to it; raises OntologyError."""
    place = folder or ontology_dir() / "directory"
    readers = languages_of_labels(place)
    entries = (
        *_regions(place),
        *_territories(place, readers),
        *_languages(place, readers),
        *_projects(place),
        *_capacities(place),
        *_organizations(place),
    )
    _check(entries)
    return entries


def load_capacities(folder: Path | None = None) -> tuple[DirectoryEntry, ...]:
    """The capacities alone; raises OntologyError."""
    return tuple(_capacities(folder or ontology_dir() / "directory"))


def languages_of_labels(folder: Path) -> tuple[str, ...]:
    """Codes of the languages in which territories and languages are named."""
    lines = (folder / "label-languages.txt").read_text(encoding="utf-8").splitlines()
    return tuple(line.strip() for line in lines if line.strip() and not line.startswith("#"))


def _regions(folder: Path) -> Iterator[DirectoryEntry]:
    for row in _rows(folder / "regions.tsv"):
        labels = _labels(row)
        yield DirectoryEntry(
            kind=EntityKind.TERRITORY,
            keys=(row["code"],),
            labels=labels,
            values=(("code", row["code"]),),
            classes=("Region",),
            unreviewed=tuple(code for code in labels if code != _ENGLISH),
        )


def _territories(folder: Path, readers: tuple[str, ...]) -> Iterator[DirectoryEntry]:
    for row in _rows(folder / "territories.tsv"):
        code = row["code"]
        labels = {r: name for r in readers if (name := languages.territory_name(code, r))}
        english = labels.setdefault(_ENGLISH, row["name"])
        yield DirectoryEntry(
            kind=EntityKind.TERRITORY,
            keys=(code,),
            labels=labels,
            aliases={_ENGLISH: (row["name"],)} if row["name"] not in ("", english) else {},
            values=_given(("code", code), ("alpha3", row["alpha3"]), ("wikidataId", row["wikidata"])),
            links=(Link("partOf", EntityKind.TERRITORY, row["region"]),) if row["region"] else (),
        )


def _languages(folder: Path, readers: tuple[str, ...]) -> Iterator[DirectoryEntry]:
    for row in _rows(folder / "languages.tsv"):
        code, english, autonym = row["code"], row["name"], row["autonym"]
        labels = {r: name for r in readers if (name := languages.own_name(code, r))}
        others = [labels.get(_ENGLISH, "")]
        labels[_ENGLISH] = english
        if autonym and code in languages.term_codes():
            labels[code] = autonym
        else:
            others.append(autonym)
        aliases = tuple(name for name in others if name not in ("", english))
        yield DirectoryEntry(
            kind=EntityKind.LANGUAGE,
            keys=(code,),
            labels=labels,
            aliases={_ENGLISH: aliases} if aliases else {},
            values=(("code", code),),
        )


def _projects(folder: Path) -> Iterator[DirectoryEntry]:
    for row in _rows(folder / "projects.tsv"):
        labels = _labels(row)
        yield DirectoryEntry(
            kind=EntityKind.WIKIMEDIA_PROJECT,
            keys=(row["code"],),
            labels=labels,
            values=_given(("code", row["code"]), ("wikidataId", row["wikidata"])),
            unreviewed=tuple(code for code in labels if code != _ENGLISH),
        )


def _organizations(folder: Path) -> Iterator[DirectoryEntry]:
    for row in _rows(folder / "organizations.tsv"):
        places = tuple(code for code in row["territories"].split(",") if code)
        yield DirectoryEntry(
            kind=EntityKind.ORGANIZATION,
            keys=(row["code"],),
            labels={_ENGLISH: row["name"]},
            values=(("code", row["code"]),),
            links=tuple(Link("basedIn", EntityKind.TERRITORY, code) for code in places),
            choices=(("organizationType", "OrganizationType", row["type"]),),
        )


def _capacities(folder: Path) -> Iterator[DirectoryEntry]:
    """Concepts with a skos:notation; the scheme names the languages that nobody has reviewed yet."""
    index = TripleIndex(folder / "capacities.ttl")
    notation = {s: n for s in index.subjects() if (n := index.text(s, SKOS + "notation"))}
    unreviewed = {code for s in index.subjects() for code in index.texts(s, CAPX + "unreviewedLanguage")}
    for subject, number in notation.items():
        labels = index.by_language(subject, SKOS + "prefLabel")
        definitions = index.by_language(subject, SKOS + "definition")
        wikidata = index.text(subject, CAPX + "wikidataId") or ""
        broader = index.node(subject, SKOS + "broader")
        if broader is not None and broader not in notation:
            raise index.error(subject, f"has the parent <{broader}>, which is not in the file")
        yield DirectoryEntry(
            kind=EntityKind.CAPACITY,
            keys=(wikidata, number) if wikidata else (number,),
            labels=labels,
            aliases=index.all_by_language(subject, SKOS + "altLabel"),
            descriptions=definitions,
            values=_given(
                ("capxId", number),
                ("wikidataId", wikidata),
                ("colour", index.text(subject, CAPX + "colour") or ""),
            ),
            links=(Link("broader", EntityKind.CAPACITY, notation[broader]),) if broader else (),
            unreviewed=tuple(sorted(unreviewed & {*labels, *definitions})),
        )


def _rows(path: Path) -> Iterator[dict[str, str]]:
    with path.open(encoding="utf-8", newline="") as file:
        lines = (line for line in file if not line.startswith("#"))
        for row in csv.DictReader(lines, delimiter="\t", quoting=csv.QUOTE_NONE, strict=True):
            if None in row or None in row.values():
                raise OntologyError(f"{path.name}: a row has another number of cells than the header: {row}")
            yield {name: text.strip() for name, text in row.items()}


def _labels(row: Mapping[str, str]) -> dict[str, str]:
    """The cells of columns named by a language."""
    return {code: text for code, text in row.items() if text and languages.is_known(code)}


def _given(*values: tuple[str, str]) -> tuple[tuple[str, str], ...]:
    return tuple((name, text) for name, text in values if text)


def _check(entries: tuple[DirectoryEntry, ...]) -> None:
    keys: set[tuple[EntityKind, str]] = set()
    for entry in entries:
        for key in entry.keys:
            if (entry.kind, key) in keys:
                raise OntologyError(f"the directory has two entries for the {entry.kind.value} {key}")
            keys.add((entry.kind, key))
    for entry in entries:
        if _ENGLISH not in entry.labels:
            raise OntologyError(f"the {entry.kind.value} {entry.keys[0]} has no English label")
        for link in entry.links:
            if (link.kind, link.key) not in keys:
                raise OntologyError(
                    f"the {entry.kind.value} {entry.keys[0]} refers to {link.key}, which the directory lacks"
                )
