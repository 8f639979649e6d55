"""The state of the service as one value, with a verdict that alerts can act on, and who gathers it."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import asdict, dataclass
from datetime import datetime
from enum import IntEnum
from typing import Any

from capx_graph.datadir.runs import Run
from capx_graph.instants import Clock, stamp
from capx_graph.status.sources import SourceState
from capx_graph.status.standing import Standing


class State(IntEnum):
    """The verdict; its number is the exit code of ``capx status``."""

    IN_STEP = 0
    LAGGING = 1
    BROKEN = 2

    @property
    def code(self) -> str:
        """The verdict as data: ``in-step``, ``lagging``, ``broken``."""
        return self.name.lower().replace("_", "-")


@dataclass(frozen=True, slots=True)
class Status:
    """The service at one moment. ``reasons`` are codes, such as ``graph-behind`` or ``job-failed:dumps``.

    ``kept_here`` names properties that a connected Wikibase lacks and the directory here keeps.
    """

    state: State
    reasons: tuple[str, ...]
    at: datetime
    started: datetime
    software: str
    model: str
    engine: str
    silent_since: datetime | None
    sources: tuple[SourceState, ...]
    jobs: tuple[Run, ...]
    dumps: datetime | None
    counts: Mapping[str, int]
    queue: Mapping[str, int]
    kept_here: tuple[str, ...] = ()

    def as_json(self) -> dict[str, Any]:
        """The same for programs; times in UTC."""
        found = asdict(self) | {"state": self.state.code}
        for source, state in zip(found["sources"], self.sources, strict=True):
            lag = state.lag(self.at)
            source["lag"] = None if lag is None else round(lag, 3)
        plain: dict[str, Any] = _plain(found)
        return plain


@dataclass(frozen=True, slots=True)
class Surroundings:
    """What a status tells besides how far the data stands; each is asked when it is told."""

    software: str
    engine: str
    started: datetime
    model: Callable[[], str]
    jobs: Callable[[], list[Run]]
    dumps: Callable[[], datetime | None]
    counts: Callable[[], Mapping[str, int]]
    queue: Callable[[], Mapping[str, int]]
    kept_here: tuple[str, ...] = ()


class Gatherer:
    """Gathers the status; ``lag`` is how many seconds behind is called lagging."""

    def __init__(self, standing: Standing, surroundings: Surroundings, *, lag: float, clock: Clock) -> None:
        self._standing = standing
        self._here = surroundings
        self._lag = lag
        self._clock = clock

    @property
    def standing(self) -> Standing:
        """How far the data stands."""
        return self._standing

    def status(self) -> Status:
        """The service now; milliseconds."""
        now, here = self._clock(), self._here
        sources, silent, jobs = self._standing.sources(), self._standing.silent_since, tuple(here.jobs())
        broken = list(_broken(sources, silent))
        late = list(_late(sources, jobs, now, self._lag))
        return Status(
            state=State.BROKEN if broken else State.LAGGING if late else State.IN_STEP,
            reasons=(*broken, *late),
            at=now,
            started=here.started,
            software=here.software,
            model=here.model(),
            engine=here.engine,
            silent_since=silent,
            sources=sources,
            jobs=jobs,
            dumps=here.dumps(),
            counts=here.counts(),
            queue=here.queue(),
            kept_here=here.kept_here,
        )


def _broken(sources: tuple[SourceState, ...], silent: datetime | None) -> Iterator[str]:
    if silent is not None:
        yield "engine-silent"
    yield from (f"{source.name}-failing" for source in sources if source.trouble is not None)


def _late(sources: tuple[SourceState, ...], jobs: tuple[Run, ...], now: datetime, most: float) -> Iterator[str]:
    for source in sources:
        lag = source.lag(now)
        if lag is None or lag > most:
            yield f"{source.name}-behind"
    yield from (f"job-failed:{run.job}" for run in jobs if not run.ok)


def _plain(value: Any) -> Any:
    if isinstance(value, datetime):
        return stamp(value)
    if isinstance(value, Mapping):
        return {str(key): _plain(one) for key, one in value.items()}
    if isinstance(value, list | tuple):
        return [_plain(one) for one in value]
    return value
