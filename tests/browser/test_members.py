"""Members in Chromium: from registering to being found, on a phone, in Portuguese; and taking a wish back."""

from __future__ import annotations

from typing import Any

import pytest
from playwright.sync_api import Browser, expect

from tests.browser.driving import PHONE, Watch, choose, register, too_wide
from tests.houses.directory_served import Served
from tests.waiting import until

pytestmark = [pytest.mark.slow, pytest.mark.browser]

WORDS = {"offers": "comunica", "wants": "tecnologia", "languages": "portugu", "territory": "Brasil"}


@pytest.mark.parametrize("scripts", [True, False], ids=["with scripts", "without scripts"])
def test_a_member_fills_a_profile_is_found_and_takes_a_wish_back(
    browser: Browser, served: Served, scripts: bool
) -> None:
    context = browser.new_context(locale="pt-BR", viewport=PHONE, java_script_enabled=scripts)
    page = context.new_page()
    watch = Watch().over(page, served.address)
    register(page, served.address, "Nara Souza")
    page.goto(f"{served.address}/me/edit")
    assert page.locator("html").get_attribute("lang") == "pt-BR"
    page.locator("input[name='offers.find']").fill("zzxqv")
    if not scripts:
        page.locator("#offers button[name=find]").click()
    expect(page.locator("#offers .edit-none")).to_contain_text("Nada encontrado")
    chosen = {part: choose(page, part, word, scripts=scripts) for part, word in WORDS.items()}
    if scripts:
        assert too_wide(page) <= 0
    for part in WORDS:
        page.locator(f"select[name='{part}.state']").select_option("public")
    page.locator("#languages .edit-line select").select_option("n")
    page.locator("input[name=agreed]").check()
    page.locator("button[name=save]").click()
    expect(page.locator("[role=status]").first).to_be_visible()

    other = browser.new_context(locale="pt-BR", viewport=PHONE)
    reading = other.new_page()
    register(reading, served.address, "Otto Lima")
    reading.goto(f"{served.address}/search?q={chosen['wants']}&class=person&role=wants")
    expect(reading.locator("main")).to_contain_text("Nara Souza")
    assert wanting(served) == 1

    page.goto(f"{served.address}/me/edit")
    page.locator("select[name='wants.state']").select_option("private")
    page.locator("button[name=save]").click()
    expect(page.locator("[role=status]").first).to_be_visible()
    until(lambda: wanting(served) == 0, what="SPARQL counts the wish no more")
    reading.goto(f"{served.address}/search?q={chosen['wants']}&class=person&role=wants")
    expect(reading.locator("main")).not_to_contain_text("Nara Souza")
    reading.goto(f"{served.address}/person/Nara Souza")
    expect(reading.locator("main")).to_contain_text(chosen["offers"])
    expect(reading.locator(".thing-main")).not_to_contain_text(chosen["wants"])
    page.goto(f"{served.address}/me/edit")
    expect(page.locator("#wants .edit-line-name")).to_contain_text(chosen["wants"])
    assert not watch.faults
    context.close()
    other.close()


def wanting(served: Served) -> int:
    """How many want something, as SPARQL counts them."""
    query = "SELECT (COUNT(*) AS ?n) WHERE { ?person a capx:Person ; capx:wants ?c }"
    client = served.home.client.application.test_client()
    answer: Any = client.get("/sparql", query_string={"query": query, "format": "json"}).json
    return int(answer["results"]["bindings"][0]["n"]["value"])
