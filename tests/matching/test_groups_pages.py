"""Pages and data about groups, over the bench data: what a form sends is understood, what is wrong is said."""

from __future__ import annotations

import re
from html import unescape
from typing import Any

import pytest
from flask.testing import FlaskClient

from capx_graph.directory import Naming
from capx_graph.groups import Groups
from tests.bench_data.graph import SPACES
from tests.bench_data.search import SearchBench
from tests.doubles.services import FakeServices
from tests.doubles.solver import solved_here
from webapp import create_app

__all__ = ["solved_here"]

pytestmark = pytest.mark.usefixtures("solved_here")


@pytest.fixture(scope="module")
def client(bench: SearchBench) -> FlaskClient:
    naming = Naming(bench.store, SPACES, bench.directory)
    groups = Groups(bench.store, SPACES, index=bench.index, directory=bench.directory, naming=naming)
    services = FakeServices(search=bench.by_bitmaps, profiles=bench.profiles)
    services.groups = groups
    return create_app(services).test_client()


@pytest.fixture(scope="module")
def attendees(bench: SearchBench) -> list[str]:
    people = bench.data.records["person"]
    return [record["username"] for record in people if record["available"] and record["wanted"]][:40]


def data(client: FlaskClient, address: str, **values: Any) -> Any:
    answer = client.get(address, query_string=values)
    assert answer.status_code == 200, answer.text
    return answer.json


def test_rings_as_data_lead_around(client: FlaskClient, attendees: list[str]) -> None:
    found = data(client, "/rings.json", person=attendees)
    assert set(found) == {"people", "served", "bound", "exact", "seconds", "rings", "alone", "unknown"}
    assert found["people"] == len(attendees)
    assert found["served"] == sum(len(ring) for ring in found["rings"]) > 0
    assert sorted([*found["alone"], *(step["name"] for ring in found["rings"] for step in ring)]) == sorted(attendees)
    for ring in found["rings"]:
        assert [step["teaches"]["to"] for step in ring] == [step["name"] for step in (*ring[1:], ring[0])]
        assert all(set(step["teaches"]["capacity"]) == {"id", "wikidata", "label"} for step in ring)


def test_a_posted_form_is_the_same_question(client: FlaskClient, attendees: list[str]) -> None:
    """The names are many, so the form is posted; its switches send 0 and, when ticked, 1."""
    form = {"people": "\r\n".join(attendees), "common_language": ["0", "1"], "organization": ""}
    posted = client.post("/rings.json", data=form).json
    assert posted is not None
    assert posted["rings"] == data(client, "/rings.json", person=attendees)["rings"]


def test_the_page_of_rings_shows_names_and_steps(client: FlaskClient, attendees: list[str]) -> None:
    page = unescape(client.post("/rings", data={"people": "\n".join(attendees)}).text)
    assert "teaches" in page
    assert "people in rings" in page
    ordered = client.post("/rings?uselang=ja", data={"people": "\n".join(attendees)}).text
    assert re.search(r"<li><a [^>]*>.*?</a>が<a [^>]*>.*?</a>(?:（「.*?」の一部）)?を教える", ordered)
    assert client.get("/rings").status_code == 200


def test_a_team_as_data_and_as_a_page(client: FlaskClient, bench: SearchBench) -> None:
    capacities = [f"wikidata:{record['qid']}" for record in bench.data.records["capacity"][30:33]]
    found = data(client, "/team.json", capacity=capacities, language="es")
    assert found["size"] == len(found["members"]) == found["bound"]
    assert found["exact"] is True
    assert any(member["speaks"] for member in found["members"])
    assert [ref["wikidata"] for ref in found["needs"]] == [value.partition(":")[2] for value in capacities]
    page = client.get("/team", query_string={"capacity": capacities, "language": "es"}).text
    assert "proven" in page
    assert client.get("/team").status_code == 200


def test_a_group_of_nobody_is_told_as_that_and_nothing_of_it_is_proven(client: FlaskClient, bench: SearchBench) -> None:
    capacity = f"wikidata:{bench.data.records['capacity'][30]['qid']}"
    for asked in ({"people": "No\u202ebody"}, {"people": "Nobody", "capacity": capacity}):
        page = unescape(client.get("/team" if "capacity" in asked else "/rings", query_string=asked).text)
        assert "There is nobody in this group" in page
        assert "Nobody here is called: <bdi>Nobody</bdi>" in page
        assert "proven" not in page
    found = data(client, "/team.json", people="Nobody", capacity=capacity)
    assert (found["size"], found["people"], found["unknown"]) == (0, 0, ["Nobody"])


def test_a_team_that_cannot_be_says_whether_everybody_or_the_group_lacks_it(
    client: FlaskClient, bench: SearchBench
) -> None:
    offered = {qid for record in bench.data.records["person"] for qid in record["available"]}
    below = {up for qid in offered for up in bench.data.above["capacity", qid]}
    unheld = [record["qid"] for record in bench.data.records["capacity"] if record["qid"] not in below]
    idle = next(record["username"] for record in bench.data.records["person"] if not record["available"])
    held = sorted(offered)[0]
    page = client.get("/team", query_string={"capacity": f"wikidata:{held}", "person": idle}).text
    assert "No team: nobody of this group offers any of this" in page
    assert "proven" not in page
    assert data(client, "/team.json", capacity=f"wikidata:{held}", person=idle)["people"] == 1
    if unheld:
        page = client.get("/team", query_string={"capacity": f"wikidata:{unheld[0]}"}).text
        assert "No team: nobody offers any of this" in page


def test_organizations_and_events_say_what_they_need(client: FlaskClient, bench: SearchBench) -> None:
    code = next(r["code"] for r in bench.data.records["organization"] if r["wanted"] and r["available"])
    found = data(client, f"/organization/{code}/needs.json")
    assert found["code"] == code
    assert {"capacity", "itself", "people", "inside", "near", "elsewhere"} == set(found["needs"][0])
    assert found["partners"][0].keys() == {"id", "code", "label", "gives", "gets"}
    event = bench.data.records["event"][0]
    needed = data(client, f"/event/{event['id']}/needs.json")["needs"]
    assert {need["capacity"]["wikidata"] for need in needed} == set(event["capacities"])
    for address in (f"/organization/{code}/needs", f"/event/{event['id']}/needs", "/help/groups"):
        assert client.get(address).status_code == 200


@pytest.mark.parametrize(
    ("address", "named"),
    [
        ("/rings.json", "person"),
        ("/rings.json?person=x&longest=7", "longest"),
        ("/rings.json?person=x&shortest=5&longest=4", "longest"),
        ("/rings.json?person=x&shortest=٣", "shortest"),
        ("/rings.json?person=x&descendants=maybe", "descendants"),
        ("/rings.json?organization=NOBODY", "organization"),
        ("/rings.json?territory=R-LAC&territory=R-NWE&territory=R-SSA", "person"),
        ("/rings.json?person=" + "x" * 400, "person"),
        ("/team.json", "capacity"),
        ("/team.json?capacity=<script>", "capacity"),
    ],
)
def test_a_wrong_parameter_is_named(client: FlaskClient, address: str, named: str) -> None:
    answer = client.get(address)
    assert answer.status_code == 400
    assert named in answer.text


def test_a_language_that_is_none_is_named(client: FlaskClient, bench: SearchBench) -> None:
    capacity = bench.data.records["capacity"][0]["qid"]
    answer = client.get("/team.json", query_string={"capacity": f"wikidata:{capacity}", "language": "xx-none"})
    assert answer.status_code == 400
    assert "language" in answer.text


@pytest.mark.parametrize(
    "address",
    [
        *("/organization/NOBODY/needs.json", "/event/EV9999/needs", "/event/Q1/needs.json"),
        *(f"/event/Q{number}/needs.json" for number in (4294967296, 10**30, "9" * 5000)),
    ],
    ids=lambda address: address[:40],
)
def test_what_is_not_there_is_not_found(client: FlaskClient, address: str) -> None:
    assert client.get(address).status_code == 404


def test_hostile_names_stay_text(client: FlaskClient) -> None:
    page = client.post("/rings", data={"people": '<script>alert(1)</script>\n"><img src=x>'}).text
    assert "<script>alert" not in page
    assert "<img" not in page.partition("<main")[2]


def test_who_has_a_search_under_way_is_told_when_to_come_back(client: FlaskClient, attendees: list[str]) -> None:
    """One of an address, one of a member; who asks from elsewhere is served."""
    groups: Groups = client.application.extensions["capx"].groups
    with groups._solver._place("192.0.2.1", 6):
        for address, said in (("/rings", "There will be room again in"), ("/rings.json", "try again in")):
            refused = client.get(
                address, query_string={"person": attendees}, environ_overrides={"REMOTE_ADDR": "192.0.2.1"}
            )
            assert refused.status_code == 429
            assert 1 <= int(refused.headers["Retry-After"]) <= 6
            assert said in refused.text
        served = client.get(
            "/rings.json", query_string={"person": attendees}, environ_overrides={"REMOTE_ADDR": "192.0.2.2"}
        )
        assert served.status_code == 200
