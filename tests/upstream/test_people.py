"""People whose items go to the connected Wikibase by their own act (``CAPX_PEOPLE=upstream``), and how they leave."""

from __future__ import annotations

import json
from pathlib import Path
from unittest import mock

import pytest

from capx_graph.accounts import Saved
from capx_graph.connected import instance_of, people_there
from capx_graph.errors import Forbidden, InvalidSetting
from capx_graph.membership import Field, State, holder_of
from capx_graph.namespaces import OWN_IDS
from tests.houses.grants import Granting
from tests.houses.people_upstream import names_found, publish, record_there, there
from tests.houses.upstream import remote_wiki, settings_for
from tests.members.forms import fields

pytestmark = pytest.mark.slow


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
    consents = both.services.accounts.consents.of(both.member("Ana").id)
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
    consented = both.services.accounts.consents.of(both.member("Dora").id)
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
    assert not any(own.there.is_meant(one.wording) for one in both.services.accounts.consents.of(member.id))
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
    assert [line.person.code for line in both.services.profiles.project(meetup).people.people] == ["Pia"]
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
