"""Pages on paper, printed by Chromium: black on white whatever the screen shows, without what only a screen can use."""

from __future__ import annotations

from collections.abc import Iterator
from urllib.parse import quote

import pytest
from playwright.sync_api import Browser, Page, expect

from tests.browser.driving import too_wide
from tests.houses.demo_served import DemoSite, demonstration_served

pytestmark = [pytest.mark.slow, pytest.mark.browser]

COLOURS = """() => [...document.querySelectorAll('main, main h1, main h2, main p, main li, main a')]
  .filter((one) => one.checkVisibility() && one.textContent.trim())
  .map((one) => [getComputedStyle(one).color, getComputedStyle(one).backgroundColor])"""
BLACK, WHITE = "rgb(0, 0, 0)", ("rgb(255, 255, 255)", "rgba(0, 0, 0, 0)")


@pytest.fixture(scope="module")
def site(tmp_path_factory: pytest.TempPathFactory) -> Iterator[DemoSite]:
    with demonstration_served(tmp_path_factory.mktemp("print")) as served:
        yield served


@pytest.fixture
def page(browser: Browser, site: DemoSite) -> Iterator[Page]:
    """A reader who likes it dark."""
    context = browser.new_context(color_scheme="dark", locale="en")
    context.add_cookies([{"name": "capx_appearance", "value": "dark", "url": site.address}])
    yield context.new_page()
    context.close()


def team(site: DemoSite) -> str:
    return "/team?" + "&".join(f"capacity={item}" for item in site.capacities[:3])


def addresses(site: DemoSite) -> dict[str, str]:
    return {
        "team": team(site),
        "rings": "/rings?territory=BR",
        "person": f"/person/{quote(site.person)}",
        "search": f"/search?capacity={site.capacities[0]}",
        "directory": "/directory",
        "event": "/event/DEMOEV21",
    }


@pytest.mark.parametrize("name", ["team", "rings", "person", "search", "directory", "event"])
def test_a_page_is_printed_black_on_white_without_its_tools(page: Page, site: DemoSite, name: str) -> None:
    address = addresses(site)[name]
    page.goto(site.address + address)
    page.emulate_media(media="print")
    found: list[list[str]] = page.evaluate(COLOURS)
    assert found
    assert {colour for colour, _ in found} == {BLACK}
    assert {behind for _, behind in found} <= set(WHITE)
    assert page.evaluate("getComputedStyle(document.body).backgroundColor") == WHITE[0]
    for tool in (".site-header", ".site-footer", "main button", "main input", "main select"):
        assert not [one for one in page.locator(tool).all() if one.is_visible()], tool
    expect(page.locator(".print-source")).to_contain_text(site.address + address.split("?")[0])


def test_a_team_on_paper_says_for_what_and_where_its_people_are(page: Page, site: DemoSite) -> None:
    page.goto(site.address + team(site))
    expect(page.locator("button[data-print]")).to_be_visible()
    needed = page.locator(".team-asked dd li").all_inner_texts()
    members = page.locator(".seat .people-name").all_inner_texts()
    assert len(needed) == 3
    assert members
    page.emulate_media(media="print")
    text = page.inner_text("main")
    for words in (*needed, *members):
        assert words in text
    assert text.count(f"{site.address}/person/") == len(members)
    assert f"{site.address}/team?capacity=" in text
    assert page.pdf(format="A4").count(b"/Type /Page\n") == 1


def test_what_is_folded_away_or_wider_than_a_page_is_whole_on_paper(page: Page, site: DemoSite) -> None:
    page.set_viewport_size({"width": 673, "height": 900})  # A4 within its margins
    page.goto(f"{site.address}/analytics")
    page.emulate_media(media="print")
    assert page.evaluate("document.querySelector('.panel-numbers:not([open]) td').getBoundingClientRect().height") > 0
    assert too_wide(page) <= 0
