"""Asked for a capacity in no role, the page tells apart who offers, wants and knows it: a link each, with a number."""

from __future__ import annotations

import re
from collections.abc import Iterator
from html import unescape

import pytest
from flask.testing import FlaskClient

from tests.houses.demo import demonstration
from webapp import create_app


@pytest.fixture(scope="module")
def client(tmp_path_factory: pytest.TempPathFactory) -> Iterator[FlaskClient]:
    with demonstration(tmp_path_factory.mktemp("roles")) as services:
        yield create_app(services).test_client()


def choices(client: FlaskClient, address: str) -> dict[str, tuple[str, int | None, bool]]:
    """Label, with address, number and whether it is chosen, of the row of roles."""
    html = client.get(address).text
    row = re.search(r'<nav class="role-choices".*?</nav>', html, re.DOTALL)
    lines = re.findall(
        r'<li><a href="(.*?)"(.*?)>(.*?)</a>(?: <span class="facet-count">(.*?)</span>)?', row[0] if row else ""
    )
    return {
        label: (unescape(url), int(count) if count else None, "aria-current" in rest)
        for url, rest, label, count in lines
    }


@pytest.mark.parametrize(
    "asked", ["q=communication", "q=communication&territory=BR", "capacity=36", "q=comunicação&language=pt"]
)
def test_each_role_is_one_click_away_and_finds_what_it_says(client: FlaskClient, asked: str) -> None:
    found = choices(client, f"/search?{asked}&uselang=en")
    assert found["Any relation"][2]
    assert {"Offers", "Wants to learn", "Knows"} & found.keys()
    for label, (url, count, chosen) in found.items():
        if label != "Any relation":
            assert client.get(url.replace("/search?", "/search.json?")).get_json()["total"] == count
            assert not chosen
            assert choices(client, url)[label][2]


@pytest.mark.parametrize("asked", ["", "q=Demo", "territory=BR", "class=capacity&q=communication", "q=zzz"])
def test_where_no_capacity_made_anything_match_there_is_no_such_row(client: FlaskClient, asked: str) -> None:
    assert not choices(client, f"/search?{asked}&uselang=en")


def test_the_way_back_to_any_role_is_there(client: FlaskClient) -> None:
    url, count, chosen = choices(client, "/search?capacity=36&role=offers&uselang=en")["Any relation"]
    assert (count, chosen) == (None, False)
    assert "role=" not in url
