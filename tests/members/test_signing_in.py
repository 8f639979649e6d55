"""Signing in, registering, signing out, and the sessions of a member; and those who try to enter otherwise."""

from __future__ import annotations

import re
from collections.abc import Iterator

import pytest
from flask.testing import FlaskClient

from capx_graph.accounts import Attempts
from capx_graph.repository.identity import Tokens, visitor
from capx_graph.repository.wsgi import COOKIE
from tests.houses.directory import PASSWORD, House, house
from tests.members.entering import fields, register, sign_in, token
from webapp.factory import create_app

API = "/w/api.php"
SOMEWHERE = "/directory?uselang=pt"


@pytest.fixture(scope="module")
def home(tmp_path_factory: pytest.TempPathFactory) -> Iterator[House]:
    with house(tmp_path_factory.mktemp("house")) as opened:
        yield opened


@pytest.fixture
def browser(home: House) -> FlaskClient:
    """A browser that has nothing of this site, at a site that has counted no attempts."""
    home.services.accounts.attempts = Attempts()
    return home.visitor()


def cookie(browser: FlaskClient) -> str:
    found = browser.get_cookie(COOKIE)
    return found.value if found else ""


def test_a_member_signs_in_is_named_on_every_page_and_signs_out(home: House, browser: FlaskClient) -> None:
    home.session("Beatriz")
    answer = sign_in(browser, "beatriz")
    assert answer.status_code == 303
    assert answer.location == "/me"
    assert "<bdi>Beatriz</bdi>" in browser.get("/directory").text
    leave = re.search(r'action="/signout">.*?value="([^"]*)"', browser.get("/me").text)
    assert leave
    browser.post("/signout", data={"token": leave[1]})
    assert "Beatriz" not in browser.get("/directory").text
    assert browser.get("/me").status_code == 303


def test_a_page_kept_for_strangers_is_not_a_members_and_a_members_is_not_kept(home: House) -> None:
    home.session("Beatriz")
    app = create_app(home.services)
    member, stranger = app.test_client(), app.test_client()
    sign_in(member, "Beatriz")
    for address in ("/analytics", "/analytics/gap"):
        for _ in range(2):
            mine = member.get(address)
            assert "<bdi>Beatriz</bdi>" in mine.text
            assert "ETag" not in mine.headers
            assert "Access-Control-Allow-Origin" not in mine.headers
            theirs = stranger.get(address)
            assert "Beatriz" not in theirs.text
            assert theirs.headers["ETag"]
    tag = stranger.get("/analytics").headers["ETag"]
    assert member.get("/analytics", headers={"If-None-Match": tag}).status_code == 200


def test_somebody_registers_and_is_signed_in(home: House, browser: FlaskClient) -> None:
    assert register(browser, "nova_pessoa").status_code == 303
    assert "<bdi>Nova pessoa</bdi>" in browser.get("/me").text
    account = home.services.accounts.account("Nova pessoa")
    assert account
    assert home.services.accounts.is_self_made(account.user_id)


UNNAMEABLE = ["A[b]", "x" * 86, "", " ", "Aa\u202e", "<script>", "a\x00b", "127.0.0.1", "::1"]
UNSEEN = ["A\u00adb", "A\u3164", "A\ufe0f", "A\U000e0041"]


@pytest.mark.parametrize("name", ["Beatriz", "beatriz", *UNNAMEABLE, *UNSEEN])
def test_a_name_that_is_taken_or_cannot_be_is_not_registered(home: House, browser: FlaskClient, name: str) -> None:
    home.session("Beatriz")
    answer = register(browser, name)
    assert answer.status_code in (400, 409)
    assert "<script>" not in answer.text
    assert browser.get("/me").status_code == 303


def test_a_name_is_the_same_however_its_letters_are_put_together(home: House, browser: FlaskClient) -> None:
    home.session("\u00c1lvaro")
    assert register(browser, "A\u0301lvaro").status_code == 409
    assert sign_in(browser, "A\u0301lvaro").status_code == 303


def test_passwords_are_long_enough_and_written_twice(browser: FlaskClient) -> None:
    assert register(browser, "Curta", "1234567").status_code == 400
    assert register(browser, "Curta", again="another password").status_code == 400


def test_the_operator_closes_the_registration(
    home: House, browser: FlaskClient, monkeypatch: pytest.MonkeyPatch
) -> None:
    settings = home.services.settings
    monkeypatch.setattr(type(settings), "registration", False)
    assert browser.get("/register").status_code == 404
    assert browser.post("/register").status_code == 404
    assert "/register" not in browser.get("/signin").text


def test_a_wrong_name_and_a_wrong_password_are_answered_alike(home: House, browser: FlaskClient) -> None:
    home.session("Beatriz")
    wrong = sign_in(browser, "Beatriz", "wrong password").text
    unknown = sign_in(browser, "Beatrix", "wrong password").text
    assert wrong.replace("Beatriz", "Beatrix") == unknown
    assert browser.get("/me").status_code == 303


def test_an_account_of_another_wiki_has_no_password(home: House, browser: FlaskClient) -> None:
    home.services.accounts.members.arrive("https://meta.example", "17", "Wikimedian")
    assert sign_in(browser, "Wikimedian", "").status_code == 403


@pytest.mark.parametrize(
    "elsewhere",
    ["https://evil.example/", "//evil.example", "/\\evil.example", "/\tevil", "javascript:alert(1)", "/a\r\nX-Evil: 1"],
)
def test_nobody_is_led_to_another_site(home: House, browser: FlaskClient, elsewhere: str) -> None:
    home.session("Beatriz")
    answer = sign_in(browser, "Beatriz", **{"return": elsewhere})
    assert answer.location == "/search"
    assert "X-Evil" not in answer.headers
    assert browser.get("/signin", query_string={"return": elsewhere}).location == "/search"


def test_members_come_back_to_where_they_were(home: House, browser: FlaskClient) -> None:
    home.session("Beatriz")
    asked = re.search(r'href="(/signin[^"]*)"', browser.get(SOMEWHERE).text)
    assert asked
    back = fields(browser.get(asked[1].replace("&amp;", "&")))["return"]
    assert sign_in(browser, "Beatriz", **{"return": back}).location.startswith("/directory")


def test_a_session_handed_to_a_browser_beforehand_opens_nothing(home: House, browser: FlaskClient) -> None:
    home.session("Beatriz")
    browser.set_cookie(COOKIE, "a" * 64)
    sign_in(browser, "Beatriz")
    assert cookie(browser) != "a" * 64
    assert home.services.accounts.session("a" * 64) is None


def test_the_key_changes_at_every_sign_in_and_the_old_session_ends(home: House, browser: FlaskClient) -> None:
    home.session("Beatriz")
    before = home.session("Ana")
    browser.set_cookie(COOKIE, before)
    sign_in_token = browser.get("/signin")
    assert sign_in_token.status_code == 303
    browser.delete_cookie(COOKIE)
    sign_in(browser, "Beatriz")
    first = cookie(browser)
    form = {"token": token_of(home, first), "name": "Ana", "password": PASSWORD}
    browser.post("/signin", data=form)
    assert cookie(browser) not in (first, before)
    assert home.services.accounts.session(first) is None


def token_of(home: House, key: str) -> str:
    return Tokens(home.services.accounts.secret).token("login", visitor(key))


@pytest.mark.parametrize("address", ["/signin", "/register"])
def test_a_form_of_another_site_signs_nobody_in(home: House, browser: FlaskClient, address: str) -> None:
    home.session("Beatriz")
    form = {"name": "Beatriz", "password": PASSWORD, "again": PASSWORD}
    assert browser.post(address, data=form).status_code == 403
    stolen = token(home.visitor(), address)
    browser.get(address)
    assert browser.post(address, data=form | {"token": stolen}).status_code == 403
    assert browser.get("/me").status_code == 303


def test_a_form_of_another_site_signs_nobody_out(home: House, browser: FlaskClient) -> None:
    home.sign_in("Beatriz", client=browser)
    browser.post("/signout", data={"token": "+\\"})
    assert browser.get("/me").status_code == 200


def test_attempts_are_limited_by_name_and_by_client(home: House, browser: FlaskClient) -> None:
    home.session("Beatriz")
    statuses = [sign_in(browser, "Beatriz", "wrong").status_code for _ in range(16)]
    assert statuses[:15] == [403] * 15
    assert statuses[15] == 429
    assert sign_in(browser, "Beatriz").status_code == 429
    others = [sign_in(browser, f"Somebody {n}", "wrong") for n in range(20)]
    assert others[-1].status_code == 429
    assert others[-1].headers["Retry-After"]


def test_a_network_of_one_customer_counts_as_one_client(browser: FlaskClient) -> None:
    answers = []
    for n in range(40):
        browser.environ_base["REMOTE_ADDR"] = f"2001:db8:0:1::{n:x}"
        answers.append(sign_in(browser, f"Somebody {n}", "wrong").status_code)
    assert answers[-1] == 429
    browser.environ_base["REMOTE_ADDR"] = "2001:db8:0:2::1"
    assert sign_in(browser, "Somebody", "wrong").status_code == 403


@pytest.mark.parametrize("written", ["beatriz", " Beatriz", "beatriz_", "BEATRIZ", "Beatriz@tool"])
def test_an_attempt_counts_however_the_name_is_written(home: House, browser: FlaskClient, written: str) -> None:
    home.session("Beatriz")
    statuses = [sign_in(browser, name, "wrong").status_code for name in ["Beatriz"] * 8 + [written] * 8]
    assert statuses == [403] * 15 + [429]


def test_attempts_that_succeed_do_not_count(home: House, browser: FlaskClient) -> None:
    home.session("Beatriz")
    for _ in range(20):
        assert sign_in(browser, "Beatriz").status_code == 303
        browser.delete_cookie(COOKIE)


@pytest.mark.parametrize("action", ["login", "clientlogin"])
def test_the_api_is_no_way_around_the_limit(home: House, browser: FlaskClient, action: str) -> None:
    home.session("Beatriz")

    def attempt(password: str) -> str:
        login_token = browser.get(f"{API}?action=query&meta=tokens&type=login").json["query"]["tokens"]["logintoken"]
        names = {"lgname": "Beatriz", "lgpassword": password, "lgtoken": login_token}
        if action == "clientlogin":
            names = {"username": "Beatriz", "password": password, "logintoken": login_token, "loginreturnurl": "x:"}
        return browser.post(API, data={"action": action} | names).text

    told = [attempt("wrong") for _ in range(15)]
    assert not any("too many" in text for text in told)
    assert "too many recent login attempts" in attempt(PASSWORD)
    assert sign_in(browser, "Beatriz").status_code == 429


def test_the_cookie_cannot_be_read_by_scripts_nor_sent_by_others(home: House, browser: FlaskClient) -> None:
    home.session("Beatriz")
    header = sign_in(browser, "Beatriz").headers["Set-Cookie"]
    assert "HttpOnly" in header
    assert "SameSite=Lax" in header
    assert "Path=/" in header
    assert "Secure" not in header
    secure = home.visitor()
    page = secure.get("/signin", base_url="https://capx.example")
    assert "Secure" in page.headers["Set-Cookie"]


def test_the_site_lives_behind_a_path(home: House, browser: FlaskClient) -> None:
    home.session("Beatriz")
    base = "http://localhost/capx"
    page = browser.get("/signin?return=/capx/directory", base_url=base)
    form = fields(page) | {"name": "Beatriz", "password": PASSWORD}
    form["token"] = re.findall(r'action="/capx/signin".*?name="token" value="([^"]*)"', page.text, re.DOTALL)[0]
    answer = browser.post("/signin", data=form, base_url=base)
    assert answer.location == "/capx/directory"
    assert "Path=/capx" in answer.headers["Set-Cookie"]
    assert browser.get("/me", base_url=base).status_code == 200
    assert 'href="/capx/me/sessions"' in browser.get("/me", base_url=base).text


def test_a_member_sees_their_sessions_and_ends_one(home: House, browser: FlaskClient) -> None:
    home.session("Clara")
    sign_in(browser, "Clara")
    other = home.visitor()
    other.post(
        "/signin",
        data={"token": token(other), "name": "Clara", "password": PASSWORD},
        headers={"User-Agent": "<b>Evil</b> Browser"},
    )
    text = browser.get("/me/sessions").text
    assert "&lt;b&gt;Evil&lt;/b&gt; Browser" in text
    ids = re.findall(r'name="session" value="([0-9a-f]+)"', text)
    assert len(ids) == 2
    assert other.get("/me").status_code == 200
    form = home.form("/me/sessions", "/me/sessions", client=browser)
    stranger = home.browser("Beatriz")
    theirs = home.form("/me/sessions", "/me/sessions", client=stranger) if stranger else {}
    stranger.post("/me/sessions", data=theirs | {"session": ids[0]})
    assert other.get("/me").status_code == 200
    assert browser.post("/me/sessions", data={"session": ids[0]}).status_code == 403
    browser.post("/me/sessions", data=form | {"others": "1"})
    assert other.get("/me").status_code == 303
    assert browser.get("/me").status_code == 200


def test_what_a_member_sees_is_kept_by_no_cache(home: House, browser: FlaskClient) -> None:
    strangers = browser.get("/directory")
    assert strangers.headers["ETag"]
    home.sign_in("Beatriz", client=browser)
    own = browser.get("/directory", headers={"If-None-Match": strangers.headers["ETag"]})
    assert own.status_code == 200
    assert "ETag" not in own.headers
    assert own.headers["Cache-Control"] == "private, no-cache"
    assert "Cookie" in own.headers["Vary"]
    assert browser.get("/me").headers["Cache-Control"] == "no-store"
    browser.delete_cookie(COOKIE)
    assert "Beatriz" not in browser.get("/directory").text


def test_the_api_and_the_pages_share_a_session(home: House, browser: FlaskClient) -> None:
    home.sign_in("Beatriz", client=browser)
    answer = browser.get("/w/api.php?action=query&meta=userinfo&format=json").json
    assert answer["query"]["userinfo"]["name"] == "Beatriz"


@pytest.mark.parametrize("address", ["/me", "/me/sessions", "/me/edit"])
def test_a_tool_with_some_rights_does_not_see_what_is_a_members_own(
    home: House, browser: FlaskClient, address: str
) -> None:
    home.session("Beatriz")
    accounts = home.services.accounts
    beatriz = accounts.account("Beatriz")
    assert beatriz
    browser.set_cookie(COOKIE, accounts.open_session(beatriz, frozenset({"edit"})))
    assert browser.get(address).status_code == 403
    assert browser.post(address, data={"others": "1"}).status_code in (403, 405)


def test_who_is_sent_to_sign_in_keeps_their_language(browser: FlaskClient) -> None:
    answer = browser.get("/me/export?uselang=ja")
    assert answer.headers["Location"] == "/signin?return=%2Fme%2Fexport%3Fuselang%3Dja&uselang=ja"
    assert '<html lang="ja"' in browser.get(answer.headers["Location"]).text
