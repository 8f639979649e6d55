"""A remote engine that misbehaves: every fault ends in time, as an error that says what to do, and nothing is lost."""

from __future__ import annotations

import time
from collections.abc import Callable
from dataclasses import replace
from http.server import BaseHTTPRequestHandler
from itertools import count
from typing import IO

import pytest

from capx_graph.errors import CapxError, EngineSilent, QueryFailed, QueryTooLarge, QueryTooLong, Unavailable
from capx_graph.store.base import Delta, StoreState
from capx_graph.store.remoteanswer import pause_of
from capx_graph.store.remoteengine import RemoteEngine
from capx_graph.store.remoteform import table_in
from capx_graph.store.remoterest import Circuit, Rest
from capx_graph.store.remotewire import Addresses
from capx_graph.terms import Triple, iri, literal
from tests.doubles.sparql_engine import JSON, OK, QUICK, TABLE, answer, ask, break_off, drip, fake
from tests.houses.engines import free_port, oxigraph, oxigraph_server, remote_store
from tests.waiting import until

FAULTS = {
    "a web page": (answer(200, "text/html", b"<html>"), Unavailable, "web page"),
    "status 400": (answer(400, "text/plain", b"no such function"), QueryFailed, "no such function"),
    "status 401": (answer(401, "text/plain", b"who?"), Unavailable, "refuses us"),
    "status 404": (answer(404, "text/plain", b"where?"), Unavailable, "refuses us"),
    "status 500": (answer(500, "text/plain", b"oh no"), QueryFailed, "oh no"),
    "status 418": (answer(418, "text/plain", b""), Unavailable, "418"),
    "dripping": (drip, QueryTooLong, "in time"),
    "too much": (answer(200, JSON, b" " * (1 << 17)), QueryTooLarge, "larger"),
    "broken off": (break_off, Unavailable, "broke off"),
}


@pytest.mark.parametrize("name", FAULTS)
def test_a_fault_ends_in_time_and_says_what_it_is(name: str) -> None:
    act, kind, text = FAULTS[name]
    started = time.monotonic()
    with fake(act) as (engine, _), pytest.raises(kind, match=text):
        ask(engine)
    assert time.monotonic() - started < 3


def test_a_busy_engine_is_asked_again_as_it_says() -> None:
    busy = answer(429, "text/plain", b"", Retry_After="0")
    with fake(busy, answer(503, "text/plain", b"", Retry_After="0"), OK) as (engine, script):
        assert ask(engine) == TABLE
    assert len(script.seen) == 3


def test_an_engine_that_stays_busy_is_given_up() -> None:
    with fake(answer(503, "text/plain", b"", Retry_After="0")) as (engine, script), pytest.raises(Unavailable):
        ask(engine)
    assert len(script.seen) == QUICK.tries


def test_patience_ends_with_the_deadline() -> None:
    with fake(answer(429, "text/plain", b"", Retry_After="25")) as (engine, script), pytest.raises(Unavailable):
        ask(engine)
    assert len(script.seen) == 1


def test_an_update_that_is_redirected_is_not_taken_for_done() -> None:
    """A redirect turns a POST into a GET, which changes nothing and answers 200."""
    moved = answer(302, "text/plain", b"", Location="/elsewhere")
    with fake(moved, OK) as (engine, _), pytest.raises(Unavailable, match="redirects"):
        engine.write("INSERT DATA { <urn:a> <urn:b> <urn:c> }")


def test_an_update_is_never_sent_as_a_question() -> None:
    with fake(OK) as (engine, script), pytest.raises(QueryFailed, match="no query"):
        engine.ask("DELETE WHERE { ?s ?p ?o }", graph="urn:g", accept=JSON)
    assert script.seen == []


def test_an_engine_that_is_gone_is_left_alone_for_a_while() -> None:
    address = f"http://127.0.0.1:{free_port()}/query"
    engine = RemoteEngine(Addresses(address, address), user_agent="tests", limits=QUICK)
    with pytest.raises(Unavailable, match="cannot be reached"):
        ask(engine)
    with pytest.raises(Unavailable, match="has not answered since"):
        ask(engine)


def test_the_password_is_in_no_text_about_the_engine() -> None:
    assert "hidden" not in repr(Addresses("http://a", "http://a", user="u", password="hidden"))


def guarded(*, speaks_first: bool, seen: list[str]) -> Callable[[BaseHTTPRequestHandler], None]:
    """An engine that wants HTTP Digest; Virtuoso says so only to who names nobody."""

    def act(handler: BaseHTTPRequestHandler) -> None:
        given = handler.headers.get("Authorization", "")
        seen.append(given.partition(" ")[0])
        if given.startswith("Digest "):
            OK(handler)
            return
        challenge = 'Digest realm="SPARQL", nonce="abc", opaque="def", qop="auth", algorithm="MD5"'
        wanted = {"WWW_Authenticate": challenge} if speaks_first or not given else {}
        answer(401, "text/plain", b"", **wanted)(handler)

    return act


@pytest.mark.parametrize(("speaks_first", "wanted"), [(True, ["Basic"]), (False, ["Basic", ""])])
def test_who_we_are_is_said_as_the_engine_asks_for_it(*, speaks_first: bool, wanted: list[str]) -> None:
    seen: list[str] = []
    with fake(guarded(speaks_first=speaks_first, seen=seen)) as (plain, _):
        addresses = replace(plain.addresses, load=plain.addresses.query, user="dba", password="hidden")
        engine = RemoteEngine(addresses, user_agent="tests", limits=QUICK)
        assert ask(engine) == TABLE
        engine.write("INSERT DATA { <urn:a> <urn:b> <urn:c> }")
        engine.upload("urn:g", b"<urn:a> <urn:b> <urn:c> .")
    assert seen == [*wanted, "Digest", "Digest", "Digest"]


def test_a_wrong_password_is_not_tried_for_ever() -> None:
    numbers = count()

    def refuse(handler: BaseHTTPRequestHandler) -> None:
        wanted = f'Digest realm="r", nonce="{next(numbers)}", qop="auth", stale="false"'
        answer(401, "text/plain", b"", WWW_Authenticate=wanted)(handler)

    with fake(refuse) as (plain, script):
        engine = RemoteEngine(replace(plain.addresses, user="u", password="p"), user_agent="tests", limits=QUICK)
        with pytest.raises(Unavailable, match="refuses us"):
            ask(engine)
    assert len(script.seen) == 3


def test_an_engine_is_told_to_be_silent_since_it_is() -> None:
    address = f"http://127.0.0.1:{free_port()}/query"
    engine = RemoteEngine(Addresses(address, address), user_agent="tests", limits=QUICK)
    assert engine.silent_since is None
    with pytest.raises(Unavailable):
        ask(engine)
    with pytest.raises(EngineSilent) as told:
        ask(engine)
    assert told.value.since == engine.silent_since
    assert 1 <= told.value.retry_after <= 10


VIRTUOSOS_YES = (
    b'{"head": {"link": [], "vars": ["__ASK_RETVAL"]}, "results": {"distinct": false, "bindings": [{"__ASK_RETVAL": '
    b'{"type": "typed-literal", "datatype": "http://www.w3.org/2001/XMLSchema#integer", "value": "1"}}]}}'
)


def test_strangers_read_the_same_form_whatever_the_engine_says() -> None:
    assert table_in(VIRTUOSOS_YES, JSON) == b'{"head":{},"boolean":true}'
    assert table_in(VIRTUOSOS_YES.replace(b'"1"', b'"0"'), JSON) == b'{"head":{},"boolean":false}'
    assert table_in(TABLE, "text/csv") == b"x\r\n"
    with pytest.raises(QueryFailed, match=r"breaks off|JSON"):
        table_in(TABLE[:40], "text/csv")


def test_what_an_engine_refuses_is_told_by_its_first_line() -> None:
    text = b"Virtuoso 37000 Error SP030: no such thing\n\nSPARQL query:\nSELECT secret"
    with fake(answer(400, "text/plain", text)) as (engine, _), pytest.raises(QueryFailed) as told:
        ask(engine)
    assert str(told.value).endswith("Virtuoso 37000 Error SP030: no such thing")


def triples(count: int) -> list[Triple]:
    return [Triple(iri(f"http://e/{n}"), iri("http://e/p"), literal(str(n))) for n in range(count)]


def test_a_large_difference_that_breaks_off_makes_the_graph_due_for_rebuilding(monkeypatch: pytest.MonkeyPatch) -> None:
    with oxigraph_server() as addresses:
        store = remote_store(addresses)
        store.apply(Delta(1, added=triples(10)))
        with store.rebuild("m") as build:
            build.add(triples(10))
            build.finish(2)
            build.publish()
        write, writes = RemoteEngine.write, iter(range(100))

        def fail_late(engine: RemoteEngine, text: str) -> None:
            if next(writes) == 2:
                raise Unavailable("the plug was pulled")
            write(engine, text)

        with monkeypatch.context() as patch:
            patch.setattr(RemoteEngine, "write", fail_late)
            with pytest.raises(CapxError, match="plug"):
                store.apply(Delta(3, added=[t for t in triples(5000) if t not in set(triples(10))]))
        assert not store.state.known
        assert store.confirm() == StoreState()
        with store.rebuild("m") as build:
            build.add(triples(20))
            build.finish(3)
            build.publish()
        assert store.state == StoreState(3, 20, "m")


def test_a_late_write_does_nothing_once_others_have_come(monkeypatch: pytest.MonkeyPatch) -> None:
    """A request that was given up at its deadline may be carried out minutes later."""
    with oxigraph_server() as addresses:
        store = remote_store(addresses)
        store.apply(Delta(1, added=triples(3)))
        write, late = RemoteEngine.write, list[str]()

        def put_off(engine: RemoteEngine, text: str) -> None:
            late.append(text)
            raise QueryTooLong("not in time")

        with monkeypatch.context() as patch:
            patch.setattr(RemoteEngine, "write", put_off)
            with pytest.raises(QueryTooLong):
                store.apply(Delta(2, removed=triples(2), added=triples(6)[5:]))
        assert not store.state.known
        with pytest.raises(Unavailable, match="looked at first"):
            store.apply(Delta(2, removed=triples(1)))
        assert store.confirm() == StoreState(1, 3)
        store.apply(Delta(2, removed=triples(1)))
        for text in late:
            write(store.engine, text)
        assert set(store.triples()) == set(triples(3)[1:])
        assert store.confirm() == StoreState(2, 2)


def test_a_write_whose_answer_is_lost_is_found_done(monkeypatch: pytest.MonkeyPatch) -> None:
    with oxigraph_server() as addresses:
        store = remote_store(addresses)
        store.apply(Delta(1, added=triples(3)))
        write = RemoteEngine.write

        def lose(engine: RemoteEngine, text: str) -> None:
            write(engine, text)
            raise Unavailable("the line broke")

        with monkeypatch.context() as patch:
            patch.setattr(RemoteEngine, "write", lose)
            with pytest.raises(Unavailable):
                store.apply(Delta(2, removed=triples(1)))
        assert store.confirm() == StoreState(2, 2)


def test_an_engine_that_has_forgotten_everything_is_not_written_on() -> None:
    server = oxigraph()
    server.start()
    try:
        store = remote_store(server.addresses, QUICK)
        with store.rebuild("m") as build:
            build.add(triples(10))
            build.finish(2)
            build.publish()
        server.kill()
        with pytest.raises(Unavailable):
            store.count()
        server.start()
        assert store.state == StoreState(2, 10, "m")
        with pytest.raises(Unavailable):
            store.apply(Delta(3, added=triples(11)[10:]))
        # The circuit breaker has its own idea of when to ask.
        until(lambda: store.confirm() == StoreState(), what="the engine is known to be empty", despite=Unavailable)
    finally:
        server.stop()


def test_an_engine_that_begins_anew_between_two_questions_is_found_out() -> None:
    server = oxigraph()
    server.start()
    try:
        store = remote_store(server.addresses, QUICK)
        store.apply(Delta(1, added=triples(10)))
        server.kill()
        server.start()
        store.look()
        assert not store.state.known
        assert store.confirm() == StoreState()
    finally:
        server.stop()


def read_all(stream: IO[bytes]) -> None:
    while stream.read(8192):
        pass


def test_an_answer_of_any_length_ends_in_time() -> None:
    limits = replace(QUICK, whole=0.5)
    started = time.monotonic()
    with fake(drip) as (plain, _):
        engine = RemoteEngine(plain.addresses, user_agent="tests", limits=limits)
        with engine.stream("CONSTRUCT {} {}", graph="urn:g", accept=JSON) as stream, pytest.raises(QueryTooLong):
            read_all(stream)
    assert time.monotonic() - started < 3


def test_a_long_answer_that_breaks_off_is_no_whole_one() -> None:
    with (
        fake(break_off) as (engine, _),
        engine.stream("CONSTRUCT {} {}", graph="urn:g", accept=JSON) as stream,
        pytest.raises(OSError, match="breaks off"),
    ):
        read_all(stream)


def test_the_peace_that_an_engine_asks_for_is_kept() -> None:
    with fake(answer(503, "text/plain", b"", Retry_After="25"), OK) as (engine, script):
        with pytest.raises(Unavailable, match="busy"):
            ask(engine)
        for _ in range(3):
            with pytest.raises(EngineSilent) as told:
                ask(engine)
        assert 20 <= told.value.retry_after <= 25
        assert engine.circuit is Circuit.OPEN
    assert len(script.seen) == 1


@pytest.mark.parametrize(
    ("text", "seconds"),
    [("7", 7), ("", None), ("soon", None), ("-3", None), ("Sat, 01 Jan 2000 00:00:00 GMT", 0), (None, None)],
)
def test_the_peace_is_a_number_or_a_date(text: str | None, seconds: float | None) -> None:
    assert pause_of(text) == seconds


def test_one_caller_tries_whether_the_engine_is_back() -> None:
    now = [0.0]
    rest = Rest("http://e", clock=lambda: now[0])
    assert rest.circuit is Circuit.CLOSED
    rest.failed(5)
    assert rest.circuit is Circuit.OPEN
    with pytest.raises(EngineSilent):
        rest.check()
    now[0] = 5.1
    assert rest.circuit is Circuit.HALF_OPEN
    rest.check()
    with pytest.raises(EngineSilent):
        rest.check()
    rest.answered()
    rest.check()
    assert (rest.circuit, rest.since, rest.absences) == (Circuit.CLOSED, None, 1)


def test_slow_queries_of_strangers_do_not_make_the_engine_silent() -> None:
    with fake(drip) as (engine, _):
        for _ in range(4):
            with pytest.raises(QueryTooLong):
                engine.ask("ASK {}", graph="urn:g", accept=JSON, until=time.monotonic() + 0.05, ours=False)
        assert engine.silent_since is None
