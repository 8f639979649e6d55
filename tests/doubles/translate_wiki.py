"""A wiki with the extension Translate for tests: its API as far as an exchange needs it, on loopback."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.cookies import SimpleCookie
from typing import Any
from urllib.parse import parse_qs

from tests.houses import loopback

BUNDLE = "Module:CapacityExchange/capacities.json"
TRANSLATIONS = 1198
USER, PASSWORD = "Ana@capx", "a bot password"
_TOKEN = "abc+\\"


@dataclass
class WikiPage:
    """A page; ``at`` is ISO 8601."""

    text: str
    at: str
    revision: int


@dataclass
class MetaWiki:
    """The wiki. ``troubles`` are answers given, one a request, before anything is done; ``asked`` is what was sent.

    Of its users ``readers`` can be mailed; ``mails`` have target, subject and text.
    """

    now: str = "2026-07-01T00:00:00Z"
    at_once: int = 50
    pages: dict[str, WikiPage] = field(default_factory=dict)
    protected: set[str] = field(default_factory=set)
    troubles: list[tuple[str, dict[str, str], Any]] = field(default_factory=list)
    asked: list[dict[str, str]] = field(default_factory=list)
    agents: set[str] = field(default_factory=set)
    readers: set[str] = field(default_factory=set)
    mails: list[tuple[str, str, str]] = field(default_factory=list)
    loses_answer: bool = False
    before_edit: Callable[[str], None] | None = None
    _revision: int = 0

    def bundle(self, messages: dict[str, str], at: str = "2026-01-01T00:00:00Z") -> None:
        """The page of the bundle."""
        self.write(BUNDLE, json.dumps({"@metadata": {"sourceLanguage": "en", "label": "x"}, **messages}), at)

    def translation(self, key: str, language: str, text: str, at: str = "2026-02-01T00:00:00Z") -> None:
        """A page of a translation."""
        self.write(f"Translations:{BUNDLE}/{key}/{language}", text, at)

    def text(self, key: str, language: str) -> str | None:
        """What a translation says."""
        page = self.pages.get(f"Translations:{BUNDLE}/{key}/{language}")
        return page.text if page else None

    def write(self, title: str, text: str, at: str) -> int:
        """A new revision of a page."""
        self._revision += 1
        self.pages[title] = WikiPage(text, at, self._revision)
        return self._revision

    @property
    def edits(self) -> list[dict[str, str]]:
        """The edits that were asked for."""
        return [asked for asked in self.asked if asked.get("action") == "edit"]

    def __call__(self, environ: dict[str, Any], start_response: Callable[..., Any]) -> Iterable[bytes]:
        body = environ["wsgi.input"].read(int(environ.get("CONTENT_LENGTH") or 0)).decode()
        sent = {name: values[-1] for name, values in parse_qs(environ["QUERY_STRING"]).items()}
        sent |= {name: values[-1] for name, values in parse_qs(body, keep_blank_values=True).items()}
        self.asked.append(sent)
        self.agents.add(environ.get("HTTP_USER_AGENT", ""))
        if self.troubles:
            status, headers, answer = self.troubles.pop(0)
            start_response(status, [("Content-Type", "application/json"), *headers.items()])
            return [answer if isinstance(answer, bytes) else json.dumps(answer).encode()]
        cookies = SimpleCookie(environ.get("HTTP_COOKIE", ""))
        known = ("session" in cookies and cookies["session"].value == "in") or (
            environ.get("HTTP_AUTHORIZATION") == "Bearer a-token"
        )
        answer, cookie = self._answer(sent, known=known)
        headers = [("Content-Type", "application/json")]
        if self.loses_answer and sent.get("action") in ("edit", "emailuser"):
            self.loses_answer = False
            start_response("502 Bad Gateway", headers)
            return [b"<html>"]
        start_response("200 OK", [*headers, ("Set-Cookie", cookie)] if cookie else headers)
        return [json.dumps(answer).encode()]

    def _answer(self, sent: dict[str, str], *, known: bool) -> tuple[dict[str, Any], str]:
        match sent.get("action"), sent.get("meta"), sent.get("type"):
            case "query", "siteinfo", _:
                named = {
                    "0": {"id": 0, "name": ""},
                    "1198": {"id": TRANSLATIONS, "canonical": "Translations", "name": "Übersetzungen"},
                }
                return {"query": {"namespaces": named}}, ""
            case "query", "tokens", "login":
                return {"query": {"tokens": {"logintoken": _TOKEN}}}, "session=out"
            case "query", "tokens", "csrf":
                return {"query": {"tokens": {"csrftoken": _TOKEN if known else "+\\"}}}, ""
            case "login", _, _:
                right = (sent["lgname"], sent["lgpassword"], sent["lgtoken"]) == (USER, PASSWORD, _TOKEN)
                result = {"result": "Success"} if right else {"result": "Failed", "reason": "Incorrect password."}
                return {"login": result}, "session=in" if right else ""
            case "edit", _, _:
                return self._edit(sent, known=known), ""
            case "emailuser", _, _:
                return self._mail(sent, known=known), ""
            case "query", _, _:
                return self._pages(sent), ""
        return {"error": {"code": "badvalue", "info": "unrecognized"}}, ""

    def _pages(self, sent: dict[str, str]) -> dict[str, Any]:
        if "titles" in sent:
            title = sent["titles"]
            page = self.pages.get(title)
            return {"query": {"pages": [_shown(title, page) if page else {"title": title, "missing": True}]}}
        assert sent["generator"] == "allpages"
        assert sent["gapnamespace"] == str(TRANSLATIONS)
        prefix = f"Translations:{sent['gapprefix']}"
        titles = sorted(title for title in self.pages if title.startswith(prefix))
        start = int(sent.get("gapcontinue", "0"))
        some = titles[start : start + min(self.at_once, int(sent["gaplimit"]))]
        answer: dict[str, Any] = {"query": {"pages": [_shown(title, self.pages[title]) for title in some]}}
        if start + len(some) < len(titles):
            answer["continue"] = {"gapcontinue": str(start + len(some)), "continue": "gapcontinue||"}
        return answer

    def _mail(self, sent: dict[str, str], *, known: bool) -> dict[str, Any]:
        if not known or sent.get("assert") != "user":
            return {"error": {"code": "assertuserfailed", "info": "You are no longer logged in."}}
        if sent.get("token") != _TOKEN:
            return {"error": {"code": "badtoken", "info": "Invalid CSRF token."}}
        if sent["target"] not in self.readers:
            return {"error": {"code": "noemail", "info": "This user has not specified a valid email address."}}
        self.mails.append((sent["target"], sent["subject"], sent["text"]))
        return {"emailuser": {"result": "Success"}}

    def _edit(self, sent: dict[str, str], *, known: bool) -> dict[str, Any]:
        title = sent["title"]
        if self.before_edit:
            self.before_edit(title)
        page = self.pages.get(title)
        if not known or sent.get("assert") != "user":
            return {"error": {"code": "assertuserfailed", "info": "You are no longer logged in."}}
        if sent.get("token") != _TOKEN:
            return {"error": {"code": "badtoken", "info": "Invalid CSRF token."}}
        if title in self.protected:
            return {"error": {"code": "protectedpage", "info": "This page has been protected."}}
        if page and "createonly" in sent:
            return {"error": {"code": "articleexists", "info": "exists already"}}
        if page and sent.get("baserevid") != str(page.revision):
            return {"error": {"code": "editconflict", "info": "Edit conflict."}}
        revision = self.write(title, sent["text"], self.now)
        return {"edit": {"result": "Success", "title": title, "newrevid": revision}}


def _shown(title: str, page: WikiPage) -> dict[str, Any]:
    content = {"content": page.text, "contentmodel": "wikitext"}
    return {"title": title, "revisions": [{"revid": page.revision, "timestamp": page.at, "slots": {"main": content}}]}


@contextmanager
def serving(wiki: MetaWiki) -> Iterator[str]:
    """The address of the API of a wiki on loopback."""
    with loopback.werkzeug(wiki, threaded=False) as address:
        yield f"{address}/w/api.php"
