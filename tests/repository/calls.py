"""A small wiki behind its Action API, called in the name of an account of this process."""

from __future__ import annotations

import json
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from werkzeug.test import Client

from capx_graph.accounts import Accounts
from capx_graph.repository.store import Repository
from capx_graph.repository.wsgi import ACCOUNT, WikiApp

BASE = "http://127.0.0.1:8000"

Json = dict[str, Any]


class Wiki:
    """Calls in the name of an account of this process, or of a visitor."""

    def __init__(self, client: Client) -> None:
        self._client = client

    def call(self, *, account: str | None = "Bot", **parameters: object) -> Json:
        environ = {ACCOUNT: account} if account else {}
        data = {"format": "json", "formatversion": 2, **parameters}
        data = {key: json.dumps(value) if isinstance(value, dict | list) else value for key, value in data.items()}
        answer: Json = self._client.post("/w/api.php", data=data, environ_overrides=environ).get_json()
        return answer

    def edit(self, *, account: str | None = "Bot", **parameters: object) -> Json:
        token = "+\\" if account is None else self._token(account)
        return self.call(account=account, token=token, **parameters)

    def comments(self, title: str) -> list[str]:
        asked = {"titles": title, "prop": "revisions", "rvprop": "comment", "rvlimit": "max"}
        answer = self.call(action="query", **asked)
        assert answer["limits"] == {"revisions": 5000}
        return [revision["comment"] for revision in answer["query"]["pages"][0]["revisions"]]

    def _token(self, account: str) -> str:
        token: str = self.call(account=account, action="query", meta="tokens")["query"]["tokens"]["csrftoken"]
        return token


@contextmanager
def small_wiki(folder: Path) -> Iterator[Wiki]:
    """Three properties and an item, and who may do everything."""
    repository = Repository.open(folder, base=BASE)
    accounts = Accounts(folder)
    accounts.add("Bot", "correct horse battery", groups=["bot", "sysop"])
    made = Wiki(Client(WikiApp(repository, accounts)))
    for datatype in ("string", "string", "quantity"):
        made.edit(action="wbeditentity", new="property", data={"datatype": datatype})
    made.edit(action="wbeditentity", new="item", data={"labels": {"en": {"language": "en", "value": "first"}}})
    yield made
    accounts.close()
    repository.close()
