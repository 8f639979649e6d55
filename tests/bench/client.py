"""Clients of the service as the bench needs them: one that reads over a connection kept open, one that edits."""

from __future__ import annotations

import http.client
import json
import time
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlencode, urlsplit

import requests

PREFIX = "https://w3id.org/capx/ontology/"
_PATIENCE = 600


@dataclass(frozen=True, slots=True)
class Answer:
    """What came back, and the seconds from asking to the last byte."""

    status: int
    body: bytes
    seconds: float

    def json(self) -> Any:
        return json.loads(self.body)


class Reader:
    """One connection that stays open, as browsers and proxies have it."""

    def __init__(self, address: str) -> None:
        parts = urlsplit(address)
        self._connection = http.client.HTTPConnection(parts.hostname or "", parts.port, timeout=_PATIENCE)

    def ask(self, path: str) -> Answer:
        try:
            return self._asked(path)
        except http.client.RemoteDisconnected:  # a server closes what was silent for long
            self._connection.close()
            return self._asked(path)

    def _asked(self, path: str) -> Answer:
        begin = time.perf_counter()
        self._connection.request("GET", path, headers={"Accept": "application/json"})
        answer = self._connection.getresponse()
        body = answer.read()
        return Answer(answer.status, body, time.perf_counter() - begin)

    def get(self, path: str) -> Answer:
        """An answer that is there; raises RuntimeError for another than 200."""
        answer = self.ask(path)
        if answer.status != http.client.OK:
            raise RuntimeError(f"{path}: {answer.status} {answer.body[:200]!r}")
        return answer

    def select(self, query: str) -> list[dict[str, str]]:
        """The rows of a SPARQL query, terms as text."""
        rows = self.get(sparql_path(query)).json()["results"]["bindings"]
        return [{name: term["value"] for name, term in row.items()} for row in rows]

    def holds(self, pattern: str) -> bool:
        """Whether the endpoint finds a pattern."""
        return bool(self.get(sparql_path(f"ASK {{ {pattern} }}")).json()["boolean"])


def sparql_path(query: str) -> str:
    return "/sparql?" + urlencode({"query": query, "format": "json"})


class Editor:
    """An account at the Action API, signed in with a bot password."""

    def __init__(self, address: str, name: str, password: str) -> None:
        self._api = f"{address}/w/api.php"
        self._session = requests.Session()
        self._session.headers["User-Agent"] = "capx-graph bench (bench@example.org)"
        signed = self._post(action="login", lgname=name, lgpassword=password, lgtoken=self._token("login"))
        if signed["login"]["result"] != "Success":
            raise RuntimeError(f"the bench cannot sign in: {signed}")
        self._csrf = self._token("csrf")

    def statements(self, item: str, property_id: str) -> list[dict[str, Any]]:
        """What an item says with one property."""
        found = self._post(action="wbgetclaims", entity=item, property=property_id)["claims"]
        return list(found.get(property_id, ()))

    def edit(self, item: str, data: Mapping[str, Any]) -> dict[str, Any]:
        """One ``wbeditentity``; the entity as it is then."""
        saved = self._post(
            action="wbeditentity", id=item, data=json.dumps(data), token=self._csrf, bot="1", summary="a bench's edit"
        )
        entity: dict[str, Any] = saved["entity"]
        return entity

    def _token(self, kind: str) -> str:
        found = self._post(action="query", meta="tokens", type=kind)
        return str(found["query"]["tokens"][f"{kind}token"])

    def _post(self, **fields: str) -> dict[str, Any]:
        answer = self._session.post(self._api, data={"format": "json", **fields}, timeout=_PATIENCE)
        found: dict[str, Any] = answer.json()
        if "error" in found:
            raise RuntimeError(f"{fields['action']}: {found['error']}")
        return found


def item_statement(property_id: str, item: str) -> dict[str, Any]:
    """A statement whose value is an item."""
    value = {"type": "wikibase-entityid", "value": {"entity-type": "item", "id": item}}
    snak = {"snaktype": "value", "property": property_id, "datavalue": value}
    return {"type": "statement", "rank": "normal", "mainsnak": snak}
