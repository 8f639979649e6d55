"""Single edits of a Wikibase, embedded or not: the only user of wikibaseintegrator.

Every edit sends only what changed, with the revision it was based on, in a session of its own; it is tried once,
and a failure is one of our errors. The library's settings are global to the process: they are set here to values
that never change.
The surprising thing: a lost connection may hide an edit that was saved. Where a network lies between
(``traceable``), each edit carries a mark in its summary, and is looked for before it is given up.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any
from uuid import uuid4

import requests
from wikibaseintegrator import wbi_helpers, wbi_login
from wikibaseintegrator.wbi_config import config
from wikibaseintegrator.wbi_exceptions import MaxRetriesReachedException, MWApiError

from capx_graph.errors import (
    CapxError,
    Conflict,
    EditRefused,
    Forbidden,
    LoginRefused,
    NotFound,
    OutcomeUnknown,
    SessionEnded,
    Unavailable,
)
from capx_graph.model import EntityJson, Receipt
from capx_graph.wikibase.transport import Sessions

Json = dict[str, Any]

BY_THEMSELVES = "by the person whom it is about"
"""The summary of an edit of somebody's own item: who that is, another wiki's history shall not keep for ever."""

_MISSING = frozenset({"no-such-entity", "missingtitle", "no-such-claim", "nosuchpageid", "unresolved-redirect"})
_ENDED = frozenset({"badtoken", "assertuserfailed"})
_CONFLICT = frozenset({"editconflict", "nosuchrevid"})
_FORBIDDEN = frozenset(
    {
        "permissiondenied",
        "protectedpage",
        "blocked",
        "autoblocked",
        "assertbotfailed",
        "assertnameduserfailed",
        "readapidenied",
        "mwoauth-invalid-authorization",
    }
)


@dataclass(frozen=True, slots=True)
class WriterSettings:
    """Where to write, under which name of a program, and whether a network lies between."""

    api_url: str
    user_agent: str
    traceable: bool = False


class Writer:
    """Edits entities in the name of accounts; may be shared by threads."""

    def __init__(self, settings: WriterSettings, sessions: Sessions) -> None:
        self._settings = settings
        self._sessions = sessions
        config["BACKOFF_MAX_TRIES"] = 1
        config["BACKOFF_MAX_VALUE"] = 1

    def create(
        self, draft: EntityJson, *, account: str, owner: str | None = None, summary: str | None = None
    ) -> Receipt:
        """Makes an item or a property (``draft['type']``); the wiki gives the id. ``owner`` makes it an owned page."""
        data = {key: value for key, value in draft.items() if key not in ("type", "id")}
        kind = str(draft["type"])

        def send(call: Json) -> Receipt:
            return _entity_receipt(wbi_helpers.edit_entity(data=data, type=kind, **call))

        return self._edit(send, account, summary=summary, owner=owner)

    def update(
        self,
        entity_id: str,
        changes: EntityJson,
        *,
        account: str,
        base_revision: int,
        summary: str | None = None,
    ) -> Receipt:
        """Sends the changes (Wikibase JSON of the changed fields alone, ``remove`` marking what shall go)."""

        def send(call: Json) -> Receipt:
            answer = wbi_helpers.edit_entity(data=dict(changes), id=entity_id, baserevid=base_revision, **call)
            return _entity_receipt(answer)

        return self._edit(send, account, summary=summary, entity_id=entity_id)

    def empty(self, entity_id: str, *, account: str, base_revision: int, summary: str | None = None) -> Receipt:
        """Takes everything off an entity that cannot be deleted; its history keeps it."""

        def send(call: Json) -> Receipt:
            answer = wbi_helpers.edit_entity(data={}, id=entity_id, baserevid=base_revision, clear=True, **call)
            return _entity_receipt(answer)

        return self._edit(send, account, summary=summary, entity_id=entity_id)

    def remove_statements(
        self, statement_ids: Sequence[str], *, account: str, base_revision: int, summary: str | None = None
    ) -> Receipt:
        """Removes statements of one entity."""
        entity_id = statement_ids[0].partition("$")[0].upper()

        def send(call: Json) -> Receipt:
            answer = wbi_helpers.remove_claims("|".join(statement_ids), baserevid=base_revision, **call)
            return Receipt(entity_id, int(answer["pageinfo"]["lastrevid"]), changed=bool(answer["claims"]))

        return self._edit(send, account, summary=summary, entity_id=entity_id)

    def merge(self, source: str, target: str, *, account: str, ignore_conflicts: Sequence[str] = ()) -> Receipt:
        """Merges an item into another and leaves a redirect; the receipt is the target's."""

        ignored = list(ignore_conflicts) or None
        with self._call(account) as call:
            answer = wbi_helpers.merge_items(source, target, ignore_conflicts=ignored, **call)
            return Receipt(target, int(answer["to"]["lastrevid"]), changed=True)

    def redirect(self, source: str, target: str, *, account: str) -> None:
        """Makes an empty item a redirect."""
        data = {"action": "wbcreateredirect", "from": source, "to": target, "format": "json"}
        with self._call(account) as call:
            wbi_helpers.mediawiki_api_call_helper(data=data, **call)

    def delete(self, entity_id: str, *, account: str, reason: str | None = None) -> None:
        """Deletes an entity's page; raises NotFound."""
        data = {"action": "wbgetentities", "ids": entity_id, "props": "info", "format": "json"}
        with self._call(account) as call:
            page = wbi_helpers.mediawiki_api_call_helper(data=data, **call)["entities"][entity_id]
            if "pageid" not in page:
                raise NotFound(f"there is no {entity_id}")
            wbi_helpers.delete_page(pageid=int(page["pageid"]), reason=reason, **call)

    def add_section(self, title: str, heading: str, text: str, *, account: str, summary: str) -> int:
        """Adds a section to a page of another kind; answers its new revision. Raises Forbidden."""
        data = {
            "action": "edit",
            "title": title,
            "section": "new",
            "sectiontitle": heading,
            "text": text,
            "summary": summary,
            "format": "json",
        }
        with self._call(account) as call:
            done = wbi_helpers.mediawiki_api_call_helper(data=data, **call).get("edit", {})
        if done.get("result") != "Success":
            raise Forbidden(f"{title} takes no section: {done.get('result', 'no result')}")
        return int(done.get("newrevid", 0))

    def _edit(
        self,
        send: Callable[[Json], Receipt],
        account: str,
        *,
        summary: str | None = None,
        owner: str | None = None,
        entity_id: str | None = None,
    ) -> Receipt:
        """Sends once; when the outcome is unknown and the edit carries a mark, looks for it before giving up."""
        mark = f"({uuid4().hex[:12]})" if self._settings.traceable else None
        text = " ".join(part for part in (summary, mark) if part)
        try:
            return self._sent(send, account, text, owner)
        except OutcomeUnknown:
            found = self._find(mark, account, entity_id) if mark else None
            if found is None:
                raise
            return found

    def _sent(self, send: Callable[[Json], Receipt], account: str, text: str, owner: str | None) -> Receipt:
        """Sends in a session of the account, and once more in a new one where the wiki forgot who edits."""
        try:
            with self._call(account, owner=owner) as call:
                return send(call | {"summary": text} if text else call)
        except SessionEnded:
            if not self._sessions.renew(account):
                raise
        with self._call(account, owner=owner) as call:
            return send(call | {"summary": text} if text else call)

    def _find(self, mark: str, account: str, entity_id: str | None) -> Receipt | None:
        """The saved edit that carries the mark, from the newest changes."""
        data = {
            "action": "query",
            "list": "recentchanges",
            "rcprop": "ids|title|comment",
            "rclimit": "max",
            "format": "json",
        }
        with self._call(account) as call:
            answer = wbi_helpers.mediawiki_api_call_helper(data=data, **call)
        for edit in answer["query"]["recentchanges"]:
            if mark in edit.get("comment", ""):
                named = str(edit["title"]).rpartition(":")[2]
                return Receipt(entity_id or named, int(edit["revid"]), changed=True)
        return None

    @contextmanager
    def _call(self, account: str, *, owner: str | None = None) -> Iterator[Json]:
        """The arguments that every call of the library needs, for one session; its errors become ours."""
        url, agent = self._settings.api_url, self._settings.user_agent
        with self._sessions.open(account, owner=owner) as session:
            try:
                if session.login is None:
                    session.login = wbi_login._Login(session=session, mediawiki_api_url=url, user_agent=agent)
                yield {
                    "login": session.login,
                    "mediawiki_api_url": url,
                    "user_agent": agent,
                    "max_retries": 1,
                    "retry_after": 0,
                }
            except (MWApiError, wbi_login.LoginError, MaxRetriesReachedException, requests.RequestException) as error:
                raise _translated(error) from error


def _entity_receipt(answer: Mapping[str, Any]) -> Receipt:
    entity = answer["entity"]
    whole = entity if "claims" in entity else None
    return Receipt(str(entity["id"]), int(entity["lastrevid"]), changed="nochange" not in entity, entity=whole)


def _translated(error: Exception) -> CapxError:
    """Our error for one of the library's."""
    if isinstance(error, wbi_login.LoginError):
        return LoginRefused(f"the wiki refused the login: {error}")
    if not isinstance(error, MWApiError):
        return Unavailable(f"the wiki gave no usable answer: {error}")
    messages = tuple(str(message.get("name", "")) for message in error.messages)
    text = f"{error.info} ({error.code})"
    if error.code in _MISSING:
        return NotFound(text)
    if error.code in _CONFLICT or any(name.endswith("-conflict") for name in messages):
        return Conflict(text)
    if error.code in _ENDED:
        return SessionEnded(text)
    if error.code in _FORBIDDEN:
        return Forbidden(text)
    return EditRefused(error.code, text, messages)
