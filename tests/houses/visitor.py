"""A visitor of a service that runs as a process, over one connection."""

from __future__ import annotations

import http.client
import json
from typing import Any
from urllib.parse import urlencode, urlsplit


class Client:
    """A visitor with one connection."""

    def __init__(self, address: str) -> None:
        parts = urlsplit(address)
        self._connection = http.client.HTTPConnection(str(parts.hostname), parts.port, timeout=30)
        self._cookies: dict[str, str] = {}

    def __enter__(self) -> Client:
        return self

    def __exit__(self, *error: object) -> None:
        self._connection.close()

    def get(self, path: str, **parameters: str) -> Any:
        return self._ask("GET", f"{path}?{urlencode(parameters)}", None)

    def post(self, path: str, **parameters: str) -> Any:
        return self._ask("POST", path, urlencode(parameters))

    def _ask(self, method: str, path: str, body: str | None) -> Any:
        headers = {"Accept": "application/json", "Cookie": "; ".join(f"{k}={v}" for k, v in self._cookies.items())}
        if body is not None:
            headers["Content-Type"] = "application/x-www-form-urlencoded"
        self._connection.request(method, path, body=body, headers=headers)
        answer = self._connection.getresponse()
        for cookie in answer.headers.get_all("Set-Cookie") or ():
            name, _, rest = cookie.partition("=")
            self._cookies[name] = rest.partition(";")[0]
        text = answer.read()
        assert answer.status == 200, (path, answer.status, text[:300])
        return json.loads(text)

    def log_in(self, name: str, password: str) -> str:
        """Answers the token that edits need."""
        api = "/w/api.php"
        token = self.get(api, action="query", meta="tokens", type="login", format="json")["query"]["tokens"]
        answer = self.post(
            api, action="login", format="json", lgname=name, lgpassword=password, lgtoken=token["logintoken"]
        )
        assert answer["login"]["result"] == "Success", answer
        tokens = self.get(api, action="query", meta="tokens", format="json")["query"]["tokens"]
        return str(tokens["csrftoken"])
