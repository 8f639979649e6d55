"""The tree of our own directory, for a Wikibase that has none; only this package imports it.

Which entry of the directory a capacity is follows from its identifiers, which may lie on a second item (MetaBase: an
index term knows the Wikidata id). The place of the entry in the tree becomes the place of the capacity; where the
Wikibase lacks the entry above, the next one above that.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass

from capx_graph.namespaces import CAPX_DIRECTORY
from capx_graph.ontology import DirectoryEntry, Instance, load_capacities
from capx_graph.terms import NamedNode, iri

HIERARCHY = "broader"
COLOUR = "colour"
_CLASS = "Capacity"
_KEYS = ("capxId", "wikidataId")
"""What identifies a capacity, the surest first: several capacities may share a Wikidata item."""

Strings = Callable[[str], Sequence[str]]
"""The best values of a property (P id) of one entity: texts, or ids of items."""


@dataclass(frozen=True, slots=True)
class KeptEntry:
    """An entry of the directory: ``above`` is the name of the entry over it."""

    name: str
    node: NamedNode
    above: str | None
    colour: str | None


@dataclass(frozen=True, slots=True)
class SecondItem:
    """An identifier on a second item: the property that leads there, the class of that, the property there."""

    key: str
    leads: str
    to: str | None
    holds: str


@dataclass(frozen=True, slots=True)
class Identity:
    """What an entity says that tells which entry it is: keys of its own, and items that may have more."""

    is_capacity: bool = False
    keys: tuple[str, ...] = ()
    items: tuple[str, ...] = ()

    def __bool__(self) -> bool:
        return self.is_capacity or bool(self.keys)


NOBODY = Identity()


@dataclass(frozen=True, slots=True)
class KeptTree:
    """The entries by name and by key, and where a Wikibase has the keys."""

    entries: Mapping[str, KeptEntry]
    named: Mapping[str, str]
    has_places: bool
    has_colours: bool
    type_id: str
    class_id: str
    own: tuple[tuple[str, str], ...]
    second: tuple[SecondItem, ...]

    @property
    def keeps(self) -> tuple[str, ...]:
        """The names of the properties that are kept."""
        return (*([HIERARCHY] if self.has_places else []), *([COLOUR] if self.has_colours else []))

    @property
    def properties(self) -> tuple[str, ...]:
        """The P ids whose values ``identity`` asks for."""
        second = (id_ for step in self.second for id_ in (step.leads, step.holds))
        return tuple(dict.fromkeys((self.type_id, *(id_ for _, id_ in self.own), *second)))

    def identity(self, values: Strings) -> Identity:
        """What an entity says of which entry it is; nothing for almost all entities."""
        types = values(self.type_id)
        is_capacity = self.class_id in types
        keys = [f"{key}:{text}" for key, id_ in self.own for text in values(id_)] if is_capacity else []
        keys += [
            f"{step.key}:{text}"
            for step in self.second
            if step.to is None or step.to in types
            for text in values(step.holds)
        ]
        items = {item for step in self.second for item in values(step.leads)} if is_capacity else set()
        return Identity(is_capacity, tuple(sorted(set(keys))), tuple(sorted(items)))

    def entry(self, keys: Sequence[str]) -> KeptEntry | None:
        """The entry that one of the keys names, the surest key first."""
        found = (self.named.get(key) for key in sorted(keys))
        return next((self.entries[name] for name in found if name is not None), None)


def kept_tree(instance: Instance) -> KeptTree | None:
    """The tree that our directory keeps for a Wikibase; None where that has its own."""
    kept = instance.kept_in_directory & {HIERARCHY, COLOUR}
    if not kept or not instance.maps(_CLASS) or not instance.maps("instanceOf"):
        return None
    entries = load_capacities()
    own, second = [], []
    for key in filter(instance.maps, _KEYS):
        path = instance.path_of(key)
        if path is None or path.of != _CLASS:
            own.append((key, instance.property_id(key)))
        elif len(path.steps) == 2:
            first, last = path.steps
            second.append(SecondItem(key, first.property_id, first.leads_to, last.property_id))
    return KeptTree(
        entries={name: _entry(name, entry) for entry in entries for name in [_name(entry)]},
        named={f"{key}:{text}": _name(entry) for entry in entries for key, text in entry.values if key in _KEYS},
        has_places=HIERARCHY in kept,
        has_colours=COLOUR in kept,
        type_id=instance.property_id("instanceOf"),
        class_id=instance.item_id(_CLASS),
        own=tuple(own),
        second=tuple(second),
    )


def _name(entry: DirectoryEntry) -> str:
    return dict(entry.values)["capxId"]


def _entry(name: str, entry: DirectoryEntry) -> KeptEntry:
    above = next((link.key for link in entry.links if link.property_name == HIERARCHY), None)
    colour = dict(entry.values).get(COLOUR)
    return KeptEntry(name, iri(f"{CAPX_DIRECTORY}capacity/{name}"), above, colour)
