"""The translation workspace in Chromium: by keyboard alone, without scripts, on a phone, two people at once."""

from __future__ import annotations

from typing import Any

import pytest
from playwright.sync_api import Browser, expect

from tests.browser.driving import Watch, tab_to, too_wide
from tests.houses.directory_served import Served

pytestmark = [pytest.mark.slow, pytest.mark.browser]

WORDS = ("muundo wa shirika", "fedha", "bajeti")


def test_three_labels_are_translated_by_keyboard_and_stand_in_the_directory(browser: Browser, served: Served) -> None:
    context = served.signed_in(browser, "Ana", locale="en")
    page = context.new_page()
    watch = Watch().over(page, served.address)
    page.goto(f"{served.address}/translate?to=sw")
    ids = [row.get_attribute("id") for row in page.locator(".translate-row").all()[:3]]
    tab_to(page, "textarea[name=label]")
    for word in WORDS:
        page.keyboard.type(word)
        page.keyboard.press("Control+Enter")
    for row in ids:
        expect(page.locator(f"#{row} .translate-saved")).to_be_visible()
    expect(page.locator("#translate-progress")).to_contain_text("3 of 134 labels")
    assert page.evaluate("document.activeElement.closest('.translate-row').id") not in ids
    page.keyboard.press("Alt+ArrowUp")
    assert page.evaluate("document.activeElement.name") == "description"
    page.keyboard.type("x")
    page.keyboard.press("Escape")
    assert page.evaluate("document.activeElement.value") == ""
    page.goto(f"{served.address}/directory?uselang=sw")
    for word in WORDS:
        expect(page.locator("main")).to_contain_text(word)
    assert not watch.faults
    context.close()


def test_it_works_by_keyboard_without_scripts(browser: Browser, served: Served) -> None:
    context = served.signed_in(browser, "Ana", locale="en", java_script_enabled=False)
    page = context.new_page()
    page.goto(f"{served.address}/translate?to=sw")
    field = page.locator("textarea[name=label]").first
    field.fill("muundo")
    page.locator("textarea[name=description]").first.fill("kuendesha shirika")
    page.locator(".translate-row button").first.press("Enter")
    expect(page.locator("main > .translate-saved, .translate-saved").first).to_be_visible()
    expect(page.locator("#translate-progress")).to_contain_text("1 of 134 labels")
    expect(page.locator("textarea[name=label]").first).to_be_focused()
    expect(page.locator("textarea[name=label]").first).to_have_value("")
    context.close()


def test_the_second_of_two_translators_is_shown_the_firsts_words_in_place(browser: Browser, served: Served) -> None:
    first, second = (served.signed_in(browser, name, locale="en") for name in ("Ana", "Bo"))
    ones, others = first.new_page(), second.new_page()
    for page in (ones, others):
        page.goto(f"{served.address}/translate?to=sw")
    for page, word in ((ones, "muundo"), (others, "mpango")):
        page.locator("textarea[name=label]").first.fill(word)
        page.locator("textarea[name=label]").first.press("Control+Enter")
        expect(page.locator(".translate-row .translate-said").first).not_to_be_empty()
    conflict = others.locator(".translate-row").first
    expect(conflict).to_contain_text("muundo")
    expect(conflict.locator("textarea[name=label]")).to_have_value("mpango")
    conflict.locator("textarea[name=label]").press("Control+Enter")
    expect(others.locator(".translate-row").first.locator(".translate-saved")).to_be_visible()
    others.goto(f"{served.address}/directory?uselang=sw")
    expect(others.locator("main")).to_contain_text("mpango")
    first.close()
    second.close()


@pytest.mark.parametrize("language", ["en", "ar"])
@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("width", [360, 1280])
def test_the_workspace_fits_and_keeps_quiet(
    browser: Browser, served: Served, language: str, scheme: Any, width: int
) -> None:
    size = {"width": width, "height": 800}
    context = served.signed_in(browser, "Ana", locale=language, color_scheme=scheme, viewport=size)
    page = context.new_page()
    watch = Watch().over(page, served.address)
    for address in ("/translate", "/translate?to=he&show=all", f"/translate/{served.home.item('10')}?to=ar"):
        page.goto(served.address + address)
        assert too_wide(page) <= 0, address
        expect(page.locator("h1")).to_have_count(1)
    assert not watch.faults
    context.close()


def test_a_suggestion_is_made_accepted_and_moved_without_scripts(browser: Browser, served: Served) -> None:
    size = {"width": 360, "height": 800}
    member = served.signed_in(browser, "Ana", locale="pt-BR", java_script_enabled=False, viewport=size)
    keeper = served.signed_in(browser, "Mia", "maintainer", locale="en", java_script_enabled=False, viewport=size)
    own, theirs = member.new_page(), keeper.new_page()
    own.goto(f"{served.address}/directory")
    own.get_by_role("link", name="Sugerir uma capacidade").click()
    own.get_by_label("Nome").fill("interpretação em sinais")
    own.get_by_role("button", name="Sugerir").click()
    expect(own.locator("main")).to_contain_text("interpretação em sinais")
    theirs.goto(f"{served.address}/directory/suggestions")
    theirs.get_by_role("link", name="Look at it and add it").click()
    theirs.get_by_label("Label in English").fill("sign interpreting")
    theirs.get_by_label("Definition in English").fill("turning speech into signs")
    theirs.get_by_label("Part of").select_option(served.home.item("36"))
    theirs.get_by_role("button", name="Add it").click()
    expect(theirs.locator("h1")).to_contain_text("sign interpreting")
    theirs.get_by_role("link", name="Edit", exact=True).click()
    theirs.get_by_label("Part of").select_option(served.home.item("10"))
    theirs.get_by_role("button", name="Save").click()
    expect(theirs.locator(".path")).to_contain_text("organizational structure")
    own.reload()
    expect(own.locator("main")).to_contain_text("aceita")
    for page in (own, theirs):
        assert too_wide(page) <= 0
    member.close()
    keeper.close()
