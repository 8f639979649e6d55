"""Writing through the Wikibase REST API: terms, statements, entities, rights, hostile bodies."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from capx_graph.model import Account
from capx_graph.repository.identity import member, visitor
from tests.houses.rest import ENTITIES, GUID, STRING, Wiki, etag, opened_wiki, read


@pytest.fixture
def wiki(tmp_path: Path) -> Iterator[Wiki]:
    with opened_wiki(tmp_path) as opened:
        yield opened


def test_terms_are_set_added_and_removed(wiki: Wiki) -> None:
    path = "/entities/items/Q1"
    assert wiki.ask("PUT", f"{path}/labels/fr", {"label": " un "}).status == 201
    again = wiki.ask("PUT", f"{path}/labels/fr", {"label": "une", "comment": "gender"})
    assert (again.status, read(again)) == (200, "une")
    assert read(wiki.ask("DELETE", f"{path}/descriptions/en")) == "Description deleted"
    assert wiki.ask("POST", f"{path}/aliases/fr", {"aliases": ["a", "b", "a"]}).status == 201
    added = wiki.ask("POST", f"{path}/aliases/en", {"aliases": ["uno", "ein"]})
    assert (added.status, read(added)) == (200, ["uno", "ein"])
    content = read(wiki.ask("GET", path))
    assert content["labels"]["fr"] == "une"
    assert content["descriptions"] == {}
    assert content["aliases"] == {"en": ["uno", "ein"], "fr": ["a", "b"]}


def test_setting_what_is_already_so_makes_no_revision(wiki: Wiki) -> None:
    before = etag(wiki)
    assert wiki.ask("PUT", "/entities/items/Q1/labels/en", {"label": "one"}).status == 200
    assert etag(wiki) == before


def test_patches_change_terms_and_whole_items(wiki: Wiki) -> None:
    patch = [{"op": "add", "path": "/fr", "value": "un"}, {"op": "remove", "path": "/de"}]
    labels = wiki.ask("PATCH", "/entities/items/Q1/labels", {"patch": patch})
    assert (labels.status, read(labels)) == (200, {"en": "one", "fr": "un"})
    patch = [
        {"op": "test", "path": "/labels/en", "value": "one"},
        {"op": "replace", "path": "/descriptions/en", "value": "another"},
        {"op": "add", "path": "/aliases/en/-", "value": "uno"},
        {"op": "add", "path": "/statements/P1", "value": [STRING]},
        {"op": "replace", "path": "/statements/P2/0/rank", "value": "preferred"},
    ]
    answer = wiki.ask("PATCH", "/entities/items/Q1", {"patch": patch})
    content = read(answer)
    assert answer.status == 200
    assert content["aliases"] == {"en": ["uno"]}
    assert content["statements"]["P1"][0]["id"].startswith("Q1$")
    assert (content["statements"]["P2"][0]["id"], content["statements"]["P2"][0]["rank"]) == (GUID, "preferred")


def test_statements_are_added_replaced_patched_and_removed(wiki: Wiki) -> None:
    answer = wiki.ask("POST", "/entities/items/Q1/statements", {"statement": STRING})
    guid = read(answer)["id"]
    assert answer.status == 201
    assert dict(answer.headers)["Location"] == f"{ENTITIES}/items/Q1/statements/{guid.replace('$', '%24')}"
    value = {"type": "value", "content": "y"}
    replaced = read(wiki.ask("PUT", f"/statements/{guid}", {"statement": STRING | {"value": value}}))
    assert (replaced["id"], replaced["value"]["content"]) == (guid, "y")
    patch = [{"op": "add", "path": "/qualifiers/-", "value": {"property": {"id": "P4"}, "value": {"type": "novalue"}}}]
    patched = read(wiki.ask("PATCH", f"/entities/items/Q1/statements/{guid}", {"patch": patch}))
    assert patched["qualifiers"][0]["property"] == {"id": "P4", "data_type": "wikibase-item"}
    assert read(wiki.ask("DELETE", f"/statements/{guid}", {"comment": "why"})) == "Statement deleted"
    assert wiki.ask("GET", f"/statements/{guid}").status == 404


def test_entities_are_made_and_owned_by_whom_they_are_made_for(wiki: Wiki) -> None:
    draft = {
        "labels": {"en": "new"},
        "statements": {"P4": [{"property": {"id": "P4"}, "value": {"type": "somevalue"}}]},
    }
    answer = wiki.ask("POST", "/entities/items", {"item": draft})
    made = read(answer)
    assert (answer.status, made["labels"]) == (201, {"en": "new"})
    assert dict(answer.headers)["Location"] == f"{ENTITIES}/items/{made['id']}"
    made = read(wiki.ask("POST", "/entities/properties", {"property": {"data_type": "url"}}))
    assert wiki.repository.datatype(made["id"]) == "url"
    owner = member(Account("Bo", 2), "k", owner="Bo")
    made = read(wiki.ask("POST", "/entities/items", {"item": {}}, identity=owner))
    refused = wiki.ask("PUT", f"/entities/items/{made['id']}/labels/en", {"label": "x"})
    assert (refused.status, read(refused)["context"]) == (403, {"denial_reason": "resource-protected"})


def test_rules_over_several_terms_are_policy(wiki: Wiki) -> None:
    answer = wiki.ask("PUT", "/entities/items/Q1/labels/en", {"label": "the first"})
    violation = {"violation": "label-description-same-value", "violation_context": {"language": "en"}}
    assert (answer.status, read(answer)["context"]) == (422, violation)
    same = {"labels": {"en": "one"}, "descriptions": {"en": "the first"}}
    answer = wiki.ask("POST", "/entities/items", {"item": same})
    context = {"language": "en", "conflicting_item_id": "Q1"}
    violation = {"violation": "item-label-description-duplicate", "violation_context": context}
    assert (answer.status, read(answer)["context"]) == (422, violation)
    answer = wiki.ask("POST", "/entities/properties", {"property": {"data_type": "url", "labels": {"en": "text"}}})
    assert read(answer)["context"]["violation_context"] == {"language": "en", "conflicting_property_id": "P1"}


@pytest.mark.parametrize(
    ("method", "path", "body", "status", "code"),
    [
        ("PUT", "/items/Q999/labels/en", {"label": "x"}, 404, "resource-not-found"),
        ("PUT", "/items/Q2/labels/en", {"label": "x"}, 409, "redirected-item"),
        ("DELETE", f"/items/Q2/statements/Q2${GUID[3:]}", None, 404, "resource-not-found"),
        ("DELETE", "/items/Q1/labels/ja", None, 404, "resource-not-found"),
        ("PUT", f"/items/Q1/statements/{GUID}", {"statement": STRING}, 400, "cannot-modify-read-only-value"),
    ],
)
def test_edits_of_what_is_not_there_are_refused(
    wiki: Wiki, method: str, path: str, body: object, status: int, code: str
) -> None:
    answer = wiki.ask(method, f"/entities{path}", body)
    assert (answer.status, read(answer)["code"]) == (status, code)


def test_visitors_may_read_but_not_write(wiki: Wiki) -> None:
    stranger = visitor("")
    assert wiki.ask("GET", "/entities/items/Q1", identity=stranger).status == 200
    for method, path, body in (
        ("PUT", "/entities/items/Q1/labels/en", {"label": "x"}),
        ("POST", "/entities/items", {"item": {}}),
        ("DELETE", f"/statements/{GUID}", None),
    ):
        assert wiki.ask(method, path, body, identity=stranger).status == 403


@pytest.mark.parametrize(
    ("method", "path", "body", "headers", "status", "key"),
    [
        ("GET", "/nowhere", None, {}, 404, "rest-no-match"),
        ("POST", "/entities/items/Q1", {}, {}, 405, "rest-wrong-method"),
        ("PUT", "/entities/items/Q1/labels/en", b"{", {}, 400, "rest-json-body-parse-error"),
        ("PUT", "/entities/items/Q1/labels/en", b"[1]", {}, 400, "rest-json-body-parse-error"),
        ("PUT", "/entities/items/Q1/labels/en", b'{"label":"\\ud800"}', {}, 400, "rest-json-body-parse-error"),
        ("PUT", "/entities/items/Q1/labels/en", b'{"label":NaN}', {}, 400, "rest-json-body-parse-error"),
        ("PUT", "/entities/items/Q1/labels/en", b"\xff", {}, 400, "rest-json-body-parse-error"),
        ("PUT", "/entities/items/Q1/labels/en", b"[" * 100_000, {}, 400, "rest-json-body-parse-error"),
        (
            "PUT",
            "/entities/items/Q1/labels/en",
            b"label=x",
            {"content-type": "application/x-www-form-urlencoded"},
            415,
            "rest-unsupported-content-type",
        ),
    ],
)
def test_what_is_no_request_of_the_api_is_an_error_of_the_framework(
    wiki: Wiki, method: str, path: str, body: object, headers: dict[str, str], status: int, key: str
) -> None:
    answer = wiki.ask(method, path, body, headers=headers)
    assert (answer.status, read(answer)["errorKey"]) == (status, key)


def test_a_request_says_who_sends_it(wiki: Wiki) -> None:
    answer = wiki.ask("GET", "/entities/items/Q1", headers={"user-agent": ""})
    assert (answer.status, read(answer)["code"]) == (400, "missing-user-agent")


def test_copies_cannot_fill_the_memory(wiki: Wiki) -> None:
    bomb = [{"op": "add", "path": "/x", "value": ["a"]}]
    bomb += [{"op": "copy", "from": "/x", "path": "/x/-"} for _ in range(64)]
    answer = wiki.ask("PATCH", "/entities/items/Q1/labels", {"patch": bomb})
    assert (answer.status, read(answer)["code"]) == (400, "resource-too-large")


anything = st.recursive(
    st.one_of(st.none(), st.booleans(), st.integers(), st.floats(), st.text(max_size=6), st.sampled_from(["P1", "Q1"])),
    lambda inner: st.one_of(
        st.lists(inner, max_size=3),
        st.dictionaries(
            st.sampled_from(
                [
                    "label",
                    "aliases",
                    "statement",
                    "patch",
                    "item",
                    "property",
                    "id",
                    "value",
                    "type",
                    "content",
                    "en",
                    "op",
                    "path",
                    "from",
                    "qualifiers",
                    "references",
                    "parts",
                    "labels",
                    "statements",
                    "P1",
                    "rank",
                ]
            ),
            inner,
            max_size=4,
        ),
    ),
    max_leaves=12,
)
paths = st.sampled_from(
    [
        "items",
        "items/Q1",
        "items/Q1/labels",
        "items/Q1/labels/en",
        "items/Q1/aliases/en",
        "items/Q1/statements",
        f"items/Q1/statements/{GUID}",
        "properties",
        "properties/P1",
        "items/Q1/aliases",
        "items//labels",
        "items/Q1/x",
    ]
)


@settings(
    max_examples=200,
    deadline=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
)
@given(st.sampled_from(["POST", "PUT", "PATCH", "DELETE"]), paths, anything)
def test_no_body_breaks_the_server(wiki: Wiki, method: str, path: str, body: Any) -> None:
    answer = wiki.ask(method, f"/entities/{path}", body)
    assert answer.status < 500
    assert not answer.body or json.loads(answer.body) is not None
