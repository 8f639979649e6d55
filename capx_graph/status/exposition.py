"""The status as Prometheus reads it: gauges and counters under ``capx_``, written by prometheus_client.

Made for each scrape from one status, so that all numbers are of one moment; no registry outlives it, and nothing is
counted in the process, which makes its multiprocess mode needless.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from datetime import datetime

from prometheus_client import CONTENT_TYPE_LATEST, CollectorRegistry, generate_latest
from prometheus_client.core import GaugeMetricFamily, InfoMetricFamily, Metric
from prometheus_client.process_collector import ProcessCollector
from prometheus_client.registry import Collector

from capx_graph.status.sources import SourceState
from capx_graph.status.status import Status

CONTENT_TYPE = CONTENT_TYPE_LATEST


def exposition(status: Status) -> bytes:
    """The text of a scrape."""
    registry = CollectorRegistry(auto_describe=False)
    registry.register(_Collector(status))
    ProcessCollector(registry=registry)
    return generate_latest(registry)


class _Collector(Collector):
    def __init__(self, status: Status) -> None:
        self._status = status

    def collect(self) -> Iterator[Metric]:
        status = self._status
        facts = {"software": status.software, "model": status.model, "engine": status.engine}
        yield InfoMetricFamily("capx_build", "What the service is made of.", value=facts)
        yield _one("capx_state", "0 in step, 1 lagging, 2 broken.", int(status.state))
        yield _one("capx_started_timestamp_seconds", "When the service began.", status.started.timestamp())
        yield _one("capx_engine_up", "Whether the engine of the graph answers.", int(status.silent_since is None))
        yield from _sources(status.sources, status.at)
        yield from _jobs(status)
        if status.dumps is not None:
            yield _one("capx_dumps_timestamp_seconds", "When dumps were published last.", status.dumps.timestamp())
        yield _many("capx_things", "What there is.", "kind", status.counts.items())
        yield _many("capx_queue", "What waits or is at work.", "queue", status.queue.items())


def _sources(sources: Iterable[SourceState], now: datetime) -> Iterator[Metric]:
    found = list(sources)
    lags = [(source.name, lag) for source in found if (lag := source.lag(now)) is not None]
    yield _many("capx_source_lag_seconds", "How far the data is behind a source.", "source", lags)
    waiting = [(source.name, source.waiting) for source in found if source.waiting is not None]
    yield _many("capx_source_waiting_changes", "Changes that are not taken in, up to 10,000.", "source", waiting)
    cursors = [(source.name, int(source.cursor)) for source in found if source.cursor.isdigit()]
    yield _many("capx_source_cursor", "The newest change that is taken in.", "source", cursors)
    failing = [(source.name, int(source.trouble is not None)) for source in found]
    yield _many("capx_source_failing", "Whether following a source fails now.", "source", failing)


def _jobs(status: Status) -> Iterator[Metric]:
    runs = status.jobs
    yield _many("capx_job_ok", "Whether the last run ended well.", "job", [(run.job, int(run.ok)) for run in runs])
    times = [(run.job, run.succeeded.timestamp()) for run in runs if run.succeeded is not None]
    yield _many("capx_job_succeeded_timestamp_seconds", "When a run ended well last.", "job", times)
    lasted = [(run.job, run.seconds) for run in runs]
    yield _many("capx_job_duration_seconds", "How long the last run took.", "job", lasted)


def _one(name: str, text: str, value: float) -> Metric:
    return GaugeMetricFamily(name, text, value=value)


def _many(name: str, text: str, label: str, values: Iterable[tuple[str, float]]) -> Metric:
    family = GaugeMetricFamily(name, text, labels=[label])
    for key, value in values:
        family.add_metric([key], value)
    return family
