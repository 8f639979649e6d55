"""What every form and every address must withstand, asked of all of them: the list is the application's own.

A new address is tested by being there. Sessions that are handed to a browser beforehand are in
``members/test_signing_in.py``, the read models of public pages with hostile text in each field in
``webapp/test_hostile.py``.
"""

from __future__ import annotations

from collections.abc import Iterator
from html import unescape
from typing import Any
from urllib.parse import quote, urlencode, urljoin, urlsplit

import pytest
from flask.testing import FlaskClient
from werkzeug.exceptions import HTTPException
from werkzeug.routing import Rule

from capx_graph.accounts import Saved
from capx_graph.membership import Change, Field, Line, Part, State
from capx_graph.model import Draft
from tests.doubles.hostile import Reader
from tests.houses.directory import House, house
from webapp import create_app

pytestmark = pytest.mark.slow

EVIL = "\"'><script>alert(1)</script><img src=x onerror=alert(1)>{{7*7}}"
READING = frozenset(
    {"/query", "/sparql", "/sparql/", "/reconcile", "/rings", "/rings.json", "/team", "/team.json", "/query/names.json"}
)
"""Addresses that answer questions by POST and change nothing."""
OF_VISITORS = frozenset({"/preferences", "/q"})
"""Forms of visitors: their own cookies, and a short link to a query that anybody may keep."""
ENTRANCES = frozenset({"/signin", "/register"})
"""Forms with a token that is tied to the browser before there is a session."""
FOR_EVERYBODY = frozenset({"/sparql", "/sparql/", "/.well-known/void", "/favicon.ico", "/static/<path:filename>"})
"""Addresses whose answers are the same whoever asks, so that any cache may have them."""
ELSEWHERE = (
    "//evil.example/",
    "https://evil.example/",
    "/\\evil.example",
    "\\\\evil.example",
    "/%09/evil.example",
)
SPLITTING = "x%0d%0aSet-Cookie:%20evil=1%0d%0a%0d%0a%3Cscript%3E"


@pytest.fixture(scope="module")
def home(tmp_path_factory: pytest.TempPathFactory) -> Iterator[House]:
    with house(tmp_path_factory.mktemp("owasp")) as opened:
        opened.sign_in("Ana", "maintainer")
        opened.person("Ben", offers=opened.item("36"))
        yield opened


def rules(home: House, method: str) -> list[Rule]:
    found = home.client.application.url_map.iter_rules()
    return sorted((rule for rule in found if method in (rule.methods or ())), key=lambda rule: rule.rule)


def filled(home: House, rule: Rule, value: str) -> str:
    """The address of a rule with this in each of its places that takes any text."""
    address = rule.rule
    for place, converter in rule._converters.items():
        kind = type(converter).__name__
        text = {"NumberConverter": "1", "IntegerConverter": "1", "AnyConverter": "json"}.get(kind, value)
        for form in (f"<path:{place}>", f"<int:{place}>", f"<any(json, ttl):{place}>", f"<{place}>"):
            address = address.replace(form, text)
    return address.split("<")[0]


def fingerprint(home: House) -> tuple[int, list[Any]]:
    """What a form could change: the Wikibase, and everything private."""
    database = home.services.accounts.database
    tables = [row[0] for row in database.rows("SELECT name FROM sqlite_master WHERE type = 'table' ORDER BY name")]
    kept = [sorted(map(repr, database.rows(f"SELECT * FROM {table}"))) for table in tables if table != "meta"]
    return home.services.repository.head(), kept


def test_no_form_acts_without_the_token_that_its_member_was_shown(home: House) -> None:
    other = home.browser("Ben")
    theirs = home.form("/me/contact", "/me/contact", other)["token"]
    guarded = {rule.rule for rule in rules(home, "POST")} - READING - OF_VISITORS - ENTRANCES
    assert len(guarded) > 15
    home.client.get("/me")
    before = fingerprint(home)
    for rule in rules(home, "POST"):
        if rule.rule not in guarded:
            continue
        address = filled(home, rule, home.item("36"))
        for token in ("", "x" * 64, theirs, "+\\"):
            form = {
                "token": token,
                "act": "save",
                "item": home.item("36"),
                "name": "Ana",
                "channel": "mail",
                "save": "1",
            }
            answer = home.client.post(address, data=form)
            assert answer.status_code in (400, 403, 404) or address == "/signout", (address, answer.status_code)
    assert fingerprint(home) == before


def test_nobody_enters_by_a_form_of_another_site(home: House) -> None:
    stranger = home.visitor()
    for address in ENTRANCES:
        given = {"name": "Zoe", "password": "correct horse battery", "again": "correct horse battery"}
        for token in ("", "x" * 64):
            answer = stranger.post(address, data=given | {"token": token})
            assert answer.status_code in (400, 403)
    assert home.services.accounts.account("Zoe") is None


@pytest.mark.parametrize("target", ELSEWHERE)
def test_nothing_leads_to_another_site(home: House, target: str) -> None:
    asked = urlencode(dict.fromkeys(("return", "title", "url", "next", "to", "target", "search", "user"), target))
    tokens = {form: home.form(form, form)["token"] for form in ("/me/contact",)}
    for client in (home.client, home.visitor()):
        for rule in rules(home, "GET"):
            for place in (quote(target, safe="/\\%"), target.strip("/\\")):
                lands_here(client, f"{filled(home, rule, place)}?{asked}")
        for rule in rules(home, "POST"):
            if rule.rule in READING:
                continue
            form = {"return": target, "token": tokens["/me/contact"], "language": "en", "act": "confirm"}
            answer = client.post(filled(home, rule, home.item("36")), data=form) if safe(rule) else None
            if answer is not None and answer.status_code in range(300, 400):
                assert is_here(answer.headers["Location"]), rule.rule


def safe(rule: Rule) -> bool:
    """Whether a form may be sent by a test for nothing but where it leads."""
    return not any(word in rule.rule for word in ("erase", "signout", "sessions", "directory", "translate"))


def lands_here(client: FlaskClient, address: str) -> None:
    answer = client.get(address)
    assert answer.status_code < 500, address
    if answer.status_code in range(300, 400) and answer.status_code != 304:
        assert is_here(answer.headers["Location"]), (address, answer.headers["Location"])


def is_here(location: str) -> bool:
    """Whether a browser that is here stays here; it takes a backslash for a slash, and drops tabs."""
    read = "".join(letter for letter in location if letter not in "\t\r\n").replace("\\", "/")
    return urlsplit(urljoin("http://localhost/", read)).netloc in ("localhost", "127.0.0.1:8000")


def test_no_answer_is_kept_for_somebody_else_unless_it_is_the_same_for_everybody(home: House) -> None:
    """A cache in between keeps for a while what says nothing of it, in the language of whoever asked first."""
    names = {"name": "find_teachers", "kind": "person", "entity_id": home.item("36")}
    for rule in rules(home, "GET"):
        value = next((names[place] for place in rule._converters if place in names), home.item("36"))
        for client in (home.client, home.visitor()):
            answer = client.get(f"{filled(home, rule, value)}?q=c&id={home.item('36')}&query=ASK{{}}&class=person")
            kept = answer.headers["Cache-Control"]
            if rule.rule in FOR_EVERYBODY:
                continue
            assert kept == "no-cache" or kept.startswith(("private", "no-store")), rule.rule
            if kept == "private, no-cache":
                assert {"accept-language", "cookie"} <= {name.lower() for name in answer.vary}, rule.rule


def test_no_address_or_field_puts_a_line_into_the_headers(home: House) -> None:
    words = unescape(SPLITTING).replace("%0d%0a", "\r\n").replace("%20", " ")
    for rule in rules(home, "GET"):
        address = filled(home, rule, SPLITTING)
        answer = home.client.get(f"{address}?{urlencode({'return': words, 'uselang': words, 'feed': words})}")
        unsplit(answer, address)
        unsplit(home.client.get(address), address)
    for rule in rules(home, "POST"):
        if safe(rule):
            form = {"return": words, "place": words, "token": words, "language": words, "appearance": words}
            unsplit(home.client.post(filled(home, rule, SPLITTING), data=form), rule.rule)


def unsplit(answer: Any, address: str) -> None:
    assert answer.status_code < 500, address
    assert "evil=1" not in answer.headers.get("Set-Cookie", ""), address
    for name, value in answer.headers:
        assert not set("\r\n").intersection(name + value), address


@pytest.mark.parametrize("form", ["text", "parts", "file"])
def test_no_form_takes_in_more_than_it_needs(home: House, form: str) -> None:
    before = fingerprint(home)
    for rule in rules(home, "POST"):
        if rule.rule in {"/reconcile", "/sparql", "/sparql/"}:
            continue  # they take texts of their own sizes; see their tests
        answer = home.client.post(filled(home, rule, home.item("36")), **large_form(form))
        assert answer.status_code in (400, 403, 404, 413), (rule.rule, answer.status_code)
    assert fingerprint(home) == before


def large_form(form: str) -> dict[str, Any]:
    """A request with a long text, with many files, or with a large one."""
    if form == "text":
        return {"data": {"name": "x" * (1 << 20), "text": "y" * (1 << 20)}}
    count, size, named = (500, 1, "") if form == "parts" else (1, 1 << 21, '; filename="x.svg"')
    head = f'Content-Disposition: form-data; name="f{{}}"{named}\r\n\r\n'
    parts = "".join(f"--x\r\n{head.format(number)}{'z' * size}\r\n" for number in range(count))
    return {"data": f"{parts}--x--\r\n".encode(), "content_type": "multipart/form-data; boundary=x"}


@pytest.fixture(scope="module")
def poisoned(tmp_path_factory: pytest.TempPathFactory) -> Iterator[House]:
    """A house in which everybody wrote hostile text wherever text can be written."""
    with house(tmp_path_factory.mktemp("poisoned")) as home:
        services = home.services
        home.sign_in("Eve", "maintainer")
        page = services.repository.page(home.item("11"))
        assert page is not None
        assert page.entity is not None
        terms = {"labels": EVIL, "descriptions": f"about {EVIL}"}
        entity = {**page.entity, **{kind: {"en": {"language": "en", "value": text}} for kind, text in terms.items()}}
        services.repository.bulk([Draft(entity)], actor="Eve", summary=EVIL)
        services.ingest.catch_up()
        poison(home, "Mal", State.PUBLIC)
        poison(home, "Mel", State.MEMBERS)
        poison(home, "Eve", State.PRIVATE)
        eve = services.accounts.members.named("Eve")
        assert eve is not None
        holder = services.membership.own.holder(eve)
        mal = services.matching.asker("Mal").item
        services.accounts.saved.add(holder, Saved(mal, note=EVIL))
        services.accounts.searches.add(eve.id, EVIL, urlencode({"q": EVIL, "class": "person"}), revision=0)
        yield home


def poison(home: House, name: str, state: State) -> None:
    services = home.services
    account = services.accounts.account(name) or services.accounts.add(name, "correct horse battery")
    member = services.accounts.members.of(account)
    now = services.membership.own.read(member).parts
    parts = {
        Field.OFFERS: Part(
            state,
            (
                Line(
                    "offers",
                    home.item("11"),
                    evidence="https://x.example/" + quote(EVIL),
                    page="\"' onmouseover=alert(1) x=",
                ),
            ),
        ),
        Field.ABOUT: Part(state, (Line("displayName", EVIL), Line("about", f"{EVIL} says", language="en"))),
    }
    changes = {part: Change(content, now[part].mark) for part, content in parts.items()}
    services.membership.own.save(member, changes, agreed=True, wording="1", language="en")


def test_hostile_text_is_obeyed_on_no_page_that_anybody_can_reach(poisoned: House) -> None:
    shown = 0
    for client in (poisoned.client, create_app(poisoned.services).test_client()):
        for address, text in walk(client):
            assert "<script>alert" not in text, address
            assert "<img src=x" not in text, address
            reader = Reader()
            reader.feed(text)
            assert not reader.dangers, (address, reader.dangers)
            shown += "&lt;script&gt;alert(1)" in text
    assert shown > 30


def walk(client: FlaskClient) -> Iterator[tuple[str, str]]:
    """Two pages of each kind, found by links from the start, from a member's own and from those with hostile text."""
    adapter = client.application.url_map.bind("localhost")
    waiting = ["/person/Mal", "/person/Mel", f"/search?q={quote(EVIL)}", "/me", "/", "/wiki/Special:RecentChanges"]
    seen: dict[str, int] = {}
    asked = set()
    while waiting:
        address = waiting.pop(0)
        try:
            endpoint, _ = adapter.match(urlsplit(address).path, method="GET")
        except HTTPException:
            continue
        if address in asked or seen.get(endpoint, 0) >= 3 or address.startswith(("/static", "/signout")):
            continue
        asked.add(address)
        answer = client.get(address)
        assert answer.status_code < 500, address
        if answer.status_code == 200 and answer.mimetype == "text/html":
            seen[endpoint] = seen.get(endpoint, 0) + 1
            yield address, answer.text
            waiting += links(answer.text, address)


def links(text: str, page: str) -> list[str]:
    reader = Links()
    reader.feed(text)
    return [address for link in reader.found if (address := urljoin(page, link.partition("#")[0])).startswith("/")]


class Links(Reader):
    """The addresses that a page links to."""

    def __init__(self) -> None:
        super().__init__()
        self.found: list[str] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        if tag == "a":
            self.found += [value for name, value in attrs if name == "href" and value]
