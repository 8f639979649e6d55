"""Every IRI of the graph answers, crawlers find every page, and pages say in schema.org's words what they are about."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from xml.etree import ElementTree

import pytest
from flask.testing import FlaskClient

from capx_graph import settings
from capx_graph.linkeddata.nodes import LinkedData
from capx_graph.model import EntityKind
from capx_graph.namespaces import OWL, PROV, WIKIBASE, WikibaseNamespaces
from capx_graph.profiles import PersonProfile, Text
from capx_graph.store.base import Delta
from capx_graph.store.embedded import EmbeddedStore
from capx_graph.terms import NamedNode, RdfFormat, parse_rdf
from tests.doubles.services import ANA, FakeProfiles, FakeServices
from tests.houses.demo_graph import DemoGraph
from webapp import create_app

REFERENCE = "http://capx.test/reference/" + "a" * 40
UNKNOWN = "http://capx.test/.well-known/genid/" + "b" * 32
SPACE = "{http://www.sitemaps.org/schemas/sitemap/0.9}"


@dataclass
class Services(FakeServices):
    linked_data: Any = None


@pytest.fixture(scope="module")
def client(demo: DemoGraph) -> FlaskClient:
    services = Services(linked_data=LinkedData(demo.store, demo.namespaces), namespaces=demo.namespaces)
    return create_app(services).test_client()


@pytest.fixture
def evidenced(tmp_path: Path) -> Iterator[FlaskClient]:
    """A graph with a reference that supports a statement, and an unknown value."""
    spaces = WikibaseNamespaces("http://capx.test")
    statement = f"<{spaces.statement}Q1-A>"
    document = f"""
        {statement} <{PROV}wasDerivedFrom> <{REFERENCE}> ; <{spaces.prop}statement/P7> <{UNKNOWN}> .
        <{REFERENCE}> a <{WIKIBASE}Reference> ; <{spaces.prop}reference/P33> <https://meta.wikimedia.org/> .
    """
    store = EmbeddedStore(tmp_path / "graph")
    store.apply(Delta(1, added=list(parse_rdf(document, RdfFormat.TURTLE))))
    yield create_app(Services(linked_data=LinkedData(store, spaces), namespaces=spaces)).test_client()
    store.close()


@pytest.mark.parametrize(
    "form",
    [
        "direct/P7",
        "P7",
        "direct-normalized/P4",
        "novalue/P7",
        "statement/P7",
        "statement/value/P7",
        "statement/value-normalized/P7",
        "qualifier/P30",
        "reference/value/P33",
    ],
)
def test_a_property_in_any_of_its_forms_leads_to_the_property(client: FlaskClient, form: str) -> None:
    answer = client.get(f"/prop/{form}")
    assert answer.status_code == 303
    assert re.fullmatch(r"/entity/P\d+", answer.headers["Location"])


@pytest.mark.parametrize(
    "path",
    [
        "/prop/P0",
        "/prop/x/P7",
        "/prop/direct/Q7",
        "/prop//P7",
        "/prop/direct/P7/",
        "/value/x",
        "/reference/",
        "/value/" + "0" * 32,
    ],
)
def test_an_iri_that_was_never_made_is_not_found(client: FlaskClient, path: str) -> None:
    assert client.get(path).status_code == 404


@pytest.mark.parametrize("node", [REFERENCE, UNKNOWN])
def test_shared_nodes_answer_with_their_triples(evidenced: FlaskClient, node: str) -> None:
    path = node.removeprefix("http://capx.test")
    answer = evidenced.get(path, headers={"Accept": "text/turtle"})
    assert answer.mimetype == "text/turtle"
    triples = list(parse_rdf(answer.data, RdfFormat.TURTLE))
    assert {t.subject.value for t in triples if isinstance(t.subject, NamedNode)} >= {
        "http://capx.test/entity/statement/Q1-A"
    }
    assert node in {term.value for t in triples for term in (t.subject, t.object) if isinstance(term, NamedNode)}
    page = evidenced.get(path, headers={"Accept": "text/html"})
    assert page.mimetype == "text/html"
    assert node in page.text
    assert "wds:Q1-A" in page.text
    assert evidenced.get(path + "?format=nt").mimetype == "application/n-triples"
    assert evidenced.get(path + "?format=doc").status_code == 400


def test_the_restriction_of_no_value_answers_with_its_triples(client: FlaskClient) -> None:
    answer = client.get("/.well-known/genid/novalue-P7", headers={"Accept": "application/n-triples"})
    assert answer.status_code == 200
    assert {str(t.predicate) for t in parse_rdf(answer.data, RdfFormat.N_TRIPLES)} > {f"<{OWL}onProperty>"}
    assert client.get("/.well-known/genid/novalue-P999999").status_code == 404


def test_the_map_of_the_site_names_every_public_page(client: FlaskClient, demo: DemoGraph) -> None:
    index = ElementTree.fromstring(client.get("/sitemap.xml").data)
    parts = {entry.findtext(SPACE + "loc"): entry.findtext(SPACE + "lastmod") for entry in index}
    listed: dict[str, int] = {}
    for address, changed in parts.items():
        assert address
        path = address.removeprefix("http://capx.test")
        answer = client.get(path)
        assert answer.mimetype == "application/xml"
        entries = list(ElementTree.fromstring(answer.data))
        assert entries
        for entry in entries:
            page = entry.findtext(SPACE + "loc") or ""
            assert page.startswith("http://capx.test/")
            listed[page.split("/")[3]] = listed.get(page.split("/")[3], 0) + 1
            if "site-" not in path and changed:
                assert re.fullmatch(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ", entry.findtext(SPACE + "lastmod") or "")
    directory = demo.directory.current()
    assert listed["capacity"] == len(directory.of_kind(EntityKind.CAPACITY))
    assert listed["territory"] == len(directory.of_kind(EntityKind.TERRITORY))
    assert listed["person"] == 90
    assert client.get("/sitemap-person-2.xml").status_code == 404
    assert client.get("/sitemap-nobody-1.xml").status_code == 404


SOLVED = (
    *("/w/index.php", "/search?q=x", "/rings?organization=WMB", "/rings.json", "/team", "/person/A/B (x)/matches"),
    *("/person/Ana/matches.json?limit=9", "/organization/WMB/needs", "/event/EV1/needs.json", "/events?territory=BR"),
)
"""Answers that are dear or without end."""
READ = ("/", "/events", "/projects", "/person/Ana", "/organization/WMB", "/event/EV1", "/analytics", "/wiki/Item:Q1")


def test_crawlers_are_told_what_to_leave_alone(client: FlaskClient) -> None:
    text = client.get("/robots.txt").text
    assert "Disallow: /query?\n" in text  # answers; the page itself and its examples are for everybody
    assert "Sitemap: http://capx.test/sitemap.xml" in text
    closed = [re.escape(path).replace(r"\*", ".*") for path in re.findall("Disallow: (.+)", text)]  # RFC 9309
    found = {path for path in (*SOLVED, *READ) if any(re.match(one, path) for one in closed)}
    assert found == set(SOLVED)


@pytest.mark.parametrize(
    ("base", "host", "named"),
    [
        ("https://capx.example", "capx.example", "https://capx.example"),
        ("https://capx.example", "evil.example", "https://capx.example"),
        ("https://capx.example", "localhost:9", "https://capx.example"),
        ("https://capx.example", "www.capx.example", "http://www.capx.example"),
        ("http://127.0.0.1:8000", "127.0.0.1:8123", "http://127.0.0.1:8123"),
        ("http://127.0.0.1:8000", "localhost:8123", "http://localhost:8123"),
        ("http://127.0.0.1:8000", "127.0.0.1:8123.evil.example", "http://127.0.0.1:8000"),
        ("http://127.0.0.1:8000", "127.0.0.1.evil.example", "http://127.0.0.1:8000"),
    ],
)
def test_only_a_host_that_the_operator_knows_is_named(demo: DemoGraph, base: str, host: str, named: str) -> None:
    chosen = settings.load({"CAPX_HOSTS": "WWW.capx.example, other.example:8080"})
    services = Services(
        settings=chosen,
        linked_data=LinkedData(demo.store, demo.namespaces),
        namespaces=WikibaseNamespaces(base),
    )
    answer = create_app(services).test_client().get("/robots.txt", headers={"Host": host})
    assert answer.text.splitlines()[-1] == f"Sitemap: {named}/sitemap.xml"


def structured(html: str) -> Any:
    found = re.search(r'<script type="application/ld\+json">(.*?)</script>', html, re.DOTALL)
    assert found
    return json.loads(found[1])


@pytest.mark.parametrize(
    ("page", "type_"),
    [
        ("/person/Ana%20(demo)%2Fcaf%C3%A9", "Person"),
        ("/organization/ORG001", "Organization"),
        ("/capacity/Q202", "DefinedTerm"),
        ("/territory/BR", "AdministrativeArea"),
        ("/event/EV0001", "Event"),
        ("/project/PR0001", "Project"),
    ],
)
def test_a_page_says_what_it_is_about(client: FlaskClient, page: str, type_: str) -> None:
    content = structured(client.get(page).text)
    assert content["@context"] == "https://schema.org"
    assert content["@type"] == type_
    assert re.fullmatch(r"http://capx\.test/entity/Q\d+", content["@id"])
    assert content["name"]
    assert content["url"].startswith("http://capx.test/")
    assert "javascript:" not in json.dumps(content)


def test_a_thing_that_lives_in_a_wikibase_elsewhere_is_named_by_its_iri_there() -> None:
    """Its page is here all the same."""
    services = FakeServices(
        namespaces=WikibaseNamespaces("https://wiki.example", own=WikibaseNamespaces("http://c.test"))
    )
    content = structured(create_app(services).test_client().get("/capacity/Q202").text)
    assert content["@id"] == "https://wiki.example/entity/Q202"
    assert content["url"] == "http://c.test/capacity/Q202"


def test_what_people_write_cannot_leave_the_data_element() -> None:
    class Hostile(FakeProfiles):
        def person(self, username: str, *, reader: tuple[str, ...]) -> PersonProfile:
            text = "</script><script>alert(1)</script><!--"
            return PersonProfile(
                ANA, "Ana", text, None, None, (Text(text, "en"),), None, None, None, (), (), (), (), (), (), ()
            )

    client = create_app(FakeServices(profiles=Hostile())).test_client()
    html = client.get("/person/Ana").text
    assert "<script>alert" not in html
    assert structured(html)["name"] == "</script><script>alert(1)</script><!--"


def test_addresses_follow_the_operators_scheme() -> None:
    services = FakeServices(namespaces=WikibaseNamespaces("https://capx.example"))
    client = create_app(services).test_client()
    page = client.get("/capacity/Q202", base_url="http://capx.example")
    assert structured(page.text)["url"] == "https://capx.example/capacity/Q202"
