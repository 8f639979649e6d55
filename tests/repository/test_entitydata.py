"""Linked data over HTTP: which answer, which address, which document."""

from __future__ import annotations

import json

import pytest

from capx_graph.model import Page
from capx_graph.repository.entitydata import EntityData, EntityDataRequest, HttpAnswer
from capx_graph.repository.rdf.entity import EntityRdf
from tests.houses.rdf import BASE, NAMESPACES, THEN, Wiki, item

ADDRESS = f"{BASE}/wiki/Special:EntityData"


@pytest.fixture
def wiki() -> Wiki:
    wiki = Wiki()
    wiki.add(item("Q1", en="one"))
    wiki.redirect("Q2", "Q1")
    wiki.revisions[5] = Page("Q1", 1, 5, THEN, item("Q1", en="before"))
    wiki.revisions[6] = Page("Q2", 1, 6, THEN, None, redirect_to="Q1")
    return wiki


def _ask(wiki: Wiki, document: str, *, accept: str | None = None, since: str | None = None, **query: str) -> HttpAnswer:
    data = EntityData(NAMESPACES, wiki, EntityRdf(NAMESPACES, wiki))
    return data.answer(EntityDataRequest(document, query, accept, since))


@pytest.mark.parametrize(
    ("accept", "location"),
    [
        (None, f"{ADDRESS}/Q1.json"),
        ("*/*", f"{ADDRESS}/Q1.json"),
        ("text/turtle", f"{ADDRESS}/Q1.ttl"),
        ("application/rdf+xml, */*;q=0.1", f"{ADDRESS}/Q1.rdf"),
        ("text/turtle;q=0.5, application/json;q=0.9", f"{ADDRESS}/Q1.json"),
        ("application/ld+json;profile=x", f"{ADDRESS}/Q1.jsonld"),
        ("text/html,application/xhtml+xml,application/xml;q=0.9,*/*;q=0.8", f"{BASE}/wiki/Item:Q1"),
        ("application/n-triples;q=0, text/*;q=0.2, text/n3", f"{ADDRESS}/Q1.n3"),
        ("nonsense", f"{ADDRESS}/Q1.json"),
    ],
)
def test_the_accept_header_chooses_the_document(wiki: Wiki, accept: str | None, location: str) -> None:
    answer = _ask(wiki, "Q1", accept=accept)
    assert answer.status == 303
    assert dict(answer.headers)["Location"] == location


@pytest.mark.parametrize(
    ("document", "query", "status"),
    [
        ("", {}, 200),
        ("Q1.json", {}, 200),
        ("Q1.nt", {"flavor": "simple"}, 200),
        ("", {"id": "q1", "format": "ttl"}, 200),
        ("Q9.json", {}, 404),
        ("Foo.json", {}, 400),
        ("Q01.json", {}, 400),
        ("Q1.bogus", {}, 415),
        ("Q1.ttl", {"flavor": "nope"}, 400),
        ("Q1.json", {"revision": "99999"}, 404),
        ("Q1.json", {"revision": "5"}, 200),
        ("Q2.nt", {"revision": "6"}, 400),
        ("Q2.nt", {"revision": "6", "flavor": "dump"}, 200),
        ("Q2.nt", {"revision": "5"}, 404),
        ("Q1.json", {"revision": "nonsense"}, 200),
    ],
)
def test_each_mistake_has_its_status(wiki: Wiki, document: str, query: dict[str, str], status: int) -> None:
    answer = _ask(wiki, document, **query)
    assert answer.status == status
    assert ("Access-Control-Allow-Origin", "*") in answer.headers


@pytest.mark.parametrize(
    ("document", "query", "status", "location"),
    [
        ("q1.json", {}, 301, f"{ADDRESS}/Q1.json"),
        ("Q1.turtle", {}, 301, f"{ADDRESS}/Q1.ttl"),
        ("Q1", {"format": "json", "revision": "5"}, 301, f"{ADDRESS}/Q1.json?revision=5"),
        ("Q1.html", {}, 303, f"{BASE}/wiki/Item:Q1"),
    ],
)
def test_other_spellings_lead_to_the_one_address(
    wiki: Wiki, document: str, query: dict[str, str], status: int, location: str
) -> None:
    answer = _ask(wiki, document, **query)
    assert (answer.status, dict(answer.headers)["Location"]) == (status, location)


def test_json_of_a_redirect_is_the_target_under_its_own_id(wiki: Wiki) -> None:
    (content,) = json.loads(_ask(wiki, "Q2.json").body)["entities"].values()
    assert content["id"] == "Q1"
    assert content["title"] == "Item:Q1"
    assert content["modified"] == "2026-06-01T12:00:00Z"


def test_an_earlier_revision_tells_nothing_of_today(wiki: Wiki) -> None:
    body = _ask(wiki, "Q1.nt", revision="5").body.decode()
    assert '"before"@en' in body
    assert "sameAs" not in body
    assert "sameAs" in _ask(wiki, "Q1.nt").body.decode()


def test_what_has_not_changed_is_not_sent_again(wiki: Wiki) -> None:
    when = dict(_ask(wiki, "Q1.ttl").headers)["Last-Modified"]
    assert _ask(wiki, "Q1.ttl", since=when).status == 304
    assert _ask(wiki, "Q1.ttl", since="Sun, 31 May 2026 12:00:00 GMT").status == 200
    assert _ask(wiki, "Q1.ttl", since="yesterday").status == 200


def test_nothing_acceptable_is_said_so(wiki: Wiki) -> None:
    assert _ask(wiki, "Q1", accept="image/png").status == 406


@pytest.mark.parametrize(
    ("name", "location"),
    [
        ("Q1", f"{ADDRESS}/Q1"),
        ("Q1.ttl", f"{ADDRESS}/Q1.ttl"),
        ("statement/Q1-00000000-0000-4000-8000-000000000000", f"{ADDRESS}/Q1"),
        ("a\r\nSet-Cookie: x=<>", f"{ADDRESS}/a%0D%0ASet-Cookie:%20x%3D%3C%3E"),
    ],
)
def test_a_concept_leads_to_its_document(wiki: Wiki, name: str, location: str) -> None:
    answer = EntityData(NAMESPACES, wiki, EntityRdf(NAMESPACES, wiki)).concept(name, {})
    assert (answer.status, dict(answer.headers)["Location"]) == (303, location)


def test_error_pages_show_hostile_text_as_text(wiki: Wiki) -> None:
    assert b"<script>" not in _ask(wiki, "<script>.json").body
