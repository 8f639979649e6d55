"""Puts the status together over the parts of a running service; the wiring imports it from the package."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from datetime import datetime
from importlib.metadata import version

from capx_graph import __version__
from capx_graph.datadir.runs import Runs
from capx_graph.dumps import Dumps, dump_directory
from capx_graph.endpoint.answering import Endpoint
from capx_graph.index import Index
from capx_graph.index.families import CLASS
from capx_graph.ingest import Ingest
from capx_graph.settings import Settings
from capx_graph.status.sources import GraphSource, Source
from capx_graph.status.standing import Standing
from capx_graph.status.status import Gatherer, Surroundings
from capx_graph.store.base import GraphStore
from capx_graph.store.remote import RemoteStore

ELSEWHERE = "SPARQL 1.1 elsewhere"


def standing_over(ingest: Ingest, settings: Settings, *, sources: Sequence[Source] = ()) -> Standing:
    """How far the data stands that this graph shows; ``sources`` are followed by the repository in turn."""
    return Standing(
        [GraphSource(ingest), *sources], clock=settings.now, silent_since=lambda: silent_since(ingest.store)
    )


def status_over(
    ingest: Ingest,
    settings: Settings,
    *,
    index: Index,
    endpoint: Endpoint,
    erasures: Callable[[], Sequence[object]],
    sources: Sequence[Source] = (),
) -> Gatherer:
    """The status of one service; ``erasures`` are those that still leave the files."""
    runs = Runs(settings.data)

    def dumped() -> datetime | None:
        made = Dumps(dump_directory(settings)).publications()
        return made[0].at if made else None

    return Gatherer(
        standing_over(ingest, settings, sources=sources),
        Surroundings(
            software=__version__,
            engine=engine_of(ingest.store),
            started=settings.now(),
            model=lambda: ingest.model,
            jobs=runs.all,
            dumps=dumped,
            counts=_counts(index, ingest.store),
            queue=lambda: {"queries": endpoint.busy, "erasures": len(erasures())},
            kept_here=kept_here(ingest),
        ),
        lag=settings.lag,
        clock=settings.now,
    )


def kept_here(ingest: Ingest) -> tuple[str, ...]:
    """What a connected Wikibase lacks and the directory here keeps: ``broader``, ``colour``."""
    kept = ingest.graph.projector.plan.kept
    return kept.tree.keeps if kept else ()


def silent_since(store: GraphStore) -> datetime | None:
    """Since when the engine of a graph has not answered; one of our own always does."""
    return store.engine.silent_since if isinstance(store, RemoteStore) else None


def engine_of(store: GraphStore) -> str:
    """What kind of engine has the graph; where, is nobody's business."""
    return ELSEWHERE if isinstance(store, RemoteStore) else f"Oxigraph {version('pyoxigraph')}"


def _counts(index: Index, store: GraphStore) -> Callable[[], Mapping[str, int]]:
    def counts() -> Mapping[str, int]:
        found = {"triple": store.state.triples}
        if not index.ready:
            return found
        with index.reading() as (sets, _):
            return found | {str(kind): len(members) for kind, members in sets.family(CLASS).items()}

    return counts
