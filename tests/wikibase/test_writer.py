"""Single edits through wikibaseintegrator: what is sent, how often, and what its failures become."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable
from typing import Any
from urllib.parse import parse_qs

import pytest
import requests

from capx_graph.errors import Conflict, EditRefused, Forbidden, NotFound, OutcomeUnknown, RateLimited
from capx_graph.model import Receipt
from capx_graph.wikibase.transport import CarefulSession, InProcessSessions, WsgiAdapter
from capx_graph.wikibase.writer import Writer, WriterSettings

BASE = "http://wiki.invalid"
DRAFT = {"type": "item", "labels": {"en": {"language": "en", "value": "x"}}}


class FakeWiki:
    """A wiki that answers tokens, keeps every edit and answers them from a table by action."""

    def __init__(self, **answers: dict[str, Any]) -> None:
        self.edits: list[dict[str, str]] = []
        self.accounts: list[object] = []
        self.answers = answers

    def __call__(self, environ: dict[str, Any], start_response: Callable[..., object]) -> Iterable[bytes]:
        text = environ["wsgi.input"].read().decode() or environ["QUERY_STRING"]
        sent = {name: values[0] for name, values in parse_qs(text, keep_blank_values=True).items()}
        start_response("200 OK", [("Content-Type", "application/json")])
        if sent.get("meta") == "tokens":
            return [b'{"query":{"tokens":{"csrftoken":"abc+\\\\"}}}']
        if sent["action"] == "query":
            changes = [
                {"title": f"Item:Q{9 + n}", "revid": 40 + n, "comment": f"/* auto */ {edit.get('summary', '')}"}
                for n, edit in enumerate(self.edits)
            ]
            return [json.dumps({"query": {"recentchanges": changes}}).encode()]
        self.edits.append(sent)
        self.accounts.append(environ.get("capx.account"))
        return [json.dumps(self.answers[sent["action"]]).encode()]


SAVED = {"entity": {"id": "Q9", "type": "item", "lastrevid": 40}, "success": 1}


def _writer(wiki: FakeWiki) -> Writer:
    settings = WriterSettings(f"{BASE}/w/api.php", "test (test@example.org)")
    return Writer(settings, InProcessSessions(wiki, BASE))


def test_an_edit_carries_the_change_its_base_and_its_author() -> None:
    wiki = FakeWiki(wbeditentity=SAVED)
    changes = {"labels": {"en": {"language": "en", "value": "y"}}}
    receipt = _writer(wiki).update("Q9", changes, account="Ana", base_revision=39, summary="why")
    assert receipt == Receipt("Q9", 40, changed=True)
    (edit,) = wiki.edits
    assert json.loads(edit["data"]) == changes
    assert (edit["id"], edit["baserevid"], edit["summary"], edit["assert"]) == ("Q9", "39", "why", "user")
    assert wiki.accounts == ["Ana"]


def test_a_new_item_is_sent_without_id_and_an_unchanged_one_is_said_so() -> None:
    wiki = FakeWiki(wbeditentity={"entity": {"id": "Q9", "lastrevid": 40, "nochange": ""}, "success": 1})
    assert _writer(wiki).create(DRAFT, account="Ana") == Receipt("Q9", 40, changed=False)
    assert wiki.edits[0]["new"] == "item"
    assert "summary" not in wiki.edits[0]


def _error(code: str, *messages: str) -> dict[str, Any]:
    return {"error": {"code": code, "info": "text", "messages": [{"name": name} for name in messages]}}


@pytest.mark.parametrize(
    ("answer", "expected"),
    [
        (_error("editconflict"), Conflict),
        (_error("modification-failed", "wikibase-validator-label-with-description-conflict"), Conflict),
        (_error("failed-save", "wikibase-validator-label-conflict"), Conflict),
        (_error("permissiondenied"), Forbidden),
        (_error("assertuserfailed"), Forbidden),
        (_error("no-such-entity"), NotFound),
        (_error("failed-save", "actionthrottledtext"), RateLimited),
        (_error("modification-failed", "wikibase-validator-too-long"), EditRefused),
        ({"error": {"code": "anything", "info": "x"}}, EditRefused),
    ],
)
def test_every_failure_is_one_of_ours_after_one_try(answer: dict[str, Any], expected: type[Exception]) -> None:
    wiki = FakeWiki(wbeditentity=answer)
    with pytest.raises(expected):
        _writer(wiki).create(DRAFT, account="Ana")
    assert len(wiki.edits) == 1


def test_a_refusal_names_the_rules() -> None:
    wiki = FakeWiki(wbeditentity=_error("modification-failed", "wikibase-validator-too-long"))
    with pytest.raises(EditRefused) as caught:
        _writer(wiki).create(DRAFT, account="Ana")
    assert (caught.value.code, caught.value.messages) == ("modification-failed", ("wikibase-validator-too-long",))


class LostAnswers:
    """Sessions in which the answer to every edit is lost, after the wiki saved it or before."""

    def __init__(self, wiki: FakeWiki, *, saved: bool) -> None:
        self._wiki = wiki
        self._saved = saved

    def open(self, account: str, *, owner: str | None = None) -> requests.Session:
        session = CarefulSession()
        session.mount(BASE, _Losing(self._wiki, saved=self._saved))
        return session


class _Losing(WsgiAdapter):
    def __init__(self, wiki: FakeWiki, *, saved: bool) -> None:
        super().__init__(wiki)
        self._saved = saved

    def send(self, request: requests.PreparedRequest, *args: Any, **kwargs: Any) -> requests.Response:
        lost = "action=wbeditentity" in str(request.body)
        if not lost or self._saved:
            answer = super().send(request, *args, **kwargs)
        if lost:
            raise requests.ConnectionError("reset")
        return answer


def _traceable(wiki: FakeWiki, *, saved: bool) -> Writer:
    settings = WriterSettings(f"{BASE}/w/api.php", "test", traceable=True)
    return Writer(settings, LostAnswers(wiki, saved=saved))


def test_a_lost_answer_does_not_double_an_item() -> None:
    wiki = FakeWiki(wbeditentity=SAVED)
    assert _traceable(wiki, saved=True).create(DRAFT, account="Ana") == Receipt("Q9", 40, changed=True)
    assert len(wiki.edits) == 1


def test_an_edit_that_cannot_be_found_is_left_in_doubt() -> None:
    wiki = FakeWiki(wbeditentity=SAVED)
    with pytest.raises(OutcomeUnknown):
        _traceable(wiki, saved=False).create(DRAFT, account="Ana")
    assert wiki.edits == []


def test_statements_are_removed_merged_and_deleted_by_their_modules() -> None:
    wiki = FakeWiki(
        wbremoveclaims={"success": 1, "claims": ["Q9$a"], "pageinfo": {"lastrevid": 41}},
        wbmergeitems={"success": 1, "from": {"id": "Q8", "lastrevid": 42}, "to": {"id": "Q9", "lastrevid": 43}},
        wbcreateredirect={"success": 1, "redirect": "Q9"},
        wbgetentities={"entities": {"Q9": {"id": "Q9", "pageid": 5, "lastrevid": 43}}},
        delete={"delete": {"title": "Item:Q9"}},
    )
    writer = _writer(wiki)
    assert writer.remove_statements(["Q9$a"], account="Ana", base_revision=40) == Receipt("Q9", 41, changed=True)
    assert writer.merge("Q8", "Q9", account="Ana") == Receipt("Q9", 43, changed=True)
    writer.redirect("Q8", "Q9", account="Ana")
    writer.delete("Q9", account="Ana", reason="doubled")
    assert [edit["action"] for edit in wiki.edits] == [
        "wbremoveclaims",
        "wbmergeitems",
        "wbcreateredirect",
        "wbgetentities",
        "delete",
    ]
    assert wiki.edits[-1]["pageid"] == "5"


def test_deleting_what_is_not_there_is_not_found() -> None:
    wiki = FakeWiki(wbgetentities={"entities": {"Q9": {"id": "Q9", "missing": ""}}})
    with pytest.raises(NotFound):
        _writer(wiki).delete("Q9", account="Ana")
