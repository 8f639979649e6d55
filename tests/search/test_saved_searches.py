"""Kept searches and their feeds: who has come to match, for readers without a session, out of what is public alone."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from html import unescape
from xml.etree import ElementTree

import pytest
from flask.testing import FlaskClient
from werkzeug.test import TestResponse

from capx_graph.membership import Change, Field, Line, Part, State
from capx_graph.pace import Pace
from tests.houses.directory import House, house
from webapp.rooms import searches

ATOM = "{http://www.w3.org/2005/Atom}"
EVIL = "\"'>]]><script>alert(1)</script>&amp;\x00\x08\ufffe\u202e"


@pytest.fixture(scope="module")
def home(tmp_path_factory: pytest.TempPathFactory) -> Iterator[House]:
    with house(tmp_path_factory.mktemp("house")) as opened:
        opened.person("Early", offers=opened.item("36"))
        yield opened


def browser(home: House, name: str | None = None) -> FlaskClient:
    client = home.visitor()
    if name:
        home.sign_in(name, client=client)
    return client


def keep(home: House, client: FlaskClient, query: str, name: str) -> TestResponse:
    form = {key: unescape(value) for key, value in home.form(f"/search?{query}", "/me/searches", client).items()}
    return client.post("/me/searches", data=form | {"name": name, "act": "save"})


def feed_address(client: FlaskClient) -> str:
    return unescape(re.findall(r'class="saved-feed" href="([^"]*)"', client.get("/me/searches?uselang=en").text)[0])


def entries(answer: TestResponse) -> list[tuple[str, str]]:
    assert answer.status_code == 200
    root = ElementTree.fromstring(answer.data)
    return [
        (entry.findtext(f"{ATOM}id", ""), entry.findtext(f"{ATOM}title", "")) for entry in root.iter(f"{ATOM}entry")
    ]


def act(client: FlaskClient, what: str) -> int:
    page = client.get("/me/searches").text
    form = dict(re.findall(r'name="(token|search)" value="([^"]*)"', page))
    return client.post("/me/searches", data=form | {"act": what}).status_code


def test_a_feed_tells_who_came_to_match_since_the_search_was_kept(home: House) -> None:
    ana, reader = browser(home, "Ana"), browser(home)
    assert keep(home, ana, f"capacity={home.item('10')}&role=offers&sort=name&limit=5", "Editors").status_code == 303
    address = feed_address(ana)
    assert re.fullmatch(r"/feeds/[\w-]{43}\.atom\?uselang=en", address)
    answer = reader.get(address)
    assert entries(answer) == []
    assert answer.content_type == "application/atom+xml; charset=utf-8"
    item = home.person("Late", offers=home.item("11"))
    again = reader.get(address, headers={"If-None-Match": answer.headers["ETag"]})
    assert entries(again) == [(home.services.namespaces.entity + item, "Late")]
    root = ElementTree.fromstring(again.data)
    page = home.services.repository.page(item)
    assert page is not None
    entry = next(root.iter(f"{ATOM}entry"))
    assert entry.findtext(f"{ATOM}updated") == page.modified.strftime("%Y-%m-%dT%H:%M:%SZ")
    assert "offers" in (entry.findtext(f"{ATOM}summary") or "")
    assert root.findtext(f"{ATOM}title") == "Editors · capx-graph"
    links = {link.get("rel"): link.get("href") for link in root.findall(f"{ATOM}link")}
    assert f"/search?capacity={home.item('10')}&role=offers" in str(links["alternate"])
    assert str(links["self"]).endswith(address)
    unchanged = reader.get(address, headers={"If-None-Match": again.headers["ETag"]})
    assert (unchanged.status_code, unchanged.data) == (304, b"")
    home.services.repository.delete([item], actor="Late")
    home.services.ingest.catch_up()
    assert entries(reader.get(address)) == []


def test_a_feed_speaks_the_language_of_its_address(home: House) -> None:
    bea = browser(home, "Bea")
    keep(home, bea, "class=person&role=offers", "x")
    home.person("Multi", offers=home.item("11"))
    address = feed_address(bea).partition("?")[0]
    portuguese, arabic = (browser(home).get(f"{address}?uselang={code}") for code in ("pt-br", "ar"))
    assert entries(portuguese) == entries(arabic)
    assert portuguese.headers["ETag"] != arabic.headers["ETag"]
    assert ElementTree.fromstring(arabic.data).get("{http://www.w3.org/XML/1998/namespace}lang") == "ar"
    assert browser(home).get(f"{address}?uselang=%00").status_code == 200


def test_what_members_keep_private_is_in_no_feed_of_their_own_either(home: House) -> None:
    client = browser(home, "Cem")
    account = home.services.accounts.account("Cem")
    assert account is not None
    member = home.services.accounts.members.of(account)
    keep(home, client, "class=person", "everybody")
    own = home.services.membership.own
    now = own.read(member).parts
    parts = {
        Field.OFFERS: Part(State.PUBLIC, (Line("offers", home.item("36")),)),
        Field.WANTS: Part(State.PRIVATE, (Line("wants", home.item("11")),)),
        Field.ABOUT: Part(State.MEMBERS, (Line("displayName", "Xylophon"),)),
    }
    changes = {part: Change(content, now[part].mark) for part, content in parts.items()}
    own.save(member, changes, agreed=True, wording="1", language="en")
    answer = client.get(feed_address(client))
    assert "Cem" in [title for _, title in entries(answer)]
    assert "Xylophon" not in answer.text
    keep(home, client, f"capacity={home.item('11')}&role=wants", "wishes")
    own.save(member, {}, agreed=True, wording="1", language="en")
    assert entries(client.get(feed_address(client))) == []


def test_an_address_is_taken_back_and_ends_with_its_search(home: House) -> None:
    dan, reader = browser(home, "Dan"), browser(home)
    keep(home, dan, "q=organizational", "first")
    first = feed_address(dan)
    assert reader.get(first).status_code == 200
    assert act(dan, "renew") == 303
    second = feed_address(dan)
    assert (reader.get(first).status_code, reader.get(second).status_code) == (404, 200)
    assert act(dan, "stop") == 303
    assert reader.get(second).status_code == 404
    assert "saved-feed" not in dan.get("/me/searches").text
    assert act(dan, "renew") == 303
    third = feed_address(dan)
    held = json.loads(dan.get("/me/export.json").data)["private"]["searches"]["saved_search"]
    assert [(one["name"], one["query"]) for one in held] == [("first", "q=organizational")]
    assert third.split("/")[2].partition(".")[0] not in dan.get("/me/export.json").text
    assert act(dan, "remove") == 303
    assert reader.get(third).status_code == 404


def test_who_leaves_takes_their_feeds_along(home: House) -> None:
    eli = browser(home, "Eli")
    keep(home, eli, "class=organization", "x")
    address = feed_address(eli)
    home.services.erasures.erase("Eli")
    assert browser(home).get(address).status_code == 404


def test_nobody_changes_or_reads_anothers_searches(home: House) -> None:
    fay, gus = browser(home, "Fay"), browser(home, "Gus")
    keep(home, fay, "class=organization", "private words")
    keep(home, gus, "class=organization", "x")
    assert "private words" not in gus.get("/me/searches").text
    theirs = re.findall(r'name="search" value="(\d+)"', fay.get("/me/searches").text)[0]
    token = re.findall(r'name="token" value="([^"]*)"', gus.get("/me/searches").text)[-1]
    for what in ("remove", "renew", "stop"):
        gus.post("/me/searches", data={"token": token, "act": what, "search": theirs})
        assert gus.post("/me/searches", data={"token": "", "act": what, "search": theirs}).status_code == 403
    assert browser(home).get(feed_address(fay)).status_code == 200
    assert browser(home).get("/me/searches").status_code == 303
    assert "save-search" not in browser(home).get("/search?class=person").text


@pytest.mark.parametrize(
    ("changed", "status"),
    [
        ({"name": ""}, 400),
        ({"name": "\x00\n"}, 400),
        ({"name": "x" * 101}, 400),
        ({"query": ""}, 400),
        ({"query": "sort=name&uselang=ar"}, 400),
        ({"query": "capacity=Q99999999"}, 400),
        ({"query": "class=nonsense"}, 400),
        ({"query": "q=" + "x" * 3000}, 400),
        ({"query": "evil=1&<script>"}, 400),
        ({"act": "other"}, 400),
        ({"act": "renew", "search": "1 OR 1=1"}, 400),
        ({"token": ""}, 403),
    ],
)
def test_what_cannot_be_kept_is_refused(home: House, changed: dict[str, str], status: int) -> None:
    hal = browser(home, "Hal")
    form = home.form("/search?class=person", "/me/searches", hal) | {"name": "x", "act": "save"}
    assert hal.post("/me/searches", data=form | changed).status_code == status
    assert "saved-feed" not in hal.get("/me/searches").text


def test_hostile_names_break_neither_the_page_nor_the_feed(home: House) -> None:
    ivy = browser(home, "Ivy")
    keep(home, ivy, "class=person&q=%3Cb%3E", EVIL[:60])
    page = ivy.get("/me/searches").text
    assert "<script>alert" not in page
    answer = browser(home).get(feed_address(ivy))
    title = ElementTree.fromstring(answer.data).findtext(f"{ATOM}title") or ""
    assert "<script>alert(1)</script>&amp;" in title
    assert not any(ord(letter) < 32 for letter in title)


def test_hostile_names_of_people_are_text_in_a_feed(home: House) -> None:
    jan = browser(home, "Jan")
    keep(home, jan, "class=person&role=knows", "x")
    name = "Ana <b>&]]>\"' \u202e"
    home.person(name.strip(), knows=home.item("11"))
    answer = browser(home).get(feed_address(jan))
    assert [title for _, title in entries(answer)] == [name.strip()]
    assert b"<b>" not in answer.data


def test_feeds_are_asked_at_a_pace(home: House) -> None:
    kim, reader = browser(home, "Kim"), browser(home)
    reader.application.extensions["capx_pace_searches_answers"] = Pace(most=2, seconds=3600)
    keep(home, kim, "class=person", "x")
    address = feed_address(kim)
    tag = reader.get(address).headers["ETag"]
    assert reader.get(address).status_code == 200
    assert reader.get(address).status_code == 429
    assert reader.get(address).headers["Retry-After"] == "600"
    assert reader.get(address, headers={"If-None-Match": tag}).status_code == 304
    guesses = [reader.get(f"/feeds/{'x' * 42}{number}.atom").status_code for number in range(4)]
    assert guesses == [404, 404, 429, 429]


def test_a_list_has_an_end(home: House, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(searches, "MOST_SEARCHES", 1)
    lou = browser(home, "Lou")
    assert keep(home, lou, "class=person", "one").status_code == 303
    assert keep(home, lou, "class=person", "two").status_code == 400
