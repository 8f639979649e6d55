"""Which thing of the directory a file means by a number, a Wikidata id, a code or a name; only this package imports it.

A name is looked up in every language, and means something only where it means one thing. Numbers of the Capacity
Exchange mean capacities by their CapX id; what they mean of languages, territories, organizations and projects is in
lists of its own, which are files too. Nothing is guessed: what is not found stays as its owner wrote it.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterable, Iterator

from capx_graph.importers.outside.forms import Form, Listing, kind_of
from capx_graph.importers.records import Record
from capx_graph.items.keys import KeyReader, Keys, values_of
from capx_graph.model import EntityJson, EntityKind, Page
from capx_graph.textindex.folding import fold

_WIKIDATA = re.compile(r"(?:https?://(?:www\.|m\.)?wikidata\.org/(?:entity|wiki)/|wikidata:|wd:)(Q[1-9]\d{0,15})", re.I)
_ITEM = re.compile(r"Q[1-9]\d{0,15}", re.I | re.ASCII)
_IN_BRACKETS = re.compile(r"\s*\(([^()]*)\)\s*\Z")
_PARTS = re.compile(r"[|;\n]")
_MEANT = frozenset({
    EntityKind.CAPACITY, EntityKind.LANGUAGE, EntityKind.TERRITORY, EntityKind.ORGANIZATION,
    EntityKind.WIKIMEDIA_PROJECT,
})  # fmt: skip
_NAME_FIELDS = (
    "territory_name", "language_name", "wikimedia_project_name", "type_name", "display_name", "name",
    "language_code", "wikimedia_project_code", "type_code", "acronym",
)  # fmt: skip
"""What is said of a number in its list, names before codes; acronyms of territories are codes of other ones here."""


class Meaning:
    """What names and numbers mean over one repository; ``learn`` every page, then every list, then ask."""

    def __init__(self, reader: KeyReader, keys: Keys, *, entity: str, wikidata: str) -> None:
        """``entity`` begins the IRIs of this Wikibase's entities; ``wikidata`` is the property of Wikidata ids."""
        self.keys = keys
        self._reader = reader
        self._entity = entity
        self._wikidata = wikidata
        self._names: dict[tuple[EntityKind, str], set[str]] = {}
        self._wikidata_ids: dict[tuple[EntityKind, str], str] = {}
        self._numbers: dict[tuple[Form, str], tuple[str, ...]] = {}

    def learn(self, pages: Iterable[Page]) -> None:
        """Learns names and keys of things that a profile can name."""
        for page in pages:
            kind = self._reader.read(page, self.keys)
            if kind in _MEANT and page.entity is not None:
                for name in _names(page.entity):
                    self._names.setdefault((kind, fold(name)), set()).add(page.entity_id)
                for found in values_of(page.entity, self._wikidata):
                    self._wikidata_ids.setdefault((kind, found), page.entity_id)

    def learn_list(self, listing: Listing) -> None:
        """Learns what the numbers of a list stand for: the names by which one finds the thing here."""
        for record in listing.records:
            names = [text for field in _NAME_FIELDS if isinstance(text := record.data.get(field), str) and text]
            names += [name for name in _translated(record) if name not in names]
            number = record.data.get("id")
            if names and isinstance(number, int):
                self._numbers[listing.form, str(number)] = tuple(names)

    def named(self, form: Form, number: object) -> str:
        """What a number of the Capacity Exchange is called in its list; the number where there is none."""
        return next(iter(self.names(form, str(number))), str(number))

    def names(self, form: Form, number: str) -> tuple[str, ...]:
        """Everything that a number is called in its list."""
        return self._numbers.get((form, number), ())

    def item(self, kind: EntityKind, text: str) -> str:
        """The item that a text means, empty where that cannot be told."""
        text = " ".join(text.split())
        if found := self._by_id(kind, text):
            return found
        known = self.keys.find(kind, text) or self.keys.find(kind, text.upper()) or self.keys.find(kind, text.lower())
        if known:
            return known
        if len(meant := self._names.get((kind, fold(text)), ())) == 1:
            return next(iter(meant))
        return self._bracketed(kind, text)

    def item_of_number(self, form: Form, number: str) -> str:
        """The item that a number of a list means; that of a capacity is its CapX id."""
        kind = kind_of(form)
        if kind is EntityKind.CAPACITY:
            return self.keys.find(kind, number) or ""
        names = self.names(form, number)
        in_order = reversed(names) if form is Form.LANGUAGES else names  # a code is one language, a name may be two
        return next((item for name in in_order if (item := self.item(kind, name))), "")

    def split(self, kind: EntityKind, value: object) -> list[str]:
        """The things that a cell lists: of a JSON list its entries, else what separators part."""
        if isinstance(value, list):
            return [text for one in value if (text := _text(one))]
        text = _text(value)
        if text.startswith("[") and text.endswith("]"):
            try:
                return [one for entry in json.loads(text) if (one := _text(entry))]
            except ValueError:
                text = text[1:-1]
        if not text or self.item(kind, text):
            return [text] if text else []
        parts = _PARTS.split(text) if _PARTS.search(text) else text.split(",")
        return [part for one in parts if (part := one.strip(" '\"\t"))]

    def _by_id(self, kind: EntityKind, text: str) -> str:
        if text.startswith(self._entity):
            own = text.removeprefix(self._entity)
            return own if self.keys.kind(own) is kind else ""
        address = _WIKIDATA.fullmatch(text)
        plain = address[1] if address else text
        if not _ITEM.fullmatch(plain):
            return ""
        found = self._wikidata_ids.get((kind, plain.upper()))
        if found is None and not address and self.keys.kind(plain.upper()) is kind:
            return plain.upper()  # what our own reconciliation service gave
        return found or ""

    def _bracketed(self, kind: EntityKind, text: str) -> str:
        """``finance (Q43015)`` and ``Wikimedia Brazil (WMB)``: what is in the brackets if it is an id, else before."""
        found = _IN_BRACKETS.search(text)
        if not found:
            return ""
        return self._by_id(kind, found[1].strip()) or self.item(kind, text[: found.start()])


def _names(entity: EntityJson) -> Iterator[str]:
    yield from (term["value"] for term in entity["labels"].values())
    yield from (term["value"] for terms in entity["aliases"].values() for term in terms)


def _translated(record: Record) -> Iterator[str]:
    names = record.data.get("names")
    for one in names if isinstance(names, list) else ():
        if isinstance(one, dict) and isinstance(one.get("name"), str):
            yield one["name"]


def _text(value: object) -> str:
    if isinstance(value, bool) or value is None or isinstance(value, list):
        return ""
    if isinstance(value, dict):
        return next((str(value[key]) for key in ("id", "name", "label") if value.get(key)), "")
    return str(value).strip()
