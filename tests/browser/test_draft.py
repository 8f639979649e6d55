"""A draft in Chromium: from a file to a profile that others find, on a phone, with and without scripts."""

from __future__ import annotations

from pathlib import Path

import pytest
from playwright.sync_api import Browser, expect

from tests.browser.driving import PHONE, Watch, follow, too_wide
from tests.houses.desk import LETS_CONNECT, Desk
from tests.houses.directory import PASSWORD
from tests.houses.directory_served import Served

pytestmark = [pytest.mark.slow, pytest.mark.browser]


@pytest.mark.parametrize("scripts", [True, False], ids=["with scripts", "without scripts"])
def test_a_registration_is_offered_edited_published_and_found(
    browser: Browser, served: Served, tmp_path: Path, scripts: bool
) -> None:
    desk = Desk(served.home, tmp_path)
    row = 'nara_Souza,"flying; communication skills",12,"pt-br, German",Brasil\n'
    assert desk.take_in(desk.file("registrations.csv", LETS_CONNECT + row)).drafts["new"] == 1
    context = browser.new_context(locale="pt-BR", viewport=PHONE, java_script_enabled=scripts)
    page = context.new_page()
    watch = Watch().over(page, served.address)
    served.home.services.accounts.add("Nara Souza", PASSWORD)
    page.goto(f"{served.address}/signin")
    page.fill("#name", "Nara Souza")
    page.fill("#password", PASSWORD)
    follow(page, page.locator("section.entry form button"))
    page.goto(f"{served.address}/me")
    page.locator("a[href='/me/draft']").click()
    main = page.locator("main")
    expect(main).to_contain_text("registrations.csv")
    expect(main).to_contain_text("flying")
    if scripts:
        assert too_wide(page) <= 0
    page.locator("select[name^='meant.']").select_option(index=1)
    page.locator("label", has_text="alemão").locator("input").uncheck()
    page.locator("button[name=use]").click()
    expect(page.locator("#languages .edit-line-name")).to_have_count(1)
    expect(page.locator("#wants .edit-line-name")).to_have_count(1)
    for part in ("offers", "languages", "territory"):
        page.locator(f"select[name='{part}.state']").select_option("public")
    page.locator("#languages .edit-line select").select_option("n")
    page.locator("input[name=agreed]").check()
    page.locator("button[name=save]").click()
    expect(page.locator("[role=status]").first).to_be_visible()
    expect(page.locator("a[href='/me/draft']")).to_have_count(0)
    assert not watch.faults
    context.close()

    other = browser.new_context(locale="pt-BR")
    reading = other.new_page()
    reading.goto(f"{served.address}/search?capacity={served.home.item('12')}&role=offers&class=person&language=pt-br")
    expect(reading.locator("main")).to_contain_text("Nara Souza")
    reading.goto(f"{served.address}/person/Nara Souza")
    expect(reading.locator(".thing-main")).not_to_contain_text("German")
    other.close()
