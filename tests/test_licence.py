"""Everything that is public is CC0, and every place that gives it out says so; members are told before they agree."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterator
from datetime import UTC, datetime

import pytest
import rdflib

from capx_graph.dumps import MEDIA_TYPES
from capx_graph.namespaces import CC0
from capx_graph.resources import messages_dir, ontology_dir
from tests.houses.directory import House, house
from webapp.members.consent import CONSENT

DCT_LICENSE = rdflib.URIRef("http://purl.org/dc/terms/license")
DCAT = rdflib.Namespace("http://www.w3.org/ns/dcat#")
VOID = rdflib.Namespace("http://rdfs.org/ns/void#")
LANGUAGES = sorted(path.stem for path in messages_dir().glob("*.json") if path.stem != "qqq")
WORDING = {"2026-12": "e621d3cecc62"}
"""The digest of the English wording of the consent by its version."""


@pytest.fixture(scope="module")
def home(tmp_path_factory: pytest.TempPathFactory) -> Iterator[House]:
    with house(tmp_path_factory.mktemp("licence")) as opened:
        opened.sign_in("Ana")
        writers = {name: lambda out: out.write(b"x") and None for name in MEDIA_TYPES}
        opened.services.dumps.publish(writers, at=datetime(2026, 6, 1, 2, tzinfo=UTC))
        yield opened


def test_the_licence_is_that_of_the_issue() -> None:
    assert CC0 == "https://creativecommons.org/publicdomain/zero/1.0/"


def test_the_description_of_the_data_says_so(home: House) -> None:
    graph = rdflib.Graph().parse(data=home.client.get("/.well-known/void").data, format="turtle")
    [dataset] = graph.subjects(rdflib.RDF.type, VOID.Dataset)
    assert list(graph.objects(dataset, DCT_LICENSE)) == [rdflib.URIRef(CC0)]


def test_the_description_of_the_dumps_says_so_of_the_data_and_of_every_file(home: House) -> None:
    graph = rdflib.Graph().parse(data=home.client.get("/dumps/dcat.ttl").data, format="turtle")
    described = [*graph.subjects(rdflib.RDF.type, DCAT.Dataset), *graph.subjects(rdflib.RDF.type, DCAT.Distribution)]
    assert len(described) == 1 + len(MEDIA_TYPES)
    for one in described:
        assert list(graph.objects(one, DCT_LICENSE)) == [rdflib.URIRef(CC0)]
    assert home.client.get("/dumps/index.json").get_json()["license"] == CC0


@pytest.mark.parametrize("address", ["/dumps/", "/about", "/", "/me/edit", "/translate"])
def test_pages_lead_to_the_licence(home: House, address: str) -> None:
    page = home.client.get(address).text
    assert f'href="{CC0}"' in page
    assert "CC0 1.0" in page


def test_the_ontology_and_the_wiki_say_so(home: House) -> None:
    ontology = rdflib.Graph().parse(ontology_dir() / "capx.ttl", format="turtle")
    assert rdflib.URIRef(CC0) in set(ontology.objects(None, DCT_LICENSE))
    asked = {"action": "query", "meta": "siteinfo", "siprop": "rightsinfo", "format": "json"}
    assert home.client.get("/w/api.php", query_string=asked).get_json()["query"]["rightsinfo"]["text"] == "CC0 1.0"


@pytest.mark.parametrize("language", LANGUAGES)
def test_the_wording_of_the_consent_names_the_licence_in_every_language(home: House, language: str) -> None:
    page = home.client.get("/me/edit", query_string={"uselang": language}).text
    consent = page[page.index('class="edit-consent"') :].partition("</p>")[0]
    assert f'href="{CC0}"' in consent
    text = json.loads((messages_dir() / f"{language}.json").read_text(encoding="utf-8"))["consent-text"]
    assert text.count("$1") == 1


def test_another_wording_of_the_consent_has_another_version() -> None:
    text = json.loads((messages_dir() / "en.json").read_text(encoding="utf-8"))["consent-text"]
    assert WORDING[CONSENT] == hashlib.sha256(text.encode()).hexdigest()[:12], "raise CONSENT and add its digest here"
