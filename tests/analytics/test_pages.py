"""The analytics over HTTP: what programs get, what spreadsheets get, what bad requests get, what a page holds."""

from __future__ import annotations

import csv
import io
from pathlib import Path
from typing import Any

import pytest
from flask.testing import FlaskClient

from capx_graph.analytics import PANELS
from tests.bench_data.analytics import COUNTED, AnalyticsBench, bench_of
from tests.bench_data.graph import generate
from tests.doubles.services import FakeAnalytics, FakeServices
from webapp.analytics.answers import harmless
from webapp.factory import create_app

NAMES = [panel.name for panel in PANELS]
HOSTILE = "<script>alert('x')</script>\"&"


def client_of(analytics: Any) -> FlaskClient:
    services: Any = FakeServices(analytics=analytics)
    return create_app(services).test_client()


@pytest.fixture
def client() -> FlaskClient:
    return client_of(FakeAnalytics())


@pytest.fixture(scope="module")
def counted(shared: Path, tmp_path_factory: pytest.TempPathFactory) -> AnalyticsBench:
    folder = tmp_path_factory.mktemp("analytics")
    return bench_of(folder, generate(shared, 200, folder / "set"))


def test_every_panel_is_in_the_json_with_its_definition(client: FlaskClient) -> None:
    answer = client.get("/analytics.json").get_json()
    assert list(answer["panels"]) == NAMES
    assert answer["version"] == 1
    assert "T" in answer["date"]
    for panel in answer["panels"].values():
        assert panel["title"]
        assert panel["definition"]
        assert panel["unit"]
        assert len(panel["rows"]) == panel["total"] == 1


def test_a_hidden_count_is_null_and_named(client: FlaskClient) -> None:
    answer = client.get("/analytics/gap.json").get_json()
    (row,) = answer["panels"]["gap"]["rows"]
    assert row["offers"] == 7
    assert row["wants"] is None
    assert row["hidden"] == ["wants"]
    assert row["territory"] == {"id": "Q400", "code": "X1", "label": "Brazil"}
    assert row["capacity"] == {"id": "Q400", "wikidata": None, "label": "Brazil"}
    assert answer["panels"]["gap"]["smallest"] == 5


@pytest.mark.parametrize("name", NAMES)
@pytest.mark.parametrize("ending", ["", ".json", ".csv"])
def test_every_panel_is_there_alone(client: FlaskClient, name: str, ending: str) -> None:
    assert client.get(f"/analytics/{name}{ending}").status_code == 200


@pytest.mark.parametrize("ending", ["", ".json", ".csv"])
def test_a_panel_that_is_not_there_is_not_found(client: FlaskClient, ending: str) -> None:
    assert client.get(f"/analytics/unheard{ending}").status_code == 404


@pytest.mark.parametrize(
    "query", ["limit=-1", "limit=x", "limit=١", "offset=1e9", "limit=99999999999", "capacity=" + "x" * 301]
)
def test_a_parameter_that_cannot_be_is_refused_with_its_rule(client: FlaskClient, query: str) -> None:
    for address in ("/analytics.json", "/analytics/gap.json", "/analytics", "/analytics/gap", "/analytics/gap.csv"):
        answer = client.get(f"{address}?{query}")
        assert answer.status_code == 400, address
    error = client.get(f"/analytics.json?{query}").get_json()["error"]
    assert error["parameter"] == query.partition("=")[0]
    assert error["rule"]


def test_values_that_name_nothing_are_refused(counted: AnalyticsBench) -> None:
    client = client_of(counted.by_bitmaps)
    for query in ("capacity=Q1", "territory=nowhere", "language=wikidata:Q1", "capacity=%00", "territory=';--"):
        assert client.get(f"/analytics/gap.json?{query}").status_code == 400
        assert client.get(f"/analytics/gap?{query}").status_code == 400


def test_parameters_reach_the_panel(client: FlaskClient, counted: AnalyticsBench) -> None:
    record = counted.data.records["capacity"][0]
    client = client_of(counted.by_bitmaps)
    panel = client.get(f"/analytics/gap.json?capacity=wikidata:{record['qid']}&territory=r-lac").get_json()["panels"][
        "gap"
    ]
    assert panel["chosen"]["capacity"]["wikidata"] == record["qid"]
    assert panel["chosen"]["territory"]["code"] == "R-LAC"
    assert panel["query"].startswith("/query?open=analytics/gap&run=1&parent=Q")
    below = {r["qid"] for r in counted.data.records["capacity"] if r["parent"] == record["qid"]}
    assert {row["capacity"]["wikidata"] for row in panel["rows"]} <= below


def test_rows_come_in_pages(counted: AnalyticsBench) -> None:
    client = client_of(counted.by_bitmaps)
    whole = client.get("/analytics/capacities.json").get_json()["panels"]["capacities"]
    part = client.get("/analytics/capacities.json?limit=5&offset=2").get_json()["panels"]["capacities"]
    assert part["rows"] == whole["rows"][2:7]
    assert part["total"] == whole["total"] == len(whole["rows"])


@pytest.mark.parametrize("text", ["=1+1", "+1", "-1", "@SUM(A1)", "\t=1", "\r=1"])
def test_no_cell_is_a_formula(text: str) -> None:
    table = client_of(FakeAnalytics(label=text)).get("/analytics/gap.csv").get_data(as_text=True)
    head, row = csv.reader(io.StringIO(table, newline=""))
    things = ["capacity_id", "capacity_code", "capacity", "territory_id", "territory_code", "territory"]
    assert head == [*things, "offers", "wants", "hidden"]
    assert row == ["Q400", "", f"'{text}", "Q400", "X1", f"'{text}", "7", "", "wants"]
    assert harmless("plain") == "plain"


@pytest.mark.parametrize("path", ["/analytics", *(f"/analytics/{name}" for name in NAMES)])
def test_hostile_names_are_text_on_pages(path: str) -> None:
    page = client_of(FakeAnalytics(label=HOSTILE)).get(path).get_data(as_text=True)
    assert "<script>alert" not in page


@pytest.mark.parametrize("language", ["en", "ar", "ja"])
def test_the_page_shows_counted_panels_with_their_numbers(counted: AnalyticsBench, language: str) -> None:
    page = client_of(counted.by_bitmaps).get(f"/analytics?uselang={language}").get_data(as_text=True)
    assert "⧼" not in page
    for name in COUNTED:
        assert f'id="{name}"' in page
        assert f"/analytics/{name}.csv?uselang={language}" in page


def test_an_answer_that_the_client_has_is_not_sent_again() -> None:
    analytics = FakeAnalytics()
    client = client_of(analytics)
    tag = client.get("/analytics.json").headers["ETag"]
    assert client.get("/analytics.json", headers={"If-None-Match": tag}).status_code == 304
    analytics.stamp = "another day"
    assert client.get("/analytics.json", headers={"If-None-Match": tag}).status_code == 200
