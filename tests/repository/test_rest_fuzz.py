"""Whatever a client sends, the REST API and the linked data answer with a status below 500."""

from __future__ import annotations

import json
import tempfile
from collections.abc import Iterator
from pathlib import Path
from typing import Any
from urllib.parse import quote

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from capx_graph.repository.entitydata import EntityData, EntityDataRequest
from capx_graph.repository.rdf.entity import EntityRdf
from capx_graph.repository.rest.http import RestRequest
from tests.houses.rest import ANA, GUID, STRING, Wiki, opened_wiki

pytestmark = pytest.mark.slow

QUICK = settings(max_examples=400, deadline=None, derandomize=True, database=None)
IDS = ["Q1", "Q2", "Q3", "Q9", "Q0", "q1", "P1", "P2", "Q" + "9" * 30, GUID, GUID.lower(), "Q1$x", "$"]
LANGUAGES = ["en", "de", "mul", "xx"]
PARTS = ["labels", "descriptions", "aliases", "statements", "sitelinks", "labels_with_language_fallback"]
NAMES = [*IDS, *LANGUAGES, *PARTS, "", "..", "é", "entities", "items", "properties", "search", "openapi.json"]
ODD = ["", "-", "x" * 300, "\ud800", "\x00", "e\u0301", "/~2", "/labels/en", "/statements/P1/0", "/statements/P1/-"]
KINDS = ["value", "novalue", "somevalue", "preferred", "string", "time", "quantity", "+1", "add", "replace", "test"]
WORDS = [*IDS, *LANGUAGES, *ODD, *KINDS]
FIELDS = (
    "item property statement patch label description id data_type rank value type content qualifiers references parts"
    " op path from tags bot comment amount unit time precision calendarmodel latitude hash"
)
KEYS = [*PARTS, *FIELDS.split(), *WORDS]
SCALAR = st.one_of(st.none(), st.booleans(), st.integers(), st.floats(), st.sampled_from(WORDS), st.text(max_size=5))
JSON = st.recursive(
    SCALAR,
    lambda inner: st.one_of(st.lists(inner, max_size=3), st.dictionaries(st.sampled_from(KEYS), inner, max_size=4)),
    max_leaves=12,
)
PATCH = st.lists(
    st.fixed_dictionaries(
        {"op": st.sampled_from(["add", "replace", "remove", "test", "move", "copy", "x"])},
        optional={
            "path": st.lists(st.sampled_from(KEYS), max_size=4).map(
                lambda names: "".join(f"/{name}" for name in names)
            ),
            "from": st.sampled_from(["", "/labels", "/statements/P1/0", "/statements/P1"]),
            "value": JSON,
        },
    ),
    max_size=3,
)
ENTITY_PATHS = (
    "/entities/items",
    "/entities/properties",
    "/entities/items/Q1",
    "/entities/properties/P1",
    "/entities/items/Q1/labels",
    "/entities/items/Q1/labels/en",
    "/entities/items/Q1/descriptions/en",
    "/entities/items/Q1/aliases",
    "/entities/items/Q1/aliases/en",
    "/entities/items/Q1/statements",
    f"/entities/items/Q1/statements/{GUID}",
    f"/statements/{GUID}",
)
HEADERS = st.dictionaries(
    st.sampled_from(["if-match", "if-none-match", "if-modified-since", "if-unmodified-since"]),
    st.one_of(
        st.sampled_from(['"1"', "*", '"', "W/", "Mon, 01 Jun 2026 12:00:00 GMT", "Mon, 99 Foo 9999999 12:00:00"]),
        st.text(max_size=12),
    ),
    max_size=2,
)


@pytest.fixture(scope="module")
def wiki() -> Iterator[Wiki]:
    with tempfile.TemporaryDirectory() as directory, opened_wiki(Path(directory)) as wiki:
        yield wiki


def _check(wiki: Wiki, method: str, path: str, body: bytes, headers: dict[str, str], query: dict[str, str]) -> None:
    sent = {"user-agent": "test", "content-type": "application/json"} | headers
    answer = wiki.api.answer(RestRequest(method, path, ANA, query, sent, body))
    assert answer.status < 500
    if answer.body:
        json.loads(answer.body)


@QUICK
@given(
    method=st.sampled_from(["GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS"]),
    names=st.lists(st.one_of(st.sampled_from(NAMES), st.text(max_size=5)), max_size=5),
    known=st.sampled_from(["", "/wikibase", "/wikibase/v1", "/wikibase/v1/entities", "/wikibase/v1/entities/items/Q1"]),
    query=st.dictionaries(st.sampled_from(["q", "language", "limit", "offset", "_fields"]), st.text(max_size=5)),
    headers=HEADERS,
)
def test_any_address_gets_an_answer(
    wiki: Wiki, method: str, names: list[str], known: str, query: dict[str, str], headers: dict[str, str]
) -> None:
    _check(wiki, method, known + "".join(f"/{name}" for name in names), b"{}", headers, query)


@QUICK
@given(
    method=st.sampled_from(["POST", "PUT", "PATCH", "DELETE"]),
    path=st.sampled_from(ENTITY_PATHS),
    body=st.one_of(
        JSON,
        st.fixed_dictionaries({"patch": PATCH}),
        st.dictionaries(st.sampled_from(["item", "property", "statement", "labels", "aliases", "label"]), JSON),
        st.fixed_dictionaries({"statement": st.dictionaries(st.sampled_from(KEYS), JSON).map(lambda d: STRING | d)}),
    ),
    headers=HEADERS,
)
def test_any_body_gets_an_answer(wiki: Wiki, method: str, path: str, body: Any, headers: dict[str, str]) -> None:
    _check(wiki, method, f"/wikibase/v1{path}", json.dumps(body).encode(), headers, {})


@QUICK
@given(body=st.one_of(st.binary(max_size=40), st.text(max_size=20).map(lambda t: t.encode("utf-16"))))
def test_any_bytes_get_an_answer(wiki: Wiki, body: bytes) -> None:
    _check(wiki, "POST", "/wikibase/v1/entities/items", body, {}, {})


@pytest.mark.parametrize(
    "body",
    [b"[" * 100_000, b'{"item":' * 50_000, b'{"item": {"labels": {"en": "' + b"x" * 10_000_000 + b'"}}}', b"1e999999"],
)
def test_large_bodies_get_an_answer(wiki: Wiki, body: bytes) -> None:
    _check(wiki, "POST", "/wikibase/v1/entities/items", body, {}, {})


@QUICK
@given(
    document=st.one_of(
        st.text(max_size=10),
        st.tuples(
            st.sampled_from([*IDS, "Item:Q1", "Property:P1", "Lexeme:L1"]),
            st.sampled_from(["", ".json", ".ttl", ".nt", ".rdf", ".jsonld", ".n3", ".php", ".html", ".x", "."]),
        ).map("".join),
    ),
    query=st.dictionaries(
        st.sampled_from(["id", "format", "flavor", "revision", "oldid", "redirect", "callback"]),
        st.one_of(
            st.sampled_from([*IDS, "json", "ttl", "dump", "simple", "full", "long", "0", "1", "7", "-1", "9" * 30]),
            st.text(max_size=5),
        ),
        max_size=3,
    ),
    accept=st.one_of(st.none(), st.text(), st.sampled_from(["*/*;q=x", "text/turtle;q=2", ",,;q", "a/b;q=0"])),
    since=st.one_of(st.none(), st.text(max_size=12), st.sampled_from(["Mon, 01 Jun 2026 12:00:00 GMT", "0"])),
)
def test_any_document_of_linked_data_gets_an_answer(
    wiki: Wiki, document: str, query: dict[str, str], accept: str | None, since: str | None
) -> None:
    namespaces = wiki.repository.namespaces
    data = EntityData(namespaces, wiki.repository, EntityRdf(namespaces, wiki.repository))
    for answer in (
        data.answer(EntityDataRequest(document, query, accept, since)),
        data.concept(document, query),
    ):
        assert answer.status < 500
        for name, value in answer.headers:
            assert (name + value).isprintable(), quote(value)
