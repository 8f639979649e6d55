"""Services that a query calls: ours to ask, with our bindings, on an allow-list, and never our own network."""

from __future__ import annotations

import json
import socket
import time
from collections.abc import Iterator
from pathlib import Path

import pytest

from capx_graph.endpoint.answering import Question
from capx_graph.endpoint.federator import Federator
from capx_graph.errors import InvalidQuery, ServiceFailed, ServiceRefused
from capx_graph.namespaces import VOCABULARY_PREFIXES
from capx_graph.sparql.federation import Plan, foreign_query, plan, replaced, values_block
from capx_graph.sparql.guard import examine
from capx_graph.store.fetch import Fetcher, FetchLimits, is_public
from capx_graph.terms import Literal, NamedNode
from tests.doubles.endpoints import Listener
from tests.doubles.sparql_engine import drip, fake
from tests.doubles.wikidata import elsewhere
from tests.houses.endpoint import CAPACITIES, HERE, WIKIDATA, House, opened

PREFIXES = {**VOCABULARY_PREFIXES, **HERE.prefixes()}


@pytest.fixture(scope="module")
def other() -> Iterator[Listener]:
    with Listener(elsewhere) as listener:
        yield listener


@pytest.fixture(scope="module")
def house(other: Listener, tmp_path_factory: pytest.TempPathFactory) -> Iterator[House]:
    with opened(tmp_path_factory.mktemp("house"), services=[other.url], contact="ops@example.org") as house:
        yield house


def rows(house: House, query: str) -> list[dict[str, str]]:
    answer = json.loads(house.endpoint.results_json(query, reader=("en",), client="test"))
    return [{name: value["value"] for name, value in row.items()} for row in answer["results"]["bindings"]]


def sent(other: Listener, house: House, query: str) -> tuple[list[dict[str, str]], list[str]]:
    other.requests.clear()
    return rows(house, query), list(other.requests)


def test_our_bindings_travel_in_one_request(house: House, other: Listener) -> None:
    query = f"""SELECT ?name ?n WHERE {{
        ?x a capx:Capacity ; rdfs:label ?name ; skos:exactMatch ?there .
        SERVICE <{other.url}> {{ ?there wikidatat:P1082 ?n }}
        FILTER(?n > 2) FILTER(LANG(?name) = "en")
    }} ORDER BY ?n"""
    found, requests = sent(other, house, query)
    assert [(row["name"], row["n"]) for row in found] == [("translation", "3"), ("cartography", "4")]
    assert len(requests) == 1
    for n in range(1, 5):
        assert f"<{WIKIDATA}Q{n}0>" in requests[0]
    assert other.agents[-1].startswith("capx-graph/")
    assert "ops@example.org" in other.agents[-1]


def test_who_is_refused_a_service_is_told_the_others_without_what_may_be_a_key() -> None:
    called = frozenset({"https://me:key@engine.example:8443/sparql?t=key"})
    with pytest.raises(ServiceRefused, match=r": https://engine\.example:8443/sparql$") as refused:
        Federator(Fetcher("capx-graph"), called, PREFIXES).check(examine("ASK { SERVICE <http://x/> {} }", PREFIXES))
    assert "key" not in str(refused.value)


@pytest.mark.parametrize(
    ("pattern", "count"),
    [
        ("?x skos:exactMatch ?there OPTIONAL { SERVICE <URL> { ?there wikidatat:P1082 ?n } }", 4),
        ("?x skos:exactMatch ?there { SERVICE <URL> { ?there wikidatat:P1082 ?n } } UNION { BIND(0 AS ?n) }", 8),
        ("{ BIND(0 AS ?n) ?x skos:exactMatch ?there } UNION { SERVICE <URL> { ?there wikidatat:P1082 ?n } "
         "?x skos:exactMatch ?there }", 8),
        ("?x a capx:Capacity OPTIONAL { ?x skos:exactMatch ?there . SERVICE <URL> { ?there wikidatat:P1082 ?n } }", 4),
        ("?x skos:exactMatch ?there MINUS { SERVICE <URL> { ?there wikidatat:P1082 2 } }", 3),
        ("?x skos:exactMatch ?there FILTER NOT EXISTS { SERVICE <URL> { ?there wikidatat:P1082 2 } }", 3),
        ("SERVICE <URL> { ?there wikidatat:P1082 ?n } ?x skos:exactMatch ?there", 4),
        ("?x skos:exactMatch ?there SERVICE <URL> { ?there wikidatat:P1082 ?n } SERVICE <URL> { ?other "
         "wikidatat:P1082 ?n }", 4),
        ("?x skos:exactMatch ?there SERVICE <URL> { ?there wikidatat:P1082 ?n FILTER(?n < 3) }", 2),
        ("?x skos:exactMatch ?there . ?x rdfs:label ?l SERVICE <URL> { ?there wikidatat:P1082 ?n } "
         "FILTER(CONTAINS(?l, 'photo') && ?n = 1)", 1),
    ],
)  # fmt: skip
def test_a_call_is_joined_wherever_it_stands(house: House, other: Listener, pattern: str, count: int) -> None:
    found, requests = sent(other, house, f"SELECT * {{ {pattern.replace('URL', other.url)} }}")
    assert len(found) == count
    assert all("VALUES" in request for request in requests), "the whole foreign pattern is never asked for"


def test_a_call_in_a_sub_select_is_fetched_as_it_is(house: House, other: Listener) -> None:
    query = (
        "SELECT ?x ?n { ?x skos:exactMatch ?there "
        "{ SELECT ?there (MAX(?v) AS ?n) "
        f"{{ SERVICE <{other.url}> {{ ?there wikidatat:P1082 ?v }} }} GROUP BY ?there }} }}"
    )
    found, requests = sent(other, house, query)
    assert len(found) == 4
    assert "VALUES" not in requests[0]


def test_nothing_to_ask_about_is_nothing_asked(house: House, other: Listener) -> None:
    query = f"SELECT * {{ ?x a capx:Event ; skos:exactMatch ?t SERVICE <{other.url}> {{ ?t wikidatat:P1082 ?n }} }}"
    assert sent(other, house, query) == ([], [])


def test_labels_are_asked_for_here_and_there(house: House, other: Listener) -> None:
    label = 'SERVICE wikibase:label { bd:serviceParam wikibase:language "en" }'
    query = f"SELECT ?xLabel ?n {{ ?x skos:exactMatch ?t SERVICE <{other.url}> {{ ?t wikidatat:P1082 ?n }} {label} }}"
    found, _ = sent(other, house, query)
    assert {row["xLabel"] for row in found} == {"photography", "teaching", "translation", "cartography"}
    examined = examine(f"SELECT * {{ ?x ?y ?z SERVICE <http://o/> {{ ?z ?p ?q {label} }} }}", PREFIXES)
    asked = foreign_query(examined, plan(examined, examined.services[0]), None, limit=5)
    assert "SERVICE wikibase:label" in asked
    assert "PREFIX bd: <" in asked


@pytest.mark.parametrize("silent", ["", "SILENT "])
def test_what_is_not_on_the_list_is_not_called(house: House, silent: str) -> None:
    with Listener() as stranger:
        with pytest.raises(ServiceRefused, match="line 1, column 12"):
            rows(house, f"SELECT * {{ SERVICE {silent}<{stranger.url}> {{ ?s ?p ?o }} }}")
        assert stranger.requests == []


def test_an_address_is_on_the_list_only_letter_by_letter(house: House, other: Listener) -> None:
    for address in (other.url + "/", other.url + "?x", other.url.replace("127.0.0.1", "localhost")):
        with pytest.raises(ServiceRefused):
            rows(house, f"SELECT * {{ SERVICE <{address}> {{ ?s ?p ?o }} }}")


@pytest.mark.parametrize(
    "answer",
    [
        (500, "text/plain", b"no"),
        (302, "text/plain", b""),
        (200, "text/html", b"<html>"),
        (200, "application/sparql-results+json", b'{"head": {}, "boolean": true}'),
        (200, "application/sparql-results+json", b"{"),
    ],
)
def test_a_service_that_fails_is_named_unless_silent(tmp_path: Path, answer: tuple[int, str, bytes]) -> None:
    with Listener(lambda query: answer) as broken, opened(tmp_path, services=[broken.url]) as house:
        with pytest.raises(ServiceFailed, match=broken.url):
            rows(house, f"SELECT * {{ SERVICE <{broken.url}> {{ ?s ?p ?o }} }}")
        assert rows(house, f"SELECT * {{ SERVICE SILENT <{broken.url}> {{ ?s ?p ?o }} }}") == [{}]


HOSTILE = "http://x/> } SERVICE <http://127.0.0.1:1/> { <http://y/"


@pytest.mark.parametrize(
    "term",
    [
        {"type": "uri", "value": HOSTILE},
        {"type": "literal", "value": '" } SERVICE <http://127.0.0.1:1/> { "'},
        {"type": "literal", "value": "\\\\u0022 } SERVICE"},
        {"type": "literal", "value": "x", "datatype": HOSTILE},
        {"type": "literal", "value": "x", "xml:lang": 'en } "'},
        {"type": "bnode", "value": "b1"},
        {"type": "bnode", "value": "> } SERVICE <http://127.0.0.1:1/> {"},
    ],
)
def test_an_answer_is_data_whatever_it_says(tmp_path: Path, term: dict[str, str]) -> None:
    body = json.dumps({"head": {"vars": ["o"]}, "results": {"bindings": [{"o": term}]}}).encode()
    answer = (200, "application/sparql-results+json", body)
    with Listener(lambda query: answer) as hostile, opened(tmp_path, services=[hostile.url]) as house:
        try:
            found = rows(house, f"SELECT * {{ SERVICE <{hostile.url}> {{ ?s ?p ?o }} }}")
        except ServiceFailed:
            return
        assert len(found) == 1
        assert found[0]["o"] == term["value"] or term["type"] == "bnode"


def test_a_service_that_is_silent_is_left_at_the_deadline() -> None:
    with socket.create_server(("127.0.0.1", 0)) as server:
        left_in_time(f"http://127.0.0.1:{server.getsockname()[1]}/")


def test_a_service_that_drips_is_left_at_the_deadline() -> None:
    with fake(drip) as (engine, _):
        left_in_time(engine.addresses.query)


def left_in_time(url: str) -> None:
    """Such a service ends by itself only when it is left: that this ends at all shows that it was."""
    with pytest.raises(ServiceFailed, match=r"took longer than 0\.2 s"):
        Fetcher("test", FetchLimits(deadline=0.2)).select(url, "ASK {}", until=time.monotonic() + 3600)


def test_an_answer_above_the_cap_is_cut_off() -> None:
    fetcher = Fetcher("test", FetchLimits(most_bytes=1 << 20))
    large = (200, "application/sparql-results+json", b" " * (2 << 20))
    with Listener(lambda query: large) as endless, pytest.raises(ServiceFailed, match="more than 1 MiB"):
        fetcher.select(endless.url, "ASK {}", until=time.monotonic() + 9)


@pytest.mark.parametrize(
    "address",
    [
        *("127.0.0.1", "10.1.2.3", "172.16.0.1", "192.168.1.1", "169.254.169.254", "100.64.0.1", "0.0.0.0"),
        *("224.0.0.1", "255.255.255.255", "::1", "::", "fe80::1", "fe80::1%eth0", "fc00::1", "ff02::1"),
        *("::ffff:127.0.0.1", "::ffff:10.0.0.1", "2002:7f00:1::", "64:ff9b::7f00:1"),
    ],
)
def test_private_addresses_are_known_in_every_dress(address: str) -> None:
    assert not is_public(address)


def test_public_addresses_are_known() -> None:
    assert is_public("198.35.26.96")
    assert is_public("2620:0:860:ed1a::1")


def test_a_name_that_leads_home_is_not_followed() -> None:
    with Listener() as listener:
        port = listener.url.rpartition(":")[2]
        with pytest.raises(ServiceFailed, match="no public address"):
            Fetcher("test").select(f"http://localhost:{port}", "ASK {}", until=time.monotonic() + 5)
        assert listener.requests == []


def planned(query: str) -> Plan:
    examined = examine(query, PREFIXES)
    return plan(examined, examined.services[0])


def test_the_local_part_leaves_out_what_only_the_other_side_knows() -> None:
    found = planned(
        "SELECT * { ?x wdt:P1 ?y FILTER(?y != wd:Q1) FILTER(?n > 2) SERVICE <http://o/> { ?y ?p ?n } "
        'SERVICE wikibase:label { bd:serviceParam wikibase:language "en" } FILTER(?xLabel != "a") }'
    )
    assert found.shared == ("y",)
    assert found.local == "SELECT DISTINCT ?y WHERE { ?x wdt:P1 ?y FILTER(?y != wd:Q1) }"


def test_what_is_not_shared_is_not_sent() -> None:
    assert planned("SELECT * { ?a ?b ?c SERVICE <http://o/> { ?y ?p ?n } }").local is None


def test_prefixes_go_as_the_query_means_them() -> None:
    text = "PREFIX wdt: <http://mine/> SELECT * { ?x ?y ?z SERVICE <http://o/> { ?x wdt:a wd:Q1 } }"
    examined = examine(text, PREFIXES)
    asked = foreign_query(examined, plan(examined, examined.services[0]), [[NamedNode("http://x/")]], limit=7)
    assert "PREFIX wdt: <http://mine/>" in asked
    assert f"PREFIX wd: <{HERE.entity}>" in asked
    assert "VALUES (?x) { (<http://x/>) }" in asked
    assert asked.endswith("LIMIT 7")


def test_a_replaced_call_keeps_the_lines_behind_it() -> None:
    examined = examine("SELECT * {\n SERVICE <http://o/> {\n ?a ?b ?c\n }\n ?d ?e ?f }", {})
    assert replaced(examined, examined.services[0], "X").split("\n")[4] == " ?d ?e ?f }"


def test_unbound_cells_are_left_open() -> None:
    assert values_block(["a", "b"], [[None, Literal('"')]]) == 'VALUES (?a ?b) { (UNDEF "\\"") }'


@pytest.mark.parametrize(
    ("query", "word"),
    [
        ("SELECT * { SERVICE wikibase:around { ?p wdt:P625 ?l } }", "FILTER"),
        ("SELECT * { SERVICE wikibase:box { ?p wdt:P625 ?l } }", "FILTER"),
        ("SELECT * { SERVICE wikibase:mwapi { bd:serviceParam wikibase:api 'Search' } }", "api.php"),
        ("SELECT * { SERVICE gas:service { gas:program gas:in wd:Q1 } }", "property path"),
        ("SELECT * { SERVICE bd:sample { ?s ?p ?o } }", "RAND"),
        ("SELECT * { SERVICE bd:slice { ?s ?p ?o } }", "LIMIT"),
        ("SELECT * { ?label bds:search 'x' }", "CONTAINS"),
        ("SELECT * { INCLUDE %nobody }", "not defined"),
        ("SELECT * WITH { SELECT ?x { ?x ?y ?z } } WHERE { }", "WITH"),
    ],
)
def test_other_extensions_name_the_standard_way(house: House, query: str, word: str) -> None:
    with pytest.raises(InvalidQuery, match=word) as caught:
        house.endpoint.answer(Question(query))
    assert caught.value.column > 1


def test_named_subqueries_are_put_in_place(house: House) -> None:
    query = """SELECT ?name ?n WITH {
        SELECT ?c (COUNT(?p) AS ?n) WHERE { ?p capx:offers ?c } GROUP BY ?c  # people
    } AS %counts WITH { SELECT ?c ?n { INCLUDE %counts FILTER(?n = 5) } } AS %five
    WHERE { INCLUDE %five . ?c rdfs:label ?name FILTER(LANG(?name) = "en") } ORDER BY ?name"""
    assert [row["n"] for row in rows(house, query)] == ["5"] * 4


@pytest.mark.parametrize(
    ("query", "line", "column"),
    [
        ("SELECT * WITH {\n SELECT ?c { ?c a }\n} AS %x WHERE {\n INCLUDE %x\n}", 2, 19),
        ("SELECT * WITH {\n SELECT ?c { ?c a ?d }\n} AS %x WHERE {\n INCLUDE %x ?d ?e .\n}", 4, 19),
    ],
)
def test_faults_around_named_subqueries_are_found_at_their_place(
    house: House, query: str, line: int, column: int
) -> None:
    with pytest.raises(InvalidQuery) as caught:
        house.endpoint.answer(Question(query))
    assert (caught.value.line, caught.value.column) == (line, column)


@pytest.mark.parametrize("having", ["HAVING(?n > 4)", "HAVING (?n > 4 && ?n < 6)", "HAVING(COUNT(?p) > 4)"])
def test_a_count_may_go_by_its_name_in_having(house: House, having: str) -> None:
    label = 'SERVICE wikibase:label { bd:serviceParam wikibase:language "en" }'
    query = f"SELECT ?c ?cLabel (COUNT(?p) AS ?n) {{ ?p capx:offers ?c {label} }} GROUP BY ?c ?cLabel {having}"
    assert {(row["cLabel"], row["n"]) for row in rows(house, query)} == {(name, "5") for name in CAPACITIES}
    assert rows(house, query.replace("4", "5").replace("6", "7")) == []


def test_subqueries_that_breed_are_bounded(house: House) -> None:
    levels = "".join(
        f"WITH {{ SELECT * {{ {f'INCLUDE %a{n - 1} ' * 8 if n else '?x ?y ?z'} }} }} AS %a{n} " for n in range(20)
    )
    with pytest.raises(InvalidQuery, match="characters"):
        house.endpoint.answer(Question(f"SELECT * {levels} WHERE {{ INCLUDE %a19 }}"))


@pytest.mark.parametrize(
    "hint",
    [
        'hint:Query hint:optimizer "None" .',
        "hint:Prior hint:runFirst true .",
        'hint:Query hint:optimizer "None" ; hint:analytic "true" .',
        'hint:Group hint:optimizer "Static"',
        'hint:Prior hint:gearing "forward"@en .',
    ],
)
def test_hints_are_left_out_in_every_form(house: House, hint: str) -> None:
    query = f"SELECT ?x {{ {{ ?x a capx:Capacity . {hint} }} }}"
    answer = house.endpoint.answer(Question(query))
    answer.outcome.open().close()
    assert answer.notes
    assert len(rows(house, query)) == 4
