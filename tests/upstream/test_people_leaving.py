"""People whose items are at the connected Wikibase, and how they leave: what is gone, remains, or is asked again."""

from __future__ import annotations

import json
import sys
from dataclasses import replace
from datetime import timedelta

import pytest

from capx_graph.cli import main
from capx_graph.connected.writing import service_writer
from capx_graph.errors import Forbidden
from capx_graph.membership import State
from capx_graph.privacy import Outcome
from tests.houses.grants import Granting
from tests.houses.people_upstream import leaves, publish, record_there, there

pytestmark = pytest.mark.slow


def test_who_leaves_is_gone_here_and_told_what_remains_there(both: Granting) -> None:
    browser = both.sign_in("Jovita", "25")
    item = publish(both, "Jovita").item
    assert item is not None
    address = both.services.namespaces.entity_iri(item)
    assert address in browser.get("/me/erase").text
    back = leaves(browser, "Jovita")
    text = browser.get(back).text
    assert f'href="{address}"' in text
    assert "Its history has 2 revisions, which can still be read." in text
    assert "index.php?oldid=" in text
    assert address not in browser.get(back.replace("proof=", "proof=0")).text, "not for whoever guesses the number"
    assert "Jovita" not in text
    assert there(both, item)["claims"] == there(both, item)["labels"] == {}
    (asked,) = [one for one in both.remote.sections if one["sectiontitle"] == item]
    assert asked["title"] == "Project:Deletions"
    assert "Jovita" not in asked["text"] + asked["summary"]
    (kept,) = [one for one in both.services.erasures.remaining.all() if one.entity_id == item]
    assert (kept.outcome, kept.revisions, kept.address) == (Outcome.EMPTIED, 2, address)
    assert f"{item} {address}: emptied; 2 revisions" in str(kept)
    assert both.services.repository.page(item) is None
    both.remote.label(item, "Jovita again")
    assert both.differences() == [], "and what somebody writes there again does not come back"
    both.sync.sweep()
    assert both.services.repository.page(item) is None
    assert both.browser().get("/person/Jovita").status_code == 404


def test_an_item_that_was_emptied_before_is_told_too(both: Granting) -> None:
    both.sign_in("Kim", "26")
    item = publish(both, "Kim").item
    publish(both, "Kim", state=State.PRIVATE)
    (left,) = both.services.erasures.erase("Kim").remains
    assert (left.entity_id, left.outcome) == (item, Outcome.EMPTIED)


def test_a_wiki_that_cannot_be_asked_is_asked_again(both: Granting) -> None:
    both.sign_in("Lea", "27")
    item = publish(both, "Lea").item
    erasures = both.services.erasures
    beyond = erasures._beyond
    away = replace(
        both.services.settings, wikibase=replace(both.services.settings.wikibase, url="http://127.0.0.1:9/api.php")
    )  # type: ignore[type-var]
    erasures._beyond = replace(beyond, settings=away)  # type: ignore[type-var]
    try:
        (left,) = erasures.erase("Lea").remains
    finally:
        erasures._beyond = beyond
    assert left.outcome is Outcome.UNREACHED
    assert both.services.repository.page(item or "") is None, "here nothing waits for it"
    assert there(both, item)["claims"] != {}
    assert erasures.ask_again(since=timedelta(0)) == 1
    (kept,) = [one for one in erasures.remaining.all() if one.entity_id == item]
    assert kept.outcome is Outcome.EMPTIED
    assert there(both, item)["claims"] == {}
    assert erasures.ask_again(since=timedelta(0)) == 0


def test_what_a_member_lent_is_renewed_before_they_are_gone(both: Granting) -> None:
    browser = both.sign_in("Pia", "35")
    both.oauth.lifetime = 100
    assert both.granted(browser) == "given"
    both.oauth.lifetime = 14400
    item = publish(both, "Pia").item
    erasures = both.services.erasures
    beyond, grants = erasures._beyond, both.services.grants
    assert grants is not None
    member, tokens = both.member("Pia"), grants._sealing
    grant = grants.of(member)
    assert grant is not None
    assert grant.sealed is not None
    held = tokens.opened(member.id, grant.sealed)
    assert held is not None
    both.services.accounts.wiki_grants.keep(member.id, grants.wiki, tokens.sealed(member.id, replace(held, expires=1)))
    erasures._beyond = replace(beyond, service=None)  # type: ignore[type-var]
    try:
        (left,) = erasures.erase("Pia").remains
    finally:
        erasures._beyond = beyond
    assert left.outcome is Outcome.EMPTIED
    assert there(both, item)["claims"] == {}
    assert member.id not in grants._lent


def test_where_the_wiki_lets_nobody_in_it_is_asked_again(both: Granting) -> None:
    both.sign_in("Rea", "36")
    item = publish(both, "Rea").item
    erasures = both.services.erasures
    beyond = erasures._beyond
    refused = replace(both.services.settings, writing=replace(both.services.settings.writing, password="wrong"))
    erasures._beyond = replace(beyond, service=service_writer(refused))  # type: ignore[type-var]
    try:
        (left,) = erasures.erase("Rea").remains
    finally:
        erasures._beyond = beyond
    assert left.outcome is Outcome.UNREACHED
    assert erasures.ask_again(since=timedelta(0)) == 1
    assert there(both, item)["claims"] == {}


def test_where_the_service_may_delete_it_does(both: Granting) -> None:
    both.sign_in("Mia", "28")
    item = publish(both, "Mia").item
    both.theirs.set_groups("Robot", ("bot", "sysop"))
    try:
        (left,) = both.services.erasures.erase("Mia").remains
    finally:
        both.theirs.set_groups("Robot", ("bot",))
    assert (left.entity_id, left.outcome, left.revisions) == (item, Outcome.DELETED, 1)
    assert there(both, item) is None
    assert both.differences() == []


def test_nobody_empties_there_what_only_has_their_name(both: Granting) -> None:
    account = both.services.accounts.add("Ola", "correct horse battery")
    both.services.accounts.members.of(account)
    item = record_there(both, "Ola")
    assert both.services.erasures.erase("Ola").remains == ()
    assert there(both, item)["claims"] != {}
    (left,) = both.services.erasures.erase("Ola").remains
    assert (left.entity_id, left.outcome) == (item, Outcome.EMPTIED), "it is the operator's to say so, by the command"


def test_who_writes_their_name_on_the_item_of_another_erases_nothing_of_it(both: Granting) -> None:
    both.sign_in("Vera", "31")
    both.sign_in("Max", "32")
    item, record = publish(both, "Vera").item, record_there(both, "Somebody")
    assert item is not None
    username = both.remote.instance.property_id("username")
    for number, one in enumerate((item, record)):
        claims = both.remote.content(one)["claims"]
        added = json.loads(json.dumps(claims[username][0])) | {
            "id": f"{one}$00000000-0000-4000-8000-00000000008{number}"
        }
        added["mainsnak"]["datavalue"]["value"] = "Max"
        both.remote.change(one, claims={**claims, username: [*claims[username], added]})
    both.differences()
    with pytest.raises(Forbidden):
        publish(both, "Max")
    assert both.member("Max").item is None
    assert both.services.erasures.erase("Max").remains == ()
    assert len(there(both, item)["claims"][username]) == 2
    assert both.services.repository.page(item) is not None
    assert there(both, record)["claims"] != {}


def test_an_item_that_became_something_else_there_stays_as_it_is(both: Granting) -> None:
    both.sign_in("Nora", "33")
    old, film = publish(both, "Nora").item, both.capacity("11")
    assert old is not None
    both.remote.redirect(old, film)
    both.differences()
    assert not both.services.membership.own.lives_there(both.member("Nora"))
    assert both.member("Nora").item == old, "a redirect to what is no person of this name is not followed"
    assert both.services.erasures.erase("Nora").remains == ()
    assert there(both, film)["claims"] != {}
    assert both.services.repository.page(film) is not None
    both.sign_in("Otto", "34")
    item = publish(both, "Otto").item
    assert item is not None
    both.remote.change(item, claims=both.remote.content(film)["claims"])  # not read here yet
    (left,) = both.services.erasures.erase("Otto").remains
    assert left.outcome is Outcome.STANDING
    assert there(both, item)["claims"] != {}


def test_the_command_says_what_remains(
    both: Granting, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    both.sign_in("Nia", "29")
    item = publish(both, "Nia").item
    for name, value in both.environ.items():
        monkeypatch.setenv(name, value)
    monkeypatch.setattr(sys, "argv", ["capx", "--data", str(both.services.settings.data), "erase", "Nia"])
    with pytest.raises(SystemExit) as ended:
        main()
    assert not ended.value.code
    assert (
        f"remains elsewhere: {item} {both.services.namespaces.entity_iri(item or '')}: emptied"
        in capsys.readouterr().err
    )
    assert there(both, item)["claims"] == {}
