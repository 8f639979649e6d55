"""Every query file gives the same rows on engines of other people as on our own."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator

import pytest
from demograph import DemoGraph
from engines import oxigraph_server, remote_store

from capx_graph import queries
from capx_graph.store.base import GraphStore
from capx_graph.store.remote import RemoteStore

pytestmark = pytest.mark.slow


def copied(demo: DemoGraph, store: RemoteStore) -> RemoteStore:
    with store.rebuild("copy") as build:
        build.add(demo.store.triples())
        build.finish(demo.store.version)
        build.publish()
    return store


@pytest.fixture(scope="module")
def oxigraph(demo: DemoGraph) -> Iterator[RemoteStore]:
    with oxigraph_server() as addresses:
        yield copied(demo, remote_store(addresses))


@pytest.mark.parametrize("name", [name for name in queries.names() if not name.startswith("examples/wikidata")])
def test_a_query_gives_the_same_rows_on_the_oxigraph_server(demo: DemoGraph, oxigraph: RemoteStore, name: str) -> None:
    assert answered(oxigraph, name) == answered(demo.store, name)


def answered(store: GraphStore, name: str) -> Counter[object]:
    query = queries.load(name).unchanged()
    if "CONSTRUCT" in query.text:
        return Counter(store.construct(query))
    return Counter(tuple(map(words, row)) for row in store.select(query))


def words(cell: object) -> tuple[str, ...]:
    """The words of a cell in one order: no engine promises an order within GROUP_CONCAT."""
    return tuple(sorted(str(cell).strip('"').split()))
