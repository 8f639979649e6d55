"""An event in Chromium, on a phone: proposed by a member, confirmed by who manages its organizer, moved, called off."""

from __future__ import annotations

import re

import pytest
from icalendar import Calendar
from playwright.sync_api import Browser, Page, expect

from tests.browser.driving import PHONE, Watch, follow, register, too_wide
from tests.houses.directory_served import Served

pytestmark = [pytest.mark.slow, pytest.mark.browser]


def save(page: Page) -> None:
    page.locator("button[name=save]").click()


def choose(page: Page, field: str, word: str, *, scripts: bool) -> None:
    """Adds the first thing that a word finds to a field."""
    page.locator(f"input[name='{field}.find']").fill(word)
    if not scripts:
        follow(page, page.locator(f"#{field} button[name=find]"))
    follow(page, page.locator(f"#{field} .edit-found button").first)
    expect(page.locator(f"#{field} .edit-line-name")).to_be_visible()


def propose(page: Page, served: Served, *, scripts: bool) -> None:
    """Fills in the form of a new event, with an end before its beginning first."""
    page.goto(f"{served.address}/events")
    follow(page, page.locator("a[href*='/propose/event']").first)
    page.locator("input[name='names.label']").first.fill("Caminhada fotográfica")
    page.locator("input[name='time.begin']").fill("2031-07-01T09:30")
    page.locator("input[name='time.end']").fill("2031-07-01T08:30")
    zone = page.locator("select[name='time.zone']")
    if scripts:
        expect(zone).to_have_value("America/Sao_Paulo")
        assert too_wide(page) <= 0
    zone.select_option("America/Sao_Paulo")
    choose(page, "organizer", "Clube", scripts=scripts)
    choose(page, "concerns", "comunica", scripts=scripts)
    save(page)
    expect(page.locator("#time")).to_contain_text("Termina antes de começar")
    page.locator("input[name='time.end']").fill("2031-07-01T11:30")
    save(page)
    expect(page.locator("[role=status]").first).to_be_visible()
    assert "Caminhada" not in served.home.client.get("/events").text


def confirm(page: Page, served: Served, *, scripts: bool) -> str:
    """Confirms the event and reads it by the clocks of Tokyo; answers its item."""
    page.goto(f"{served.address}/proposals")
    expect(page.locator("main")).to_contain_text("Caminhada fotográfica")
    follow(page, page.locator("form:has(input[value=accept]) button").first)
    page.goto(f"{served.address}/events")
    expect(page.locator("html")).to_have_attribute("dir", "rtl")
    follow(page, page.locator("a", has_text="Caminhada fotográfica"))
    expect(page.locator("time").first).to_contain_text("9:30")
    own = page.locator("[data-own-clocks]")
    if scripts:
        expect(own).to_contain_text("9:30")
        expect(own).to_contain_text("Asia/Tokyo")
        assert too_wide(page) <= 0
    else:
        expect(own).to_be_hidden()
    return re.findall(r"/event/(Q\d+)", page.url)[0]


@pytest.mark.parametrize("scripts", [True, False], ids=["with scripts", "without scripts"])
def test_an_event_from_its_proposal_to_its_end(browser: Browser, served: Served, scripts: bool) -> None:
    context = browser.new_context(
        locale="pt-BR", viewport=PHONE, java_script_enabled=scripts, timezone_id="America/Sao_Paulo"
    )
    page = context.new_page()
    watch = Watch().over(page, served.address)
    register(page, served.address, "Nara Souza")
    other = browser.new_context(locale="ar", viewport=PHONE, timezone_id="Asia/Tokyo", java_script_enabled=scripts)
    managing = other.new_page()
    watch.over(managing, served.address)
    register(managing, served.address, "Otto Lima")
    served.home.organization("Clube da Foto", manager="Otto Lima")
    propose(page, served, scripts=scripts)
    item = confirm(managing, served, scripts=scripts)

    managing.goto(f"{served.address}/manage/{item}")
    expect(managing.locator("input[name='time.begin']")).to_have_value("2031-07-01T09:30")
    managing.locator("input[name=cancelled]").check()
    save(managing)
    expect(managing.locator("[role=status]").first).to_be_visible()
    page.goto(f"{served.address}/event/{item}")
    expect(page.locator("main")).to_contain_text("Este evento não acontecerá")
    with page.expect_download() as download:
        page.locator("a[type='text/calendar']").click()
    (entry,) = Calendar.from_ical(download.value.path().read_bytes()).walk("VEVENT")
    assert entry["STATUS"] == "CANCELLED"
    assert entry.start.isoformat() == "2031-07-01T09:30:00-03:00"
    assert [fault for fault in watch.faults if "status of 400" not in fault] == []
    context.close()
    other.close()
