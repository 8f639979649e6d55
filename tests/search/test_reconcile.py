"""Reconciliation over the demonstration data: who is meant by a name, and what the protocol answers."""

from __future__ import annotations

import json
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import jsonschema
import pytest
from flask.testing import FlaskClient
from hypothesis import given
from hypothesis import strategies as st
from referencing import Registry
from referencing.jsonschema import DRAFT7

from capx_graph.ontology import load_instance
from capx_graph.reconcile import Query, Reconciler, Strictness
from capx_graph.reconcile.scoring import name_score, total
from capx_graph.textindex import TextField
from tests.doubles.services import FakeServices
from tests.houses.demo_graph import DemoGraph
from webapp import create_app

Check = Callable[[str, Any], None]


@dataclass
class Services(FakeServices):
    reconciler: Any = None
    namespaces: Any = None


@pytest.fixture(scope="module")
def reconciler(demo: DemoGraph) -> Reconciler:
    return Reconciler.over(
        demo.store,
        demo.texts,
        demo.namespaces,
        directory=demo.directory,
        naming=demo.naming,
        instance=load_instance("embedded"),
    )


@pytest.fixture(scope="module")
def client(demo: DemoGraph, reconciler: Reconciler) -> FlaskClient:
    return create_app(Services(reconciler=reconciler, namespaces=demo.namespaces)).test_client()


@pytest.fixture(scope="session")
def golden(shared: Path) -> Path:
    return shared / "golden" / "reconciliation" / "0.2"


@pytest.fixture(scope="session")
def check(golden: Path) -> Check:
    """Raises unless an answer is as the specification's schema of that name says."""
    schemas = {path.name: json.loads(path.read_text()) for path in (golden / "schemas").glob("*.json")}
    # The manifest leans on Swagger's schema for logins, which we do not have and which is not at hand.
    schemas["http://swagger.io/v2/schema.json"] = {"definitions": {"securityDefinitions": {"additionalProperties": {}}}}
    named = [(uri, DRAFT7.create_resource(schema)) for name, schema in schemas.items() for uri in _ids(name)]
    registry: Any = Registry().with_resources(named)

    def checked(name: str, answer: Any) -> None:
        schema = {key: value for key, value in schemas[f"{name}.json"].items() if key != "$schema"}
        jsonschema.Draft7Validator(schema, registry=registry).validate(answer)

    return checked


def _ids(name: str) -> tuple[str, ...]:
    space = "https://reconciliation-api.github.io/specs/0.2/schemas/"
    return (name, space + name) if "://" not in name else (name,)


def found(reconciler: Reconciler, text: str, *types: str, **more: Any) -> list[tuple[str, float, bool]]:
    answers = reconciler.candidates(Query(text, types, **more), reader=("en",))
    return [(one.name, one.score, one.match) for one in answers]


def batch(client: FlaskClient, queries: Any, **more: Any) -> Any:
    return client.post("/reconcile", data={"queries": json.dumps(queries)}, **more)


@pytest.mark.parametrize(
    ("asked", "name", "field", "score"),
    [
        ("Brazil", "Brazil", TextField.LABEL, 100),
        ("brazil", "Brazil", TextField.LABEL, 98),
        ("comunicacao", "comunicação", TextField.LABEL, 98),
        ("Silva, Ana", "Ana Silva", TextField.LABEL, 92),
        ("Brazil", "Brazil", TextField.ALIAS, 95),
        ("Brazil", "Brazil", TextField.USERNAME, 100),
    ],
)
def test_a_name_that_is_the_same_scores_high(asked: str, name: str, field: TextField, score: float) -> None:
    assert name_score(asked, name, field) == score


@given(st.text(max_size=40), st.text(min_size=1, max_size=40))
def test_a_name_that_differs_never_scores_like_the_same(asked: str, name: str) -> None:
    score = name_score(asked, name, TextField.LABEL)
    assert 0 <= score <= 89 or score in (92, 98, 100)


def test_a_property_that_disagrees_takes_the_certainty_away() -> None:
    assert total(100, [1.0], identified=False, typed=True) == 100
    assert total(100, [None], identified=False, typed=True) < 90
    assert total(100, [0.0], identified=False, typed=True) < total(100, [None], identified=False, typed=True)
    assert total(10, [0.0, 1.0], identified=True, typed=True) == 100


@pytest.mark.parametrize("text", ["Brazil", "Brasil", "البرازيل", "ブラジル", "brasil", "Q155", "wikidata:Q155"])
def test_a_place_is_known_by_its_name_in_any_language(reconciler: Reconciler, text: str) -> None:
    text = "http://www.wikidata.org/entity/Q155" if text == "Q155" else text
    name, score, match = found(reconciler, text, "Territory")[0]
    assert (name, match) == ("Brazil", True)
    assert score >= 98


@pytest.mark.parametrize("type_", ["Capacity", "capx:Capacity", "https://w3id.org/capx/ontology/Capacity", "capacity"])
def test_a_type_is_known_by_any_of_its_names(reconciler: Reconciler, type_: str) -> None:
    assert found(reconciler, "communication", type_)[0] == ("communication", 100.0, True)


@pytest.mark.parametrize("query", [{"query": ""}, {"query": " "}, {"query": "", "type": "Capacity"}])
def test_an_empty_cell_finds_nothing_and_stops_nobody(client: FlaskClient, check: Check, query: Any) -> None:
    answer = batch(client, {"empty": query, "full": {"query": "Brazil", "type": "Territory"}}).get_json()
    check("reconciliation-result-batch", answer)
    assert answer["empty"]["result"] == []
    assert answer["full"]["result"][0]["name"] == "Brazil"


def test_a_misspelt_name_is_found_but_is_no_match(reconciler: Reconciler) -> None:
    name, score, match = found(reconciler, "comunnicatoin", "Capacity")[0]
    assert name == "communication"
    assert not match
    assert score < 90


def test_a_code_of_two_things_matches_neither_until_the_type_is_said(reconciler: Reconciler) -> None:
    both = found(reconciler, "BR")
    assert {name for name, score, _ in both if score == 100} >= {"Brazil", "Breton"}
    assert not any(match for _, _, match in both)
    assert found(reconciler, "BR", "Territory")[0] == ("Brazil", 100.0, True)


def test_types_restrict_prefer_or_are_all_needed(reconciler: Reconciler) -> None:
    assert not found(reconciler, "Brazil", "Language", limit=1)[0][2]
    assert found(reconciler, "Brazil", "Language", strictness=Strictness.SHOULD)[0][0] != ""
    assert "Brazil" in [name for name, *_ in found(reconciler, "Brazil", "Language", strictness=Strictness.SHOULD)]
    regions = found(reconciler, "Latin America and Caribbean", "Territory", "Region", strictness=Strictness.ALL)
    assert all(score <= 100 for _, score, _ in regions)
    assert found(reconciler, "Brazil", "Territory", "Language", strictness=Strictness.ALL) == []
    assert found(reconciler, "Brazil", "DifferentiatedPerson") == []


def test_openrefines_batch_is_answered_as_the_specification_says(client: FlaskClient, check: Check) -> None:
    queries = {
        "q0": {"query": "Brasil", "type": "Territory", "type_strict": "should", "limit": 3},
        "q1": {"query": "nobody of this name"},
        "q2": {"query": "Portugal", "properties": [{"pid": "code", "v": "PT"}, {"pid": "Lpt", "v": ["Portugal"]}]},
        "q3": {"properties": [{"pid": "wikidataId", "v": "Q155"}]},
        "q4": {
            "type": ["Person"],
            "properties": [{"pid": "speaks", "v": {"id": "Q1", "name": "x"}}, {"pid": "x", "v": 1}],
        },
    }
    answer = batch(client, queries)
    assert answer.status_code == 200
    check("reconciliation-result-batch", answer.get_json())
    first = {key: (content["result"] or [{}])[0] for key, content in answer.get_json().items()}
    assert (first["q0"]["name"], first["q0"]["match"]) == ("Brazil", True)
    assert first["q0"]["type"] == [{"id": "Territory", "name": "territory"}]
    assert (first["q2"]["name"], first["q2"]["match"]) == ("Portugal", True)
    assert (first["q3"]["name"], first["q3"]["score"]) == ("Brazil", 100)
    assert answer.headers["Access-Control-Allow-Origin"] == "*"
    by_get = client.get("/reconcile", query_string={"queries": json.dumps(queries)})
    assert by_get.get_json() == answer.get_json()


def test_properties_alone_find_people(client: FlaskClient, check: Check) -> None:
    query = {
        "q": {"type": "Person", "properties": [{"pid": "speaks", "v": "português"}, {"pid": "basedIn", "v": "Brasil"}]}
    }
    answer = batch(client, query).get_json()
    check("reconciliation-result-batch", answer)
    assert answer["q"]["result"][0]["score"] == 100
    assert {feature["id"] for feature in answer["q"]["result"][0]["features"]} == {"speaks", "basedIn"}


def test_names_are_in_the_language_of_the_service(client: FlaskClient) -> None:
    answer = client.post("/reconcile?uselang=ja", data={"queries": json.dumps({"q": {"query": "Brazil"}})}).get_json()
    assert answer["q"]["result"][0]["name"] == "ブラジル"
    assert "uselang=ja" in client.get("/reconcile?uselang=ja").get_json()["suggest"]["entity"]["service_path"]


def test_the_specifications_own_queries_are_taken_or_refused(client: FlaskClient, golden: Path, check: Check) -> None:
    valid = sorted((golden / "examples" / "reconciliation-query-batch" / "valid").glob("*.json"))
    invalid = sorted((golden / "examples" / "reconciliation-query-batch" / "invalid").glob("*.json"))
    assert valid
    assert invalid
    for path in valid:
        answer = client.post("/reconcile", data={"queries": path.read_text()})
        assert answer.status_code == 200, path.name
        check("reconciliation-result-batch", answer.get_json())
    for path in invalid:
        answer = client.post("/reconcile", data={"queries": path.read_text()})
        assert answer.status_code == 400, path.name
        assert answer.get_json()["error"]["message"]


def test_the_manifest_is_as_the_specification_says_and_its_addresses_answer(client: FlaskClient, check: Check) -> None:
    manifest = client.get("/reconcile").get_json()
    check("manifest", manifest)
    assert manifest["identifierSpace"] == "http://capx.test/entity/"
    assert manifest["schemaSpace"] == "https://w3id.org/capx/ontology/"
    brazil = batch(client, {"q": {"query": "Brazil", "type": "Territory"}}).get_json()["q"]["result"][0]["id"]
    for kind, prefix, id_ in (("entity", "Braz", brazil), ("property", "offe", "offers"), ("type", "Pers", "Person")):
        offered = manifest["suggest"][kind]
        answer = client.get(offered["service_path"], query_string={"prefix": prefix}).get_json()
        name = {"entity": "entities", "property": "properties", "type": "types"}[kind]
        check(f"suggest-{name}-response", answer)
        assert id_ in [one["id"] for one in answer["result"]]
        assert (
            client.get(offered["service_path"], query_string={"prefix": prefix, "cursor": 900}).get_json()["result"]
            == []
        )
        flyout = client.get(offered["flyout_service_path"].replace("${id}", id_)).get_json()
        assert flyout["id"] == id_
        assert "<p>" in flyout["html"]
    preview = client.get(manifest["preview"]["url"].removeprefix("http://localhost").replace("{{id}}", brazil))
    assert "Brazil" in preview.text
    assert "frame-ancestors *" in preview.headers["Content-Security-Policy"]
    assert "X-Frame-Options" not in preview.headers
    proposed = client.get(manifest["extend"]["propose_properties"]["service_path"], query_string={"type": "Person"})
    check("data-extension-property-proposal", proposed.get_json())
    assert {"offers", "username", "L"} <= {one["id"] for one in proposed.get_json()["properties"]}


def test_columns_are_filled_with_values_of_their_kind(client: FlaskClient, check: Check) -> None:
    query = {"q": {"type": "Person", "properties": [{"pid": "speaks", "v": "português"}]}}
    person = batch(client, query).get_json()["q"]["result"][0]
    names = ["speaks", "lastActive", "username", "Len", "instanceOf", "source", "nothing-of-ours", "capx:basedIn"]
    wanted: list[Any] = [{"id": name} for name in names]
    wanted[0]["settings"] = {"limit": 1, "content": "name"}
    asked = {"ids": [person["id"], "Q99999999", "no id"], "properties": wanted}
    answer = client.post("/reconcile", data={"extend": json.dumps(asked)}).get_json()
    check("data-extension-response", answer)
    row = answer["rows"][person["id"]]
    assert len(row["speaks"]) == 1
    assert "str" in row["speaks"][0]
    assert row["lastActive"][0]["date"].startswith("20")
    assert row["Len"] == [{"str": person["name"]}]
    assert row["instanceOf"] == [{"id": "Person", "name": "person"}]
    assert row["source"][0]["id"].startswith("Q")
    assert row["nothing-of-ours"] == []
    assert set(answer["rows"]) == {person["id"], "Q99999999", "no id"}
    assert answer["meta"][-1]["type"] == {"id": "Territory", "name": "territory"}


def test_depth_is_a_whole_number(client: FlaskClient) -> None:
    capacity = batch(client, {"q": {"query": "communication", "type": "Capacity"}}).get_json()["q"]["result"][0]["id"]
    asked = {"ids": [capacity], "properties": [{"id": "depth"}]}
    answer = client.get("/reconcile", query_string={"extend": json.dumps(asked)}).get_json()
    assert answer["rows"][capacity]["depth"] == [{"int": 1}]


HOSTILE = (
    "",
    "x",
    "[]",
    "{",
    '"a"',
    "null",
    "[" * 100_000,
    '{"q":' * 50_000,
    '{"q": null}',
    '{"q": {"query": 7}}',
    '{"q": {"query": "x", "limit": -1}}',
    '{"q": {"query": "x", "limit": 1e999}}',
    '{"q": {"query": "x", "limit": NaN}}',
    '{"q": {"query": "x", "limit": true}}',
    '{"q": {"query": "x", "limit": ' + "9" * 5000 + "}}",
    '{"q": {"query": "x", "type_strict": "never"}}',
    '{"q": {"query": "x", "type": {"id": "Person"}}}',
    '{"q": {"query": "x", "properties": {}}}',
    '{"q": {"query": "x", "properties": [{"pid": "code"}]}}',
    '{"q": {"query": "x", "properties": [{"v": "BR"}]}}',
    json.dumps({"q": {"query": "x" * 10_000}}),
    json.dumps({str(number): {"query": "x"} for number in range(1000)}),
)


@pytest.mark.parametrize("text", HOSTILE, ids=range(len(HOSTILE)))
def test_what_is_no_batch_is_refused_in_json(client: FlaskClient, text: str) -> None:
    for member in ("queries", "extend"):
        answer = client.post("/reconcile", data={member: text})
        assert answer.status_code == 400
        assert answer.get_json()["error"]["status"] == 400
        assert answer.headers["Access-Control-Allow-Origin"] == "*"


STRANGE = (
    '" OR 1=1 --',
    'NEAR("a" "b")',
    "*",
    "\ud800",
    "\u0000",
    "> } INSERT DATA { <a> <b> <c> } #",
    "?x",
    "\\u0022",
    "Q0",
    "Q99999999999999999999",
    "http://capx.test/entity/> <x",
    "́",
    "𝕬" * 200,
)


@pytest.mark.parametrize("text", STRANGE)
def test_strange_names_and_values_are_only_texts(client: FlaskClient, check: Check, text: str) -> None:
    quoted = text if text.startswith("\\u") else json.dumps(text)[1:-1]
    properties = "".join(
        f', {{"pid": "{pid}", "v": ["{quoted}", {{"id": "{quoted}"}}]}}'
        for pid in ("offers", "code", "website", "Lpt", "begin", "organizationType", quoted)
    )
    batch_text = (
        f'{{"q": {{"query": "{quoted}", "properties": [{properties[2:]}]}}, "p": {{"properties": [{properties[2:]}]}}}}'
    )
    answer = client.post("/reconcile", data={"queries": batch_text})
    assert answer.status_code == 200, answer.text
    check("reconciliation-result-batch", answer.get_json())
    text = text.encode(errors="replace").decode()
    for address in ("suggest/entity", "suggest/type", "suggest/property", "properties"):
        assert client.get(f"/reconcile/{address}", query_string={"prefix": text, "type": text}).status_code == 200
    for address in ("flyout/entity", "flyout/type", "flyout/property", "preview"):
        assert client.get(f"/reconcile/{address}", query_string={"id": text}).status_code == 404


@pytest.mark.parametrize("limit", ["9" * 5000, "-1", "1.5", "many", [1], True])
def test_a_setting_that_is_no_number_is_refused_by_its_name(client: FlaskClient, limit: object) -> None:
    asked = {"ids": ["Q1"], "properties": [{"id": "offers", "settings": {"limit": limit}}]}
    answer = client.post("/reconcile", data={"extend": json.dumps(asked)})
    assert answer.status_code == 400
    assert answer.get_json()["error"]["parameter"] == "extend.properties.0.settings.limit"


def test_a_callback_is_a_name_and_nothing_else(client: FlaskClient) -> None:
    answer = client.get("/reconcile?callback=jQuery_1.done")
    assert answer.mimetype == "text/javascript"
    assert answer.text.startswith("/**/jQuery_1.done({")
    for callback in ("alert(1)//", "", "a" * 200, "<script>", "a b"):
        assert client.get("/reconcile", query_string={"callback": callback}).status_code == 400


def test_other_sites_may_ask_first(client: FlaskClient) -> None:
    answer = client.options("/reconcile", headers={"Origin": "https://refine.example"})
    assert answer.status_code == 200
    assert "POST" in answer.headers["Access-Control-Allow-Methods"]


def test_a_post_without_anything_and_a_body_too_large_are_refused_in_json(client: FlaskClient) -> None:
    assert client.post("/reconcile").get_json()["error"]["status"] == 400
    assert client.post("/reconcile", data={"queries": "x" * 2_000_000}).get_json()["error"]["status"] == 413


def test_what_people_wrote_is_escaped_in_preview_and_flyout(client: FlaskClient) -> None:
    for kind in ("type", "property", "entity"):
        answer = client.get(f"/reconcile/flyout/{kind}?id=<script>alert(1)</script>")
        assert answer.mimetype == "application/json"
