"""What is asked of those who run strangers' queries, within which limits, and what they hand back.

Rooms of the store and of the endpoint import it.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, fields
from io import BytesIO
from pathlib import Path
from typing import IO, Any

from capx_graph.store.base import StoreState


@dataclass(frozen=True, slots=True)
class Limits:
    """What one query may take: seconds, bytes of memory of its process, bytes of its result, seconds of waiting."""

    deadline: float = 30.0
    memory: int = 2 << 30
    most_bytes: int = 64 << 20
    patience: float = 1.0


@dataclass(frozen=True, slots=True)
class Job:
    """A guarded query, what it is read with, the formats that its client takes, its dataset if it chose one."""

    query: str
    result_type: str
    graph_type: str
    base: str
    prefixes: Mapping[str, str]
    default_graphs: Sequence[str] = field(default=())
    named_graphs: Sequence[str] = field(default=())

    def frame(self) -> dict[str, Any]:
        """The job as the process reads it."""
        return {each.name: getattr(self, each.name) for each in fields(self)}


@dataclass(frozen=True, slots=True)
class Outcome:
    """A finished result: the state of the graph that it is of, its size, its bytes, or the file that has them."""

    state: StoreState
    size: int
    body: bytes
    path: Path | None = None

    def open(self) -> IO[bytes]:
        """The bytes; can be asked for once, a file is gone when its reader closes it."""
        if self.path is None:
            return BytesIO(self.body)
        stream = self.path.open("rb")
        self.path.unlink()
        return stream
