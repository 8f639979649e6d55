"""What libraries other than wikibaseintegrator ask of a wiki: descriptions of modules, generators, comparisons."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest
from werkzeug.test import Client

from tests.houses.golden_server import build

BOT = {"capx.account": "WikiBot"}


@pytest.fixture(scope="module")
def client(tmp_path_factory: pytest.TempPathFactory) -> Client:
    client = Client(build(Path(tmp_path_factory.mktemp("tools"))))
    for data in ({"labels": {"en": "one"}}, {"labels": {"en": "two"}}):
        labels = {code: {"language": code, "value": text} for code, text in data["labels"].items()}
        post(client, action="wbeditentity", new="item", data=json.dumps({"labels": labels}))
    post(client, action="wbsetlabel", id="Q1", language="en", value="first")
    post(client, action="wbsetaliases", id="Q1", language="en", set="a|b")
    return client


def get(client: Client, **params: str) -> Any:
    return client.get("/w/api.php", query_string={"formatversion": "2", **params}, environ_overrides=BOT).json


def post(client: Client, **params: str) -> Any:
    token = get(client, action="query", meta="tokens")["query"]["tokens"]["csrftoken"]
    return client.post("/w/api.php", data={"token": token, "formatversion": "2", **params}, environ_overrides=BOT).json


def test_modules_are_described_from_their_declarations(client: Client) -> None:
    asked = "main|query|query+revisions|wbeditentity|nonsense"
    answer = get(client, action="paraminfo", modules=asked)
    told = {module["path"]: module for module in answer["paraminfo"]["modules"]}
    assert list(told) == asked.split("|")[:4]
    assert "nonsense" in str(answer["warnings"])
    actions = next(param for param in told["main"]["parameters"] if param["name"] == "action")
    assert {"query", "paraminfo", "wbeditentity"} <= set(actions["type"])
    assert told["query+revisions"]["prefix"] == "rv"
    assert told["query+revisions"]["querytype"] == "prop"
    assert told["wbeditentity"]["mustbeposted"]
    assert any(param.get("tokentype") == "csrf" for param in told["wbeditentity"]["parameters"])


def test_every_module_can_be_described(client: Client) -> None:
    modules = get(client, action="paraminfo", modules="*|query+*")["paraminfo"]["modules"]
    assert len({module["path"] for module in modules}) == len(modules) > 40


def test_a_list_can_feed_a_question_about_pages(client: Client) -> None:
    params = {"generator": "allpages", "gapnamespace": "120", "gaplimit": "1", "prop": "info|entityterms"}
    answer = get(client, action="query", **params)
    assert [page["title"] for page in answer["query"]["pages"]] == ["Item:Q1"]
    assert answer["query"]["pages"][0]["entityterms"] == {"alias": ["a", "b"], "label": ["first"]}
    answer = get(client, action="query", **params, **answer["continue"])
    assert [page["title"] for page in answer["query"]["pages"]] == ["Item:Q2"]
    assert get(client, action="query", generator="users")["error"]["code"] == "badgenerator"


def test_revisions_lie_between_two_times_and_have_a_digest(client: Client) -> None:
    params = {"titles": "Item:Q1", "prop": "revisions", "rvlimit": "9", "rvprop": "ids|sha1|user"}
    revisions = get(client, action="query", **params)["query"]["pages"][0]["revisions"]
    assert len(revisions) == len({revision["sha1"] for revision in revisions}) == 3
    for more in ({"rvend": "2999-01-01T00:00:00Z"}, {"rvexcludeuser": "WikiBot"}, {"rvstart": "2001-01-01T00:00:00Z"}):
        assert "revisions" not in get(client, action="query", **params, **more)["query"]["pages"][0]


def test_two_revisions_are_compared(client: Client) -> None:
    page = get(client, action="query", titles="Item:Q1", prop="revisions", rvlimit="9", rvdir="newer")
    first, second, third = (line["revid"] for line in page["query"]["pages"][0]["revisions"])
    told = get(client, action="compare", fromrev=str(first), torev=str(third))["compare"]
    assert told["fromtitle"] == told["totitle"] == "Item:Q1"
    assert "label / en" in told["body"]
    assert "one</del>" in told["body"]
    assert "aliases / en" in told["body"]
    told = get(client, action="compare", fromrev=str(second), torelative="prev")["compare"]
    assert (told["fromrevid"], told["torevid"]) == (first, second)
    told = get(client, action="compare", fromtitle="Item:Q1", totitle="Item:Q2")["compare"]
    assert told["toid"] != told["fromid"]
    assert get(client, action="compare", fromrev="99999")["error"]["code"] == "nosuchrevid"
    assert get(client, action="compare")["error"]["code"] == "missingparam"


def test_modules_that_tools_call_in_passing_are_there(client: Client) -> None:
    token = get(client, action="query", meta="tokens")["query"]["tokens"]["csrftoken"]
    assert get(client, action="checktoken", type="csrf", token=token)["checktoken"]["result"] == "valid"
    assert get(client, action="checktoken", type="csrf", token="x")["checktoken"]["result"] == "invalid"
    assert get(client, action="wbavailablebadges") == {"badges": []}
    purged = post(client, action="purge", titles="Item:Q1|Item:Q99")["purge"]
    assert [set(entry) & {"purged", "missing"} for entry in purged] == [{"purged"}, {"missing"}]
    for params in ({"action": "wbsetsitelink", "id": "Q1", "linksite": "enwiki", "linktitle": "X"},):
        assert post(client, **params)["error"]["code"] == "badvalue"
    assert "wbeditentity" in get(client)["help"]["help"]


def test_contributions_of_several_accounts_are_one_list(client: Client) -> None:
    lines = get(client, action="query", list="usercontribs", ucuser="WikiBot|Editor", uclimit="2", ucdir="newer")
    assert [line["title"] for line in lines["query"]["usercontribs"]] == ["Item:Q1", "Item:Q2"]
    assert "uccontinue" in lines["continue"]
