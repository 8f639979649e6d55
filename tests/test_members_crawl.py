"""A stranger who follows every link, asks every interface and reads every dump finds nothing that is not public."""

from __future__ import annotations

import re
from collections import deque
from collections.abc import Iterator
from html import unescape
from io import BytesIO
from pathlib import Path

import pytest
from directoryhouse import House, house
from flask.testing import FlaskClient

from capx_graph.accounts import DraftRecord, Said
from capx_graph.membership import Change, Field, Line, Part, State
from capx_graph.repository.dumps.dump import DumpFormat, write_dump
from webapp.factory import create_app

pytestmark = pytest.mark.slow

PEOPLE, ADDRESSES = 60, 800
SECRET = re.compile(r"Xylophon\d+|Q77\d{4}\b")
BEGINNINGS = (
    "/", "/search?class=person&limit=100", "/search.json?class=person&limit=100", "/directory", "/sitemap.xml",
    "/analytics", "/analytics.json", "/dumps/", "/wiki/Special:RecentChanges?limit=500",
    "/w/api.php?action=query&list=recentchanges&rclimit=500&rcprop=title|comment|user&format=json",
    "/w/api.php?action=feedrecentchanges", "/sparql?format=json&query=SELECT%20*%20%7B%3Fs%20%3Fp%20%3Fo%7D",
)  # fmt: skip


@pytest.fixture
def home(tmp_path: Path) -> Iterator[House]:
    with house(tmp_path) as opened:
        for number in range(PEOPLE):
            plant(opened, number)
        yield opened


def plant(home: House, number: int) -> None:
    """Somebody who shows one thing to everybody, and others to members or to nobody."""
    accounts, own = home.services.accounts, home.services.membership.own
    who = accounts.members.of(accounts.add(f"Member {number}", "correct horse"))
    state = State.MEMBERS if number % 2 else State.PRIVATE
    word = f"Xylophon{number}"
    parts = {
        Field.OFFERS: Part(State.PUBLIC, (Line("offers", home.item("10")),)),
        Field.WANTS: Part(state, (Line("wants", home.item("11"), page=word, evidence=f"https://{word}.example/"),)),
        Field.ABOUT: Part(state, (Line("displayName", word), Line("about", word, language="en"))),
        Field.WIKIDATA: Part(state, (Line("wikidataId", f"Q77{number:04d}"),)),
    }
    now = own.read(who).parts
    changes = {part: Change(content, now[part].mark) for part, content in parts.items()}
    own.save(who, changes, agreed=True, wording="1", language="en")
    draft = DraftRecord(f"Member {number}", "capx", word, 1, (Said("team", word), Said("wants", word, home.item("12"))))
    accounts.drafts.keep([draft])


def test_a_crawl_finds_nothing(home: House) -> None:
    client = create_app(home.services).test_client()
    waiting, seen = deque(BEGINNINGS), set[str]()
    while waiting and len(seen) < ADDRESSES:
        address = waiting.popleft()
        if address in seen:
            continue
        seen.add(address)
        text = body(client, address)
        assert not SECRET.search(text), address
        for link in re.findall(r'href="(/[^"#]*)"', text):
            if not link.startswith(("/static", "/signin", "/query", "/embed")):
                waiting.append(unescape(link))
    assert any(address.startswith("/person/Member") for address in seen)


def body(client: FlaskClient, address: str) -> str:
    answer = client.get(address)
    return answer.get_data(as_text=True) if answer.status_code < 300 else ""


def test_the_dumps_and_the_files_of_the_public_part_hold_nothing(home: House) -> None:
    for form in DumpFormat:
        written = BytesIO()
        write_dump(home.services.repository, written, form, at=home.services.settings.now())
        assert not SECRET.search(written.getvalue().decode()), form
    for path in home.services.settings.data.rglob("*"):
        if path.is_file() and not path.name.startswith("private.sqlite"):
            assert b"Xylophon" not in path.read_bytes(), path.name
