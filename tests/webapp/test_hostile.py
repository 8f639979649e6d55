"""Hostile text in every field that a page shows: it is shown, never obeyed."""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import fields, is_dataclass, replace
from typing import Any

import pytest
from flask import Flask
from flask.testing import FlaskClient

from capx_graph.errors import NotFound
from capx_graph.model import Reason, ReasonKind, SearchPage
from tests.doubles.hostile import EVIL, Reader
from tests.doubles.services import FakeProfiles, FakeServices, facets, hits
from webapp import create_app

KEPT = {"id", "kind", "code", "role", "level", "count", "username", "last_active", "begin", "end", "joined"}
"""Fields that are codes or numbers, checked where they come in; the rest is text that members write."""


def poisoned(value: Any) -> Any:
    """The same read model with hostile text wherever it holds text."""
    if isinstance(value, str):
        return EVIL
    if isinstance(value, tuple):
        return tuple(poisoned(item) for item in value)
    if is_dataclass(value) and not isinstance(value, type):
        changed = {f.name: poisoned(getattr(value, f.name)) for f in fields(value) if f.name not in KEPT}
        return replace(value, **changed)
    return value


def texts(value: Any) -> set[str]:
    """All texts in a JSON value."""
    if isinstance(value, dict):
        return set().union(*(texts(item) for item in value.values()))
    if isinstance(value, list):
        return set().union(*(texts(item) for item in value))
    return {value} if isinstance(value, str) else set()


class PoisonedProfiles(FakeProfiles):
    """Answers every read model poisoned."""

    def directory(self, **asked: Any) -> Any:
        return poisoned(super().directory(**asked))

    def capacity(self, value: str, **asked: Any) -> Any:
        return poisoned(super().capacity(value, **asked))

    def person(self, username: str, **asked: Any) -> Any:
        return poisoned(super().person(username, **asked))

    def organization(self, value: str, **asked: Any) -> Any:
        return poisoned(super().organization(value, **asked))

    def territory(self, value: str, **asked: Any) -> Any:
        return poisoned(super().territory(value, **asked))

    def event(self, value: str, **asked: Any) -> Any:
        return poisoned(super().event(value, **asked))

    def project(self, value: str, **asked: Any) -> Any:
        return poisoned(super().project(value, **asked))


def pages() -> Iterator[tuple[str, str]]:
    services = FakeServices(profiles=PoisonedProfiles())
    found = poisoned(hits())
    named = tuple(replace(hit, name=EVIL, reasons=(*hit.reasons, Reason(ReasonKind.NAME, text=EVIL))) for hit in found)
    services.search.page = SearchPage(2, named, {name: poisoned(values) for name, values in facets().items()}, 20)
    client = create_app(services).test_client()
    for address in (
        "/",
        "/search?capacity=Q201",
        "/directory",
        "/capacity/Q202",
        "/person/Ana%20(demo)%2Fcaf%C3%A9",
        "/organization/ORG001",
        "/territory/BR",
        "/event/EV0001",
        "/project/PR0001",
        "/about",
    ):
        answer = client.get(address)
        assert answer.status_code == 200, address
        yield address, answer.text


@pytest.mark.parametrize(("address", "html"), list(pages()))
def test_text_of_members_is_escaped_wherever_it_is_shown(address: str, html: str) -> None:
    assert "&lt;script&gt;alert(1)" in html
    assert "<script>alert" not in html
    assert "<img src=x" not in html
    assert ">49<" not in html
    reader = Reader()
    reader.feed(html)
    assert not reader.dangers
    if reader.linked_data:
        assert EVIL in texts(json.loads("".join(reader.linked_data)))


@pytest.mark.parametrize(
    "address",
    [
        "/search?q=%22%3E%3Cscript%3Ealert(1)%3C/script%3E",
        "/search?capacity=%22%3E%3Cscript%3Ealert(1)%3C/script%3E",
        "/search?limit=%22%3E%3Cscript%3Ealert(1)%3C/script%3E",
        "/search?more=%22%3E%3Cscript%3Ealert(1)%3C/script%3E",
        "/search?uselang=%22%3E%3Cscript%3Ealert(1)%3C/script%3E",
        "/person/%22%3E%3Cscript%3Ealert(1)%3C/script%3E",
        "/ontology/%22%3E%3Cscript%3E",
        "/%22%3E%3Cscript%3Ealert(1)%3C/script%3E",
    ],
)
def test_what_an_address_says_is_escaped_in_the_answer(client: FlaskClient, address: str) -> None:
    assert "<script>" not in client.get(address).text


@pytest.mark.parametrize(
    "name",
    [
        "Ana",
        "Ana Maria",
        "Ana/Maria",
        "A//B",
        "(Ana)",
        "Ana?b=c#d",
        "田中さくら",
        "محمد العلي",
        "a%2Fb",
        "..",
        "é+&=",
        "a\\b",
    ],
)
def test_any_username_has_an_address_that_leads_back_to_it(app: Flask, services: FakeServices, name: str) -> None:
    asked: list[str] = []

    class Remembering(FakeProfiles):
        def person(self, username: str, **more: Any) -> Any:
            asked.append(username)
            raise NotFound(f"there is no person {username!r}")

    services.profiles = Remembering()
    with app.test_request_context("/"):
        address = app.url_for("pages.person", name=name)
    app.test_client().get(address)
    assert asked == [name]
