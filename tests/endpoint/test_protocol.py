"""The endpoint as programs see it: the SPARQL 1.1 Protocol, formats, caching, other sites' browsers."""

from __future__ import annotations

import gzip
import json
import subprocess
import sys
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from urllib.parse import quote

import pytest
import rdflib
from flask.testing import FlaskClient

from capx_graph.endpoint.preparing import LONGEST
from capx_graph.linkeddata.description import Description
from capx_graph.ontology import load_ontology
from capx_graph.store.worker import WorkerPool
from capx_graph.terms import Literal, NamedNode, RdfFormat, Triple, parse_rdf, write_rdf
from tests.houses.endpoint import CAPACITIES, HERE, LABEL, House, opened, served, wd
from tests.waiting import until
from webapp.sparql.protocol import LARGEST_BODY

ALL = "SELECT ?name { ?x a capx:Capacity ; rdfs:label ?name FILTER(LANG(?name) = 'en') } ORDER BY ?name"
AUTO = (
    "SELECT ?xLabel { VALUES ?x { wd:Q1 } "
    'SERVICE wikibase:label { bd:serviceParam wikibase:language "[AUTO_LANGUAGE],en" } }'
)
SD = rdflib.Namespace("http://www.w3.org/ns/sparql-service-description#")
VOID = rdflib.Namespace("http://rdfs.org/ns/void#")


@pytest.fixture(scope="module")
def house(tmp_path_factory: pytest.TempPathFactory) -> Iterator[House]:
    with opened(tmp_path_factory.mktemp("house"), services=["https://other.example/sparql"]) as house:
        yield house


@pytest.fixture
def client(house: House) -> FlaskClient:
    return house.app.test_client()


def names(data: bytes) -> list[str]:
    return [row["name"]["value"] for row in json.loads(data)["results"]["bindings"]]


def test_a_query_comes_by_get_by_form_and_directly(client: FlaskClient) -> None:
    answers = [
        client.get("/sparql", query_string={"query": ALL}),
        client.post("/sparql", data={"query": ALL}),
        client.post("/sparql", data=ALL, content_type="application/sparql-query"),
        client.post("/sparql", data=ALL, content_type="application/sparql-query; charset=UTF-8"),
        client.get("/sparql/", query_string={"query": ALL}),
    ]
    for answer in answers:
        assert answer.status_code == 200
        assert answer.content_type == "application/sparql-results+json"
        assert names(answer.data) == sorted(CAPACITIES)


def test_letters_that_a_client_did_not_escape_are_taken_as_utf_8(client: FlaskClient) -> None:
    form = "application/x-www-form-urlencoded"
    text = "format=csv&query=SELECT ('é — 日' AS ?x) {}".encode()
    answer = client.post("/sparql", data=text, content_type=form)
    assert answer.text.split("\r\n")[:2] == ["x", "é — 日"]
    refused = client.post("/sparql", data=b"query=ASK { ?s ?p '\xff' }", content_type=form)
    assert (refused.status_code, refused.text) == (400, "a parameter is not UTF-8\n")


def test_unknown_parameters_are_ignored(client: FlaskClient) -> None:
    given = {"query": ALL, "results": "json", "timeout": "1", "infer": "true", "format": "application/unheard-of"}
    assert client.get("/sparql", query_string=given).status_code == 200


@pytest.mark.parametrize(
    ("query", "accept", "form", "expected"),
    [
        (ALL, "", "", "application/sparql-results+json"),
        (ALL, "*/*", "", "application/sparql-results+json"),
        (ALL, "application/json", "", "application/json"),
        (ALL, "application/sparql-results+xml", "", "application/sparql-results+xml"),
        (ALL, "application/sparql-results+xml;q=0.3, text/csv;q=0.9", "", "text/csv; charset=utf-8"),
        (ALL, "application/sparql-results+json;q=0, */*;q=0.1", "", "application/json"),
        (ALL, "text/html, */*;q=0.5", "", "application/sparql-results+json"),
        (ALL, "text/tab-separated-values", "", "text/tab-separated-values; charset=utf-8"),
        (ALL, "text/csv", "json", "application/sparql-results+json"),
        (ALL, "", "xml", "application/sparql-results+xml"),
        (ALL, "", "TSV", "text/tab-separated-values; charset=utf-8"),
        (ALL, "text/csv", "turtle", "text/csv; charset=utf-8"),
        (ALL, "", "application/sparql-results+xml", "application/sparql-results+xml"),
        ("ASK {}", "text/csv", "", "text/csv; charset=utf-8"),
        ("DESCRIBE wd:Q1", "", "", "text/turtle; charset=utf-8"),
        ("DESCRIBE wd:Q1", "application/rdf+xml, text/turtle;q=0.9", "", "application/rdf+xml"),
        ("DESCRIBE wd:Q1", "application/ld+json", "", "application/ld+json"),
        ("DESCRIBE wd:Q1", "application/sparql-results+json, application/n-triples", "", "application/n-triples"),
        ("DESCRIBE wd:Q1", "", "json", "application/ld+json"),
        ("DESCRIBE wd:Q1", "", "rdf", "application/rdf+xml"),
        ("DESCRIBE wd:Q1", "", "ttl", "text/turtle; charset=utf-8"),
        ("DESCRIBE wd:Q1", "text/turtle", "csv", "text/turtle; charset=utf-8"),
    ],
)
def test_the_client_chooses_the_form(client: FlaskClient, query: str, accept: str, form: str, expected: str) -> None:
    given = {"query": query} | ({"format": form} if form else {})
    answer = client.get("/sparql", query_string=given, headers={"Accept": accept} if accept else {})
    assert (answer.status_code, answer.content_type) == (200, expected)
    output = client.get("/sparql", query_string={"query": query, "output": form or "x"}, headers={"Accept": accept})
    assert output.content_type == expected


@pytest.mark.parametrize(
    ("query", "accept"), [(ALL, "text/turtle"), ("DESCRIBE wd:Q1", "text/csv"), (ALL, "image/png")]
)
def test_a_form_that_there_is_not_is_406(client: FlaskClient, query: str, accept: str) -> None:
    answer = client.get("/sparql", query_string={"query": query}, headers={"Accept": accept})
    assert answer.status_code == 406
    assert "answers as" in answer.text


@pytest.mark.parametrize("media_type", ["multipart/form-data", "", "application/x-www-form-urlencoded"])
def test_a_post_without_a_body_has_its_query_in_the_address(client: FlaskClient, media_type: str) -> None:
    empty = {"CONTENT_TYPE": media_type, "CONTENT_LENGTH": "0"}
    answer = client.post("/sparql?query=ASK%20{}&format=json", environ_overrides=empty)
    assert answer.status_code == 200
    assert answer.json == {"head": {}, "boolean": True}
    assert client.post("/sparql?update=CLEAR%20ALL", environ_overrides=empty).status_code == 403


def test_what_is_no_request_of_the_protocol_is_refused(client: FlaskClient) -> None:
    assert client.post("/sparql", data="query=ASK%20{}", content_type="text/plain").status_code == 415
    assert client.post("/sparql", data="ASK {}", headers={"Content-Type": ""}).status_code == 415
    utf16 = "application/sparql-query; charset=UTF-16"
    assert client.post("/sparql", data="ASK {}".encode("utf-16"), content_type=utf16).status_code == 415
    assert (
        client.post("/sparql", data=b"ASK { ?s ?p '\xff' }", content_type="application/sparql-query").status_code == 400
    )
    assert client.get("/sparql?query=ASK%20%7B%20%3Fs%20%3Fp%20'%FF'%20%7D").status_code == 400
    assert client.get("/sparql?query=ASK{}&query=ASK{}").status_code == 400
    assert client.post("/sparql", data={"format": "json"}).status_code == 400
    assert client.put("/sparql", data="ASK {}").status_code == 405


@pytest.mark.parametrize("query", ["INSERT DATA { wd:Q1 a wd:Q2 }", "CLEAR ALL", "DROP GRAPH <http://x/>"])
def test_updates_are_refused_however_they_come(house: House, client: FlaskClient, query: str) -> None:
    before = house.store.state
    assert client.post("/sparql", data={"update": query}).status_code == 403
    assert client.get("/sparql", query_string={"update": query}).status_code == 403
    assert client.get("/sparql", query_string={"query": query}).status_code == 403
    assert client.post("/sparql", data=query, content_type="application/sparql-update").status_code == 403
    assert house.store.state == before


def test_an_error_says_line_and_column_of_the_text_that_was_sent(client: FlaskClient) -> None:
    text = f"# é\nSELECT ?xLabel {{\n ?x a capx:Person\n {AUTO[AUTO.index('SERVICE') : -1]}\n FILTER(1 + )\n}} LIMIT 3"
    answer = client.get("/sparql", query_string={"query": text})
    assert answer.status_code == 400
    assert answer.content_type == "text/plain; charset=utf-8"
    assert answer.text.startswith("line 5, column 13: ")
    as_json = client.get("/sparql", query_string={"query": text}, headers={"Accept": "application/json"}).json
    assert as_json is not None
    assert (as_json["error"]["status"], as_json["error"]["code"]) == (400, "invalid-query")
    assert as_json["error"]["message"] == answer.text.rstrip("\n")
    assert (as_json["error"]["line"], as_json["error"]["column"]) == (5, 13)
    assert answer.headers["Cache-Control"] == "no-store"


def test_texts_beyond_the_limits_are_413_and_name_them(client: FlaskClient) -> None:
    long = client.post("/sparql", data={"query": "ASK {} #" + "x" * LONGEST})
    assert (long.status_code, str(LONGEST) in long.text) == (413, True)
    body = client.post("/sparql", data=b"x" * (LARGEST_BODY + 1), content_type="application/sparql-query")
    assert (body.status_code, str(LARGEST_BODY) in body.text) == (413, True)


def test_an_unchanged_answer_is_not_sent_again_until_the_graph_changes(house: House, client: FlaskClient) -> None:
    first = client.get("/sparql", query_string={"query": ALL})
    assert first.headers["Cache-Control"] == "public, no-cache"
    tag = {"If-None-Match": first.headers["ETag"]}
    again = client.get("/sparql", query_string={"query": ALL}, headers=tag)
    assert (again.status_code, again.data) == (304, b"")
    assert again.headers["ETag"] == first.headers["ETag"]
    assert client.get("/sparql", query_string={"query": ALL, "format": "csv"}, headers=tag).status_code == 200
    house.add(Triple(NamedNode("http://x/"), LABEL, Literal("new")))
    assert client.get("/sparql", query_string={"query": ALL}, headers=tag).status_code == 200


def test_a_kept_answer_follows_the_graph(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    query = {"query": "SELECT ?l { <http://kept/> rdfs:label ?l }", "format": "csv"}
    with opened(tmp_path) as house:
        client = house.app.test_client()
        assert client.get("/sparql", query_string=query).text.split() == ["l"]
        with monkeypatch.context() as patched:
            patched.setattr(WorkerPool, "run", lambda *_, **__: pytest.fail("the engine was asked again"))
            assert client.get("/sparql", query_string=query).text.split() == ["l"]
        house.add(Triple(NamedNode("http://kept/"), LABEL, Literal("new")))
        until(lambda: client.get("/sparql", query_string=query).text.split() == ["l", "new"], what="the answer follows")


@pytest.mark.parametrize("query", ["SELECT (NOW() AS ?now) {}", "SELECT (RAND() AS ?n) {}", "SELECT (UUID() AS ?u) {}"])
def test_an_answer_of_the_moment_is_not_kept(client: FlaskClient, query: str) -> None:
    answer = client.get("/sparql", query_string={"query": query})
    assert answer.headers["Cache-Control"] == "no-store"
    assert "ETag" not in answer.headers


def test_labels_follow_the_reader_and_caches_are_told(client: FlaskClient) -> None:
    def label(language: str | None = None, **given: str) -> tuple[str, str]:
        headers = {"Accept-Language": language} if language else {}
        answer = client.get("/sparql", query_string={"query": AUTO, **given}, headers=headers)
        return json.loads(answer.data)["results"]["bindings"][0]["xLabel"]["value"], answer.headers["Vary"]

    assert label() == ("photography", "Accept, Accept-Encoding, Accept-Language")
    assert label("pt")[0] == "fotografia"
    assert label("pt-BR,en;q=0.5")[0] == "fotografia"
    assert label("de")[0] == "photography"
    assert label("de", uselang="pt")[0] == "fotografia"
    assert "Accept-Language" not in client.get("/sparql", query_string={"query": ALL}).headers["Vary"]


def test_large_answers_are_compressed_for_who_can_read_them(client: FlaskClient) -> None:
    query = "SELECT ?s ?p ?o { ?s ?p ?o } ORDER BY ?s ?p ?o"
    plain = client.get("/sparql", query_string={"query": query})
    packed = client.get("/sparql", query_string={"query": query}, headers={"Accept-Encoding": "gzip"})
    assert packed.headers["Content-Encoding"] == "gzip"
    assert gzip.decompress(packed.data) == plain.data
    assert len(plain.data) == plain.content_length
    assert "Accept-Encoding" in packed.headers["Vary"]


def test_browsers_of_other_sites_may_ask(client: FlaskClient) -> None:
    for answer in (
        client.get("/sparql", query_string={"query": ALL}, headers={"Origin": "https://elsewhere.example"}),
        client.get("/sparql", query_string={"query": "SELECT"}),
        client.get("/.well-known/void"),
    ):
        assert answer.headers["Access-Control-Allow-Origin"] == "*"
    asked = {"Origin": "https://e.example", "Access-Control-Request-Headers": "content-type, x-mine"}
    allowed = client.options("/sparql", headers=asked)
    assert allowed.status_code == 204
    assert "POST" in allowed.headers["Access-Control-Allow-Methods"]
    assert allowed.headers["Access-Control-Allow-Headers"] == "content-type, x-mine"


def test_a_head_request_has_no_body(client: FlaskClient) -> None:
    answer = client.head("/sparql", query_string={"query": ALL})
    assert (answer.status_code, answer.data) == (200, b"")


def test_hints_are_ignored_with_a_note(client: FlaskClient) -> None:
    query = ALL.replace("{ ?x", "{ hint:Query hint:optimizer 'None' . ?x")
    answer = client.get("/sparql", query_string={"query": query})
    assert names(answer.data) == sorted(CAPACITIES)
    assert "hint:" in answer.headers["X-CapX-Note"]


def test_a_dataset_may_be_chosen(client: FlaskClient) -> None:
    def ask(**given: str) -> bool:
        return bool(json.loads(client.get("/sparql", query_string=given).data)["boolean"])

    assert ask(query="ASK { ?s ?p ?o }")
    assert not ask(query="ASK { ?s ?p ?o }", **{"default-graph-uri": "http://x/"})
    assert not ask(query="ASK { ?s ?p ?o }", **{"named-graph-uri": "http://x/"})
    assert not ask(query="ASK { GRAPH ?g { ?s ?p ?o } }")
    assert client.get("/sparql", query_string={"query": "ASK {}", "default-graph-uri": "not an iri"}).status_code == 400


@pytest.mark.parametrize(
    ("accept", "form"),
    [
        ("text/turtle", RdfFormat.TURTLE),
        ("application/rdf+xml", RdfFormat.RDF_XML),
        ("application/n-triples", RdfFormat.N_TRIPLES),
        ("application/ld+json", RdfFormat.JSON_LD),
        ("*/*", RdfFormat.TURTLE),
    ],
)
def test_without_a_query_the_endpoint_describes_itself(client: FlaskClient, accept: str, form: RdfFormat) -> None:
    answer = client.get("/sparql", headers={"Accept": accept})
    assert answer.status_code == 200
    found = rdflib.Graph().parse(data=write_rdf(parse_rdf(answer.data, form), RdfFormat.N_TRIPLES), format="nt")
    service = found.value(predicate=rdflib.RDF.type, object=SD.Service)
    assert str(found.value(service, SD.endpoint)) == "http://here.example/sparql"
    assert (service, SD.supportedLanguage, SD.SPARQL11Query) in found
    assert (service, SD.feature, SD.BasicFederatedQuery) in found


def test_the_descriptions_are_true_of_the_data(house: House, client: FlaskClient) -> None:
    def described() -> rdflib.Graph:
        return rdflib.Graph().parse(data=client.get("/.well-known/void").data, format="turtle")

    def counted() -> int:
        query = {"query": "SELECT (COUNT(*) AS ?n) { ?s ?p ?o }"}
        return int(json.loads(client.get("/sparql", query_string=query).data)["results"]["bindings"][0]["n"]["value"])

    found = described()
    dataset = next(found.subjects(VOID.sparqlEndpoint))
    triples = int(found.value(dataset, VOID.triples))
    until(lambda: counted() == triples, what="the endpoint counts as many triples as its description says")
    assert int(found.value(dataset, VOID.entities)) == 20
    people = next(found.subjects(VOID["class"], rdflib.URIRef("https://w3id.org/capx/ontology/Person")))
    assert int(found.value(people, VOID.entities)) == 20
    links = found.value(dataset, VOID.subset)
    assert int(found.value(links, VOID.triples)) == 4
    before = int(found.value(dataset, VOID.triples))
    house.add(Triple(wd(900), LABEL, Literal("one more")))
    after = described()
    assert int(after.value(dataset, VOID.triples)) == before + 1


def test_the_description_names_the_newest_dumps(house: House) -> None:
    paths = ["/dumps/20260601T020000Z/graph.nt.gz"]
    described = Description(house.store, HERE, load_ontology(), title="test", federates=False, dumps=lambda: paths)
    found = rdflib.Graph().parse(data=described.void(RdfFormat.TURTLE), format="turtle")
    assert [str(dump) for dump in found.objects(None, VOID.dataDump)] == [f"http://here.example{paths[0]}"]


@pytest.mark.parametrize("encoding", ["gzip", "br", "x"])
def test_a_packed_query_is_not_taken(client: FlaskClient, encoding: str) -> None:
    headers = {"Content-Encoding": encoding, "Content-Type": "application/sparql-query"}
    assert client.post("/sparql", data=b"ASK {}", headers=headers).status_code == 415


def test_a_person_with_a_browser_is_led_to_the_query_page(client: FlaskClient) -> None:
    answer = client.get("/sparql", headers={"Accept": "text/html,application/xhtml+xml,*/*;q=0.8"})
    assert (answer.status_code, answer.headers["Location"]) == (303, "/query")


def test_a_client_that_kept_processes_busy_is_told_when_to_come_back(tmp_path: Path) -> None:
    slow = "SELECT (COUNT(*) AS ?n) { ?a ?b ?c . ?d ?e ?f . ?g ?h ?i . ?j ?k ?l . ?m ?n2 ?o }"
    with opened(tmp_path, sparql_allowance="1") as house:
        client = house.app.test_client()
        pool, allowances = house.endpoint._pool, house.endpoint._allowances
        allowances._burst, allowances._clock = 0.1, lambda: 0.0
        client.get("/sparql", query_string={"query": "ASK {}"}, environ_base={"REMOTE_ADDR": "10.0.0.8"})
        patient, pool.limits = pool.limits, replace(pool.limits, deadline=0.5)
        assert client.get("/sparql", query_string={"query": slow}).status_code == 504
        pool.limits = patient
        refused = client.get("/sparql", query_string={"query": "ASK {}"})
        assert refused.status_code == 429
        assert int(refused.headers["Retry-After"]) >= 1
        other = client.get("/sparql", query_string={"query": "ASK {}"}, environ_base={"REMOTE_ADDR": "10.0.0.9"})
        assert other.status_code == 200


def test_the_protocol_manifest_of_the_w3c_passes(house: House, shared: Path) -> None:
    script = shared / "golden" / "sparql-protocol" / "protocol.py"
    with served(house) as address:
        run = subprocess.run([sys.executable, script, address], capture_output=True, text=True, timeout=60, check=False)
    assert run.stdout.rstrip().endswith("21 passed, 0 failed"), run.stdout


def test_a_query_may_be_as_long_as_an_address_can_be(house: House) -> None:
    values = " ".join(f"wd:Q{n}" for n in range(2000))
    answer = house.app.test_client().get(f"/sparql?query={quote('SELECT * { VALUES ?x { ' + values + ' } }')}")
    assert len(json.loads(answer.data)["results"]["bindings"]) == 2000
