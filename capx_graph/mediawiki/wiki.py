"""What is done on another MediaWiki: read pages under a prefix, read and edit one, mail a user.

Given out by the package. A session is opened at the first edit and not before, so that reading needs no account.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from capx_graph.errors import EditRefused, Forbidden, Unavailable
from capx_graph.mediawiki.connection import Connection

_AT_ONCE = 50
"""Pages with their texts that one request gives to anybody."""

Json = dict[str, Any]


@dataclass(frozen=True, slots=True)
class PageText:
    """A page in its newest revision; ``at`` is when it was written."""

    title: str
    text: str
    at: datetime
    revision: int


class Wiki:
    """One MediaWiki over one connection."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection
        self._token = ""

    @property
    def host(self) -> str:
        """Which wiki it is, for messages."""
        return self._connection.host

    def namespaces(self) -> dict[str, int]:
        """The numbers of the namespaces by their English names; raises Unavailable."""
        answer = self._connection.get(action="query", meta="siteinfo", siprop="namespaces")
        found = _part(answer, "query", "namespaces")
        return {str(one.get("canonical", one.get("name", ""))): int(one["id"]) for one in found.values()}

    def page(self, title: str) -> PageText | None:
        """A page; None where there is none."""
        answer = self._connection.get(
            action="query", prop="revisions", rvprop="ids|timestamp|content", rvslots="main", titles=title
        )
        return next(iter(_texts(answer)), None)

    def pages_under(self, prefix: str, namespace: int) -> Iterator[PageText]:
        """All pages of a namespace whose titles (without it) begin so, 50 a request."""
        parameters: dict[str, str | int] = {
            "action": "query",
            "generator": "allpages",
            "gapprefix": prefix,
            "gapnamespace": namespace,
            "gaplimit": _AT_ONCE,
            "prop": "revisions",
            "rvprop": "ids|timestamp|content",
            "rvslots": "main",
        }
        seen: set[str] = set()
        for answer in self._connection.continued(parameters):
            for page in _texts(answer):
                if page.title not in seen:
                    seen.add(page.title)
                    yield page

    def edit(self, title: str, text: str, *, summary: str, base: PageText | None) -> int:
        """Saves a page on the revision that was read, or makes it; raises Conflict. Answers the revision."""
        try:
            answer = self._edit(title, text, summary, base)
        except EditRefused as error:
            if error.code != "badtoken":
                raise
            self._token = ""
            answer = self._edit(title, text, summary, base)
        edit = _part(answer, "edit")
        if edit.get("result") != "Success":
            raise EditRefused(
                "failed", f"{self.host} did not save {title}: {edit.get('info', edit.get('code', 'no reason'))}"
            )
        return int(edit.get("newrevid", base.revision if base else 0))

    def mail(self, name: str, subject: str, text: str) -> None:
        """Mails the user of this name through the wiki; raises EditRefused with the wiki's code, OutcomeUnknown."""
        for attempt in (1, 2):
            try:
                answer = self._connection.post(
                    action="emailuser",
                    target=name,
                    subject=subject,
                    text=text,
                    **{"assert": "user"},
                    token=self._edit_token(),
                )
            except EditRefused as error:
                if error.code != "badtoken" or attempt == 2:
                    raise
                self._token = ""
                continue
            result = str(_part(answer, "emailuser").get("result", ""))
            if result != "Success":
                raise EditRefused("failed", f"{self.host} did not send the mail: {result[:80] or 'no reason'}")
            return

    def _edit(self, title: str, text: str, summary: str, base: PageText | None) -> Json:
        based: dict[str, str | int] = {"createonly": 1} if base is None else {"nocreate": 1, "baserevid": base.revision}
        token = self._edit_token()
        return self._connection.post(
            action="edit", title=title, text=text, summary=summary, bot=1, **{"assert": "user"}, token=token, **based
        )

    def _edit_token(self) -> str:
        if not self._token:
            credentials = self._connection.credentials
            if not credentials.given:
                raise Forbidden(f"editing {self.host} needs CAPX_META_USER with CAPX_META_PASSWORD, or CAPX_META_TOKEN")
            if not credentials.token:
                self._connection.log_in(credentials.user, credentials.password)
            self._token = self._csrf()
        return self._token

    def _csrf(self) -> str:
        answer = self._connection.get(action="query", meta="tokens", type="csrf")
        token = str(_part(answer, "query", "tokens").get("csrftoken", ""))
        if token in ("", "+\\"):
            raise Forbidden(f"{self.host} does not know who is editing: the credentials open no session")
        return token


def _texts(answer: Json) -> Iterator[PageText]:
    found = answer.get("query")
    for page in found.get("pages", ()) if isinstance(found, dict) else ():
        revisions = page.get("revisions")
        if not revisions:
            continue
        newest = revisions[0]
        content = newest.get("slots", {}).get("main", {}).get("content")
        if isinstance(content, str):
            at = datetime.fromisoformat(str(newest["timestamp"]))
            yield PageText(str(page["title"]), content, at, int(newest["revid"]))


def _part(answer: Json, *names: str) -> Json:
    found: Any = answer
    for name in names:
        found = found.get(name) if isinstance(found, dict) else None
    if not isinstance(found, dict):
        raise Unavailable(f"the wiki's answer has no {'.'.join(names)}")
    return found
