"""Every page in Chromium, found as a reader finds them: by following links, one page of each kind, as a member.

With them go answers in every view, errors, and what finds nothing. Nothing that axe-core knows of WCAG 2.2 AA is
broken; nothing is written in a console, asked of another host, wider than the screen, smaller than a finger or left
without a message. A page is seen in four of the sixteen combinations of language, light and width, chosen so that
every two of them meet; ``CAPX_WALK=all`` walks all sixteen, and narrow pages in every language.
"""

from __future__ import annotations

import os
import re
from collections.abc import Iterator
from dataclasses import dataclass
from html import unescape
from itertools import product
from pathlib import Path
from typing import Any
from urllib.parse import urljoin, urlsplit

import pytest
from axe_playwright_python.base import AXE_FILE_PATH
from flask import Flask
from playwright.sync_api import Browser, Page
from werkzeug.exceptions import HTTPException

from capx_graph.messages import load_messages
from capx_graph.queryhelp.gallery import examples
from capx_graph.repository.wsgi import COOKIE
from capx_graph.resources import messages_dir
from tests.browser.driving import Watch, too_wide
from tests.houses import loopback
from tests.houses.demo import demonstration
from tests.houses.directory import House
from webapp import create_app

pytestmark = [pytest.mark.slow, pytest.mark.browser]

LANGUAGES = ("en", "pt-br", "ja", "ar")
LIGHTS = ("light", "dark")
WIDTHS = (360, 1280)
CHOSEN = (("en", "light", 1280), ("ar", "dark", 360), ("pt-br", "dark", 1280), ("ja", "light", 360))
WHOLE = os.environ.get("CAPX_WALK") == "all"
WALKS = tuple(product(LANGUAGES, LIGHTS, WIDTHS)) if WHOLE else CHOSEN
RULES = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]
NOT_PAGES = ("/entity/", "/static/", "/w/", "/signout", "/favicon")
UNLINKED = (
    "/search?q=zzxqv",
    "/rings?territory=BR",
    "/query?run=1&query=SELEC",
    "/embed?query=SELECT+*+%7B+%3Fx+a+capx%3AOrganization+%7D",
)
ERRORS = ("/no/such/page", "/search?limit=x", "/person/Nobody", "/wiki/Item:Q999999")
REFUSED = re.compile(r"Failed to load resource: the server responded with a status of 4\d\d|/sparql")
"""What Chromium itself writes into the console about a page, or a query, that is meant to fail."""
OPENED = "for (const one of document.querySelectorAll('main details:not(.drop)')) one.open = true"
SMALL = """() => {
  const takers = 'a[href], button, input:not([type=hidden]), select, textarea, summary, [role=button], [role=option]';
  const box = (one) => one.getBoundingClientRect();
  const inSentence = (one) => {
    let around = one;
    while (getComputedStyle(around).display === 'inline') around = around.parentElement;
    const length = (all) => all.reduce((sum, each) => sum + each.textContent.trim().length, 0);
    return around !== one && length([around]) > length([...around.querySelectorAll('a, button')]) + 1;
  };
  return [...document.querySelectorAll(takers)].filter((one) => {
    if (!one.checkVisibility({ visibilityProperty: true }) || one.disabled) return false;
    if (one.closest('svg, .visually-hidden, .skip-link, .cm-editor') || box(one).width < 2) return false;
    const boxes = [one, ...(['checkbox', 'radio'].includes(one.type) ? one.labels : [])].map(box);
    const [width, height] = ['width', 'height'].map((side) => Math.max(...boxes.map((each) => each[side])));
    return Math.min(width, height) < 23.9 && !inSentence(one);
  }).map((one) => `${Math.round(box(one).width)} x ${Math.round(box(one).height)}: ${one.outerHTML.slice(0, 160)}`);
}"""
"""Targets less than 24 pixels wide or high that stand in no sentence; a box to tick is as large as its label."""


@dataclass(frozen=True, slots=True)
class Site:
    """A server over the demonstration, the pages of it that a member can reach, and the member's cookie."""

    address: str
    pages: tuple[str, ...]
    cookie: dict[str, str]


@pytest.fixture(scope="module")
def walked(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Site]:
    with demonstration(tmp_path_factory.mktemp("walk")) as services:
        app = create_app(services)
        home = House(services, app.test_client())
        key = home.session("Ana", "maintainer")
        home.client.set_cookie(COOKIE, key)
        with loopback.werkzeug(app) as address:
            yield Site(address, tuple(pages(app, home)), {"name": COOKIE, "value": key, "url": address})


def pages(app: Flask, home: House) -> Iterator[str]:
    """One address of each kind of page, all that links lead to from the start and from a member's own page."""
    adapter = app.url_map.bind("localhost")
    waiting, seen = ["/", "/me"], set[str]()
    while waiting:
        address = waiting.pop(0)
        try:
            endpoint, _ = adapter.match(urlsplit(address).path, method="GET")
        except HTTPException:
            continue
        if endpoint in seen or address.startswith(NOT_PAGES):
            continue
        answer = home.client.get(address)
        if answer.status_code == 200 and answer.mimetype == "text/html":
            seen.add(endpoint)
            yield address
            waiting += links(answer.text, address)


def links(text: str, page: str) -> list[str]:
    """The addresses of this house that a page links to."""
    found = [urljoin(page, unescape(each)) for each in re.findall(r'<a [^>]*href="([^"#]+)', text)]
    return [each for each in found if each.startswith("/")]


@pytest.mark.parametrize(("language", "light", "width"), WALKS)
def test_every_page_can_be_used_by_everybody(
    browser: Browser, walked: Site, language: str, light: Any, width: int
) -> None:
    context = browser.new_context(
        locale=language, color_scheme=light, viewport={"width": width, "height": 800}, reduced_motion="reduce"
    )
    context.add_cookies([walked.cookie])  # type: ignore[list-item]
    page = context.new_page()
    watch = Watch().over(page, walked.address)
    axe = Path(AXE_FILE_PATH).read_text(encoding="utf-8")
    assert len(walked.pages) > 40
    faults = []
    for address in (*walked.pages, *answers(), *UNLINKED, *ERRORS):
        opened(page, walked.address + address)
        faults += seen(page, address)
        faults += [f"{address} has a small target, {one}" for one in page.evaluate(SMALL)]
        faults += findings(page, axe, address)
    context.close()
    faults += [one for one in watch.faults if not REFUSED.search(one)]
    assert not faults, "\n".join(faults)


@pytest.mark.skipif(not WHOLE, reason="asked for with CAPX_WALK=all")
@pytest.mark.parametrize("language", sorted(load_messages(messages_dir()).languages))
def test_every_language_fits_a_narrow_page_and_has_its_words(browser: Browser, walked: Site, language: str) -> None:
    context = browser.new_context(locale=language, viewport={"width": 320, "height": 700})
    context.add_cookies([walked.cookie])  # type: ignore[list-item]
    page = context.new_page()
    faults = []
    for address in (*walked.pages, *UNLINKED, *ERRORS):
        opened(page, walked.address + address)
        faults += seen(page, address)
    context.close()
    assert not faults, "\n".join(faults)


def test_a_menu_that_is_open_can_be_used_by_everybody(browser: Browser, walked: Site) -> None:
    axe = Path(AXE_FILE_PATH).read_text(encoding="utf-8")
    context = browser.new_context(locale="en", viewport={"width": 360, "height": 700}, reduced_motion="reduce")
    context.add_cookies([walked.cookie])  # type: ignore[list-item]
    page = context.new_page()
    faults = []
    for address in ("/", "/query"):
        opened(page, walked.address + address)
        menus = page.locator("details.drop:visible > summary")
        assert menus.count() > 2
        for menu in menus.all():
            menu.click()
            faults += [*seen(page, address), *page.evaluate(SMALL)]
            faults += [one for one in findings(page, axe, address) if "target-size" not in one]  # it lies over others
            menu.click()
    context.close()
    assert not faults, "\n".join(faults)


def answers() -> Iterator[str]:
    """An example of each view in which answers are drawn."""
    chosen = {example.query.view: example.name for example in examples() if not example.federated}
    assert len(chosen) > 5
    return (f"/query/examples/{name}" for name in chosen.values())


def opened(page: Page, address: str) -> None:
    """Goes to a page, waits for its answer to be drawn, and opens what is folded away."""
    page.goto(address, wait_until="load")
    if ("/query/" in address and "/examples/" in address) or "run=1" in address or "/embed" in address:
        page.wait_for_selector(".result-grid tbody tr, .verdict, [data-part=error]:not([hidden])")
    page.evaluate(OPENED)


def seen(page: Page, address: str) -> Iterator[str]:
    """What is wider than the window, and what has no words in the reader's language."""
    wide = too_wide(page)
    if wide > 0:
        yield f"{address} is {wide} pixels too wide"
    text = page.inner_text("body")
    if any(sign in text for sign in ("⧼", "{{PLURAL", "{{GENDER", "{{FORMATNUM")):
        yield f"{address} shows the key or the source of a message"


def findings(page: Page, axe: str, address: str) -> Iterator[str]:
    """What axe-core finds on the page."""
    page.evaluate(axe)
    found = page.evaluate("rules => axe.run({runOnly: rules, resultTypes: ['violations']})", RULES)
    for violation in found["violations"]:
        for node in violation["nodes"]:
            yield f"{address}: {violation['id']}: {node['html'][:200]}: {node.get('failureSummary')}"
