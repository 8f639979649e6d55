"""A stranger who follows every link, asks every interface and reads every dump and feed finds nothing that is not
public; a member finds no more than what others show to members.
"""

from __future__ import annotations

import json
import re
from collections import Counter, deque
from collections.abc import Iterator
from html import unescape
from io import BytesIO
from urllib.parse import urlsplit

import pytest
from flask.testing import FlaskClient

from capx_graph.accounts import DraftRecord, Member, Said, Saved
from capx_graph.membership import Change, Field, Line, Part, State
from capx_graph.repository.dumps.dump import DumpFormat, write_dump
from tests.houses.directory import House, house

pytestmark = pytest.mark.slow

PRIVATE = re.compile(r"Xylophon\d*|Q77\d{4}\b", re.IGNORECASE)
NOT_PUBLIC = re.compile(rf"{PRIVATE.pattern}|Ocarina\d*|Q78\d{{4}}\b", re.IGNORECASE)
NOT_FOLLOWED = ("/static", "/signin", "/signout", "/embed", "/me")
MOST_OF_A_KIND = 1_100
"""Addresses of one kind of page: every person and every item has each page of theirs asked."""
BEGINNINGS = (
    "/", "/search?class=person&limit=100", "/search.json?class=person&limit=100", "/directory", "/sitemap.xml",
    "/analytics", "/analytics.json", "/dumps/", "/events", "/projects", "/openapi.json", "/privacy", "/query/examples",
    "/suggest.json?q=Xyl", "/suggest.json?q=Oca", "/search.json?q=Xylophon1", "/search.json?q=Ocarina1",
    "/query/things.json?q=Xylophon1", "/query/complete.json?q=Ocarina1",
    "/reconcile?queries=%7B%22a%22%3A%7B%22query%22%3A%22Xylophon0%22%7D%7D",
    "/wiki/Special:RecentChanges?limit=500", "/wiki/Special:RecentChanges?limit=500&feed=atom",
    "/w/api.php?action=query&list=recentchanges&rclimit=500&rcprop=title|comment|user&format=json",
    "/w/api.php?action=query&list=search&srsearch=Xylophon1&format=json",
    "/w/api.php?action=query&list=allusers&aulimit=500&format=json",
    "/w/api.php?action=wbsearchentities&search=Xyl&language=en&limit=50&format=json",
    "/w/api.php?action=feedrecentchanges", "/sparql?format=json&query=SELECT%20*%20%7B%3Fs%20%3Fp%20%3Fo%7D",
    "/sparql?format=json&query=SELECT%20*%20%7BGRAPH%20%3Fg%20%7B%3Fs%20%3Fp%20%3Fo%7D%7D",
)  # fmt: skip
GUESSED = (
    "/me/export.json?name={name}", "/me/saved?holder={item}", "/me/searches?user={number}", "/me/contact?name={name}",
    "/me/edit?name={name}", "/person/{name}?saved=1", "/person/{name}/matches.json?saved=1", "/person/{name}/contact",
    "/person/{name}/export.json", "/w/api.php?action=wbgetentities&ids={item}&format=json",
    "/w/rest.php/wikibase/v1/entities/items/{item}", "/wiki/Special:EntityData/{item}.ttl?flavor=dump",
    "/wiki/Item:{item}?action=history", "/wiki/Item:{item}?action=raw", "/person/member%3A{number}",
    "/feeds/{number}.atom",
)  # fmt: skip


def planted(home: House, people: int) -> list[Member]:
    """People who show one thing to everybody, others to members, and keep others to themselves."""
    accounts, services = home.services.accounts, home.services
    members = []
    for number in range(people):
        who = accounts.members.of(accounts.add(f"Member {number}", "correct horse"))
        state, word = (State.MEMBERS, "Ocarina") if number % 2 else (State.PRIVATE, "Xylophon")
        said, wikidata = f"{word}{number}", f"Q{78 if number % 2 else 77}{number:04d}"
        parts = {
            Field.OFFERS: Part(State.PUBLIC, (Line("offers", home.item("10")),)),
            Field.WANTS: Part(state, (Line("wants", home.item("11"), page=said, evidence=f"https://{said}.example/"),)),
            Field.ABOUT: Part(state, (Line("displayName", said), Line("about", said, language="en"))),
            Field.WIKIDATA: Part(state, (Line("wikidataId", wikidata),)),
        }
        now = services.membership.own.read(who).parts
        changes = {part: Change(content, now[part].mark) for part, content in parts.items()}
        services.membership.own.save(who, changes, agreed=True, wording="1", language="en")
        found = accounts.members.by_id(who.id)
        assert found is not None
        assert found.item is not None
        elsewhere = (Said("team", f"Xylophon{number}"), Said("wants", f"Xylophon{number}", home.item("12")))
        accounts.drafts.keep([DraftRecord(f"Member {number}", "capx", f"Xylophon{number}", 1, elsewhere)])
        accounts.contacts.choose(who.id, ("talk", "mail", "none")[number % 3])
        accounts.saved.add(found.item, Saved(members[-1].item or "" if members else "Q1", note=f"Xylophon{number}"))
        accounts.consents.confirm(who.id, wording="Xylophon", language="en")
        members.append(found)
    accounts.searches.add(members[0].id, "a feed", "class=person", revision=0)
    accounts.searches.add(members[1].id, "another", f"capacity={home.item('11')}&role=wants", revision=0)
    return members


def feeds(home: House, members: list[Member]) -> list[str]:
    found = [search for member in members[:2] for search in home.services.accounts.searches.of(member.id)]
    return [f"/feeds/{search.token}.atom" for search in found]


def crawl(client: FlaskClient, beginnings: list[str], secret: re.Pattern[str]) -> set[str]:
    """Every address that is led to; fails at the first that says what it should not."""
    waiting, seen, kinds = deque(beginnings), set[str](), Counter[str]()
    adapter = client.application.url_map.bind("localhost")
    while waiting:
        address = waiting.popleft()
        kind = kind_of(adapter, address)
        if address in seen or kinds[kind] >= MOST_OF_A_KIND:
            continue
        seen.add(address)
        kinds[kind] += 1
        answer = client.get(address)
        text = answer.get_data(as_text=True)
        assert answer.status_code < 500, address
        assert not secret.search(text.replace(unescape(address), "")), address
        if answer.mimetype in ("text/html", "application/xml", "text/xml", "application/atom+xml"):
            links = re.findall(r'(?:href="|<loc>)(?:http://127\.0\.0\.1:8000|http://localhost)?(/[^"#<]*)', text)
            waiting += [unescape(link) for link in links if not link.startswith(NOT_FOLLOWED)]
    return seen


def kind_of(adapter: object, address: str) -> str:
    """The kind of a page; the Wikibase's own interfaces by their beginning."""
    path = urlsplit(address).path
    try:
        return str(adapter.match(path, method="GET")[0])  # type: ignore[attr-defined]
    except Exception:
        return path[:12]


def guesses(members: list[Member]) -> list[str]:
    return [
        guess.format(name=f"Member%20{place}", item=member.item, number=member.id)
        for place, member in enumerate(members[:4])
        for guess in GUESSED
    ]


@pytest.fixture(scope="module")
def small(tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[House, list[Member]]]:
    with house(tmp_path_factory.mktemp("small")) as home:
        yield home, planted(home, 6)


@pytest.fixture(scope="module")
def large(tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[House, list[Member]]]:
    with house(tmp_path_factory.mktemp("large")) as home:
        yield home, planted(home, 1_000)


def test_the_interfaces_and_a_persons_pages_tell_strangers_nothing(small: tuple[House, list[Member]]) -> None:
    home, members = small
    stranger = home.visitor()
    for address in [*BEGINNINGS, *guesses(members), *feeds(home, members), "/person/Member 0", "/person/Member 1"]:
        text = stranger.get(address, follow_redirects=True).get_data(as_text=True)
        assert not NOT_PUBLIC.search(text.replace(unescape(address), "").replace("Xylophon1", "")), address
    titles = stranger.get(feeds(home, members)[0]).text
    assert all(f"Member {number}" in titles for number in range(6))
    assert "<entry>" not in stranger.get(feeds(home, members)[1]).text


def test_a_member_reads_what_others_show_to_members_and_nothing_private(small: tuple[House, list[Member]]) -> None:
    home, members = small
    other = home.browser("Somebody else")
    assert "Ocarina1" in other.get("/person/Member 1").text
    for address in [*guesses(members), BEGINNINGS[-2], "/person/Member 0", "/person/Member 2", "/search?class=person"]:
        text = other.get(address, follow_redirects=True).get_data(as_text=True)
        assert not PRIVATE.search(text.replace(unescape(address), "").replace("Xylophon1", "")), address


def test_the_owner_finds_all_of_it(small: tuple[House, list[Member]]) -> None:
    """The patterns are those of what was planted: else the other tests would see nothing."""
    home, _ = small
    held = home.browser("Member 2").get("/me/export.json").text
    assert {"Xylophon2", "Q770002"} <= set(PRIVATE.findall(held))
    assert json.loads(held)["private"]["saved"]["saved"][0]["note"] == "Xylophon2"


def test_a_strangers_crawl_of_a_thousand_people_finds_nothing(large: tuple[House, list[Member]]) -> None:
    home, members = large
    client = home.visitor()
    seen = crawl(client, [*BEGINNINGS_WITHOUT_WORDS, *guesses(members), *feeds(home, members)], NOT_PUBLIC)
    pages = {urlsplit(address).path for address in seen}
    assert sum(1 for path in pages if re.fullmatch(r"/person/Member%20\d+", path)) == 1_000
    assert len(seen) > 5_000


BEGINNINGS_WITHOUT_WORDS = tuple(address for address in BEGINNINGS if not NOT_PUBLIC.search(address))


def test_a_members_crawl_of_a_thousand_people_finds_nothing_private(large: tuple[House, list[Member]]) -> None:
    home, members = large
    client = home.browser("Somebody else")
    addresses = [f"/person/Member {number}" for number in range(0, 1_000, 2)]
    for address in [*addresses, *guesses(members)]:
        assert not PRIVATE.search(client.get(address).get_data(as_text=True)), address


def test_the_dumps_and_the_files_of_the_public_part_hold_nothing(large: tuple[House, list[Member]]) -> None:
    home, _ = large
    for form in DumpFormat:
        written = BytesIO()
        write_dump(home.services.repository, written, form, at=home.services.settings.now())
        assert not NOT_PUBLIC.search(written.getvalue().decode()), form
    for path in home.services.settings.data.rglob("*"):
        if path.is_file() and not path.name.startswith("private.sqlite"):
            assert not NOT_PUBLIC.search(path.read_bytes().decode("latin-1")), path.name
