"""What a page tells search engines and cards: a public one has one address, all others are in no index."""

from __future__ import annotations

import re
from collections.abc import Iterator
from html import unescape
from urllib.parse import urlsplit

import pytest
from flask.testing import FlaskClient

from tests.houses.demo import demonstration
from tests.houses.directory import House
from webapp import create_app

PUBLIC = (
    "/", "/search?class=person&role=offers", "/directory", "/events", "/projects", "/analytics", "/analytics/languages",
    "/query", "/query/examples", "/query/examples/find_teachers", "/rings", "/team", "/translate", "/dumps/",
    "/ontology/", "/ontology/offers", "/about", "/privacy", "/help", "/help/search", "/help/matching", "/help/groups",
    "/help/api", "/wiki/Special:ListProperties", "/wiki/Special:Statistics", "/territory/BR",
)  # fmt: skip
PRIVATE = (
    "/me", "/me/edit", "/me/matches", "/me/saved", "/me/searches", "/me/contact", "/me/sessions", "/me/export",
    "/me/erase", "/me/draft", "/propose/organization", "/directory/suggest", "/directory/suggestions", "/proposals",
    "/report", "/status", "/translate?to=de", "/wiki/Special:RecentChanges", "/no/such/page",
    "/search?limit=x",
)  # fmt: skip
CARD = {"type", "url", "site_name", "title", "description", "image", "locale"}


@pytest.fixture(scope="module")
def home(tmp_path_factory: pytest.TempPathFactory) -> Iterator[House]:
    with demonstration(tmp_path_factory.mktemp("heads")) as services:
        opened = House(services, create_app(services).test_client())
        opened.sign_in("Ana", "maintainer")
        yield opened


def said(html: str) -> dict[str, str]:
    """The head of a page as names and values: metadata, the title, the canonical address."""
    head = html.partition("</head>")[0]
    found = dict(re.findall(r'<meta (?:name|property)="([^"]+)" content="([^"]*)">', head, re.DOTALL))
    found |= dict(re.findall(r'<link rel="(canonical)" href="([^"]*)">', head))
    found |= dict(re.findall(r"<(title)>([^<]*)</title>", head))
    return {name: unescape(value) for name, value in found.items()}


def things(client: FlaskClient) -> list[str]:
    """A page of each kind of thing, and what hangs on it."""
    hits = [
        client.get(f"/search.json?class={kind}&limit=1").get_json()["hits"][0] for kind in ("person", "organization")
    ]
    happening = [re.search(rf'href="(/{kind}/[^"/]+)"', client.get(f"/{kind}s").text) for kind in ("event", "project")]
    capacity = re.search(r'href="(/capacity/[^"]+)"', client.get("/directory").text)
    person, organization = (hit["url"] for hit in hits)
    pages = [person, f"{person}/matches", organization, f"{organization}/needs", f"/wiki/Item:{hits[0]['id']}"]
    return [*pages, *(found[1] for found in (capacity, *happening) if found)]


def test_every_public_page_says_what_it_is_and_where_it_is_found_for_good(home: House) -> None:
    client = home.visitor()
    addresses = [*PUBLIC, *things(client)]
    assert len(addresses) == len(PUBLIC) + 8
    for address in addresses:
        head = said(client.get(address).text)
        assert "robots" not in head, address
        assert {f"og:{name}" for name in CARD} | {"title", "description", "canonical", "twitter:card"} <= head.keys(), (
            address
        )
        assert all(value.strip() for value in head.values()), address
        assert head["og:url"] == head["canonical"] == home.services.namespaces.site + address, address
        assert head["og:title"] == head["title"]
        assert head["og:description"] == head["description"]


def test_what_others_add_to_an_address_is_no_part_of_it(home: House) -> None:
    """Nor what only says how a page was come to; what it is narrowed by and how far it is turned is."""
    client, project = home.visitor(), things(home.visitor())[-1]
    narrowed = {
        "/events?when=past": "/events?when=past",
        "/events?territory=BR&more=capacity&when=coming": "/events?territory=BR",
        "/projects?offset=50": "/projects?offset=50",
        "/analytics?limit=5": "/analytics",
        "/analytics/languages_by_territory?territory=br&limit=5": "/analytics/languages_by_territory?territory=BR",
        "/query?open=linked/mentions&most=5": "/query",
        "/rings?shortest=2": "/rings",
        f"{project}?offset=0": project,
        f"{project}?offset=9999": project,
    }
    for address, own in ({address: address for address in (*PUBLIC, *things(client))} | narrowed).items():
        head = said(client.get(f"{address}{'&' if '?' in address else '?'}utm_source=x&name=%3Cb%3E").text)
        assert head["og:url"] == head["canonical"] == home.services.namespaces.site + own, address


def test_a_page_is_one_in_every_language_and_at_every_host(home: House) -> None:
    client = home.visitor()
    for address in ("/", "/search?role=offers", "/help", *things(client)):
        joint = "&" if "?" in address else "?"
        page = client.get(f"{address}{joint}uselang=ja", headers={"Host": "else.example"})
        assert said(page.text)["canonical"] == home.services.namespaces.site + address
        assert said(page.text)["og:locale"] == "ja_JP"


def test_a_thing_with_two_addresses_has_one_that_counts(home: House) -> None:
    client = home.visitor()
    head = said(client.get("/territory/BR").text)
    item = re.search(r"/wiki/Item:(Q\d+)", client.get("/territory/BR").text)
    assert item
    assert said(client.get(f"/territory/{item[1]}").text)["canonical"] == head["canonical"]
    page = client.get(f"/w/index.php?title=Item:{item[1]}", follow_redirects=True)
    assert said(page.text)["canonical"].endswith(f"/wiki/Item:{item[1]}")


def test_what_is_for_members_or_of_a_moment_is_in_no_index_and_on_no_card(home: House) -> None:
    item = urlsplit(things(home.client)[4]).path
    for address in ("/signin", "/register"):
        assert said(home.visitor().get(address).text)["robots"] == "noindex"
    for address in (*PRIVATE, f"{item}?action=history"):
        head = said(home.client.get(address).text)
        assert head.get("robots") == "noindex", address
        assert not {name for name in head if name.startswith(("og:", "twitter:"))} | (
            {"canonical", "description"} & head.keys()
        )


def test_a_matching_page_of_ones_own_names_no_address(home: House) -> None:
    assert "canonical" not in said(home.client.get("/me/matches?hierarchy=0").text)
