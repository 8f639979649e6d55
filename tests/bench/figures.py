"""Figures: one with its unit, the median and the 95th percentile of many, and how they are written down."""

from __future__ import annotations

import statistics
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass

IDLE = "nothing else runs"
LOADED = "8 clients load it"


@dataclass(frozen=True, slots=True)
class Row:
    """One figure with its unit; ``p95`` beside the median where many requests were made.

    ``key`` is what the figure is known by in limits and in the backend's table, ``state`` what else ran meanwhile.
    """

    name: str
    value: float
    unit: str
    p95: float | None = None
    note: str = ""
    key: str = ""
    state: str = IDLE

    def text(self) -> str:
        spread = "" if self.p95 is None else f", p95 {self.p95:.1f} {self.unit}"
        return f"{self.value:.1f} {self.unit}{spread}{'  ' if self.note else ''}{self.note}"

    def as_json(self) -> dict[str, object]:
        return asdict(self)

    @classmethod
    def of(cls, found: Mapping[str, object]) -> Row:
        """The row that ``as_json`` wrote."""
        return cls(**found)  # type: ignore[arg-type]


def spread(name: str, seconds: Sequence[float], *, key: str = "", state: str = IDLE, note: str = "") -> Row:
    """The median and the 95th percentile of durations, in milliseconds."""
    told = f"{len(seconds)} times{', ' if note else ''}{note}"
    return Row(
        name, statistics.median(seconds) * 1000, "ms", p95=percentile(seconds, 0.95) * 1000, note=told, key=key,
        state=state,
    )  # fmt: skip


def percentile(values: Sequence[float], part: float) -> float:
    """The smallest value that so large a part of all does not exceed."""
    ordered = sorted(values)
    return ordered[min(len(ordered) - 1, max(0, -int(-part * len(ordered) // 1) - 1))]
