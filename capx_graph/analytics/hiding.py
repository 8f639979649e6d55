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

from collections.abc import Callable, Hashable, Mapping, Sequence

import numpy as np
from numpy.typing import NDArray

from capx_graph.analytics.counting import Key
from capx_graph.analytics.panels import Hides, Panel
from capx_graph.directory import Tree

Numbers = NDArray[np.int64]
"""A row for each key, a column for each measure."""
Mask = NDArray[np.bool_]

_PLACE = "territory"


def hide(
    counts: Mapping[Key, tuple[int, ...]],
    panel: Panel,
    tree: Tree,
    *,
    smallest: int,
    whole: Mapping[Key, tuple[int, ...]] | None = None,
) -> dict[Key, tuple[int | None, ...]]:
    """The counts with None for those that are hidden; ``whole`` are the same counts before they were narrowed."""
    keys = list(counts)
    numbers = as_numbers(counts, keys, panel)
    hidden = hidden_cells(keys, numbers, panel, tree, smallest=smallest, whole=whole)
    return {
        key: tuple(None if gone else value for value, gone in zip(counts[key], row, strict=True))
        for key, row in zip(keys, hidden.tolist(), strict=True)
    }


def as_numbers(counts: Mapping[Key, tuple[int, ...]], keys: Sequence[Key], panel: Panel) -> Numbers:
    """The counts of these keys as one array."""
    return np.array([counts[key] for key in keys], np.int64).reshape(len(keys), len(panel.measures))


def hidden_cells(
    keys: Sequence[Key],
    numbers: Numbers,
    panel: Panel,
    tree: Tree,
    *,
    smallest: int,
    whole: Mapping[Key, tuple[int, ...]] | None = None,
) -> Mask:
    """Which of the numbers are hidden."""
    if smallest < 2 or panel.hides is Hides.NOTHING or not keys:
        return np.zeros(numbers.shape, np.bool_)
    hidden: Mask = (numbers > 0) & (numbers < smallest)
    if whole is not None:
        left_out = as_numbers(whole, keys, panel) - numbers
        hidden |= (numbers > 0) & (left_out > 0) & (left_out < smallest)
    group = _grouping(panel, tree)
    if group is not None:
        known: dict[Hashable, int] = {}
        groups = np.fromiter((known.setdefault(group(key), len(known)) for key in keys), np.int64, len(keys))
        for place in range(numbers.shape[1]):
            _hide_more(keys, numbers[:, place], hidden[:, place], groups, smallest)
    return hidden


def _hide_more(keys: Sequence[Key], numbers: Numbers, hidden: Mask, groups: Numbers, smallest: int) -> None:
    """Hide what must be hidden besides, the smallest first, in the groups of one measure."""
    size = int(groups.max()) + 1
    count = np.bincount(groups[hidden], minlength=size)
    total = np.bincount(groups[hidden], weights=numbers[hidden], minlength=size)
    lacking = (count > 0) & ((total < smallest) | (count < 2))
    others = np.flatnonzero(lacking[groups] & ~hidden & (numbers > 0)).tolist()
    for place in sorted(others, key=lambda place: (int(numbers[place]), keys[place])):
        group = groups[place]
        if total[group] < smallest or count[group] < 2:
            hidden[place] = True
            total[group] += numbers[place]
            count[group] += 1


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
