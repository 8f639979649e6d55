"""Who counts a panel, and what is kept of it: the index where it is ready and knows enough, SPARQL otherwise.

Counts stand as long as what they were counted in: the graph, or for what people do not change the directory. The
service of this package imports it, the wiring makes it.
"""

from __future__ import annotations

from collections import OrderedDict
from threading import Lock

from capx_graph.analytics.bitmapcounter import BitmapCounter
from capx_graph.analytics.counting import Asked, Counted, Counter
from capx_graph.analytics.panels import Panel, Source
from capx_graph.analytics.sparqlcounter import SparqlCounter
from capx_graph.directory import Directory, DirectoryCache
from capx_graph.errors import Unavailable
from capx_graph.index import Index
from capx_graph.namespaces import WikibaseNamespaces
from capx_graph.store.base import GraphReader

_KEPT = 128
"""Counted panels kept; the largest (some ten thousand cells) takes about 10 MB, most take less than one."""


class Counters:
    """Counts at the present version, counted now or kept; for all threads."""

    def __init__(
        self, graph: GraphReader, namespaces: WikibaseNamespaces, *, index: Index, directory: DirectoryCache
    ) -> None:
        self._graph = graph
        self._index = index
        self._directory = directory
        self._bitmaps = BitmapCounter(index)
        self._sparql = SparqlCounter(graph, namespaces)
        self._kept: OrderedDict[tuple[str, Asked], tuple[tuple[int, int], Counted]] = OrderedDict()
        self._lock = Lock()

    @property
    def version(self) -> int:
        """The version that counts are of: the index's, which may be a moment behind the graph's."""
        try:
            with self._index.reading() as (_, version):
                return version
        except Unavailable:
            return self._graph.version

    @property
    def replacements(self) -> int:
        """How often the graph was built anew; two graphs of one version may say different things."""
        return self._index.replacements

    def count(self, panel: Panel, asked: Asked, directory: Directory) -> Counted:
        """The counts of a panel in this directory."""
        replacements = self.replacements
        of_directory = panel.source is Source.DIRECTORY
        stamp = directory.number if of_directory else self.version
        with self._lock:
            kept = self._kept.get((panel.name, asked))
            if kept and kept[0] == (replacements, stamp):
                self._kept.move_to_end((panel.name, asked))
                return kept[1]
        counter: Counter = self._bitmaps if self._bitmaps.knows(panel) and self._index.awaited() else self._sparql
        counted = counter.count(panel, asked, directory)
        # Trees that changed meanwhile make the counts of this one request a mixture; they are not kept.
        if self._directory.current().number == directory.number:
            self._keep(panel, asked, (replacements, stamp if of_directory else counted.version), counted)
        return counted

    def _keep(self, panel: Panel, asked: Asked, stamp: tuple[int, int], counted: Counted) -> None:
        with self._lock:
            self._kept[panel.name, asked] = stamp, counted
            while len(self._kept) > _KEPT:
                self._kept.popitem(last=False)
