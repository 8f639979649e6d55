"""A repository behind its REST API, for the tests of the rest rooms."""

from __future__ import annotations

import json
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from capx_graph.model import Account, Draft
from capx_graph.repository.entitydata import HttpAnswer
from capx_graph.repository.identity import Identity, member
from capx_graph.repository.rest.http import RestRequest
from capx_graph.repository.rest.routes import RestApi
from capx_graph.repository.storage.transaction import Author
from capx_graph.repository.store import Repository
from tests.houses.rdf import item, prop, snak

BASE = "http://127.0.0.1:8000"
ENTITIES = f"{BASE}/w/rest.php/wikibase/v1/entities"
GUID = "Q1$00000000-0000-4000-8000-000000000001"
OTHER = "Q1$00000000-0000-4000-8000-00000000000F"
ANA = member(Account("Ana", 1), "k")
STRING = {"property": {"id": "P1"}, "value": {"type": "value", "content": "x"}}


class Wiki:
    """A repository behind its REST API, with Q1 (statements), Q2 (a redirect to Q1), Q3 (Ana's own page)."""

    def __init__(self, repository: Repository) -> None:
        self.repository = repository
        self.api = RestApi(repository)
        quantity = {"amount": "+10.0", "unit": "1", "upperBound": "+10.5", "lowerBound": "+9.5"}
        time = {
            "time": "+2001-02-03T00:00:00Z",
            "timezone": 0,
            "before": 0,
            "after": 0,
            "precision": 11,
            "calendarmodel": "http://www.wikidata.org/entity/Q1985727",
        }
        statement = {
            "id": GUID,
            "type": "statement",
            "mainsnak": snak("P2", "quantity", quantity),
            "qualifiers": [snak("P3", "time", time)],
            "references": [{"snaks": [snak("P1", "string", "r")]}],
        }
        one = item("Q1", en="one", de="eins") | {"claims": [statement]}
        one["descriptions"] = {"en": {"language": "en", "value": "the first"}}
        one["aliases"] = {"en": [{"language": "en", "value": "uno"}]}
        entities = [
            prop("P1", "string", en="text"),
            prop("P2", "quantity"),
            prop("P3", "time"),
            prop("P4", "wikibase-item"),
            one,
            item("Q2"),
        ]
        drafts = [Draft(entity) for entity in entities]
        repository.bulk([*drafts, Draft(item("Q3", en="Ana"), owner="Ana")], actor="Ana")
        with repository.transaction() as transaction:
            page = transaction.page("Q2")
            assert page is not None
            transaction.redirect(page, "Q1", Author("Ana"))

    def ask(
        self,
        method: str,
        path: str,
        body: object = None,
        *,
        identity: Identity = ANA,
        headers: dict[str, str] | None = None,
        **query: str,
    ) -> HttpAnswer:
        data = b"" if body is None else body if isinstance(body, bytes) else json.dumps(body).encode()
        sent = {"user-agent": "test", "content-type": "application/json"} | (headers or {})
        return self.api.answer(RestRequest(method, f"/wikibase/v1{path}", identity, query, sent, data))


@contextmanager
def opened_wiki(tmp_path: Path) -> Iterator[Wiki]:
    repository = Repository.open(tmp_path, clock=lambda: datetime(2026, 6, 1, 12, tzinfo=UTC))
    yield Wiki(repository)
    repository.close()


def read(answer: HttpAnswer) -> Any:
    return json.loads(answer.body)


def etag(wiki: Wiki, entity_id: str = "Q1", *, back: int = 0) -> str:
    page = wiki.repository.page(entity_id)
    assert page is not None
    return f'"{page.revision_id - back}"'
