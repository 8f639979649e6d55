"""Queries that mean harm: each ends with its deadline and names its limit, and the next one is answered at once."""

from __future__ import annotations

import json
import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor

import pytest
import requests

from capx_graph.namespaces import SKOS
from capx_graph.terms import Literal, NamedNode, Triple
from tests.doubles.endpoints import Listener
from tests.endpoint.disguises import DISGUISES, disguised
from tests.houses.endpoint import House, opened, served

DEADLINE = 3
AT_ONCE = 0.4
"""Seconds; 0.01 on an idle machine, but tests share theirs."""
BROADER = NamedNode(SKOS + "broader")
ALL = "?a ?b ?c . ?d ?e ?f . ?g ?h ?i"


def doubled(times: int) -> str:
    return " ".join(f"BIND(CONCAT(?t{n}, ?t{n}) AS ?t{n + 1})" for n in range(times))


HOSTILE: dict[str, str] = {
    "a cartesian product, ordered": f"SELECT * {{ {ALL} }} ORDER BY ?a DESC(?f) ?h",
    "a cartesian product, counted": f"SELECT (COUNT(*) AS ?n) {{ {ALL} }}",
    "a cartesian product, distinct": f"SELECT DISTINCT ?a ?d ?g {{ {ALL} }}",
    "a cartesian product, sent": f"SELECT * {{ {ALL} }}",
    "closures of paths": "SELECT (COUNT(*) AS ?n) { ?a (skos:broader|^skos:broader)* ?b . ?b (!rdf:type)* ?c }",
    "a path that is anything": "SELECT (COUNT(*) AS ?n) { ?a (!<urn:x>|!^<urn:y>)* ?b . ?b (!<urn:x>)* ?c }",
    "texts doubled": f"SELECT (STRLEN(?t40) AS ?n) {{ BIND('ab' AS ?t0) {doubled(40)} }}",
    "texts joined": f"SELECT (GROUP_CONCAT(CONCAT(STR(?a), STR(?d), STR(?g))) AS ?t) {{ {ALL} }}",
    "deep nesting of groups": "SELECT * " + "{" * 100_000,
    "deep nesting of expressions": "SELECT * { FILTER(" + "(" * 100_000 + "1" + ")" * 100_000 + ") }",
    "deep nesting of negations": "SELECT * { FILTER(" + "!" * 120_000 + "true) }",
    "a long sum": "SELECT * { FILTER(" + "1+" * 100_000 + "1 > 0) }",
    "a long path": "SELECT * { ?a " + "/".join(["skos:broader*"] * 5_000) + " ?b }",
    "many values": "SELECT (COUNT(*) AS ?n) { "
    + " ".join(f"VALUES ?v{n} {{ {' '.join(map(str, range(1000)))} }}" for n in range(6))
    + " }",
    "a regular expression that backtracks": "SELECT * { ?a ?b ?c . ?d ?e ?f FILTER(REGEX(CONCAT(STR(?a), STR(?d), "
    "'aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa!'), '(.*.*.*.*.*.*.*.*.*.*)*x{900}$')) }",
    "a regular expression that is huge": "SELECT * { FILTER(REGEX('a', '((((((a{99}){99}){99}){99}){99}){99})')) }",
    "many unions": "SELECT * { " + " UNION ".join(["{ ?a ?b ?c . ?d ?e ?f }"] * 3_000) + " }",
    "many optionals": "SELECT * { ?a ?b ?c " + " ".join(f"OPTIONAL {{ ?x{n} ?y{n} ?z{n} }}" for n in range(500)) + " }",
    "many joins to be put in order": "SELECT * { "
    + " . ".join(f"?x{n} ?p{n} ?x{(n * 7 + 1) % 400}" for n in range(400))
    + " }",
    "an EXISTS in each row": "SELECT * { ?a ?b ?c . ?d ?e ?f FILTER NOT EXISTS { ?g ?h ?i FILTER(?i = STR(?f)) } }",
    "aggregates of sub-selects": "SELECT (COUNT(*) AS ?n) { " + " ".join(
        f"{{ SELECT ?x{n} (COUNT(*) AS ?c{n}) {{ ?x{n} ?y{n} ?z{n} }} GROUP BY ?x{n} }}" for n in range(6)) + " }",
    "labels of a cartesian product": "SELECT ?aLabel ?dLabel ?gLabel { " + ALL
    + " SERVICE wikibase:label { bd:serviceParam wikibase:language 'en,de,fr,pt,ja' } } ORDER BY ?gLabel",
    "a text of ten megabytes": "SELECT * { VALUES ?x { " + "1 " * 5_000_000 + "} }",
    "a graph made of a product": "CONSTRUCT { ?a ?e ?i } WHERE { " + ALL + " }",
    "a description of everything": f"DESCRIBE ?a ?d ?g {{ {ALL} }}",
}  # fmt: skip


@pytest.fixture(scope="module")
def house(tmp_path_factory: pytest.TempPathFactory) -> Iterator[House]:
    chain = [Triple(NamedNode(f"urn:n{n}"), BROADER, NamedNode(f"urn:n{(n * 3 + 1) % 3000}")) for n in range(3000)]
    chain += [Triple(NamedNode(f"urn:n{n}"), NamedNode("urn:p"), Literal(n)) for n in range(3000)]
    folder = tmp_path_factory.mktemp("house")
    with opened(folder, triples=chain, sparql_timeout=str(DEADLINE), sparql_result="8", sparql_allowance="0") as house:
        yield house


@pytest.fixture(scope="module")
def address(house: House) -> Iterator[str]:
    with served(house) as address:
        requests.get(address, params={"query": "ASK {}"}, timeout=10)
        yield address


@pytest.mark.slow
@pytest.mark.parametrize("name", HOSTILE)
def test_it_ends_and_the_next_query_is_answered_at_once(address: str, name: str) -> None:
    started = time.monotonic()
    answer = requests.post(address, data={"query": HOSTILE[name]}, timeout=60)
    took = time.monotonic() - started
    assert took < DEADLINE + 1, f"{took:.1f} s"
    assert answer.status_code in {200, 400, 413, 504}
    if answer.status_code in {413, 504}:
        assert "limit of" in answer.text or "engine's limit" in answer.text
    started = time.monotonic()
    small = requests.get(address, params={"query": "SELECT ?o { <urn:n7> <urn:p> ?o }"}, timeout=10)
    assert (time.monotonic() - started) < AT_ONCE
    assert [row["o"]["value"] for row in json.loads(small.content)["results"]["bindings"]] == ["7"]


@pytest.mark.slow
def test_search_and_edits_do_not_notice(house: House, address: str) -> None:
    """While every process is busy, the serving process reads and writes as fast as ever."""
    slow = HOSTILE["a cartesian product, counted"]
    times = []
    with ThreadPoolExecutor(6) as threads:
        asked = [threads.submit(requests.post, address, data={"query": slow}, timeout=60) for _ in range(6)]
        for n in range(50):
            started = time.monotonic()
            house.add(Triple(NamedNode(f"urn:new{n}"), BROADER, NamedNode("urn:n1")))
            times.append(time.monotonic() - started)
        statuses = [each.result().status_code for each in asked]
    assert sorted(times)[25] < 0.05
    assert set(statuses) <= {503, 504}
    assert 503 in statuses


@pytest.mark.slow
def test_nothing_is_reached_by_any_disguise(house: House) -> None:
    client = house.app.test_client()
    with Listener() as listener:
        for name, query in DISGUISES.items():
            answer = client.post("/sparql", data={"query": disguised(query, listener.url)})
            assert answer.status_code in {400, 403}, name
        assert listener.requests == []
