"""The Wikibase REST API says of every mistake where it is."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.houses.rest import GUID, OTHER, STRING, Wiki, etag, opened_wiki, read


@pytest.fixture
def wiki(tmp_path: Path) -> Iterator[Wiki]:
    with opened_wiki(tmp_path) as opened:
        yield opened


def _with(**changes: object) -> dict[str, object]:
    return {"statement": STRING | changes}


@pytest.mark.parametrize(
    ("method", "path", "body", "code", "context"),
    [
        ("PUT", "/items/Q1/labels/en", {}, "missing-field", {"path": "", "field": "label"}),
        ("PUT", "/items/Q1/labels/en", {"label": 1}, "invalid-value", {"path": "/label"}),
        ("PUT", "/items/Q1/labels/en", {"label": "  "}, "invalid-value", {"path": "/label"}),
        ("PUT", "/items/Q1/labels/en", {"label": "a\tb"}, "invalid-value", {"path": "/label"}),
        ("PUT", "/items/Q1/labels/en", {"label": "x" * 251}, "value-too-long", {"path": "/label", "limit": 250}),
        ("PUT", "/properties/P1/labels/en", {"label": "P5"}, "invalid-value", {"path": "/label"}),
        ("PUT", "/items/Q1/labels/nope", {"label": "x"}, "invalid-path-parameter", {"parameter": "language_code"}),
        ("PUT", "/items/Q1/labels/en", {"label": "x", "comment": 1}, "invalid-value", {"path": "/comment"}),
        ("PUT", "/items/Q1/labels/en", {"label": "x", "tags": ["t"]}, "invalid-value", {"path": "/tags/0"}),
        ("PUT", "/items/Q1/labels/en", {"label": "x", "bot": 1}, "invalid-value", {"path": "/bot"}),
        (
            "PUT",
            "/items/Q1/labels/en",
            {"label": "x", "comment": "c" * 501},
            "value-too-long",
            {"path": "/comment", "limit": 500},
        ),
        ("POST", "/items/Q1/aliases/en", {"aliases": []}, "invalid-value", {"path": "/aliases"}),
        ("POST", "/items/Q1/aliases/en", {"aliases": ["a", ""]}, "invalid-value", {"path": "/aliases/1"}),
        ("POST", "/items/Q1/statements", {"statement": ["x"]}, "invalid-value", {"path": "/statement"}),
        ("POST", "/items/Q1/statements", _with(id=OTHER), "cannot-modify-read-only-value", {"path": "/statement/id"}),
        ("POST", "/items/Q1/statements", _with(rank="best"), "invalid-value", {"path": "/statement/rank"}),
        (
            "POST",
            "/items/Q1/statements",
            _with(property={}),
            "missing-field",
            {"path": "/statement/property", "field": "id"},
        ),
        (
            "POST",
            "/items/Q1/statements",
            _with(property={"id": "P99"}),
            "referenced-resource-not-found",
            {"path": "/statement/property/id"},
        ),
        (
            "POST",
            "/items/Q1/statements",
            _with(value={"type": "value"}),
            "missing-field",
            {"path": "/statement/value", "field": "content"},
        ),
        (
            "POST",
            "/items/Q1/statements",
            _with(value={"type": "value", "content": {"x": 1}}),
            "invalid-value",
            {"path": "/statement/value/content"},
        ),
        (
            "POST",
            "/items/Q1/statements",
            _with(property={"id": "P4"}, value={"type": "value", "content": "Q404"}),
            "referenced-resource-not-found",
            {"path": "/statement/value/content"},
        ),
        (
            "POST",
            "/items/Q1/statements",
            _with(references=[{"parts": [{"property": {"id": "P99"}, "value": {"type": "novalue"}}]}]),
            "referenced-resource-not-found",
            {"path": "/statement/references/0/parts/0/property/id"},
        ),
        ("PATCH", "/items/Q1/labels", {"patch": {}}, "invalid-value", {"path": "/patch"}),
        (
            "PATCH",
            "/items/Q1/labels",
            {"patch": [{"op": "move", "path": "/a"}]},
            "missing-field",
            {"path": "/patch/0", "field": "from"},
        ),
        (
            "PATCH",
            "/items/Q1/labels",
            {"patch": [{"op": "grow", "path": "/a"}]},
            "invalid-value",
            {"path": "/patch/0/op"},
        ),
        ("POST", "/items", {"item": {"labels": {"xyz": "l"}}}, "invalid-key", {"path": "/item/labels", "key": "xyz"}),
        ("POST", "/items", {"item": {"labels": ["x"]}}, "invalid-value", {"path": "/item/labels"}),
        ("POST", "/items", {"item": {"sitelinks": {"x": {}}}}, "invalid-key", {"path": "/item/sitelinks", "key": "x"}),
        (
            "POST",
            "/items",
            {"item": {"statements": {"P9": [STRING]}}},
            "statement-group-property-id-mismatch",
            {
                "path": "/item/statements/P9/0/property/id",
                "statement_group_property_id": "P9",
                "statement_property_id": "P1",
            },
        ),
        ("POST", "/properties", {"property": {}}, "missing-field", {"path": "/property", "field": "data_type"}),
        ("POST", "/properties", {"property": {"data_type": "x"}}, "invalid-value", {"path": "/property/data_type"}),
    ],
)
def test_every_mistake_in_a_body_names_its_place(
    wiki: Wiki, method: str, path: str, body: object, code: str, context: dict[str, object]
) -> None:
    answer = wiki.ask(method, f"/entities{path}", body)
    content = read(answer)
    assert (answer.status, content["code"], content["context"]) == (400, code, context)


@pytest.mark.parametrize(
    ("path", "operation", "status", "code", "context"),
    [
        ("/labels", {"op": "remove", "path": "/x"}, 409, "patch-target-not-found", {"path": "/patch/0/path"}),
        (
            "/labels",
            {"op": "copy", "from": "/x", "path": "/en"},
            409,
            "patch-target-not-found",
            {"path": "/patch/0/from"},
        ),
        (
            "/labels",
            {"op": "test", "path": "/en", "value": "two"},
            409,
            "patch-test-failed",
            {"path": "/patch/0", "actual_value": "one"},
        ),
        (
            "/labels",
            {"op": "replace", "path": "", "value": ["x"]},
            422,
            "patch-result-invalid-value",
            {"path": "", "value": ["x"]},
        ),
        (
            "/labels",
            {"op": "add", "path": "/nope", "value": "x"},
            422,
            "patch-result-invalid-key",
            {"path": "", "key": "nope"},
        ),
        (
            "",
            {"op": "replace", "path": "/id", "value": "Q9"},
            422,
            "patch-result-modified-read-only-value",
            {"path": "/id"},
        ),
        (
            "",
            {"op": "add", "path": "/statements/P1", "value": [STRING | {"id": OTHER}]},
            422,
            "patch-result-modified-read-only-value",
            {"path": "/statements/P1/0/id"},
        ),
        (
            "",
            {"op": "add", "path": "/statements/P1", "value": [{"value": {"type": "novalue"}}]},
            422,
            "patch-result-missing-field",
            {"path": "/statements/P1/0", "field": "property"},
        ),
        (
            f"/statements/{GUID}",
            {"op": "replace", "path": "/property/id", "value": "P1"},
            422,
            "patch-result-invalid-value",
            None,
        ),
        (
            f"/statements/{GUID}",
            {"op": "replace", "path": "", "value": ""},
            422,
            "patch-result-invalid-value",
            {"path": "", "value": ""},
        ),
    ],
)
def test_every_mistake_of_a_patch_names_its_place(
    wiki: Wiki, path: str, operation: dict[str, object], status: int, code: str, context: dict[str, object] | None
) -> None:
    before = etag(wiki)
    answer = wiki.ask("PATCH", f"/entities/items/Q1{path}", {"patch": [operation]})
    content = read(answer)
    assert (answer.status, content["code"]) == (status, code)
    assert context is None or content["context"] == context
    assert etag(wiki) == before
