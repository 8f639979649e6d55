"""Which counts are shown. Everything in the graph was published by its owner; this only keeps pages from pointing.

The rule, said beside the panels:

* a number from 1 to one less than the smallest shown is hidden. A zero points to nobody and is shown;
* what is hidden must not follow from what is shown: in a group of numbers that add up to a shown total (a capacity's
  people by territory, say), the hidden ones together stand for at least the smallest number, and are at least two;
  where they are not, the next smallest of the group is hidden too. A place is in the group of each place above it,
  whichever panel shows that one's number;
* a number narrowed by a language is hidden as well where those left out of it would be too few.

Numbers of capacities or languages overlap, since a person has several: they add up to nothing.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from capx_graph.analytics.counting import Key
from capx_graph.analytics.panels import Hides, Panel
from capx_graph.directory import Tree

Numbers = NDArray[np.int64]
"""A row for each key, a column for each measure."""
Mask = NDArray[np.bool_]

_PLACE = "territory"


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
        # An edit may have come between the two counts: what only the later one has lost nobody to the narrowing.
        before = {key: whole.get(key, tuple(own)) for key, own in zip(keys, numbers.tolist(), strict=True)}
        left_out = as_numbers(before, keys, panel) - numbers
        hidden |= (numbers > 0) & (left_out > 0) & (left_out < smallest)
    groups = _groups(keys, panel, tree)
    if groups is not None:
        for place in range(numbers.shape[1]):
            _hide_more(keys, numbers[:, place], hidden[:, place], groups, smallest)
    return hidden


@dataclass(frozen=True, slots=True)
class _Groups:
    """Which cells add up together: a pair of a cell and a group for each membership; a cell may be in several."""

    cells: Numbers
    groups: Numbers
    size: int


def _hide_more(keys: Sequence[Key], numbers: Numbers, hidden: Mask, among: _Groups, smallest: int) -> None:
    """Hide what must be hidden besides, the smallest first, in the groups of one measure."""
    cells, groups = among.cells, among.groups
    while True:
        inside = hidden[cells]
        count = np.bincount(groups[inside], minlength=among.size)
        total = np.bincount(groups[inside], weights=numbers[cells[inside]], minlength=among.size)
        lacking = (count > 0) & ((total < smallest) | (count < 2))
        others = np.flatnonzero(lacking[groups] & ~inside & (numbers[cells] > 0)).tolist()
        if not others:
            return
        for pair in sorted(others, key=lambda pair: (int(numbers[cells[pair]]), keys[int(cells[pair])])):
            cell, group = cells[pair], groups[pair]
            if hidden[cell] or total[group] < smallest or count[group] < 2:
                hidden[cell] = True
                total[group] += numbers[cell]
                count[group] += 1
        # What was hidden for the sake of one group may now stand alone in another.


def _groups(keys: Sequence[Key], panel: Panel, tree: Tree) -> _Groups | None:
    """The groups of a panel; None where numbers do not add up.

    Places add up to each place above them, which other panels show, and where no place contains another, to all.
    """
    if panel.hides is Hides.ALONG_TIME:
        return _Groups(np.arange(len(keys)), np.zeros(len(keys), np.int64), 1)
    if panel.hides not in (Hides.ALONG_PLACES, Hides.AMONG_PARTS):
        return None
    at = panel.keys.index(_PLACE)
    rests: dict[Key, int] = {}
    rest = np.fromiter((rests.setdefault(key[:at] + key[at + 1 :], len(rests)) for key in keys), np.int64, len(keys))
    places: dict[str, int] = {}
    place = np.fromiter((places.setdefault(key[at], len(places)) for key in keys), np.int64, len(keys))
    everywhere = ("",) if panel.hides is Hides.ALONG_PLACES else ()
    sums: dict[str, int] = {}
    above = [[sums.setdefault(up, len(sums)) for up in _sums(one, tree, everywhere)] for one in places]
    widest = max(map(len, above))
    table = np.array([row + [-1] * (widest - len(row)) for row in above], np.int64)[place]
    cells, column = np.nonzero(table >= 0)
    return _Groups(cells, rest[cells] * len(sums) + table[cells, column], len(rests) * len(sums))


def _sums(place: str, tree: Tree, everywhere: tuple[str, ...]) -> dict[str, None]:
    """What the numbers of a place are a part of."""
    return dict.fromkeys((*(tree.parents.get(place, ()) or ("",)), *everywhere))
