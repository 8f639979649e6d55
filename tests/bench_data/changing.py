"""The bench data while it changes: edits of its records, and the differences that they make in the graph."""

from __future__ import annotations

import random
from collections.abc import Sequence
from typing import Any

from capx_graph.index import Index
from capx_graph.store.base import Delta
from capx_graph.store.embedded import EmbeddedStore
from capx_graph.terms import Triple
from tests.bench_data.graph import BenchGraph

HELD = ("known", "available", "wanted")
Record = dict[str, Any]


class Changing:
    """A small bench graph whose records may be changed; the index hears of it as the ingest tells it."""

    def __init__(self, data: BenchGraph, store: EmbeddedStore, index: Index) -> None:
        self.data = data
        self.store = store
        self.index = index
        self.cursor = 1
        self.away: list[Record] = []
        """People who have gone, and may come back."""
        self._before = {kind: set(data.triples(kind)) for kind in data.records}

    @property
    def people(self) -> list[Record]:
        return self.data.records["person"]

    def difference(self, *kinds: str) -> Delta:
        """From the graph to the state of the records; ``kinds`` are those that were changed."""
        self.cursor += 1
        removed: list[Triple] = []
        added: list[Triple] = []
        for kind in kinds or self._before:
            after = set(self.data.triples(kind))
            removed += self._before[kind] - after
            added += after - self._before[kind]
            self._before[kind] = after
        return Delta(self.cursor, removed, added)

    def commit(self, *kinds: str) -> None:
        """Bring the graph to the state of the records, and tell the index."""
        delta = self.difference(*kinds)
        self.store.apply(delta)
        self.index.graph_changed(delta)

    def branch(self) -> tuple[Record, Record]:
        """A capacity of the second level, and one of the first under which it does not lie."""
        capacities = self.data.records["capacity"]
        moved = next(record for record in capacities if record["level"] == 2)
        return moved, next(r for r in capacities if r["level"] == 1 and r["qid"] != moved["parent"])

    def move(self, capacity: Record, parent: str) -> None:
        """A capacity with all beneath it to another parent."""
        capacity["parent"] = parent
        parents = {record["qid"]: record["parent"] for record in self.data.records["capacity"]}
        for qid in parents:
            line: set[str] = set()
            up = qid
            while up:
                line.add(up)
                up = parents[up]
            self.data.above["capacity", qid] = line

    def merge(self, gone: str, kept: str) -> None:
        """One capacity becomes another: everybody who held it holds the other, and what lay beneath it lies there."""
        for record in (*self.people, *self.data.records["organization"]):
            for side in HELD:
                record[side] = list(dict.fromkeys(kept if one == gone else one for one in record[side]))
        for kind in ("event", "project"):
            for record in self.data.records[kind]:
                record["capacities"] = list(dict.fromkeys(kept if c == gone else c for c in record["capacities"]))
        capacities = self.data.records["capacity"]
        capacities[:] = [record for record in capacities if record["qid"] != gone]

    def leave(self, remaining: int) -> None:
        """All people but the first go."""
        self.away += self.people[remaining:]
        del self.people[remaining:]

    def edit(self, random_: random.Random, fields: Sequence[str], *, times: int) -> None:
        """People take something over from others at random; now and then somebody goes, or comes back."""
        for _ in range(times):
            chosen, other = random_.sample(range(len(self.people)), 2)
            field = random_.choice(fields)
            self.people[chosen] = self.people[chosen] | {field: self.people[other][field]}
        if self.away and random_.random() < 0.5:
            self.people.append(self.away.pop())
        if random_.random() < 0.3:
            self.away.append(self.people.pop(random_.randrange(len(self.people))))
