"""What a page costs a phone that sees it for the first time, in Chromium: bytes, requests, how much it jumps.

The table is near what was measured when it was last changed, so that a page that grows by a seventh fails here first.
Bytes are those of bodies as they travel, compressed; of a page that draws at once, with what it draws with.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import quote, urlsplit

import pytest
from playwright.sync_api import Browser, Page, Request

from tests.houses.demo_served import DemoSite, demonstration_served

pytestmark = [pytest.mark.slow, pytest.mark.browser]

PHONE = {"width": 360, "height": 740}
LARGEST_SHIFT = 0.02
"""Of the screen's area; browsers call 0.1 good."""

JUMPS = """() => {
  window.jumped = 0;
  new PerformanceObserver((list) => {
    for (const entry of list.getEntries()) if (!entry.hadRecentInput) window.jumped += entry.value;
  }).observe({ type: 'layout-shift', buffered: true });
}"""
BLOCKING = """() => [...document.scripts].filter((one) => one.type !== 'module' && one.type !== 'application/ld+json')
  .map((one) => one.outerHTML).concat(performance.getEntriesByType('resource')
  .filter((one) => one.initiatorType === 'script' && one.renderBlockingStatus === 'blocking').map((one) => one.name))"""

TRAVELLED = "performance.getEntriesByType('resource').map((one) => [one.name, one.transferSize])"


@dataclass(frozen=True, slots=True)
class Budget:
    """The most that a page may load: KiB in all, KiB of scripts, styles and fonts, requests."""

    page: str
    total: float
    code: float
    requests: int


BUDGETS = (
    Budget("home", 32, 23, 13),
    Budget("search", 32, 23, 13),
    Budget("person", 28, 19, 12),
    Budget("capacity", 30, 19, 12),
    Budget("matches", 29, 19, 12),
    Budget("directory", 39, 21, 13),
    Budget("analytics", 65, 21, 13),
    Budget("map", 45, 21, 13),
    Budget("query", 212, 202, 31),
    Budget("help", 25, 19, 11),
    Budget("profile", 28, 22, 13),
)
ASKED_AGAIN = ("/qr.svg", "/query/", "/sparql")
"""What may change under its address: a QR code holds the host that was asked; answers are answers."""


@dataclass
class Load:
    """What a page asked for, and what is wrong with it."""

    site: str
    total: int = 0
    code: int = 0
    requests: int = 0
    faults: list[str] = field(default_factory=list)

    def over(self, page: Page) -> Load:
        page.on("request", self._asked)
        page.on("requestfinished", self._came)
        return self

    def _asked(self, request: Request) -> None:
        if urlsplit(request.url).scheme == "data":
            return
        self.requests += 1
        if not request.url.startswith(self.site):
            self.faults.append(f"asked {request.url}")

    def _came(self, request: Request) -> None:
        answer = request.response()
        if answer is None or urlsplit(request.url).scheme == "data":
            return
        size = request.sizes()["responseBodySize"]
        self.total += size
        if request.resource_type in {"script", "stylesheet", "font"}:
            self.code += size
        path = urlsplit(request.url).path
        kept = "immutable" in answer.headers.get("cache-control", "")
        if request.resource_type != "document" and not kept and not any(part in path for part in ASKED_AGAIN):
            self.faults.append(f"{request.url} is asked for at every page")


@pytest.fixture(scope="module")
def site(tmp_path_factory: pytest.TempPathFactory) -> Iterator[DemoSite]:
    with demonstration_served(tmp_path_factory.mktemp("budgets")) as served:
        yield served


def addresses(site: DemoSite) -> dict[str, str]:
    person, capacity = quote(site.person), site.capacities[0]
    return {
        "home": "/",
        "search": f"/search?capacity={capacity}",
        "person": f"/person/{person}",
        "capacity": f"/capacity/{capacity}",
        "matches": f"/person/{person}/matches",
        "directory": "/directory",
        "analytics": "/analytics",
        "map": "/analytics/territories",
        "query": "/query",
        "help": "/help",
        "profile": "/me/edit",
    }


def measured(browser: Browser, site: DemoSite, name: str, **options: Any) -> tuple[Load, float]:
    """What a page loads into an empty cache, and how much of the screen jumps meanwhile."""
    options = {"viewport": PHONE, "locale": "en", **options}
    member = name == "profile"
    context = site.member(browser, **options) if member else browser.new_context(**options)
    page = context.new_page()
    page.add_init_script(f"({JUMPS})()")
    load = Load(site.address).over(page)
    page.goto(site.address + addresses(site)[name])
    page.wait_for_load_state("networkidle")
    load.faults += [f"{each} blocks" for each in page.evaluate(BLOCKING)]
    jumped: float = page.evaluate("window.jumped")
    context.close()
    return load, jumped


@pytest.mark.parametrize("budget", BUDGETS, ids=lambda budget: budget.page)
def test_a_page_keeps_to_its_budget(browser: Browser, site: DemoSite, budget: Budget) -> None:
    load, jumped = measured(browser, site, budget.page)
    figures = f"{load.total / 1024:.1f} KiB, {load.code / 1024:.1f} KiB of code, {load.requests} requests, {jumped:.3f}"
    assert not load.faults, figures
    assert load.total <= budget.total * 1024, figures
    assert load.code <= budget.code * 1024, figures
    assert load.requests <= budget.requests, figures
    assert jumped <= LARGEST_SHIFT, figures


@pytest.mark.parametrize("name", ["home", "person", "analytics", "query"])
def test_a_wide_page_from_right_to_left_does_not_jump_either(browser: Browser, site: DemoSite, name: str) -> None:
    load, jumped = measured(browser, site, name, viewport={"width": 1280, "height": 800}, locale="ar")
    assert not load.faults
    assert jumped <= LARGEST_SHIFT


def test_the_second_page_asks_for_itself_alone(browser: Browser, site: DemoSite) -> None:
    context = browser.new_context(viewport=PHONE, locale="en")
    page = context.new_page()
    page.goto(site.address)
    page.wait_for_load_state("networkidle")
    page.goto(f"{site.address}/search?capacity={site.capacities[0]}")
    page.wait_for_load_state("networkidle")
    loaded: list[tuple[str, int]] = page.evaluate(TRAVELLED)
    context.close()
    assert len(loaded) > 5
    assert not [name for name, travelled in loaded if travelled]
