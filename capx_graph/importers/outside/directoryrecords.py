"""Capacities and organizations of the Capacity Exchange as entries that complete the directory; only this package.

What is here stays: the tree is kept by maintainers, organizations by their managers. A file fills what is missing and
adds what is new, so taking it in again changes nothing. What says another thing than is here of an id is refused.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any

from capx_graph import languages
from capx_graph.errors import InvalidRecord
from capx_graph.importers.outside.forms import Form, Listing
from capx_graph.importers.outside.meaning import Meaning
from capx_graph.importers.records import LONGEST_TERM, Record
from capx_graph.importers.rejects import Reject
from capx_graph.items.drafts import Problem
from capx_graph.model import EntityKind
from capx_graph.ontology import DirectoryEntry, Link

_TYPES = {
    "c": "chapter", "chapter": "chapter", "u": "user_group", "wikimedia user group": "user_group",
    "user group": "user_group", "user_group": "user_group", "t": "thematic", "thematic organization": "thematic",
    "thematic": "thematic", "partner": "partner",
}  # fmt: skip
_ROLES = (
    ("known_capacities", ("knows",)),
    ("available_capacities", ("offers", "knows")),
    ("wanted_capacities", ("wants",)),
)
PROFILE = "https://capx.toolforge.org/organization_profile/"
"""Where the Capacity Exchange shows an organization, by its number there; the evidence of what it says."""


@dataclass(frozen=True, slots=True)
class Entry:
    """An entry of the directory with the record that it came from; ``id`` is the item that it is already, or empty.

    ``evidence`` is a page that shows what it says.
    """

    record: Record
    key: str
    entry: DirectoryEntry
    id: str = ""
    evidence: str = ""

    def refused(self, problems: Iterable[Problem]) -> Reject:
        """The record as one that was not taken in, for these reasons."""
        return Reject(self.record.where, self.key, self.record.data, tuple(problems), self.entry.kind)


@dataclass(slots=True)
class _Capacity:
    """What the files say of one capacity, put together by its number."""

    record: Record
    wikidata: str | None = None
    parent: str | None = None
    labels: dict[str, str] = field(default_factory=dict)
    descriptions: dict[str, str] = field(default_factory=dict)


class DirectoryRecords:
    """Makes entries; ``meaning`` has learned what is here."""

    def __init__(self, meaning: Meaning, refuse: Any) -> None:
        self._meaning = meaning
        self._refuse = refuse

    def capacities(self, listings: Iterable[Listing]) -> Iterator[Entry]:
        """The capacities of /skill/ and capacities.tab together, those that others lie under first."""
        found: dict[str, _Capacity] = {}
        for listing in listings:
            for record in listing.records:
                try:
                    self._read(listing.form, record, found)
                except InvalidRecord as error:
                    self._refuse(Reject.of(error, record, kind=EntityKind.CAPACITY, key=_number(record)))
        numbers: dict[str | None, str] = {
            capacity.wikidata: number for number, capacity in found.items() if capacity.wikidata
        }
        for number, capacity in found.items():
            try:
                yield self._capacity(number, capacity, numbers)
            except InvalidRecord as error:
                self._refuse(Reject.of(error, capacity.record, kind=EntityKind.CAPACITY, key=number))

    def organizations(self, listings: Iterable[Listing]) -> Iterator[Entry]:
        """The organizations of /organizations/; what only names a number is none."""
        for listing in listings:
            for record in listing.records:
                if "acronym" not in record.data and "name" in record.data:
                    continue
                try:
                    yield self._organization(record)
                except InvalidRecord as error:
                    self._refuse(Reject.of(error, record, kind=EntityKind.ORGANIZATION, key=_code(record)))

    # -- capacities

    def _read(self, form: Form, record: Record, found: dict[str, _Capacity]) -> None:
        number = _number(record)
        if not number:
            record.refuse("id", "must be the number of a capacity of the Capacity Exchange")
        capacity = found.setdefault(number, _Capacity(record))
        field_name = "skill_wikidata_item" if form is Form.SKILLS else "wikidata_item"
        wikidata = record.wikidata_item(field_name)
        if wikidata and capacity.wikidata not in (None, wikidata):
            record.refuse(field_name, f"is {capacity.wikidata} in another of the files")
        capacity.wikidata = wikidata or capacity.wikidata
        if form is Form.SKILLS:
            parent = record.data.get("skill_type")
            capacity.parent = str(parent) if isinstance(parent, int) else None
        else:
            capacity.labels |= _texts(record, "name")
            capacity.descriptions |= _texts(record, "description")

    def _capacity(self, number: str, said: _Capacity, numbers: Mapping[str | None, str]) -> Entry:
        record, keys = said.record, self._meaning.keys
        by_number = keys.find(EntityKind.CAPACITY, number)
        by_wikidata = keys.find(EntityKind.CAPACITY, said.wikidata) if said.wikidata else None
        if by_number and by_wikidata and by_number != by_wikidata:
            record.refuse("id", f"is {by_number} here, and {said.wikidata} is {by_wikidata}: merge them first")
        if said.wikidata and numbers[said.wikidata] != number:
            record.refuse("id", f"has the Wikidata item of {numbers[said.wikidata]} too")
        item = by_number or by_wikidata or ""
        if not item and "en" not in said.labels:
            record.refuse("name", "must have a name in English for a capacity that is new here: add capacities.tab")
        is_placed = bool(said.parent) and not item
        links = (Link("broader", EntityKind.CAPACITY, said.parent or ""),) if is_placed else ()
        values = (("capxId", number), *((("wikidataId", said.wikidata),) if said.wikidata else ()))
        entry = DirectoryEntry(
            EntityKind.CAPACITY,
            (number, *((said.wikidata,) if said.wikidata else ())),
            said.labels,
            values,
            descriptions=said.descriptions,
            links=links,
        )
        return Entry(record, number, entry, item)

    # -- organizations

    def _organization(self, record: Record) -> Entry:
        code, labels = record.required("acronym", longest=80), _named(record)
        if not labels:
            record.refuse("names", "must hold a name")
        values = [("code", code)]
        values += [
            (name, address)
            for field_name, name in (("website", "website"), ("meta_page", "metaPage"))
            if (address := record.url(field_name))
        ]
        item = self._meaning.keys.find(EntityKind.ORGANIZATION, code) or next(
            (found for name in labels.values() if (found := self._meaning.item(EntityKind.ORGANIZATION, name))), ""
        )
        kind = self._type(record)
        number = _number(record)
        entry = DirectoryEntry(
            EntityKind.ORGANIZATION,
            (code,),
            labels,
            tuple(values),
            links=tuple(self._links(record)),
            choices=(("organizationType", "OrganizationType", kind),) if kind else (),
        )
        return Entry(record, code, entry, item, evidence=PROFILE + number if number else "")

    def _type(self, record: Record) -> str:
        said = record.data.get("type")
        names = self._meaning.names(Form.TYPES, str(said)) if isinstance(said, int) else (str(said or ""),)
        return next((_TYPES[name.casefold()] for name in names if name.casefold() in _TYPES), "")

    def _links(self, record: Record) -> Iterator[Link]:
        """Statements about things that are here; what numbers of no list stand for is left out."""
        for one in _list(record, "territory"):
            form, text = Form.TERRITORIES, str(one)
            item = self._meaning.item_of_number(form, text) or self._meaning.item(EntityKind.TERRITORY, text)
            if item:
                yield Link("basedIn", EntityKind.TERRITORY, self._meaning.keys.key(item) or "")
        for field_name, names in _ROLES:
            for one in _list(record, field_name):
                if self._meaning.keys.find(EntityKind.CAPACITY, str(one)):
                    yield from (Link(name, EntityKind.CAPACITY, str(one)) for name in names)


def _number(record: Record) -> str:
    number = record.data.get("id")
    if isinstance(number, float) and number.is_integer():
        number = int(number)
    return str(number) if isinstance(number, int) and not isinstance(number, bool) and number > 0 else ""


def _code(record: Record) -> str:
    code = record.data.get("acronym")
    return code if isinstance(code, str) else ""


def _list(record: Record, name: str) -> list[Any]:
    value = record.data.get(name)
    if value is None:
        return []
    if not isinstance(value, list) or not all(isinstance(one, int | str) for one in value):
        record.refuse(name, "must be a list of numbers")
    return value


def _texts(record: Record, name: str) -> dict[str, str]:
    """Texts by language, or one in English as older tables have it; languages that no wiki has are left out."""
    value = record.data.get(name)
    if isinstance(value, str):
        text = record.prose(name, longest=LONGEST_TERM)
        return {"en": text} if text else {}
    plain = record.by_language(name) if value is not None else {}
    return {code.lower(): text for code, text in plain.items() if languages.is_known(code.lower())}


def _named(record: Record) -> dict[str, str]:
    """The names of an organization by language: a list of objects, and the English one beside it."""
    found: dict[str, str] = {}
    if english := record.prose("display_name", longest=LONGEST_TERM):
        found["en"] = english
    for one in record.children("names"):
        code = (one.optional("language_code") or "").lower()
        text = one.prose("name", longest=LONGEST_TERM)
        if text and languages.is_known(code):
            found[code] = text
    return found
