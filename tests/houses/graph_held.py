"""A graph that another process seems to hold."""

from __future__ import annotations

from pathlib import Path

from capx_graph.datadir.generations import Generations


class GraphHeld:
    """The graph of a data directory, held as a running service holds it."""

    def __init__(self, data: Path) -> None:
        self._directory = data / "cache" / "graph"

    def __enter__(self) -> None:
        self._held = Generations(self._directory)

    def __exit__(self, *error: object) -> None:
        self._held.close()
