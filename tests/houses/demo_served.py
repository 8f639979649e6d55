"""The demonstration behind an address, for browsers: pages, the member who looks at them."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from playwright.sync_api import Browser, BrowserContext

from capx_graph.repository.wsgi import COOKIE
from tests.houses.demo import demonstration
from tests.houses.directory import House
from tests.houses.loopback import werkzeug
from webapp import create_app


@dataclass(frozen=True, slots=True)
class DemoSite:
    """A server over the demonstration; ``person`` is somebody in it, ``capacities`` are what they offer and more."""

    address: str
    home: House
    person: str
    capacities: tuple[str, ...]

    def member(self, browser: Browser, name: str = "Ana", *groups: str, **options: Any) -> BrowserContext:
        """A browser of somebody who is signed in."""
        context = browser.new_context(**options)
        key = self.home.session(name, *groups)
        context.add_cookies([{"name": COOKIE, "value": key, "url": self.address}])
        return context


@contextmanager
def demonstration_served(directory: Path) -> Iterator[DemoSite]:
    with demonstration(directory) as services:
        app = create_app(services)
        asked = {"class": "person", "role": "offers", "limit": "5"}
        found = app.test_client().get("/search.json", query_string=asked).get_json()
        offered = sorted(found["facets"]["capacity"], key=lambda value: (-value["count"], value["id"]))
        with werkzeug(app) as address:
            yield DemoSite(
                address,
                House(services, app.test_client()),
                found["hits"][0]["name"],
                tuple(value["id"] for value in offered if value.get("parent")),
            )
