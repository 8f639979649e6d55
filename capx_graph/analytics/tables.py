"""Counts made fit to be shown: small ones hidden, narrowed to what was asked, in order; kept while the counts stand.

Imported by the service of this package. The order comes after the hiding, so that it does not tell what is hidden.
"""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from threading import Lock

import numpy as np

from capx_graph.analytics.counters import Counters
from capx_graph.analytics.counting import Asked, Counted, Counts, Key
from capx_graph.analytics.hiding import Mask, Numbers, as_numbers, hidden_cells
from capx_graph.analytics.panels import Panel, Source
from capx_graph.directory import Directory
from capx_graph.repository.history.lives import Lives

_KEPT = 128


@dataclass(frozen=True, slots=True)
class Table:
    """The rows of a panel: ``order`` has their places in ``keys``, ``numbers`` and ``hidden``."""

    keys: Sequence[Key]
    numbers: Numbers
    hidden: Mask
    order: Numbers
    version: int
    parts: Mapping[str, tuple[Mapping[str, int], Numbers]]
    """For each key that a parameter narrows: the numbers of its values, and those of all rows."""

    def rows(self, start: int, end: int | None) -> list[tuple[Key, tuple[int | None, ...]]]:
        """A part of the rows, each with its counts; None is hidden."""
        places = self.order[start:end]
        counts, hidden = self.numbers[places].tolist(), self.hidden[places].tolist()
        return [
            (self.keys[place], tuple(None if gone else count for count, gone in zip(row, mask, strict=True)))
            for place, row, mask in zip(places.tolist(), counts, hidden, strict=True)
        ]


class Tables:
    """Tables of panels; for all threads."""

    def __init__(self, counters: Counters, lives: Lives) -> None:
        self._counters = counters
        self._lives = lives
        self._kept: OrderedDict[tuple[str, Asked, int], tuple[Counted, int, Table]] = OrderedDict()
        self._lock = Lock()

    @property
    def version(self) -> int:
        """The version that counts are of."""
        return self._counters.version

    @property
    def replacements(self) -> int:
        """How often the graph that they are of was built anew."""
        return self._counters.replacements

    def table(self, panel: Panel, asked: Asked, directory: Directory, *, smallest: int) -> Table:
        """A panel whose counts of people below ``smallest`` are hidden."""
        whole = asked.without(panel.narrowing)
        return _narrowed(self._whole(panel, whole, directory, smallest), panel, asked, directory)

    def _whole(self, panel: Panel, asked: Asked, directory: Directory, smallest: int) -> Table:
        counted = self._counters.count(panel, asked, directory)
        place = (panel.name, asked, smallest)
        with self._lock:
            kept = self._kept.get(place)
            # The log of the repository has no version here, and its panel is small.
            if kept and kept[0] is counted and kept[1] == directory.number and panel.source is not Source.REPOSITORY:
                self._kept.move_to_end(place)
                return kept[2]
        made = self._made(panel, asked, directory, counted, smallest)
        with self._lock:
            self._kept[place] = counted, directory.number, made
            while len(self._kept) > _KEPT:
                self._kept.popitem(last=False)
        return made

    def _made(self, panel: Panel, asked: Asked, directory: Directory, counted: Counted, smallest: int) -> Table:
        counts = counted.counts if panel.source is not Source.REPOSITORY else self._with_lives(counted.counts)
        whole = None
        if asked.language and smallest > 1:
            wider = Asked(asked.capacity, asked.territory, None, asked.since, asked.most)
            whole = self._counters.count(panel, wider, directory).counts
        keys = list(counts)
        numbers = as_numbers(counts, keys, panel)
        hidden = hidden_cells(keys, numbers, panel, directory.tree, smallest=smallest, whole=whole)
        order = _order(panel, keys, np.where(hidden, 0, numbers))
        parts = {name: _numbered([key[panel.keys.index(name)] for key in keys]) for name in panel.narrowing}
        return Table(keys, numbers, hidden, order, counted.version, parts)

    def _with_lives(self, counts: Mapping[Key, tuple[int, ...]]) -> Counts:
        """Joined people of the graph, beside pages begun and ended in the repository."""
        joined = {key[0]: found[0] for key, found in counts.items()}
        begun, ended = self._lives.begun(), self._lives.ended()
        return {
            (month,): (joined.get(month, 0), begun.get(month, 0), ended.get(month, 0))
            for month in {*joined, *begun, *ended}
        }


def _narrowed(table: Table, panel: Panel, asked: Asked, directory: Directory) -> Table:
    """The rows that a parameter narrows the answer to: a capacity with its parts, a territory alone."""
    for name in panel.narrowing:
        if item := asked.of(name):
            numbers, of_rows = table.parts[name]
            kept = {item} if name == "territory" else set(directory.tree.beneath(item))
            wanted = [numbers[value] for value in kept if value in numbers]
            table = replace(table, order=table.order[np.isin(of_rows[table.order], wanted)])
    return table


def _numbered(parts: Sequence[str]) -> tuple[Mapping[str, int], Numbers]:
    """Each value with a number, and the numbers of all."""
    numbers: dict[str, int] = {}
    return numbers, np.fromiter((numbers.setdefault(part, len(numbers)) for part in parts), np.int64, len(parts))


def _order(panel: Panel, keys: Sequence[Key], shown: Numbers) -> Numbers:
    """Months by time, everything else by what is shown, greatest first, then by key."""
    ranks = [_ranks([key[at] for key in keys]) for at in range(len(panel.keys))]
    if panel.keys[0] == "month":
        return np.lexsort(ranks[::-1])
    return np.lexsort([*ranks[::-1], *(-shown[:, place] for place in reversed(range(shown.shape[1])))])


def _ranks(parts: Sequence[str]) -> Numbers:
    """For each part of a key its place among all: ids by age, words by length, then by alphabet."""
    ranks = {part: rank for rank, part in enumerate(sorted(set(parts), key=lambda part: (len(part), part)))}
    return np.fromiter((ranks[part] for part in parts), np.int64, len(parts))
