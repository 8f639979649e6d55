"""Strangers' queries at a remote engine: what the endpoint asks of our own processes, asked of it instead.

Used by the endpoint when the graph lies elsewhere. The query is guarded and rewritten before it comes here. It sees the
graph in force as its default graph and no named graph, so that what else the engine holds is nobody's business. Texts
that an engine refuses are read once more by a process of our own, which tells the place of the mistake.
"""

from __future__ import annotations

import time
from collections.abc import Sequence

from capx_graph.errors import QueryTooLarge
from capx_graph.store.job import Job, Limits, Outcome
from capx_graph.store.remote import RemoteStore
from capx_graph.store.worker import WorkerPool


class RemoteRunner:
    """Runs jobs as a WorkerPool does; ``readers`` read the texts that the engine refuses."""

    def __init__(self, store: RemoteStore, readers: WorkerPool) -> None:
        self._store = store
        self._readers = readers
        self._under_way: set[object] = set()

    @property
    def limits(self) -> Limits:
        """What one query may take; memory is the engine's own affair."""
        return self._readers.limits

    @property
    def busy(self) -> int:
        """How many queries the engine is asked now."""
        return len(self._under_way)

    def run(self, job: Job, *, until: float | None = None) -> Outcome:
        """The result of a job; raises Unavailable, QueryTooLong, QueryTooLarge, QueryFailed."""
        end = min(until or float("inf"), time.monotonic() + self.limits.deadline)
        state, most = self._store.state, self.limits.most_bytes
        formats = {"result_type": job.result_type, "graph_type": job.graph_type}
        self._under_way.add(one := object())
        try:
            body = self._store.answer(_with_prologue(job), **formats, empty=_is_elsewhere(job), until=end)
        finally:
            self._under_way.discard(one)
        if len(body) > most:
            raise QueryTooLarge(f"the result is larger than the limit of {most >> 20} MiB; add a LIMIT")
        return Outcome(state, len(body), body)

    def renew(self) -> None:
        """Nothing is to be renewed: the engine answers from what it holds."""

    def follow(self) -> None:
        """Nothing is to be opened."""

    def complaint(self, texts: Sequence[str], job: Job, *, until: float | None = None) -> tuple[int, str] | None:
        """Which of these texts is the first that cannot be read, and why."""
        return self._readers.complaint(texts, job, until=until)


def _is_elsewhere(job: Job) -> bool:
    """Whether the client chose other graphs than the default one; there are none here."""
    return bool(job.default_graphs or job.named_graphs)


def _with_prologue(job: Job) -> str:
    """The query with what it takes for granted declared; on its first line, so that the others keep their numbers."""
    prefixes = "".join(f"PREFIX {name}: <{iri}> " for name, iri in job.prefixes.items())
    return f"BASE <{job.base}> {prefixes}{job.query}"
