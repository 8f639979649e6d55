"""The public graph as the tables that the Capacity Exchange keeps on Commons: ``users.tab`` and ``capacities.tab``.

Written from the repository, which holds of people what they published and nothing else. Capacities go by their number
in the Capacity Exchange; one that has none cannot be named there. A table is written as MediaWiki keeps it, so that its
size is what MediaWiki measures; what does not fit into one page goes into further ones.
"""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from capx_graph.datadir import whole
from capx_graph.exporters.statements import Facts
from capx_graph.items.keys import KeyReader
from capx_graph.model import EntityKind, Page
from capx_graph.repository.store import Repository

LICENCE = "CC0-1.0"
"""The licence in the form that MediaWiki's tabular data asks for."""
LONGEST = 400
"""Characters of a string or of a localized text in such a table (JsonConfig, JCTabularContent)."""
LARGEST = 2 * 1024 * 1024
"""Bytes of a page ($wgMaxArticleSize of Wikimedia's wikis, 2,048 kB)."""
_USERS = (("username", "string"), ("skills_known", "string"), ("skills_available", "string"), ("badges", "string"))
_CAPACITIES = (("id", "number"), ("name", "localized"), ("description", "localized"), ("wikidata_item", "string"))
_NO_BADGES = "[]"
_LANGUAGE = re.compile(r"[a-z]{2,3}(-[a-z0-9]{1,15})*")
_LINE = re.compile(r"[^\n\r\t]+")

Row = list[object]


@dataclass(frozen=True, slots=True)
class TabReport:
    """What was written; ``shortened`` counts lists that lost entries to the limit of a string.

    ``without_number`` counts capacities of people that the Capacity Exchange has no number for, ``made_up`` people of
    the demonstration and of generators.
    """

    people: int
    capacities: int
    files: tuple[str, ...]
    shortened: int
    without_number: int
    made_up: int


class TabExporter:
    """Writes one repository's tables."""

    def __init__(
        self, repository: Repository, reader: KeyReader, facts: Callable[[Page], Facts], *, largest: int = LARGEST
    ) -> None:
        self._repository = repository
        self._reader = reader
        self._facts = facts
        self._largest = largest

    def write(self, directory: Path, *, source: str) -> TabReport:
        """The tables, into a directory that is made when missing; older ones there are replaced, every part of them."""
        directory.mkdir(parents=True, exist_ok=True)
        numbers, capacities = self._capacities()
        people, marked = self._people()
        shortened, unknown = 0, set[str]()
        rows: list[Row] = []
        for name, known, offered in people:
            unknown |= {item for item in (*known, *offered) if item not in numbers}
            lists = [_listed(sorted(numbers[item] for item in items if item in numbers)) for items in (known, offered)]
            shortened += sum(cut for _, cut in lists)
            rows.append([name, *(text for text, _ in lists), _NO_BADGES])
        about = f"People of {source} who published what they know or offer"
        users = self._table(directory, "users", _USERS, rows, about=about, source=source)
        about = f"The capacities of {source} that the Capacity Exchange has numbers for"
        others = self._table(directory, "capacities", _CAPACITIES, capacities, about=about, source=source)
        return TabReport(len(rows), len(capacities), (*users, *others), shortened, len(unknown), marked)

    def _capacities(self) -> tuple[Mapping[str, int], list[Row]]:
        """The numbers of capacities by item, merged ones too; and their rows by number."""
        numbers: dict[str, int] = {}
        rows: dict[int, Row] = {}
        merged: dict[str, str] = {}
        for page in self._repository.scan("item"):
            if page.redirect_to is not None:
                merged[page.entity_id] = page.redirect_to
            if page.entity is None or self._reader.kind(page.entity) is not EntityKind.CAPACITY:
                continue
            facts = self._facts(page)
            number = facts.text("capxId")
            if number.isascii() and number.isdigit() and int(number) not in rows:
                numbers[page.entity_id] = int(number)
                names, descriptions = _localized(facts.labels), _localized(facts.descriptions)
                rows[int(number)] = [int(number), names, descriptions, facts.text("wikidataId")]
        numbers |= {old: numbers[new] for old, new in merged.items() if new in numbers}
        return numbers, [rows[number] for number in sorted(rows)]

    def _people(self) -> tuple[list[tuple[str, list[str], list[str]]], int]:
        """Usernames with what is known and offered, in their order; and how many of them were made up."""
        found, made_up = [], 0
        for page in self._repository.scan("item"):
            if page.entity is None or self._reader.kind(page.entity) is not EntityKind.PERSON:
                continue
            facts = self._facts(page)
            name = facts.text("username")
            known, offered = facts.items("knows"), facts.items("offers")
            if name and (known or offered):
                found.append((name, known, offered))
                made_up += bool(facts.code("source"))
        return sorted(found), made_up

    def _table(
        self,
        directory: Path,
        name: str,
        fields: Sequence[tuple[str, str]],
        rows: Sequence[Row],
        *,
        about: str,
        source: str,
    ) -> list[str]:
        """Writes a table in as many files as it needs; answers their names."""
        schema = {"fields": [{"name": field, "type": kind} for field, kind in fields]}
        head = {"license": LICENCE, "description": {"en": about}, "sources": source, "schema": schema}
        written = []
        for part, chosen in enumerate(self._parts(rows, len(_kept({**head, "data": []}))), start=1):
            file = f"{name}.tab" if part == 1 else f"{name}-{part}.tab"
            whole.put(directory / file, _kept({**head, "data": chosen}))
            written.append(file)
        for stale in directory.glob(f"{name}-*.tab"):
            if stale.name not in written:
                stale.unlink()  # of an earlier export that was longer: it has people who may have withdrawn
        return written

    def _parts(self, rows: Iterable[Row], head: int) -> Iterator[list[Row]]:
        part: list[Row] = []
        size = head
        for row in rows:
            # Inside the page a row stands two levels deeper, and has a comma.
            text = json.dumps(row, ensure_ascii=False, indent="\t")
            needed = len(text.encode()) + 2 * text.count("\n") + 4
            if part and size + needed > self._largest:
                yield part
                part, size = [], head
            part.append(row)
            size += needed
        yield part


def _listed(numbers: Sequence[int]) -> tuple[str, bool]:
    """Numbers as the Capacity Exchange lists them, and whether the end had to be cut off."""
    kept = list(numbers)
    while len(text := f"[{', '.join(map(str, kept))}]") > LONGEST:
        kept.pop()
    return text, len(kept) < len(numbers)


def _localized(texts: Mapping[str, str]) -> dict[str, str] | None:
    """Texts by language as a table may have them; None for none, because a localized text is never empty there."""
    found = {
        code: text
        for code, text in sorted(texts.items())
        if code != "mul" and _LANGUAGE.fullmatch(code) and _LINE.fullmatch(text) and len(text) <= LONGEST
    }
    return found or None


def _kept(content: Mapping[str, object]) -> bytes:
    """A table as MediaWiki keeps it."""
    return json.dumps(content, ensure_ascii=False, indent="\t").encode()
