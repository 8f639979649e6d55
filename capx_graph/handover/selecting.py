"""What is handed over: items of the ontology's classes; and by which keys an item there is known as one here.

This package and its jobs import it. Terms of the ontology itself are paired by the mappings of ids; everything else by
an exact-match statement, or by the natural key of its class where that is nobody else's.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass

from capx_graph.handover.reading import Remote
from capx_graph.model import EntityJson
from capx_graph.ontology import Instance
from capx_graph.ontology.instance import Lookup

COUNTERPART = "counterpart"
PERSON = "Person"
CLASSES = (
    "Region",
    "Territory",
    "Language",
    "WikimediaProject",
    "Capacity",
    "Organization",
    "Project",
    "Event",
    PERSON,
)
"""Classes whose items are handed over, those first that others name."""

_KEYS: Mapping[str, tuple[str, ...]] = {"Capacity": ("wikidataId", "capxId"), PERSON: ("username",)}
_OTHER_KEYS = ("code", "wikidataId")

Key = tuple[str, str, str]
"""Class, property and value."""


@dataclass(frozen=True, slots=True)
class Selection:
    """What one Wikibase hands over; ``people`` says whether persons are part of it."""

    instance: Instance
    people: bool

    @property
    def classes(self) -> dict[str, str]:
        """Class names by their item ids, in order."""
        wanted = [name for name in CLASSES if self.instance.maps(name) and (self.people or name != PERSON)]
        return {self.instance.item_id(name): name for name in wanted}

    def class_of(self, entity: EntityJson) -> str | None:
        """The class for which an item is handed over, None for one that is not."""
        if self.instance.term_of_item(str(entity.get("id"))) is not None:
            return None
        said = self.instance.values("instanceOf", entity, _nothing)
        classes = self.classes
        if not self.people and self.instance.maps(PERSON) and self.instance.item_id(PERSON) in said:
            return None
        return next((name for entity_id, name in classes.items() if entity_id in said), None)

    def keys(self, entity: EntityJson, class_name: str, lookup: Lookup) -> Iterator[Key]:
        """The natural keys of an item, the strongest first; a region is a territory."""
        kind = "Territory" if class_name == "Region" else class_name
        for name in _KEYS.get(kind, _OTHER_KEYS):
            if self.instance.maps(name):
                yield from ((kind, name, value) for value in self.instance.values(name, entity, lookup))

    def counterparts(self, entity: EntityJson) -> tuple[str, ...]:
        """The IRIs that an item says it equals."""
        if not self.instance.maps(COUNTERPART):
            return ()
        return self.instance.values(COUNTERPART, entity, _nothing)

    def second_items(self, entities: Iterable[EntityJson]) -> set[str]:
        """The items on which values of these are kept, where the mapping says that they are on a second one."""
        found: set[str] = set()
        for name in ("wikidataId", "capxId"):
            path = self.instance.path_of(name)
            if path is not None:
                for entity in entities:
                    found.update(values_of(entity, path.steps[0].property_id))
        return found


def unique_keys(of: Mapping[str, Iterable[Key]]) -> tuple[dict[Key, str], dict[Key, int]]:
    """The items by those keys that one item alone has, and how many have each of the others."""
    counts = Counter(key for keys in of.values() for key in set(keys))
    found = {key: entity_id for entity_id, keys in of.items() for key in keys if counts[key] == 1}
    return found, {key: count for key, count in counts.items() if count > 1}


def values_of(entity: EntityJson, property_id: str) -> Iterator[str]:
    """Item ids that an entity's statements about a property have."""
    for statement in entity.get("claims", {}).get(property_id, ()):
        value = statement["mainsnak"].get("datavalue", {}).get("value")
        if isinstance(value, Mapping) and "id" in value:
            yield str(value["id"])


def values_in(instance: Instance, name: str, entity: EntityJson, second: Mapping[str, Remote]) -> tuple[str, ...]:
    """The values of a term, whose second items were read."""
    return instance.values(name, entity, lambda entity_id: second[entity_id].entity if entity_id in second else None)


def label_of(entity: EntityJson) -> str:
    """A name for messages."""
    labels = entity.get("labels", {})
    best = labels.get("en") or next(iter(labels.values()), None)
    return str(best["value"]) if best else str(entity.get("id", ""))


def _nothing(entity_id: str) -> EntityJson | None:  # noqa: ARG001 values of these terms are on the item itself
    return None
