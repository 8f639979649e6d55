"""The bench data counted by SPARQL and by bitmaps, with plain loops beside them, keyed by natural codes."""

from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path

from capx_graph.analytics import Analytics, Counters, Health, Names, PanelAnswer, PanelRequest, Tables
from capx_graph.directory import DirectoryCache, Naming
from capx_graph.index import Index
from capx_graph.model import EntityKind, Ref
from capx_graph.ontology import load_instance
from capx_graph.repository.store import Repository
from capx_graph.store.base import GraphReader
from tests.bench_data.graph import SPACES, BenchGraph
from tests.plain.analytics import Counts

NOW = datetime(2026, 6, 1, tzinfo=UTC)
COUNTED = (
    "totals", "directory_totals", "growth", "capacities", "gap", "bottlenecks", "territories", "languages",
    "languages_by_territory", "capacities_by_territory", "organizations", "translation",
)  # fmt: skip
"""The panels that count what is in the graph."""


class AnalyticsBench:
    """Panels over one graph, counted both ways; ``index`` is that of ``by_bitmaps``."""

    def __init__(self, data: BenchGraph, folder: Path, *, store: GraphReader | None = None, smallest: int = 5) -> None:
        self.data = data
        self.store = store or data.store()
        self.repository = Repository.open(folder / "repository")
        self.folder = folder
        self.directory = DirectoryCache(self.store, SPACES)
        self.index = Index(self.store, SPACES, self.directory)
        self.index.load()
        self.by_bitmaps = self.analytics(self.index, smallest=smallest)
        self.by_sparql = self.analytics(Index(self.store, SPACES, self.directory), smallest=smallest)

    def analytics(self, index: Index, *, smallest: int) -> Analytics:
        return Analytics(
            Tables(Counters(self.store, SPACES, index=index, directory=self.directory), self.repository.lives),
            directory=self.directory,
            names=Names(Naming(self.store, SPACES, self.directory), load_instance("embedded")),
            health=Health(self.folder),
            clock=lambda: NOW,
            smallest=smallest,
        )


def bench_of(folder: Path, records: Path, *, smallest: int = 5) -> AnalyticsBench:
    return AnalyticsBench(BenchGraph(records), folder, smallest=smallest)


def unhidden(name: str, **values: str) -> PanelRequest:
    """A request by natural keys."""
    asked = {key: f"wikidata:{value}" if key == "capacity" else value for key, value in values.items() if value}
    return PanelRequest(name, asked, unhidden=True)


def natural(ref: Ref) -> str:
    if ref.kind is EntityKind.CAPACITY:
        return ref.wikidata or ref.id
    return ref.code or ref.id


def counts(answer: PanelAnswer) -> Counts:
    """The counts by natural keys; types of organizations by the names of their terms."""
    terms = {term.code: term.name for term in load_instance("embedded").ontology.individuals.values()}
    found: Counts = {}
    for line in answer.lines:
        parts = [natural(ref) for ref in line.key]
        if answer.panel.keys[0] == "type":
            parts[0] = terms.get(parts[0], parts[0])
        assert None not in line.counts, "nothing is hidden"
        found[tuple(parts)] = tuple(count or 0 for count in line.counts)
    assert len(found) == len(answer.lines)
    return found
