"""Programs of other people join our data with theirs through ``SERVICE`` and through the protocol."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
from collections.abc import Iterator
from pathlib import Path

import pytest
import rdflib
import requests
from SPARQLWrapper import (
    CSV,
    GET,
    JSON,
    JSONLD,
    N3,
    POST,
    POSTDIRECTLY,
    RDFXML,
    TSV,
    TURTLE,
    URLENCODED,
    XML,
    SPARQLWrapper,
)
from SPARQLWrapper.SPARQLExceptions import QueryBadFormed

from tests.doubles.endpoints import Listener
from tests.doubles.wikidata import elsewhere
from tests.houses.endpoint import CAPACITIES, WIKIDATA, opened, served
from tests.houses.engines import oxigraph_server

pytestmark = pytest.mark.slow

COMUNICA = "@comunica/query-sparql@4.5.0"
THEIRS = "".join(f"<{WIKIDATA}Q{n}0> <http://theirs/number> {n} . " for n in range(1, 9))
JOIN = """PREFIX skos: <http://www.w3.org/2004/02/skos/core#> PREFIX rdfs: <http://www.w3.org/2000/01/rdf-schema#>
SELECT ?name ?number WHERE {
  ?there <http://theirs/number> ?number .
  SERVICE <URL> { ?c skos:exactMatch ?there ; rdfs:label ?name FILTER(LANG(?name) = "en") }
} ORDER BY ?number"""
JOINED = [(name, str(number)) for number, name in enumerate(CAPACITIES, 1)]


@pytest.fixture(scope="module")
def other() -> Iterator[Listener]:
    with Listener(elsewhere) as listener:
        yield listener


@pytest.fixture(scope="module")
def address(other: Listener, tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    with opened(tmp_path_factory.mktemp("house"), services=[other.url]) as house, served(house) as address:
        yield address


def test_rdflib_joins_its_graph_with_ours(address: str) -> None:
    graph = rdflib.Graph().parse(data=THEIRS, format="turtle")
    found = [(str(row.name), str(row.number)) for row in graph.query(JOIN.replace("URL", address))]
    assert found == JOINED


def test_rdflib_reads_us_as_a_store(address: str) -> None:
    graph = rdflib.Graph("SPARQLStore")
    graph.open(address)
    query = "SELECT ?name { ?c <http://www.w3.org/2004/02/skos/core#exactMatch> ?x ; rdfs:label ?name }"
    names = {str(row.name) for row in graph.query(query, initNs={"rdfs": rdflib.RDFS})}
    assert names == {*CAPACITIES, "fotografia"}


@pytest.mark.parametrize("method", [GET, POST])
@pytest.mark.parametrize("way", [URLENCODED, POSTDIRECTLY])
@pytest.mark.parametrize("form", [JSON, XML, CSV, TSV])
def test_sparqlwrapper_asks_in_each_of_its_ways(address: str, method: str, way: str, form: str) -> None:
    wrapper = SPARQLWrapper(address)
    wrapper.setQuery("SELECT ?name { ?c a capx:Capacity ; rdfs:label ?name } ORDER BY ?name LIMIT 1")
    wrapper.setMethod(POST if way == POSTDIRECTLY else method)
    wrapper.setRequestMethod(way)
    wrapper.setReturnFormat(form)
    answer = wrapper.query().convert()
    text = answer.toxml() if form == XML else answer.decode() if isinstance(answer, bytes) else json.dumps(answer)
    assert "cartography" in text


@pytest.mark.filterwarnings("ignore:ConjunctiveGraph is deprecated:DeprecationWarning")
@pytest.mark.parametrize("form", [TURTLE, N3, RDFXML, JSONLD])
def test_sparqlwrapper_takes_graphs_in_each_of_its_forms(address: str, form: str) -> None:
    wrapper = SPARQLWrapper(address, returnFormat=form)
    wrapper.setQuery("DESCRIBE wd:Q1")
    answer = wrapper.query().convert()
    if isinstance(answer, bytes):
        answer = rdflib.Graph().parse(data=answer, format="turtle")
    assert len(answer) >= 4


def test_sparqlwrapper_knows_our_errors(address: str) -> None:
    wrapper = SPARQLWrapper(address, returnFormat=JSON)
    wrapper.setQuery("SELECT * {")
    with pytest.raises(QueryBadFormed, match="never closed"):
        wrapper.query()


@pytest.fixture(scope="module")
def oxigraph() -> Iterator[str]:
    """The server of the package ``oxigraph``, holding their data; where it takes queries."""
    with oxigraph_server() as addresses:
        turtle = {"Content-Type": "text/turtle"}
        assert requests.post(f"{addresses.load}?default", data=THEIRS, headers=turtle, timeout=20).ok
        yield addresses.query


def test_oxigraph_joins_its_data_with_ours(address: str, oxigraph: str) -> None:
    query = JOIN.replace("URL", address)
    as_json = {"Accept": "application/sparql-results+json"}
    answer = requests.post(oxigraph, data={"query": query}, headers=as_json, timeout=20)
    rows = answer.json()["results"]["bindings"]
    assert [(row["name"]["value"], row["number"]["value"]) for row in rows] == JOINED


def test_we_join_our_data_with_that_of_oxigraph(oxigraph: str, tmp_path: Path) -> None:
    query = f"""SELECT ?name ?n {{ ?c skos:exactMatch ?there ; rdfs:label ?name FILTER(LANG(?name) = "en")
        SERVICE <{oxigraph}> {{ ?there <http://theirs/number> ?n }} }} ORDER BY ?n"""
    with opened(tmp_path, services=[oxigraph]) as house:
        rows = json.loads(house.endpoint.results_json(query, reader=("en",), client=""))["results"]["bindings"]
    assert [(row["name"]["value"], row["n"]["value"]) for row in rows] == JOINED


@pytest.fixture(scope="module")
def comunica(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Comunica's command, installed for this run."""
    if not shutil.which("npm") or not os.environ.get("CI"):
        pytest.skip("Comunica is installed with npm, in continuous integration (CI=true) only")
    folder = tmp_path_factory.mktemp("comunica")
    command = ["npm", "install", "--no-audit", "--no-fund", "--silent", "--ignore-scripts", COMUNICA]
    subprocess.run(command, cwd=folder, check=True, timeout=600)
    return folder / "node_modules" / ".bin" / "comunica-sparql"


def asked(comunica: Path, *sources: str, query: str) -> list[dict[str, str]]:
    command = [comunica, *sources, "-q", query, "-t", "application/sparql-results+json"]
    run = subprocess.run(command, capture_output=True, text=True, timeout=120, check=False)
    assert run.returncode == 0, run.stderr
    bindings = json.loads(run.stdout)["results"]["bindings"]
    return [{name: value["value"] for name, value in row.items()} for row in bindings]


def test_comunica_finds_out_what_we_are_and_asks(comunica: Path, address: str) -> None:
    query = "PREFIX capx: <https://w3id.org/capx/ontology/> SELECT (COUNT(*) AS ?n) { ?x a capx:Capacity }"
    assert asked(comunica, address, query=query) == [{"n": "4"}]


def test_comunica_joins_two_endpoints(comunica: Path, address: str, oxigraph: str) -> None:
    query = JOIN.replace("SERVICE <URL>", "")
    found = asked(comunica, f"sparql@{address}", f"sparql@{oxigraph}", query=query)
    assert sorted((row["name"], row["number"]) for row in found) == sorted(JOINED)


def test_comunica_joins_through_service(comunica: Path, address: str, oxigraph: str) -> None:
    found = asked(comunica, f"sparql@{oxigraph}", query=JOIN.replace("URL", address))
    assert sorted((row["name"], row["number"]) for row in found) == sorted(JOINED)
