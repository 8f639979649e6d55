"""JSON Lines read record by record, and fields read with the rule that they must keep.

Every fault is an InvalidRecord that names file and line, field, value and rule; one bad record stops nothing but
itself. The importers read their records through ``Record`` only, so no converter sees an unchecked value.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import NoReturn

from capx_graph.errors import InvalidRecord, NotFound

LONGEST_TERM = 250
LONGEST_STRING = 400
LONGEST_URL = 500
"""Wikibase's limits, in characters: labels and descriptions, strings, addresses."""

_WIKIDATA_ITEM = re.compile(r"Q[1-9][0-9]{0,9}", re.ASCII)
_INSTANT = re.compile(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d{1,6})?Z", re.ASCII)
_SPACES = re.compile(r"\s+")
# Not str.isprintable(): it refuses the joiners that Persian and Indic texts need.
_CONTROL = re.compile("[\x00-\x1f\x7f-\x9f\u2028\u2029\ud800-\udfff]")
_URL = re.compile(r"https?://[^\s/<>\"{}|\\^`\[\]]+(/[^\s<>\"{}|\\^`\[\]]*)?", re.IGNORECASE)
"""What can be an IRI; an address with an IPv6 number is none of an organization."""


@dataclass(frozen=True, slots=True)
class Line:
    """A line of a file, not yet parsed; ``number`` counts from 1. ``is_text`` is False where it is not UTF-8."""

    file: str
    number: int
    text: str
    is_text: bool = True

    @property
    def where(self) -> str:
        """File and line, for messages."""
        return f"{self.file}:{self.number}"

    def parse(self) -> Record:
        """The record on this line; raises InvalidRecord when it is no JSON object."""
        if not self.is_text:
            raise InvalidRecord(self.where, "", None, "a line must be text in UTF-8")
        try:
            data = json.loads(self.text)
        except (ValueError, RecursionError) as error:
            raise InvalidRecord(self.where, "", None, f"a line must be a JSON object ({error})") from error
        if not isinstance(data, dict):
            raise InvalidRecord(self.where, "", None, "a line must be a JSON object")
        return Record(self.where, data)


def read_lines(path: Path) -> Iterator[Line]:
    """The lines of a JSON Lines file one by one, empty ones left out; raises NotFound without the file."""
    try:
        with path.open("rb") as file:
            for number, data in enumerate(file, start=1):
                if data.strip():
                    yield _line(path.name, number, data)
    except OSError as error:
        raise NotFound(f"cannot read {path}: {error.strerror}") from error


def _line(file: str, number: int, data: bytes) -> Line:
    try:
        return Line(file, number, data.decode("utf-8-sig" if number == 1 else "utf-8").rstrip("\r\n"))
    except UnicodeDecodeError:
        return Line(file, number, data.decode(errors="replace").rstrip("\r\n"), is_text=False)


@dataclass(frozen=True, slots=True)
class Record:
    """An object of a file: ``where`` it stands, and its fields, read with their rules."""

    where: str
    data: Mapping[str, object]

    def refuse(self, field: str, rule: str) -> NoReturn:
        """Raises InvalidRecord: the field breaks this rule."""
        raise InvalidRecord(self.where, field, self.data.get(field), rule)

    def optional(self, field: str, *, longest: int = LONGEST_STRING) -> str | None:
        """Text on one line, or None where the field is absent, null or empty."""
        value = self.data.get(field)
        if value is None or value == "":
            return None
        if not isinstance(value, str):
            self.refuse(field, "must be text")
        if len(value) > longest:
            self.refuse(field, f"must have at most {longest} characters")
        if value != value.strip() or _CONTROL.search(value):
            self.refuse(field, "must not begin or end with a space, nor hold line breaks or control characters")
        return value

    def required(self, field: str, *, longest: int = LONGEST_STRING) -> str:
        """Text on one line; raises InvalidRecord where there is none."""
        value = self.optional(field, longest=longest)
        return self.refuse(field, "must not be empty") if value is None else value

    def prose(self, field: str, *, longest: int = LONGEST_STRING) -> str | None:
        """Free text: line breaks and runs of spaces become one space, since Wikibase's texts have one line."""
        value = self.data.get(field)
        if not isinstance(value, str):
            return self.optional(field)
        text = _SPACES.sub(" ", value).strip()
        if len(text) > longest:
            self.refuse(field, f"must have at most {longest} characters")
        if _CONTROL.search(text):
            self.refuse(field, "must not hold control characters")
        return text or None

    def flag(self, field: str, *, default: bool) -> bool:
        """True or false; raises InvalidRecord for anything else."""
        value = self.data.get(field, default)
        return value if isinstance(value, bool) else self.refuse(field, "must be true or false")

    def url(self, field: str) -> str | None:
        """An http or https address, None where there is none; raises InvalidRecord for another."""
        value = self.optional(field, longest=LONGEST_URL)
        if value is not None and not _URL.fullmatch(value):
            self.refuse(field, "must be an http or https address, without spaces or the signs that none may hold")
        return value

    def wikidata_item(self, field: str) -> str | None:
        """An id such as ``Q42``, None where there is none; raises InvalidRecord for another."""
        value = self.optional(field)
        if value is not None and not _WIKIDATA_ITEM.fullmatch(value):
            self.refuse(field, "must be the id of a Wikidata item, such as Q42, or empty")
        return value

    def instant(self, field: str) -> str | None:
        """An instant as it is written, such as ``2026-06-01T00:00:00Z``."""
        value = self.optional(field)
        if value is None:
            return None
        try:
            datetime.fromisoformat(value)
        except ValueError:
            self.refuse(field, "must be an instant that exists, such as 2026-06-01T00:00:00Z")
        if not _INSTANT.fullmatch(value):
            self.refuse(field, "must be an instant in UTC, such as 2026-06-01T00:00:00Z")
        return value

    def texts(self, field: str) -> tuple[str, ...]:
        """A list of different texts, empty where the field is absent."""
        items = self._list(field)
        if not all(isinstance(item, str) and item for item in items):
            self.refuse(field, "must be a list of texts")
        texts = tuple(str(item) for item in items)
        if len(set(texts)) < len(texts):
            self.refuse(field, "must not name anything twice")
        return texts

    def children(self, field: str) -> tuple[Record, ...]:
        """A list of objects, empty where the field is absent."""
        return tuple(
            Record(self.where, item) if isinstance(item, dict) else self.refuse(field, "must be a list of objects")
            for item in self._list(field)
        )

    def by_language(self, field: str) -> dict[str, str]:
        """Texts by language code, empty where the field is absent."""
        value = self.data.get(field)
        if value is None:
            return {}
        if not isinstance(value, dict):
            self.refuse(field, "must be an object of language codes and texts")
        texts = Record(f"{self.where}, {field}", value)
        found = {language: texts.prose(language, longest=LONGEST_TERM) for language in value}
        return {language: text for language, text in found.items() if text is not None}

    def _list(self, field: str) -> list[object]:
        value = self.data.get(field)
        if value is None:
            return []
        return value if isinstance(value, list) else self.refuse(field, "must be a list")
