"""Strangers' queries run apart: deadline, caps, snapshots, no network."""

from __future__ import annotations

import json
import threading
import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from signal import SIGKILL

import pytest

from capx_graph.errors import QueryFailed, QueryTooLarge, QueryTooLong, WorkersBusy
from capx_graph.store.base import Delta
from capx_graph.store.embedded import EmbeddedStore
from capx_graph.store.job import Job, Limits, Outcome
from capx_graph.store.process import WorkerProcess
from capx_graph.store.worker import WorkerPool
from capx_graph.terms import NamedNode, Triple, integer
from tests.doubles.endpoints import Listener
from tests.waiting import until

P = NamedNode("http://t/p")
LOADED = 15.0
"""Seconds that show a limit was kept even on a machine that does ten other things; the benchmark measures."""
CARTESIAN = "SELECT (COUNT(*) AS ?n) { ?a ?b ?c . ?d ?e ?f . ?g ?h ?i . ?j ?k ?l }"


def triples(first: int, last: int) -> list[Triple]:
    return [Triple(NamedNode(f"http://t/{n}"), P, integer(n)) for n in range(first, last)]


@pytest.fixture(scope="module")
def store(tmp_path_factory: pytest.TempPathFactory) -> Iterator[EmbeddedStore]:
    store = EmbeddedStore(tmp_path_factory.mktemp("graph"))
    store.apply(Delta(1, added=triples(0, 300)))
    yield store
    store.close()


@pytest.fixture(scope="module")
def pool(store: EmbeddedStore, tmp_path_factory: pytest.TempPathFactory) -> Iterator[WorkerPool]:
    limits = Limits(deadline=60.0, memory=256 << 20, most_bytes=1 << 20, patience=10.0)
    with WorkerPool(store, tmp_path_factory.mktemp("sparql"), size=2, queue=4, limits=limits) as pool:
        pool.run(job("ASK {}")).open().close()
        yield pool


def job(query: str, **given: str) -> Job:
    return Job(
        query, "application/sparql-results+json", "application/n-triples", "http://t/", {"t": "http://t/"}, **given
    )


def value(outcome: Outcome) -> str:
    with outcome.open() as stream:
        return str(json.load(stream)["results"]["bindings"][0]["n"]["value"])


def failing(pool: WorkerPool) -> None:
    with pytest.raises(QueryTooLong):
        pool.run(job(CARTESIAN))


def refused(pool: WorkerPool) -> WorkersBusy | None:
    try:
        pool.run(job("ASK {}")).open().close()
    except WorkersBusy as busy:
        return busy
    return None


def wait_for(pool: WorkerPool) -> None:
    """Until the processes run: a short deadline may pass before they do."""
    until(lambda: pool.run(job("ASK {}")), what="a process runs", despite=(WorkersBusy, QueryTooLong)).open().close()


def count(pool: WorkerPool) -> int:
    return int(value(pool.run(job("SELECT (COUNT(*) AS ?n) { ?s t:p ?o }"))))


def test_a_result_is_the_engines_own_bytes_and_leaves_no_file(pool: WorkerPool) -> None:
    outcome = pool.run(job("SELECT ?n { t:7 t:p ?n }"))
    assert value(outcome) == "7"
    assert outcome.path is None


def test_a_large_result_is_a_file_that_goes_with_its_reader(pool: WorkerPool) -> None:
    outcome = pool.run(job("SELECT ?a ?d { ?a ?b ?c . ?d ?e ?f } LIMIT 8000"))
    assert outcome.path is not None
    with outcome.open() as stream:
        assert len(stream.read()) == outcome.size
    assert not outcome.path.exists()


def test_a_graph_comes_in_the_format_for_graphs(pool: WorkerPool) -> None:
    outcome = pool.run(job("CONSTRUCT { t:7 t:q ?n } WHERE { t:7 t:p ?n }"))
    with outcome.open() as stream:
        assert stream.read().startswith(b"<http://t/7> <http://t/q>")


def test_an_edit_is_seen_by_the_next_query(store: EmbeddedStore, pool: WorkerPool) -> None:
    before = count(pool)
    store.apply(Delta(store.version + 1, added=triples(1000 + before, 1001 + before)))
    until(lambda: count(pool) == before + 1, what="the edit is seen", within=LOADED)


def test_processes_open_what_an_edit_made_before_they_are_asked(store: EmbeddedStore, pool: WorkerPool) -> None:
    pool.run(job("ASK {}"))
    store.apply(Delta(store.version + 1, added=[Triple(NamedNode("http://t/expected"), P, integer(store.version))]))

    def have_followed() -> bool:
        if not pool._freshening.locked():
            pool.follow()
        return {worker.held.state.cursor for worker in pool._workers if worker.held} == {store.version}

    until(have_followed, what="no process has the former state")


def test_a_snapshot_that_nobody_reads_disappears(store: EmbeddedStore, pool: WorkerPool) -> None:
    for n in range(5):
        store.apply(Delta(store.version + 1, added=triples(5000 + n, 5001 + n)))
        count(pool)
    snapshots = pool._directory / "snapshots"
    until(lambda: count(pool) and len(list(snapshots.iterdir())) <= 1, what="one snapshot is left")


def test_the_deadline_holds_and_the_next_query_is_answered_at_once(store: EmbeddedStore, tmp_path: Path) -> None:
    with WorkerPool(store, tmp_path / "sparql", size=2, queue=1, limits=Limits(deadline=0.8, patience=5)) as pool:
        wait_for(pool)
        started = time.monotonic()
        with pytest.raises(QueryTooLong, match=r"limit of 0\.8 s"):
            pool.run(job(CARTESIAN))
        assert time.monotonic() - started < LOADED
        started = time.monotonic()
        pool.run(job("ASK {}")).open().close()
        assert time.monotonic() - started < LOADED


def test_an_earlier_deadline_of_the_caller_holds(pool: WorkerPool) -> None:
    started = time.monotonic()
    with pytest.raises(QueryTooLong):
        pool.run(job(CARTESIAN), until=time.monotonic() + 0.2)
    assert time.monotonic() - started < LOADED


def test_a_result_above_the_cap_is_refused_with_the_cap(pool: WorkerPool) -> None:
    with pytest.raises(QueryTooLarge, match="limit of 1 MiB"):
        pool.run(job("SELECT * { ?a ?b ?c . ?d ?e ?f }"))
    assert list((pool._directory / "results").iterdir()) == []


def test_memory_above_the_cap_ends_the_process_and_names_the_cap(pool: WorkerPool) -> None:
    doubled = " ".join(f"BIND(CONCAT(?t{n}, ?t{n}) AS ?t{n + 1})" for n in range(32))
    with pytest.raises(QueryTooLarge, match="limit of 256 MiB"):
        pool.run(job(f"SELECT (STRLEN(?t32) AS ?n) {{ t:1 t:p ?o BIND(STR(?o) AS ?t0) {doubled} }}"))
    assert count(pool) > 0


def test_nesting_beyond_the_engines_stack_is_said_so(pool: WorkerPool) -> None:
    with pytest.raises(QueryTooLarge, match="nested more deeply"):
        pool.run(job("SELECT * { FILTER(" + "(" * 50_000 + "1" + ")" * 50_000 + ") }"))


def test_what_the_engine_refuses_is_said_in_its_words(pool: WorkerPool) -> None:
    with pytest.raises(QueryFailed, match="error at 1:"):
        pool.run(job("SELECT * { ?s ?p"))


def test_texts_are_checked_without_being_evaluated(pool: WorkerPool) -> None:
    assert pool.complaint([CARTESIAN, "ASK { t:a t:b t:c }"], job("")) is None
    number, complaint = pool.complaint(["ASK {}", "ASK {\n ?s }"], job("")) or (0, "")
    assert number == 1
    assert "error at 2:" in complaint


def test_no_process_reaches_the_network(pool: WorkerPool) -> None:
    with Listener() as listener:
        with pytest.raises(QueryFailed):
            pool.run(job(f"SELECT * {{ SERVICE <{listener.url}> {{ ?s ?p ?o }} }}"))
        pool.run(job(f"SELECT * {{ SERVICE SILENT <{listener.url}> {{ ?s ?p ?o }} }}")).open().close()
        assert listener.requests == []


def test_the_stores_own_graph_is_not_shown(pool: WorkerPool) -> None:
    with pool.run(job("ASK { GRAPH ?g { ?s ?p ?o } }")).open() as stream:
        assert json.load(stream)["boolean"] is False


@pytest.mark.slow
def test_when_all_are_busy_few_wait_and_the_others_are_sent_away(store: EmbeddedStore, tmp_path: Path) -> None:
    limits = Limits(deadline=2.0, memory=256 << 20, patience=0.1)
    with WorkerPool(store, tmp_path / "sparql", size=1, queue=1, limits=limits) as pool:
        wait_for(pool)
        thread = threading.Thread(target=failing, args=(pool,))
        thread.start()
        busy = until(lambda: refused(pool), what="somebody is sent away")
        thread.join()
    assert busy is not None
    assert "all 1 query processes" in str(busy)
    assert busy.retry_after > 0


def test_a_burst_of_small_queries_is_answered_whole(store: EmbeddedStore, tmp_path: Path) -> None:
    limits = Limits(deadline=LOADED, memory=256 << 20, patience=LOADED)
    with WorkerPool(store, tmp_path / "sparql", size=1, queue=1, limits=limits) as pool:
        wait_for(pool)
        with ThreadPoolExecutor(4) as threads:
            asked = [threads.submit(pool.run, job("ASK {}")) for _ in range(200)]
        refused = [each for each in asked if isinstance(each.exception(), WorkersBusy)]
        assert len(refused) < 20, "one process, four at once, a place to wait for one"


def test_two_threads_may_end_a_process_at_the_same_moment() -> None:
    process = WorkerProcess()
    process._words.raw.close()  # as far as the other one has come
    process.kill()
    assert process._process.returncode == -SIGKILL


def test_no_process_runs_before_the_first_query(store: EmbeddedStore, tmp_path: Path) -> None:
    with WorkerPool(store, tmp_path / "sparql", size=2, queue=1, limits=Limits()) as pool:
        assert not pool._workers
        assert not (tmp_path / "sparql").exists()
