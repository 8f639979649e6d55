"""Pages in the colours of a reader's own (forced colours, high contrast), whatever light they chose for this site."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Literal
from urllib.parse import quote

import pytest
from playwright.sync_api import Browser, Page, expect

from tests.houses.demo_served import DemoSite, demonstration_served

pytestmark = [pytest.mark.slow, pytest.mark.browser]

COLOURS = """() => {
  const probe = document.body.appendChild(document.createElement('i'));
  const found = ['Canvas', 'CanvasText'].map((name) => {
    probe.style.color = name;
    return getComputedStyle(probe).color;
  });
  probe.remove();
  return found;
}"""
STYLE = "([selector, name, pseudo]) => getComputedStyle(document.querySelector(selector), pseudo)[name]"
TEXTS = """() => [...new Set([...document.querySelectorAll('.chart text')].map((one) => getComputedStyle(one).fill))]"""
SHAPES = """() => [...document.querySelectorAll('.chart .ink, .chart rect:not(pattern *)')].filter((one) => {
  const { fill, stroke } = getComputedStyle(one);
  return stroke === 'none' && !fill.startsWith('url');
}).length"""


@pytest.fixture(scope="module")
def site(tmp_path_factory: pytest.TempPathFactory) -> Iterator[DemoSite]:
    with demonstration_served(tmp_path_factory.mktemp("forced")) as served:
        yield served


@pytest.fixture(params=["light", "dark"])
def page(browser: Browser, site: DemoSite, request: pytest.FixtureRequest) -> Iterator[Page]:
    """A reader whose system forces dark or light colours, and who chose the other light here."""
    own: Literal["light", "dark"] = request.param
    context = browser.new_context(color_scheme=own, forced_colors="active", locale="en")
    other = "dark" if own == "light" else "light"
    context.add_cookies([{"name": "capx_appearance", "value": other, "url": site.address}])
    yield context.new_page()
    context.close()


def style(page: Page, selector: str, name: str, pseudo: str | None = None) -> str:
    found: str = page.evaluate(STYLE, [selector, name, pseudo])
    return found


@pytest.mark.parametrize("address", ["/directory", "/analytics", "/analytics/capacities_by_territory"])
def test_a_chart_is_written_in_the_readers_own_colours_and_every_shape_has_an_edge(
    page: Page, site: DemoSite, address: str
) -> None:
    page.goto(site.address + address)
    canvas, text = page.evaluate(COLOURS)
    assert canvas != text
    assert set(page.evaluate(TEXTS)) <= {canvas, text}
    assert style(page, ".chart", "backgroundColor") == canvas
    assert page.evaluate(SHAPES) == 0


def test_an_answer_is_drawn_in_the_readers_own_colours(page: Page, site: DemoSite) -> None:
    page.goto(f"{site.address}/query/examples/gaps_demand")
    expect(page.locator(".chart .ink").first).to_be_attached()
    canvas, text = page.evaluate(COLOURS)
    assert page.evaluate(TEXTS) == [text]
    assert page.evaluate(SHAPES) == 0
    assert style(page, ".view-button[aria-pressed='false']", "borderBottomColor") == canvas
    assert style(page, ".view-button[aria-pressed='true']", "borderBottomColor") != canvas


def test_marks_bars_and_the_present_page_are_told_from_the_rest(page: Page, site: DemoSite) -> None:
    page.goto(f"{site.address}/capacity/{quote(site.capacities[0])}")
    canvas, text = page.evaluate(COLOURS)
    assert style(page, "h1 .mark", "backgroundColor") == text
    assert style(page, "h1 .mark", "clipPath") != "none"
    assert style(page, ".bars meter", "outlineColor") == text
    page.goto(f"{site.address}/directory")
    assert style(page, ".site-nav a:not([aria-current])", "borderBottomColor") == canvas
    assert style(page, ".site-nav a[aria-current]", "borderBottomColor") != canvas
