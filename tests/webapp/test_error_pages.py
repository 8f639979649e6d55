"""Pages of errors and of nothing found: each says what happened, and what to do about it."""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import UTC, datetime
from html import unescape

import pytest
from flask.testing import FlaskClient
from jsonschema import Draft202012Validator

from capx_graph import errors
from capx_graph.errors import AllowanceSpent, CapxError, EngineSilent, Forbidden, Unavailable
from capx_graph.messages.told import SAID
from capx_graph.model import SearchPage, SearchRequest
from tests.doubles.services import EDITING, TECHNOLOGY, FakeProfiles, FakeSearch, FakeServices
from webapp.api.document import schemas
from webapp.errors import CODES, CODES_OF_STATUSES, STATUSES
from webapp.rooms import sparql

SINCE = datetime(2026, 6, 1, tzinfo=UTC)


def ways(html: str) -> dict[str, str]:
    """The links that an error page offers: what each says, and where it leads."""
    (items,) = re.findall(r'<ul class="error-ways">(.*?)</ul>', html, re.DOTALL)
    links = re.findall(r'<a href="([^"]*)"[^>]*>(.*?)</a>', items)
    return {unescape(re.sub(r"<[^>]*>", "", text)): unescape(address) for address, text in links}


def box(html: str) -> str | None:
    """What stands in the search field of a page, if it has one."""
    found = re.search(r'<input id="q"[^>]*value="([^"]*)"', html)
    return unescape(found[1]) if found else None


def test_a_wrong_parameter_is_named_and_the_page_without_it_offered(client: FlaskClient) -> None:
    answer = client.get("/search?q=a%26b&limit=%3Cscript%3E&uselang=de")
    assert answer.status_code == 400
    assert "<script>" not in answer.text
    assert '<code dir="ltr">limit</code> kann nicht „&lt;script&gt;“ sein' in answer.text
    assert ways(answer.text)["Dieselbe Seite ohne limit"] == "/search?q=a%26b&uselang=de"
    assert box(answer.text) == ""


def test_a_page_that_is_not_there_asks_the_search_for_its_name(client: FlaskClient) -> None:
    answer = client.get("/person/No_Body%20%22here%22")
    assert answer.status_code == 404
    assert box(answer.text) == 'No Body "here"'
    assert client.get("/search?q=No").status_code == 200
    assert box(client.get("/wp-login.php").text) == ""
    assert f"/search?capacity={EDITING.id}" in answer.text


@pytest.mark.parametrize("address", ["//evil.example/search?limit=x", "//evil.example/%5C"])
def test_no_way_leads_to_another_host(client: FlaskClient, address: str) -> None:
    answer = client.get(address)
    assert answer.status_code in {400, 404}
    assert not [way for way in ways(answer.text).values() if way.startswith(("//", "/\\"))]


def test_what_is_forbidden_leads_to_signing_in(client: FlaskClient, services: FakeServices) -> None:
    services.search.failure = Forbidden("not yours")
    answer = client.get("/search?q=x")
    assert answer.status_code == 403
    assert ways(answer.text)["Sign in"] == "/signin?return=/search%3Fq%3Dx".replace("=/", "=%2F")


@pytest.mark.parametrize(
    ("failure", "status", "seconds"),
    [
        (AllowanceSpent("used up", retry_after=12), 429, 12),
        (EngineSilent("silent", since=SINCE, retry_after=1), 503, 1),
        (Unavailable("rebuilding"), 503, 30),
    ],
)
def test_who_has_to_wait_is_told_how_long_and_led_back(
    client: FlaskClient, services: FakeServices, failure: CapxError, status: int, seconds: int
) -> None:
    services.search.failure = failure
    answer = client.get("/search?q=x&uselang=en")
    assert (answer.status_code, answer.headers["Retry-After"]) == (status, str(seconds))
    assert f"in {seconds} seconds" in answer.text or (seconds == 1 and "in one second" in answer.text)
    assert ways(answer.text)["Try again"] == "/search?q=x&uselang=en"
    assert ("State of the service" in ways(answer.text)) == (status == 503)
    assert box(answer.text) is None


def test_what_took_too_long_is_called_no_fault(client: FlaskClient, services: FakeServices) -> None:
    services.search.failure = errors.LimitExceeded("it took longer than it may")
    answer = client.get("/search?q=x&uselang=en")
    assert answer.status_code == 504
    assert "Not available just now" in answer.text
    assert "log" not in re.sub(r"<[^>]*>", " ", answer.text.partition("<main")[2]).split()
    assert ways(answer.text)["Try again"] == "/search?q=x&uselang=en"


def errors_of_the_tree() -> Iterator[CapxError]:
    """One of each class, raised as rooms below the pages do: with words for programs and operators."""
    words = "there is something wrong with it"
    given: dict[type[CapxError], CapxError] = {
        errors.InvalidParameter: errors.InvalidParameter("limit", "x", words),
        errors.InvalidRecord: errors.InvalidRecord("file:1", "field", "x", words),
        errors.ShapeViolation: errors.ShapeViolation(("形が違います。",)),
        errors.EditRefused: errors.EditRefused("failed-save", words),
        errors.InvalidQuery: errors.InvalidQuery(words, line=3, column=7),
        errors.RateLimited: errors.RateLimited(SINCE, words),
        errors.EngineSilent: errors.EngineSilent(words, since=SINCE, retry_after=1),
        errors.WorkersBusy: errors.WorkersBusy(words, retry_after=1),
        errors.AllowanceSpent: AllowanceSpent(words, retry_after=1),
    }
    for kind in SAID:
        yield given.get(kind) or kind(words)


ANSWERED = tuple(kind for kind, _ in (*STATUSES, *sparql.STATUSES))
"""Errors that are not answered as a fault of ours by every door."""
ENGLISH = re.compile(r"[A-Za-z]{2,}(?: [A-Za-z]+){2,}")


@pytest.mark.parametrize("failure", tuple(errors_of_the_tree()), ids=lambda failure: type(failure).__name__)
def test_an_error_is_told_in_the_readers_language(
    client: FlaskClient, services: FakeServices, failure: CapxError
) -> None:
    services.search.failure = failure
    answer = client.get("/search?q=x&uselang=ja")
    assert answer.status_code >= 400
    (main,) = re.findall(r"<main.*?</main>", answer.text, re.DOTALL)
    assert not ENGLISH.findall(unescape(re.sub(r"<[^>]*>", "\n", main)))
    assert "⧼" not in main


@pytest.mark.parametrize("failure", tuple(errors_of_the_tree()), ids=lambda failure: type(failure).__name__)
def test_a_program_is_told_a_code_and_english_and_a_person_their_own_language(
    client: FlaskClient, services: FakeServices, failure: CapxError
) -> None:
    services.search.failure = failure
    told = client.get("/search.json?q=x").get_json()["error"]
    japanese = client.get("/search.json?q=x&uselang=ja", headers={"Accept-Language": "fr"}).get_json()["error"]
    assert (japanese["code"], japanese["message"]) == (told["code"], told["message"])
    assert japanese["message"].isascii()
    assert not ENGLISH.findall(japanese["said"])
    assert not japanese["said"].isascii()
    assert not list(Draft202012Validator(schemas()["ErrorAnswer"]).iter_errors({"error": japanese}))


def test_the_codes_of_the_description_are_those_that_are_answered() -> None:
    described = set(schemas()["ErrorAnswer"]["properties"]["error"]["properties"]["code"]["enum"])
    answered = {code for kind, code in CODES.items() if issubclass(kind, ANSWERED)}
    assert described == answered | set(CODES_OF_STATUSES.values())


@pytest.mark.parametrize(
    ("method", "address", "code"),
    [
        ("get", "/no/such/page.json", "not-found"),
        ("post", "/search.json", "method-not-allowed"),
        ("get", "/search.json?limit=x", "invalid-parameter"),
        ("get", "/reconcile?queries=x", "invalid-parameter"),
        ("get", "/reconcile?queries=x&callback=1", "invalid-parameter"),
        ("post", "/sparql?query=x&query=y", "bad-request"),
    ],
)
def test_every_door_to_data_refuses_in_one_form(client: FlaskClient, method: str, address: str, code: str) -> None:
    headers = {"Accept": "application/json", "Accept-Language": "ja"}
    told = client.open(address, method=method.upper(), headers=headers).get_json()["error"]
    assert told["code"] == code
    assert told["message"].isascii()
    assert not told["said"].isascii()


def test_what_is_wrong_with_a_form_is_not_said_of_its_address(client: FlaskClient) -> None:
    sent = client.post("/rings", data={"person": "x" * 400})
    asked = client.get("/rings", query_string={"person": "x" * 400})
    assert (sent.status_code, asked.status_code) == (400, 400)
    assert "Something in the form is not right" in sent.text
    assert "Something in the address is not right" in asked.text
    assert "How groups are found" in ways(asked.text)
    assert "How groups are found" not in ways(sent.text)


REFUSED = [
    "/search?limit=x",
    "/search?sort=x",
    "/search?descendants=x",
    "/search?q=" + "x" * 400,
    "/search?" + "&".join(f"capacity=Q{number}" for number in range(200)),
    "/person/Nobody",
    "/organization/Nobody",
    "/capacity/Q1",
    "/territory/Nobody",
    "/event/Nobody",
    "/project/Nobody",
    "/person/Nobody/matches",
    "/analytics/nothing",
    "/analytics?limit=x",
    "/ontology/Nothing",
    "/query/examples/nothing",
    "/no/such/page",
]


@pytest.mark.parametrize("address", REFUSED, ids=lambda address: address[:40])
def test_what_is_refused_is_explained_in_the_readers_language(client: FlaskClient, address: str) -> None:
    answer = client.get(address, headers={"Accept-Language": "ja"})
    assert 400 <= answer.status_code < 500
    (main,) = re.findall(r"<main.*?</main>", answer.text, re.DOTALL)
    shown = re.sub(r"<(code|bdi)\b.*?</\1>|<ul class=\"offered.*?</ul>", "", main, flags=re.DOTALL)
    assert not ENGLISH.findall(unescape(re.sub(r"<[^>]*>", "\n", shown)))


def test_an_error_page_stands_while_the_graph_is_silent(client: FlaskClient, services: FakeServices) -> None:
    class Silent(FakeProfiles):
        def directory(self, *, reader: tuple[str, ...]) -> tuple[()]:
            raise Unavailable("no answer")

    services.profiles = Silent()
    answer = client.get("/no/such/page")
    assert (answer.status_code, box(answer.text)) == (404, "")
    assert 'placeholder="Search"' in answer.text


def test_the_empty_search_field_shows_what_many_offer_here(client: FlaskClient, services: FakeServices) -> None:
    assert 'placeholder="communication, media …"' in client.get("/").text
    offered = services.profiles.nodes[0].children[0].children[0]
    services.profiles.nodes = (services.profiles.nodes[1], offered)
    services.store.version += 1
    shown = f'placeholder="{EDITING.label}、{TECHNOLOGY.label}…"'
    assert shown in client.get("/?uselang=ja").text
    services.profiles.nodes = ()
    services.store.version += 1
    assert 'placeholder="Search"' in client.get("/").text


def test_where_nothing_is_found_there_is_something_to_begin_with(client: FlaskClient, services: FakeServices) -> None:
    class Vain(FakeSearch):
        def run(self, request: SearchRequest) -> SearchPage:
            return SearchPage(0, (), {}, None, 1) if request.text else super().run(request)

    services.search = Vain()
    page = client.get("/search?q=nothing").text
    assert "What many people offer here:" in page
    assert f'href="/search?capacity={EDITING.id}"' in page
