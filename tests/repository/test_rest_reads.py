"""Reading through the Wikibase REST API: contents, conditions, redirects, errors."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.houses.rest import ENTITIES, GUID, OTHER, Wiki, etag, opened_wiki, read


@pytest.fixture
def wiki(tmp_path: Path) -> Iterator[Wiki]:
    with opened_wiki(tmp_path) as opened:
        yield opened


def test_an_item_has_the_flat_form_of_the_api(wiki: Wiki) -> None:
    answer = wiki.ask("GET", "/entities/items/Q1")
    content = read(answer)
    reference = content["statements"]["P2"][0]["references"][0]["hash"]
    assert content == {
        "type": "item",
        "id": "Q1",
        "labels": {"en": "one", "de": "eins"},
        "descriptions": {"en": "the first"},
        "aliases": {"en": ["uno"]},
        "statements": {
            "P2": [
                {
                    "id": GUID,
                    "rank": "normal",
                    "property": {"id": "P2", "data_type": "quantity"},
                    "value": {
                        "type": "value",
                        "content": {"amount": "+10.0", "unit": "1", "upperBound": "+10.5", "lowerBound": "+9.5"},
                    },
                    "qualifiers": [
                        {
                            "property": {"id": "P3", "data_type": "time"},
                            "value": {
                                "type": "value",
                                "content": {
                                    "time": "+2001-02-03T00:00:00Z",
                                    "precision": 11,
                                    "calendarmodel": "http://www.wikidata.org/entity/Q1985727",
                                },
                            },
                        }
                    ],
                    "references": [
                        {
                            "hash": reference,
                            "parts": [
                                {
                                    "property": {"id": "P1", "data_type": "string"},
                                    "value": {"type": "value", "content": "r"},
                                }
                            ],
                        }
                    ],
                }
            ]
        },
        "sitelinks": {},
    }
    headers = dict(answer.headers)
    page = wiki.repository.page("Q1")
    assert page is not None
    assert headers["ETag"] == f'"{page.revision_id}"'
    assert headers["Last-Modified"] == "Mon, 01 Jun 2026 12:00:00 GMT"
    assert headers["Content-Type"] == "application/json"
    assert headers["X-Authenticated-User"] == "Ana"


@pytest.mark.parametrize(
    ("path", "expected"),
    [
        ("/entities/items/Q1/labels", {"en": "one", "de": "eins"}),
        ("/entities/items/Q1/labels/de", "eins"),
        ("/entities/items/Q1/aliases/en", ["uno"]),
        ("/entities/items/Q1/descriptions_with_language_fallback/en", "the first"),
        ("/entities/items/Q1/sitelinks", {}),
        ("/entities/items/Q3/statements", {}),
        ("/entities/properties/P1/labels/en", "text"),
    ],
)
def test_parts_can_be_read_alone(wiki: Wiki, path: str, expected: object) -> None:
    answer = wiki.ask("GET", path)
    assert (answer.status, read(answer)) == (200, expected)


def test_fields_and_statements_can_be_chosen(wiki: Wiki) -> None:
    assert set(read(wiki.ask("GET", "/entities/items/Q1", _fields="labels,type"))) == {"id", "labels", "type"}
    assert read(wiki.ask("GET", "/entities/items/Q1/statements", property="P1")) == {}
    assert list(read(wiki.ask("GET", "/entities/items/Q1/statements", property="P2"))) == ["P2"]
    assert read(wiki.ask("GET", f"/statements/{GUID}")) == read(
        wiki.ask("GET", f"/entities/items/Q1/statements/{GUID}")
    )
    assert set(read(wiki.ask("GET", "/entities/properties/P1"))) >= {"data_type", "statements"}


def test_search_answers_matches_by_the_beginning_of_a_name(wiki: Wiki) -> None:
    one = {"language": "en", "value": "one"}
    first = {"language": "en", "value": "the first"}
    by_alias = read(wiki.ask("GET", "/search/items", q="un", language="en"))["results"]
    match = {"type": "alias", "language": "en", "text": "uno"}
    assert by_alias == [{"id": "Q1", "display-label": one, "description": first, "match": match}]
    by_fallback = read(wiki.ask("GET", "/suggest/items", q="eins", language="de-at"))["results"]
    assert by_fallback[0]["display-label"] == {"language": "de", "value": "eins"}
    assert read(wiki.ask("GET", "/search/properties", q="te", language="en"))["results"][0]["id"] == "P1"
    assert read(wiki.ask("GET", "/search/items", q="un", language="en", offset="1")) == {"results": []}


@pytest.mark.parametrize(
    ("path", "status", "location"),
    [
        ("/entities/items/Q2", 308, f"{ENTITIES}/items/Q1"),
        ("/entities/items/Q2/labels/en", 308, f"{ENTITIES}/items/Q1/labels/en"),
        ("/entities/items/Q1/labels_with_language_fallback/de-at", 307, f"{ENTITIES}/items/Q1/labels/de"),
    ],
)
def test_other_places_are_pointed_to(wiki: Wiki, path: str, status: int, location: str) -> None:
    answer = wiki.ask("GET", path)
    assert (answer.status, dict(answer.headers)["Location"]) == (status, location)


@pytest.mark.parametrize(
    ("path", "query", "status", "code", "context"),
    [
        ("/entities/items/Q999", {}, 404, "resource-not-found", {"resource_type": "item"}),
        ("/entities/properties/P999", {}, 404, "resource-not-found", {"resource_type": "property"}),
        ("/entities/items/foo", {}, 400, "invalid-path-parameter", {"parameter": "item_id"}),
        ("/entities/items/P1", {}, 400, "invalid-path-parameter", {"parameter": "item_id"}),
        ("/entities/items/Q1/labels/ja", {}, 404, "resource-not-found", {"resource_type": "label"}),
        ("/entities/items/Q1/aliases/ja", {}, 404, "resource-not-found", {"resource_type": "aliases"}),
        ("/entities/items/Q1/labels/1e", {}, 400, "invalid-path-parameter", {"parameter": "language_code"}),
        ("/entities/items/Q1", {"_fields": "nope"}, 400, "invalid-query-parameter", {"parameter": "_fields"}),
        (
            "/entities/items/Q1/statements",
            {"property": "Q1"},
            400,
            "invalid-query-parameter",
            {"parameter": "property"},
        ),
        (f"/statements/{OTHER}", {}, 404, "resource-not-found", {"resource_type": "statement"}),
        ("/statements/Q2$" + GUID[3:], {}, 404, "resource-not-found", {"resource_type": "statement"}),
        ("/statements/nonsense", {}, 400, "invalid-path-parameter", {"parameter": "statement_id"}),
        (
            f"/entities/items/Q3/statements/{GUID}",
            {},
            400,
            "item-statement-id-mismatch",
            {"item_id": "Q3", "statement_id": GUID},
        ),
        ("/entities/items/Q1/sitelinks/enwiki", {}, 400, "invalid-path-parameter", {"parameter": "site_id"}),
        ("/search/items", {"q": "x", "language": "nope!"}, 400, "invalid-query-parameter", {"parameter": "language"}),
    ],
)
def test_what_cannot_be_read_is_named(
    wiki: Wiki, path: str, query: dict[str, str], status: int, code: str, context: dict[str, str]
) -> None:
    answer = wiki.ask("GET", path, **query)
    content = read(answer)
    assert (answer.status, content["code"], content["context"]) == (status, code, context)
    assert dict(answer.headers)["Content-Language"] == "en"


@pytest.mark.parametrize(
    ("method", "header", "back", "status"),
    [
        ("GET", "if-none-match", 0, 304),
        ("GET", "if-none-match", 1, 200),
        ("GET", "if-match", 0, 200),
        ("GET", "if-match", 1, 412),
        ("PUT", "if-match", 0, 200),
        ("PUT", "if-match", 1, 412),
        ("PUT", "if-none-match", 0, 412),
    ],
)
def test_conditions_name_the_revision(wiki: Wiki, method: str, header: str, back: int, status: int) -> None:
    body = {"label": "new"} if method == "PUT" else None
    headers = {header: etag(wiki, back=back)}
    answer = wiki.ask(method, "/entities/items/Q1/labels/en", body, headers=headers)
    assert answer.status == status
    if status in (304, 412):
        assert answer.body == b""


@pytest.mark.parametrize(
    ("header", "day", "status"),
    [
        ("if-modified-since", "Mon, 01 Jun 2026 12:00:00 GMT", 304),
        ("if-modified-since", "Sun, 31 May 2026 12:00:00 GMT", 200),
        ("if-unmodified-since", "Mon, 01 Jun 2026 12:00:00 GMT", 200),
        ("if-unmodified-since", "Sun, 31 May 2026 12:00:00 GMT", 412),
        ("if-modified-since", "yesterday", 200),
    ],
)
def test_conditions_name_the_time(wiki: Wiki, header: str, day: str, status: int) -> None:
    assert wiki.ask("GET", "/entities/items/Q1", headers={header: day}).status == status


def test_the_api_describes_its_own_routes(wiki: Wiki) -> None:
    paths = read(wiki.ask("GET", "/openapi.json"))["paths"]
    assert {"/entities/items/{item_id}", "/statements/{statement_id}", "/search/{collection}"} <= set(paths)
    for path, methods in paths.items():
        asked = path.replace("{item_id}", "Q1").replace("{property_id}", "P1").replace("{statement_id}", GUID)
        asked = asked.replace("{language_code}", "en").replace("{collection}", "items")
        for method in set(methods) - {"parameters"}:
            assert b"rest-no-match" not in (body := wiki.ask(method.upper(), asked, {}).body)
            assert b"rest-wrong-method" not in body
