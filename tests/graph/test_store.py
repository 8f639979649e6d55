"""The seam of the graph, run over every engine of it: reads, differences, swaps, locks, crashes."""

from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Iterator
from dataclasses import dataclass, replace
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from capx_graph.errors import QueryFailed, StoreLocked, Unavailable
from capx_graph.namespaces import XSD
from capx_graph.store.base import Delta, GraphStore, StoreState
from capx_graph.store.embedded import EmbeddedStore
from capx_graph.store.remotewire import Addresses
from capx_graph.terms import BlankNode, Literal, NamedNode, Triple, iri, literal
from tests.houses.engines import oxigraph_server, remote_store, virtuoso_server


@dataclass(frozen=True)
class Query:
    text: str
    name: str = "test"


def triple(subject: str, text: str = "x") -> Triple:
    return Triple(iri(f"http://e/{subject}"), iri("http://e/p"), literal(text))


ALL = Query("SELECT ?s ?o { ?s <http://e/p> ?o } ORDER BY ?s")


@pytest.fixture(scope="module")
def server() -> Iterator[Addresses]:
    with oxigraph_server() as addresses:
        yield addresses


@pytest.fixture(scope="module")
def virtuoso(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Addresses]:
    with virtuoso_server(tmp_path_factory.mktemp("virtuoso")) as addresses:
        yield addresses


@pytest.fixture(
    params=["memory", "disk", "remote", "remote without upload", pytest.param("virtuoso", marks=pytest.mark.slow)]
)
def store(request: pytest.FixtureRequest, tmp_path: Path, server: Addresses) -> Iterator[GraphStore]:
    """Every engine of the seam in turn."""
    made: GraphStore
    if request.param == "virtuoso":
        made = remote_store(request.getfixturevalue("virtuoso"))
    elif request.param == "remote":
        made = remote_store(server)
    elif request.param == "remote without upload":
        made = remote_store(replace(server, load=""))
    else:
        made = EmbeddedStore(None if request.param == "memory" else tmp_path / "graph")
    yield made
    made.close()


def test_a_difference_and_its_cursor_arrive_together(store: GraphStore) -> None:
    store.apply(Delta(3, added=[triple("a"), triple("b")]))
    store.apply(Delta(5, removed=[triple("a")], added=[triple("c")]))
    assert [row[0] for row in store.select(ALL)] == [iri("http://e/b"), iri("http://e/c")]
    assert store.state == StoreState(5, 2, "")
    assert store.version == 5


def test_a_refused_difference_changes_nothing(store: GraphStore) -> None:
    store.apply(Delta(1, added=[triple("a")]))
    unmakable = Triple(BlankNode(), iri("http://e/p"), literal("x"))
    with pytest.raises(QueryFailed):
        store.apply(Delta(2, added=[triple("b")], removed=[unmakable]))
    assert list(store.triples()) == [triple("a")]
    assert store.state.cursor == 1


def test_unbound_variables_are_none(store: GraphStore) -> None:
    solutions = store.select(Query("SELECT ?x ?y { BIND(1 AS ?x) }"))
    assert solutions.variables == ("x", "y")
    assert [row[1] for row in solutions] == [None]
    assert next(solutions.dicts())["y"] is None


def test_ask_and_construct_answer_in_their_own_forms(store: GraphStore) -> None:
    store.apply(Delta(1, added=[triple("a")]))
    assert store.ask(Query("ASK { ?s ?p ?o }"))
    assert store.construct(Query("CONSTRUCT { ?s ?p ?o } WHERE { ?s ?p ?o }")) == [triple("a")]


@pytest.mark.filterwarnings("ignore:(not detected|unknown) query type")
@pytest.mark.parametrize("method", ["select", "ask", "construct"])
@pytest.mark.parametrize("text", ["SELECT", "SELECT * { ?s ?p", "DESCRIBE", "DELETE WHERE { ?s ?p ?o }"])
def test_what_the_engine_refuses_is_named(store: GraphStore, method: str, text: str) -> None:
    with pytest.raises(QueryFailed, match="search/hits"):
        getattr(store, method)(Query(text, "search/hits"))


def test_a_query_of_another_form_is_refused(store: GraphStore) -> None:
    with pytest.raises(QueryFailed, match="not an ASK"):
        store.ask(ALL)


@given(st.text(st.characters(exclude_categories=["Cs"])), st.sampled_from([None, "en", "pt-br", "zh-hant"]))
def test_every_literal_survives_a_difference(text: str, language: str | None) -> None:
    store = EmbeddedStore()
    given_triple = Triple(iri("http://e/s"), iri("http://e/p"), literal(text, language))
    store.apply(Delta(1, added=[given_triple]))
    assert list(store.triples()) == [given_triple]
    store.apply(Delta(2, removed=[given_triple]))
    assert list(store.triples()) == []


@pytest.mark.parametrize("text", ["\\u0022 } ; CLEAR ALL #", '"', "\\", "\n\r\t", "\x00", "𝔘", "'''", "} ; DROP ALL"])
def test_hostile_literals_cannot_leave_their_quotes(store: GraphStore, text: str) -> None:
    store.apply(Delta(1, added=[triple("kept"), triple("hostile", text)]))
    assert set(store.triples()) == {triple("kept"), triple("hostile", text)}


def test_the_state_of_the_store_stays_out_of_the_default_graph(store: GraphStore) -> None:
    store.apply(Delta(1))
    assert not store.ask(Query("ASK { ?s ?p ?o }"))


def test_subjects_and_mentions_are_found(store: GraphStore) -> None:
    links = [Triple(iri(f"http://e/{name}"), iri("http://e/p"), iri("http://e/shared")) for name in "abc"]
    store.apply(Delta(1, added=[*links, triple("a")]))
    assert set(store.subject_triples([iri("http://e/a"), iri("http://e/none")])) == {links[0], triple("a")}
    assert set(store.mentions(iri("http://e/shared"))) == set(links)
    assert list(store.mentions(iri("http://e/none"))) == []
    p, q = iri("http://e/p"), iri("http://e/q")
    assert store.subject_triples([iri("http://e/a")], [q]) == []
    assert set(store.subject_triples([iri("http://e/a")], [q, p])) == {links[0], triple("a")}
    assert list(store.mentions(iri("http://e/shared"), [q])) == []
    assert len(list(store.mentions(iri("http://e/shared"), [p]))) == 3


@pytest.mark.parametrize(
    ("text", "datatype"),
    [("+10.50", "decimal"), ("007", "integer"), ("2026-06-01T00:00:00.10Z", "dateTime"), ("x", "anyURI")],
)
def test_canonical_triples_are_those_that_come_back(store: GraphStore, text: str, datatype: str) -> None:
    given = Triple(iri("http://e/s"), iri("http://e/p"), Literal(text, datatype=iri(XSD + datatype)))
    store.apply(Delta(1, added=[given]))
    assert list(store.triples()) == store.canonical([given])
    assert store.contains_all([given])
    assert store.count() == 1
    assert not store.contains_all([given, triple("other")])


def test_a_rebuild_replaces_everything_at_once(store: GraphStore) -> None:
    store.apply(Delta(1, added=[triple("old")]))
    with store.rebuild("m2") as build:
        build.add([triple("new"), triple("new")])
        build.add([triple("newer")])
        draft = build.finish(9)
        draft.apply(Delta(10, added=[triple("newest")], removed=[triple("newer")]))
        assert list(store.triples()) == [triple("old")]
        build.publish()
    assert set(store.triples()) == {triple("new"), triple("newest")}
    assert store.state == StoreState(10, 2, "m2")
    store.apply(Delta(11, removed=[triple("new")]))
    assert store.state == StoreState(11, 1, "m2")


@pytest.mark.parametrize("finished", [False, True])
def test_a_rebuild_that_is_not_published_leaves_the_old_content(tmp_path: Path, finished: bool) -> None:
    store = EmbeddedStore(tmp_path)
    store.apply(Delta(1, added=[triple("old")]))
    with store.rebuild("m2") as build:
        build.add([triple("new")])
        if finished:
            build.finish(4)
    assert [path.name for path in tmp_path.iterdir() if path.is_dir()] == ["1"]
    assert list(store.triples()) == [triple("old")]
    assert store.state.cursor == 1
    store.close()


def test_readers_finish_on_the_generation_they_began_with(store: GraphStore) -> None:
    store.apply(Delta(1, added=[triple(str(n)) for n in range(50)]))
    reading = store.triples()
    seen = [next(reading)]
    with store.rebuild("m2") as build:
        build.finish(2)
        build.publish()
    assert list(store.triples()) == []
    seen += reading
    assert len(seen) == 50


def test_a_retired_generation_is_removed_after_its_last_reader(tmp_path: Path) -> None:
    store = EmbeddedStore(tmp_path)
    store.apply(Delta(1, added=[triple("a"), triple("b")]))
    reading = store.triples()
    next(reading)
    with store.rebuild("m") as build:
        build.finish(2)
        build.publish()
    assert {path.name for path in tmp_path.iterdir() if path.is_dir()} == {"1", "2"}
    reading.close()  # type: ignore[attr-defined]
    assert {path.name for path in tmp_path.iterdir() if path.is_dir()} == {"2"}
    store.close()


def test_content_and_state_are_there_after_reopening(tmp_path: Path) -> None:
    for number in (1, 2):
        store = EmbeddedStore(tmp_path)
        store.apply(Delta(number, added=[triple(str(number))]))
        store.close()
    store = EmbeddedStore(tmp_path)
    assert len(list(store.triples())) == 2
    assert store.state == StoreState(2, 2, "")
    store.close()


def test_a_second_opener_learns_who_has_the_graph(tmp_path: Path) -> None:
    store = EmbeddedStore(tmp_path)
    with pytest.raises(StoreLocked, match=f"pid {os.getpid()}"):
        EmbeddedStore(tmp_path)
    store.close()
    EmbeddedStore(tmp_path).close()


def test_a_closed_store_says_so(store: GraphStore) -> None:
    store.close()
    with pytest.raises(Unavailable, match="closed"):
        store.select(ALL)


def test_half_made_generations_are_swept_away_on_opening(tmp_path: Path) -> None:
    store = EmbeddedStore(tmp_path)
    store.apply(Delta(1, added=[triple("kept")]))
    store.close()
    (tmp_path / "7").mkdir()
    (tmp_path / "7.backup").mkdir()
    store = EmbeddedStore(tmp_path)
    assert {path.name for path in tmp_path.iterdir() if path.is_dir()} == {"1"}
    assert list(store.triples()) == [triple("kept")]
    store.close()


def test_a_lost_generation_means_an_empty_graph_at_cursor_zero(tmp_path: Path) -> None:
    (tmp_path / "CURRENT").write_text("4\n")
    store = EmbeddedStore(tmp_path)
    assert store.state == StoreState()
    store.close()


def test_a_graph_that_cannot_be_opened_is_begun_anew(tmp_path: Path) -> None:
    store = EmbeddedStore(tmp_path)
    store.apply(Delta(3, added=[triple("a")]))
    store.close()
    (tmp_path / "1" / "CURRENT").write_text("nonsense")
    store = EmbeddedStore(tmp_path)
    assert store.state == StoreState()
    assert [path.name for path in tmp_path.iterdir() if path.is_dir()] == ["2"]
    store.close()


def test_a_snapshot_opens_on_its_own(store: GraphStore, tmp_path: Path) -> None:
    store.apply(Delta(4, added=[triple("a")]))
    assert store.snapshot(tmp_path / "snapshot").cursor == 4
    program = "import sys, pyoxigraph as o; print(len(o.Store.read_only(sys.argv[1])))"
    done = subprocess.run(
        [sys.executable, "-c", program, str(tmp_path / "snapshot")], capture_output=True, text=True, check=True
    )
    assert int(done.stdout) >= 1


def test_subjects_are_named_nodes() -> None:
    assert isinstance(triple("a").subject, NamedNode)
