"""What was read of things outside the directory, such as people, kept as long as they do not change.

Siblings in this package and the use cases keep here what a list shows of each thing, for reading it takes longer than
finding it. Right whoever writes: what nobody told of is read anew each time.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from threading import Lock
from typing import Generic, TypeVar

from capx_graph.directory.cache import DirectoryCache
from capx_graph.store.base import NameReader

_MOST = 8_000
"""Things about which something is kept, unless more are asked for."""
_WAYS = 16
"""Ways of asking of which answers are kept, such as lists of properties."""

Thing = TypeVar("Thing")


class Kept(Generic[Thing]):
    """Something about things, by item id and by how it was asked for (a list of properties); ``most`` in each way."""

    def __init__(self, graph: NameReader, directory: DirectoryCache, *, most: int = _MOST) -> None:
        self._graph = graph
        self._directory = directory
        self._lock = Lock()
        self._version = -1
        self._most = most
        self._ways: dict[Sequence[str], dict[str, Thing]] = {}

    def get(
        self, items: Sequence[str], how: Sequence[str], read: Callable[[list[str]], Mapping[str, Thing]]
    ) -> dict[str, Thing]:
        """Of each thing what ``read`` gives or gave; what it does not know is missing."""
        version = self._graph.version
        known: dict[str, Thing] = {}
        with self._lock:
            current = self._follow(version)
            if current:
                things = self._ways.get(how, {})
                known = {item: things[item] for item in items if item in things}
        missing = [item for item in items if item not in known]
        if not missing:
            return known
        fresh = read(missing)
        with self._lock:
            if current and self._version == version == self._graph.version:
                self._keep(how, fresh)
        return known | dict(fresh)

    def _keep(self, how: Sequence[str], fresh: Mapping[str, Thing]) -> None:
        things = self._ways.pop(how, {})
        things.update(fresh)
        while len(things) > self._most:
            del things[next(iter(things))]
        self._ways[how] = things
        if len(self._ways) > _WAYS:
            del self._ways[next(iter(self._ways))]

    def _follow(self, version: int) -> bool:
        """Forgets what changed; whether everything that is left is of this version of the graph."""
        told, changed = self._directory.changes(self._version)
        if told != version:
            return False
        if changed is None:
            self._ways.clear()
        for things in self._ways.values() if changed else ():
            for item in changed or ():
                things.pop(item, None)
        self._version = version
        return True
