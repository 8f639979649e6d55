"""Edges of the API where clients meet the reference's own ways: each answer is that of MediaWiki 1.43 with Wikibase."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.repository.calls import BASE, Json, Wiki, small_wiki

GUID = "Q1$0E6B1A52-4C2D-4E7E-9D5C-11AA22BB3301"


@pytest.fixture
def wiki(tmp_path: Path) -> Iterator[Wiki]:
    with small_wiki(tmp_path) as made:
        yield made


@pytest.mark.parametrize(
    ("parameters", "code", "message"),
    [
        ({"action": "wbeditentity", "id": "Q1", "data": "{}", "tags": "x|y"}, "badtags", None),
        ({"action": "wbeditentity", "id": "Q1", "data": ""}, "missingparam", None),
        ({"action": "wbsetlabel", "id": "Q1", "language": "", "value": "x"}, "badvalue", None),
        (
            {"action": "wbsetlabel", "new": "property", "language": "en", "value": "x"},
            "failed-save",
            "invalid-content-data",
        ),
        ({"action": "wbeditentity", "id": "Q1", "data": '{"labels": {"en": []}}'}, "missing-language", None),
        (
            {"action": "wbeditentity", "id": "Q1", "data": '{"sitelinks": {"a": {"site": "b"}}}'},
            "inconsistent-site",
            "wikibase-api-inconsistent-site",
        ),
        ({"action": "wbcreateredirect", "from": "P1", "to": "P2"}, "cant-redirect", "wikibase-api-cant-redirect"),
        ({"action": "delete", "title": "<>"}, "invalidtitle", None),
        ({"action": "delete", "title": "Special:Version"}, "pagecannotexist", None),
        ({"action": "undelete", "title": "Item:Q1", "timestamps": "x"}, "badtimestamp", None),
        ({"action": "query", "titles": "Item:Q1", "pageids": "1"}, "multisource", None),
        (
            {"action": "query", "titles": "Item:Q1|Property:P1", "prop": "revisions", "rvlimit": "2"},
            "invalidparammix",
            None,
        ),
        ({"action": "query", "list": "recentchanges", "rcshow": "bot|!bot"}, "show", None),
        ({"action": "query", "list": "logevents", "letype": "bogus"}, "badvalue", None),
    ],
)
def test_what_is_wrong_is_told_by_its_code(wiki: Wiki, parameters: Json, code: str, message: str | None) -> None:
    error = wiki.edit(**parameters)["error"]
    assert error["code"] == code
    if message is not None:
        assert message in [told["name"] for told in error["messages"]]


def test_a_number_out_of_range_is_moved_into_it_with_a_warning(wiki: Wiki) -> None:
    answer = wiki.call(action="wbsearchentities", search="first", language="en", limit="-1")
    assert answer["search"] == []
    assert "between 0 and 500" in answer["warnings"]["wbsearchentities"]["warnings"]
    assert "error" not in wiki.edit(action="wbsetlabel", id="Q1", language="en", value="first", baserevid="-1")


def test_a_visitor_is_refused_where_the_reference_refuses(wiki: Wiki) -> None:
    nothing = wiki.edit(account=None, action="wbeditentity", id="Q1", data="{}")["error"]
    assert nothing["code"] == "failed-save"
    label = wiki.edit(account=None, action="wbsetlabel", id="Q1", language="en", value="x")["error"]
    assert label["code"] == "permissiondenied"
    merge = wiki.edit(account=None, action="wbmergeitems", fromid="Q1", toid="Q2")["error"]
    assert merge["messages"][0]["name"] == "wikibase-itemmerge-permissiondenied"


def test_a_reference_is_replaced_once_and_its_place_alone_is_no_change(wiki: Wiki) -> None:
    guid = wiki.edit(action="wbcreateclaim", entity="Q1", property="P1", snaktype="novalue")["claim"]["id"]

    def put(name: str, **more: object) -> str:
        snaks = {name: [{"snaktype": "novalue", "property": name}]}
        answer = wiki.edit(action="wbsetreference", statement=guid, snaks=snaks, **more)
        return str(answer["reference"]["hash"])

    def order() -> list[str]:
        claims = wiki.call(action="wbgetclaims", claim=guid)["claims"]
        return [reference["snaks-order"][0] for reference in claims["P1"][0]["references"]]

    first, second = put("P1"), put("P2")
    put("P1", reference=first)
    assert order() == ["P1", "P2"]
    put("P2", reference=first, index=0)
    assert order() == ["P2", "P2"]
    put("P3", reference=second)
    assert order() == ["P2", "P3"]


def test_summaries_count_as_the_reference_does(wiki: Wiki) -> None:
    claim: Json = {"id": GUID, "type": "statement", "mainsnak": {"snaktype": "novalue", "property": "P1"}}
    wiki.edit(action="wbsetclaim", claim=claim)
    wiki.edit(action="wbsetclaim", claim=claim | {"rank": "preferred"})
    qualifiers = {"P2": [{"snaktype": "novalue", "property": "P2"}]}
    wiki.edit(action="wbsetclaim", claim=claim | {"rank": "preferred", "qualifiers": qualifiers})
    unit = {"amount": "+5", "unit": f"{BASE}/entity/Q1"}
    wiki.edit(action="wbcreateclaim", entity="Q1", property="P3", snaktype="value", value=unit)
    assert wiki.comments("Item:Q1")[:4] == [
        "/* wbcreateclaim-create:1| */ [[Property:P3]]: 5 first",
        "/* wbsetclaim-update:2||1|1 */ [[Property:P1]]: no value",
        "/* wbsetclaim-update:2||1 */ [[Property:P1]]: no value",
        "/* wbsetclaim-create:2||1 */ [[Property:P1]]: no value",
    ]


def test_the_text_of_a_revision_is_as_a_wikibase_stores_it(wiki: Wiki) -> None:
    wiki.edit(action="wbcreateclaim", entity="Q1", property="P1", snaktype="somevalue")
    asked = {"titles": "Item:Q1", "prop": "revisions", "rvprop": "content", "rvslots": "main"}
    page = wiki.call(action="query", **asked)["query"]["pages"][0]
    stored = json.loads(page["revisions"][0]["slots"]["main"]["content"])
    assert stored["descriptions"] == stored["aliases"] == stored["sitelinks"] == []
    assert "datatype" not in stored["claims"]["P1"][0]["mainsnak"]


def test_a_list_is_the_same_whichever_way_it_is_read_and_however_it_is_cut(wiki: Wiki) -> None:
    for _ in range(11):
        wiki.edit(action="wbeditentity", new="item", data="{}")
    for item in ("Q2", "Q10", "Q11"):
        wiki.edit(action="wbcreateclaim", entity=item, property="P1", snaktype="novalue")

    def titles(name: str, prefix: str, **parameters: object) -> list[str]:
        found: list[str] = []
        going_on: dict[str, str] = {}
        while True:
            asked = {**parameters, f"{prefix}limit": "1", **going_on}
            answer = wiki.call(action="query", list=name, **asked)
            found += [entry["title"] for entry in answer["query"][name]]
            if "continue" not in answer:
                return found
            going_on = answer["continue"]

    for name, prefix, narrowed, expected in (
        ("allpages", "ap", {"apnamespace": "120", "apprefix": "Q1"}, ["Item:Q1", "Item:Q10", "Item:Q11", "Item:Q12"]),
        ("allpages", "ap", {"apnamespace": "120", "apprefix": "Q12"}, ["Item:Q12"]),
        ("backlinks", "bl", {"bltitle": "Property:P1"}, ["Item:Q2", "Item:Q10", "Item:Q11"]),
    ):
        assert titles(name, prefix, **narrowed) == expected
        assert titles(name, prefix, **narrowed, **{f"{prefix}dir": "descending"}) == expected[::-1]


def test_lists_are_narrowed_by_namespace_and_turned_around(wiki: Wiki) -> None:
    def titles(name: str, **parameters: object) -> list[str]:
        return [entry["title"] for entry in wiki.call(action="query", list=name, **parameters)["query"][name]]

    assert titles("allpages", apnamespace="122", apdir="descending") == ["Property:P3", "Property:P2", "Property:P1"]
    assert titles("usercontribs", ucuser="Bot", ucnamespace="120") == ["Item:Q1"]
    wiki.edit(action="wbcreateclaim", entity="Q1", property="P1", snaktype="novalue")
    assert titles("backlinks", bltitle="Property:P1") == ["Item:Q1"]
    assert titles("backlinks", bltitle="Property:P1", blnamespace="122") == []
    assert titles("recentchanges", rctoponly="1", rcnamespace="120") == ["Item:Q1"]
    links = wiki.call(action="query", titles="Item:Q1", prop="links")["query"]["pages"][0]["links"]
    assert [link["title"] for link in links] == ["Property:P1"]
