"""The query page in Chromium: write by name, run, draw, share, under the strict policy and asking no other host."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any
from urllib.parse import quote

import pytest
from playwright.sync_api import Browser, Page, expect

from capx_graph.queryhelp.gallery import examples
from tests.browser.driving import Watch, too_wide
from tests.doubles.querying import query_services
from tests.houses import loopback
from tests.houses.demo_graph import DemoGraph
from webapp import create_app

pytestmark = [pytest.mark.slow, pytest.mark.browser]

COUNTRIES = """SELECT ?territory (COUNT(*) AS ?people) {
  ?person capx:basedIn ?territory
} GROUP BY ?territory ORDER BY DESC(?people)"""


@pytest.fixture(scope="module")
def site(demo: DemoGraph, tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    with (
        query_services(demo, tmp_path_factory.mktemp("query-browser")) as services,
        loopback.werkzeug(create_app(services)) as address,
    ):
        yield address


@pytest.fixture
def page(browser: Browser) -> Iterator[Page]:
    context = browser.new_context(viewport={"width": 1280, "height": 900}, reduced_motion="reduce", locale="en")
    yield context.new_page()
    context.close()


def write(page: Page, text: str) -> None:
    """Replaces what the editor holds."""
    page.locator(".cm-content").click()
    page.keyboard.press("Control+a")
    page.keyboard.press("Delete")
    page.keyboard.insert_text(text)


def test_a_query_is_written_by_name_run_drawn_and_shared(page: Page, site: str) -> None:
    watch = Watch().over(page, site)
    page.goto(f"{site}/query")
    expect(page.locator(".cm-content")).to_be_visible()

    write(page, "SELECT ?person { ?person ")
    page.keyboard.type("offers")
    expect(page.locator(".cm-tooltip-autocomplete li").first).to_contain_text("capx:offers")
    page.locator(".cm-tooltip-autocomplete li").first.click()  # the editor overlooks an Enter that comes at once
    expect(page.locator(".cm-content")).to_contain_text("?person capx:offers")
    page.keyboard.type(" ?capacity } LIMIT 5")
    page.keyboard.press("Escape")
    page.keyboard.press("Control+Enter")
    expect(page.locator(".result-grid tbody tr")).to_have_count(5)
    expect(page.locator(".result-grid tbody a").first).to_contain_text("Demo ")

    write(page, COUNTRIES)
    page.locator("#query-run").click()
    page.locator("[data-view=bar]").click()
    expect(page.locator(".chart rect.ink").nth(10)).to_be_attached()
    page.locator("[data-view=map]").click()
    expect(page.locator(".chart.map .land[data-tip]").first).to_be_attached()
    expect(page.locator(".result-grid")).to_be_visible()

    page.locator("#query-share summary").click()
    expect(page.locator("#share-link")).to_have_value(re.compile(r"/q/[0-9A-Za-z]{8}\?view=map$"))
    link = page.locator("#share-link").input_value()
    assert "SPARQLWrapper" not in page.locator("[data-part=snippet]").inner_text()
    page.goto(link)
    expect(page.locator(".chart.map")).to_be_visible()
    expect(page.locator(".cm-content")).to_contain_text("capx:basedIn")
    assert not watch.faults


def test_names_are_completed_in_the_language_of_the_page(page: Page, site: str) -> None:
    page.goto(f"{site}/query?uselang=pt-br")
    write(page, "SELECT ?x { ?x ")
    page.keyboard.type("instância de")
    expect(page.locator(".cm-tooltip-autocomplete")).to_contain_text("wdt:P1")


def test_hovering_shows_what_a_term_is_called(page: Page, site: str) -> None:
    page.goto(f"{site}/query")
    write(page, "SELECT * { ?x wdt:P8 ?y }")
    page.locator(".cm-line span", has_text="wdt:P8").last.hover()
    expect(page.locator(".query-card")).to_contain_text("offers")


def test_an_error_is_marked_at_its_line(page: Page, site: str) -> None:
    page.goto(f"{site}/query")
    write(page, "SELECT ?x {\n  ?x a capx:Person .\n}\nLIMITT 3")
    page.keyboard.press("Escape")
    page.locator("#query-run").click()
    expect(page.locator("[data-part=error]")).to_contain_text("line 4")
    expect(page.locator(".cm-line").nth(3).locator(".cm-lintRange-error")).to_be_attached()


def test_history_stays_in_the_browser_and_is_cleared(page: Page, site: str) -> None:
    page.goto(f"{site}/query")
    write(page, "# People\nSELECT ?x { ?x a capx:Person }")
    page.locator("#query-run").click()
    expect(page.locator(".result-grid")).to_be_visible()
    page.locator("#query-history summary").click()
    expect(page.locator("#query-history li").first).to_contain_text("People")
    page.locator("[data-part=forget]").click()
    page.locator("#query-history summary").click()
    expect(page.locator("#query-history li")).to_have_count(1)
    assert page.evaluate("localStorage.getItem('capx-queries')") == "[]"


@pytest.mark.parametrize("saved", ["csv", "svg", "png"])
def test_an_answer_is_saved(page: Page, site: str, saved: str) -> None:
    watch = Watch().over(page, site)
    page.goto(f"{site}/query/examples/gaps_balance")
    expect(page.locator(".chart")).to_be_visible()
    page.locator("[data-part=tools] summary").click()
    with page.expect_download() as download:
        page.locator(f"[data-save={saved}]").click()
    content = download.value.path().read_bytes()
    assert content.startswith({"csv": b"wanting,", "svg": b"<svg", "png": b"\x89PNG"}[saved])
    assert not watch.faults


def test_a_parameter_is_chosen_by_its_name(page: Page, site: str) -> None:
    page.goto(f"{site}/query/examples/gaps_territory")
    page.locator("#field-territory").fill("south as")
    page.locator(".suggestion", has_text="South Asia").first.click()
    page.get_by_role("button", name="Show the answer").click()
    expect(page.locator(".result-grid tbody tr").first).to_contain_text("South Asia")
    assert "answer=" not in page.url


def test_an_answer_stands_in_a_frame_of_another_page(page: Page, site: str) -> None:
    page.goto(f"{site}/embed?query=ASK+%7B+%3Fx+a+capx%3APerson+%7D")
    expect(page.locator(".verdict")).to_have_text("Yes")


@pytest.mark.parametrize(("made", "name"), [("YEAR(?d)", "year"), ("SUBSTR(STR(?d), 1, 7)", "month")])
def test_years_and_months_cut_out_of_dates_make_a_line(page: Page, site: str, made: str, name: str) -> None:
    query = f"SELECT ?{name} (COUNT(*) AS ?n) {{ ?p capx:joined ?d }} GROUP BY ({made} AS ?{name}) ORDER BY ?{name}"
    page.goto(f"{site}/query?run=1&query={quote(f'#defaultView:LineChart{chr(10)}{query}')}")
    expect(page.locator("[data-view=line]")).to_have_attribute("aria-pressed", "true")
    first = page.locator(".result-grid tbody td").first
    expect(first).to_have_text(re.compile(r"^\d{4}$" if name == "year" else r"^[A-Z][a-z]+ \d{4}$"))


def test_pictures_wait_to_be_asked_for(page: Page, site: str) -> None:
    watch = Watch().over(page, site)
    file = "http://commons.wikimedia.org/wiki/Special:FilePath/A.jpg"
    page.goto(f"{site}/query?run=1&query=%23defaultView:ImageGrid%0ASELECT+*+%7B+VALUES+%3Fx+%7B+%3C{file}%3E+%7D+%7D")
    expect(page.locator(".result-images li")).to_have_count(1)
    assert page.locator(".result-images img").count() == 0
    assert not watch.faults
    page.route("https://commons.wikimedia.org/**", lambda route: route.abort())
    with page.expect_request(re.compile(r"^https://commons\.wikimedia\.org/.*A\.jpg\?width=300$")):
        page.locator("[data-pictures]").click()
    expect(page.locator(".result-images img")).to_have_count(1)
    assert "pictures" not in page.url


@pytest.mark.parametrize(("language", "scheme", "width"), [("ar", "dark", 360), ("en", "light", 1280)])
def test_every_example_is_drawn_and_fits(browser: Browser, site: str, language: str, scheme: Any, width: int) -> None:
    context = browser.new_context(
        locale=language, color_scheme=scheme, viewport={"width": width, "height": 800}, reduced_motion="reduce"
    )
    page = context.new_page()
    watch = Watch().over(page, site)
    for example in examples():
        if example.federated:
            continue
        page.goto(f"{site}/query/examples/{example.name}")
        expect(page.locator(".result-grid tbody tr").first).to_be_visible()
        if example.query.view != "table":
            expect(page.locator(f"[data-view={example.query.view}]")).to_have_attribute("aria-pressed", "true")
            expect(page.locator("[data-part=drawing] > *").first).to_be_attached()
        assert too_wide(page) <= 0, example.name
    for address in ("/query", "/query/examples"):
        page.goto(site + address)
        page.wait_for_load_state("networkidle")
        assert too_wide(page) <= 0, address
        expect(page.locator("h1")).to_have_count(1)
    assert not watch.faults
    context.close()


def test_without_javascript_a_form_answers_with_a_table(browser: Browser, site: str) -> None:
    context = browser.new_context(java_script_enabled=False)
    page = context.new_page()
    page.goto(f"{site}/query")
    page.locator("#query-text").fill(COUNTRIES)
    page.locator("#query-run").click()
    expect(page.locator(".result-grid tbody tr").first).to_be_visible()
    context.close()
