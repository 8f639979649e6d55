"""The matches of a person over HTTP: the data that other tools build on, and what is asked wrongly."""

from __future__ import annotations

import html
import re

import pytest
from flask.testing import FlaskClient

from capx_graph.namespaces import WikibaseNamespaces
from tests.doubles.services import FakeMatching, FakeServices
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


@pytest.mark.parametrize(
    ("query", "hierarchy", "limit"),
    [("", True, 20), ("?hierarchy=0&limit=3", False, 3), ("?limit=10000", True, 2000)],
)
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


def test_the_page_says_why_in_sentences_with_links(client: FlaskClient) -> None:
    page = client.get(ANA).get_data(as_text=True)
    assert "Matches of" in page
    assert 'id="swaps"' in page
    assert re.search(r"you want .*media.*they offer .*video editing.*a part of it", page)
    assert 'href="/help/matching"' in page


def test_every_list_leads_to_its_query_with_the_values_of_the_asker(client: FlaskClient) -> None:
    page = client.get(ANA).get_data(as_text=True)
    addresses = [html.unescape(found) for found in re.findall(r'class="edit-query" href="([^"]+)"', page)]
    assert any("open=match/learn_from" in one and "wanted=Q201" in one and "left_out=Q700" in one for one in addresses)
    assert not any("open=match/share_with" in one for one in addresses), "the asker offers nothing to ask with"


@pytest.mark.parametrize("language", ["en", "ar", "ja"])
@pytest.mark.parametrize("address", [ANA, f"{ANA}?list=learn_from&hierarchy=0", "/help/matching"])
def test_pages_are_whole_in_every_language(client: FlaskClient, address: str, language: str) -> None:
    response = client.get(address, query_string=None, headers={"Accept-Language": language})
    page = response.get_data(as_text=True)
    assert response.status_code == 200
    assert "⧼" not in page
    assert f'lang="{language}"' in page


def test_one_list_alone_is_longer(client: FlaskClient, matching: FakeMatching) -> None:
    client.get(f"{ANA}?list=swaps")
    client.get(ANA)
    (_, alone), (_, among) = matching.asked
    assert alone > among
    assert client.get(f"{ANA}?list=nothing").status_code == 400


def test_a_client_that_asks_for_json_gets_it_from_the_page(client: FlaskClient) -> None:
    assert client.get(ANA, headers={"Accept": "application/json"}).get_json()["person"] == "Ana (demo)/café"


def test_the_page_of_a_person_leads_to_their_matches(client: FlaskClient) -> None:
    page = client.get(ANA.removesuffix("/matches")).get_data(as_text=True)
    assert 'href="/person/Ana%20(demo)/caf%C3%A9/matches"' in page


def test_an_answer_is_kept_until_the_graph_changes_or_an_event_begins() -> None:
    """The second stranger is given what the first one was; what an answer depends on is in its tag."""
    services = FakeServices()
    client = create_app(services).test_client()
    address = "/person/Ana (demo)%2Fcafé/matches.json"
    first, second = client.get(address), client.get(address)
    assert first.data == second.data
    assert len(services.matching.asked) == 1
    assert client.get(address, headers={"If-None-Match": first.headers["ETag"]}).status_code == 304
    services.matching.stamp = "2"
    assert client.get(address).headers["ETag"] != first.headers["ETag"]
    assert len(services.matching.asked) == 2
    client.get(address + "?limit=3")
    client.get(address + "?uselang=ja")
    assert len(services.matching.asked) == 4


def test_no_answer_is_kept_for_those_who_ask_another_host() -> None:
    """A page names whole addresses; hosts that are not ours get those of the concept base, and share them."""
    services = FakeServices(namespaces=WikibaseNamespaces("http://localhost:8000"))
    client = create_app(services).test_client()
    first, second, evil = (
        client.get(ANA, base_url=f"http://{host}").text for host in ("localhost:8000", "127.0.0.1:9000", "evil.example")
    )
    assert "http://127.0.0.1:9000/static/" not in first
    assert "http://127.0.0.1:9000/static/" in second
    assert evil == first
