"""By keyboard alone, at twice the size, without motion: every main flow, in Chromium, over the demonstration.

Targets of 24 pixels are held by axe-core's ``target-size`` in ``test_every_page``.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any
from urllib.parse import quote

import pytest
from playwright.sync_api import Browser, Page, expect

from tests.browser.driving import Watch, tab_to, too_wide
from tests.houses.demo_served import DemoSite, demonstration_served

pytestmark = [pytest.mark.slow, pytest.mark.browser]

UNSEEN_FOCUS = """() => {
  const takers = 'a[href], button, input, select, textarea, summary, [tabindex]';
  const look = (one) => {
    const style = getComputedStyle(one);
    const outline = style.outlineStyle === 'none' ? '' : style.outline;
    return [outline, style.boxShadow, style.borderColor, style.backgroundColor].join();
  };
  const shown = (one) => [one, one.nextElementSibling, one.parentElement, one.closest('form, .cm-editor')]
    .filter(Boolean).map(look).join();
  const unseen = new Set();
  let tried = 0;
  for (const one of document.querySelectorAll(takers)) {
    if (one.disabled || one.tabIndex < 0 || !one.checkVisibility({ visibilityProperty: true })) continue;
    document.activeElement.blur();
    const before = shown(one);
    one.focus();
    if (document.activeElement !== one) continue;
    tried += 1;
    if (shown(one) === before) unseen.add(one.outerHTML.slice(0, 160));
  }
  return [tried, [...unseen]];
}"""
"""How many elements took the focus, and those that look the same with it."""

CUT_OFF = """() => [...document.querySelectorAll('body *')].filter((one) => {
  const meant = 'svg, .visually-hidden, .own-name, .drop-label, .sort-label, .hit-description, .skip-link, .cm-gutters';
  if (!one.checkVisibility() || !one.textContent.trim() || one.closest(meant)) return false;
  const style = getComputedStyle(one);
  const [across, down] = [style.overflowX, style.overflowY].map((way) => ['hidden', 'clip'].includes(way));
  return (across && one.scrollWidth > one.clientWidth + 1) || (down && one.scrollHeight > one.clientHeight + 1);
}).map((one) => one.outerHTML.slice(0, 160))"""
"""Elements whose text neither fits nor can be scrolled to. A member's name and a description are short on
purpose, what sorts is named for ears alone where a page is narrow, the editor's line numbers hold a measure."""

MOVING = """() => [...document.querySelectorAll('body *')].flatMap((one) => ['', '::before', '::after']
  .filter((part) => {
    const style = getComputedStyle(one, part || null);
    return style.animationName !== 'none' || style.transitionDuration.split(', ').some((time) => time !== '0s');
  }).map((part) => one.outerHTML.slice(0, 100) + part))"""


@pytest.fixture(scope="module")
def site(tmp_path_factory: pytest.TempPathFactory) -> Iterator[DemoSite]:
    with demonstration_served(tmp_path_factory.mktemp("keyboard")) as served:
        yield served


def pages(site: DemoSite) -> tuple[str, ...]:
    person, capacity = quote(site.person), site.capacities[0]
    return (
        "/",
        f"/search?capacity={capacity}&role=offers",
        f"/person/{person}",
        f"/person/{person}/matches",
        f"/capacity/{capacity}",
        "/directory",
        "/analytics",
        "/query",
        "/query/examples",
        f"/team?capacity={capacity}",
        "/help",
        "/signin",
        "/translate?to=sw",
        "/me/edit",
        "/no/such/page",
    )


@pytest.fixture
def page(browser: Browser, site: DemoSite) -> Iterator[Page]:
    """A member who wants no motion, with a keyboard."""
    context = site.member(browser, locale="en", reduced_motion="reduce", viewport={"width": 1280, "height": 800})
    yield context.new_page()
    context.close()


def test_the_focus_is_seen_wherever_it_can_be(page: Page, site: DemoSite) -> None:
    found = {}
    for address in pages(site):
        page.goto(site.address + address)
        page.keyboard.press("Tab")
        tried, unseen = page.evaluate(UNSEEN_FOCUS)
        assert tried > 10, address
        found |= {address: unseen} if unseen else {}
    assert not found


def test_the_first_key_skips_to_the_content(page: Page, site: DemoSite) -> None:
    for address in pages(site):
        page.goto(site.address + address)
        page.evaluate("document.activeElement.blur()")  # a form may have begun in its first field
        if page.locator("[autofocus]").count():
            continue
        page.keyboard.press("Tab")
        expect(page.locator(".skip-link")).to_be_focused()
        expect(page.locator(".skip-link")).to_be_in_viewport()
        page.keyboard.press("Enter")
        page.keyboard.press("Tab")
        assert page.evaluate("document.activeElement.closest('main') !== null"), address


@pytest.mark.parametrize("way", ["the page", "the text"])
@pytest.mark.parametrize("language", ["en", "ar", "de"])
def test_nothing_is_lost_at_twice_the_size(browser: Browser, site: DemoSite, way: str, language: str) -> None:
    width = 640 if way == "the page" else 1280
    context = site.member(browser, locale=language, viewport={"width": width, "height": 400})
    page = context.new_page()
    faults = []
    for address in pages(site):
        page.goto(site.address + address)
        if way == "the text":
            page.evaluate("document.documentElement.style.fontSize = '200%'")
        wide = too_wide(page)
        faults += [f"{address} is {wide} pixels too wide"] if wide > 0 else []
        faults += [f"{address} cuts off {each}" for each in page.evaluate(CUT_OFF)]
    context.close()
    assert not faults, "\n".join(faults)


def test_nothing_moves_for_who_wants_no_motion(page: Page, site: DemoSite) -> None:
    for address in pages(site):
        page.goto(site.address + address)
        moving: list[str] = page.evaluate(MOVING)
        assert not moving, address
        assert page.evaluate("document.getAnimations().length") == 0, address


def test_a_search_is_narrowed_without_losing_ones_place(page: Page, site: DemoSite) -> None:
    watch = Watch().over(page, site.address)
    page.goto(site.address)
    before = page.locator("#results-title").inner_text()
    tab_to(page, "#filters input[name=role]", most=120)
    page.keyboard.press("Space")
    page.wait_for_url(re.compile(r"/search\?role="))
    chosen = page.locator("#filters input[name=role]:checked")
    expect(chosen).to_have_count(1)
    expect(chosen).to_be_focused()
    spoken = page.locator("body > [role=status]")
    expect(spoken).not_to_be_empty()
    expect(spoken).to_have_text(page.locator("#results-title").inner_text())
    assert spoken.inner_text() != before
    page.keyboard.press("Space")
    page.wait_for_url(f"{site.address}/search")
    expect(spoken).to_have_text(before)
    page.go_back()
    expect(page.locator("#filters input[name=role]:checked")).to_have_count(1)
    assert not watch.faults


def test_after_narrowing_the_page_is_the_one_of_its_address(page: Page, site: DemoSite) -> None:
    page.goto(f"{site.address}/search?q=a")
    page.check("#filters input[name=class][value=person]")
    page.wait_for_url(re.compile("class=person"))
    assert "q=a" in page.url
    for field in page.locator("input[name=return]").all():
        assert "class=person" in (field.get_attribute("value") or "")
    page.select_option("#sort", "name")
    page.wait_for_url(re.compile("sort=name"))
    expect(page.locator("#sort")).to_be_focused()
    title = page.locator("#results-title").inner_text()
    page.reload()
    expect(page.locator("#results-title")).to_have_text(title)
    expect(page.locator("#sort")).to_have_value("name")


def test_suggestions_are_walked_closed_and_chosen(page: Page, site: DemoSite) -> None:
    page.goto(site.address)
    tab_to(page, "#q")
    page.keyboard.type("comm")
    options = page.locator("#suggestions li")
    expect(options.first).to_be_visible()
    expect(page.locator(".search-input [role=status]")).not_to_be_empty()
    page.keyboard.press("ArrowUp")
    expect(options.last).to_have_attribute("aria-selected", "true")
    page.keyboard.press("ArrowDown")
    expect(options.first).to_have_attribute("aria-selected", "true")
    page.keyboard.press("Escape")
    expect(page.locator("#suggestions")).to_be_hidden()
    expect(page.locator("#q")).to_be_focused()
    page.keyboard.press("Enter")
    page.wait_for_url(re.compile(r"q=comm"))


@pytest.mark.parametrize(
    ("menu", "choice", "outcome"),
    [
        ("choose-language", "button[value=pt]", ("lang", "pt")),
        ("appearance", "button[value=dark]", ("data-appearance", "dark")),
    ],
)
def test_a_menu_opens_closes_and_chooses(page: Page, site: DemoSite, menu: str, choice: str, outcome: Any) -> None:
    page.goto(site.address)
    place = 0 if menu == "choose-language" else 1
    summary = page.locator(".site-choices summary").nth(place)
    tab_to(page, ".site-choices summary")
    for _ in range(place):
        page.keyboard.press("Tab")
    expect(summary).to_be_focused()
    page.keyboard.press("Enter")
    page.keyboard.press("Tab")
    expect(page.locator(".drop[open] .drop-item").first).to_be_focused()
    page.keyboard.press("Escape")
    expect(page.locator(".drop[open]")).to_have_count(0)
    expect(summary).to_be_focused()
    page.keyboard.press("Enter")
    page.keyboard.press("Shift+Tab")
    expect(page.locator(".drop[open]")).to_have_count(0)  # it would hide what the focus goes to
    page.keyboard.press("Tab")
    page.keyboard.press("Space")
    tab_to(page, choice)
    with page.expect_navigation():
        page.keyboard.press("Enter")
    expect(page.locator("html")).to_have_attribute(*outcome)


def test_a_profile_is_filled_and_saved(page: Page, site: DemoSite) -> None:
    watch = Watch().over(page, site.address)
    page.goto(f"{site.address}/me/edit")
    tab_to(page, "input[name='offers.find']")
    page.keyboard.type("comm")
    expect(page.locator("#offers .visually-hidden[role=status]")).not_to_be_empty()
    name = page.locator("#offers .edit-found button").first.inner_text()
    tab_to(page, ".edit-found button")
    with page.expect_navigation():
        page.keyboard.press("Enter")
    expect(page.locator("#offers .edit-line-name")).to_contain_text(name)
    tab_to(page, "select[name='offers.state']")
    page.keyboard.type("Every")
    tab_to(page, "input[name=agreed]", most=200)
    page.keyboard.press("Space")
    tab_to(page, "button[name=save]")
    with page.expect_navigation():
        page.keyboard.press("Enter")
    assert page.url.startswith(f"{site.address}/me")
    expect(page.locator("[role=status]").first).to_be_visible()
    assert not watch.faults


def test_a_saved_translation_is_said(page: Page, site: DemoSite) -> None:
    page.goto(f"{site.address}/translate?to=sw")
    tab_to(page, "textarea[name=label]")
    page.keyboard.type("ujuzi")
    page.keyboard.press("Control+Enter")
    expect(page.locator("body > [role=status]")).to_contain_text("Saved")


def test_a_team_is_found(page: Page, site: DemoSite) -> None:
    page.goto(f"{site.address}/team")
    tab_to(page, ".tree-choice summary")
    page.keyboard.press("Enter")
    tab_to(page, "input[name=capacity]")
    page.keyboard.press("Space")
    tab_to(page, ".group-form button", most=200)
    with page.expect_navigation():
        page.keyboard.press("Enter")
    expect(page.locator("#team-found")).to_be_visible()
    expect(page.locator("button[data-print]")).to_be_visible()
