"""The pages of the wiki in hostile hands: odd parameters, texts that want to be obeyed, addresses that lead away."""

from __future__ import annotations

import pytest

from tests.doubles.hostile import EVIL, Reader
from tests.doubles.wiki_services import SPECIAL
from tests.houses.small_wiki import claim, first_item, item, snak, terms
from tests.houses.wiki_site import Site

ODD = ("-1", "9" * 30, "\u0661", "\x00\u202e")
OF_A_PAGE = ("oldid", "diff", "action", "before", "limit", "feed", "undo", "undoafter", "restore", "redirectedfrom")
OF_A_LIST = ("kind", "type", "user", "bots", "datatype", "after", "target", "from", "before", "limit", "namespace")


@pytest.mark.parametrize("value", ODD)
def test_odd_parameters_are_no_fault_of_ours(site: Site, value: str) -> None:
    site.sign_in("Ana")
    for name in OF_A_PAGE:
        for more in ({}, {"action": "history"}, {"action": "edit", "undo": "1"}):
            answer = site.client.get("/wiki/Item:Q1", query_string={**more, name: value})
            assert answer.status_code < 500, (more, name)
    for page in SPECIAL:
        assert all(site.client.get(page, query_string={name: value}).status_code < 500 for name in OF_A_LIST)
    for name in ("undo", "undoafter", "restore", "base", "token"):
        form = {"restore": "1", "base": "1", name: value}
        assert site.client.post("/wiki/Item:Q1", data=form).status_code < 500


def hostile(site: Site) -> list[str]:
    """Puts hostile text wherever the wiki takes text; answers the addresses of every page that shows it."""
    text = EVIL.replace("\u202e", "")
    qualifiers = [snak("P2", text)]
    claims = [
        claim(1, snak("P2", text), qualifiers=qualifiers, references=[{"snaks": [snak("P2", text)]}]),
        claim(2, snak("P3", "https://example.org/?q=';alert(1)//&x=%22%3E")),
        claim(3, snak("P4", text)),
        claim(4, snak("P5", "x'y&z.jpg")),
        claim(5, snak("P7", {"text": text, "language": "en"})),
        claim(6, snak("P6", "Q2")),
    ]
    site.wiki.edit(
        {
            "type": "property",
            "id": "P2",
            "datatype": "string",
            "labels": terms(en=text),
            "descriptions": terms(en=text),
        },
        item("Q2", labels=terms(en=text)),
        actor=text,
        said=f"/* wbsetlabel-set:1|{text} */ {text} [[Item:{text}]] [[Item:Q2]] /* {text} */",
    )
    aliases = {"en": [{"language": "en", "value": text}], "de": [{"language": "de", "value": text}]}
    before = site.wiki.newest("Q1")
    after = site.wiki.edit(
        first_item(labels=terms(en=text, de=text), descriptions=terms(en=f"{text}."), aliases=aliases, claims=claims),
        actor=text,
        said=f"{text} /* */",
    )
    site.wiki.edit(item("Q9"), actor=text, said=f"/* undo:0||{text}|{text} */")
    site.wiki.edit(item("Q10", labels=terms(en="x")), actor=text, said=f"/* {text}:0||x */")
    site.wiki.repository.delete(["Q10"], actor=text, reason=text)
    return [
        "/wiki/Item:Q1",
        "/wiki/Item:Q1?action=history",
        f"/wiki/Item:Q1?diff={after}&oldid={before}",
        f"/wiki/Item:Q1?action=edit&undo={after}",
        f"/wiki/Item:Q1?action=edit&restore={before}",
        "/wiki/Item:Q2",
        "/wiki/Item:Q9?action=history",
        "/wiki/Property:P2",
        "/wiki/Item:Q10",
        "/wiki/Special:RecentChanges",
        f"/wiki/Special:RecentChanges?user={text.replace('&', '%26')}",
        "/wiki/Special:ListProperties",
        "/wiki/Special:WhatLinksHere/Item:Q2",
    ]


def test_hostile_text_is_shown_and_never_obeyed(site: Site) -> None:
    shown = hostile(site)
    site.sign_in("Ana")
    for address in shown:
        html = site.client.get(address).text
        assert "&lt;script&gt;alert(1)" in html, address
        assert "<script>alert" not in html
        assert "<img src=x" not in html
        assert ">49<" not in html
        reader = Reader()
        reader.feed(html)
        assert not reader.dangers, address


@pytest.mark.parametrize(
    "address",
    [
        "/wiki/%22%3E%3Cscript%3E",
        "/wiki/Special:%22%3E%3Cscript%3E",
        "/wiki/Item:Q1?action=%22%3E%3Cscript%3E",
        "/wiki/Item:Q1?redirectedfrom=%22%3E%3Cscript%3E",
        "/wiki/Special:RecentChanges?user=%22%3E%3Cscript%3E",
        "/wiki/Special:RecentChanges?before=%22%3E%3Cscript%3E",
        "/wiki/Special:WhatLinksHere?target=%22%3E%3Cscript%3E",
        "/wiki/Special:EntityPage/%22%3E%3Cscript%3E",
    ],
)
def test_what_an_address_says_is_escaped_in_the_answer(site: Site, address: str) -> None:
    assert "<script>" not in site.client.get(address).text


def test_a_page_address_leads_nowhere_else(site: Site) -> None:
    for address in ("/wiki//evil.example", "/wiki/Special:Search//evil.example", "/w/index.php?title=//evil.example"):
        location = site.client.get(address).headers.get("Location", "/")
        assert location.startswith("/")
        assert not location.startswith("//")
