"""How far a capacity lies beneath another: what serves what, and the way between them; pure, for both matchers.

Ways follow the shortest line of parents; of several equally short the one through the earlier parent. A circle of
parents, which a wiki can be edited into, ends where it began.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from capx_graph.directory import Tree
from capx_graph.directory.catalogue import item_number

Levels = Sequence[tuple[str, ...]]
"""Capacities by their distance: the capacity itself first, then those one step away ..."""


def beneath(tree: Tree, capacity: str, *, hierarchy: bool) -> Levels:
    """A capacity and, with the hierarchy, what lies beneath it: offers that serve a wish for it."""
    return _levels(capacity, tree.children if hierarchy else {})


def above(tree: Tree, capacity: str, *, hierarchy: bool) -> Levels:
    """A capacity and, with the hierarchy, what lies above it: wishes that an offer of it serves."""
    return _levels(capacity, tree.parents if hierarchy else {})


def way(tree: Tree, lower: str, upper: str) -> tuple[str, ...]:
    """From the upper capacity down to the lower one, both included."""
    came: dict[str, str] = {lower: ""}
    queue = [lower]
    for node in queue:
        for parent in tree.parents.get(node, ()):
            if parent not in came:
                came[parent] = node
                queue.append(parent)
    found = [upper]
    while below := came.get(found[-1]):
        found.append(below)
    return tuple(found)


def in_age(items: frozenset[str] | set[str]) -> list[str]:
    """Items in a fixed order, the oldest first."""
    return sorted(items, key=lambda item: (item_number(item), item))


def _levels(start: str, links: Mapping[str, tuple[str, ...]]) -> Levels:
    seen = {start}
    levels: list[tuple[str, ...]] = [(start,)]
    while True:
        following = dict.fromkeys(other for node in levels[-1] for other in links.get(node, ()) if other not in seen)
        if not following:
            return levels
        seen.update(following)
        levels.append(tuple(in_age(set(following))))
