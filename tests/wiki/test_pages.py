"""The wiki's own pages over a small repository: addresses, statuses, histories, undoing, feeds, hostile text."""

from __future__ import annotations

import re
from xml.etree import ElementTree

import pytest

from capx_graph.model import EntityKind, Ref
from tests.doubles.hostile import EVIL
from tests.doubles.services import FakeProfiles
from tests.doubles.wiki_services import PAGES
from tests.houses.small_wiki import READER, first_item, item, terms
from tests.houses.wiki_site import Site

ATOM = "{http://www.w3.org/2005/Atom}"


@pytest.mark.parametrize("page", PAGES)
@pytest.mark.parametrize("language", ["en", "ar", "pt-br"])
def test_every_page_is_drawn_in_the_readers_language(site: Site, page: str, language: str) -> None:
    answer = site.client.get(page, headers={"Accept-Language": language})
    assert answer.status_code == 200
    assert f'dir="{"rtl" if language == "ar" else "ltr"}"' in answer.text
    assert "⧼" not in answer.text
    assert answer.text.count("<h1") == 1
    ids = re.findall(r'\bid="([^"]*)"', answer.text)
    assert len(ids) == len(set(ids))
    assert "default-src 'none'" in answer.headers["Content-Security-Policy"]


def test_an_entity_is_shown_with_all_that_is_stated_of_it(site: Site) -> None:
    told = site.text("/wiki/Item:Q1")
    for expected in (
        "first Q1",
        "the first of all items",
        "uno",
        "preferred",
        "deprecated",
        "March 2020",
        "1 reference",
        "https://example.org/source",
        "ordem e progresso (Portuguese)",
        "12.5 second",
        "15 March 44 BCE",
        "unknown value",
        "no value",
        "primeiro",
        "In 2 more languages",
    ):
        assert expected in told
    html = site.client.get("/wiki/Item:Q1").text
    assert 'href="https://id.example/a/b%20c"' in html
    assert 'href="https://commons.wikimedia.org/wiki/File:A_picture.jpg"' in html
    assert 'href="/wiki/Special:EntityData/Q1.ttl"' in html


def test_properties_and_values_are_named_in_the_readers_language(site: Site) -> None:
    assert "١٢٫٥ الثاني" in site.text("/wiki/Item:Q1?uselang=ar")
    assert "12,5 second" in site.text("/wiki/Item:Q1?uselang=de")


def test_a_thing_with_a_page_of_its_own_and_a_term_lead_there(site: Site) -> None:
    class Known(FakeProfiles):
        def item(self, item_id: str, *, reader: tuple[str, ...]) -> Ref:
            return Ref(item_id, "first", "en", EntityKind.CAPACITY)

    site.services.profiles = Known()
    assert 'href="/capacity/Q1"' in site.client.get("/wiki/Item:Q1").text
    assert 'href="/ontology/offers"' in site.client.get("/wiki/Property:P8").text


@pytest.mark.parametrize(
    ("address", "status", "leads_to"),
    [
        ("/wiki/Q1", 301, "/wiki/Item:Q1"),
        ("/wiki/P2?uselang=de", 301, "/wiki/Property:P2?uselang=de"),
        ("/wiki/item:q1?action=history", 301, "/wiki/Item:Q1?action=history"),
        ("/wiki/Item:Q3", 302, "/wiki/Item:Q1?redirectedfrom=Q3"),
        ("/wiki/", 302, "/"),
        ("/wiki/special:recent_changes", 301, "/wiki/Special:RecentChanges"),
        ("/wiki/Special:ListProperties/url", 301, "/wiki/Special:ListProperties?datatype=url"),
        ("/wiki/Special:EntityPage/q1", 301, "/wiki/Item:Q1"),
        ("/wiki/Special:Contributions/Ana", 302, "/wiki/Special:RecentChanges?user=Ana"),
        ("/wiki/Special:Search?search=Q1", 302, "/wiki/Item:Q1"),
        ("/wiki/Special:Search?search=video", 302, "/search?q=video"),
        ("/w/index.php?title=Item:Q1&action=history", 302, "/wiki/Item:Q1?action=history"),
        ("/w/index.php", 302, "/"),
        ("/w/index.php?title=Item:Q1&endpoint=x&uselang=de", 302, "/wiki/Item:Q1?uselang=de&endpoint=x"),
        ("/w/index.php?title=Item:Q1&_external=1&_anchor=x", 302, "/wiki/Item:Q1?_external=1&_anchor=x"),
        ("/wiki/q1?title=x&entity_id=y&action=history", 301, "/wiki/Item:Q1?title=x&entity_id=y&action=history"),
        ("/wiki/special:recentchanges?name=x", 301, "/wiki/Special:RecentChanges?name=x"),
        ("/wiki/special:listproperties/url?datatype=x", 301, "/wiki/Special:ListProperties?datatype=url"),
        ("/w/api.php?action=feedrecentchanges&limit=5", 302, "/wiki/Special:RecentChanges?feed=atom&limit=5"),
    ],
)
def test_other_addresses_of_a_page_lead_to_it(site: Site, address: str, status: int, leads_to: str) -> None:
    answer = site.client.get(address)
    assert (answer.status_code, answer.headers["Location"]) == (status, leads_to)


@pytest.mark.parametrize("address", ["/w/api.php", "/w/api.php?action=feedrecentchanges", "/w/rest.php/x"])
def test_what_is_posted_to_the_api_reaches_it(site: Site, address: str) -> None:
    assert site.client.post(address, data={"action": "query"}).text == f"wiki {address.partition('?')[0]}"
    assert site.client.get("/w/api.php?action=query").text == "wiki /w/api.php"


def test_revisions_are_found_without_their_page(site: Site) -> None:
    newest = site.wiki.newest("Q1")
    for address, leads_to in (
        (f"/wiki/Special:PermanentLink/{newest}", f"/wiki/Item:Q1?oldid={newest}"),
        (f"/wiki/Special:Diff/{newest}", f"/wiki/Item:Q1?diff={newest}"),
        (f"/wiki/Special:Diff/1/{newest}", f"/wiki/Item:Q1?diff={newest}&oldid=1"),
        (f"/w/index.php?oldid={newest}", f"/wiki/Item:Q1?oldid={newest}"),
    ):
        assert site.client.get(address).headers["Location"] == leads_to
    assert site.client.get("/wiki/Special:Diff/99999").status_code == 404


@pytest.mark.parametrize(
    ("address", "status"),
    [
        ("/wiki/Item:Q99", 404),
        ("/wiki/Item:Q4", 404),
        ("/wiki/Item:Q4?action=history", 404),
        ("/wiki/Item:P1", 404),
        ("/wiki/Main_Page", 404),
        ("/wiki/Special:Nothing", 404),
        ("/wiki/Special:WhatLinksHere/Item:Q99", 404),
        ("/wiki/Item:Q1?oldid=1", 404),
        ("/wiki/Item:Q1?diff=1", 404),
        ("/wiki/Item:Q1?diff=next&oldid=99999", 404),
        ("/wiki/Special:Diff/99999999999999999999999", 404),
        ("/wiki/Special:PermanentLink/99999999999999999999999", 404),
        ("/wiki/Item:Q99999999999999999999", 404),
        ("/wiki/Item:Q1?oldid=x", 400),
        ("/wiki/Item:Q1?diff=x", 400),
        ("/wiki/Item:Q1?action=x", 400),
        ("/wiki/Item:Q1?action=history&before=x", 400),
        ("/wiki/Item:Q1?action=history&feed=x", 400),
        ("/wiki/Item:Q1?oldid=99999999999999999999", 400),
        ("/wiki/Special:RecentChanges?kind=x", 400),
        ("/wiki/Special:ListProperties?after=x", 400),
        ("/wiki/Special:ListProperties?datatype=x", 400),
    ],
)
def test_what_is_not_there_or_makes_no_sense_says_so(site: Site, address: str, status: int) -> None:
    answer = site.client.get(address)
    assert answer.status_code == status
    assert answer.text.count("<h1") == 1
    as_data = site.client.get(address, headers={"Accept": "application/json"})
    assert (as_data.status_code, as_data.json and as_data.json["error"]["status"]) == (status, status)


def test_a_deleted_page_tells_of_its_deletion(site: Site) -> None:
    told = site.text("/wiki/Item:Q4", 404)
    assert "Boss" in told
    assert "not needed" in told
    assert "ever made" in site.text("/wiki/Item:Q99", 404)


def test_an_earlier_revision_is_shown_as_such(site: Site) -> None:
    old = site.wiki.newest("Q1")
    site.wiki.edit(first_item(labels=terms(en="renamed")), actor="Bo")
    told = site.text(f"/wiki/Item:Q1?oldid={old}")
    assert "earlier revision" in told
    assert "first Q1" in told
    assert "renamed Q1" in site.text("/wiki/Item:Q1")
    assert f"Q1.json?revision={old}" in site.client.get(f"/wiki/Item:Q1?oldid={old}").text


def test_a_history_offers_what_can_be_done(site: Site) -> None:
    old = site.wiki.newest("Q1")
    new = site.wiki.edit(first_item(labels=terms(en="renamed")), actor="Bo", said="/* wbsetlabel-set:1|en */ renamed")
    html = site.client.get("/wiki/Item:Q1?action=history").text
    assert "Changed the label:" in html
    for query in (f"diff={new}", f"diff=cur&amp;oldid={old}", f"action=edit&amp;undo={new}"):
        assert f'href="/wiki/Item:Q1?{query}"' in html
    assert f'href="/wiki/Item:Q1?action=edit&amp;restore={old}"' in html
    assert "undo=" not in site.client.get("/wiki/Item:Q5?action=history").text


def test_a_history_is_paged(site: Site) -> None:
    for number in range(5):
        site.wiki.edit(item("Q2", labels=terms(en=f"n{number}")), actor="Ana")
    first = site.client.get("/wiki/Item:Q2?action=history&limit=2").text
    older = re.findall(r'rel="next" href="([^"]*)"', first)[0].replace("&amp;", "&")
    second = site.client.get(older).text
    assert len(re.findall(r'<li class="wiki-line">', second)) == 2
    assert 'rel="prev"' in second
    assert site.client.get("/wiki/Item:Q2?action=history&before=1").status_code == 200


@pytest.mark.parametrize(
    "query", ["diff={new}", "diff={new}&oldid={old}", "diff=prev&oldid={new}", "diff=next&oldid={old}"]
)
def test_a_difference_is_asked_for_as_in_mediawiki(site: Site, query: str) -> None:
    old = site.wiki.newest("Q1")
    new = site.wiki.edit(first_item(labels=terms(en="renamed")), actor="Bo")
    told = site.text(f"/wiki/Item:Q1?{query.format(old=old, new=new)}")
    assert "Label English Removed: first Added: renamed" in told
    assert "Label Portuguese Removed: primeiro" in told
    swapped = site.text(f"/wiki/Item:Q1?diff={old}&oldid={new}")
    assert "Removed: first Added: renamed" in swapped


def test_recent_changes_show_edits_and_deletions(site: Site) -> None:
    told = site.text("/wiki/Special:RecentChanges")
    assert "Deleted Q4 Boss not needed" in told
    assert "made it" in told
    assert "first Q3" in told
    assert "Q4" not in site.text("/wiki/Special:RecentChanges?type=new&kind=item").replace("limit", "")
    assert "Boss" not in site.text("/wiki/Special:RecentChanges?user=Olga")
    assert site.text("/wiki/Special:RecentChanges?namespace=122").count("Setup") == 11
    assert "There are no such changes" in site.text("/wiki/Special:RecentChanges?user=Nobody")


def test_what_somebody_filtered_stays_in_the_links(site: Site) -> None:
    html = site.client.get("/wiki/Special:RecentChanges?kind=property&limit=50&bots=1&type=new&limit=4").text
    assert "kind=property" in html
    small = site.client.get("/wiki/Special:RecentChanges?kind=property&limit=4").text
    following = re.findall(r'rel="next" href="([^"]*)"', small)[0]
    assert "kind=property" in following
    assert "limit=4" in following


# -- undo and restore


def test_the_text_of_hidden_revisions_is_on_no_page(site: Site) -> None:
    history = site.services.wiki_pages.history("Q5", reader=READER).page.lines
    newest, hidden = (line.revision_id for line in history)
    assert "Old Name" not in site.client.get(f"/wiki/Item:Q5?oldid={hidden}").text
    assert "hidden" in site.text(f"/wiki/Item:Q5?oldid={hidden}", 404)
    for address in (
        "/wiki/Item:Q5",
        "/wiki/Item:Q5?action=history",
        "/wiki/Item:Q5?action=history&feed=atom",
        f"/wiki/Item:Q5?diff={newest}",
        f"/wiki/Item:Q5?diff={hidden}",
        f"/wiki/Item:Q5?diff={hidden}&oldid={newest}",
        "/wiki/Special:RecentChanges",
        "/wiki/Special:RecentChanges?feed=atom",
        f"/wiki/Item:Q5?action=edit&restore={hidden}",
    ):
        answer = site.client.get(address)
        assert answer.status_code in (200, 403), address
        assert "Old Name" not in answer.text
    assert "text hidden" in site.text("/wiki/Item:Q5?action=history")


# -- feeds, ETags, hostile text


@pytest.mark.parametrize(
    "address", ["/wiki/Special:RecentChanges?feed=atom&kind=item", "/wiki/Item:Q1?action=history&feed=atom"]
)
def test_a_feed_is_atom_with_lasting_addresses(site: Site, address: str) -> None:
    site.wiki.edit(first_item(labels=terms(en=f"{EVIL} & so on")), actor="<Eve>", said=f"{EVIL}]]>")
    answer = site.client.get(address, base_url="http://elsewhere.example")
    assert answer.content_type == "application/atom+xml; charset=utf-8"
    root = ElementTree.fromstring(answer.data)
    assert root.tag == f"{ATOM}feed"
    entries = root.findall(f"{ATOM}entry")
    assert entries
    ids = [entry.findtext(f"{ATOM}id") or "" for entry in entries]
    assert len(set(ids)) == len(ids)
    links = [link.get("href") or "" for link in root.iter(f"{ATOM}link")]
    assert all(url.startswith("http://127.0.0.1:8000/wiki/") for url in (*ids, *links))
    for entry in entries:
        for name in ("title", "updated", "id", f"author/{ATOM}name"):
            assert entry.findtext(f"{ATOM}{name}")
    assert "<script>" in (entries[0].findtext(f"{ATOM}summary") or "")
    assert entries[0].findtext(f"{ATOM}author/{ATOM}name") == "<Eve>"


def test_characters_that_xml_cannot_hold_are_left_out_of_feeds(site: Site) -> None:
    site.wiki.edit(item("Q2", labels=terms(en="x")), actor="A\x08na", said="a\x00b\ufffe")
    for address in ("/wiki/Special:RecentChanges?feed=atom", "/wiki/Item:Q2?action=history&feed=atom"):
        ElementTree.fromstring(site.client.get(address).data)


def test_an_empty_feed_is_a_feed(site: Site) -> None:
    root = ElementTree.fromstring(site.client.get("/wiki/Special:RecentChanges?feed=atom&user=Nobody").data)
    assert root.findtext(f"{ATOM}updated")


@pytest.mark.parametrize("address", [*PAGES, "/wiki/Special:RecentChanges?feed=atom"])
def test_an_unchanged_page_is_not_sent_again(site: Site, address: str) -> None:
    first = site.client.get(address)
    tag = first.headers["ETag"]
    assert site.client.get(address, headers={"If-None-Match": tag}).status_code == 304
    assert first.headers["Cache-Control"] == "private, no-cache"
    site.wiki.edit(item("Q2", labels=terms(en="other")), actor="Ana")
    assert site.client.get(address, headers={"If-None-Match": tag}).status_code == 200
    before = site.client.get(address).headers["ETag"]
    site.sign_in("Ana")
    assert site.client.get(address, headers={"If-None-Match": before}).status_code == 200
