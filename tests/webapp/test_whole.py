"""The pages over the real services and the demonstration population: every link leads somewhere, in any language."""

from __future__ import annotations

import re
import subprocess
import sys
from collections import deque
from collections.abc import Iterator
from html import unescape
from urllib.parse import urlsplit

import pytest
from flask.testing import FlaskClient

from capx_graph import settings
from capx_graph.services import open_services
from tests import CHECKOUT
from webapp import create_app

pytestmark = pytest.mark.slow

MOST_PAGES = 250
LINK = re.compile(r'<a\b[^>]*\bhref="([^"#]+)')


@pytest.fixture(scope="module")
def client(tmp_path_factory: pytest.TempPathFactory) -> Iterator[FlaskClient]:
    data = tmp_path_factory.mktemp("whole") / "data"
    command = [sys.executable, "-m", "capx_graph", "--data", str(data), "demo", "add"]
    subprocess.run(command, check=True, capture_output=True, cwd=CHECKOUT)
    with open_services(settings.load({"CAPX_DATA": str(data)})) as services:
        services.ingest.catch_up()
        services.index.load()
        yield create_app(services).test_client()


def kind_of(address: str) -> str:
    """Pages of one kind look alike: the first step of the path and the names of the parameters."""
    parts = urlsplit(address)
    names = sorted({pair.split("=")[0] for pair in parts.query.split("&") if pair})
    return f"{parts.path.split('/')[1]} {names}"


def walk(client: FlaskClient, start: str) -> Iterator[tuple[str, str, int]]:
    """Pages reached from a start, a few of each kind, with the address that led there and the status."""
    waiting, seen, of_kind = deque([(start, "")]), {start}, {}
    while waiting and len(seen) < MOST_PAGES * 20:
        address, origin = waiting.popleft()
        kind = kind_of(address)
        of_kind[kind] = of_kind.get(kind, 0) + 1
        if of_kind[kind] > 4:
            continue
        answer = client.get(address)
        yield address, origin, answer.status_code
        if answer.mimetype != "text/html" or answer.status_code != 200:
            continue
        assert "⧼" not in answer.text, address
        for link in LINK.findall(answer.text):
            found = unescape(link)
            if found.startswith("/") and found not in seen:
                seen.add(found)
                waiting.append((found, address))


@pytest.mark.parametrize("language", ["en", "ar"])
def test_every_link_leads_somewhere(client: FlaskClient, language: str) -> None:
    reached = list(walk(client, f"/?uselang={language}"))
    assert len(reached) > 60
    assert not [(address, origin, status) for address, origin, status in reached if status not in {200, 302, 303}]


def test_a_capacity_finds_the_same_people_whatever_language_it_is_asked_in(client: FlaskClient) -> None:
    found = [
        [hit["id"] for hit in client.get("/search.json", query_string={"q": q, "class": "person"}).get_json()["hits"]]
        for q in ("communication", "comunicação", "コミュニケーション")
    ]
    assert found[0]
    assert found[0] == found[1] == found[2]


def test_paging_by_address_reaches_every_result_once(client: FlaskClient) -> None:
    seen: list[str] = []
    address = "/search.json?class=organization&sort=name&limit=50"
    while address:
        answer = client.get(address).get_json()
        seen += [hit["id"] for hit in answer["hits"]]
        address = answer["next"]
    assert len(seen) == len(set(seen)) == answer["total"]


def test_choosing_a_value_gives_as_many_results_as_its_count_says(client: FlaskClient) -> None:
    answer = client.get("/search.json?class=person&limit=0").get_json()
    for facet, key in (("capacity", "id"), ("language", "code"), ("territory", "code"), ("role", "code")):
        for value in answer["facets"][facet][:3]:
            asked = client.get("/search.json", query_string={"class": "person", facet: value[key], "limit": 0})
            assert asked.get_json()["total"] == value["count"], (facet, value)


def test_a_wiki_page_address_leads_to_a_page_that_is_there(client: FlaskClient) -> None:
    hit = client.get("/search.json?class=capacity&limit=1").get_json()["hits"][0]
    answer = client.get(f"/wiki/Item:{hit['id']}", follow_redirects=True)
    assert answer.status_code == 200
    assert hit["label"] in answer.text
