"""As of when the data stands that answers are made of, and whether readers must be told that it is behind.

Search and its pages ask for every answer. A lag of a few seconds is an edit on its way and nobody's concern.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from capx_graph.instants import Clock
from capx_graph.status.sources import Source, SourceState

_ON_ITS_WAY = timedelta(seconds=5)


@dataclass(frozen=True, slots=True)
class Stand:
    """``as_of`` is None before anything was taken in. ``silent_since``: the engine of the graph does not answer."""

    as_of: datetime | None
    behind: bool
    silent_since: datetime | None = None


class Standing:
    """Asks what is followed; ``silent_since`` asks the engine's circuit breaker."""

    def __init__(
        self,
        sources: Sequence[Source],
        *,
        clock: Clock,
        silent_since: Callable[[], datetime | None],
    ) -> None:
        self._sources = tuple(sources)
        self._clock = clock
        self._silent_since = silent_since

    @property
    def silent_since(self) -> datetime | None:
        """Since when the engine of the graph has not answered; None while it does."""
        return self._silent_since()

    def sources(self) -> tuple[SourceState, ...]:
        """How far each source has been followed."""
        now = self._clock()
        return tuple(source.look(now) for source in self._sources)

    def now(self) -> Stand:
        """As of when everything is in that is shown."""
        now, silent = self._clock(), self._silent_since()
        times = [source.look(now).as_of for source in self._sources]
        known = [time for time in times if time is not None]
        if len(known) < len(times):
            return Stand(None, behind=True, silent_since=silent)
        as_of = min(known, default=now)
        return Stand(as_of, behind=silent is not None or now - as_of > _ON_ITS_WAY, silent_since=silent)
