"""The form of one's own profile and the pages around it: with plain forms, by strangers, by other members."""

from __future__ import annotations

import re
from collections.abc import Iterator
from html import unescape
from pathlib import Path

import pytest
from flask.testing import FlaskClient

from capx_graph.accounts import Saved
from capx_graph.errors import Unavailable
from capx_graph.membership import Change, Field, Line, Part, State
from capx_graph.repository.wsgi import COOKIE
from capx_graph.stewardship import KINDS
from tests.houses.directory import House, house, project
from tests.members.forms import fields, opened, send

pytestmark = pytest.mark.slow

SECRET = "Xylophonquartett"
"""What nobody but its owner may find."""


@pytest.fixture
def home(tmp_path: Path) -> Iterator[House]:
    with house(tmp_path) as opened:
        opened.sign_in("Ana")
        yield opened


def test_nobody_agrees_to_keys_of_messages(home: House) -> None:
    form = opened(home)
    form["about.displayName"], form["about.state"] = "Ana", "public"
    answer = home.client.post("/me/edit?uselang=qqx", data=form | {"agreed": "1", "save": "1"})
    assert answer.status_code == 400
    assert "(failure-consent" in answer.text


def test_a_capacity_is_found_added_and_published_by_plain_forms(home: House) -> None:
    page = send(home, opened(home), offers__find="commun", find="offers")
    buttons = re.findall(r'name="add" value="(offers:Q\d+)"', page.text)
    assert buttons
    page = send(home, fields(page.text), add=buttons[0])
    item = buttons[0].partition(":")[2]
    assert f'name="offers" value="{item}"' in page.text
    form = fields(page.text)
    form[f"offers.level.{item}"] = "advanced"
    form.add(f"offers.format.{item}", "mentoring")
    refused = send(home, form.copy(), offers__state="public", save="1")
    assert refused.status_code == 400
    assert "tick the box" in refused.text
    answer = send(home, form, offers__state="public", agreed="1", save="1")
    assert answer.location == "/me?saved=1"
    stranger = home.visitor()
    text = stranger.get("/person/Ana").text
    assert "advanced" in text.lower()
    assert "mentoring" in text.lower()


def test_who_takes_part_in_a_project_stands_on_its_page_and_does_not_keep_it(home: House) -> None:
    meetup = project(home)
    page = send(home, opened(home), takingPart__find="lakes", find="takingPart")
    page = send(home, fields(page.text), add=f"takingPart:{meetup}")
    answer = send(home, fields(page.text), takingPart__state="public", agreed="1", save="1")
    assert answer.location == "/me?saved=1"
    stranger = home.visitor()
    assert f'href="/project/{meetup}"' in stranger.get("/person/Ana").text
    shown = stranger.get(f"/project/{meetup}").text
    assert 'href="/person/Ana"' in shown
    query = re.search(r'href="(/query\?[^"]*project_people[^"]*)"', shown)
    assert query
    assert "Ana" in stranger.get(unescape(query[1])).text
    assert home.client.get(f"/manage/{meetup}").status_code == 403
    assert meetup in home.client.get("/me/export.json").text
    assert send(home, opened(home), takingPart__state="private", save="1").status_code == 303
    assert 'href="/person/Ana"' not in stranger.get(f"/project/{meetup}").text


def test_a_first_publication_is_kept_while_the_engine_is_silent(home: House, monkeypatch: pytest.MonkeyPatch) -> None:
    meetup, form = project(home), opened(home)
    form["about.displayName"], form["about.state"], form["takingPart"] = "Ana Silva", "public", meetup

    def silent(*_: object, **__: object) -> None:
        raise Unavailable("the engine gives no answer")

    with monkeypatch.context() as patch:
        for name in ("ask", "construct", "select", "subject_triples"):
            patch.setattr(type(home.services.store), name, silent)
        answer = home.client.post("/me/edit?uselang=de", data=form | {"agreed": "1", "save": "1"})
        assert answer.status_code == 503
        assert "Es ist für dich aufbewahrt" in answer.text
        assert "the engine" not in answer.text
        kept = fields(home.client.get("/me/edit").text)
    assert (kept["about.displayName"], kept["takingPart"]) == ("Ana Silva", meetup)
    assert home.services.membership.own.settle_all() == 1
    assert home.client.get("/person/Ana").status_code == 200


def test_enter_searches_what_was_typed_and_saves_otherwise(home: House) -> None:
    page = send(home, opened(home), enter="1", languages__find="Portug")
    assert re.search(r'name="add" value="languages:Q\d+"', page.text)
    form = opened(home)
    form["about.displayName"] = "Ana Silva"
    assert send(home, form, enter="1").status_code == 303
    assert "Ana Silva" in home.client.get("/me/edit").text


def test_what_was_typed_is_still_there_after_a_search(home: House) -> None:
    form = opened(home)
    form["about.displayName"] = "Ana <Silva>"
    page = send(home, form, wants__find="film", find="wants")
    assert fields(page.text)["about.displayName"] == "Ana <Silva>"


def test_a_rule_is_told_at_its_field(home: House) -> None:
    form = opened(home)
    form["wikidata"] = "Q12x"
    answer = send(home, form, save="1")
    assert answer.status_code == 400
    part = answer.text[answer.text.index('id="wikidata"') :]
    assert "cdx-message--error" in part[: part.index("</fieldset>")]


@pytest.mark.parametrize(
    ("language", "form", "said"),
    [
        ("he", {"wikidata": "Q12x"}, "הפריט בוויקינתונים הוא מזהה אחד"),
        ("zh-tw", {"wikidata": "Q12x"}, "维基数据项目是一个编号"),
        ("uk", {"about__displayName": "я" * 500}, "Текст має щонайбільше"),
        ("nl", {"wikidata": "Q12x"}, "The Wikidata item is one id"),
    ],
)
def test_what_is_said_at_a_field_is_in_the_readers_language(
    home: House, language: str, form: dict[str, str], said: str
) -> None:
    sent = opened(home)
    for name, value in form.items():
        sent[name.replace("__", ".")] = value
    sent["save"] = "1"
    answer = home.client.post(f"/me/edit?uselang={language}", data=sent)
    assert answer.status_code == 400
    assert said in answer.text


def test_a_conflict_shows_both_versions_and_lets_one_choose(home: House) -> None:
    first, second = opened(home), opened(home)
    first["about.displayName"], second["about.displayName"] = "First", "Second"
    assert send(home, first, save="1").status_code == 303
    answer = send(home, second, save="1")
    assert answer.status_code == 409
    assert "First" in answer.text
    assert fields(answer.text)["about.displayName"] == "Second"
    assert send(home, fields(answer.text), save="1").status_code == 303
    assert fields(home.client.get("/me/edit").text)["about.displayName"] == "Second"


def test_two_windows_that_change_different_parts_are_no_conflict(home: House) -> None:
    first, second = opened(home), opened(home)
    first["about.displayName"], second["wikidata"] = "First", "Q42"
    assert send(home, first, save="1").status_code == 303
    second["about.displayName"] = ""
    assert send(home, second, save="1").status_code == 303
    kept = opened(home)
    assert (kept["about.displayName"], kept["wikidata"]) == ("First", "Q42")


@pytest.mark.parametrize("name", ["about.displayName", "about.image", "about.text", "wikidata", "activity.joined"])
def test_no_field_carries_markup_into_a_page(home: House, name: str) -> None:
    form = opened(home)
    hostile = '"><script>alert(1)</script>'
    if name == "about.text":
        form.setlist(name, [hostile])
        form.setlist("about.language", ["en"])
    else:
        form[name] = hostile
    form["about.state"] = "public"
    answer = send(home, form, agreed="1", save="1")
    pages = [answer.text, *(home.client.get(a).text for a in ("/me", "/me/edit", "/person/Ana", "/search?q=script"))]
    assert not any("<script>alert" in text for text in pages)


@pytest.mark.parametrize(
    "given",
    [
        "Ana de café.jpg",
        "File:Ana de café.jpg",
        "Ficheiro: Ana de café.jpg",
        "ファイル:Ana de café.jpg",
        "https://commons.wikimedia.org/wiki/File:Ana_de_caf%C3%A9.jpg?uselang=pt#filelinks",
    ],
)
def test_a_picture_is_named_as_it_was_copied_and_links_to_its_page(home: House, given: str) -> None:
    form = opened(home)
    form["about.image"] = given
    assert send(home, form, about__state="public", agreed="1", save="1").status_code == 303
    assert opened(home)["about.image"] == "Ana de café.jpg"
    page = home.client.get("/person/Ana").text
    assert 'href="https://commons.wikimedia.org/wiki/File:Ana%20de%20caf%C3%A9.jpg">Ana de café.jpg</a>' in page
    assert '"image": "https://commons.wikimedia.org/wiki/Special:FilePath/Ana%20de%20caf%C3%A9.jpg"' in page


def test_forms_of_other_sites_and_of_strangers_save_nothing(home: House) -> None:
    form = opened(home)
    form["about.displayName"] = "Mallory"
    form["token"] = "+\\"
    assert home.client.post("/me/edit", data=form).status_code == 403
    stranger = home.visitor()
    assert stranger.post("/me/edit", data=form).status_code in (303, 403)
    assert stranger.get("/me/edit").status_code == 303
    assert "Mallory" not in home.client.get("/me/edit").text


def test_a_member_writes_to_their_own_profile_only(home: House) -> None:
    form = opened(home)
    form["about.displayName"] = SECRET
    assert send(home, form, save="1").status_code == 303
    other = home.browser("Beatriz")
    for address in ("/me", "/me/edit", "/me/edit?member=1&name=Ana", "/person/Ana", "/me/edit/Ana"):
        assert SECRET not in other.get(address).text
    assert other.post("/me/edit", data=form).status_code == 403


PUBLIC_ADDRESSES = (
    "/person/Ana", "/person/Ana?uselang=pt", "/search?q={word}", "/search.json?q={word}", "/suggest.json?q={word}",
    "/person/Ana/matches", "/person/Ana/matches.json", "/wiki/Special:EntityData/{item}.json",
    "/wiki/Special:EntityData/{item}.ttl", "/wiki/Item:{item}", "/wiki/Item:{item}?action=history",
    "/wiki/Special:RecentChanges", "/w/api.php?action=feedrecentchanges",
    "/w/api.php?action=wbgetentities&ids={item}&format=json",
    "/w/api.php?action=query&list=recentchanges&rcprop=comment|title&format=json", "/sitemap.xml", "/directory", "/",
    "/w/rest.php/wikibase/v1/entities/items/{item}", "/analytics.json",
)  # fmt: skip


@pytest.mark.parametrize("state", [State.PRIVATE, State.MEMBERS])
def test_a_stranger_finds_nothing_that_is_not_public(home: House, state: State) -> None:
    accounts, own = home.services.accounts, home.services.membership.own
    ana = accounts.members.of(accounts.account("Ana"))  # type: ignore[arg-type]
    hidden = home.item("11")
    now = own.read(ana).parts
    wanted = {
        Field.OFFERS: Part(State.PUBLIC, (Line("offers", home.item("10")),)),
        Field.WANTS: Part(state, (Line("wants", hidden, evidence=f"https://{SECRET}.example/", page=SECRET),)),
        Field.ABOUT: Part(state, (Line("displayName", SECRET), Line("about", SECRET, language="en"))),
        Field.WIKIDATA: Part(state, (Line("wikidataId", "Q424242"),)),
    }
    changes = {part: Change(content, now[part].mark) for part, content in wanted.items()}
    item = own.save(ana, changes, agreed=True, wording="1", language="en").item
    stranger = home.visitor()
    for address in PUBLIC_ADDRESSES:
        answer = stranger.get(address.format(item=item, word=SECRET))
        text = answer.text.replace(f"q={SECRET}", "").replace(f'value="{SECRET}"', "")
        found = re.sub(r"<title>[^<]*</title>", "", text)
        assert "Q424242" not in found, address
        assert f"https://{SECRET}" not in found, address
        if "word" not in address:
            assert SECRET not in found, address
    assert hidden not in stranger.get("/wiki/Special:EntityData/" + (item or "") + ".json").text
    assert stranger.get(f"/search.json?q={SECRET}").json["total"] == 0
    assert stranger.get(f"/search.json?capacity={hidden}&role=wants&class=person").json["total"] == 0
    everything = "SELECT (COUNT(*) AS ?n) WHERE { ?s ?p ?o FILTER(CONTAINS(STR(?o), '" + SECRET + "')) }"
    counted = stranger.get("/sparql", query_string={"query": everything, "format": "json"}).json
    assert counted["results"]["bindings"][0]["n"]["value"] == "0"
    member: FlaskClient = home.visitor()
    home.sign_in("Beatriz", client=member)
    seen = member.get("/person/Ana").text
    assert (SECRET in seen) == (state is State.MEMBERS)
    assert member.get(f"/search.json?q={SECRET}").json["total"] == 0


def test_a_profile_for_members_alone_is_no_page_for_strangers(home: House) -> None:
    form = opened(home)
    form["about.displayName"] = SECRET
    assert send(home, form, about__state="members", agreed="1", save="1").status_code == 303
    stranger = home.visitor()
    nobody, there = stranger.get("/person/Nobody"), stranger.get("/person/Ana")
    assert there.status_code == nobody.status_code == 404
    assert len({re.sub(r"Ana(?!l)|Nobody", "X", answer.text) for answer in (there, nobody)}) == 1
    assert SECRET in home.client.get("/person/Ana").text


def test_what_would_help_is_counted(home: House) -> None:
    accounts, own = home.services.accounts, home.services.membership.own
    item = home.item("10")
    for name in ("Um", "Dois"):
        home.session(name)
        other = accounts.members.of(accounts.account(name))  # type: ignore[arg-type]
        seen = own.read(other).parts[Field.WANTS].mark
        wish = Part(State.PUBLIC, (Line("wants", item),))
        own.save(other, {Field.WANTS: Change(wish, seen)}, agreed=True, wording="1", language="en")
    page = send(home, opened(home), add=f"offers:{item}")
    send(home, fields(page.text), save="1")
    text = home.client.get("/me").text
    assert "2 people could find you" in re.sub(r"[\u2068\u2069]", "", text)
    assert "/me/edit#languages" in text


def test_what_a_member_has_here_stands_in_groups_the_profile_first_and_leaving_last(home: House) -> None:
    text = home.client.get("/me").text
    (groups,) = re.findall(r'<div class="mine-groups">(.*?)</div>', text, re.DOTALL)
    assert re.findall(r"<h2>(.*?)</h2>", groups)[::3] == ["Your profile", "Account and data"]
    links = re.findall(r'<li><a href="([^"]+)">[^<]*</a>(<span class="quiet">[^<]+</span>)?', groups)
    assert text.index('href="/me/edit">') < text.index(groups)
    assert (links[0][0], links[-1][0]) == ("/me/contact", "/me/erase")
    assert {address for address, line in links if not line} == {f"/propose/{kind}" for kind in KINDS}
    assert len(links) > 9


def test_what_only_i_know_of_myself_serves_my_own_matches_alone(home: House) -> None:
    accounts, own = home.services.accounts, home.services.membership.own
    item = home.item("10")
    home.session("Bruno")
    bruno = accounts.members.of(accounts.account("Bruno"))  # type: ignore[arg-type]
    offered = Change(Part(State.PUBLIC, (Line("offers", item),)), own.read(bruno).parts[Field.OFFERS].mark)
    own.save(bruno, {Field.OFFERS: offered}, agreed=True, wording="1", language="en")
    page = send(home, opened(home), add=f"wants:{item}")
    send(home, fields(page.text), save="1")
    text = home.client.get("/me/matches").text
    assert "Bruno" in text
    assert "/query?" not in text
    stranger = home.visitor()
    assert stranger.get("/me/matches").status_code == 303
    assert stranger.get("/person/Ana/matches").status_code == 404
    assert "Ana" not in re.sub("Analytics", "", stranger.get("/person/Bruno/matches").text)


def test_the_owner_of_a_page_of_matches_is_not_shown_whom_they_saved(home: House) -> None:
    """A stranger who opens the same address knows nothing of the list."""
    accounts, own = home.services.accounts, home.services.membership.own
    item = home.item("10")
    people = {}
    for name, field, link in (("Ana", Field.WANTS, "wants"), ("Bruno", Field.OFFERS, "offers")):
        home.session(name)
        account = accounts.account(name)
        assert account is not None
        member = accounts.members.of(account)
        change = Change(Part(State.PUBLIC, (Line(link, item),)), own.read(member).parts[field].mark)
        people[name] = own.save(member, {field: change}, agreed=True, wording="1", language="en").item or ""
    accounts.saved.add(people["Ana"], Saved(people["Bruno"], "sharer"))
    address = "/person/Ana/matches.json"

    def teachers(client: FlaskClient, more: str = "") -> list[str]:
        answer = client.get(address + more).get_json()
        return [hit["name"] for hit in answer["learn_from"]]

    stranger = home.visitor()
    home.sign_in("Ana")
    assert teachers(stranger) == teachers(stranger, "?saved=1") == ["Bruno"]
    assert teachers(home.client) == []
    assert teachers(home.client, "?saved=1") == ["Bruno"]
    assert teachers(stranger) == ["Bruno"]
    assert "/query?" not in home.client.get("/person/Ana/matches").text


def test_a_program_with_a_bot_password_does_not_open_what_is_its_owners(home: House) -> None:
    account = home.services.accounts.account("Ana")
    assert account is not None
    program = home.visitor()
    program.set_cookie(COOKIE, home.services.accounts.open_session(account, frozenset({"edit", "createpage"})))
    for address in ("/me", "/me/edit", "/me/matches", "/me/sessions", "/me/choices.json?field=wants&q=a"):
        assert program.get(address).status_code == 403
    assert program.post("/me/edit", data=opened(home)).status_code == 403
