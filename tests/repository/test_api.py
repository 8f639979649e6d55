"""The Action API's own promises: who may do what, what a client cannot pretend, what concurrent edits do."""

from __future__ import annotations

import json
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from oauthlib.oauth1 import Client as Signer
from werkzeug.test import Client

from capx_graph.accounts import Accounts
from capx_graph.repository.store import Repository, RepositorySettings
from capx_graph.repository.wsgi import WikiApp

BASE = "http://127.0.0.1:8000"
API = "/w/api.php"


class Wiki:
    """An empty wiki with three accounts, and calls to it."""

    def __init__(self, directory: Path, settings: RepositorySettings) -> None:
        self.repository = Repository.open(directory, base=BASE, settings=settings)
        self.accounts = Accounts(directory)
        self.accounts.add("Ana", "correct horse battery")
        self.accounts.add("Ben", "correct horse battery")
        self.accounts.add("Sys", "correct horse battery", groups=["sysop"])
        self.client = Client(WikiApp(self.repository, self.accounts))

    def call(self, account: str | None = None, owner: str | None = None, **params: str) -> Any:
        """A call from this process, as the account."""
        environ = {"capx.account": account} if account else {}
        if owner:
            environ["capx.owner"] = owner
        query = "?action=query&meta=tokens&format=json"
        token = self.client.get(API + query, environ_overrides=environ).json["query"]["tokens"]["csrftoken"]
        return self.client.post(API, data={"token": token, **params}, environ_overrides=environ).json

    def new(self, account: str, label: str, **more: str) -> str:
        """A new item; answers its id."""
        made = self.call(account, action="wbeditentity", new="item", data=terms(label), **more)
        return str(made["entity"]["id"])

    def label(self, account: str, item: str, value: str, **more: str) -> Any:
        return self.call(account, action="wbsetlabel", id=item, language="en", value=value, **more)


def terms(label: str) -> str:
    return json.dumps({"labels": {"en": {"language": "en", "value": label}}})


@pytest.fixture
def make(tmp_path: Path) -> Iterator[Any]:
    made: list[Wiki] = []

    def build(**changes: Any) -> Wiki:
        made.append(Wiki(tmp_path / str(len(made)), replace(RepositorySettings(), **changes)))
        return made[-1]

    yield build
    for wiki in made:
        wiki.repository.close()
        wiki.accounts.close()


@pytest.fixture
def wiki(make: Any) -> Wiki:
    built: Wiki = make()
    return built


@pytest.mark.parametrize(
    "headers",
    [{"capx.account": "Sys"}, {"Capx.Account": "Sys"}, {"Capx-Account": "Sys"}, {"Authorization": "Basic U3lzOng="}],
)
def test_http_cannot_say_who_asks(wiki: Wiki, headers: dict[str, str]) -> None:
    answer = wiki.client.get(f"{API}?action=query&meta=userinfo&capx.account=Sys", headers=headers).json
    assert "anon" in answer["query"]["userinfo"]


def test_an_owned_page_is_closed_to_everybody_else_at_every_door(wiki: Wiki) -> None:
    item = wiki.new("Ana", "Ana Silva", owner="Ana")
    other = wiki.new("Ben", "something else")
    attempts = (
        {"action": "wbsetlabel", "id": item, "language": "en", "value": "x"},
        {"action": "wbeditentity", "id": item, "data": "{}", "clear": "1"},
        {"action": "wbmergeitems", "fromid": item, "toid": other},
        {"action": "wbmergeitems", "fromid": other, "toid": item},
        {"action": "delete", "title": f"Item:{item}"},
    )
    for params in attempts:
        assert wiki.call("Sys", **params)["error"]["code"] == "permissiondenied", params
    assert wiki.label("Ana", item, "Ana S.")["success"] == 1


def test_the_history_of_an_owned_page_has_no_text_and_its_summaries_no_values(wiki: Wiki) -> None:
    item = wiki.new("Ana", "old name", owner="Ana")
    wiki.label("Ana", item, "new name", summary="was old name")
    params = {"action": "query", "titles": f"Item:{item}", "prop": "revisions", "rvlimit": "9", "formatversion": "2"}
    answer = wiki.call(None, rvprop="content|comment|ids", rvslots="main", **params)
    newest, first = answer["query"]["pages"][0]["revisions"]
    assert "new name" in newest["slots"]["main"]["content"]
    assert first["slots"]["main"]["texthidden"] is True
    assert "name" not in newest["comment"] + first["comment"]


def test_an_owner_may_delete_their_page_and_nobody_brings_it_back(wiki: Wiki) -> None:
    item = wiki.new("Ana", "Ana Silva", owner="Ana")
    answer = wiki.call("Ana", action="delete", title=f"Item:{item}")
    assert answer["delete"]["reason"] == ""
    assert wiki.call("Sys", action="undelete", title=f"Item:{item}")["error"]["code"] == "cantundelete"


def test_an_edit_on_an_older_revision_keeps_what_it_does_not_touch(wiki: Wiki) -> None:
    item = wiki.new("Ana", "one")
    base = str(wiki.label("Ana", item, "two")["entity"]["lastrevid"])
    wiki.call("Ben", action="wbsetdescription", id=item, language="en", value="a number")
    assert wiki.label("Ana", item, "three", baserevid=base)["success"] == 1
    conflict = wiki.call("Ana", action="wbsetdescription", id=item, language="en", value="x", baserevid=base)
    assert conflict["error"]["code"] == "editconflict"
    page = wiki.repository.page(item)
    assert page is not None
    assert page.entity is not None
    assert page.entity["labels"]["en"]["value"] == "three"
    assert page.entity["descriptions"]["en"]["value"] == "a number"


def test_concurrent_edits_of_one_item_lose_nothing(wiki: Wiki) -> None:
    item = wiki.new("Ana", "one")
    codes = ["de", "fr", "es", "pt", "ja", "ar", "it", "nl"]

    def edit(code: str) -> Any:
        return wiki.call("Ana", action="wbsetlabel", id=item, language=code, value=f"name {code}")

    with ThreadPoolExecutor(8) as pool:
        answers = list(pool.map(edit, codes))
    assert all(answer.get("success") == 1 for answer in answers)
    page = wiki.repository.page(item)
    assert page is not None
    assert page.entity is not None
    assert set(page.entity["labels"]) == {"en", *codes}


@pytest.mark.parametrize("other", ['{"seen":1}', "two words", "a[0]", "\xfc"])
def test_a_cookie_of_another_application_at_this_host_ends_no_session(wiki: Wiki, other: str) -> None:
    session = wiki.accounts.open_session(wiki.accounts.account("Ben"), None)
    cookies = f"theirs={other}; odd name=1; capxwiki_session={session}"
    browser = Client(WikiApp(wiki.repository, wiki.accounts), use_cookies=False)
    answer = browser.get(f"{API}?action=query&meta=userinfo|tokens", headers={"Cookie": cookies})
    assert answer.json["query"]["userinfo"]["name"] == "Ben"
    assert "Set-Cookie" not in answer.headers


def test_somebody_who_edits_too_fast_hears_when_to_go_on(make: Any) -> None:
    wiki = make(edits_per_minute=2)
    session = wiki.accounts.open_session(wiki.accounts.account("Ben"), None)
    wiki.client.set_cookie("capxwiki_session", session)
    token = wiki.client.get(f"{API}?action=query&meta=tokens").json["query"]["tokens"]["csrftoken"]
    data = {"action": "wbeditentity", "new": "item", "data": "{}", "token": token}
    answers = [wiki.client.post(API, data=data) for _ in range(3)]
    assert [answer.json.get("success") for answer in answers] == [1, 1, None]
    assert "actionthrottledtext" in [message["name"] for message in answers[2].json["error"]["messages"]]
    assert int(answers[2].headers["Retry-After"]) > 0


def test_a_bot_password_does_no_more_than_it_was_given(wiki: Wiki) -> None:
    password = wiki.accounts.add_bot_password("Sys", "edits", rights=["edit"])
    item = wiki.new("Ana", "one")
    tokens = wiki.client.get(f"{API}?action=query&meta=tokens&type=login").json["query"]["tokens"]
    login = {"action": "login", "lgname": "Sys@edits", "lgpassword": password, "lgtoken": tokens["logintoken"]}
    assert wiki.client.post(API, data=login).json["login"]["result"] == "Success"
    token = wiki.client.get(f"{API}?action=query&meta=tokens").json["query"]["tokens"]["csrftoken"]
    refused = wiki.client.post(API, data={"action": "delete", "title": f"Item:{item}", "token": token}).json
    assert refused["error"]["code"] == "permissiondenied"


def test_a_consumer_of_oauth_2_acts_for_its_owner(wiki: Wiki) -> None:
    ana = wiki.accounts.account("Ana")
    assert ana is not None
    made = wiki.accounts.consumers.add(ana, "statistics")
    address = "/w/rest.php/oauth2/access_token"
    grant = {"grant_type": "client_credentials"}
    wrong = wiki.client.post(address, data=grant, auth=(made.key, "wrong"))
    assert (wrong.status_code, wrong.json["error"]) == (401, "invalid_client")
    issued = wiki.client.post(address, data=grant, auth=(made.key, made.secret))
    assert issued.headers["Cache-Control"] == "no-store"
    token = issued.json
    assert token["token_type"] == "Bearer"
    headers = {"Authorization": f"Bearer {token['access_token']}"}
    info = wiki.client.get(f"{API}?action=query&meta=userinfo|tokens", headers=headers).json["query"]
    assert info["userinfo"]["name"] == "Ana"
    edit = {"action": "wbeditentity", "new": "item", "data": "{}", "token": info["tokens"]["csrftoken"]}
    assert wiki.client.post(API, data=edit, headers=headers).json["success"] == 1
    bad = wiki.client.get(f"{API}?action=query&meta=userinfo", headers={"Authorization": "Bearer nonsense"})
    assert bad.json["error"]["code"] == "mwoauth-invalid-authorization"


def test_a_signed_request_counts_once_and_only_as_it_was_signed(wiki: Wiki) -> None:
    ana = wiki.accounts.account("Ana")
    assert ana is not None
    made = wiki.accounts.consumers.add(ana, "statistics", protocol=1)
    signer = Signer(made.key, made.secret, made.access_token, made.access_secret)
    body = "action=query&meta=userinfo&smaxage=0&requestid=%C3%A9+1"
    form = {"Content-Type": "application/x-www-form-urlencoded"}
    _, headers, signed_body = signer.sign(f"{BASE}{API}?x=1", "POST", body, form)

    def send(text: str) -> Any:
        return wiki.client.post(f"{API}?x=1", data=text, headers=headers, base_url=BASE).json

    assert "error" in send(signed_body + "&maxage=1")
    assert send(signed_body)["query"]["userinfo"]["name"] == "Ana"
    assert send(signed_body)["error"]["code"] == "mwoauth-invalid-authorization"


def test_a_statement_of_a_deleted_property_is_shown_without_a_datatype(wiki: Wiki) -> None:
    made = wiki.call("Sys", action="wbeditentity", new="property", data='{"datatype": "string"}')["entity"]["id"]
    item = wiki.new("Ana", "one")
    claim = {"entity": item, "property": made, "snaktype": "value", "value": '"x"'}
    wiki.call("Ana", action="wbcreateclaim", **claim)
    wiki.call("Sys", action="delete", title=f"Property:{made}")
    shown = wiki.call(None, action="wbgetentities", ids=item)["entities"][item]["claims"][made][0]["mainsnak"]
    assert "datatype" not in shown
    assert shown["datavalue"]["value"] == "x"


def test_ids_of_failed_creations_are_not_given_out_again(wiki: Wiki) -> None:
    first = wiki.new("Ana", "one")
    bad = wiki.call("Ana", action="wbeditentity", new="item", data='{"labels": {"xx-no": {}}}')
    assert "error" in bad
    assert int(wiki.new("Ana", "two")[1:]) == int(first[1:]) + 2
