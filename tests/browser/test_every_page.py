"""Every page in Chromium, found as a reader finds them: by following links, one page of each kind, as a member.

Nothing that axe-core knows of WCAG 2.2 AA is broken; nothing is written in a console, asked of another host, wider
than the screen or left without a message. A page is seen in four of the sixteen combinations of language, light and
width, chosen so that every two of them meet; ``CAPX_WALK=all`` walks all sixteen.
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

from capx_graph.repository.wsgi import COOKIE
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
WALKS = tuple(product(LANGUAGES, LIGHTS, WIDTHS)) if os.environ.get("CAPX_WALK") == "all" else CHOSEN
RULES = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]
NOT_PAGES = ("/entity/", "/static/", "/w/", "/signout", "/favicon")


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
    for address in walked.pages:
        page.goto(walked.address + address, wait_until="load")
        wide = too_wide(page)
        if wide > 0:
            watch.faults.append(f"{address} is {wide} pixels too wide")
        if "⧼" in page.inner_text("body"):
            watch.faults.append(f"{address} shows the key of a message")
        watch.faults.extend(findings(page, axe, address))
    context.close()
    assert not watch.faults, "\n".join(watch.faults)


def findings(page: Page, axe: str, address: str) -> Iterator[str]:
    """What axe-core finds on the page."""
    page.evaluate(axe)
    found = page.evaluate("rules => axe.run({runOnly: rules})", RULES)
    for violation in found["violations"]:
        for node in violation["nodes"]:
            yield f"{address}: {violation['id']}: {node['html'][:200]}: {node.get('failureSummary')}"
