"""A Wikibase elsewhere for tests: an embedded repository of its own behind a server on loopback.

``empty`` has nothing of our ontology; ``shared`` has properties and items of others, under ids that ours have here.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any
from urllib.parse import parse_qs

from capx_graph.accounts import Accounts
from capx_graph.model import Draft
from capx_graph.repository.store import Repository
from capx_graph.repository.wsgi import WikiApp
from tests.houses import loopback

BASE = "http://elsewhere.example"
USER, PASSWORD = "Robot@capx", "0123456789abcdef0123456789abcdef"
FOREIGN = {
    "P1": ("string", "motto", "What somebody lives by."),
    "P2": ("wikibase-item", "instance of", "The class of this."),
    "P3": ("string", "level", "A level of another kind."),
    "P4": ("url", "website", "An official page."),
    "P5": ("external-id", "Wikidata", "An id there."),
    "P6": ("wikibase-item", "language", "A language."),
}
"""Properties of the shared wiki: datatype, label, description."""

Answer = tuple[str, dict[str, str], Any]


@dataclass
class WikiElsewhere:
    """The wiki; ``troubles`` are answers given, one an edit, before anything is done; ``asked`` is what was sent."""

    repository: Repository
    accounts: Accounts
    address: str = ""
    asked: list[dict[str, str]] = field(default_factory=list)
    agents: set[str] = field(default_factory=set)
    troubles: list[Answer] = field(default_factory=list)
    before_edit: Callable[[dict[str, str]], None] | None = None

    @property
    def api(self) -> str:
        return f"{self.address}/w/api.php"

    @property
    def edits(self) -> list[dict[str, str]]:
        """The edits that were asked for."""
        return [sent for sent in self.asked if sent.get("action", "").startswith(("wbedit", "wbset"))]

    def items(self) -> dict[str, Any]:
        """Every item by its id."""
        return {page.entity_id: page.entity for page in self.repository.scan("item") if page.entity is not None}

    def edit(self, entity_id: str, change: Callable[[dict[str, Any]], None], actor: str = "A human") -> None:
        """Somebody there changes an entity."""
        page = self.repository.page(entity_id)
        assert page is not None
        assert page.entity is not None
        entity = json.loads(json.dumps(page.entity))
        change(entity)
        self.repository.bulk([Draft(entity)], actor=actor)


def in_english(text: str) -> dict[str, Any]:
    """A term in English."""
    return {"en": {"language": "en", "value": text}}


@contextmanager
def wiki_elsewhere(
    folder: Path, *, shared: bool = False, fresh: bool = True, base: str = BASE
) -> Iterator[WikiElsewhere]:
    """The wiki, served; one that is not fresh was made in this folder before."""
    repository = Repository.open(folder, base=base)
    accounts = Accounts(folder)
    if fresh:
        accounts.add("Robot", "a long password of it", groups=("bot",))
        accounts.add_bot_password("Robot", "capx", password=PASSWORD)
    if fresh and shared:
        repository.bulk(list(_foreign()), actor="Somebody")
        repository.reserve("property", 20)
        repository.reserve("item", 40)
    wiki = WikiElsewhere(repository, accounts)
    try:
        with loopback.waitress(_watched(wiki, WikiApp(repository, accounts))) as wiki.address:
            yield wiki
    finally:
        accounts.close()
        repository.close()


def _foreign() -> Iterable[Draft]:
    for entity_id, (datatype, label, description) in FOREIGN.items():
        terms = {"labels": in_english(label), "descriptions": in_english(description)}
        yield Draft({"type": "property", "id": entity_id, "datatype": datatype, **terms})
    for number, label in enumerate(("person", "cat", "organization"), start=1):
        yield Draft({"type": "item", "id": f"Q{number}", "labels": in_english(label), "descriptions": {}})


def _watched(wiki: WikiElsewhere, app: Any) -> Any:
    def application(environ: dict[str, Any], start_response: Callable[..., Any]) -> Iterable[bytes]:
        body = environ["wsgi.input"].read(int(environ.get("CONTENT_LENGTH") or 0))
        sent = _flat(parse_qs(environ.get("QUERY_STRING", "")), parse_qs(body.decode(), keep_blank_values=True))
        wiki.asked.append(sent)
        wiki.agents.add(environ.get("HTTP_USER_AGENT", ""))
        environ["wsgi.input"] = _Body(body)
        if sent.get("action", "").startswith("wbedit"):
            if wiki.troubles:
                status, headers, answer = wiki.troubles.pop(0)
                kind = "text/html" if isinstance(answer, str) else "application/json"
                start_response(status, [("Content-Type", kind), *headers.items()])
                return [answer.encode() if isinstance(answer, str) else json.dumps(answer).encode()]
            if wiki.before_edit:
                wiki.before_edit(sent)
        found: Iterable[bytes] = app(environ, start_response)
        return found

    return application


class _Body:
    """A body that was read once, to be read again."""

    def __init__(self, body: bytes) -> None:
        self._left = body

    def read(self, size: int = -1) -> bytes:
        part = self._left if size < 0 else self._left[:size]
        self._left = self._left[len(part) :]
        return part

    def readline(self, size: int = -1) -> bytes:
        return self.read()


def _flat(*forms: dict[str, Sequence[str]]) -> dict[str, str]:
    return {name: values[-1] for form in forms for name, values in form.items()}
