"""Counts made fit to be shown: small ones hidden, narrowed to what was asked, in order; kept while the counts stand.

Imported by the service of this package. The order comes after the hiding, so that it does not tell what is hidden.
"""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from threading import Lock

from capx_graph.analytics.counters import Counters
from capx_graph.analytics.counting import Asked, Counted, Counts, Key
from capx_graph.analytics.hiding import Shown, hide
from capx_graph.analytics.panels import Panel, Source
from capx_graph.directory import Directory
from capx_graph.repository.history.lives import Lives

_KEPT = 128


@dataclass(frozen=True, slots=True)
class Table:
    """The rows of a panel in order; ``shown`` has the counts of each."""

    keys: Sequence[Key]
    shown: Mapping[Key, tuple[int | None, ...]]
    version: int


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

    def table(self, panel: Panel, asked: Asked, directory: Directory, *, smallest: int) -> Table:
        """A panel whose counts of people below ``smallest`` are hidden."""
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
        shown = hide(counts, panel, directory.tree, smallest=smallest, whole=whole)
        keys = sorted(_narrowed(panel, asked, shown, directory), key=lambda key: _place(panel, key, shown[key]))
        return Table(keys, shown, counted.version)

    def _with_lives(self, counts: Mapping[Key, tuple[int, ...]]) -> Counts:
        """Joined people of the graph, beside pages begun and ended in the repository."""
        joined = {key[0]: found[0] for key, found in counts.items()}
        begun, ended = self._lives.begun(), self._lives.ended()
        return {
            (month,): (joined.get(month, 0), begun.get(month, 0), ended.get(month, 0))
            for month in {*joined, *begun, *ended}
        }


def _narrowed(panel: Panel, asked: Asked, shown: Shown, directory: Directory) -> Sequence[Key]:
    """The keys that a parameter narrows the answer to: a capacity with its parts, a territory alone."""
    for name, own in panel.parameters.items():
        item = asked.of(name)
        if item and not own:
            place = panel.keys.index(name)
            kept = {item} if name == "territory" else set(directory.tree.beneath(item))
            return [key for key in shown if key[place] in kept]
    return list(shown)


def _place(panel: Panel, key: Key, counts: Sequence[int | None]) -> tuple[object, ...]:
    """Months by time, everything else by what is shown."""
    if panel.keys[0] == "month":
        return key
    return (*(-(count or 0) for count in counts), *((len(part), part) for part in key))
