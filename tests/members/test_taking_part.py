"""Who takes part in a project: how many there are, who was active lately first, a page at a time."""

from __future__ import annotations

import re
from collections.abc import Iterator

import pytest

from tests.houses.directory import House, house, project
from webapp.rooms import pages

ACTIVE = {"Ada": "2026-03-01", "Zoe": "2026-05-01", "Bea": None, "Moe": "2026-04-01"}
"""When each was last active; by name they come in another order."""


@pytest.fixture(scope="module")
def home(tmp_path_factory: pytest.TempPathFactory) -> Iterator[House]:
    with house(tmp_path_factory.mktemp("house")) as opened:
        yield opened


@pytest.fixture(scope="module")
def meetup(home: House) -> str:
    item = project(home)
    for name, day in ACTIVE.items():
        home.person(name, takesPartIn=item, **({"lastActive": f"{day}T00:00:00Z"} if day else {}))
    return item


def names(page: str) -> list[str]:
    (section,) = re.findall(r'<section id="people">.*?</section>', page, re.DOTALL)
    return re.findall(r'<span class="people-name">.*?href="/person/(\w+)', section)


def test_who_was_active_lately_comes_first_and_all_are_counted(home: House, meetup: str) -> None:
    found = home.services.profiles.project(meetup, limit=3).people
    assert [line.person.code for line in found.people] == ["Zoe", "Moe", "Ada"]
    assert (found.total, found.next_offset) == (4, 3)
    rest = home.services.profiles.project(meetup, limit=3, offset=3).people
    assert ([line.person.code for line in rest.people], rest.next_offset) == (["Bea"], None)


def test_a_page_leads_to_the_next_and_back(home: House, meetup: str, monkeypatch: pytest.MonkeyPatch) -> None:
    assert "paging" not in home.client.get(f"/project/{meetup}").text
    monkeypatch.setattr(pages, "_PAGE", 3)
    first = home.client.get(f"/project/{meetup}?uselang=en").text
    assert names(first) == ["Zoe", "Moe", "Ada"]
    assert '<span class="count">4</span>' in first
    (following,) = re.findall(r'rel="next" href="([^"]*)#people"', first)
    last = home.client.get(following.replace("&amp;", "&")).text
    assert names(last) == ["Bea"]
    assert f'rel="prev" href="/project/{meetup}?uselang=en#people"' in last
    assert home.client.get(f"/project/{meetup}?offset=x").status_code == 400
    assert names(home.client.get(f"/project/{meetup}?offset=99").text) == []


def test_a_page_further_on_names_itself(home: House, meetup: str) -> None:
    for asked, own in (
        ("", ""),
        ("?offset=3", "?offset=3"),
        ("?utm_source=x&offset=3", "?offset=3"),
        ("?offset=99", ""),
    ):
        page = home.client.get(f"/project/{meetup}{asked}").text
        assert f'<link rel="canonical" href="{home.services.namespaces.site}/project/{meetup}{own}">' in page
