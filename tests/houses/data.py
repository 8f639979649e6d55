"""A data directory as its operator sees it: edited, compared."""

from __future__ import annotations

from capx_graph.check import Check
from capx_graph.model import Draft
from capx_graph.opening import open_graph, open_repository
from capx_graph.settings import Settings


def differences(settings: Settings) -> list[str]:
    """What starting again leaves to be found."""
    with open_repository(settings) as repository, open_graph(repository, settings) as graph:
        graph.ingest.catch_up()
        return [str(difference) for difference in Check(graph.ingest).differences()]


def edit(settings: Settings, label: str, times: int = 1) -> None:
    with open_repository(settings) as repository:
        for number in range(times):
            labels = {"en": {"language": "en", "value": f"{label} {number}"}}
            repository.bulk([Draft({"type": "item", "id": "Q900", "labels": labels})], actor="x")
