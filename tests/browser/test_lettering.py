"""Pages as readers of other scripts see them: nothing cut off, broken or put on the wrong side in their letters."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

import pytest
from playwright.sync_api import Browser, Page

from tests.browser.driving import PHONE, too_wide
from tests.doubles.services import FakeServices
from tests.houses import loopback
from webapp import create_app

pytestmark = [pytest.mark.slow, pytest.mark.browser]

OTHERWISE_LETTERED = """() => [...document.querySelectorAll('select, textarea, .cdx-button, .cdx-text-input__input')]
  .filter((one) => getComputedStyle(one).fontFamily !== getComputedStyle(document.body).fontFamily
    || getComputedStyle(one).lineHeight === 'normal').map((one) => one.outerHTML.slice(0, 120))"""
CLEAR_OF_ICON = """() => {
  const field = document.querySelector('#q');
  const [box, icon] = [field, document.querySelector('.search-icon')].map((one) => one.getBoundingClientRect());
  const [left, right] = ['paddingLeft', 'paddingRight'].map((side) => parseFloat(getComputedStyle(field)[side]));
  return box.left + left >= icon.right || box.right - right <= icon.left;
}"""
LINES = """(selector) => [...document.querySelectorAll(selector)].map((one) => one.getClientRects().length)"""
AROUND_MAP = """() => {
  const box = (one) => one.getBoundingClientRect();
  const lands = [...document.querySelectorAll('.chart-map svg path')].map(box);
  const key = Math.min(...[...document.querySelectorAll('.chart-map > text')].map((one) => box(one).top));
  const top = Math.min(...lands.map((one) => one.top)) - box(document.querySelector('.panel-drawing')).top;
  return [top, key - Math.max(...lands.map((one) => one.bottom))];
}"""
SIGN = "(selector) => getComputedStyle(document.querySelector(selector)).maskImage"


@pytest.fixture(scope="module")
def site() -> Iterator[str]:
    with loopback.werkzeug(create_app(FakeServices())) as address:
        yield address


@contextmanager
def reading(browser: Browser, site: str, address: str, language: str) -> Iterator[Page]:
    """The page in that language on a phone."""
    context = browser.new_context(locale=language, viewport=PHONE, reduced_motion="reduce")
    page = context.new_page()
    page.goto(site + address)
    yield page
    context.close()


@pytest.mark.parametrize("language", ["hi", "ar", "ja"])
@pytest.mark.parametrize("address", ["/search?capacity=Q201", "/team", "/report", "/signin"])
def test_controls_are_lettered_as_the_page_is(browser: Browser, site: str, address: str, language: str) -> None:
    with reading(browser, site, address, language) as page:
        assert page.evaluate(OTHERWISE_LETTERED) == []


@pytest.mark.parametrize("language", ["en", "ar"])
@pytest.mark.parametrize("typed", ["", "workshop", "ورشة"])
def test_what_is_typed_into_the_search_keeps_clear_of_the_icon(
    browser: Browser, site: str, language: str, typed: str
) -> None:
    with reading(browser, site, "/", language) as page:
        page.fill("#q", typed)
        assert page.evaluate(CLEAR_OF_ICON)


def test_the_example_in_an_empty_field_begins_where_the_page_begins(browser: Browser, site: str) -> None:
    with reading(browser, site, "/", "ar") as page:
        assert page.evaluate("getComputedStyle(document.querySelector('#q')).direction") == "rtl"


@pytest.mark.parametrize("language", ["en", "zh-Hans", "de"])
def test_the_names_of_parameters_are_not_broken(browser: Browser, site: str, language: str) -> None:
    with reading(browser, site, "/help/search", language) as page:
        assert set(page.evaluate(LINES, ".table-scroll th > code")) == {1}


def test_a_fault_has_its_own_sign_in_arabic(browser: Browser, site: str) -> None:
    with reading(browser, site, "/search?limit=x", "ar") as page:
        fault = page.evaluate(SIGN, ".cdx-message--error .cdx-message__icon")
    with reading(browser, site, "/search?limit=x", "en") as page:
        assert page.evaluate(SIGN, ".cdx-message--error .cdx-message__icon") == fault


def test_the_bars_of_places_leave_room_for_their_names(browser: Browser, site: str) -> None:
    with reading(browser, site, "/capacity/Q202", "hi") as page:
        name, bar, count = page.evaluate(
            "[...document.querySelector('.bars tr').children].map((one) => one.getBoundingClientRect().width)"
        )
        assert name > bar > count


def test_a_map_on_a_phone_lies_between_its_words_and_its_legend(browser: Browser, site: str) -> None:
    with reading(browser, site, "/analytics/territories", "en") as page:
        above, below = page.evaluate(AROUND_MAP)
        assert 0 <= above < 40
        assert 0 <= below < 40


@pytest.mark.parametrize("address", ["/analytics", "/analytics/gap", "/help/search", "/organization/ORG001/needs"])
@pytest.mark.parametrize("language", ["de", "zh-Hans"])
def test_what_scrolls_in_a_box_does_not_widen_the_page(
    browser: Browser, site: str, address: str, language: str
) -> None:
    with reading(browser, site, address, language) as page:
        page.evaluate("for (const one of document.querySelectorAll('main details')) one.open = true")
        assert too_wide(page) <= 0
