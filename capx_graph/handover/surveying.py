"""Which item here is which there: by what is remembered, by exact-match statements, by natural keys.

Only this package imports it. Nothing is guessed: a key that two items have pairs neither.
"""

from __future__ import annotations

from collections.abc import Mapping

from capx_graph.handover.reading import Remote
from capx_graph.handover.selecting import Key, unique_keys
from capx_graph.handover.sides import Sides, batches
from capx_graph.handover.state import Base, Pair
from capx_graph.model import EntityJson
from capx_graph.ontology.instance import Lookup


class Surveyor:
    """Finds which item here is which there."""

    def __init__(self, sides: Sides) -> None:
        self._sides = sides
        self.pairs: dict[str, Pair] = {}
        self.only_here: list[str] = []
        self.only_there: list[str] = []
        self.doubtful: dict[str, str] = {}
        """Ids there that could be more than one item here, or the other way round, and why."""

    def survey(self) -> None:
        """Reads both sides once; pairs that are known are taken as they are."""
        sides = self._sides
        self.pairs = {pair.here: pair for pair in sides.pairing.all()}
        known_there = {pair.there for pair in self.pairs.values()} | set(sides.pairing.remaining())
        here: dict[str, tuple[str, tuple[str, ...], list[Key]]] = {}
        for page in sides.repository.scan("item"):
            if page.entity is None or page.entity_id in self.pairs:
                continue
            class_name = sides.here.class_of(page.entity)
            if class_name is not None:
                keys = list(sides.here.keys(page.entity, class_name, _none))
                here[page.entity_id] = (class_name, sides.here.counterparts(page.entity), keys)
        there = self._read_unpaired(known_there)
        self._pair_by_counterparts(here, there)
        self._pair_by_keys({i: found[2] for i, found in here.items()}, {i: found[1] for i, found in there.items()})
        paired_there = {pair.there for pair in self.pairs.values()}
        order = {name: number for number, name in enumerate(sides.here.classes.values())}
        self.only_here = sorted((i for i in here if i not in self.pairs), key=lambda i: (order[here[i][0]], int(i[1:])))
        self.only_there = [i for i in there if i not in paired_there]

    def _read_unpaired(self, known: set[str]) -> dict[str, tuple[tuple[str, ...], list[Key]]]:
        sides = self._sides
        found: dict[str, tuple[tuple[str, ...], list[Key]]] = {}
        ids = [i for i in dict.fromkeys(sides.reader.linking_to(sides.there.classes)) if i not in known]
        for batch in batches(ids):
            entities = {i: r.entity for i, r in sides.reader.entities(batch).items() if r.entity is not None}
            second = sides.reader.entities(sides.there.second_items(entities.values()))
            for entity_id, entity in entities.items():
                class_name = sides.there.class_of(entity)
                if class_name is not None:
                    keys = list(sides.there.keys(entity, class_name, _looking(second)))
                    found[entity_id] = (sides.there.counterparts(entity), keys)
        return found

    def _pair_by_counterparts(
        self,
        here: Mapping[str, tuple[str, tuple[str, ...], list[Key]]],
        there: Mapping[str, tuple[tuple[str, ...], list[Key]]],
    ) -> None:
        """By exact-match statements of either side that lead to an item of the other."""
        sides = self._sides
        for entity_id, (said, _) in there.items():
            for iri in said:
                ours = iri.removeprefix(sides.base_here) if iri.startswith(sides.base_here) else ""
                if ours in here:
                    self._pair(ours, entity_id)
        for ours, (_, said, _) in here.items():
            for iri in said:
                theirs = iri.removeprefix(sides.base_there) if iri.startswith(sides.base_there) else ""
                if theirs in there:
                    self._pair(ours, theirs)

    def _pair_by_keys(self, here: Mapping[str, list[Key]], there: Mapping[str, list[Key]]) -> None:
        taken = {pair.there for pair in self.pairs.values()}
        left_here = {i: keys for i, keys in here.items() if i not in self.pairs}
        left_there = {i: keys for i, keys in there.items() if i not in taken}
        ours, twice_here = unique_keys(left_here)
        _, twice_there = unique_keys(left_there)
        for theirs, keys in left_there.items():
            for key in keys:
                if key in twice_there or key in twice_here:
                    if key in ours or key in twice_here:
                        self.doubtful[theirs] = f"more than one item has {key[1]} {key[2]!r}"
                elif key in ours:
                    self.doubtful.pop(theirs, None)
                    self._pair(ours[key], theirs)
                    break

    def _pair(self, ours: str, theirs: str) -> None:
        known = self.pairs.setdefault(ours, Pair(ours, theirs, Base())).there
        if known != theirs:
            self.doubtful[theirs] = f"{ours} is paired with {known} already"


def _looking(second: Mapping[str, Remote]) -> Lookup:
    return lambda entity_id: second[entity_id].entity if entity_id in second else None


def _none(entity_id: str) -> EntityJson | None:  # noqa: ARG001 values here are on the item itself
    return None
