"""The page of a capacity, and the whole directory of capacities as a tree with counts.

Imported by the service of this package. Counts are of people, and each person counts once at every node.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence

from capx_graph.directory import Directory
from capx_graph.model import EntityKind, Role
from capx_graph.profiles.lists import Lists
from capx_graph.profiles.model import CapacityNode, CapacityProfile, Count, RoleTallies
from capx_graph.profiles.reading import Reading

_NONE = RoleTallies()


def capacity(reading: Reading, lists: Lists, value: str, tallies: Mapping[str, RoleTallies]) -> CapacityProfile:
    """A capacity by item id, Wikidata id or CapX id."""
    item = reading.entry(value, EntityKind.CAPACITY)
    labels, aliases = reading.names(item)
    path = reading.directory.tree.path(item)
    refs = reading.by_id(path)
    children = [child for child in reading.directory.tree.children.get(item, ()) if child in reading.directory.entries]
    entry = reading.directory.entries[item]
    return CapacityProfile(
        ref=reading.ref(item),
        description=reading.description(item),
        labels=labels,
        aliases=aliases,
        path=tuple(refs[above] for above in path),
        children=_nodes(reading, children, tallies, deep=False),
        counts=tallies.get(item, _NONE),
        offering=lists.people(capacities=(item,), roles=(Role.OFFERS,)),
        wanting=lists.people(capacities=(item,), roles=(Role.WANTS,)),
        knowing=lists.people(capacities=(item,), roles=(Role.KNOWS,)),
        organizations_offering=lists.organizations(reading, capacities=(item,), roles=(Role.OFFERS,)),
        organizations_wanting=lists.organizations(reading, capacities=(item,), roles=(Role.WANTS,)),
        events=lists.events(reading, item),
        territories=tuple(Count(ref, count) for ref, count in lists.counts("territory", capacities=(item,))),
        retired=entry.retired,
        replaced_by=reading.ref(entry.replaced_by) if entry.replaced_by else None,
    )


def tree(reading: Reading, tallies: Mapping[str, RoleTallies]) -> tuple[CapacityNode, ...]:
    """All capacities that can be chosen under their roots; one with two parents stands under both."""
    return _nodes(reading, roots(reading.directory), tallies, deep=True)


def roots(directory: Directory) -> list[str]:
    """The capacities that are a part of none; where parents run in a circle, its oldest member."""
    parents = directory.tree.parents
    capacities = [entry.id for entry in directory.of_kind(EntityKind.CAPACITY)]
    found = [item for item in capacities if not any(up in directory.entries for up in parents.get(item, ()))]
    reached = {below for root in found for below in directory.tree.beneath(root)}
    for item in capacities:
        if item not in reached:
            found.append(item)
            reached.update(directory.tree.beneath(item))
    return found


def _nodes(
    reading: Reading, items: Sequence[str], tallies: Mapping[str, RoleTallies], *, deep: bool
) -> tuple[CapacityNode, ...]:
    beneath = {item for root in items for item in (reading.directory.tree.beneath(root) if deep else (root,))}
    refs = reading.by_id(beneath)
    descriptions = reading.descriptions(sorted(beneath))

    def node(item: str, above: frozenset[str]) -> CapacityNode:
        around = above | {item}
        children = _open(reading.directory.tree.children.get(item, ()), reading.directory) if deep else ()
        return CapacityNode(
            capacity=refs[item],
            description=descriptions.get(item),
            counts=tallies.get(item, _NONE),
            children=ordered([node(child, around) for child in children if child not in around]),
        )

    return ordered([node(item, frozenset()) for item in _open(items, reading.directory)])


def _open(items: Iterable[str], directory: Directory) -> list[str]:
    """Those that are not retired."""
    return [item for item in items if item not in directory.entries or directory.entries[item].retired is None]


def ordered(nodes: Sequence[CapacityNode]) -> tuple[CapacityNode, ...]:
    """By name."""
    return tuple(sorted(nodes, key=lambda node: (node.capacity.label.casefold(), node.capacity.id)))
