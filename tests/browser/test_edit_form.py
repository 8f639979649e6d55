"""The form of one's own profile as it is laid out: one column of fields, each under its label, in both directions."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser

from tests.browser.driving import too_wide
from tests.houses.demo_served import DemoSite, demonstration_served

pytestmark = [pytest.mark.slow, pytest.mark.browser]

EDGES = """(rtl) => [...document.querySelectorAll('.edit-part')].map((part) => {
  const fields = [...part.querySelectorAll('input:not([type=hidden], [type=checkbox]), select, textarea')];
  const edge = (one) => one.getBoundingClientRect()[rtl ? 'right' : 'left'];
  return [part.id, [...new Set(fields.filter((one) => one.checkVisibility()).map((one) => Math.round(edge(one))))]];
})"""
UNDER = """() => [...document.querySelectorAll('.edit-state, .edit-pick, .edit-text')].filter((one) => {
  const [label, field] = [one.querySelector('span'), one.querySelector('input, select, textarea')];
  return one.checkVisibility() && field.getBoundingClientRect().top < label.getBoundingClientRect().bottom - 1;
}).map((one) => one.textContent.trim())"""


@pytest.fixture(scope="module")
def site(tmp_path_factory: pytest.TempPathFactory) -> Iterator[DemoSite]:
    with demonstration_served(tmp_path_factory.mktemp("form")) as served:
        yield served


@pytest.mark.parametrize("width", [360, 1280])
@pytest.mark.parametrize("language", ["en", "ar"])
def test_fields_begin_at_one_edge_under_their_labels(
    browser: Browser, site: DemoSite, language: str, width: int
) -> None:
    context = site.member(browser, locale=language, viewport={"width": width, "height": 900})
    page = context.new_page()
    page.goto(f"{site.address}/me/edit")
    edges: list[tuple[str, list[int]]] = page.evaluate(EDGES, language == "ar")
    assert len(edges) > 8
    assert {part: found for part, found in edges if len(found) != 1} == {}
    assert len({found[0] for _, found in edges}) == 1
    assert page.evaluate(UNDER) == []
    assert too_wide(page) <= 0
    context.close()
