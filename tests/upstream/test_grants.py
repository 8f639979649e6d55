"""Members who let this site edit the connected Wikibase in their own name; and those who would do it for others."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from capx_graph import settings as setting_list
from capx_graph.errors import Forbidden, InvalidSetting, SessionEnded, Unavailable
from capx_graph.identities import Sealing, Tokens
from capx_graph.model import Receipt
from capx_graph.wikibase.splitwriter import SplitWriter
from tests.doubles.oauth_wiki import SECRET
from tests.houses.grants import Granting, granting, token

pytestmark = pytest.mark.slow


@pytest.fixture(scope="module")
def both(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Granting]:
    with granting(tmp_path_factory.mktemp("granting")) as opened:
        yield opened


def sealed_of(both: Granting, name: str) -> bytes | None:
    member = both.services.accounts.members.named(name)
    assert member is not None
    grant = both.services.accounts.wiki_grants.of(member.id)
    return grant.sealed if grant else None


def test_edits_are_the_members_own_there_once_they_allow_it(both: Granting) -> None:
    browser = both.sign_in("Ana", "17")
    assert "/me/grant" in browser.get("/me").text
    assert both.edit("Ana", "making films")[0] == "Robot"
    assert both.granted(browser) == "given"
    actor, summary = both.edit("Ana", "making films and videos")
    assert actor == "Ana"
    assert "for Ana" not in summary
    actor, summary = both.edit("Bo", "making moving pictures")
    assert actor == "Robot"
    assert "(for Bo)" in summary
    page = browser.get("/me/grant")
    assert "/me/grant/withdraw" in page.text
    assert page.headers["Cache-Control"] == "no-store"


def test_what_runs_out_is_renewed(both: Granting) -> None:
    browser = both.sign_in("Carla", "18")
    both.oauth.lifetime = 100
    assert both.granted(browser) == "given"
    both.oauth.lifetime = 14400
    before = sealed_of(both, "Carla")
    assert both.edit("Carla", "films")[0] == "Carla"
    assert sealed_of(both, "Carla") not in (before, None)
    renewals = len([1 for _, sent in both.oauth.seen if sent.get("grant_type") == "refresh_token"])
    assert both.edit("Carla", "films again")[0] == "Carla"
    assert len([1 for _, sent in both.oauth.seen if sent.get("grant_type") == "refresh_token"]) == renewals


def test_a_token_that_the_wiki_forgot_is_renewed_too(both: Granting) -> None:
    browser = both.sign_in("Dara", "19")
    assert both.granted(browser) == "given"
    kept = dict(both.oauth.refreshing)
    both.revoke("Dara")
    both.oauth.refreshing |= kept
    assert both.edit("Dara", "pictures that move")[0] == "Dara"


def test_what_is_taken_back_there_ends_here_and_loses_no_edit(both: Granting) -> None:
    browser = both.sign_in("Eva", "20")
    assert both.granted(browser) == "given"
    both.revoke("Eva")
    actor, summary = both.edit("Eva", "filming")
    assert actor == "Robot"
    assert "(for Eva)" in summary
    assert sealed_of(both, "Eva") is None
    assert both.services.grants is not None
    assert both.services.accounts.members.named("Eva").id not in both.services.grants._lent  # type: ignore[union-attr]
    assert "cdx-message--warning" in browser.get("/me/grant").text
    assert both.granted(browser) == "given", "and may be given again"
    assert both.edit("Eva", "filming things")[0] == "Eva"


def test_a_wiki_that_cannot_be_asked_ends_nothing(both: Granting) -> None:
    browser = both.sign_in("Fay", "21")
    both.oauth.lifetime = 100
    assert both.granted(browser) == "given"
    both.oauth.lifetime = 14400
    grants = both.services.grants
    assert grants is not None
    provider = grants._provider
    scripts, provider._scripts = provider._scripts, "http://127.0.0.1:9"  # type: ignore[attr-defined]
    try:
        with pytest.raises(Unavailable):
            both.edit("Fay", "nothing")
    finally:
        provider._scripts = scripts  # type: ignore[attr-defined]
    assert sealed_of(both, "Fay") is not None
    assert both.edit("Fay", "film")[0] == "Fay"


def test_withdrawing_forgets_the_tokens(both: Granting) -> None:
    browser = both.sign_in("Gil", "22")
    assert both.granted(browser) == "given"
    done = browser.post("/me/grant/withdraw", data={"token": token(browser)})
    assert done.location == "/me/grant?told=withdrawn"
    assert "Special:OAuthManageMyGrants" in browser.get(done.location).text
    assert sealed_of(both, "Gil") is None
    assert both.edit("Gil", "filmed")[0] == "Robot"


def test_a_consumer_that_may_only_identify_is_told(both: Granting) -> None:
    browser = both.sign_in("Hal", "23")
    both.rights = ("read",)
    try:
        assert both.granted(browser) == "identify"
    finally:
        both.rights = None
    assert "cdx-message--error" in browser.get("/me/grant?told=identify").text
    assert sealed_of(both, "Hal") is None


def test_nobody_grants_for_somebody_else(both: Granting) -> None:
    browser = both.sign_in("Ida", "24")
    both.arrives_as("Jon", "25")
    assert both.granted(browser) == "other"
    assert sealed_of(both, "Ida") is None
    begun = both.begun(browser).headers["Refresh"].partition("url=")[2]
    thief = both.sign_in("Kim", "26")
    assert thief.get(both.answer(begun)).status_code == 403, "what one browser began no other ends"
    assert sealed_of(both, "Kim") is None


def test_a_member_waits_for_one_answer_and_begins_no_flood(both: Granting) -> None:
    browser = both.sign_in("Otto", "29")
    form = {"token": token(browser)}
    told = [browser.post("/me/grant", data=form).location for _ in range(21)]
    assert told == [None] * 20 + ["/me/grant?told=later"]
    member = both.services.accounts.members.named("Otto")
    assert member is not None
    waiting = browser.application.extensions["capx_pending"]._waiting.values()
    assert len([one for one in waiting if one.member == member.id]) == 1


def test_forms_of_others_begin_nothing(both: Granting) -> None:
    browser = both.sign_in("Lea", "27")
    assert browser.post("/me/grant", data={"token": "x"}).status_code == 403
    assert browser.post("/me/grant/withdraw", data={}).status_code == 403
    stranger = both.browser()
    assert stranger.get("/me/grant").status_code == 303
    assert stranger.post("/me/grant").location.startswith("/signin?")


def test_who_has_a_local_account_is_told_to_come_from_the_wiki(both: Granting) -> None:
    both.services.accounts.add("Mia", "correct horse battery")
    browser = both.browser()
    form = browser.get("/signin").text.partition('action="/signin"')[2]
    entry = form.partition('name="token" value="')[2].partition('"')[0]
    browser.post("/signin", data={"token": entry, "name": "Mia", "password": "correct horse battery"})
    assert 'action="/me/grant"' not in browser.get("/me/grant").text
    assert browser.post("/me/grant", data={"token": token(browser, "/me/sessions")}).status_code == 403


def test_what_is_held_is_told_without_the_tokens_and_goes_with_the_member(both: Granting) -> None:
    browser = both.sign_in("Nia", "28")
    assert both.granted(browser) == "given"
    given = list(both.oauth.tokens)[-1]
    held = browser.get("/me/export.json")
    assert list(json.loads(held.data)["private"]["wiki_grant"]["wiki_grant"][0]) == ["wiki", "given", "ended"]
    assert given not in held.text
    folder = both.services.settings.data
    files = b"".join(path.read_bytes() for path in folder.glob("private.sqlite*"))
    assert given.encode() not in files, "a copy of the files edits nowhere"
    member = both.services.accounts.members.named("Nia")
    assert member is not None
    both.services.erasures.erase("Nia")
    assert both.services.accounts.wiki_grants.of(member.id) is None


def test_one_edits_by_oauth_1_in_ones_own_name(tmp_path: Path) -> None:
    with granting(tmp_path, protocol=1) as old:
        browser = old.sign_in("Ana", "17")
        assert old.granted(browser) == "given"
        assert old.edit("Ana", "making films")[0] == "Ana"
        old.revoke("Ana")
        assert old.edit("Ana", "making films again")[0] == "Robot"
        assert sealed_of(old, "Ana") is None


def test_sealed_tokens_open_for_their_owner_and_consumer_alone() -> None:
    tokens = Tokens("a", "r", "s", 7)
    sealed = Sealing(SECRET).sealed(3, tokens)
    assert Sealing(SECRET).opened(3, sealed) == tokens
    assert Sealing(SECRET).opened(4, sealed) is None
    assert Sealing("another").opened(3, sealed) is None
    assert Sealing(SECRET).opened(3, b"torn") is None
    assert "'r'" not in repr(tokens)


class _Fake:
    """A writer that remembers who edited, or fails."""

    def __init__(self, name: str, error: Exception | None = None) -> None:
        self.name, self.error, self.said = name, error, list[Any]()

    def update(self, entity_id: str, _: object, *, summary: str | None, **__: object) -> Receipt:
        if self.error:
            raise self.error
        self.said.append(summary)
        return Receipt(entity_id, 1, changed=True)


class _Lenders:
    def __init__(self, own: _Fake) -> None:
        self.own, self.ended = own, list[str]()

    def writer(self, account: str) -> Any:
        return self.own

    def refused(self, account: str) -> None:
        self.ended.append(account)


@pytest.mark.parametrize("error", [Forbidden("blocked"), Unavailable("away")])
def test_whom_the_wiki_forbids_an_edit_the_service_does_not_help_past_it(error: Exception) -> None:
    service = _Fake("service")
    lenders = _Lenders(_Fake("own", error))
    writer = SplitWriter(_Fake("here"), service, taken=lambda _: None, lenders=lenders)  # type: ignore[arg-type]
    with pytest.raises(type(error)):
        writer.update("Q5", {}, account="Ana", base_revision=1)
    assert service.said == []
    assert lenders.ended == []


def test_a_service_without_an_account_there_edits_for_nobody_else() -> None:
    lenders = _Lenders(_Fake("own", SessionEnded("revoked")))
    writer = SplitWriter(_Fake("here"), None, taken=lambda _: None, lenders=lenders)  # type: ignore[arg-type]
    with pytest.raises(Forbidden):
        writer.update("Q5", {}, account="Ana", base_revision=1)
    assert lenders.ended == ["Ana"]


OAUTH = {"CAPX_OAUTH_URL": "https://wiki.example", "CAPX_OAUTH_CLIENT": "c", "CAPX_OAUTH_SECRET": "s"}


@pytest.mark.parametrize(
    ("given", "client"),
    [
        ({"CAPX_WIKIBASE_URL": "https://wiki.example/w/api.php"}, "c"),
        ({"CAPX_WIKIBASE_URL": "https://other.example/w/api.php"}, None),
        ({"CAPX_WIKIBASE_URL": "https://other.example/w/api.php", "CAPX_GRANTS": "yes"}, "c"),
        ({"CAPX_WIKIBASE_URL": "https://wiki.example/w/api.php", "CAPX_GRANTS": "no"}, None),
        ({}, None),
        (
            {
                "CAPX_WIKIBASE_URL": "https://wiki.example/w/api.php",
                "CAPX_GRANT_CLIENT": "g",
                "CAPX_GRANT_SECRET": "t",
            },
            "g",
        ),
    ],
)
def test_grants_are_offered_where_both_are_one_wiki_or_the_operator_says_so(
    given: dict[str, str], client: str | None
) -> None:
    found = setting_list.load({**OAUTH, **given}).grants
    assert (found.client if found else None) == client


@pytest.mark.parametrize("given", [{"CAPX_GRANTS": "yes"}, {**OAUTH, "CAPX_GRANTS": "yes"}, {"CAPX_GRANT_CLIENT": "g"}])
def test_half_of_the_settings_is_refused(given: dict[str, str]) -> None:
    with pytest.raises(InvalidSetting):
        setting_list.load(given)
