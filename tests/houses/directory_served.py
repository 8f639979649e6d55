"""The starter directory behind an address, for browsers: its pages, and members who are signed in."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from playwright.sync_api import Browser, BrowserContext

from capx_graph.repository.wsgi import COOKIE
from tests.houses import loopback
from tests.houses.directory import House, house


class Served:
    """The house at an address."""

    def __init__(self, home: House, address: str) -> None:
        self.home = home
        self.address = address

    def signed_in(self, browser: Browser, name: str, *groups: str, **options: Any) -> BrowserContext:
        """A browser of somebody who is signed in."""
        context = browser.new_context(**options)
        key = self.home.session(name, *groups)
        context.add_cookies([{"name": COOKIE, "value": key, "url": self.address}])
        return context


@contextmanager
def serving(directory: Path) -> Iterator[Served]:
    with house(directory) as home, loopback.werkzeug(home.client.application) as address:
        yield Served(home, address)
