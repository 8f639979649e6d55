"""A site on which nobody has published a profile: its search says that, and what to do about it."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest
from flask.testing import FlaskClient

from capx_graph import settings
from capx_graph.services import open_services
from tests.houses.command import Run
from tests.houses.demo import demonstration
from webapp import create_app

pytestmark = pytest.mark.slow

NOBODY = "Nobody has published a profile here yet"
FEWER = "Try it with fewer conditions"


@contextmanager
def served(data: Path) -> Iterator[FlaskClient]:
    with open_services(settings.load({"CAPX_DATA": str(data), "CAPX_SPARQL_WORKERS": "1"})) as services:
        services.ingest.catch_up()
        services.index.load()
        yield create_app(services).test_client()


def test_an_empty_site_tells_visitors_to_begin_and_operators_how_to_fill_it(tmp_path: Path) -> None:
    with served(tmp_path / "data") as client:
        home, search = (client.get(page).text for page in ("/?uselang=en", "/search?q=anything&uselang=en"))
    for html in (home, search):
        assert NOBODY in html
        assert 'href="/me/edit?uselang=en"' in html
        assert FEWER not in html
    assert "capx directory</code>" in home
    assert "capx demo add</code>" in home
    assert "capx demo" not in search


def test_a_directory_without_people_is_shown_and_nobody_is_told_to_make_it(capx: Run, tmp_path: Path) -> None:
    assert capx("directory")[0] == 0
    with served(tmp_path / "data") as client:
        home, unmatched = (client.get(page).text for page in ("/?uselang=en", "/search?q=zzzz&uselang=en"))
        found = client.get("/search?class=capacity&uselang=en").text
    assert NOBODY in home
    assert "capx directory" not in home
    assert 'class="hits"' in home
    assert NOBODY in unmatched
    assert NOBODY not in found


def test_where_people_are_a_search_that_finds_nothing_advises_fewer_conditions(tmp_path: Path) -> None:
    with demonstration(tmp_path) as services:
        html = create_app(services).test_client().get("/search?q=zzzz&uselang=en").text
    assert FEWER in html
    assert NOBODY not in html


def test_what_finds_nothing_is_not_sorted_and_keeps_its_order_for_the_next_search(tmp_path: Path) -> None:
    with demonstration(tmp_path) as services:
        client = create_app(services).test_client()
        found, unmatched = (client.get(f"/search?q={text}&sort=name").text for text in ("communication", "zzzz"))
    assert '<select id="sort"' in found
    assert '<select id="sort"' not in unmatched
    assert '<input type="hidden" form="search" name="sort" value="name">' in unmatched
