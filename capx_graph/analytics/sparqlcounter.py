"""The definition at work: panels counted by their own queries, on any SPARQL engine.

Exact and slow (seconds for the largest panels at 10,000 people): it counts while the bitmaps load and what only the
graph knows, and the tests hold the bitmaps equal to it.
"""

from __future__ import annotations

from capx_graph import queries
from capx_graph.analytics.counting import Asked, Counted, Counts
from capx_graph.analytics.panels import Panel
from capx_graph.directory import Directory
from capx_graph.directory.reading import Items, kind_of
from capx_graph.namespaces import CAPX, WikibaseNamespaces
from capx_graph.store.base import GraphReader
from capx_graph.terms import Literal, NamedNode, Term, date_time, integer

_MONTH = len("2026-06")


class SparqlCounter:
    """A Counter that asks the graph."""

    def __init__(self, graph: GraphReader, namespaces: WikibaseNamespaces) -> None:
        self._graph = graph
        self._items = Items(namespaces)

    def count(self, panel: Panel, asked: Asked, directory: Directory) -> Counted:  # noqa: ARG002 part of the seam
        version = self._graph.version
        solutions = self._graph.select(queries.load(panel.query).bind_some(self.parameters(panel, asked)))
        size = len(panel.keys)
        # Where a query counts several measures, each has a row of its own, named in the column after the keys.
        named = len(solutions.variables) > size + 1
        counts: dict[tuple[str, ...], list[int]] = {}
        for row in solutions:
            key = tuple(self._word(name, cell) for name, cell in zip(panel.keys, row, strict=False))
            place = panel.measures.index(self._word("", row[size])) if named else 0
            count = row[-1]
            if isinstance(count, Literal):
                counts.setdefault(key, [0] * len(panel.measures))[place] += int(count.value)
        found: Counts = {key: tuple(values) for key, values in counts.items() if any(values)}
        return Counted(found, version)

    def parameters(self, panel: Panel, asked: Asked) -> dict[str, queries.Value]:
        """What the panel's query is bound to."""
        bound: dict[str, queries.Value] = {}
        for asked_name, own_name in panel.parameters.items():
            if own_name:
                item = asked.of(asked_name)
                bound[own_name] = self._items.iri(item) if item else None
        declared = {parameter.name for parameter in queries.load(panel.query).parameters}
        if "since" in declared:
            bound["since"] = date_time(f"{asked.since}T00:00:00+00:00")
        if "most" in declared:
            bound["most"] = integer(asked.most)
        return bound

    def _word(self, name: str, cell: Term | None) -> str:
        """An item id, the text of a literal, the kind or the local name of a term of the ontology; empty for none."""
        if name == "month":
            return cell.value[:_MONTH] if isinstance(cell, Literal) else ""
        if isinstance(cell, Literal):
            return cell.value
        if isinstance(cell, NamedNode):
            kind = kind_of(cell)
            return str(kind) if kind else self._items.id(cell) or cell.value.removeprefix(CAPX)
        return ""
