"""Which counts are shown. Everything in the graph was published by its owner; this only keeps pages from pointing.

The rule, said beside the panels:

* a number from 1 to one less than the smallest shown is hidden. A zero points to nobody and is shown;
* what is hidden must not follow from what is shown: in a group of numbers that add up to a shown total (a capacity's
  people by territory, say), the hidden ones together stand for at least the smallest number, and are at least two;
  where they are not, the next smallest of the group is hidden too;
* a number narrowed by a language is hidden as well where those left out of it would be too few.

Numbers of capacities or languages overlap, since a person has several: they add up to nothing.
"""

from __future__ import annotations

from collections.abc import Callable, Hashable, Iterable, Mapping, Sequence

from capx_graph.analytics.counting import Key
from capx_graph.analytics.panels import Hides, Panel
from capx_graph.directory import Tree

Shown = dict[Key, tuple[int | None, ...]]
"""Counts by key; None is hidden."""

_PLACE = "territory"


def hide(
    counts: Mapping[Key, tuple[int, ...]],
    panel: Panel,
    tree: Tree,
    *,
    smallest: int,
    whole: Mapping[Key, tuple[int, ...]] | None = None,
) -> Shown:
    """The counts with those hidden that are too small; ``whole`` are the same counts before they were narrowed."""
    if smallest < 2 or panel.hides is Hides.NOTHING:
        return dict(counts)
    hidden = [_hidden(counts, place, panel, tree, smallest, whole) for place in range(len(panel.measures))]
    return {
        key: tuple(None if key in gone else value for value, gone in zip(values, hidden, strict=True))
        for key, values in counts.items()
    }


def _hidden(
    counts: Mapping[Key, tuple[int, ...]],
    place: int,
    panel: Panel,
    tree: Tree,
    smallest: int,
    whole: Mapping[Key, tuple[int, ...]] | None,
) -> set[Key]:
    """The keys of one measure that are hidden."""
    sizes = {key: values[place] for key, values in counts.items() if values[place]}
    small = {key for key, size in sizes.items() if size < smallest}
    if whole:
        small |= {key for key, size in sizes.items() if 0 < whole[key][place] - size < smallest}
    group = _grouping(panel, tree)
    if group is None:
        return small
    for members in _groups(sizes, group):
        small |= _more(members, sizes, small, smallest)
    return small


def _more(members: Sequence[Key], sizes: Mapping[Key, int], small: set[Key], smallest: int) -> set[Key]:
    """What must be hidden besides in one group."""
    hidden = [key for key in members if key in small]
    shown = sorted((key for key in members if key not in small), key=lambda key: (sizes[key], key))
    found: set[Key] = set()
    total = sum(sizes[key] for key in hidden)
    while hidden and shown and (total < smallest or len(hidden) + len(found) < 2):
        key = shown.pop(0)
        found.add(key)
        total += sizes[key]
    return found


def _groups(keys: Iterable[Key], group: Callable[[Key], Hashable]) -> Iterable[Sequence[Key]]:
    found: dict[Hashable, list[Key]] = {}
    for key in keys:
        found.setdefault(group(key), []).append(key)
    return found.values()


def _grouping(panel: Panel, tree: Tree) -> Callable[[Key], Hashable] | None:
    """What the keys of one group have in common; None where numbers do not add up."""
    if panel.hides is Hides.ALONG_TIME:
        return lambda _: None
    if panel.hides is Hides.ALONG_PLACES:
        place = panel.keys.index(_PLACE)
        return lambda key: key[:place] + key[place + 1 :]
    if panel.hides is Hides.AMONG_PARTS:
        place = panel.keys.index(_PLACE)
        return lambda key: tree.parents.get(key[place], ())
    return None
