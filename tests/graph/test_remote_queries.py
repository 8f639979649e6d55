"""Every query file gives the same rows on engines of other people as on our own."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator

import pytest

from capx_graph import queries
from capx_graph.store.base import GraphStore
from capx_graph.store.remote import RemoteStore
from tests.houses.demo_graph import DemoGraph
from tests.houses.engines import oxigraph_server, remote_store, virtuoso_server

pytestmark = pytest.mark.slow

_FILLED_UP = re.compile(r"(\.\d*[1-9])0+Z")


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


@pytest.fixture(scope="module")
def virtuoso(demo: DemoGraph, tmp_path_factory: pytest.TempPathFactory) -> Iterator[RemoteStore]:
    with virtuoso_server(tmp_path_factory.mktemp("virtuoso")) as addresses:
        yield copied(demo, remote_store(addresses))


NAMES = [name for name in queries.names() if not name.startswith("examples/wikidata")]


@pytest.mark.parametrize("name", NAMES)
def test_a_query_gives_the_same_rows_on_the_oxigraph_server(demo: DemoGraph, oxigraph: RemoteStore, name: str) -> None:
    assert answered(oxigraph, name) == answered(demo.store, name)


@pytest.mark.parametrize("name", NAMES)
def test_a_query_gives_the_same_rows_on_virtuoso(demo: DemoGraph, virtuoso: RemoteStore, name: str) -> None:
    assert answered(virtuoso, name) == answered(demo.store, name)


def answered(store: GraphStore, name: str) -> Counter[object]:
    query = queries.load(name).unchanged()
    if "CONSTRUCT" in query.text:
        return Counter(tuple(map(words, triple)) for triple in store.construct(query))
    return Counter(tuple(map(words, row)) for row in store.select(query))


def words(cell: object) -> tuple[str, ...]:
    """The words of a cell in one order: no engine promises an order within GROUP_CONCAT.

    Virtuoso fills fractions of a second up with zeros: the same instant, which ``canonical`` spells as it does.
    """
    return tuple(sorted(_FILLED_UP.sub(r"\1Z", str(cell)).strip('"').split()))
