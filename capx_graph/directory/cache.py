"""Keeps the directory of the newest graph version at hand; one for all threads, made by the wiring.

Right without being told anything (another version of the graph means reading anew); told by the ingest what changed,
it keeps what it has when only people did.
"""

from __future__ import annotations

from collections import deque
from collections.abc import Collection
from threading import RLock

from capx_graph import queries
from capx_graph.directory.catalogue import Directory, Entry
from capx_graph.directory.reading import Items, kind_of, text_of
from capx_graph.directory.tree import Tree
from capx_graph.errors import LimitExceeded, Unavailable
from capx_graph.model import EntityKind
from capx_graph.namespaces import WikibaseNamespaces
from capx_graph.store.base import NameReader

_REMEMBERED = 256
"""Changes that it can tell of afterwards."""


class DirectoryCache:
    """The directory as of now."""

    def __init__(self, graph: NameReader, namespaces: WikibaseNamespaces) -> None:
        self._graph = graph
        self._items = Items(namespaces)
        self._lock = RLock()
        self._version = -1
        self._told = graph.version
        self._changes: deque[tuple[int, int, frozenset[str]]] = deque(maxlen=_REMEMBERED)
        self._directory = Directory.of(0, (), Tree.of(()))

    def current(self) -> Directory:
        """The directory at the graph's version; where its engine is silent, the newest one that was read."""
        if self._version != self._graph.version:
            with self._lock:
                version = self._graph.version
                if self._version != version:
                    try:
                        self._directory = self._read(self._directory.number + 1)
                        self._version = version
                    except (Unavailable, LimitExceeded):
                        if not self._directory.entries:
                            raise
        return self._directory

    def changed(self, entity_ids: Collection[str], version: int) -> None:
        """Told that exactly these entities changed since it was told last."""
        with self._lock:
            before, self._told = self._told, version
            self._changes.append((before, version, frozenset(entity_ids)))
            if before <= self._version < version and self._only_people(entity_ids):
                self._version = version

    def changes(self, since: int) -> tuple[int, frozenset[str] | None]:
        """The version that it was told of last, and the entities that changed up to it; None where it cannot say."""
        with self._lock:
            told, changed = self._told, set[str]()
            reached = told
            for before, after, entity_ids in reversed(self._changes):
                if reached == since or after != reached:
                    break
                changed |= entity_ids
                reached = before
            return told, frozenset(changed) if reached == since else None

    def replaced(self) -> None:
        """Told that the graph is another one."""
        with self._lock:
            self._version = -1
            self._told = self._graph.version
            self._changes.clear()

    def _only_people(self, entity_ids: Collection[str]) -> bool:
        if any(entity_id in self._directory.entries for entity_id in entity_ids):
            return False
        asked = self._items.iris(entity_ids)
        try:
            people = self._graph.select(queries.load("directory/people").bind(entity=asked))
        except (Unavailable, LimitExceeded):
            return False  # read anew when the engine answers again
        return len({self._items.id(row[0]) for row in people}) == len(set(entity_ids))

    def _read(self, number: int) -> Directory:
        rows = self._graph.select(queries.load("directory/entries").unchanged())
        pairs = self._graph.select(queries.load("directory/parents").unchanged())
        entries = []
        for entity, class_, code, capx_id, wikidata, colour, retired, replacement in rows:
            kind = kind_of(class_)
            natural = capx_id if kind is EntityKind.CAPACITY else code
            if kind and (item := self._items.id(entity)):
                entries.append(
                    Entry(
                        item,
                        kind,
                        text_of(natural),
                        text_of(wikidata),
                        text_of(colour),
                        retired=text_of(retired),
                        replaced_by=self._items.id(replacement) or None,
                    )
                )
        ids = [(self._items.id(child), self._items.id(parent)) for child, parent in pairs]
        tree = Tree.of((child, parent) for child, parent in ids if child and parent)
        merged = self._graph.select(queries.load("directory/redirects").unchanged())
        redirects = {
            old: new for gone, kept in merged if (old := self._items.id(gone)) and (new := self._items.id(kept))
        }
        return Directory.of(number, entries, tree, redirects=redirects)
