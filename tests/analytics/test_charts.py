"""The charts: well-formed, escaped, readable without colour, mirrored where one reads from the right."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Any
from xml.etree import ElementTree

import pytest
from flask.testing import FlaskClient
from hypothesis import given
from hypothesis import strategies as st

from capx_graph.analytics import PANELS
from capx_graph.messages import load_messages
from capx_graph.resources import messages_dir
from tests import CHECKOUT
from tests.bench_data.analytics import AnalyticsBench, bench_of
from tests.bench_data.graph import generate
from tests.doubles.services import FakeAnalytics, FakeServices
from webapp.analytics.charts.bars import Bar, Series, bars
from webapp.analytics.charts.svg import COLOURS, Side, element, fitted, text_width, wrapped
from webapp.analytics.charts.worldmap import Land, world_map
from webapp.analytics.panelcharts import Drawing, balance, step
from webapp.factory import create_app

SVG = "{http://www.w3.org/2000/svg}"
DRAWN = [panel.name for panel in PANELS] + ["directory"]
HOSTILE = "</svg><script>alert(1)</script>\"' onload=x &amp; \x00\x0b \ud800 \u202e"


def client_of(analytics: Any) -> FlaskClient:
    services: Any = FakeServices(analytics=analytics)
    return create_app(services).test_client()


@pytest.fixture(scope="module")
def counted(shared: Path, tmp_path_factory: pytest.TempPathFactory) -> AnalyticsBench:
    folder = tmp_path_factory.mktemp("charts")
    return bench_of(folder, generate(shared, 200, folder / "set"))


def parsed(svg: str) -> ElementTree.Element:
    return ElementTree.fromstring(svg)


@pytest.mark.parametrize("name", DRAWN)
@pytest.mark.parametrize("label", ["Brazil", HOSTILE.replace("\ud800", "")])
def test_every_drawing_is_well_formed_and_escaped(name: str, label: str) -> None:
    answer = client_of(FakeAnalytics(label=label)).get(f"/analytics/{name}.svg")
    assert answer.content_type.startswith("image/svg+xml")
    root = parsed(answer.get_data(as_text=True))
    assert root.tag == f"{SVG}svg"
    assert root.find(f"{SVG}title") is not None
    assert not list(root.iter(f"{SVG}script"))
    assert not [key for node in root.iter() for key in node.attrib if key.startswith("on")]


@given(st.text(max_size=40))
def test_any_text_can_be_in_an_element(text: str) -> None:
    root = parsed(str(element("text", text, class_="a", data_text=text)))
    assert set(root.attrib) == {"class", "data-text"}


@pytest.mark.parametrize("name", DRAWN)
def test_no_drawing_has_small_text_or_a_style_that_the_policy_forbids(counted: AnalyticsBench, name: str) -> None:
    answer = client_of(counted.by_bitmaps).get(f"/analytics/{name}.svg")
    if name in ("health", "growth") and answer.status_code == 404:
        return
    text = answer.get_data(as_text=True)
    assert min(int(size) for size in re.findall(r'font-size="(\d+)"', text)) >= 12
    assert "<style" not in text
    assert " style=" not in text


@pytest.mark.parametrize("name", ["capacities", "gap", "territories", "growth", "directory"])
def test_a_drawing_is_mirrored_where_one_reads_from_the_right(counted: AnalyticsBench, name: str) -> None:
    client = client_of(counted.by_bitmaps)
    english, arabic = (
        parsed(client.get(f"/analytics/{name}.svg?uselang={code}").get_data(as_text=True)) for code in ("en", "ar")
    )
    anchors = [[node.get("text-anchor") for node in root.iter(f"{SVG}text")] for root in (english, arabic)]
    assert anchors[0].count("start") > anchors[0].count("end")
    assert anchors[1].count("end") > anchors[1].count("start")


def test_patterns_of_one_page_have_their_own_names(counted: AnalyticsBench) -> None:
    page = client_of(counted.by_bitmaps).get("/analytics").get_data(as_text=True)
    ids = re.findall(r'<pattern[^>]* id="([^"]+)"', page)
    assert len(ids) == len(set(ids)) > 10
    assert set(re.findall(r"url\(#([^)]+)\)", page)) <= set(ids)


def test_every_kind_of_fill_has_a_class_in_the_style_sheet() -> None:
    sheet = (CHECKOUT / "webapp" / "static" / "analytics.css").read_text(encoding="utf-8")
    assert {kind for kind in COLOURS if f".c-{kind}" not in sheet} == set()


def test_a_hidden_number_is_a_sign_and_a_zero_is_a_number() -> None:
    rows = [Bar("one", [None]), Bar("two", [0]), Bar("three", [7])]
    text = str(bars("x", rows, [Series("people", "plain")], title="t", side=Side(False), number=str))
    assert re.findall(r">([×\d]+)</text>", text) == ["×", "0", "7"]


COMPARED = (
    (0, 0, "none"),
    (0, 3, "unmet"),
    (9, 30, "wanted"),
    (100, 105, "even"),
    (30, 9, "offered"),
    (None, 9, "hidden"),
    (9, None, "hidden"),
)


@pytest.mark.parametrize(("offers", "wants", "kind"), COMPARED)
def test_demand_and_supply_are_compared(offers: int | None, wants: int | None, kind: str) -> None:
    assert balance(offers, wants) == kind


@given(st.integers(1, 10_000), st.integers(0, 10_000))
def test_every_number_has_a_shade(most: int, count: int) -> None:
    found = step(min(count, most), most)
    assert found in COLOURS
    assert (found == "step-0") == (count == 0)


def test_the_greatest_number_has_the_darkest_shade() -> None:
    assert step(1000, 1000) == "step-5"
    assert step(None, 1000) == "hidden"


def test_a_shade_of_one_number_names_it_once() -> None:
    drawing = Drawing(load_messages(messages_dir()).translator("en"))
    assert [words for _, words in drawing.scale(26)][:-1] == ["1", "2 – 4", "5 – 9", "10 – 17", "18 – 26"]


def test_the_map_knows_countries_large_and_small() -> None:
    lands = {code: Land("step-3", code, None) for code in ("BR", "VA", "RU", "FJ")}
    root = parsed(str(world_map("m", lands, title="t", side=Side(False), kinds=[])))
    assert [title.text for title in root.iter(f"{SVG}title")].count("BR") == 1
    assert {title.text for title in root.iter(f"{SVG}title")} >= set(lands)
    for path in root.iter(f"{SVG}path"):
        for ring in path.get("d", "").split("M"):
            steps = re.findall(r"(-?\d+) -?\d+", ring.partition("l")[2])
            assert all(abs(int(x)) < 300 for x in steps), "no line crosses the map"


@given(st.text(max_size=60), st.integers(20, 200))
def test_a_text_is_cut_to_its_room(text: str, room: int) -> None:
    assert text_width(fitted(text, room)) <= room or len(fitted(text, room)) <= 2
    assert len(wrapped(text, room, lines=3)) <= 3


def test_a_long_name_is_broken_between_words_and_between_ideographs() -> None:
    assert wrapped("the free encyclopedia", 100, lines=3) == ["the free", "encyclopedia"]
    assert wrapped("维基媒体，机器人Bots", 60, lines=4) == ["维基媒", "体，机器", "人Bots"]


def test_what_a_bar_is_about_is_said_whole_on_a_phone() -> None:
    rule = "This organization has nobody yet who keeps it up to date. Name a person who does."
    text = str(bars("x", [Bar(rule, (7,))], [Series("records", "plain")], title="t", side=Side(False), number=str))
    *lines, number = re.findall(r">([^<>]+)</text>", text)
    assert (" ".join(lines), number) == (rule, "7")
    assert all(text_width(line) <= 328 for line in lines)


def test_a_file_stands_on_white_under_its_title_unit_and_date(counted: AnalyticsBench) -> None:
    root = parsed(client_of(counted.by_bitmaps).get("/analytics/capacities.svg").get_data(as_text=True))
    assert root.get("width") == "752"
    assert root[1].get("fill") == "#fff"
    texts = [text.text or "" for text in root.findall(f"{SVG}text")]
    assert texts[0] == "Capacities"
    assert texts[1].startswith("People. As of ")


def test_the_directory_is_a_picture_that_leads_deeper(counted: AnalyticsBench) -> None:
    client = client_of(counted.by_bitmaps)
    page = client.get("/directory").get_data(as_text=True)
    deeper = re.search(r'href="(/directory\?capacity=Q\d+)"', page)
    assert deeper
    assert 'class="chart chart-icicle"' in client.get(deeper[1]).get_data(as_text=True)
    assert client.get("/directory?capacity=Q1").status_code == 400
