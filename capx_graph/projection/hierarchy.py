"""What one entity's triples take from others: parents, colours of roots, redirects; given out by the package.

A Hierarchy never changes: ``with_facts`` makes the next one, and ``concerned`` names the entities for which the two
differ. Ids are resolved through redirects on every way, and no cycle of parents or redirects can hold anybody up.
Where a Wikibase has no tree, that of our directory stands in (``kepttree``).
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from capx_graph.projection.kepttree import NOBODY, Identity, KeptEntry, KeptTree

_NOTHING: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class NodeFacts:
    """What an entity itself says: its parents in each hierarchy, its colour, where it redirects to.

    ``identity`` tells which entry of the directory it is, where the directory keeps the tree.
    """

    parents: tuple[tuple[str, ...], ...] = ()
    colour: str | None = None
    redirect_to: str | None = None
    identity: Identity = NOBODY

    def __bool__(self) -> bool:
        return any(self.parents) or self.colour is not None or self.redirect_to is not None or bool(self.identity)


class Hierarchy:
    """All hierarchies at one moment; ``facts`` holds only entities that say something.

    ``kept`` is the tree that the directory keeps for the hierarchy with the number ``kept_as``.
    """

    def __init__(
        self, facts: Mapping[str, NodeFacts] | None = None, *, kept: KeptTree | None = None, kept_as: int = 0
    ) -> None:
        self._kept = kept
        self._kept_as = kept_as
        self._facts = {entity_id: node for entity_id, node in (facts or {}).items() if node}
        self._redirects = {id_: node.redirect_to for id_, node in self._facts.items() if node.redirect_to is not None}
        self._ancestors: dict[tuple[int, str], tuple[str, ...]] = {}
        self._entries = self._placed() if kept else {}
        self._homes = {entry.name: id_ for id_, entry in sorted(self._entries.items(), key=_newest_first)}

    def with_facts(self, changes: Mapping[str, NodeFacts | None]) -> Hierarchy:
        """The hierarchy after entities said something else (None: nothing any more); the same one if none did."""
        if all(self._facts.get(id_) == (node or None) for id_, node in changes.items()):
            return self
        facts = {**self._facts, **{id_: node or NodeFacts() for id_, node in changes.items()}}
        return Hierarchy(facts, kept=self._kept, kept_as=self._kept_as)

    def resolve(self, entity_id: str) -> str:
        """The entity that an id stands for, redirects followed."""
        if entity_id not in self._redirects:
            return entity_id
        seen = {entity_id}
        while (target := self._redirects.get(entity_id)) is not None and target not in seen:
            seen.add(target)
            entity_id = target
        return entity_id

    def ancestors(self, which: int, entity_id: str) -> tuple[str, ...]:
        """Everything above an entity, nearest first, the entity itself never."""
        known = self._ancestors.get((which, entity_id))
        if known is None:
            known = self._ancestors[which, entity_id] = tuple(self._distances(which, entity_id))[1:]
        return known

    def roots(self, which: int, entity_id: str) -> tuple[str, ...]:
        """The tops of the branches that an entity lies in, itself if nothing is above it."""
        lineage = (entity_id, *self.ancestors(which, entity_id))
        return tuple(id_ for id_ in lineage if not self._parents(which, id_))

    def depth(self, which: int, entity_id: str) -> int | None:
        """1 for a root, else one more than the number of steps to the nearest root; None inside a cycle."""
        distances = self._distances(which, entity_id)
        return min((steps + 1 for id_, steps in distances.items() if not self._parents(which, id_)), default=None)

    def colour(self, entity_id: str) -> str | None:
        """The colour that an entity says for itself, or that the directory keeps for it."""
        node = self._facts.get(entity_id)
        return (node.colour if node else None) or self.kept_colour(entity_id)

    def kept_entry(self, entity_id: str) -> KeptEntry | None:
        """The entry of the directory that keeps what the Wikibase does not have of an entity."""
        return self._entries.get(entity_id)

    def kept_parents(self, which: int, entity_id: str) -> tuple[str, ...]:
        """What the directory puts above an entity: the nearest entry above that the Wikibase has."""
        entry = self._entries.get(entity_id)
        if self._kept is None or not self._kept.has_places or which != self._kept_as or entry is None:
            return _NOTHING
        while entry.above is not None:
            entry = self._kept.entries[entry.above]
            if entry.name in self._homes:
                return (self._homes[entry.name],)
        return _NOTHING

    def kept_colour(self, entity_id: str) -> str | None:
        """The colour that the directory keeps for an entity."""
        entry = self._entries.get(entity_id)
        return entry.colour if entry and self._kept and self._kept.has_colours else None

    def kept_keys(self, entity_id: str) -> tuple[str, ...]:
        """The identifiers of an entity that lie on other items, such as ``wikidataId:Q11024``."""
        node = self._facts.get(entity_id)
        items = node.identity.items if node is not None and node.identity.is_capacity else ()
        found = (self._facts.get(self.resolve(item)) for item in items)
        return tuple(sorted({key for one in found if one is not None for key in one.identity.keys}))

    def concerned(self, after: Hierarchy) -> tuple[set[str], set[str]]:
        """Whom a change from this hierarchy to ``after`` concerns: ids whose surroundings differ, and ids that now
        stand for another entity than before."""
        placed: set[str] = set()
        renamed: set[str] = set()
        for entity_id in self._facts.keys() | after._facts.keys():
            if self.resolve(entity_id) != after.resolve(entity_id):
                renamed.add(entity_id)
            if self._surroundings(entity_id) != after._surroundings(entity_id):
                placed.add(entity_id)
        return placed, renamed

    def _surroundings(self, entity_id: str) -> object:
        node = self._facts.get(entity_id)
        hierarchies = range(len(node.parents)) if node else ()
        kept = (self._entries.get(entity_id), self.kept_keys(entity_id))
        return kept, [
            (
                self.kept_parents(which, entity_id),
                sorted(self.ancestors(which, entity_id)),
                self.depth(which, entity_id),
                sorted((root, self.colour(root) or "") for root in self.roots(which, entity_id)),
            )
            for which in hierarchies
        ]

    def _parents(self, which: int, entity_id: str) -> tuple[str, ...]:
        node = self._facts.get(entity_id)
        if node is None or which >= len(node.parents):
            return _NOTHING
        if not node.parents[which] and entity_id in self._entries:
            return self.kept_parents(which, entity_id)
        if not self._redirects:
            return node.parents[which]
        return tuple(dict.fromkeys(self.resolve(parent) for parent in node.parents[which]))

    def _placed(self) -> dict[str, KeptEntry]:
        """The entries of the directory that capacities are."""
        assert self._kept is not None, "whoever keeps nothing places nobody"
        found: dict[str, KeptEntry] = {}
        for entity_id, node in self._facts.items():
            if node.identity.is_capacity:
                entry = self._kept.entry((*node.identity.keys, *self.kept_keys(entity_id)))
                if entry is not None:
                    found[entity_id] = entry
        return found

    def _distances(self, which: int, entity_id: str) -> dict[str, int]:
        """Steps upwards to the entity itself (0) and to everything above it, nearest first."""
        distances = {entity_id: 0}
        level = [entity_id]
        while level:
            above = [parent for id_ in level for parent in self._parents(which, id_)]
            level = [id_ for id_ in dict.fromkeys(above) if id_ not in distances]
            steps = max(distances.values()) + 1
            distances.update(dict.fromkeys(level, steps))
        return distances


def _newest_first(entry: tuple[str, KeptEntry]) -> int:
    """Of several capacities that are one entry, the oldest is the parent of those below."""
    return -int(entry[0][1:])
