"""The parts the pages are made of: parameters, addresses, facets, colours, links."""

from __future__ import annotations

import json
from dataclasses import replace

import pytest
from flask import Flask, jsonify
from hypothesis import given as drawn
from hypothesis import strategies

from capx_graph.errors import InvalidParameter
from capx_graph.messages import load_messages
from capx_graph.model import EntityKind, FacetValue, Ref, Role, SearchPage
from capx_graph.resources import messages_dir
from tests.doubles.services import EDITING, MEDIA, ROOT
from webapp.assets.palette import CONTRAST, DARK_PAGE, LIGHT_PAGE, contrast, readable, root_class, stylesheet
from webapp.request.links import entity_url, local_path, names, page_addresses
from webapp.search.address import SearchAddress
from webapp.search.facets import FEW, chips, facet_views
from webapp.search.parameters import PARAMETERS, given, search_request

ENGLISH = load_messages(messages_dir()).translator("en")


def test_every_parameter_becomes_part_of_the_search() -> None:
    arguments = {
        "q": [" video   editing "],
        "class": ["person", "ORGANIZATION"],
        "capacity": ["Q12", "wikidata:Q11024"],
        "role": ["offers"],
        "language": ["pt-br"],
        "level": ["N"],
        "territory": ["BR"],
        "organization": ["ORG001"],
        "project": ["commonswiki"],
        "descendants": ["0"],
        "sort": ["name"],
        "limit": ["50"],
        "offset": ["20"],
        "uselang": ["ja"],
        "utm_source": ["elsewhere"],
    }
    assert {parameter.name for parameter in PARAMETERS} == arguments.keys() - {"utm_source"}
    request = search_request(given(arguments), ("ja", "en"))
    assert request.text == "video editing"
    assert request.classes == (EntityKind.PERSON, EntityKind.ORGANIZATION)
    assert request.capacities == ("Q12", "wikidata:Q11024")
    assert request.roles == (Role.OFFERS,)
    assert (request.languages, request.levels) == (("pt-br",), ("n",))
    assert (request.territories, request.organizations, request.projects) == (("BR",), ("ORG001",), ("commonswiki",))
    assert (request.sort, request.limit, request.offset, request.descendants) == ("name", 50, 20, False)
    assert request.reader == ("ja", "en")


def test_nothing_asked_is_the_search_for_everything() -> None:
    request = search_request(given({"q": [" "], "class": [""]}), ("en",))
    assert (request.text, request.classes, request.sort, request.limit, request.descendants) == (
        "",
        (),
        "relevance",
        20,
        True,
    )


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("class", "robot"),
        ("role", "sells"),
        ("level", "6"),
        ("sort", "random"),
        ("limit", "101"),
        ("limit", "-1"),
        ("limit", "ten"),
        ("limit", "١٠"),
        ("offset", "99999999"),
        ("descendants", "yes"),
        ("q", "x" * 301),
    ],
)
def test_a_value_that_cannot_be_is_refused_by_name(name: str, value: str) -> None:
    with pytest.raises(InvalidParameter) as refused:
        search_request(given({name: [value]}), ("en",))
    assert refused.value.name == name


def test_too_many_values_are_refused() -> None:
    with pytest.raises(InvalidParameter, match="more than 100"):
        given({"capacity": [f"Q{number}" for number in range(101)]})


def test_addresses_one_step_away_keep_the_rest_and_start_over_with_paging(app: Flask) -> None:
    with app.test_request_context("/"):
        address = SearchAddress.of({"q": ("x",), "capacity": ("Q1", "Q2"), "offset": ("20",), "sort": ("relevance",)})
        assert address.url() == "/search?q=x&capacity=Q1&capacity=Q2&offset=20"
        assert address.removing("capacity", "Q1").url() == "/search?q=x&capacity=Q2"
        assert address.replacing("language", "pt br").url() == "/search?q=x&capacity=Q1&capacity=Q2&language=pt+br"
        assert address.replacing("q", "").url() == "/search?capacity=Q1&capacity=Q2"
        assert address.clearing().url() == "/search"


def test_equal_searches_have_equal_addresses() -> None:
    assert SearchAddress.of({"descendants": ("1",), "limit": ("20",), "q": ()}) == SearchAddress.of({})


def many_capacities(number: int) -> tuple[FacetValue, ...]:
    leaves = tuple(
        FacetValue(Ref(f"Q{1000 + n}", f"skill {n}", "en", EntityKind.CAPACITY), n, parent="Q201")
        for n in range(number)
    )
    return (FacetValue(ROOT, 9), FacetValue(MEDIA, 9, parent="Q200"), *leaves)


def test_a_long_facet_shows_its_most_frequent_values_under_their_ancestors() -> None:
    page = SearchPage(1, (), {"capacity": many_capacities(50)})
    (view,) = facet_views(page, {}, ENGLISH)
    assert [line.depth for line in view.lines] == [0, 1, *([2] * FEW)]
    assert {line.count for line in view.lines[2:]} == set(range(50 - FEW, 50))
    assert (view.total, view.hidden) == (52, 52 - len(view.lines))


def test_what_was_chosen_is_shown_however_rare() -> None:
    page = SearchPage(1, (), {"capacity": many_capacities(50)})
    (view,) = facet_views(page, {"capacity": ("Q1000",)}, ENGLISH)
    assert [line.value for line in view.lines if line.selected] == ["Q1000"]


def test_all_values_can_be_asked_for() -> None:
    page = SearchPage(1, (), {"capacity": many_capacities(50)})
    (view,) = facet_views(page, {}, ENGLISH, more="capacity")
    assert len(view.lines) == 52
    assert view.expanded


def test_a_tree_with_a_ring_is_drawn_all_the_same() -> None:
    ring = (FacetValue(ROOT, 1, parent="Q201"), FacetValue(MEDIA, 1, parent="Q200"))
    (view,) = facet_views(SearchPage(1, (), {"capacity": ring}), {}, ENGLISH)
    assert {line.ref.id for line in view.lines} == {"Q200", "Q201"}


def test_chips_name_what_was_asked_and_lead_to_the_search_without_it(app: Flask) -> None:
    media = replace(MEDIA, wikidata="Q340169")
    page = SearchPage(1, (), {"capacity": (FacetValue(media, 3),)})
    asked = {"capacity": ("wikidata:Q340169", "Q999"), "role": ("offers",), "descendants": ("0",)}
    with app.test_request_context("/"):
        found = chips(facet_views(page, asked, ENGLISH), asked, ENGLISH)
    assert [chip.label for chip in found] == ["media", "Q999", "Offers", ENGLISH.text("descendants-0")]
    assert found[0].remove_url == "/search?capacity=Q999&role=offers&descendants=0"


def test_a_thing_is_meant_by_its_id_its_code_and_its_wikidata_id() -> None:
    assert names(EDITING, "q202")
    assert names(replace(EDITING, code="12"), "12")
    assert names(replace(EDITING, wikidata="Q5"), "wikidata:Q5")
    assert not names(EDITING, "Q20")


@pytest.mark.parametrize("colour", ["#0078D4", "#BE0078", "#00965A", "#8E44AD", "#D35400", "#3498DB", "#27AE60"])
@pytest.mark.parametrize("page", [LIGHT_PAGE, DARK_PAGE], ids=["light", "dark"])
def test_root_colours_stand_out_on_light_and_dark_pages(colour: str, page: tuple[int, int, int]) -> None:
    rgb = (int(colour[1:3], 16), int(colour[3:5], 16), int(colour[5:], 16))
    assert contrast(readable(rgb, page), page) >= CONTRAST


def test_every_root_has_a_shape_of_its_own() -> None:
    sheet = stylesheet(["#0078D4", "#BE0078", "#00965A", "#8E44AD", "#D35400", "#3498DB", "#27AE60", "red;}*{", ""])
    shapes = {part.split("}")[0] for part in sheet.split("--shape:")[1:]}
    assert len(shapes) == 7
    assert "red" not in sheet


@pytest.mark.parametrize(("colour", "name"), [("#BE0078", "root-be0078"), (None, ""), ('#"><b>', ""), ("#BE00789", "")])
def test_a_colour_names_a_class_only_when_it_is_one(colour: str | None, name: str) -> None:
    assert root_class(colour) == name


@pytest.mark.parametrize(
    "path",
    ["//evil.example", "https://evil.example", "/\\evil.example", "", None, "/a\r\nSet-Cookie: x", "javascript:x"],
)
def test_a_form_leads_back_to_this_site_only(app: Flask, path: str | None) -> None:
    with app.test_request_context("/"):
        assert local_path(path) == "/search"
        assert local_path("/person/Ana?x=1") == "/person/Ana?x=1"


@drawn(
    name=strategies.text(min_size=1).filter(lambda text: not text.startswith("/")),
    kind=strategies.sampled_from(EntityKind),
)
def test_addresses_written_in_a_row_are_those_of_the_router(app: Flask, name: str, kind: EntityKind) -> None:
    ref = Ref("Q1", "anything", kind=kind, code=name)
    for address in ("/", "/?uselang=ja"):
        with app.test_request_context(address, base_url="http://localhost/mounted"):
            assert page_addresses()(ref) == entity_url(ref)


@pytest.mark.parametrize("value", ["é 日本 \u202e", "\ud800", 1 << 70, {"b": 1, "a": (2, None)}, {1: True}])
def test_any_value_of_json_is_written_as_it_is(app: Flask, value: object) -> None:
    with app.test_request_context("/"):
        body = jsonify(value).get_data(as_text=True)
    assert json.dumps(json.loads(body)) == json.dumps(value)
    assert body.endswith("\n")
