"""Validation in processes of its own, for imports: two of them check batches while the caller writes earlier ones.

Batches travel as N-Triples without what no shape reads, reports as pickled values. A worker ends with the process
that started it, however that ends: an import killed by ``kill -9`` leaves nothing behind.
"""

from __future__ import annotations

import gc
import multiprocessing
import os
from collections import deque
from collections.abc import Iterable, Iterator, Sequence
from concurrent.futures import Future, ProcessPoolExecutor
from functools import cache
from multiprocessing.connection import wait
from threading import Thread
from types import TracebackType

from capx_graph.shapes.batches import Batch
from capx_graph.shapes.engine import Shapes
from capx_graph.shapes.report import ValidationReport
from capx_graph.terms import RdfFormat, Triple, parse_rdf, write_rdf


class ShapesPool:
    """Checks batches in ``workers`` processes; close it, or use it in a ``with``."""

    def __init__(self, shapes: Shapes, *, workers: int = 2) -> None:
        self._predicates = shapes.predicates
        self._workers = workers
        # spawn: a fork would copy locks that threads of this process hold
        context = multiprocessing.get_context("spawn")
        self._pool = ProcessPoolExecutor(workers, mp_context=context, initializer=_prepare)

    def __enter__(self) -> ShapesPool:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()

    def close(self) -> None:
        """End the processes; batches that wait are dropped."""
        self._pool.shutdown(cancel_futures=True)

    def reports(self, batches: Iterable[Batch]) -> Iterator[ValidationReport]:
        """The report of each batch, in order; one batch more than there are workers is read ahead."""
        waiting: deque[Future[ValidationReport]] = deque()
        for batch in batches:
            waiting.append(self.submit(batch))
            if len(waiting) > self._workers:
                yield waiting.popleft().result()
        while waiting:
            yield waiting.popleft().result()

    def submit(self, batch: Batch) -> Future[ValidationReport]:
        """Start checking a batch."""
        return self._pool.submit(_validate, self._packed(batch.triples), self._packed(batch.context))

    def _packed(self, triples: Sequence[Triple]) -> bytes:
        """What shapes read, and what points from records to their statement nodes, so that a result names both."""
        read = self._predicates
        subjects = {triple.subject for triple in triples}
        kept = (t for t in triples if t.predicate.value in read or t.object in subjects)
        return write_rdf(kept, RdfFormat.N_TRIPLES)


def _prepare() -> None:
    """In a new worker: load the shapes, and end when the process that started it has ended."""
    _shapes()
    # a batch makes a million objects and no cycles to speak of: collecting at each 700th costs a fifth of the time
    gc.freeze()
    gc.set_threshold(200_000)
    Thread(target=_end_with_parent, daemon=True).start()


def _end_with_parent() -> None:
    parent = multiprocessing.parent_process()
    if parent is not None:
        wait([parent.sentinel])
        os._exit(1)


@cache
def _shapes() -> Shapes:
    return Shapes.load()


def _validate(records: bytes, context: bytes) -> ValidationReport:
    triples = parse_rdf(records, RdfFormat.N_TRIPLES)
    try:
        return _shapes().validate(triples, context=parse_rdf(context, RdfFormat.N_TRIPLES))
    finally:
        gc.collect()
