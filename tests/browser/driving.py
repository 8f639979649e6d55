"""Pages in Chromium, driven as a person would and watched: what they complain of, whom they ask, how wide they are."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any
from urllib.parse import urlsplit

from playwright.sync_api import Locator, Page, expect

from tests.houses.directory import PASSWORD


@dataclass
class Watch:
    """What went wrong on a page, and how much it loaded."""

    faults: list[str] = field(default_factory=list)
    received: int = 0

    def over(self, page: Page, site: str) -> Watch:
        page.on("console", lambda said: self.faults.append(said.text) if said.type == "error" else None)
        page.on("pageerror", lambda error: self.faults.append(str(error)))
        page.on("request", lambda request: self._ask(request.url, site))
        page.on("requestfinished", lambda request: self._count(request.sizes()))
        return self

    def _ask(self, url: str, site: str) -> None:
        if urlsplit(url).scheme != "data" and not url.startswith(site):
            self.faults.append(f"asked {url}")

    def _count(self, sizes: dict[str, Any]) -> None:
        self.received += sizes["responseBodySize"]


def too_wide(page: Page) -> int:
    """By how many pixels the page is wider than the window."""
    wide: int = page.evaluate("document.documentElement.scrollWidth - document.documentElement.clientWidth")
    return wide


PHONE = {"width": 360, "height": 740}


def register(page: Page, address: str, name: str) -> None:
    page.goto(f"{address}/register")
    page.fill("#name", name)
    page.fill("#password", PASSWORD)
    page.fill("#again", PASSWORD)
    follow(page, page.locator("section.entry form button"))
    expect(page.locator("h1")).to_contain_text(name)


def follow(page: Page, link: Locator) -> None:
    """Clicks, and waits until the page that the click asks for is there whole: what is typed before that is lost."""
    with page.expect_navigation():
        link.click()


def choose(page: Page, part: str, word: str, *, scripts: bool) -> str:
    """Adds the first thing that a word finds to a part; answers what it is called."""
    field = page.locator(f"input[name='{part}.find']")
    field.fill(word)
    if not scripts:
        follow(page, page.locator(f"#{part} button[name=find]"))
    found = page.locator(f"#{part} .edit-found button").first
    name = found.inner_text().strip()
    follow(page, found)
    expect(page.locator(f"#{part} .edit-line-name").last).to_contain_text(name)
    return name


def tab_to(page: Page, selector: str, *, most: int = 80) -> None:
    """Presses Tab until the focus is on such an element."""
    for _ in range(most):
        page.keyboard.press("Tab")
        if page.evaluate("selector => document.activeElement.matches(selector)", selector):
            return
    raise AssertionError(f"Tab does not reach {selector}")
