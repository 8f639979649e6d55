"""The matches of a person over HTTP: the data that other tools build on, and what is asked wrongly."""

from __future__ import annotations

import pytest
from flask.testing import FlaskClient
from webfakes import FakeMatching, FakeServices

from webapp.factory import create_app

ANA = "/person/Ana%20(demo)%2Fcaf%C3%A9/matches"
LISTS = ("learn_from", "share_with", "swaps", "same_language", "learn_from_organizations", "share_with_organizations")


@pytest.fixture
def matching() -> FakeMatching:
    return FakeMatching()


@pytest.fixture
def client(matching: FakeMatching) -> FlaskClient:
    return create_app(FakeServices(matching=matching)).test_client()


def test_a_match_says_what_it_is_by(client: FlaskClient) -> None:
    answer = client.get(f"{ANA}.json").get_json()
    assert answer["person"] == "Ana (demo)/café"
    (hit,) = answer["learn_from"]
    assert (hit["name"], hit["count"], hit["points"]) == ("Ana (demo)/café", 1, 4321)
    assert hit["capacities"] == [{"id": "Q203", "wikidata": "Q11016", "label": "technology"}]
    media, editing = ({"id": id_, "wikidata": None, "label": name} for id_, name in _MEDIA)
    assert hit["via"] == [{"wanted": media, "offered": editing, "path": [media, editing]}]
    assert hit["languages"] == [{"id": "Q300", "code": "pt", "label": "Portuguese", "mine": "n", "theirs": "3"}]
    assert hit["reasons"][:2] == [
        "you want technology, and they offer it",
        "you want media; they offer video editing, a part of it",
    ]
    assert "you both speak Portuguese (you: native, they: advanced)" in hit["reasons"]


_MEDIA = (("Q201", "media"), ("Q202", "video editing"))


def test_every_list_is_there_with_its_total(client: FlaskClient) -> None:
    answer = client.get(f"{ANA}.json").get_json()
    assert answer["totals"] == dict.fromkeys((*LISTS, "events", "capacities"), 31)
    assert all(len(answer[name]) == 1 for name in LISTS)
    assert [one["code"] for one in answer["learn_from_organizations"]] == ["ORG001"]
    assert [(event["id"], event["begin"]) for event in answer["events"]] == [("EV0001", "2026-07-01T12:00:00Z")]
    assert [(one["id"], one["count"], one["offerers"]) for one in answer["capacities"]] == [
        ("Q202", 12, 3),
        ("Q203", 1, 0),
    ]


def test_a_swap_says_each_direction_apart(client: FlaskClient) -> None:
    (swap,) = client.get(f"{ANA}.json").get_json()["swaps"]
    assert [one["id"] for one in swap["capacities"]] == ["Q203", "Q200"]
    assert [one["id"] for one in swap["learn"]["capacities"]] == ["Q203"]
    assert [one["id"] for one in swap["share"]["capacities"]] == ["Q200"]


def test_reasons_are_in_the_language_of_the_reader(client: FlaskClient) -> None:
    german = client.get(f"{ANA}.json?uselang=de").get_json()
    assert german["learn_from"][0]["reasons"][0] == "du möchtest technology lernen, und dort wird es angeboten"
    assert german["capacities"][1]["reasons"][0].startswith("Eine Person")


@pytest.mark.parametrize(("query", "hierarchy", "limit"), [("", True, 20), ("?hierarchy=0&limit=3", False, 3)])
def test_what_is_asked_reaches_the_matching(
    client: FlaskClient, matching: FakeMatching, query: str, hierarchy: bool, limit: int
) -> None:
    client.get(f"{ANA}.json{query}")
    ((asker, asked),) = matching.asked
    assert (asker.hierarchy, asked, asker.left_out) == (hierarchy, limit, frozenset())


@pytest.mark.parametrize(
    ("parameter", "value"),
    [
        ("limit", "-1"),
        ("limit", "10001"),
        ("limit", "twenty"),
        ("limit", "²"),
        ("limit", "9" * 5000),
        ("hierarchy", "2"),
        ("hierarchy", "true"),
        ("saved", "maybe"),
    ],
)
def test_a_value_that_cannot_be_is_refused_with_its_rule(client: FlaskClient, parameter: str, value: str) -> None:
    response = client.get(f"{ANA}.json", query_string={parameter: value})
    assert response.status_code == 400
    assert response.get_json()["error"]["parameter"] == parameter


def test_nobody_has_no_matches(client: FlaskClient) -> None:
    response = client.get("/person/Nobody/matches.json")
    assert response.status_code == 404
    assert "Nobody" in response.get_json()["error"]["message"]
