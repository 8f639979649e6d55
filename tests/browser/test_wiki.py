"""The wiki's pages in Chromium, without scripts: they fit narrow and wide windows, and a member undoes an edit."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Browser, expect

from capx_graph.accounts import Accounts
from capx_graph.namespaces import WikibaseNamespaces
from capx_graph.repository.wsgi import COOKIE
from capx_graph.wikipages import WikiPages
from tests.browser.driving import Watch, too_wide
from tests.doubles.wiki_services import PAGES, WikiFakes
from tests.houses import loopback
from tests.houses.small_wiki import SmallWiki, first_item, small_wiki, terms
from webapp import create_app

pytestmark = [pytest.mark.slow, pytest.mark.browser]


class Served:
    """The small wiki at an address, with Ana's session."""

    def __init__(self, wiki: SmallWiki, address: str, session: str) -> None:
        self.wiki = wiki
        self.address = address
        self.session = session


@pytest.fixture
def served(tmp_path: Path) -> Iterator[Served]:
    with small_wiki(tmp_path / "wiki") as wiki:
        accounts = Accounts(tmp_path / "private")
        session = accounts.open_session(accounts.add("Ana", "a long password"), None)
        named = WikibaseNamespaces(wiki.repository.base)
        services = WikiFakes(wiki_pages=WikiPages(wiki.repository), accounts=accounts, namespaces=named)
        with loopback.werkzeug(create_app(services)) as address:
            yield Served(wiki, address, session)
        accounts.close()


@pytest.mark.parametrize("language", ["en", "ar"])
@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("width", [360, 1280])
def test_every_page_fits_and_keeps_quiet(
    browser: Browser,
    served: Served,
    language: str,
    scheme: Any,
    width: int,
) -> None:
    before = served.wiki.newest("Q1")
    after = served.wiki.edit(first_item(labels=terms(en="x" * 200), claims=[]), actor="Eve" * 30)
    context = browser.new_context(locale=language, color_scheme=scheme, viewport={"width": width, "height": 800})
    page = context.new_page()
    watch = Watch().over(page, served.address)
    more = (f"/wiki/Item:Q1?oldid={before}", f"/wiki/Item:Q1?diff={after}", f"/wiki/Item:Q1?action=edit&undo={after}")
    for address in (*PAGES, *more):
        page.goto(served.address + address)
        assert too_wide(page) <= 0, address
        expect(page.locator("h1")).to_have_count(1)
    assert not watch.faults
    context.close()


def test_a_member_compares_and_undoes_without_scripts(browser: Browser, served: Served) -> None:
    served.wiki.edit(first_item(labels=terms(en="spoilt")), actor="Eve")
    context = browser.new_context(java_script_enabled=False)
    context.add_cookies([{"name": COOKIE, "value": served.session, "url": served.address}])
    page = context.new_page()
    page.goto(f"{served.address}/wiki/Item:Q1")
    expect(page.locator("h1")).to_contain_text("spoilt")
    page.click("text=History")
    page.click("button:has-text('Compare')")
    expect(page.locator(".wiki-side-old").first).to_contain_text("first")
    page.click("text=Undo this change")
    page.fill("#summary", "not so")
    page.click("button:has-text('Undo this change')")
    expect(page.locator(".wiki-line").first).to_contain_text("Undid revision")
    page.click("text=Read")
    expect(page.locator("h1")).to_contain_text("first")
    context.close()


def test_references_open_without_scripts(browser: Browser, served: Served) -> None:
    context = browser.new_context(java_script_enabled=False)
    page = context.new_page()
    page.goto(f"{served.address}/wiki/Item:Q1")
    expect(page.locator(".wiki-references")).to_be_hidden()
    page.click(".wiki-refs summary")
    expect(page.locator(".wiki-references")).to_be_visible()
    context.close()
