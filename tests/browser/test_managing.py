"""Organizations in Chromium, on a phone in Portuguese: proposed, confirmed, filled, found; a claim made, confirmed."""

from __future__ import annotations

import pytest
from playwright.sync_api import Browser, Page, expect

from tests.browser.driving import PHONE, Watch, choose, follow, too_wide
from tests.houses.directory_served import Served

pytestmark = [pytest.mark.slow, pytest.mark.browser]

NAME = "Wikimedistas do Vale do Jequitinhonha"


@pytest.mark.parametrize("scripts", [True, False], ids=["with scripts", "without scripts"])
def test_an_organization_is_proposed_confirmed_filled_and_found_and_its_members_confirmed(
    browser: Browser, served: Served, scripts: bool
) -> None:
    context = served.signed_in(browser, "Nara Souza", locale="pt-BR", viewport=PHONE, java_script_enabled=scripts)
    page = context.new_page()
    watch = Watch().over(page, served.address)
    propose(page, served.address, scripts=scripts)
    reading = served.signed_in(browser, "Otto Lima", locale="pt-BR", viewport=PHONE).new_page()
    assert not is_found(reading, served.address)

    confirm(served.signed_in(browser, "Olga", "sysop", locale="en").new_page(), served.address)
    assert is_found(reading, served.address)

    page.goto(f"{served.address}/me")
    follow(page, page.locator("a[href^='/manage/Q']:not([href$=people])").first)
    chosen = choose(page, "offers", "comunica", scripts=scripts)
    page.fill("#website input[name=website] >> nth=-1", "https://example.org/vale")
    if scripts:
        assert too_wide(page) <= 0
    page.locator("button[name=save]").click()
    expect(page.locator("[role=status]").first).to_be_visible()
    reading.goto(f"{served.address}/search?q={chosen}&class=organization&role=offers")
    expect(reading.locator("main")).to_contain_text(NAME)

    claim(reading, served.address)
    page.goto(f"{served.address}/me")
    follow(page, page.locator("#attention a").first)
    if scripts:
        assert too_wide(page) <= 0
    follow(page, page.locator("form:has(input[value=belongs]) button"))
    reading.goto(f"{served.address}/person/Otto Lima")
    expect(reading.locator("main")).to_contain_text(NAME)
    assert len(asks_to_manage(reading, NAME)) == 1
    assert not watch.faults


def propose(page: Page, address: str, *, scripts: bool) -> None:
    page.goto(f"{address}/me")
    follow(page, page.locator("a[href='/propose/organization']"))
    assert page.locator("html").get_attribute("lang") == "pt-BR"
    page.fill("input[name='names.label']", NAME)
    page.locator("select[name=type]").select_option(index=3)
    choose(page, "territory", "Brasil", scripts=scripts)
    page.fill("textarea[name=reason]", "Fundei o grupo com colegas")
    if scripts:
        assert too_wide(page) <= 0
    page.locator("button[name=save]").click()
    expect(page.locator("[role=status]").first).to_be_visible()
    expect(page.locator("main")).to_contain_text(NAME)


def confirm(page: Page, address: str) -> None:
    page.goto(f"{address}/me")
    follow(page, page.locator("#attention a"))
    expect(page.locator("main")).to_contain_text("Fundei o grupo com colegas")
    follow(page, page.locator("form:has(input[value=accept]) button"))
    expect(page.locator("main")).not_to_contain_text(NAME)


def claim(page: Page, address: str) -> None:
    page.goto(f"{address}/me/edit")
    choose(page, "affiliations", "Jequitinhonha", scripts=True)
    choose(page, "offers", "tecnologia", scripts=True)
    for part in ("affiliations", "offers"):
        page.locator(f"select[name='{part}.state']").select_option("public")
    page.locator("input[name=agreed]").check()
    page.locator("button[name=save]").click()
    expect(page.locator("[role=status]").first).to_be_visible()
    page.goto(f"{address}/person/Otto Lima")
    expect(page.locator("main")).not_to_contain_text(NAME)


def asks_to_manage(page: Page, name: str) -> list[str]:
    """Presses the button on the page of an organization that one may not edit; answers what was posted."""
    posted: list[str] = []
    page.on("request", lambda request: posted.append(request.url) if request.method == "POST" else None)
    follow(page, page.locator("main a", has_text=name).first)
    follow(page, page.locator("form[action$='/ask'] button"))
    expect(page.locator("[role=status]").first).to_be_visible()
    return posted


def is_found(page: Page, address: str) -> bool:
    page.goto(f"{address}/search?q=Jequitinhonha")
    return NAME in page.locator("main").inner_text()
