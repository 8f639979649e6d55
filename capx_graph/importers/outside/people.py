"""A record about a person as a draft of their profile: each value with the words of its source; only this package.

A value that is wrong by its form refuses the record; one that means nothing here is kept in its own words, for its
owner to choose what it means.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping
from datetime import date
from typing import Any

from capx_graph import languages
from capx_graph.accounts import DraftRecord, Said, canonical_name
from capx_graph.errors import InvalidInput
from capx_graph.importers.outside.forms import RECONCILED, Form, kind_of
from capx_graph.importers.outside.meaning import Meaning
from capx_graph.importers.records import Record
from capx_graph.model import EntityKind
from capx_graph.spelling import spaced

LETS_CONNECT, EXCHANGE, COMMONS, RECORDS = "letsconnect", "capx", "commons", "records"
"""The sources that drafts have."""
MOST_VALUES = 500
LONGEST = 2000
_WITH_LEVEL = re.compile(r"(.+?)\s*[:=]\s*([0-5n])", re.IGNORECASE)
"""A language with its level on the Babel scale, as in ``pt-br:n``."""
_PRONOUNS = frozenset({"he-him", "she-her", "they-them", "other"})
_LEVELS = frozenset("012345n")
_FILE = re.compile(r"https?://(?:commons\.wikimedia\.org/wiki/(?:File:|Special:(?:Redirect/file|FilePath)/)|"
                   r"upload\.wikimedia\.org/wikipedia/commons/(?:thumb/)?\w/\w\w/)([^/?#]+)", re.I)  # fmt: skip
_SKILLS = (("skills_known", "knows"), ("skills_available", "offers"), ("skills_wanted", "wants"))
_ROLES = (("known", "knows"), ("available", "offers"), ("wanted", "wants"))
_COLUMNS: tuple[tuple[str, EntityKind, tuple[str, ...]], ...] = (
    ("want_to_learn", EntityKind.CAPACITY, ("wants",)),
    ("want_to_share", EntityKind.CAPACITY, ("offers", "knows")),
    ("languages", EntityKind.LANGUAGE, ("speaks",)),
    ("territory", EntityKind.TERRITORY, ("basedIn",)),
    ("affiliation", EntityKind.ORGANIZATION, ("affiliatedWith",)),
    ("projects", EntityKind.WIKIMEDIA_PROJECT, ("contributesTo",)),
)
_LISTS = (
    ("territory", Form.TERRITORIES, "basedIn"),
    ("affiliation", Form.ORGANIZATIONS, "affiliatedWith"),
    ("wikimedia_project", Form.PROJECTS, "contributesTo"),
)
_BENCH = (
    ("territories", EntityKind.TERRITORY, "basedIn"),
    ("affiliations", EntityKind.ORGANIZATION, "affiliatedWith"),
    ("projects", EntityKind.WIKIMEDIA_PROJECT, "contributesTo"),
)

Badges = Mapping[str, str]
"""What badges are called, by their number."""


class People:
    """Makes drafts; ``meaning`` has learned what there is."""

    def __init__(self, meaning: Meaning, badges: Badges) -> None:
        self._meaning = meaning
        self._badges = badges
        self._makers: Mapping[Form, tuple[str, Callable[[Record], Iterator[Said]]]] = {
            Form.LETS_CONNECT: (LETS_CONNECT, self._lets_connect),
            Form.PEOPLE: (EXCHANGE, self._exchange),
            Form.USERS_TAB: (COMMONS, self._commons),
        }

    def draft(self, form: Form, record: Record) -> DraftRecord:
        """The draft of a record; raises InvalidRecord naming the first field that cannot be taken."""
        source, maker = self._makers[form]
        return self._made(record, source, maker, record.data.get("last_update") or record.data.get("date"))

    def bench_draft(self, record: Record) -> DraftRecord:
        """The same of a record of the bench format."""
        return self._made(record, RECORDS, self._bench, record.data.get("last_update"))

    def _made(
        self, record: Record, source: str, maker: Callable[[Record], Iterator[Said]], dated: object
    ) -> DraftRecord:
        name = username_of(record)
        values = tuple(dict.fromkeys(maker(record)))
        if len(values) > MOST_VALUES:
            record.refuse("username", f"has more than {MOST_VALUES} values")
        file, _, row = record.where.rpartition(":")
        return DraftRecord(name, source, file, int(row), values, _day(dated))

    # -- one method a form

    def _lets_connect(self, record: Record) -> Iterator[Said]:
        for field, kind, names in _COLUMNS:
            for text, item in self._column(record, field, kind):
                levelled = _WITH_LEVEL.fullmatch(text) if kind is EntityKind.LANGUAGE and not item else None
                if levelled:
                    meant = self._meaning.item(kind, levelled[1])
                    yield from (Said(name, text, meant, level=levelled[2].lower()) for name in names)
                else:
                    yield from (Said(name, text, item) for name in names)

    def _column(self, record: Record, field: str, kind: EntityKind) -> Iterator[tuple[str, str]]:
        """What a column says with what it was reconciled to, where the file has both."""
        said = self._cells(record, field, kind)
        reconciled = self._cells(record, field + RECONCILED, kind)
        item = self._meaning.item
        if reconciled and len(reconciled) != len(said):
            found = {item(kind, text): text for text in reconciled}
            own = [text for text in said if not (meant := item(kind, text)) or meant not in found]
            said, reconciled = [*own, *reconciled], [*own, *reconciled]
        for text, other in zip(said, reconciled or said, strict=True):
            yield text, item(kind, other) or item(kind, text)

    def _exchange(self, record: Record) -> Iterator[Said]:
        yield from self._about(record)
        for field, name in _SKILLS:
            yield from (self._numbered(name, Form.SKILLS, one) for one in _list(record, field))
        for one in _list(record, "language"):
            yield self._spoken(record, one)
        for field, form, name in _LISTS:
            yield from (self._numbered(name, form, one) for one in _list(record, field))
        yield from self._extra(record)

    def _commons(self, record: Record) -> Iterator[Said]:
        for field, name in _SKILLS:
            for text in self._cells(record, field, EntityKind.CAPACITY):
                yield self._numbered(name, Form.SKILLS, text)
        for text in self._cells(record, "badges", EntityKind.CAPACITY):
            yield self._badge(text)

    def _bench(self, record: Record) -> Iterator[Said]:
        yield from self._about(record)
        for field, name in _ROLES:
            yield from (self._meant(name, EntityKind.CAPACITY, text) for text in record.texts(field))
        for spoken in record.children("languages"):
            code, level = spoken.required("code"), spoken.optional("proficiency") or ""
            yield Said("speaks", code, self._meaning.item(EntityKind.LANGUAGE, code), level=_level(spoken, level))
        for field, kind, name in _BENCH:
            yield from (self._meant(name, kind, text) for text in record.texts(field))

    # -- parts

    def _about(self, record: Record) -> Iterator[Said]:
        if name := record.prose("display_name"):
            yield Said("displayName", name)
        if (pronoun := record.optional("pronoun")) in _PRONOUNS:
            yield Said("pronoun", pronoun)
        if text := record.prose("about", longest=LONGEST):
            yield Said("about", text, language=self._language_of(record.data.get("about_language")))
        if wikidata := record.wikidata_item("wikidata_qid"):
            yield Said("wikidataId", wikidata)
        address = record.data.get("profile_image")
        if isinstance(address, str) and (found := _FILE.match(address)):
            yield Said("image", _file_name(found[1]))

    def _extra(self, record: Record) -> Iterator[Said]:
        """What a profile here has no place for; its owner sees it and may put it elsewhere."""
        if team := record.prose("team"):
            yield Said("team", team)
        for text in _addresses(record.data.get("social")):
            yield Said("social", text)
        for one in _list(record, "badges"):
            yield self._badge(_shown(one))

    def _numbered(self, name: str, form: Form, value: object) -> Said:
        """A value of a list of the Capacity Exchange: a number, or the name of the thing."""
        number = _shown(value)
        if isinstance(value, dict) and isinstance(value.get("name"), str):
            return self._meant(name, kind_of(form), value["name"])
        if not number.isdigit():
            return self._meant(name, kind_of(form), number)
        return Said(name, self._meaning.named(form, number), self._meaning.item_of_number(form, number))

    def _meant(self, name: str, kind: EntityKind, text: str) -> Said:
        return Said(name, text[:LONGEST], self._meaning.item(kind, text))

    def _spoken(self, record: Record, value: object) -> Said:
        level = str(value.get("proficiency") or "") if isinstance(value, dict) else ""
        said = self._numbered("speaks", Form.LANGUAGES, value)
        return Said(said.name, said.text, said.item, level=_level(record, level))

    def _badge(self, text: str) -> Said:
        number, _, _ = text.partition("§")  # an external badge has the key of its proof behind
        return Said("badge", self._badges.get(number, number))

    def _language_of(self, value: object) -> str:
        text = _shown(value)
        known = languages.monolingual_codes()
        if text in known:
            return text
        names = self._meaning.names(Form.LANGUAGES, text)
        return next((name for name in names if name in known), "")

    def _cells(self, record: Record, field: str, kind: EntityKind) -> list[str]:
        value = record.data.get(field)
        if not (value is None or isinstance(value, str | int | list)):
            record.refuse(field, "must be text or a list")
        if isinstance(value, str) and len(value) > LONGEST * 10:
            record.refuse(field, f"must have at most {LONGEST * 10} characters")
        return [text[:LONGEST].replace("&#44;", ",") for text in self._meaning.split(kind, value)]


def username_of(record: Record) -> str:
    """The name that a record is about, as a wiki writes it; raises InvalidRecord."""
    value = record.data.get("username")
    if not isinstance(value, str) or not value.strip():
        record.refuse("username", "must not be empty")
    plain = spaced(value)
    if plain[:5].casefold() == "user:":
        plain = plain[5:].strip()
    try:
        return canonical_name(plain)
    except InvalidInput:
        record.refuse("username", "cannot be the name of an account of a wiki")


def _list(record: Record, field: str) -> list[Any]:
    value = record.data.get(field)
    if value is None or value == "":
        return []
    if not isinstance(value, list):
        record.refuse(field, "must be a list")
    if any(isinstance(one, list | bool) or one is None for one in value):
        record.refuse(field, "must be a list of numbers or names")
    return value


def _shown(value: object) -> str:
    if isinstance(value, dict):
        return _shown(next((value[key] for key in ("id", "name", "label") if value.get(key)), ""))
    return "" if value is None else str(value).strip()[:LONGEST]


def _level(record: Record, text: str) -> str:
    if text and text not in _LEVELS:
        record.refuse("proficiency", "must be one of 0 1 2 3 4 5 n")
    return text


def _addresses(value: object) -> Iterator[str]:
    """Pages elsewhere: texts, or objects and lists of texts."""
    if isinstance(value, str) and value.startswith(("http://", "https://")):
        yield value[:LONGEST]
    elif isinstance(value, dict | list):
        for one in value.values() if isinstance(value, dict) else value:
            yield from _addresses(one)


def _file_name(text: str) -> str:
    return spaced(text.replace("%20", " "))


def _day(value: object) -> str:
    """The day of a date as ISO 8601 writes it; empty for anything else."""
    text = str(value)[:10] if value else ""
    try:
        return date.fromisoformat(text).isoformat()
    except ValueError:
        return ""
