"""Drafts from elsewhere on their owner's pages: offered, looked at, used or deleted; and never seen by anybody else."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from datetime import timedelta
from html import unescape
from pathlib import Path
from unittest import mock

import pytest
from flask.testing import FlaskClient
from werkzeug.datastructures import MultiDict
from werkzeug.test import TestResponse

from capx_graph.accounts import DraftOutcome, DraftRecord, Said
from capx_graph.membership import Field
from tests.houses.directory import House, house
from tests.members.forms import fields

SECRET = "Xylophonquartett"


@pytest.fixture(scope="module")
def home(tmp_path_factory: pytest.TempPathFactory) -> Iterator[House]:
    with house(tmp_path_factory.mktemp("drafts")) as opened:
        yield opened


def plant(home: House, name: str, *values: Said, source: str = "letsconnect", dated: str = "2026-02-17") -> None:
    record = DraftRecord(name, source, "registrations.csv", 7, values, dated)
    assert home.services.accounts.drafts.keep([record])["new"] == 1


def values(home: House) -> tuple[Said, ...]:
    return (
        Said("wants", "10", home.item("10")),
        Said("wants", "flying"),
        Said("offers", "films", home.item("12")),
        Said("knows", "films", home.item("12")),
        Said("speaks", "German", "Q1"),
        Said("displayName", f"<b>{SECRET}"),
        Said("team", "Team <i>"),
    )


def form(text: str) -> MultiDict[str, str]:
    """What a browser would send of the form of the page, without any button."""
    body = text[text.index('action="/me/draft"') : text.rindex("</form>")]
    found: MultiDict[str, str] = MultiDict()
    for tag in re.findall(r"<input[^>]*>", body):
        attributes = dict(re.findall(r'(\w+)="([^"]*)"', tag))
        if attributes.get("type") != "checkbox" or " checked" in tag:
            found.add(attributes["name"], unescape(attributes["value"]))
    for name in re.findall(r'<select[^>]*name="([^"]*)"', body):
        found.add(name, "")
    return found


def save(client: FlaskClient, sent: MultiDict[str, str], **more: str) -> TestResponse:
    """Sends the form of the profile with a button."""
    for name, value in more.items():
        sent[name.replace("__", ".")] = value
    return client.post("/me/edit", data=sent)


def test_many_drafts_are_told_as_many(home: House) -> None:
    anna = home.browser("Anna Blau")
    with mock.patch.object(type(home.services.membership.offers), "waiting", return_value=[None] * 1000):
        for address in ("/me", "/me/edit"):
            assert "brouillons de votre profil vous attendent" in anna.get(f"{address}?uselang=fr").text


def test_a_draft_is_offered_to_its_owner_with_where_each_value_came_from(home: House) -> None:
    plant(home, "anna_Blau", *values(home))
    anna = home.browser("Anna Blau")
    for address in ("/me", "/me/edit"):
        assert 'href="/me/draft"' in anna.get(address).text
    text = anna.get("/me/draft").text
    assert "registrations.csv" in text
    assert "row 7" in text
    assert "February 17, 2026" in text
    assert "budgeting" in text
    assert f"&lt;b&gt;{SECRET}" in text
    assert "Team &lt;i&gt;" in text
    assert "flying" in text
    assert anna.get("/me/draft").headers["Cache-Control"] == "no-store"


def test_what_is_chosen_fills_the_form_and_is_public_only_once_it_is_saved(home: House) -> None:
    plant(home, "Berta", *values(home))
    berta = home.browser("Berta")
    sent = form(berta.get("/me/draft").text)
    answer = berta.post("/me/draft", data=sent)
    assert answer.status_code == 200
    filled = fields(answer.text)
    assert filled["offers"] == filled["knows"] == home.item("12")
    assert filled["wants"] == home.item("10")
    assert filled["about.displayName"] == f"<b>{SECRET}"
    assert filled["offers.state"] == "private"
    assert filled["draft"]
    stranger = home.visitor()
    assert stranger.get("/person/Berta").status_code == 404
    searched = save(berta, filled, wants__find="commun", find="wants")
    filled = fields(searched.text)
    assert filled["draft"], "a search in the form forgets nothing"
    filled["offers.state"] = "public"
    filled["about.displayName"] = "Berta B."
    refused = save(berta, filled, save="1")
    assert refused.status_code == 400
    assert 'href="/me/draft"' in berta.get("/me").text
    saved = save(berta, fields(refused.text), save="1", agreed="1")
    assert saved.status_code == 303
    assert "Berta" in home.found(home.item("12"))
    assert "Berta" not in home.found(home.item("10"), "wants")
    assert 'href="/me/draft"' not in berta.get("/me").text
    held = berta.get("/me/export.json").get_json()["private"]["drafts"]["drafts"]
    assert [(draft["outcome"], draft["values"]) for draft in held] == [("used", [])]
    again = DraftRecord("Berta", "letsconnect", "r.csv", 1, values(home))
    assert home.services.accounts.drafts.keep([again])["settled"] == 1


def test_what_is_unclear_is_asked_and_what_is_chosen_counts(home: House) -> None:
    plant(home, "Carla", Said("wants", "communi things"), Said("wants", "12", home.item("12")))
    carla = home.browser("Carla")
    text = carla.get("/me/draft").text
    [name] = re.findall(r'name="(meant\.[^"]*)"', text)
    offered = re.findall(r'<option value="(Q\d+)"', text)
    assert offered
    sent = form(text)
    sent.poplist("value")
    sent[name] = offered[0]
    assert fields(carla.post("/me/draft", data=sent).text).getlist("wants") == [offered[0]]
    for foreign in ("Q1", "Q999999", home.item("12") + "x", "<script>"):
        sent[name] = foreign
        answer = carla.post("/me/draft", data=sent)
        assert answer.status_code == 200
        assert fields(answer.text).getlist("wants") == []


def test_what_the_profile_says_already_stays(home: House) -> None:
    plant(home, "Dora", Said("displayName", "Other"), Said("wants", "12", home.item("12")), Said("wikidataId", "Q42"))
    dora = home.browser("Dora")
    own = fields(dora.get("/me/edit").text)
    own["about.displayName"] = "Dora D."
    assert save(dora, own, save="1").status_code == 303
    filled = fields(dora.post("/me/draft", data=form(dora.get("/me/draft").text)).text)
    assert filled["about.displayName"] == "Dora D."
    assert filled["wikidata"] == "Q42"
    assert filled["wants"] == home.item("12")


def test_a_draft_is_deleted_for_good(home: House) -> None:
    plant(home, "Emil", Said("displayName", SECRET + "Emil"))
    emil = home.browser("Emil")
    text = emil.get("/me/draft").text
    [number] = re.findall(r'name="delete" value="(\d+)"', text)
    assert emil.post("/me/draft", data={"delete": number}).status_code == 403
    for hostile in ("9" * 30, "9" * 5000, "-1", "٣", "x"):
        assert emil.post("/me/draft", data={"token": form(text)["token"], "delete": hostile}).status_code == 303
        assert SECRET in emil.get("/me/draft").text
    answer = emil.post("/me/draft", data={"token": form(text)["token"], "delete": number})
    assert answer.location == "/me/draft?done=1"
    assert SECRET not in emil.get("/me/draft?done=1").text
    again = DraftRecord("Emil", "letsconnect", "r.csv", 1, (Said("team", "T"),))
    assert home.services.accounts.drafts.keep([again])["settled"] == 1
    assert 'name="delete"' not in emil.get("/me/draft").text


def test_nobody_else_sees_uses_or_deletes_a_draft_by_any_address(home: House) -> None:
    plant(home, "Frida", Said("displayName", SECRET + "Frida"), Said("offers", "12", home.item("12")))
    frida, otto = home.browser("Frida"), home.browser("Otto")
    stranger = home.visitor()
    text = frida.get("/me/draft").text
    number = re.findall(r'name="delete" value="(\d+)"', text)[0]
    token = re.findall(r'name="token" value="([^"]*)"', otto.get("/me/draft").text + otto.get("/me/edit").text)[0]
    for client in (otto, stranger):
        for address in (
            "/me", "/me/draft", f"/me/draft?draft={number}", f"/me/draft/{number}", "/me/draft?name=Frida",
            f"/me/edit?draft={number}", "/me/export.json", "/me/export.ttl", "/me/draft.json", "/person/Frida",
            "/me/draft?user=Frida", "/search.json?q=Frida", f"/search.json?q={SECRET}Frida", "/me/matches.json",
        ):  # fmt: skip
            assert SECRET not in client.get(address, follow_redirects=True).text, address
    for sent in (
        {"delete": number}, {"value": f"{number}.0"}, {"value": f"{number}.0", "draft": number},
        {f"meant.{number}.0": home.item("12")},
    ):  # fmt: skip
        assert SECRET not in otto.post("/me/draft", data={"token": token} | sent).text
        assert stranger.post("/me/draft", data=sent, follow_redirects=True).status_code in (403, 200)
    own = fields(otto.get("/me/edit").text)
    own.add("draft", number)
    own["about.displayName"] = "Otto O."
    save(otto, own, save="1")
    assert SECRET in frida.get("/me/draft").text
    triples = stranger.get("/sparql", query_string={"query": "SELECT * { ?s ?p ?o }", "format": "csv"}).text
    assert SECRET not in triples
    assert "Frida" not in triples


def test_drafts_are_for_those_whom_the_wiki_vouches_for_where_people_sign_in_there(home: House) -> None:
    plant(home, "Greta", Said("displayName", SECRET + "Greta"), source="capx")
    accounts, offers = home.services.accounts, home.services.membership.offers
    impostor = accounts.members.of(accounts.add("Greta", "correct horse"))
    with mock.patch.object(offers, "_elsewhere", new=True):
        assert offers.waiting(impostor) == []
        assert SECRET not in home.browser("Greta").get("/me/draft").text
    vouched = accounts.members.arrive("https://meta.example", "12345", "Gustav").member
    plant(home, "gustav", Said("team", "T"), source="capx")
    with mock.patch.object(offers, "_elsewhere", new=True):
        assert len(offers.waiting(vouched)) == 1
    held = home.services.erasures.export("Greta", at=home.services.settings.now())
    assert "drafts" not in held.private


def test_who_registers_a_name_is_offered_nothing_that_files_say_of_it(home: House) -> None:
    """Anybody can register under any name: that shows nothing, unless the operator says that it does."""
    plant(home, "Jorge", Said("displayName", SECRET + "Jorge"), source="capx")
    accounts, offers = home.services.accounts, home.services.membership.offers
    impostor = accounts.members.of(accounts.add("Jorge", "correct horse", self_made=True))
    assert offers.waiting(impostor) == []
    client = home.browser("Jorge")
    for address in ("/me", "/me/edit", "/me/draft", "/me/export.json"):
        assert SECRET not in client.get(address).text
    with mock.patch.object(offers, "_self_made", return_value=False):
        assert len(offers.waiting(impostor)) == 1


def test_a_draft_stays_with_its_owner_when_the_name_goes_to_somebody_else(home: House) -> None:
    accounts, offers = home.services.accounts, home.services.membership.offers
    issuer = "https://meta.example"
    plant(home, "Hugo", Said("team", "first"), source="capx")
    first = accounts.members.arrive(issuer, "1", "Hugo").member
    assert len(offers.waiting(first)) == 1
    second = accounts.members.arrive(issuer, "2", "Hugo").member
    plant(home, "Hugo", Said("team", "second"), source="capx")
    [draft] = offers.waiting(second)
    assert draft.record.values[0].text == "second"
    renamed = accounts.members.by_id(first.id)
    assert renamed is not None
    [draft] = offers.waiting(renamed)
    assert draft.record.values[0].text == "first"
    assert offers.settle(second, [draft.id], DraftOutcome.DISMISSED) == 0


def test_leaving_takes_drafts_along(home: House) -> None:
    plant(home, "Inga", Said("displayName", SECRET + "Inga"))
    inga = home.browser("Inga")
    held = json.dumps(inga.get("/me/export.json").get_json()["private"])
    assert SECRET + "Inga" in held
    assert SECRET + "Inga" in inga.get("/me/export.ttl").text
    home.services.erasures.erase("Inga")
    assert SECRET + "Inga" not in str(home.services.accounts.database.rows("SELECT * FROM draft"))
    plant(home, "Never here", Said("displayName", SECRET + "Never"))
    home.services.erasures.erase("never_here")
    assert SECRET + "Never" not in str(home.services.accounts.database.rows("SELECT * FROM draft"))
    plant(home, "never here", Said("displayName", SECRET + "Never"))  # as a restored copy would
    with mock.patch.object(type(home.services.erasures), "_taken_in", return_value=(0, 0)):
        home.services.erasures.reapply()
    assert SECRET + "Never" not in str(home.services.accounts.database.rows("SELECT * FROM draft"))


def test_nothing_of_a_draft_serves_matches(home: House) -> None:
    plant(home, "Jana", Said("wants", "12", home.item("12")))
    jana = home.browser("Jana")
    jana.get("/me")
    assert home.item("12") not in jana.get("/me/matches.json").text
    profile = home.services.membership.own.read(home.services.accounts.members.named("Jana"))  # type: ignore[arg-type]
    assert not profile.values(Field.WANTS)


def test_hundreds_of_values_are_shown_and_used(home: House, tmp_path: Path) -> None:
    many = [Said("wants", str(number), home.item("12")) for number in range(500)]
    plant(home, "Kim", *many)
    kim = home.browser("Kim")
    assert fields(kim.post("/me/draft", data=form(kim.get("/me/draft").text)).text)["wants"] == home.item("12")


def test_drafts_that_nobody_came_for_are_deleted_in_time(home: House) -> None:
    drafts = home.services.accounts.drafts
    plant(home, "Lena", Said("team", SECRET + "Lena"))
    later = home.services.settings.now() + timedelta(days=31)
    assert drafts.end_unclaimed(30) == 0
    with mock.patch.object(drafts, "_clock", return_value=later):
        assert drafts.end_unclaimed(0) == 0
        assert drafts.end_unclaimed(30) > 0
    assert SECRET + "Lena" not in str(home.services.accounts.database.rows("SELECT * FROM draft"))
