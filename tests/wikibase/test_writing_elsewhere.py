"""Edits of a Wikibase elsewhere: how the service logs in, waits, renews its token, and never tells a secret."""

from __future__ import annotations

import traceback
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import pytest

from capx_graph import settings as setting_list
from capx_graph.errors import (
    Conflict,
    Forbidden,
    InvalidInput,
    InvalidSetting,
    OutcomeUnknown,
    RateLimited,
    Unavailable,
)
from capx_graph.wikibase.elsewhere import Elsewhere, KeptSession, Manners, WikiCredentials
from capx_graph.wikibase.patience import IN_A_REQUEST, LONG, patience, waiting_at_most
from capx_graph.wikibase.writer import Writer, WriterSettings
from tests.houses.elsewhere import PASSWORD, USER, WikiElsewhere, in_english, wiki_elsewhere
from webapp.request.mount import mounted

AGENT = "capx-graph/test (test@example.org)"
BOT = WikiCredentials(user=USER, password=PASSWORD)
DRAFT = {"type": "item", "labels": in_english("one"), "descriptions": {}}


@pytest.fixture(scope="module")
def house(tmp_path_factory: pytest.TempPathFactory) -> Iterator[WikiElsewhere]:
    with wiki_elsewhere(tmp_path_factory.mktemp("elsewhere")) as found:
        yield found


@pytest.fixture
def wiki(house: WikiElsewhere) -> WikiElsewhere:
    house.asked.clear()
    house.troubles.clear()
    return house


class Slept(list[float]):
    """Seconds that would have been slept."""

    def __call__(self, seconds: float) -> None:
        self.append(seconds)


def writer(wiki: WikiElsewhere, who: WikiCredentials, sleep: Any = None, pause: float = 0.0) -> Writer:
    session = KeptSession(wiki.api, who, Manners(AGENT, pause), sleep=Slept() if sleep is None else sleep)
    return Writer(WriterSettings(wiki.api, AGENT, traceable=True), Elsewhere(session))


def credentials(wiki: WikiElsewhere, how: str) -> WikiCredentials:
    if how == "bot password":
        return BOT
    robot = wiki.accounts.account("Robot")
    assert robot is not None
    made = wiki.accounts.consumers.add(robot, "a tool", protocol=1 if how == "OAuth 1" else 2)
    if how == "OAuth 1":
        return WikiCredentials(
            consumer_key=made.key,
            consumer_secret=made.secret,
            access_token=made.access_token,
            access_secret=made.access_secret,
        )
    issued = wiki.accounts.consumers.issue_token(made.key, made.secret)
    assert issued is not None
    return WikiCredentials(token=issued[0])


@pytest.mark.parametrize("how", ["bot password", "OAuth 1", "OAuth 2"])
def test_the_service_edits_as_whom_its_credentials_name(wiki: WikiElsewhere, how: str) -> None:
    there = writer(wiki, credentials(wiki, how))
    made = there.create(DRAFT, account="", summary="because")
    changed = there.update(
        made.entity_id, {"labels": in_english(how)}, account="", base_revision=made.revision_id, summary="why"
    )
    assert wiki.items()[made.entity_id]["labels"] == in_english(how)
    newest = wiki.repository.recent_changes
    assert newest is not None
    assert changed.revision_id > made.revision_id
    edits = wiki.edits
    assert edits[0]["summary"].startswith("because (")
    assert (edits[1]["baserevid"], edits[0]["assert"], edits[0]["maxlag"]) == (str(made.revision_id), "user", "5")
    asked_for_tokens = [sent for sent in wiki.asked if sent.get("type") == "csrf"]
    assert len(asked_for_tokens) == 1, "one login and one token for many edits"
    assert all(AGENT in agent for agent in wiki.agents)


def test_a_wrong_password_is_told_without_the_password(wiki: WikiElsewhere) -> None:
    with pytest.raises(Forbidden, match="refused the login of Robot@capx") as caught:
        writer(wiki, WikiCredentials(user=USER, password="wrong" * 6)).create(DRAFT, account="")
    assert "wrongwrong" not in "".join(traceback.format_exception(caught.value))


def test_secrets_are_in_no_text_of_the_settings() -> None:
    given = {
        "CAPX_WIKIBASE_USER": "Ana@capx",
        "CAPX_WIKIBASE_PASSWORD": "secret-one",
        "CAPX_WIKIBASE_TOKEN": "secret-two",
        "CAPX_WIKIBASE_OAUTH1": "secret-3, secret-4, secret-5, secret-6",
    }
    settings = setting_list.load(given)
    assert settings.writing.oauth1[3] == "secret-6"
    assert "secret-" not in repr(settings)
    with pytest.raises(InvalidSetting, match="four parts") as caught:
        setting_list.load({"CAPX_WIKIBASE_OAUTH1": "secret-3,secret-4"})
    assert "secret-" not in str(caught.value)


@pytest.mark.parametrize("code", ["maxlag", "readonly", "ratelimited", "no-automatic-entity-id"])
def test_a_wiki_that_asks_to_come_back_later_is_waited_for(wiki: WikiElsewhere, code: str) -> None:
    slept = Slept()
    wiki.troubles.append(("200 OK", {"Retry-After": "7"}, {"error": {"code": code, "info": "later"}}))
    wiki.troubles.append(("429 Too Many Requests", {"Retry-After": "3"}, {}))
    writer(wiki, BOT, slept).create({**DRAFT, "labels": in_english(code)}, account="")
    assert [round(seconds) for seconds in slept] == [7, 3]


def test_a_wiki_that_never_has_time_is_given_up(wiki: WikiElsewhere) -> None:
    slept = Slept()
    wiki.troubles += [("429 Too Many Requests", {"Retry-After": "600"}, {})] * 9
    with pytest.raises(RateLimited):
        writer(wiki, BOT, slept).create(DRAFT, account="")
    assert len(slept) == 1, "not longer than a quarter of an hour in all"


def test_nobody_waits_long_for_a_page_while_the_wiki_takes_no_edits(wiki: WikiElsewhere) -> None:
    slept, found = Slept(), list[float]()
    there = writer(wiki, BOT, slept)
    there.create({**DRAFT, "labels": in_english("before")}, account="")
    wiki.troubles.append(("200 OK", {}, {"error": {"code": "ratelimited", "info": "later"}}))
    with waiting_at_most(IN_A_REQUEST), pytest.raises(RateLimited):
        there.create({**DRAFT, "labels": in_english("while")}, account="")
    assert slept == []
    application = mounted(lambda *_: found.append(patience()) or (), lambda *_: ())  # type: ignore[func-returns-value]
    application({"PATH_INFO": "/me/edit"}, None)
    assert (found, patience()) == ([IN_A_REQUEST], LONG)


def test_nobody_waits_long_for_a_page_while_others_edit(wiki: WikiElsewhere) -> None:
    session = KeptSession(wiki.api, BOT, Manners(AGENT, 0.0), sleep=Slept())
    with ThreadPoolExecutor(1) as others:
        others.submit(session._one.acquire).result()
        with waiting_at_most(0.01), pytest.raises(RateLimited, match="under way"):
            session.get(wiki.api)


@pytest.mark.parametrize("code", ["badtoken", "assertuserfailed"])
def test_a_token_or_session_that_ran_out_is_renewed_once(wiki: WikiElsewhere, code: str) -> None:
    there = writer(wiki, BOT)
    wiki.troubles.append(("200 OK", {}, {"error": {"code": code, "info": "who?"}}))
    there.create({**DRAFT, "labels": in_english(code)}, account="")
    assert sum(sent.get("action") == "login" for sent in wiki.asked) == 2
    wiki.troubles += [("200 OK", {}, {"error": {"code": code, "info": "who?"}})] * 2
    with pytest.raises(Forbidden):
        there.create(DRAFT, account="")


def test_a_page_instead_of_data_is_reported_as_one(wiki: WikiElsewhere) -> None:
    wiki.troubles.append(("403 Forbidden", {}, "<html><title>Just a moment...</title>"))
    with pytest.raises(Unavailable, match=r"a page instead of data.*403.*Just a moment"):
        writer(wiki, BOT).create(DRAFT, account="")
    wiki.troubles.append(("302 Found", {"Location": "http://other.example/"}, {}))
    with pytest.raises(Unavailable, match="leads elsewhere"):
        writer(wiki, BOT).create(DRAFT, account="")


def test_a_lost_answer_is_looked_for_and_a_conflict_told(wiki: WikiElsewhere) -> None:
    there = writer(wiki, BOT)
    made = there.create({**DRAFT, "labels": in_english("lost")}, account="")
    other = there.update(made.entity_id, {"labels": in_english("theirs")}, account="", base_revision=made.revision_id)
    with pytest.raises(Conflict):
        there.update(made.entity_id, {"labels": in_english("ours")}, account="", base_revision=made.revision_id)
    wiki.troubles.append(("500 Internal Server Error", {}, {}))
    with pytest.raises(OutcomeUnknown):
        there.update(made.entity_id, {"labels": in_english("x")}, account="", base_revision=other.revision_id)


def test_edits_keep_their_distance(wiki: WikiElsewhere) -> None:
    slept = Slept()
    there = writer(wiki, BOT, slept, pause=2.0)
    there.create({**DRAFT, "labels": in_english("paced 1")}, account="")
    there.create({**DRAFT, "labels": in_english("paced 2")}, account="")
    assert len(slept) == 1
    assert 1 < slept[0] <= 2


@pytest.mark.parametrize("address", ["ftp://wiki.example/api.php", "https://ana:secret@wiki.example/w/api.php", "wiki"])
def test_an_address_that_is_none_is_refused(address: str) -> None:
    with pytest.raises(InvalidInput):
        KeptSession(address, BOT, Manners(AGENT))
