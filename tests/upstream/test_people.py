"""People whose items go to the connected Wikibase by their own act (``CAPX_PEOPLE=upstream``), and how they leave."""

from __future__ import annotations

import json
import sys
from collections.abc import Iterator
from dataclasses import replace
from datetime import timedelta
from pathlib import Path
from typing import Any
from unittest import mock

import pytest
from flask.testing import FlaskClient

from capx_graph.accounts import Saved
from capx_graph.cli import main
from capx_graph.connected import instance_of, people_there
from capx_graph.connected.writing import service_writer
from capx_graph.errors import Forbidden, InvalidSetting
from capx_graph.importers.drafts import ItemDraft, Vocabulary
from capx_graph.membership import Change, Field, Line, Part, Profile, State, holder_of
from capx_graph.model import EntityKind, SearchRequest
from capx_graph.namespaces import OWN_IDS
from capx_graph.privacy import Outcome
from tests.houses.grants import Granting, granting
from tests.houses.upstream import remote_wiki, settings_for
from tests.members.forms import fields

UPSTREAM = {"CAPX_PEOPLE": "upstream", "CAPX_DELETION_PAGE": "Project:Deletions"}


@pytest.fixture(scope="module")
def both(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Granting]:
    with granting(tmp_path_factory.mktemp("people"), **UPSTREAM) as opened:
        yield opened


def publish(both: Granting, name: str, *, there: bool = True, state: State = State.PUBLIC, **said: str) -> Profile:
    """A member says what they offer, and consents to one wording or the other."""
    own, member = both.services.membership.own, both.member(name)
    assert own.there is not None
    lines = tuple(Line(part, value) for part, value in (said or {"offers": both.capacity()}).items())
    now = own.read(member).parts
    part = {"offers": Field.OFFERS, "takesPartIn": Field.TAKING_PART}.get(lines[0].name, Field.ABOUT)
    wording = own.there.wording("t") if there else "t"
    change = Change(Part(state, lines), now[part].mark)
    return own.save(member, {part: change}, agreed=True, wording=wording, language="en")


def there(both: Granting, item: str | None) -> Any:
    """What the wiki has under an id."""
    page = both.remote.repository.page(item or "")
    return page.entity if page else None


def names_found(both: Granting) -> list[str]:
    request = SearchRequest(capacities=(both.capacity(),), classes=(EntityKind.PERSON,))
    return [hit.name for hit in both.services.search.run(request).hits]


def leaves(browser: FlaskClient, name: str) -> str:
    """A member leaves on the pages; answers where they are led."""
    form = browser.get("/me/erase").text
    token = form.partition('action="/me/erase"')[2].partition('name="token" value="')[2].partition('"')[0]
    done = browser.post("/me/erase", data={"token": token, "name": name})
    assert done.status_code == 303, done.text
    return str(done.location)


def test_a_profile_goes_there_by_the_members_own_act_and_is_found_here(both: Granting) -> None:
    browser = both.sign_in("Ana", "17")
    page = browser.get("/me/edit")
    own = both.services.membership.own
    assert own.there is not None
    assert f"written as an item into another wiki, <bdi>{own.there.wiki}</bdi>" in page.text
    form = fields(page.text)
    form["about.displayName"] = "Ana Silva"
    form["about.state"] = "public"
    form["save"] = "1"
    assert browser.post("/me/edit", data=form).status_code == 400, "not without consent"
    assert both.member("Ana").item is None
    form["agreed"] = "1"
    assert browser.post("/me/edit", data=form).location == "/me?saved=1"
    item = both.member("Ana").item
    assert item is not None
    assert int(item[1:]) < OWN_IDS
    assert there(both, item)["labels"]["en"]["value"] == "Ana Silva"
    consents = both.services.accounts.values.consents(both.member("Ana").id)
    assert all(one.wording.endswith(f" upstream {own.there.wiki}") for one in consents)
    publish(both, "Ana")
    assert "Ana" in names_found(both)
    assert browser.get("/person/Ana").status_code == 200
    asker = both.services.matching.asker("Ana")
    assert both.services.matching.matches(asker, reader=("en",), limit=5) is not None
    assert both.services.repository.owned_by("Ana") == []
    summaries = [line.summary for line in both.remote.repository.history.revisions(entity_id=item, limit=9)]
    assert not any("Ana" in summary for summary in summaries), "a history is kept when the item is not"
    assert both.differences() == []


def test_with_their_grant_it_is_written_in_their_own_name(both: Granting) -> None:
    browser = both.sign_in("Bea", "18")
    assert both.granted(browser) == "given"
    item = publish(both, "Bea").item
    (first,) = both.remote.repository.history.revisions(entity_id=item, limit=5)
    assert first.actor == "Bea"
    assert "for Bea" not in first.summary


def test_what_is_changed_there_is_read_here_and_nothing_of_it_is_lost(both: Granting) -> None:
    both.sign_in("Carla", "19")
    item = publish(both, "Carla").item
    assert item is not None
    claims = both.remote.content(item)["claims"]
    offers = both.remote.instance.property_id("offers")
    other = both.capacity("11")
    again = json.loads(json.dumps(claims[offers][0]))
    again["id"] = f"{item}$00000000-0000-4000-8000-000000000077"
    again["mainsnak"]["datavalue"]["value"] = {"entity-type": "item", "numeric-id": int(other[1:]), "id": other}
    both.remote.change(item, claims={**claims, offers: [*claims[offers], again]})
    profile = publish(both, "Carla", displayName="Carla N.")  # on what was here before: the wiki says it changed
    assert {line.value for line in profile.parts[Field.OFFERS].lines} == {both.capacity(), other}
    assert len(there(both, item)["claims"][offers]) == 2
    assert both.differences() == []


def test_an_item_here_goes_there_with_the_first_consent_to_that(both: Granting) -> None:
    browser = both.sign_in("Dora", "20")
    here = publish(both, "Dora", there=False).item
    assert here is not None
    assert int(here[1:]) > OWN_IDS
    both.services.accounts.saved.add(here, Saved("Q1"))
    own = both.services.membership.own
    assert own.waits_for_consent(both.member("Dora"))
    assert "is still kept here" in browser.get("/me/edit").text
    assert publish(both, "Dora", there=False, displayName="Dora D.").item == here, "no other wording moves it"
    assert own.there is not None
    moved = own.save(both.member("Dora"), {}, agreed=True, wording=own.there.wording("t"), language="en").item
    assert moved is not None
    assert int(moved[1:]) < OWN_IDS
    assert there(both, moved)["labels"]["en"]["value"] == "Dora D."
    assert both.services.repository.owned_by("Dora") == []
    assert both.services.repository.page(here) is None
    assert both.services.accounts.saved.items(moved) == {"Q1"}
    consented = both.services.accounts.values.consents(both.member("Dora").id)
    assert {one.field for one in consented if own.there.is_meant(one.wording)} >= {"offers", "about"}
    assert browser.get("/person/Dora").status_code == 200
    assert both.differences() == []


def test_taking_something_back_moves_nothing_there(both: Granting) -> None:
    browser = both.sign_in("Dina", "30")
    here = publish(both, "Dina", there=False).item
    assert publish(both, "Dina", there=False, displayName="Dina D.").item == here
    form = fields(browser.get("/me/edit").text)
    form.pop("agreed", None)
    assert browser.post("/me/edit", data=form | {"about.state": "private", "save": "1"}).location == "/me?saved=1"
    own, member = both.services.membership.own, both.member("Dina")
    assert own.there is not None
    assert member.item == here
    assert not any(own.there.is_meant(one.wording) for one in both.services.accounts.values.consents(member.id))
    both.services.reconfirmation.confirm(member, wording=own.there.wording("t"), language="en")
    own.settle(member)
    assert both.member("Dina").item == here, "nor does saying that it is still true"
    assert own.waits_for_consent(both.member("Dina"))


def test_a_move_that_was_cut_off_makes_no_second_item(both: Granting, monkeypatch: pytest.MonkeyPatch) -> None:
    both.sign_in("Sia", "37")
    here = publish(both, "Sia", there=False).item
    assert here is not None
    own, members = both.services.membership.own, both.services.accounts.members
    assert own.there is not None
    both.services.accounts.saved.add(here, Saved("Q1"))
    with monkeypatch.context() as patch:
        patch.setattr(type(members), "set_item", mock.Mock(side_effect=KeyboardInterrupt))
        with pytest.raises(KeyboardInterrupt):
            own.save(both.member("Sia"), {}, agreed=True, wording=own.there.wording("t"), language="en")
    both.differences()
    assert own.settle_all() == 1
    item = both.member("Sia").item
    assert item is not None
    assert int(item[1:]) < OWN_IDS
    labels = [page.entity["labels"] for page in both.remote.repository.scan("item") if page.entity]
    assert len([1 for held in labels if held.get("en", {}).get("value") == "Sia"]) == 1
    assert both.services.repository.page(here) is None
    assert both.services.accounts.saved.items(item) == {"Q1"}


def test_what_was_hidden_is_shown_there_again_by_the_form_that_asks_for_consent(both: Granting) -> None:
    browser = both.sign_in("Tia", "38")
    item = publish(both, "Tia").item
    own = both.services.membership.own
    assert own.make_private(both.member("Tia"), still=lambda: True)
    shown = browser.get("/me/edit").text
    form = {"token": fields(shown)["token"], "act": "restore"}
    assert browser.post("/me/confirm", data=form).location == "/me/edit"
    assert 'name="agreed"' in shown
    assert there(both, item)["claims"] == {}


def test_what_is_taken_back_is_emptied_and_filled_again(both: Granting) -> None:
    browser = both.sign_in("Eva", "21")
    item = publish(both, "Eva").item
    assert publish(both, "Eva", state=State.PRIVATE).item is None
    assert there(both, item)["claims"] == {}
    assert browser.get("/person/Eva").status_code == 404
    holder = both.services.membership.own.holder(both.member("Eva"))
    assert holder == holder_of(both.member("Eva"))
    assert publish(both, "Eva").item == item
    assert browser.get("/person/Eva").status_code == 200
    assert both.differences() == []


def test_a_new_name_follows_there(both: Granting) -> None:
    both.sign_in("Fay", "22")
    item = publish(both, "Fay").item
    both.sign_in("Fay Green", "22")
    username = both.remote.instance.property_id("username")
    said = [one["mainsnak"]["datavalue"]["value"] for one in there(both, item)["claims"][username]]
    assert said == ["Fay Green"]
    assert both.browser().get("/person/Fay Green").status_code == 200


def test_an_item_there_takes_part_in_a_project_there(both: Granting) -> None:
    both.sign_in("Pia", "33")
    meetup = record_there(both, "Edit-a-thon of the lakes", class_name="Project")
    item = publish(both, "Pia", takesPartIn=meetup).item
    assert both.remote.instance.property_id("takesPartIn") in there(both, item)["claims"]
    assert [ref.code for ref in both.services.profiles.project(meetup).people] == ["Pia"]
    assert both.differences() == []


def test_an_item_that_was_merged_there_is_followed(both: Granting) -> None:
    both.sign_in("Gil", "23")
    old = publish(both, "Gil").item
    assert old is not None
    new = record_there(both, "Gil")
    both.remote.redirect(old, new)
    both.differences()
    assert publish(both, "Gil", displayName="Gil G.").item == new
    assert there(both, new)["labels"]["en"]["value"] == "Gil G."


def test_who_has_a_record_there_takes_it_up_when_the_wiki_vouches_for_them(both: Granting) -> None:
    item, _ = record_there(both, "Hal"), record_there(both, "Ida")
    both.sign_in("Hal", "24")
    assert publish(both, "Hal").item == item
    both.services.accounts.add("Ida", "correct horse battery")
    member = both.services.accounts.account("Ida")
    assert member is not None
    both.services.accounts.members.of(member)
    with pytest.raises(Forbidden):
        publish(both, "Ida")


def record_there(both: Granting, name: str, *, class_name: str = "Person") -> str:
    (item,) = both.remote.repository.allocate("item", 1)
    draft = ItemDraft(Vocabulary(both.remote.instance), item, class_name=class_name)
    draft.label("en", name)
    if class_name == "Person":
        draft.add("username", name)
    both.remote.write(draft.entity())
    both.differences()
    return item


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


def test_people_go_nowhere_where_they_cannot_be(tmp_path: Path) -> None:
    with remote_wiki(tmp_path / "remote") as remote:
        alone = settings_for(remote, tmp_path / "data", CAPX_PEOPLE="upstream")
        with pytest.raises(InvalidSetting, match="nobody edits"):
            people_there(alone, instance_of(alone))
        assert people_there(settings_for(remote, tmp_path / "data"), instance_of(alone)) is None
        few = tmp_path / "data" / "instances" / "few.ttl"
        few.parent.mkdir(parents=True, exist_ok=True)
        few.write_text(
            f"""@prefix capxi: <https://w3id.org/capx/instance/> .
<https://w3id.org/capx/instance/few> a capxi:Instance ;
    capxi:conceptBase "{remote.repository.namespaces.entity}" ; capxi:complete false .
""",
            encoding="utf-8",
        )
        lacking = settings_for(remote, tmp_path / "data", CAPX_PEOPLE="upstream", CAPX_INSTANCE="few")
        with pytest.raises(InvalidSetting, match=r"lacks.* offers"):
            people_there(lacking, instance_of(lacking))
