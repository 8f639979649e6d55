"""Help with pictures, privacy, QR codes, social cards."""

from __future__ import annotations

import re
from collections.abc import Iterator
from html import unescape
from urllib.parse import urlsplit

import pytest
from flask.testing import FlaskClient

from tests.houses.demo import demonstration
from webapp import create_app
from webapp.request import reader


@pytest.fixture(scope="module")
def client(tmp_path_factory: pytest.TempPathFactory) -> Iterator[FlaskClient]:
    with demonstration(tmp_path_factory.mktemp("help")) as services:
        services.dumps.publish({"graph.nt.gz": lambda out: out.write(b"x")}, at=services.settings.now())
        yield create_app(services).test_client()


def card(client: FlaskClient, address: str) -> dict[str, str]:
    """What a social network reads of a page."""
    return dict(re.findall(r'<meta property="og:([a-z_]+)" content="([^"]*)">', client.get(address).text))


def test_the_pictures_of_the_help_are_in_the_readers_language(client: FlaskClient) -> None:
    english = client.get("/help").text
    german = client.get("/help?uselang=de").text
    assert "Portuguese" in english
    assert "Portugiesisch" in german
    assert english.count("help-picture") == german.count("help-picture") == 3


HELP = ("/help", "/help/search", "/help/matching", "/help/groups", "/help/api", "/help/sparql", "/about", "/privacy")
OUT_OF_HELP = re.compile(r"/(?:me|signin|register|static|report|w|openapi\.json)\b|/(?:rings|team)\.json\?")
"""What asks for a member first, is tested elsewhere (what the solver answers, too), or belongs to the Wikibase."""
PLACE = re.compile(r"\{|/[A-Z]+/")
"""Where an address leaves a place open."""


@pytest.mark.parametrize("page", HELP)
def test_every_address_that_the_help_names_answers(client: FlaskClient, page: str) -> None:
    """Links, and what stands there as code to be copied."""
    text = client.get(page).text.partition("<main")[2].partition("</main>")[0]
    links = {unescape(link) for link in re.findall(r'href="(/[^"#]*)', text)}
    code = {unescape(said) for said in re.findall(r"<code[^>]*>(?:curl ')?(?:https?://localhost)?(/[^<'\s]*)", text)}
    asked = {address for address in links | code if not OUT_OF_HELP.match(address) and not PLACE.search(address)}
    assert links | code
    found = {address: client.get(address).status_code for address in asked}
    bare = {address for address in code - links if found.get(address) == 400 and "?" not in address}
    assert not {address: status for address, status in found.items() if status >= 400}.keys() - bare


def test_the_page_about_privacy_leads_out(client: FlaskClient) -> None:
    page = client.get("/privacy").text
    assert "/me/erase" in page
    assert "/me/export" in page


def test_the_page_about_privacy_names_what_is_kept_of_visitors(client: FlaskClient) -> None:
    """Every cookie that the pages set has its word, and so have the history of queries and the short links."""
    cookies = {name for name in vars(reader) if name.endswith("_COOKIE")}
    words = {"LANGUAGE_COOKIE": "language", "APPEARANCE_COOKIE": "look", "ZONE_COOKIE": "time zone"}
    assert cookies == set(words)
    page = client.get("/privacy").text
    for said in (*words.values(), "queries that you ran", "short link", "Wikimedia Commons"):
        assert said in page


def test_a_social_card_says_what_a_person_offers(client: FlaskClient) -> None:
    (hit,) = client.get("/search.json?class=person&role=offers&sort=name&limit=1").get_json()["hits"]
    told = card(client, hit["url"])
    assert told["title"].startswith(hit["label"])
    assert told["description"].startswith("Offers: ")
    assert told["image"].startswith("http://")
    assert client.get(urlsplit(told["image"]).path).mimetype == "image/png"
    assert "Offers" not in card(client, "/")["description"]


def test_a_qr_code_carries_the_whole_address_of_a_person(client: FlaskClient) -> None:
    (hit,) = client.get("/search.json?class=person&limit=1").get_json()["hits"]
    answer = client.get(f"{hit['url']}/qr.svg")
    assert answer.mimetype == "image/svg+xml"
    assert answer.data.startswith(b"<svg")
    assert b"<script" not in answer.data
    assert client.get("/person/Nobody/qr.svg").status_code == 404
