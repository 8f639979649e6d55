"""An engine elsewhere that is not there, goes, and comes back: the service goes on, and is in step again by itself."""

from __future__ import annotations

import json
import re
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import replace
from http.client import HTTPConnection
from itertools import count
from pathlib import Path
from threading import Event, Thread, Timer
from typing import Any
from urllib.parse import urlsplit

import pytest

from capx_graph import settings as setting_list
from capx_graph.accounts import Accounts, Member
from capx_graph.check import Check
from capx_graph.errors import CapxError, EngineSilent
from capx_graph.importers.sources import BenchDirectory
from capx_graph.ingest import Ingest
from capx_graph.model import Draft, SearchRequest
from capx_graph.opening import open_graph, open_importing, open_repository
from capx_graph.outage import begin_from_repository
from capx_graph.services import Services, open_services
from capx_graph.settings import EngineSettings, Settings
from capx_graph.status import State
from capx_graph.store.remoteengine import RemoteEngine
from tests.houses.directory import House
from tests.houses.engines import Server, oxigraph, virtuoso
from tests.houses.graph import item
from tests.houses.process import served
from tests.houses.records import write_data
from tests.houses.visitor import Client
from tests.members.forms import fields, opened, send
from tests.waiting import PATIENCE, until
from webapp import create_app

PASSWORD = "staple of the horse"
LABELS = json.dumps({"labels": {"en": {"language": "en", "value": "freshly named"}}})


@pytest.fixture
def data(tmp_path: Path) -> Settings:
    """A data directory with records and no graph yet."""
    settings = setting_list.load({}, data=str(tmp_path / "data"))
    with open_importing(settings) as importing:
        importing.importer.run(BenchDirectory(write_data(tmp_path / "set")), rejects=tmp_path / "rejects")
    return settings


@contextmanager
def running(server: Server) -> Iterator[Server]:
    """An engine that may be there or not, and is gone in the end."""
    try:
        yield server
    finally:
        server.stop()


def beside(server: Server, settings: Settings) -> Settings:
    """The settings of a service whose graph is in that engine."""
    there = server.addresses
    return replace(
        settings, engine=EngineSettings(there.query, there.update, there.load, user=there.user, password=there.password)
    )


def differences(ingest: Ingest) -> list[str]:
    return [str(difference) for difference in Check(ingest).differences()]


def catch_up(ingest: Ingest) -> None:
    """The graph in step in the end; failures of the engine on the way are expected."""
    until(
        lambda: ingest.catch_up() and ingest.cursor == ingest.repository.head(),
        what="the graph is in step",
        despite=CapxError,
    )


def status_of(address: str, path: str) -> int:
    parts = urlsplit(address)
    connection = HTTPConnection(str(parts.hostname), parts.port, timeout=30)
    try:
        connection.request("GET", path)
        return connection.getresponse().status
    finally:
        connection.close()


@pytest.mark.slow
def test_a_service_begins_without_its_engine_and_is_in_step_when_that_comes(
    data: Settings, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    private = Accounts(data.data)
    private.add("Ana", "correct horse battery")
    private.add_bot_password("Ana", "test", password=PASSWORD)
    private.close()
    with running(oxigraph(tmp_path / "engine")) as server:
        for name, value in {"URL": "query", "UPDATE_URL": "update", "STORE_URL": "load"}.items():
            monkeypatch.setenv(f"CAPX_SPARQL_{name}", getattr(server.addresses, value))
        with served(data.data) as (address, _), Client(address) as client:
            told = client.get("/status.json")
            assert (told["state"], told["reasons"][0]) == ("broken", "engine-silent")
            assert told["silent_since"]
            for path in ("/signin", "/status", "/wiki/Special:RecentChanges", "/wiki/Item:Q201"):
                assert status_of(address, path) == 200, path
            until(lambda: status_of(address, "/") == 200, what="the start page answers")
            found = client.get("/search.json", **{"class": "person"})
            assert (found["total"], found["whole"]) == (1, False)
            assert found["data_as_of"]
            assert found["hits"][0]["name"] == "Ana (demo)" or found["hits"][0]["name"]
            capacity = client.get("/search.json", **{"class": "capacity"})["hits"][0]["id"]
            token = client.log_in("Ana@test", PASSWORD)
            started = time.monotonic()
            edit = {"action": "wbeditentity", "format": "json", "id": capacity, "data": LABELS, "token": token}
            assert client.post("/w/api.php", **edit)["success"] == 1
            assert time.monotonic() - started < 5
            stored = client.get("/w/api.php", action="wbgetentities", ids=capacity, format="json")["entities"][capacity]
            assert stored["labels"]["en"]["value"] == "freshly named"
            server.start()
            until(lambda: client.get("/status.json")["state"] == "in-step", what="the service is in step")
            found = until(lambda: _whole(client.get("/search.json", q="freshly named")), what="the search is whole")
            assert [hit["id"] for hit in found["hits"]][:1] == [capacity]
        with open_repository(data) as repository, open_graph(repository, beside(server, data)) as graph:
            assert differences(graph.ingest) == []


def _whole(found: Any) -> Any:
    return found if "whole" not in found and found["total"] else None


@pytest.fixture
def away(data: Settings) -> Iterator[House]:
    """A service whose engine is away from the beginning, with a member."""
    with running(oxigraph()) as server, open_services(beside(server, data)) as services:
        home = House(services, create_app(services).test_client())
        home.sign_in("Bo")
        (item_,) = services.repository.allocate("item", 1)
        services.repository.bulk([Draft(item(item_, "Person", username=["Bo"]), owner="Bo")], actor="Bo")
        services.accounts.members.set_item(member_of(home), item_)
        yield home


def member_of(home: House) -> Member:
    account = home.services.accounts.account("Bo")
    assert account is not None
    return home.services.accounts.members.of(account)


def test_what_cannot_be_answered_without_the_engine_says_so_at_once(away: House) -> None:
    for path, code in {
        "/help/groups": 200,
        "/status": 200,
        "/me": 200,
        "/search?q=x": 503,
        "/capacity/12": 503,
    }.items():
        assert away.client.get(path).status_code == code, path
    answer = away.client.get("/search.json")
    assert 1 <= int(answer.headers["Retry-After"]) <= 10
    assert answer.get_json()["error"]["silent_since"]
    assert away.services.status.status().state is State.BROKEN
    assert "which has not answered since" in away.client.get("/status").text


def test_a_member_publishes_without_the_engine_what_the_repository_keeps(away: House) -> None:
    services = away.services
    with pytest.raises(EngineSilent):
        services.ingest.catch_up()
    begin_from_repository(services.ingest, services.index, services.names, silent=lambda: True)
    for path in ("/", "/search", "/me", "/me/edit"):
        assert away.client.get(path).status_code == 200, path
    found = away.client.get("/search.json?class=person&capacity=12").get_json()
    assert (found["total"], found["whole"]) == (1, False)
    assert found["data_as_of"]
    assert {facet["label"] for facet in found["facets"]["territory"]} >= {"Brazil"}
    page = send(away, opened(away), offers__find="leaf", find="offers")
    [button] = re.findall(r'name="add" value="(offers:Q\d+)"', page.text)
    page = send(away, fields(page.text), add=button)
    started = time.monotonic()
    saved = send(away, fields(page.text), offers__state="public", agreed="1", save="1")
    assert saved.status_code == 303, saved.text
    assert time.monotonic() - started < 5
    entity_id, offered = member_of(away).item, button.partition(":")[2]
    stored = services.repository.page(str(entity_id))
    assert stored is not None
    assert offered in str(stored.entity)
    assert away.client.get(f"/wiki/Item:{entity_id}").status_code == 200
    assert offered in away.client.get("/me/edit").text


def edit(services: Services, entity_id: str, *, label: str) -> float:
    """An edit as a tool makes it; the seconds that its answer took."""
    started = time.monotonic()
    services.writer.update(
        entity_id,
        {"labels": {"en": {"language": "en", "value": label}}},
        account="Ana",
        base_revision=services.repository.page(entity_id).revision_id,  # type: ignore[union-attr]
        summary="",
    )
    return time.monotonic() - started


@pytest.mark.slow
def test_no_edit_waits_for_an_engine_that_is_slow_or_gone(
    data: Settings, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    with running(oxigraph(tmp_path / "engine")) as server, open_services(beside(server, data)) as services:
        server.start()
        catch_up(services.ingest)
        services.accounts.add("Ana", "correct horse battery")
        services.index.load()
        assert edit(services, "Q201", label="at once") < 3
        assert services.ingest.cursor == services.repository.head()
        write, begun, released = RemoteEngine.write, Event(), Event()

        def slowly(engine: RemoteEngine, text: str) -> None:
            begun.set()
            assert released.wait(PATIENCE)
            write(engine, text)

        with monkeypatch.context() as patch:
            patch.setattr(RemoteEngine, "write", slowly)
            assert edit(services, "Q201", label="slowly") < 4
            assert begun.is_set(), "the engine was sent nothing"
            assert edit(services, "Q201", label="more slowly") < 2, "a round that takes long is waited for once"
            assert services.search.run(SearchRequest(text="at once")).total
            released.set()
            until(lambda: services.ingest.cursor == services.repository.head(), what="both edits are in the graph")
        server.kill()
        assert edit(services, "Q201", label="while it is gone") < 4
        assert services.standing.now().behind
        server.start()
        catch_up(services.ingest)
        assert services.search.run(SearchRequest(text="while it is gone")).hits[0].ref.id == "Q201"
        assert differences(services.ingest) == []


def people(count: int, *, offers: str) -> list[Draft]:
    """People who differ by what they offer; their languages make shared nodes come and go."""
    return [
        Draft(item(f"Q{5000 + n}", "Person", username=[f"Person {n}"], offers=[offers, f"Q{201 + n % 3}"]))
        for n in range(count)
    ]


@contextmanager
def killed_in_a_write(server: Server, *, number: int, after: float) -> Iterator[None]:
    """An engine that is killed a moment after the so-manieth write began, and begins anew at once."""
    write, writes, timers = RemoteEngine.write, count(), list[Timer]()

    def kill() -> None:
        server.kill()
        server.start()

    def acting(engine: RemoteEngine, text: str) -> None:
        if next(writes) == number:
            timers.append(Timer(after, kill))
            timers[0].start()
        write(engine, text)

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(RemoteEngine, "write", acting)
        yield
        for timer in timers:
            timer.join()


@pytest.mark.slow
@pytest.mark.parametrize("kind", ["oxigraph", "virtuoso"])
def test_an_engine_killed_in_the_middle_of_a_write_loses_and_doubles_nothing(
    kind: str, data: Settings, tmp_path: Path
) -> None:
    (tmp_path / "engine").mkdir()
    made = oxigraph(tmp_path / "engine") if kind == "oxigraph" else virtuoso(tmp_path / "engine")
    with running(made) as server:
        server.start()
        settings = beside(server, data)
        with open_repository(settings) as repository, open_graph(repository, settings) as graph:
            repository.bulk(people(30, offers="Q204"), actor="Test")
            graph.ingest.catch_up()
            for attempt, seconds in enumerate((0.0, 0.003, 0.01, 0.03, 0.1)):
                repository.bulk(people(30, offers=f"Q{201 + attempt}"), actor="Test")
                with killed_in_a_write(server, number=attempt % 4, after=seconds), suppress(CapxError):
                    graph.ingest.catch_up()
                catch_up(graph.ingest)
                assert graph.store.count() == graph.store.state.triples
                assert differences(graph.ingest) == []


@pytest.mark.slow
def test_an_engine_killed_while_the_graph_is_built_is_filled_again(
    data: Settings, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    upload, begun = RemoteEngine.upload, Event()

    def telling(engine: RemoteEngine, graph: str, body: bytes) -> None:
        begun.set()
        upload(engine, graph, body)

    monkeypatch.setattr(RemoteEngine, "upload", telling)
    with running(oxigraph(tmp_path / "engine")) as server:
        server.start()
        settings = beside(server, data)
        with open_repository(settings) as repository, open_graph(repository, settings) as graph:
            repository.bulk(people(400, offers="Q204"), actor="Test")
            thread = Thread(target=catch_up, args=(graph.ingest,), daemon=True)
            thread.start()
            assert begun.wait(PATIENCE)
            server.kill()
            server.start()
            thread.join(60)
            assert not thread.is_alive()
            assert differences(graph.ingest) == []


@pytest.mark.slow
def test_who_is_erased_while_the_engine_is_away_is_found_by_no_name(data: Settings, tmp_path: Path) -> None:
    with running(oxigraph(tmp_path / "engine")) as server, open_services(beside(server, data)) as services:
        server.start()
        catch_up(services.ingest)
        services.index.load()
        [hit] = services.search.run(SearchRequest(classes=("person",))).hits  # type: ignore[arg-type]
        server.kill()
        services.erasures.erase(hit.name)
        with pytest.raises(CapxError, match="has not taken in yet"):
            services.hide()
        assert services.search.run(SearchRequest(text=hit.name)).total == 0
        client = create_app(services).test_client()
        for path in ("/search.json?class=person", f"/search.json?q={hit.name}", f"/suggest.json?q={hit.name}"):
            assert hit.name not in client.get(path).get_data(as_text=True).replace(f"q={hit.name}", "")
        server.start()
        until(lambda: services.hide() is None, what="who was erased is hidden", despite=CapxError)
        assert services.search.run(SearchRequest(classes=("person",))).total == 0  # type: ignore[arg-type]
        assert differences(services.ingest) == []
