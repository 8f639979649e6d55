"""Somebody leaves: at once nobody finds anything, and afterwards no file holds a byte of them."""

from __future__ import annotations

import gzip
import sqlite3
import zlib
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing
from pathlib import Path
from typing import Any

import pytest

from capx_graph.check import Check
from capx_graph.connected import load_embedded
from capx_graph.items.drafts import ItemDraft, Monolingual, Vocabulary
from capx_graph.jobs.operations import publish_dumps
from capx_graph.jobs.tick import Housekeeping
from capx_graph.mentions import ERASED
from capx_graph.model import Draft
from tests.houses.directory import House, house
from tests.waiting import until

pytestmark = pytest.mark.slow

NAME = "Zanzibara Quillfeather"
WORDS = ("Zanzibara", "Quillfeather", "Vexillumtext", "Marmoreallabel", "Plumbagoalias", "Xylographurl", "Brobdingnag")
"""A word for the name and for each field with text; Brobdingnag is in what others wrote about her."""


@pytest.fixture
def home(tmp_path: Path) -> Iterator[House]:
    with house(tmp_path) as made:
        yield made


def planted(home: House) -> str:
    """A person with a word in every field that holds text, known to others, an account and to every store beside."""
    services = home.services
    services.accounts.add(NAME, "correct horse battery", groups=("maintainer",))
    services.accounts.add_bot_password(NAME, "Brobdingnag")
    account = services.accounts.account(NAME)
    assert account is not None
    services.accounts.consumers.add(account, "Brobdingnag consumer")
    services.accounts.visits.begin(account, "Brobdingnag browser")
    repository, vocabulary = services.repository, Vocabulary(load_embedded())
    person, organization = repository.allocate("item", 2)
    draft = ItemDraft(vocabulary, person, class_name="Person")
    draft.label("en", "Marmoreallabel")
    draft.description("en", "Vexillumtext in a description")
    draft.aliases("en", ["Plumbagoalias"])
    draft.add("username", NAME)
    draft.add("offers", home.item("36"))
    draft.add("about", Monolingual("en", "Vexillumtext about me"))
    draft.add("displayName", "Xylographurl")
    repository.bulk([Draft(draft.entity(), owner=NAME)], actor=NAME, summary="Vexillumtext summary")
    club = ItemDraft(vocabulary, organization, class_name="Organization")
    club.label("en", "A club")
    club.add("code", "ORG9")
    club.add("manager", person)
    repository.bulk([Draft(club.entity())], actor="Ben", summary=f"thanks to User:{NAME.replace(' ', '_')}")
    club.label("en", "The club")
    repository.bulk([Draft(club.entity())], actor=NAME, summary="I renamed it")
    services.query_help.shortlinks.keep(f'SELECT * {{ ?p capx:username "{NAME}" }}')
    services.query_help.shortlinks.keep("SELECT * { ?p a capx:Person }")
    rejects = services.settings.data / "import-rejects.jsonl"
    rejects.write_text(
        f'{{"record": {{"username": "{NAME}"}}}}\n{{"record": {{"username": "Ben"}}}}\n', encoding="utf-8"
    )
    services.ingest.catch_up()
    publish_dumps(services.settings)
    return person


def texts(home: House) -> Iterator[tuple[str, str]]:
    """What every door says to a stranger who looks for the person."""
    client = home.client
    for address in (
        f"/person/{NAME}",
        "/search?q=Quillfeather",
        "/search.json?q=Marmoreallabel",
        "/search.json?class=person",
        "/suggest.json?q=Zanzi",
        "/w/api.php?action=query&list=recentchanges&rcprop=title|user|comment&rclimit=500&format=json",
        "/w/api.php?action=query&list=logevents&lelimit=500&format=json",
        f"/w/api.php?action=query&list=usercontribs&ucuser={NAME}&format=json",
        f"/w/api.php?action=query&list=users&ususers={NAME}&format=json",
        "/w/api.php?action=query&list=allusers&aulimit=500&format=json",
        "/w/api.php?action=wbsearchentities&search=Marmoreallabel&language=en&format=json",
        "/wiki/Special:RecentChanges?feed=atom",
        "/wiki/Special:RecentChanges",
        "/sitemap-person-1.xml",
        "/dumps/",
        "/organization/ORG9",
        "/analytics.json",
    ):
        yield address, client.get(address).text
    for query in (
        "SELECT * { ?s ?p ?o }",
        f'SELECT * {{ ?s ?p "{NAME}" }}',
        "SELECT * { ?s rdfs:label ?o }",
    ):
        answer = client.get("/sparql", query_string={"query": query}, headers={"Accept": "text/csv"})
        assert answer.status_code == 200
        yield query, answer.text


def entity_texts(home: House, item: str) -> Iterator[tuple[str, str]]:
    revisions = "action=query&prop=revisions&rvprop=ids|user|comment|content&rvslots=main&rvlimit=50&format=json"
    for address in (
        f"/wiki/Special:EntityData/{item}.json",
        f"/wiki/Special:EntityData/{item}.ttl",
        f"/wiki/Item:{item}",
        f"/wiki/Item:{item}?action=history",
        f"/w/api.php?action=wbgetentities&ids={item}&format=json",
        f"/w/api.php?{revisions}&titles=Item:{item}",
        f"/w/rest.php/wikibase/v1/entities/items/{item}",
    ):
        yield address, home.client.get(address).text


def tells(text: str, *, asked: str) -> list[str]:
    """The words in a text, apart from those that only echo what was asked."""
    return [word for word in WORDS if word in text and word not in asked]


def everything(home: House, item: str) -> list[tuple[str, list[str]]]:
    found = [*texts(home), *entity_texts(home, item)]
    return [(asked, words) for asked, text in found if (words := tells(text, asked=asked))]


def test_at_once_no_reader_finds_anything(home: House) -> None:
    item = planted(home)
    before = dict(everything(home, item))
    assert len(before) > 12, before
    done = home.services.erasures.erase(NAME)
    home.services.hide()
    assert done.items == (item,)
    assert everything(home, item) == []
    assert home.services.accounts.account(NAME) is None
    assert home.services.dumps.publications() == ()
    assert ERASED in home.client.get("/w/api.php?action=query&list=recentchanges&rcprop=user&format=json").text
    assert list(Check(home.services.ingest).differences()) == []


def traces(folder: Path) -> list[tuple[str, str]]:
    """Every file that holds a word, as it lies there, unpacked, or in a table's packed cells."""
    found = []
    for path in sorted(path for path in folder.rglob("*") if path.is_file()):
        for data in unpacked(path):
            found += [(str(path.relative_to(folder)), word) for word in WORDS if word.encode() in data]
    return found


def unpacked(path: Path) -> Iterator[bytes]:
    data = path.read_bytes()
    yield data
    yield data.lower().replace(b"zanzibara", b"Zanzibara").replace(b"quillfeather", b"Quillfeather")
    if data[:2] == b"\x1f\x8b":
        yield gzip.decompress(data)
    if data[:15] == b"SQLite format 3":
        with closing(sqlite3.connect(f"file:{path}?mode=ro", uri=True)) as connection:
            for table in [row[0] for row in connection.execute("SELECT name FROM sqlite_master WHERE type = 'table'")]:
                for row in connection.execute(f"SELECT * FROM {table!r}"):
                    yield from (_plain(cell) for cell in row if isinstance(cell, bytes | str))


def _plain(cell: bytes | str) -> bytes:
    if isinstance(cell, str):
        return cell.encode("utf-8", "surrogatepass")
    try:
        return zlib.decompress(cell)
    except zlib.error:
        return cell


def test_afterwards_no_file_holds_a_word(home: House) -> None:
    item = planted(home)
    data = home.services.settings.data
    assert len(home.client.get("/sparql", query_string={"query": "SELECT * { ?s ?p ?o }"}).data) > 1000
    assert {path for path, _ in traces(data)} >= {"repository.sqlite", "private.sqlite", "links.sqlite"}
    home.services.erasures.erase(NAME)
    home.services.hide()
    home.services.erasures.due.hurry()
    Housekeeping(home.services, publish=lambda: publish_dumps(home.services.settings)).look()
    assert home.services.erasures.due.all() == []
    assert traces(data.parent) == []
    assert everything(home, item) == []
    assert len(home.services.dumps.publications()) == 1
    assert list(Check(home.services.ingest).differences()) == []
    assert home.services.query_help.shortlinks.find is not None
    assert (data / "import-rejects.jsonl").read_text(encoding="utf-8").count("Ben") == 1


def test_a_query_that_still_reads_what_was_erased_is_ended(home: House) -> None:
    planted(home)
    assert home.client.get("/sparql", query_string={"query": "ASK {}"}).status_code == 200
    never = '?a ?b ?c . ?d ?e ?f . ?g ?h ?i FILTER(?a = "no")'
    endless = f'SELECT * {{ ?s ?p "{NAME}" FILTER NOT EXISTS {{ {never} }} }}'
    pool: Any = home.services.endpoint._pool
    with ThreadPoolExecutor(1) as stranger:
        asked = stranger.submit(home.visitor().get, "/sparql", query_string={"query": endless})
        [worker] = pool._workers
        idle = pool._idle

        def taken() -> bool:
            assert not asked.done(), asked.result().text
            return bool(idle.empty())

        until(taken, what="the process reads")
        before = worker.pid
        home.services.erasures.erase(NAME)
        home.services.hide()
        answer = asked.result(timeout=20)
    assert answer.status_code == 503
    assert answer.headers["Retry-After"] == "1"
    assert tells(answer.text, asked="") == []
    assert before not in {other.pid for other in pool._workers}
