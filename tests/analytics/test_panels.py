"""Every panel of a page opens its own query in the editor, and that query answers what the panel shows."""

from __future__ import annotations

import re
import subprocess
import sys
from collections.abc import Iterator
from dataclasses import dataclass
from html import unescape
from urllib.parse import parse_qsl, urlsplit

import pytest
from flask.testing import FlaskClient

from capx_graph import queries, settings
from capx_graph.services import Services, open_services
from tests import CHECKOUT
from webapp import create_app

pytestmark = pytest.mark.slow

SECTION = re.compile(r"<section\b.*?</section>", re.DOTALL)
TITLE = re.compile(r'<h2>(.*?)(?:\s*<span class="count">([\d,]+)</span>)?</h2>', re.DOTALL)
EDIT = re.compile(r'class="edit-query" href="([^"]+)"')
BAR = re.compile(r'class="bar-count">([\d,]+)<')
UNASKED = ("Names",)
"""Panels that show no answer of the graph."""


@dataclass(frozen=True)
class House:
    services: Services
    client: FlaskClient

    def first(self, kind: str, order: str) -> str:
        """The item of a class that has most of something."""
        text = f"SELECT ?x (COUNT(?y) AS ?n) {{ ?x a capx:{kind} . {order} }} GROUP BY ?x ORDER BY DESC(?n) ?x LIMIT 1"
        found = self.client.get("/sparql", query_string={"query": text, "format": "csv"}).text
        return found.splitlines()[1].partition(",")[0].rpartition("/")[2]

    def panels(self, address: str) -> list[str]:
        answer = self.client.get(address, follow_redirects=True)
        assert answer.status_code == 200
        return SECTION.findall(answer.text)

    def rows(self, link: str) -> list[str]:
        """The last value of each row of the query that a link opens."""
        given = dict(parse_qsl(urlsplit(unescape(link)).query))
        bound = self.services.query_help.binding.bind(queries.load(given["open"]), given, reader=("en",))
        return [str(row[-1]) for row in self.services.store.select(bound).rows]


@pytest.fixture(scope="module")
def house(tmp_path_factory: pytest.TempPathFactory) -> Iterator[House]:
    data = tmp_path_factory.mktemp("panels") / "data"
    command = [sys.executable, "-m", "capx_graph", "--data", str(data), "demo", "add"]
    subprocess.run(command, check=True, capture_output=True, cwd=CHECKOUT)
    with open_services(settings.load({"CAPX_DATA": str(data)})) as services:
        services.ingest.catch_up()
        services.index.load()
        yield House(services, create_app(services).test_client())


@pytest.mark.parametrize(
    ("address", "kind", "order"),
    [
        ("/capacity/{}", "Capacity", "?y capx:offersUnder ?x"),
        ("/capacity/{}", "Capacity", "?y capx:concernsUnder ?x"),
        ("/capacity/{}", "Capacity", "?y capx:wantsUnder ?x . ?y a capx:Organization"),
        ("/territory/{}", "Territory", "?y capx:basedWithin ?x"),
        ("/territory/{}", "Territory", "?y capx:basedWithin ?x . ?x capx:code ?c"),
        ("/organization/{}", "Organization", "?y capx:affiliatedWith ?x"),
        ("/organization/{}", "Organization", "?y capx:organizer ?x"),
        ("/organization/{}", "Organization", "?y capx:partner ?x"),
        ("/entity/{}", "Person", "?x capx:wants ?y"),
    ],
)
def test_a_panels_query_answers_what_it_shows(house: House, address: str, kind: str, order: str) -> None:
    entity = house.first(kind, order)
    if kind == "Person":
        text = f"SELECT ?n {{ wd:{entity} capx:username ?n }}"
        name = house.client.get("/sparql", query_string={"query": text, "format": "csv"}).text.splitlines()[1]
        address, entity = "/person/{}", name
    shown = 0
    for panel in house.panels(address.format(entity)):
        title = TITLE.search(panel)
        if title is None or title[1] in UNASKED or ('class="quiet"' in panel and "<li" not in panel):
            continue
        edit = EDIT.search(panel)
        assert edit, title[1]
        found = house.rows(edit[1])
        bars = [number.replace(",", "") for number in BAR.findall(panel)]
        if bars:
            assert [re.sub(r'"(\d+)".*', r"\1", str(number)) for number in found[: len(bars)]] == bars, title[1]
        else:
            expected = int(title[2].replace(",", "")) if title[2] else len(re.findall(r"<li\b", panel))
            assert len(found) == expected, title[1]
        shown += 1
    assert shown


@pytest.mark.parametrize(
    "asked", ["role=offers&class=person", "q=demo", "language=de&level=n", "class=event", "q=zzzz"]
)
def test_a_searchs_query_finds_what_the_search_finds(house: House, asked: str) -> None:
    page = house.client.get(f"/search?{asked}").text
    link = re.search(r'href="(/query/search\?[^"]+)"', page)
    assert link
    total = house.client.get(f"/search.json?{asked}").get_json()["total"]
    answer = house.client.get(f"{unescape(link[1])}&answer=1")
    assert answer.status_code == 200
    text = re.search(r"<textarea[^>]*>(.*?)</textarea>", answer.text, re.DOTALL)
    assert text
    found = house.client.post("/sparql", data={"query": unescape(text[1])}, headers={"Accept": "text/csv"}).text
    assert len(found.splitlines()) - 1 == total
