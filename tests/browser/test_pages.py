"""The pages in Chromium, as a person uses them: with and without JavaScript, wide and narrow, light, dark, mirrored.

Each page is watched: an error in its console, a request to another host or a line wider than the screen fails.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest
from playwright.sync_api import Browser, expect

from tests.browser.driving import Watch, too_wide
from tests.doubles.services import FakeServices
from tests.houses import loopback
from webapp import create_app

pytestmark = [pytest.mark.slow, pytest.mark.browser]

PERSON = "/person/Ana%20(demo)/caf%C3%A9"
PAGES = (
    "/",
    "/search?capacity=Q201",
    "/directory",
    "/capacity/Q202",
    PERSON,
    f"{PERSON}/matches",
    "/organization/ORG001",
)
MORE_PAGES = (
    "/territory/BR",
    "/event/EV0001",
    "/ontology/",
    "/ontology/offers",
    "/about",
    "/help/search",
    "/help/matching",
)
LARGEST_SEARCH_PAGE = 60 * 1024


@pytest.fixture(scope="module")
def site() -> Iterator[str]:
    """The address of a server over fixed services."""
    with loopback.werkzeug(create_app(FakeServices())) as address:
        yield address


@pytest.mark.parametrize(
    ("language", "scheme", "width"),
    [("en", "dark", 360), ("ar", "light", 1280), ("pt-br", "light", 360), ("ja", "dark", 1280)],
)
def test_every_page_fits_and_keeps_quiet(browser: Browser, site: str, language: str, scheme: Any, width: int) -> None:
    context = browser.new_context(
        locale=language, color_scheme=scheme, viewport={"width": width, "height": 800}, reduced_motion="reduce"
    )
    page = context.new_page()
    watch = Watch().over(page, site)
    for address in PAGES + MORE_PAGES:
        page.goto(site + address)
        page.wait_for_load_state("networkidle")
        assert too_wide(page) <= 0, address
        expect(page.locator("h1")).to_have_count(1)
    assert not watch.faults
    context.close()


def test_the_search_page_is_small(browser: Browser, site: str) -> None:
    page = browser.new_page()
    watch = Watch().over(page, site)
    page.goto(f"{site}/search?capacity=Q201")
    page.wait_for_load_state("networkidle")
    assert 10_000 < watch.received <= LARGEST_SEARCH_PAGE
    page.close()


def test_a_search_works_without_javascript(browser: Browser, site: str) -> None:
    context = browser.new_context(java_script_enabled=False, viewport={"width": 1280, "height": 800})
    page = context.new_page()
    page.goto(site)
    page.fill("#q", "video")
    page.check("input[name=language][value=pt]")
    page.check("input[name=role][value=offers]")
    page.click(".apply-button")
    assert "q=video" in page.url
    assert "language=pt" in page.url
    assert "role=offers" in page.url
    expect(page.locator("input[name=language][value=pt]")).to_be_checked()
    page.click('.chip-remove[aria-label="Remove filter: Portuguese"]')
    assert "language" not in page.url
    assert "role=offers" in page.url
    context.close()


def test_filters_are_a_step_away_on_a_phone(browser: Browser, site: str) -> None:
    context = browser.new_context(java_script_enabled=False, viewport={"width": 360, "height": 700})
    page = context.new_page()
    page.goto(site)
    expect(page.locator("#filters")).to_be_hidden()
    page.click(".filters-open")
    expect(page.locator("#filters")).to_be_visible()
    page.click(".filters-close")
    expect(page.locator("#filters")).to_be_hidden()
    context.close()


def test_ticking_a_filter_searches_at_once_where_there_is_room(browser: Browser, site: str) -> None:
    page = browser.new_page(viewport={"width": 1280, "height": 800})
    page.goto(site)
    with page.expect_navigation():
        page.check("input[name=language][value=pt]")
    assert page.url == f"{site}/search?language=pt"
    page.close()


def test_suggestions_are_chosen_with_the_keyboard(browser: Browser, site: str) -> None:
    page = browser.new_page()
    watch = Watch().over(page, site)
    page.goto(site)
    field = page.locator("#q")
    field.type("vid")
    expect(page.locator("#suggestions li")).to_have_count(3)
    expect(field).to_have_attribute("aria-expanded", "true")
    field.press("ArrowDown")
    expect(page.locator("#suggestion-0")).to_have_attribute("aria-selected", "true")
    expect(field).to_have_attribute("aria-activedescendant", "suggestion-0")
    field.press("Escape")
    expect(page.locator("#suggestions")).to_be_hidden()
    field.type("e")
    expect(page.locator("#suggestions li").first).to_be_visible()
    field.press("ArrowDown")
    with page.expect_navigation():
        field.press("Enter")
    assert page.url == f"{site}/search?capacity=Q202"
    assert not watch.faults
    page.close()


def test_light_and_dark_follow_the_device_and_the_readers_choice(browser: Browser, site: str) -> None:
    background = "getComputedStyle(document.body).backgroundColor"
    context = browser.new_context(color_scheme="dark")
    page = context.new_page()
    page.goto(site)
    dark = page.evaluate(background)
    page.click("summary:has-text('light or dark')")
    page.click("button[value=light]")
    light = page.evaluate(background)
    assert (dark, light) == ("rgb(16, 20, 24)", "rgb(255, 255, 255)")
    page.goto(f"{site}/directory")
    assert page.evaluate(background) == light
    context.close()


def test_the_language_can_be_chosen_and_the_page_turns_round(browser: Browser, site: str) -> None:
    context = browser.new_context(java_script_enabled=False)
    page = context.new_page()
    page.goto(f"{site}/search?capacity=Q201")
    page.click("summary:has-text('Choose a language')")
    page.click("button[value=ar]")
    expect(page.locator("html")).to_have_attribute("dir", "rtl")
    assert page.url == f"{site}/search?capacity=Q201"
    filters, results = page.locator("#filters").bounding_box(), page.locator("#results").bounding_box()
    assert filters is not None
    assert results is not None
    assert filters["x"] > results["x"]
    context.close()


def test_a_menu_closes_when_somebody_goes_elsewhere(browser: Browser, site: str) -> None:
    page = browser.new_page()
    page.goto(site)
    summary = page.locator("summary:has-text('Choose a language')")
    summary.click()
    expect(page.locator("button[value=ar]")).to_be_visible()
    page.keyboard.press("Escape")
    expect(page.locator("button[value=ar]")).to_be_hidden()
    expect(summary).to_be_focused()
    summary.click()
    page.click("h1")
    expect(page.locator("button[value=ar]")).to_be_hidden()
    page.close()


def test_everything_can_be_reached_with_the_keyboard(browser: Browser, site: str) -> None:
    page = browser.new_page()
    page.goto(site)
    page.keyboard.press("Tab")
    expect(page.locator(".skip-link")).to_be_focused()
    expect(page.locator(".skip-link")).to_be_in_viewport()
    page.keyboard.press("Enter")
    page.keyboard.press("Tab")
    expect(page.locator("#q")).to_be_focused()
    page.close()
