"""What was read of things outside the directory, such as people, kept as long as they do not change.

Siblings in this package and the use cases keep here what a list shows of each thing, for reading it takes longer than
finding it. Right whoever writes: what nobody told of is read anew each time.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from threading import Lock
from typing import Generic, TypeVar

from capx_graph.directory.cache import DirectoryCache
from capx_graph.store.base import GraphReader

_MOST, _WAYS = 20_000, 8
"""Things about which something is kept, and in how many readers' languages; a name takes about 0.4 kB."""

Thing = TypeVar("Thing")


class Kept(Generic[Thing]):
    """Something about things, by item id and by how it was asked for (a reader's languages)."""

    def __init__(self, graph: GraphReader, directory: DirectoryCache) -> None:
        self._graph = graph
        self._directory = directory
        self._lock = Lock()
        self._version = -1
        self._things: dict[str, dict[Sequence[str], Thing]] = {}

    def get(
        self, items: Sequence[str], how: Sequence[str], read: Callable[[list[str]], Mapping[str, Thing]]
    ) -> dict[str, Thing]:
        """Of each thing what ``read`` gives or gave; what it does not know is missing."""
        version = self._graph.version
        known: dict[str, Thing] = {}
        with self._lock:
            current = self._follow(version)
            if current:
                known = {item: ways[how] for item in items if (ways := self._things.get(item)) and how in ways}
        fresh = read([item for item in items if item not in known]) if len(known) < len(items) else {}
        with self._lock:
            if fresh and current and self._version == version == self._graph.version:
                for item, thing in fresh.items():
                    ways = self._things.setdefault(item, {})
                    ways[how] = thing
                    if len(ways) > _WAYS:
                        del ways[next(iter(ways))]
                while len(self._things) > _MOST:
                    del self._things[next(iter(self._things))]
        return known | dict(fresh)

    def _follow(self, version: int) -> bool:
        """Forgets what changed; whether everything that is left is of this version of the graph."""
        told, changed = self._directory.changes(self._version)
        if told != version:
            return False
        if changed is None:
            self._things.clear()
        for item in changed or ():
            self._things.pop(item, None)
        self._version = version
        return True
