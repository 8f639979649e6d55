"""A hierarchy that may have several parents a node, and that a wiki can turn into a circle; a leaf of its package.

Every walk stops at what it has seen, so a circle of editors' making costs nothing but its own strangeness.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field


@dataclass(frozen=True, slots=True)
class Tree:
    """Parents and children by item id; a node without an entry has none."""

    parents: Mapping[str, tuple[str, ...]]
    children: Mapping[str, tuple[str, ...]]
    _above: dict[str, tuple[str, ...]] = field(default_factory=dict)
    _beneath: dict[str, tuple[str, ...]] = field(default_factory=dict)

    @classmethod
    def of(cls, pairs: Iterable[tuple[str, str]]) -> Tree:
        """The tree of these pairs of child and parent."""
        parents: dict[str, list[str]] = {}
        children: dict[str, list[str]] = {}
        for child, parent in sorted(set(pairs)):
            parents.setdefault(child, []).append(parent)
            children.setdefault(parent, []).append(child)
        return cls(
            {node: tuple(found) for node, found in parents.items()},
            {node: tuple(found) for node, found in children.items()},
        )

    def above(self, node: str) -> tuple[str, ...]:
        """The node itself, then all its ancestors, nearest first."""
        return _walk(node, self.parents, self._above)

    def beneath(self, node: str) -> tuple[str, ...]:
        """The node itself, then all its descendants."""
        return _walk(node, self.children, self._beneath)

    def path(self, node: str) -> tuple[str, ...]:
        """One way down to the node from its root, the node left out; of several parents the first is taken."""
        found = [node]
        while (parents := self.parents.get(found[-1])) and parents[0] not in found:
            found.append(parents[0])
        return tuple(reversed(found[1:]))


def _walk(node: str, links: Mapping[str, tuple[str, ...]], memory: dict[str, tuple[str, ...]]) -> tuple[str, ...]:
    known = memory.get(node)
    if known is None:
        seen = {node: None}
        queue = [node]
        for current in queue:
            for other in links.get(current, ()):
                if other not in seen:
                    seen[other] = None
                    queue.append(other)
        known = memory[node] = tuple(seen)
    return known
