"""The description of the API is true: every example answers in the form that it names, no address is left out."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import replace
from typing import Any
from urllib.parse import quote

import pytest
from flask import Flask
from flask.testing import FlaskClient
from jsonschema import Draft202012Validator
from openapi_spec_validator import validate

from capx_graph.terms import iri
from tests.houses.demo import demonstration
from webapp import create_app
from webapp.api import LABELS, OPERATIONS, Operation, dialect
from webapp.needs import SERVICES

OF_PAGES = frozenset({"/query/complete.json", "/query/things.json", "/query/names.json", "/query/meaning.json"})
"""Addresses that serve one page of ours and may change with it."""


@pytest.fixture(scope="module")
def app(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Flask]:
    with demonstration(tmp_path_factory.mktemp("api")) as services:
        services.dumps.publish({"graph.nt.gz": lambda out: out.write(b"x")}, at=services.settings.now())
        yield create_app(services)


@pytest.fixture
def client(app: Flask) -> FlaskClient:
    return app.test_client()


@pytest.fixture
def described(client: FlaskClient) -> dict[str, Any]:
    found: dict[str, Any] = client.get("/openapi.json").get_json()
    return found


def valid(answer: object, name: str, described: dict[str, Any]) -> list[str]:
    """What is wrong with an answer of a form."""
    schema = {"$ref": f"#/components/schemas/{name}", "components": described["components"]}
    return [f"{fault.json_path}: {fault.message}" for fault in Draft202012Validator(schema).iter_errors(answer)]


def test_the_description_is_openapi_in_the_readers_language(client: FlaskClient, described: dict[str, Any]) -> None:
    validate(described)
    portuguese = client.get("/openapi.json?uselang=pt-br").get_json()
    assert portuguese["info"]["summary"] != described["info"]["summary"]
    validate(portuguese)


@pytest.mark.parametrize("operation", OPERATIONS, ids=lambda each: each.name)
def test_every_example_answers_in_its_form(
    client: FlaskClient, described: dict[str, Any], operation: Operation
) -> None:
    answer = client.get(operation.example)
    assert answer.status_code == 200, answer.text
    assert answer.mimetype in operation.forms
    if operation.schema:
        assert not valid(answer.get_json(), operation.schema, described)


@pytest.mark.parametrize("operation", OPERATIONS, ids=lambda each: each.name)
def test_every_parameter_can_be_given_as_its_example(client: FlaskClient, operation: Operation) -> None:
    path = operation.example.partition("?")[0]
    given = [f"{each.name}={quote(each.example)}" for each in operation.parameters if not each.in_path]
    answer = client.get(f"{path}?{'&'.join(given)}")
    named = (answer.get_json(silent=True) or {}).get("error", {})
    assert answer.status_code == 200, f"{named}"


def test_answers_of_a_full_page_are_in_their_form(client: FlaskClient, described: dict[str, Any]) -> None:
    for kind in ("person", "organization", "capacity", "event", "project", "territory"):
        answer = client.get(f"/search.json?class={kind}&capacity=wikidata:Q11024&q=c").get_json()
        assert not valid(answer, "SearchAnswer", described)
    refused = client.get("/search.json?limit=many")
    assert refused.status_code == 400
    assert not valid(refused.get_json(), "ErrorAnswer", described)


@pytest.mark.parametrize("operation", OPERATIONS, ids=lambda each: each.name)
def test_every_refusal_is_one_that_is_named(
    client: FlaskClient, described: dict[str, Any], operation: Operation
) -> None:
    path, _, needed = operation.example.partition("?")
    wrong = [f"{path}?{needed}&{each.name}=%00wrong" for each in operation.parameters if not each.in_path]
    wrong += [path, operation.path.replace("{", "Nobody-").replace("}", "")]
    for address in wrong:
        answer = client.get(address, headers={"Accept": "application/json"})
        if answer.status_code >= 400:
            assert answer.status_code in operation.refusals, (address, answer.text)
            assert not valid(answer.get_json(), "ErrorAnswer", described), address
            plainly = client.get(address, headers={"Accept": "*/*"})
            assert (plainly.status_code, plainly.mimetype) == (answer.status_code, operation.refused_in), address
    said = described["paths"][operation.path]["get"]["responses"]
    assert {int(status) for status in said} == {200, *operation.refusals}
    assert all(
        {"application/json", operation.refused_in} == {*said[str(each)]["content"]} for each in operation.refusals
    )


@pytest.mark.parametrize("path", ["/sparql?query=ASK{}", "/.well-known/void"])
def test_a_form_that_there_is_not_is_a_refusal_that_is_named(
    client: FlaskClient, described: dict[str, Any], path: str
) -> None:
    refused = client.get(path, headers={"Accept": "image/png, application/geo+json"})
    said = described["paths"][path.partition("?")[0]]["get"]["responses"]
    assert refused.mimetype in said[str(refused.status_code)]["content"]
    assert refused.status_code == 406


def test_a_fault_of_a_query_is_told_with_its_place_as_described(client: FlaskClient, described: dict[str, Any]) -> None:
    refused = client.get("/sparql?query=SELECT", headers={"Accept": "application/json"}).get_json()
    assert {"said", "line", "column"} <= refused["error"].keys()
    assert not valid(refused, "ErrorAnswer", described)


DATA = re.compile(r"\.(?:json|csv|svg|ics|ttl)$|^/(?:sparql|reconcile|\.well-known/void)$")
NO_DATA_FOR_ALL = re.compile(r"/(?:me|propose)/|/openapi\.json$|/qr\.svg$")
"""One's own, this description, and a page's own address as a picture."""


def test_no_address_with_data_is_left_out(app: Flask) -> None:
    found = {rule.rule for rule in app.url_map.iter_rules() if DATA.search(rule.rule)} - OF_PAGES
    public = {rule for rule in found if not NO_DATA_FOR_ALL.search(rule)}
    assert {_bare(rule) for rule in public} == {_bare(each.path) for each in OPERATIONS}


def _bare(path: str) -> str:
    """A path with its parameters' names left out."""
    return re.sub(r"<[^>]*>|\{[^}]*\}", "*", path)


def test_the_page_about_the_endpoint_says_what_the_code_does(client: FlaskClient) -> None:
    page = client.get("/help/sparql").text
    for said in ("geof:distance", "capx:", "wdt:", "imagegrid", "text/tab-separated-values", "30 s", "2048 MiB"):
        assert said in page
    assert "https://query.wikidata.org/sparql" in page
    answer = client.get("/sparql", query_string={"query": LABELS}, headers={"Accept": "text/csv"})
    assert answer.text.splitlines()[0] == "person,personLabel,capacityLabel"
    assert len(answer.text.splitlines()) > 1


def test_the_page_about_the_endpoint_names_what_has_no_prefix_and_tells_no_key(
    app: Flask, client: FlaskClient, monkeypatch: pytest.MonkeyPatch
) -> None:
    services = app.extensions[SERVICES]
    bounds = replace(services.settings.sparql, services=frozenset({"https://me:key@engine.example:8443/sparql?t=key"}))
    given = replace(services.settings, sparql=bounds)
    monkeypatch.setitem(app.extensions, SERVICES, replace(services, settings=given))
    monkeypatch.setitem(dialect.__globals__, "FUNCTIONS", [iri("http://functions.example/near")])
    page = client.get("/help/sparql").text
    for said in ("http://functions.example/near", "https://engine.example:8443/sparql"):
        assert f'<code dir="ltr">{said}</code>' in page
    assert "me:key" not in page
    assert "t=key" not in page


def test_the_page_shows_every_address(client: FlaskClient) -> None:
    page = client.get("/help/api").text
    for operation in OPERATIONS:
        assert operation.path in page
