"""The matches of somebody as their callers see them; made by the wiring, one for all threads.

The index answers; until it has been loaded, SPARQL does. Of one request nothing is kept for the next but what people
are called, which the ingest tells to be forgotten when it changes, and the beginnings of all events.
"""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Sequence

from capx_graph.directory import DirectoryCache, Individuals, Naming
from capx_graph.index import Index, seconds
from capx_graph.index.families import BEGIN
from capx_graph.instants import Clock
from capx_graph.matching.asker import Asker, AskerReader
from capx_graph.matching.bitmapmatcher import BitmapMatcher
from capx_graph.matching.finding import Matcher
from capx_graph.matching.model import Matches
from capx_graph.matching.naming import Shower
from capx_graph.matching.sparql import SparqlMatcher
from capx_graph.namespaces import WikibaseNamespaces
from capx_graph.ontology import Instance
from capx_graph.store.base import GraphReader

LIMIT = 20
"""How many of each list are shown when nothing else is asked."""


class Matching:
    """Matches over one graph."""

    def __init__(
        self,
        graph: GraphReader,
        namespaces: WikibaseNamespaces,
        *,
        index: Index,
        directory: DirectoryCache,
        naming: Naming,
        instance: Instance,
        clock: Clock,
    ) -> None:
        self._directory = directory
        self._index = index
        self._clock = clock
        self._begins: tuple[int, list[float]] = (-1, [])
        self._askers = AskerReader(graph, namespaces)
        self._bitmaps = BitmapMatcher(index)
        self._sparql = SparqlMatcher(graph, namespaces)
        self._shower = Shower(naming, Individuals(instance))

    def asker(self, username: str) -> Asker:
        """A person as everybody sees them; raises NotFound."""
        return self._askers.named(username)

    @property
    def stamp(self) -> str:
        """What all answers depend on besides the asker: the version of the index, and which events are to come."""
        if not self._index.ready:
            return self._clock().isoformat()
        with self._index.reading() as (sets, version):
            if version != self._begins[0]:
                instants = [seconds(text) for text in sets.family(BEGIN) if isinstance(text, str)]
                self._begins = version, sorted(instants)
        version, begins = self._begins
        return f"{version} {bisect_left(begins, self._clock().timestamp())}"

    def matches(self, asker: Asker, *, reader: Sequence[str] = ("en",), limit: int = LIMIT) -> Matches:
        """The first ``limit`` of every list, and how many there are in all."""
        directory = self._directory.current()
        found = self._matcher().find(asker, directory, limit=limit, now=self._clock().timestamp())
        return self._shower.show(found, asker, directory.tree, reader)

    def _matcher(self) -> Matcher:
        return self._bitmaps if self._index.awaited() else self._sparql
