"""One write transaction of the repository: allocate, save, redirect, delete; only rooms of the repository import it.

Everything that belongs to an edit is written here together: revision, page, change log, recent change, terms,
links, datatype. An owned page keeps the text of its newest revision alone, and its summaries lose what follows the
automatic comment, so that no value of it stays in the history.
"""

from __future__ import annotations

import re
import sqlite3
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

from capx_graph.errors import Forbidden
from capx_graph.repository.ids import kind_of, make_id, number_of
from capx_graph.repository.refusals import fault
from capx_graph.repository.storage.content import pack, redirect_content, unpack
from capx_graph.repository.storage.indexing import EntityIndex

Content = Mapping[str, Any]
Guard = Callable[[str, str, Content | None, Content | None, str | None], None]
"""Asked before an edit of somebody's: who, which entity, as it was and as it shall be, its owner; raises Forbidden."""

FLAG_BOT = 1
FLAG_MINOR = 2
FLAG_NEW = 4

_AUTOMATIC = re.compile(r"/\*.*?\*/")


@dataclass(frozen=True, slots=True)
class Author:
    """Who edits, and how the edit is to be described."""

    actor: str
    summary: str = ""
    bot: bool = False
    minor: bool = False


@dataclass(frozen=True, slots=True)
class StoredPage:
    """A row of ``page`` with the content of its newest revision; ``content`` is None for a deleted page."""

    page_id: int
    entity_id: str
    revision_id: int
    redirect_to: str | None
    owner: str | None
    deleted: bool
    content: Mapping[str, Any] | None


class Transaction:
    """What can be done inside one write transaction."""

    def __init__(
        self, connection: sqlite3.Connection, at: int, formatters: tuple[str | None, str | None] = (None, None)
    ) -> None:
        self._db = connection
        self._index = EntityIndex(connection, formatters)
        self._at = at
        self.allocated: dict[str, int] = {}
        self.guard: Guard | None = None
        self.erased = False
        """Whether an owned page was deleted, so that its text has to leave the files."""

    def allocate(self, kind: str, count: int = 1) -> list[str]:
        """Ids never given out before."""
        row = self._db.execute("SELECT value FROM counter WHERE kind = ?", (kind,)).fetchone()
        last = row[0] if row else 0
        self.raise_counter(kind, last + count)
        return [make_id(kind, number) for number in range(last + 1, last + count + 1)]

    def raise_counter(self, kind: str, value: int) -> None:
        """No id up to this number will be given out any more."""
        self._db.execute(
            "INSERT INTO counter (kind, value) VALUES (?1, ?2) "
            "ON CONFLICT (kind) DO UPDATE SET value = max(value, excluded.value)",
            (kind, value),
        )
        self.allocated[kind] = max(value, self.allocated.get(kind, 0))

    def page(self, entity_id: str) -> StoredPage | None:
        """The page of an entity, deleted or not, or None when there never was one.

        Raises Forbidden for an entity of the connected Wikibase: it is edited there.
        """
        row = self._db.execute(
            "SELECT p.page_id, p.revision_id, p.redirect_to, p.owner, p.deleted, r.content FROM page p "
            "LEFT JOIN revision r ON r.revision_id = p.revision_id WHERE p.entity_id = ?",
            (entity_id,),
        ).fetchone()
        if row is None:
            if self._db.execute("SELECT 1 FROM mirror WHERE entity_id = ?", (entity_id,)).fetchone():
                raise Forbidden(f"{entity_id} lives in the connected Wikibase and is edited there")
            return None
        page_id, revision_id, redirect_to, owner, deleted, content = row
        return StoredPage(
            page_id,
            entity_id,
            revision_id,
            redirect_to,
            owner,
            bool(deleted),
            None if deleted or content is None else unpack(content),
        )

    def revision_content(self, page: StoredPage, revision_id: int) -> Mapping[str, Any]:
        """The content of an earlier revision of the page; raises Refused."""
        row = self._db.execute(
            "SELECT content FROM revision WHERE revision_id = ? AND page_id = ?", (revision_id, page.page_id)
        ).fetchone()
        if row is None:
            raise fault(f"revision {revision_id} is not one of {page.entity_id}", "nosuchrevid")
        if row[0] is None:
            raise fault(f"the text of revision {revision_id} was dropped", "editconflict")
        return unpack(row[0])

    def only_author_since(self, page_id: int, revision_id: int, actor: str) -> bool:
        """Whether nobody else edited the page after the revision."""
        row = self._db.execute(
            "SELECT 1 FROM revision WHERE page_id = ? AND revision_id > ? AND actor <> ? LIMIT 1",
            (page_id, revision_id, actor),
        ).fetchone()
        return row is None

    def entities_labelled(self, label: str, language: str) -> list[str]:
        """The entities of either kind that have the label in the language."""
        rows = self._db.execute(
            "SELECT entity_id FROM term WHERE language = ? AND text = ? AND type = 'label'", (language, label)
        )
        return [row[0] for row in rows]

    def description(self, entity_id: str, language: str) -> str | None:
        """The description of an entity."""
        page = self.page(entity_id)
        if page is None or page.content is None or page.redirect_to:
            return None
        term = page.content["descriptions"].get(language)
        return term["value"] if term else None

    def save(
        self, entity: Mapping[str, Any], author: Author, *, page: StoredPage | None, owner: str | None = None
    ) -> int:
        """A new revision of an entity in normal form; answers its number."""
        return self._record(entity["id"], dict(entity), author, page=page, redirect_to=None, owner=owner)

    def redirect(self, page: StoredPage, target: str, author: Author) -> int:
        """Makes the page a redirect; answers the number of the new revision."""
        content = redirect_content(page.entity_id, target)
        return self._record(page.entity_id, content, author, page=page, redirect_to=target, owner=page.owner)

    def delete(self, page: StoredPage, author: Author) -> int:
        """Deletes the page; answers the number of the log entry. The text of an owned page is gone for good."""
        self._check_may_write(page, page.entity_id, None, author.actor, page.owner)
        self._index.forget(page.entity_id, page.page_id)
        self._db.execute("UPDATE page SET deleted = 1 WHERE page_id = ?", (page.page_id,))
        self._db.execute(
            "DELETE FROM recent WHERE revision_id IN (SELECT revision_id FROM revision WHERE page_id = ?)",
            (page.page_id,),
        )
        if page.owner is not None:
            self._drop_text(page.page_id, keep=0)
            self.erased = True
        self._changed(page.entity_id)
        return self.log("delete", "delete", page.page_id, page.entity_id, author)

    def give(self, page: StoredPage, owner: str) -> None:
        """An owned page follows its owner to another name."""
        self._db.execute("UPDATE page SET owner = ? WHERE page_id = ?", (owner, page.page_id))

    def undelete(self, page: StoredPage, author: Author) -> int:
        """Brings a deleted page back; answers the number of its revisions, 0 when their text is gone."""
        rows = self._db.execute(
            "SELECT content FROM revision WHERE page_id = ? AND content IS NOT NULL ORDER BY revision_id DESC",
            (page.page_id,),
        ).fetchall()
        if not rows or page.owner is not None:
            return 0
        content = unpack(rows[0][0])
        self._db.execute("UPDATE page SET deleted = 0 WHERE page_id = ?", (page.page_id,))
        self._index.follow(page.entity_id, page.page_id, content, None)
        self._changed(page.entity_id)
        self.log("delete", "restore", page.page_id, page.entity_id, author, revisions=len(rows))
        return len(rows)

    def log(
        self, log_type: str, action: str, page_id: int, entity_id: str, author: Author, *, revisions: int = 0
    ) -> int:
        """An entry of the log, shown in recent changes; answers its number."""
        cursor = self._db.execute(
            "INSERT INTO log (at, actor, type, action, page_id, entity_id, comment, bot, revisions) "
            "VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)",
            (self._at, author.actor, log_type, action, page_id, entity_id, author.summary, author.bot, revisions),
        )
        log_id = cursor.lastrowid
        assert log_id is not None
        self._db.execute("INSERT INTO recent (at, log_id) VALUES (?, ?)", (self._at, log_id))
        return log_id

    def _record(
        self,
        entity_id: str,
        content: Mapping[str, Any],
        author: Author,
        *,
        page: StoredPage | None,
        redirect_to: str | None,
        owner: str | None,
    ) -> int:
        if page is not None:
            owner = owner if page.deleted and page.owner is None else page.owner
        self._check_may_write(page, entity_id, content, author.actor, owner)
        if page is None:
            self.raise_counter(kind_of(entity_id), number_of(entity_id))
            page_id, parent_id = self._new_page(entity_id, owner), 0
        else:
            page_id, parent_id = page.page_id, 0 if page.deleted else page.revision_id
        data, size = pack(content)
        cursor = self._db.execute(
            "INSERT INTO revision (page_id, parent_id, at, actor, summary, flags, size, content) "
            "VALUES (?, ?, ?, ?, ?, ?, ?, ?)",
            (
                page_id,
                parent_id,
                self._at,
                author.actor,
                _without_values(author.summary) if owner else author.summary,
                author.bot * FLAG_BOT | author.minor * FLAG_MINOR | (parent_id == 0) * FLAG_NEW,
                size,
                data,
            ),
        )
        revision_id = cursor.lastrowid
        assert revision_id is not None
        self._db.execute(
            "UPDATE page SET revision_id = ?, redirect_to = ?, owner = ?, deleted = 0 WHERE page_id = ?",
            (revision_id, redirect_to, owner, page_id),
        )
        if owner is not None and parent_id:
            self._drop_text(page_id, keep=revision_id)
        self._index.follow(entity_id, page_id, content, page.content if page is not None else None)
        self._changed(entity_id)
        self._db.execute("INSERT INTO recent (at, revision_id) VALUES (?, ?)", (self._at, revision_id))
        return revision_id

    def _check_may_write(
        self, page: StoredPage | None, entity_id: str, content: Content | None, actor: str, owner: str | None
    ) -> None:
        self._check_owner(page, actor)
        if self.guard is not None:
            self.guard(actor, entity_id, page.content if page is not None else None, content, owner)

    def _check_owner(self, page: StoredPage | None, actor: str) -> None:
        check_owner(page, actor)

    def _new_page(self, entity_id: str, owner: str | None) -> int:
        cursor = self._db.execute(
            "INSERT INTO page (entity_id, kind, revision_id, owner) VALUES (?, ?, 0, ?)",
            (entity_id, kind_of(entity_id), owner),
        )
        assert cursor.lastrowid is not None
        return cursor.lastrowid

    def _changed(self, entity_id: str) -> None:
        self._db.execute("INSERT INTO change (entity_id) VALUES (?)", (entity_id,))

    def _drop_text(self, page_id: int, *, keep: int) -> None:
        self._db.execute(
            "UPDATE revision SET content = NULL WHERE page_id = ? AND revision_id <> ? AND content IS NOT NULL",
            (page_id, keep),
        )


def check_owner(page: StoredPage | None, actor: str) -> None:
    """Refuses everybody but the owner of an owned page; who deleted it still decides what stands under its id.

    Raises Forbidden.
    """
    if page is not None and page.owner is not None and page.owner != actor:
        raise Forbidden(f"{page.entity_id} belongs to another account, only its owner may change it")


def _without_values(summary: str) -> str:
    found = _AUTOMATIC.match(summary)
    return found[0] if found else ""
