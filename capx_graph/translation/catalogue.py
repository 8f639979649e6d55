"""The capacities and their texts as units of exchange, read from the repository alone.

This package and jobs import it. It works beside a running service, which holds the graph.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime

from capx_graph.importers.directory import ACTOR as DIRECTORY
from capx_graph.instants import from_epoch
from capx_graph.items.keys import values_of
from capx_graph.model import EntityJson, Page
from capx_graph.ontology import Instance
from capx_graph.repository.store import Repository
from capx_graph.translation.histories import Histories
from capx_graph.translation.model import FIELDS, PARTS

_AT_ONCE = 500


@dataclass(frozen=True, slots=True)
class Unit:
    """One text of one capacity: ``key`` as in the bundle (``Q11024-label``), and its language."""

    item: str
    key: str
    name: str
    language: str


@dataclass(frozen=True, slots=True)
class Text:
    """A text and when it was written; ``at`` None where that is not known.

    ``draft`` says that nobody who speaks the language has looked at it, here, or that it is marked as outdated, there.
    """

    text: str
    at: datetime | None = None
    draft: bool = False


@dataclass(frozen=True, slots=True)
class Entry:
    """A capacity with its place in the bundle."""

    page: Page
    key: str


class Catalogue:
    """The capacities of one repository, those that are not retired."""

    def __init__(self, repository: Repository, instance: Instance) -> None:
        self._repository = repository
        self._instance = instance
        self._histories = Histories(repository)
        self._class = instance.item_id("Capacity")
        self._properties = {
            name: instance.property_id(name)
            for name in ("instanceOf", "wikidataId", "capxId", "retired", "unreviewedLanguage")
        }

    def items(self) -> list[str]:
        """The items of all capacities, retired ones too."""
        return [page.entity_id for page in self._pages()]

    def entries(self) -> list[Entry]:
        """The capacities by their keys, which are their Wikidata ids; else ``capx`` and their id in the Capacity
        Exchange; else ``local`` and the number of the item. Of two that claim one key the older has it."""
        taken: dict[str, Entry] = {}
        for page in self._pages():
            assert page.entity is not None
            if not self._value(page.entity, "retired"):
                key = next(key for key in self._keys(page.entity_id, page.entity) if key not in taken)
                taken[key] = Entry(page, key)
        return list(taken.values())

    def texts(self, entry: Entry) -> Mapping[Unit, Text]:
        """The texts of a capacity. One that the starter directory brought has no time: nobody here wrote it."""
        entity = entry.page.entity
        assert entity is not None
        history = self._histories.of(entry.page)
        unreviewed = set(values_of(entity, self._properties["unreviewedLanguage"]))
        found = {}
        for name in FIELDS:
            for language, term in entity[PARTS[name]].items():
                written = history.last(name, language)
                own = written is not None and written.actor != DIRECTORY
                at = from_epoch(written.at) if written is not None and own else None
                unit = Unit(entry.page.entity_id, f"{entry.key}-{name}", name, language)
                found[unit] = Text(str(term["value"]), at, language in unreviewed)
        return found

    def marks(self, entity: EntityJson, language: str) -> list[str]:
        """The ids of the statements that say the texts in a language await review."""
        statements = entity["claims"].get(self._properties["unreviewedLanguage"], ())
        return [s["id"] for s in statements if s["mainsnak"].get("datavalue", {}).get("value") == language]

    def is_language(self, code: str) -> bool:
        """Whether texts may be in this language here."""
        return self._repository.settings.is_term_language(code)

    def page(self, item: str) -> Page | None:
        """A capacity as it stands now."""
        return self._repository.page(item)

    def _pages(self) -> Iterator[Page]:
        """What says that it is a capacity, found by what mentions the class."""
        start = 0
        while lines := self._repository.history.backlinks(self._class, start=start, limit=_AT_ONCE, redirects=False):
            for page in self._repository.pages([line.entity_id for line in lines]).values():
                if page.entity is not None and page.owner is None and self._is_capacity(page.entity):
                    yield page
            start = lines[-1].page_id + 1

    def _is_capacity(self, entity: EntityJson) -> bool:
        return self._class in values_of(entity, self._properties["instanceOf"])

    def _keys(self, item: str, entity: EntityJson) -> Iterator[str]:
        if wikidata := self._value(entity, "wikidataId"):
            yield wikidata
        if capx := self._value(entity, "capxId"):
            yield f"capx{capx}"
        yield f"local{item[1:]}"

    def _value(self, entity: EntityJson, name: str) -> str | None:
        return next(values_of(entity, self._properties[name]), None)
