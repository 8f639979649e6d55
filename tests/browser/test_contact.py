"""Saving, keeping a search, being contacted and being asked once a year, in Chromium: with and without scripts."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path

import pytest
from playwright.sync_api import Browser, expect

from capx_graph.membership import Channel
from tests.browser.driving import Watch, too_wide
from tests.houses.directory_served import Served, serving

pytestmark = [pytest.mark.slow, pytest.mark.browser]

META = "https://meta.wikimedia.org"
PHONE = {"width": 360, "height": 740}


@pytest.fixture
def served(tmp_path: Path) -> Iterator[Served]:
    with serving(tmp_path) as opened:
        home = opened.home
        ben = home.services.accounts.members.arrive(META, "1", "Ben").member
        home.publish(ben, offers=home.item("11"))
        yield opened


@pytest.mark.parametrize("scripts", [True, False], ids=["with scripts", "without scripts"])
def test_somebody_is_found_saved_watched_and_written_to(browser: Browser, served: Served, scripts: bool) -> None:
    home = served.home
    context = served.signed_in(browser, "Ana", locale="pt-BR", viewport=PHONE, java_script_enabled=scripts)
    page = context.new_page()
    watch = Watch().over(page, served.address)
    search = f"{served.address}/search?class=person&capacity={home.item('10')}"
    page.goto(search)
    page.locator(".save-form button").click()
    expect(page.locator(".save-form.is-saved")).to_have_count(1)
    assert page.url.partition("#")[0] == search
    page.locator(".save-search summary").click()
    page.locator(".save-search input[name=name]").fill("Quem ensina <b>")
    page.locator(".save-search button").click()
    expect(page.locator(".saved-list")).to_contain_text("Quem ensina <b>")
    if scripts:
        assert too_wide(page) <= 0
    feed = page.locator(".saved-feed").get_attribute("href")
    stranger = browser.new_context()
    assert "Cleo" not in stranger.request.get(f"{served.address}{feed}").text()
    cleo = home.services.accounts.members.arrive(META, "2", "Cleo").member
    home.publish(cleo, offers=home.item("11"))
    assert "Cleo" in stranger.request.get(f"{served.address}{feed}").text()

    page.goto(f"{served.address}/me/saved")
    page.locator(".saved-words input").fill("conhecido no hackathon")
    page.keyboard.press("Enter")
    expect(page.locator(".saved-words input")).to_have_value("conhecido no hackathon")
    page.locator(".saved-list a").first.click()
    page.locator(".thing-actions a[href*='/contact']").click()
    link = page.locator("main a.cdx-button")
    expect(link).to_have_attribute("rel", "noreferrer noopener nofollow")
    assert (link.get_attribute("href") or "").startswith(f"{META}/w/index.php?title=User_talk:Ben&")
    home.services.accounts.contacts.choose(
        home.services.accounts.members.arrive(META, "1", "Ben").member.id, Channel.NONE
    )
    page.goto(f"{served.address}/person/Ben")
    expect(page.locator(".thing-actions a[href*='/contact']")).to_have_count(0)
    assert not watch.faults
    context.close()
    stranger.close()


def test_a_member_answers_the_yearly_question_and_comes_back_after_silence(browser: Browser, served: Served) -> None:
    services = served.home.services
    accounts = services.accounts
    member = accounts.members.arrive(META, "1", "Ben").member
    context = served.signed_in(browser, "Ben", locale="ar", viewport=PHONE)
    page = context.new_page()
    long_ago = int((services.settings.now() - timedelta(days=400)).timestamp())
    with accounts.database.writing() as connection:
        connection.execute("UPDATE consent SET at = ? WHERE user_id = ?", (long_ago, member.id))
    page.goto(f"{served.address}/directory")
    question = page.locator(".confirmation")
    expect(question).to_be_visible()
    assert too_wide(page) <= 0
    question.locator("button").click()
    expect(question).to_have_count(0)
    assert page.url == f"{served.address}/directory"

    with accounts.database.writing() as connection:
        connection.execute("UPDATE consent SET at = ? WHERE user_id = ?", (long_ago, member.id))
    accounts.reconfirmations.trying(member.id)
    accounts.reconfirmations.delivered(member.id)
    assert services.reconfirmation.hide() == 0
    with accounts.database.writing() as connection:
        connection.execute("UPDATE reconfirmation SET delivered = ?", (long_ago + 86_400,))
    assert services.reconfirmation.hide() == 1
    assert browser.new_context().request.get(f"{served.address}/person/Ben").status == 404
    page.goto(f"{served.address}/me")
    question.locator("button").first.click()
    expect(question).to_have_count(0)
    assert browser.new_context().request.get(f"{served.address}/person/Ben").status == 200
    context.close()
