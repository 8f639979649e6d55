"""Signing in with a wiki elsewhere, by both protocols; renames; and wikis, people and links that mean no good."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest
import requests
from flask.testing import FlaskClient
from werkzeug.test import TestResponse

from capx_graph.membership import Change, Field, Line, Part, State
from capx_graph.settings import SignInSettings
from tests.doubles.oauth_wiki import CLIENT, SECRET, WikiState, oauth_wiki
from tests.houses.directory import House, house
from webapp.factory import create_app

pytestmark = pytest.mark.slow


class Site:
    """A site where one signs in with a wiki."""

    def __init__(self, home: House, wiki: WikiState, address: str, protocol: int) -> None:
        settings = SignInSettings(address, CLIENT, SECRET, protocol)
        services = replace(home.services, settings=replace(home.services.settings, sign_in=settings))
        self.home, self.wiki, self.app = home, wiki, create_app(services)

    def browser(self) -> FlaskClient:
        return self.app.test_client()

    def asked(self, browser: FlaskClient, back: str = "") -> str:
        """Where the wiki sends the browser after its question, from this site's root."""
        begun = browser.get("/signin/wiki", query_string={"return": back} if back else {})
        assert begun.status_code == 303
        answer = requests.get(begun.location, allow_redirects=False, timeout=5)
        assert answer.status_code == 302, answer.text
        return (
            answer.headers["Location"].partition("127.0.0.1:8000")[2]
            or answer.headers["Location"].partition("localhost")[2]
        )

    def sign_in(self, browser: FlaskClient, back: str = "") -> TestResponse:
        return browser.get(self.asked(browser, back))


@pytest.fixture(params=[2, 1], ids=["OAuth 2", "OAuth 1.0a"])
def site(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Site]:
    with oauth_wiki() as (address, wiki), house(tmp_path) as home:
        yield Site(home, wiki, address, request.param)


@pytest.fixture
def modern(tmp_path: Path) -> Iterator[Site]:
    with oauth_wiki() as (address, wiki), house(tmp_path) as home:
        yield Site(home, wiki, address, 2)


@pytest.fixture
def old(tmp_path: Path) -> Iterator[Site]:
    with oauth_wiki() as (address, wiki), house(tmp_path) as home:
        yield Site(home, wiki, address, 1)


def test_somebody_signs_in_and_comes_back_to_where_they_were(site: Site) -> None:
    browser = site.browser()
    assert "127.0.0.1" in browser.get("/signin").text
    answer = site.sign_in(browser, "/directory")
    assert (answer.status_code, answer.location) == (303, "/directory")
    assert "<bdi>Ana</bdi>" in browser.get("/me").text
    assert all("capx-graph/" in seen["agent"] for path, seen in site.wiki.seen if "authorize" not in str(seen) + path)


def test_a_new_name_keeps_the_profile_and_the_old_address_leads_to_it(site: Site) -> None:
    browser = site.browser()
    site.sign_in(browser)
    members, own = site.home.services.accounts.members, site.home.services.membership.own
    ana = members.named("Ana")
    assert ana is not None
    wish = Part(State.PUBLIC, (Line("wants", site.home.item("10")),))
    seen = own.read(ana).parts[Field.WANTS].mark
    item = own.save(ana, {Field.WANTS: Change(wish, seen)}, agreed=True, wording="1", language="en").item
    site.wiki.user = "Ana Silva"
    again = site.browser()
    site.sign_in(again)
    renamed = members.named("Ana Silva")
    assert renamed is not None
    assert (renamed.id, renamed.item) == (ana.id, item)
    assert browser.get("/person/Ana").location == "/person/Ana%20Silva"
    assert "Ana Silva" in browser.get("/person/Ana Silva").text
    longer = Part(State.PUBLIC, (*wish.lines, Line("wants", site.home.item("11"))))
    seen = own.read(renamed).parts[Field.WANTS].mark
    assert own.save(renamed, {Field.WANTS: Change(longer, seen)}, agreed=True, wording="1", language="en").item == item


def test_whoever_gets_a_freed_name_gets_nothing_else(modern: Site) -> None:
    first = modern.browser()
    modern.sign_in(first)
    members, own = modern.home.services.accounts.members, modern.home.services.membership.own
    ana = members.named("Ana")
    assert ana is not None
    wish = Part(State.PUBLIC, (Line("wants", modern.home.item("10")),))
    own.save(
        ana, {Field.WANTS: Change(wish, own.read(ana).parts[Field.WANTS].mark)}, agreed=True, wording="1", language="en"
    )
    modern.wiki.subject = "99"
    second = modern.browser()
    modern.sign_in(second)
    newcomer = members.named("Ana")
    assert newcomer is not None
    assert newcomer.id != ana.id
    assert own.read(newcomer).item is None
    assert own.read(ana).item is not None
    page = modern.home.services.repository.page(own.read(ana).item or "")
    assert page is not None
    assert page.owner == "Ana (old)"


def test_a_local_account_is_not_taken_over(modern: Site) -> None:
    modern.home.session("Ana")
    browser = modern.browser()
    modern.sign_in(browser)
    assert "Ana (127.0.0.1)" in browser.get("/me").text


def test_an_answer_belongs_to_the_browser_that_asked_and_to_it_once(site: Site) -> None:
    victim, attacker = site.browser(), site.browser()
    back = site.asked(attacker)
    victim.get("/signin")
    assert victim.get(back).status_code == 403
    assert victim.get("/me").status_code == 303
    assert attacker.get(back).status_code == 303
    assert attacker.get(back).status_code == 403


@pytest.mark.parametrize("answer", ["", "?code=1", "?state=1&code=1", "?oauth_token=x&oauth_verifier=y", "?error=x"])
def test_an_answer_to_nothing_signs_nobody_in(site: Site, answer: str) -> None:
    browser = site.browser()
    assert browser.get(f"/signin/callback{answer}").status_code == 403
    assert browser.get("/me").status_code == 303


@pytest.mark.parametrize("elsewhere", ["https://evil.example/", "//evil.example", "/\\evil.example"])
def test_nobody_is_led_to_another_site(modern: Site, elsewhere: str) -> None:
    assert modern.sign_in(modern.browser(), elsewhere).location == "/search"


@pytest.mark.parametrize(
    ("breaking", "status"),
    [("denied", 403), ("large", 503), ("odd", 503), ("nobody", 503), ("name", 403), ("elsewhere", 503)],
)
def test_a_wiki_that_misbehaves_signs_nobody_in(modern: Site, breaking: str, status: int) -> None:
    browser = modern.browser()
    modern.wiki.breaking = breaking
    assert modern.sign_in(browser).status_code == status
    assert browser.get("/me").status_code == 303


@pytest.mark.parametrize("breaking", ["forged", "old", "audience"])
def test_a_statement_that_is_not_for_this_site_now_is_not_believed(old: Site, breaking: str) -> None:
    browser = old.browser()
    old.wiki.breaking = breaking
    assert old.sign_in(browser).status_code == 403
    assert browser.get("/me").status_code == 303


def test_a_wiki_that_is_away_is_said_to_be(tmp_path: Path) -> None:
    with house(tmp_path) as home:
        away = Site(home, WikiState(), "http://127.0.0.1:9", 1)
        assert away.browser().get("/signin/wiki").status_code == 503


def test_where_no_wiki_is_named_there_is_none_to_sign_in_with(tmp_path: Path) -> None:
    with house(tmp_path) as home:
        assert home.client.get("/signin/wiki").status_code == 404
        assert home.client.get("/signin/callback?code=1&state=2").status_code == 404
