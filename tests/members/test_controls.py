"""What buttons and links are called where many stand on one page: each by what it does, and to what."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator

import pytest

from capx_graph.suggestions import Wish
from tests.houses.directory import House, house

CONTROL = re.compile(r"<(button|summary|a)\b([^>]*)>(.*?)</\1>|<label class=\"edit-gone\"(>)(.*?)</label>", re.DOTALL)


@pytest.fixture(scope="module")
def home(tmp_path_factory: pytest.TempPathFactory) -> Iterator[House]:
    with house(tmp_path_factory.mktemp("house")) as opened:
        for name in ("Ben", "Cleo"):
            opened.person(name, offers=opened.item("36"))
        opened.session("Ana")
        ana = opened.services.accounts.account("Ana")
        assert ana is not None
        opened.publish(opened.services.accounts.members.of(ana), offers=opened.item("36"), wants=opened.item("10"))
        yield opened


def called_alike(page: str) -> set[str]:
    """Names that two controls of a page's content share; links to one place are one."""
    content = page.partition("<main")[2].partition("</main")[0]
    names: Counter[str] = Counter()
    seen = set()
    for _, attributes, inside, _, label in CONTROL.findall(content):
        name = " ".join(re.sub(r"<[^>]*>", "", inside or label).split())
        place = re.findall(r'href="([^"]*)"', attributes)
        if name and "aria-hidden" not in attributes and (name, *place) not in seen:
            names[name] += 1
            if place:
                seen.add((name, *place))
    return {name for name, count in names.items() if count > 1}


def test_lines_of_a_profile_are_told_apart(home: House) -> None:
    page = home.browser("Ana").get("/me/edit").text
    assert page.count('class="edit-gone"') >= 2
    assert 'Remove<span class="visually-hidden"> communication</span>' in page
    for part in page.split('<fieldset class="edit-part"'):
        assert not called_alike(f"<main{part}")


def test_saved_people_sessions_and_suggestions_are_told_apart(home: House) -> None:
    ana, mia = home.browser("Ana"), home.browser("Mia", "maintainer")
    home.session("Ana")
    for name in ("Ben", "Cleo"):
        ana.post("/me/saved", data=home.form(f"/person/{name}", "/me/saved", ana) | {"act": "save"})
    for text in ("signing", "drawing"):
        home.services.directory_work.suggestions.add(Wish("en", text), account="Ana")
    pages = (ana.get("/me/saved").text, mia.get("/directory/suggestions").text)
    for page, counted in zip(pages, ('value="remove"', 'name="reason"'), strict=True):
        assert page.count(counted) >= 2
        assert not called_alike(page)
    assert re.search(r'End<span class="visually-hidden"> [^<]*20\d\d', ana.get("/me/sessions").text)


def test_each_query_says_what_it_asks_for(home: House) -> None:
    page = home.visitor().get("/capacity/" + home.item("36")).text
    assert page.count('class="edit-query"') > 1
    assert not called_alike(page)


@pytest.mark.parametrize("address", ["/status", "/wiki/Item:{item}", "/analytics"])
def test_what_can_be_scrolled_has_a_role_and_a_name(home: House, address: str) -> None:
    page = home.visitor().get(address.format(item=home.item("36"))).text
    boxes = re.findall(r"<(?:div|figure) [^>]*tabindex=\"0\"[^>]*>", page)
    assert boxes
    assert all(re.search(r"aria-label(?:ledby)?=\"[^\"]", box) for box in boxes)
    assert all(box.startswith("<figure") or re.search(r'role="(?:region|group)"', box) for box in boxes)
