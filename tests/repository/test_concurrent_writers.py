"""Eight clients that write at once over HTTP: no edit is lost, and every conflict is told as what it is."""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from threading import Barrier
from typing import Any

import pytest
import requests

from tests.houses import loopback
from tests.houses.golden_server import build

pytestmark = pytest.mark.slow

WRITERS = 8
ROUNDS = 12

Json = dict[str, Any]


class Client:
    """A signed-in bot."""

    def __init__(self, origin: str) -> None:
        self._api = f"{origin}/w/api.php"
        self._session = requests.Session()
        token = self.read(action="query", meta="tokens", type="login")["query"]["tokens"]["logintoken"]
        self._post(action="login", lgname="WikiBot@wbi", lgpassword="0123456789abcdef" * 2, lgtoken=token)
        self._token = self.read(action="query", meta="tokens")["query"]["tokens"]["csrftoken"]

    def read(self, **parameters: object) -> Json:
        parameters = {"format": "json", "formatversion": 2, **parameters}
        answer: Json = self._session.get(self._api, params=parameters, timeout=60).json()
        return answer

    def write(self, **parameters: object) -> Json:
        return self._post(token=self._token, **parameters)

    def edit(self, data: Json, **parameters: object) -> Json:
        return self.write(action="wbeditentity", data=json.dumps(data), **parameters)

    def entity(self, entity_id: str) -> Json:
        entity: Json = self.read(action="wbgetentities", ids=entity_id)["entities"][entity_id]
        return entity

    def _post(self, **parameters: object) -> Json:
        parameters = {"format": "json", "formatversion": 2, **parameters}
        answer: Json = self._session.post(self._api, data=parameters, timeout=60).json()
        return answer

    def close(self) -> None:
        self._session.close()


@pytest.fixture
def clients(tmp_path: Path) -> Iterator[list[Client]]:
    with loopback.werkzeug(build(tmp_path)) as address:
        opened = [Client(address) for _ in range(WRITERS)]
        yield opened
        for client in opened:
            client.close()


def at_once(clients: list[Client], work: Callable[[Client, int], list[Json]]) -> list[Json]:
    """The answers that all clients got; they begin together."""
    start = Barrier(len(clients))

    def run(number: int) -> list[Json]:
        start.wait()
        return work(clients[number], number)

    with ThreadPoolExecutor(len(clients)) as pool:
        return [answer for answers in pool.map(run, range(len(clients))) for answer in answers]


def term(value: str) -> Json:
    return {"en": {"language": "en", "value": value}}


def new(client: Client, kind: str = "item", **data: Any) -> str:
    return str(client.edit(data, new=kind)["entity"]["id"])


def test_edits_of_different_facts_of_one_item_are_all_kept(clients: list[Client]) -> None:
    prop = new(clients[0], "property", datatype="string")
    item = new(clients[0], labels=term("shared"))

    def work(client: Client, number: int) -> list[Json]:
        answers = []
        for count in range(ROUNDS):
            text = f"{number}-{count}"
            answers.append(client.write(action="wbsetaliases", id=item, language="en", add=text))
            answers.append(
                client.write(
                    action="wbcreateclaim", entity=item, property=prop, snaktype="value", value=json.dumps(text)
                )
            )
        return answers

    answers = at_once(clients, work)
    assert all(answer.get("success") == 1 for answer in answers), [a for a in answers if "error" in a]
    texts = {f"{number}-{count}" for number in range(WRITERS) for count in range(ROUNDS)}
    entity = clients[0].entity(item)
    assert {alias["value"] for alias in entity["aliases"]["en"]} == texts
    assert {claim["mainsnak"]["datavalue"]["value"] for claim in entity["claims"][prop]} == texts
    history = clients[0].read(action="query", prop="revisions", titles=f"Item:{item}", rvlimit="max", rvprop="ids")
    assert len(history["query"]["pages"][0]["revisions"]) == 1 + len(answers)


def test_edits_of_the_same_fact_are_saved_in_turn_or_told_to_conflict(clients: list[Client]) -> None:
    item = new(clients[0], labels=term("0"))

    def work(client: Client, number: int) -> list[Json]:
        del number
        answers = []
        for _ in range(ROUNDS):
            entity = client.entity(item)
            counted = str(int(entity["labels"]["en"]["value"]) + 1)
            answers.append(client.edit({"labels": term(counted)}, id=item, baserevid=entity["lastrevid"]))
        return answers

    answers = at_once(clients, work)
    saved = [answer for answer in answers if "error" not in answer]
    refused = [answer["error"] for answer in answers if "error" in answer]
    assert clients[0].entity(item)["labels"]["en"]["value"] == str(len(saved))
    assert {(error["code"], error["messages"][0]["name"]) for error in refused} <= {
        ("editconflict", "wikibase-api-editconflict")
    }
    assert refused, "eight writers without a conflict were not at work at once"


def test_a_name_that_must_be_unique_is_given_once(clients: list[Client]) -> None:
    def work(client: Client, number: int) -> list[Json]:
        del number
        return [
            client.edit({"labels": term(f"only {count}"), "descriptions": term("one")}, new="item")
            for count in range(ROUNDS)
        ]

    answers = at_once(clients, work)
    made = Counter(answer["entity"]["labels"]["en"]["value"] for answer in answers if "entity" in answer)
    assert made == {f"only {count}": 1 for count in range(ROUNDS)}
    refusals = [answer["error"] for answer in answers if "error" in answer]
    assert {error["code"] for error in refusals} == {"modification-failed"}
    assert {error["messages"][0]["name"] for error in refusals} == {
        "wikibase-validator-label-with-description-conflict"
    }
    ids = [answer["entity"]["id"] for answer in answers if "entity" in answer]
    assert len(set(ids)) == len(ids)


def test_an_item_is_deleted_merged_or_edited_but_never_two_of_them(clients: list[Client]) -> None:
    target = new(clients[0], labels=term("target"))
    items = [new(clients[0], labels=term(f"item {count}")) for count in range(ROUNDS)]

    def work(client: Client, number: int) -> list[Json]:
        answers = []
        for item in items:
            if number % 3 == 0:
                answers.append(client.write(action="wbmergeitems", fromid=item, toid=target))
            elif number % 3 == 1:
                answers.append(client.write(action="delete", title=f"Item:{item}"))
            else:
                answers.append(client.write(action="wbsetaliases", id=item, language="en", add=f"{number}"))
        return answers

    codes = {answer["error"]["code"] for answer in at_once(clients, work) if "error" in answer}
    assert codes <= {
        "no-such-entity",
        "unresolved-redirect",
        "missingtitle",
        "cant-load-entity-content",
        "editconflict",
    }
    assert clients[0].entity(target)["labels"]["en"]["value"] == "target"
    for item in items:
        found = clients[0].read(action="wbgetentities", ids=item, redirects="no")["entities"][item]
        assert "missing" in found or "redirects" in found or "labels" in found
