"""The state of the service: verdicts, data for programs, pages that say how old they are, exit codes for cron."""

from __future__ import annotations

import json
from contextlib import ExitStack
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from flask.testing import FlaskClient
from prometheus_client.parser import text_string_to_metric_families

from capx_graph import settings as setting_list
from capx_graph.datadir import serving
from capx_graph.datadir.runs import Run, Runs
from capx_graph.errors import EngineSilent, Unavailable
from capx_graph.importers.sources import BenchDirectory
from capx_graph.jobs.stating import state_of
from capx_graph.model import Hit, SearchRequest
from capx_graph.opening import open_importing
from capx_graph.services import open_services
from capx_graph.settings import EngineSettings
from capx_graph.status import Gatherer, SourceState, Stand, Standing, State, Surroundings, WikibaseSource, exposition
from tests.doubles.quiet import FakeStanding
from tests.doubles.services import FakeSearch, FakeServices
from tests.houses.data import differences, edit
from tests.houses.engines import oxigraph_server
from tests.houses.records import write_data
from webapp import create_app

NOW = datetime(2026, 6, 1, 12, tzinfo=UTC)
GRAPH = SourceState("graph", "41", NOW, 0)
WIKIBASE = SourceState("wikibase", "2026-06-01T11:59:58Z|77", NOW - timedelta(seconds=2))
FINE = Run("dumps", NOW - timedelta(hours=2), 12.5, ok=True, succeeded=NOW - timedelta(hours=2))
FAILED = Run("backup", NOW - timedelta(hours=1), 0.5, ok=False, succeeded=None)


@dataclass(frozen=True)
class Fixed:
    state: SourceState

    def look(self, now: datetime) -> SourceState:
        return self.state


def gatherer(*sources: SourceState, jobs: tuple[Run, ...] = (FINE,), silent: datetime | None = None) -> Gatherer:
    standing = Standing([Fixed(state) for state in sources], clock=lambda: NOW, silent_since=lambda: silent)
    here = Surroundings(
        software="1.2.3",
        engine="Oxigraph 0.5",
        started=NOW - timedelta(days=1),
        model=lambda: "abc",
        jobs=lambda: list(jobs),
        dumps=lambda: NOW - timedelta(hours=2),
        counts=lambda: {"triple": 1000, "person": 7},
        queue=lambda: {"queries": 1, "erasures": 0},
    )
    return Gatherer(standing, here, lag=60, clock=lambda: NOW)


VERDICTS = {
    "in step": (gatherer(GRAPH, WIKIBASE), State.IN_STEP, ()),
    "never built": (gatherer(replace(GRAPH, as_of=None)), State.LAGGING, ("graph-behind",)),
    "behind": (
        gatherer(GRAPH, replace(WIKIBASE, as_of=NOW - timedelta(seconds=61))),
        State.LAGGING,
        ("wikibase-behind",),
    ),
    "a failed job": (gatherer(GRAPH, jobs=(FINE, FAILED)), State.LAGGING, ("job-failed:backup",)),
    "failing": (gatherer(GRAPH, replace(WIKIBASE, trouble="Unavailable")), State.BROKEN, ("wikibase-failing",)),
    "silent": (gatherer(GRAPH, silent=NOW), State.BROKEN, ("engine-silent",)),
}


@pytest.mark.parametrize("name", VERDICTS)
def test_a_verdict_says_why(name: str) -> None:
    told, state, reasons = VERDICTS[name]
    status = told.status()
    assert (status.state, status.reasons) == (state, reasons)
    assert status.as_json()["state"] == state.name.lower().replace("_", "-")


@dataclass(frozen=True)
class Followed:
    at: str = "2026-06-01T11:00:00+00:00"
    seconds_since_success: float | None = None
    failure: str | None = None


def test_a_wikibase_elsewhere_is_as_of_the_last_look_that_succeeded() -> None:
    def look(followed: Followed) -> SourceState:
        return WikibaseSource(lambda: followed).look(NOW)

    assert look(Followed()).as_of == NOW - timedelta(hours=1)
    assert look(Followed(at="")).as_of is None
    assert look(Followed(seconds_since_success=1.5)).lag(NOW) == 1.5
    failing = look(Followed(failure="Unavailable: https://user:secret@wiki.internal answers with a page"))
    assert (failing.trouble, failing.since) == ("Unavailable", NOW)
    assert look(Followed(failure="https://wiki.internal is down")).trouble == "Failure"


def test_a_clock_that_is_ahead_makes_no_negative_lag() -> None:
    assert replace(GRAPH, as_of=NOW + timedelta(minutes=5)).lag(NOW) == 0


def test_prometheus_reads_all_of_it_of_one_moment() -> None:
    status = gatherer(GRAPH, WIKIBASE, replace(GRAPH, name='odd"\n', as_of=None), jobs=(FINE, FAILED)).status()
    read = {
        (sample.name, *sample.labels.values()): sample.value
        for family in text_string_to_metric_families(exposition(status).decode())
        for sample in family.samples
    }
    assert read["capx_source_lag_seconds", "wikibase"] == 2
    assert read["capx_source_cursor", "graph"] == 41
    assert read["capx_source_failing", 'odd"\n'] == 0
    assert read["capx_job_ok", "backup"] == 0
    assert ("capx_job_succeeded_timestamp_seconds", "backup") not in read
    assert read["capx_things", "person"] == 7
    assert read["capx_state",] == 1


def test_runs_remember_the_last_success_past_a_failure(tmp_path: Path) -> None:
    runs = Runs(tmp_path)
    with runs.recorded("dumps", lambda: NOW):
        pass
    with pytest.raises(Unavailable), runs.recorded("dumps", lambda: NOW + timedelta(days=1)):
        raise Unavailable("the disk is full")
    [run] = runs.all()
    assert (run.ok, run.succeeded, run.started) == (False, NOW, NOW + timedelta(days=1))
    (tmp_path / "runs" / "odd.json").write_text("{", encoding="utf-8")
    assert [run.job for run in runs.all()] == ["dumps"]


@dataclass
class Fakes(FakeServices):
    status: Gatherer | None = None


def client_of(
    stand: Stand | None = None, *, failure: Exception | None = None, told: Gatherer | None = None
) -> FlaskClient:
    fakes = Fakes(search=FakeSearch(failure=failure), status=told or gatherer(GRAPH, WIKIBASE, jobs=(FINE, FAILED)))
    if stand:
        fakes.standing = FakeStanding(stand)
    return create_app(fakes).test_client()


def test_the_page_and_its_data_tell_the_same() -> None:
    client = client_of()
    page = client.get("/status").get_data(as_text=True)
    assert "wikibase" in page
    assert "job-failed:backup" in page
    data = client.get("/status.json")
    assert data.get_json()["sources"][1]["lag"] == 2
    assert data.headers["Cache-Control"] == "no-store"
    assert client.get("/status", headers={"Accept": "application/json"}).get_json() == data.get_json()
    assert b"capx_state 1.0" in client.get("/metrics").data


@pytest.mark.parametrize("language", ["ar", "ja", "pt-br"])
def test_the_page_is_there_in_other_languages(language: str) -> None:
    silent = gatherer(replace(GRAPH, trouble="Unavailable", since=NOW), silent=NOW)
    assert client_of(told=silent).get(f"/status?uselang={language}").status_code == 200


def test_the_page_says_since_when_the_engine_is_away() -> None:
    page = client_of(told=gatherer(GRAPH, silent=NOW)).get("/status").get_data(as_text=True)
    assert "Oxigraph 0.5, which has not answered since" in page


LATE = Stand(NOW, behind=True)
BANNERS = {
    "behind": (LATE, "newer changes are being taken in"),
    "silent": (replace(LATE, silent_since=NOW), "has not answered since"),
    "building": (Stand(None, behind=True), "is being built"),
    "away": (Stand(None, behind=True, silent_since=NOW), "nothing is known here without it yet"),
}


@pytest.mark.parametrize("name", BANNERS)
def test_pages_of_the_graph_say_that_they_are_behind(name: str) -> None:
    stand, text = BANNERS[name]
    client = client_of(stand)
    answer = client.get("/search?q=x")
    assert text in answer.get_data(as_text=True)
    assert answer.headers["X-Data-As-Of"] == ("2026-06-01T12:00:00Z" if stand.as_of else "never")
    assert client.get("/search.json?q=x").get_json()["data_as_of"] == ("2026-06-01T12:00:00Z" if stand.as_of else None)
    assert text not in client.get("/signin").get_data(as_text=True)


def test_a_page_kept_by_a_browser_is_asked_for_again_once_it_is_behind() -> None:
    kept = client_of().get("/search?q=x")
    again = {"If-None-Match": kept.headers["ETag"]}
    assert "X-Data-As-Of" not in kept.headers
    assert client_of().get("/search?q=x", headers=again).status_code == 304
    assert client_of(LATE).get("/search?q=x", headers=again).status_code == 200


def test_what_cannot_be_answered_says_since_when_and_when_to_come_back() -> None:
    silent = EngineSilent("http://engine.internal:8890 has not answered", since=NOW, retry_after=7)
    client = client_of(replace(LATE, silent_since=NOW), failure=silent)
    page, data = client.get("/search?q=x"), client.get("/search.json?q=x")
    assert (page.status_code, page.headers["Retry-After"]) == (503, "7")
    assert data.get_json()["error"]["silent_since"] == "2026-06-01T12:00:00Z"
    assert b"engine.internal" not in page.data + data.data


@pytest.fixture
def data(tmp_path: Path) -> setting_list.Settings:
    """A data directory with records and no graph yet."""
    settings = setting_list.load({}, data=str(tmp_path / "data"))
    with open_importing(settings) as importing:
        importing.importer.run(BenchDirectory(write_data(tmp_path / "set")), rejects=tmp_path / "rejects")
    return settings


def test_the_command_tells_without_a_service(data: setting_list.Settings, tmp_path: Path) -> None:
    assert state_of(setting_list.load({}, data=str(tmp_path / "none")))[0] is State.BROKEN
    assert state_of(data)[0] is State.LAGGING
    assert differences(data) == []
    state, told = state_of(data)
    assert (state, told["started"]) == (State.IN_STEP, None)
    json.dumps(told)
    edit(data, "newer")
    assert state_of(data)[1]["reasons"] == ["graph-behind"]
    serving.tell(data.cache, serving.Address("127.0.0.1", 9))  # what a killed service leaves
    assert state_of(data)[0] is State.LAGGING
    (data.data / "restore-cut-off").touch()
    assert state_of(data)[1]["reasons"] == ["cannot-be-opened"]


def test_a_service_that_does_not_answer_is_broken(data: setting_list.Settings) -> None:
    with open_services(data):
        assert state_of(data)[1]["reasons"] == ["service-silent"]


def named(hit: Hit) -> tuple[object, ...]:
    """Codes of projects and organizations are in the graph alone."""
    return hit.ref.id, hit.ref.label, hit.ref.language, hit.ref.kind, hit.name if hit.ref.kind == "person" else None


@pytest.mark.slow
def test_searches_go_on_without_the_engine_and_say_so(data: setting_list.Settings) -> None:
    with ExitStack() as stack:
        there = stack.enter_context(ExitStack())
        addresses = there.enter_context(oxigraph_server())
        engine = EngineSettings(addresses.query, addresses.update, addresses.load, user="", password="")
        services = stack.enter_context(open_services(replace(data, engine=engine)))
        services.ingest.catch_up()
        services.index.load()
        before = services.search.run(SearchRequest())
        assert before.whole
        there.close()
        for _ in range(3):
            going_on = services.search.run(SearchRequest())
            assert (going_on.total, going_on.whole) == (before.total, False)
            assert [named(hit) for hit in going_on.hits] == [named(hit) for hit in before.hits]
            assert going_on.facets.keys() == before.facets.keys()
        assert services.search.suggest("a")
        told = services.status.status()
        assert (told.state, told.reasons) == (State.BROKEN, ("engine-silent",))
        assert services.standing.now().behind
        answer = create_app(services).test_client().get("/search.json?class=person")
        assert answer.get_json()["whole"] is False
        assert "X-Data-As-Of" in answer.headers
