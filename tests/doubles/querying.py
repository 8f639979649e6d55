"""Services of the query page over the demonstration graph: the real endpoint and help, the rest fixed."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from capx_graph import settings
from capx_graph.connected import load_embedded
from capx_graph.endpoint.answering import Endpoint, open_endpoint
from capx_graph.queryhelp.help import QueryHelp
from tests.doubles.services import FakeServices
from tests.houses.demo_graph import DemoGraph


@dataclass
class QueryServices(FakeServices):
    """FakeServices with an endpoint and the help of the query page; set right after making it."""

    endpoint: Endpoint = field(init=False)
    query_help: QueryHelp = field(init=False)
    description: Any = None


@contextmanager
def query_services(demo: DemoGraph, data: Path) -> Iterator[QueryServices]:
    """The services over a graph; short links are kept in ``data``."""
    chosen = settings.load({"CAPX_SPARQL_SERVICES": ""}, data=str(data))
    with open_endpoint(demo.store, demo.namespaces, chosen) as endpoint:
        services = QueryServices(settings=chosen)
        services.endpoint = endpoint
        services.query_help = QueryHelp.over(
            demo.namespaces,
            demo.store,
            demo.texts,
            naming=demo.naming,
            directory=demo.directory,
            instance=load_embedded(),
            settings=chosen,
        )
        yield services
