"""Natural keys of what the repository holds: which item is the person with this username, the language ``pt-br``.

An import matches its records against ``Keys`` and learns the ids that it allocates, so that records find each
other whatever their order in the files. It is filled by one scan of the repository and holds ids only, about
100 bytes a record.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from typing import Any

from capx_graph.items.drafts import Vocabulary, statements_of
from capx_graph.model import EntityJson, EntityKind, Page
from capx_graph.spelling import capital, spaced

CLASS_OF_KIND: Mapping[EntityKind, str] = {
    EntityKind.CAPACITY: "Capacity",
    EntityKind.TERRITORY: "Territory",
    EntityKind.LANGUAGE: "Language",
    EntityKind.WIKIMEDIA_PROJECT: "WikimediaProject",
    EntityKind.ORGANIZATION: "Organization",
    EntityKind.PERSON: "Person",
    EntityKind.EVENT: "Event",
    EntityKind.PROJECT: "Project",
}
"""The ontology's class of each kind of record."""

KEY_PROPERTIES: Mapping[EntityKind, tuple[str, ...]] = {
    EntityKind.CAPACITY: ("wikidataId", "capxId"),
    EntityKind.PERSON: ("username",),
}
"""The properties that identify a record; ``code`` for every kind not named here."""


class Keys:
    """Item ids by kind and natural key."""

    def __init__(self) -> None:
        self._ids: dict[EntityKind, dict[str, str]] = {kind: {} for kind in CLASS_OF_KIND}
        self._kinds: dict[str, EntityKind] = {}

    def find(self, kind: EntityKind, key: str) -> str | None:
        """The item with this key; None where nobody has said so."""
        return self._ids[kind].get(key)

    def learn(self, kind: EntityKind, key: str, entity_id: str) -> None:
        """An item has this key; of two that claim one the first keeps it."""
        self._ids[kind].setdefault(key, entity_id)
        self._kinds[entity_id] = kind

    def forget(self, kind: EntityKind, key: str) -> None:
        """A record of the import was refused: nothing may point to it."""
        self._ids[kind].pop(key, None)

    def kind(self, entity_id: str) -> EntityKind | None:
        """What an item is, None for one without a key."""
        return self._kinds.get(entity_id)

    def key(self, entity_id: str) -> str | None:
        """The first key of an item; a search through all of its kind, for messages."""
        found = self._ids[self._kinds[entity_id]] if entity_id in self._kinds else {}
        return next((key for key, known in found.items() if known == entity_id), None)

    def names(self) -> dict[str, str]:
        """The first key of every item, by item id."""
        names: dict[str, str] = {}
        for ids in self._ids.values():
            for key, entity_id in ids.items():
                names.setdefault(entity_id, key)
        return names

    def ids(self) -> Iterable[str]:
        """All items with a key."""
        return self._kinds

    def of_kind(self, kind: EntityKind) -> Mapping[str, str]:
        """Item ids by key, in the order they became known."""
        return self._ids[kind]


class KeyReader:
    """Reads kind and natural keys out of entities of one Wikibase."""

    def __init__(self, vocabulary: Vocabulary) -> None:
        self._class_property = vocabulary.property_id("instanceOf")
        self._kinds = {vocabulary.item_id(name): kind for kind, name in CLASS_OF_KIND.items()}
        self._properties = {
            kind: tuple(vocabulary.property_id(name) for name in KEY_PROPERTIES.get(kind, ("code",)))
            for kind in CLASS_OF_KIND
        }

    def kind(self, entity: EntityJson) -> EntityKind | None:
        """What an entity is about, by its first class that the ontology knows."""
        return next(iter(self.kinds(entity)), None)

    def kinds(self, entity: EntityJson) -> tuple[EntityKind, ...]:
        """All that an entity says it is, in the order of its classes."""
        return tuple(self._kinds[value] for value in values_of(entity, self._class_property) if value in self._kinds)

    def keys(self, entity: EntityJson, kind: EntityKind) -> Iterator[str]:
        """The natural keys of an entity, the strongest first."""
        for property_id in self._properties[kind]:
            yield from values_of(entity, property_id)

    def is_only(self, entity: EntityJson, names: Iterable[str]) -> bool:
        """Whether an entity is a person and nothing else, with one of these as its only username."""
        name = self.only_name(entity)
        return name is not None and folded(name) in map(folded, names)

    def only_name(self, entity: EntityJson) -> str | None:
        """The only username of whatever rank of what is a person and nothing else, as far as the ontology knows.

        Anybody may write one name more on an item of a public wiki: that makes it nobody else's.
        """
        classes = {self._kinds[value] for value in values_of(entity, self._class_property) if value in self._kinds}
        (property_id,) = self._properties[EntityKind.PERSON]
        is_one = len(statements_of(entity, property_id)) == 1 and classes == {EntityKind.PERSON}
        return next(values_of(entity, property_id), None) if is_one else None

    def scan(self, pages: Iterable[Page]) -> Keys:
        """The keys of all these pages; where two pages claim a key, the one that comes first has it."""
        keys = Keys()
        for page in pages:
            self.read(page, keys)
        return keys

    def read(self, page: Page, keys: Keys) -> EntityKind | None:
        """Teaches ``keys`` those of one page; answers what the page is about."""
        kind = self.kind(page.entity) if page.entity is not None else None
        if kind is not None and page.entity is not None:
            for key in self.keys(page.entity, kind):
                keys.learn(kind, key, page.entity_id)
        return kind


def folded(name: str) -> str:
    """A username as all its spellings are compared: spaces for underscores, the first letter large."""
    return capital(spaced(name))


def value_of(statement: Mapping[str, Any]) -> object:
    """What a statement has as its value, None where that is unknown or that there is none."""
    return statement["mainsnak"].get("datavalue", {}).get("value")


def values_of(entity: EntityJson, property_id: str) -> Iterator[str]:
    """Item ids and strings that an entity's statements about a property have, deprecated ones left out."""
    for statement in statements_of(entity, property_id):
        snak = statement["mainsnak"]
        if statement.get("rank") != "deprecated" and isinstance(snak, Mapping) and "datavalue" in snak:
            value = snak["datavalue"]["value"]
            yield value["id"] if isinstance(value, Mapping) else value
