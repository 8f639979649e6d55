"""The reading half of a repository: pages, revisions, the change log, facts of properties.

Only store.py imports it. Every call sees the newest commit; a scan shows one moment, however long it takes.
"""

from __future__ import annotations

import sqlite3
from collections.abc import Iterable, Iterator, Mapping
from typing import Any

from capx_graph.instants import from_epoch
from capx_graph.model import Change, Page
from capx_graph.repository.storage.content import unpack
from capx_graph.repository.storage.database import Database
from capx_graph.repository.storage.properties import PropertyTable, without_lost_datatypes

_OWN = (
    "SELECT p.entity_id, p.page_id, p.revision_id, r.at, r.content, p.redirect_to, p.owner "
    "FROM page p JOIN revision r ON r.revision_id = p.revision_id WHERE p.deleted = 0"
)
_MIRRORED = "SELECT p.entity_id, p.page_id, p.revision_id, p.at, p.content, p.redirect_to, NULL FROM mirror p WHERE 1"
_AT_ONCE = 500
_Row = tuple[str, int, int, int, bytes, str | None, str | None]


class PageReader:
    """Reads the pages of one repository."""

    def __init__(self, database: Database) -> None:
        self._database = database
        self._properties = PropertyTable(database)

    def head(self) -> int:
        """The newest sequence of the change log, 0 for an empty repository."""
        return _head(self._database.reading())

    def changes_after(self, cursor: int, *, limit: int = 1000) -> list[Change]:
        """Entities changed since the cursor, each under its newest sequence, ascending."""
        rows = self._database.reading().execute(
            "SELECT sequence, entity_id FROM change WHERE sequence > ? ORDER BY sequence LIMIT ?", (cursor, limit)
        )
        return [Change(*row) for row in rows]

    def page(self, entity_id: str) -> Page | None:
        """The current state of an entity; None for one that is deleted or was never made."""
        return self.pages([entity_id]).get(entity_id)

    def followed(self, entity_id: str) -> Page | None:
        """Where the redirects that begin at an entity end, which is most often the entity itself."""
        page, seen = self.page(entity_id), {entity_id}
        while page is not None and page.redirect_to is not None and page.redirect_to not in seen:
            seen.add(page.redirect_to)
            page = self.page(page.redirect_to)
        return page

    def pages(self, entity_ids: Iterable[str]) -> dict[str, Page]:
        """The current states of those of the entities that exist."""
        ids = list(entity_ids)
        found: dict[str, Page] = {}
        for start in range(0, len(ids), _AT_ONCE):
            some = ids[start : start + _AT_ONCE]
            for source in (_OWN, _MIRRORED):
                marks = ",".join("?" * len(some))
                rows = self._database.reading().execute(f"{source} AND p.entity_id IN ({marks})", some).fetchall()
                found.update((row[0], self._page(row)) for row in rows)
                some = [entity_id for entity_id in some if entity_id not in found]
                if not some:
                    break
        return found

    def exists(self, entity_id: str) -> bool:
        """Whether there is such an entity (or a redirect of that id)."""
        row = self._database.reading().execute(
            "SELECT 1 FROM page WHERE entity_id = ?1 AND deleted = 0 "
            "UNION ALL SELECT 1 FROM mirror WHERE entity_id = ?1",
            (entity_id,),
        )
        return row.fetchone() is not None

    def datatype(self, property_id: str) -> str | None:
        """The datatype of a property, None when there is no such property."""
        facts = self._properties.all().get(property_id)
        return facts.datatype if facts else None

    def formatter_url(self, property_id: str) -> str | None:
        """The template of the web address of an external id (``https://example.org/$1``)."""
        facts = self._properties.all().get(property_id)
        return facts.formatter_url if facts else None

    def formatter_uri(self, property_id: str) -> str | None:
        """The template of the RDF IRI of an external id."""
        facts = self._properties.all().get(property_id)
        return facts.formatter_uri if facts else None

    def datatypes(self) -> dict[str, str]:
        """The datatypes of all properties."""
        return {property_id: facts.datatype for property_id, facts in self._properties.all().items()}

    def owned_by(self, owner: str) -> list[str]:
        """The entities whose pages an account owns."""
        rows = self._database.reading().execute(
            "SELECT entity_id FROM page WHERE owner = ? AND deleted = 0 ORDER BY page_id", (owner,)
        )
        return [row[0] for row in rows]

    def meta(self, key: str) -> str | None:
        """A fact kept about the repository."""
        row = self._database.reading().execute("SELECT value FROM meta WHERE key = ?", (key,)).fetchone()
        return row[0] if row else None

    def redirects_to(self, entity_id: str) -> list[str]:
        """The ids that redirect to this entity."""
        rows = self._database.reading().execute(
            "SELECT entity_id, page_id FROM page WHERE redirect_to = ?1 AND deleted = 0 "
            "UNION ALL SELECT entity_id, page_id FROM mirror WHERE redirect_to = ?1 ORDER BY page_id",
            (entity_id,),
        )
        return [row[0] for row in rows]

    def revision(self, entity_id: str, revision_id: int) -> Page | None:
        """The entity as it was in one of its revisions; None when there is none or its text was dropped."""
        row = (
            self._database.reading()
            .execute(
                "SELECT p.entity_id, p.page_id, r.revision_id, r.at, r.content, NULL, p.owner FROM page p "
                "JOIN revision r ON r.page_id = p.page_id "
                "WHERE p.entity_id = ? AND p.deleted = 0 AND r.revision_id = ? AND r.content IS NOT NULL",
                (entity_id, revision_id),
            )
            .fetchone()
        )
        return self._page(row) if row else None

    def scan(self, kind: str | None = None) -> Iterator[Page]:
        """All current pages, of one kind (``item``, ``property``) or all, as of one moment."""
        return self.scan_with_head(kind)[1]

    def scan_with_head(self, kind: str | None = None) -> tuple[int, Iterator[Page]]:
        """The sequence of a moment, and all pages as they stood then."""
        pages = self._scan(kind)
        head = next(pages)
        assert isinstance(head, int)
        return head, pages  # type: ignore[return-value]  # after the head come pages

    def _scan(self, kind: str | None) -> Iterator[int | Page]:
        with self._database.snapshot() as connection:
            yield _head(connection)
            for source in (_OWN, _MIRRORED):
                sql = f"{source} AND (?1 IS NULL OR p.kind = ?1) ORDER BY p.page_id"
                for row in connection.execute(sql, (kind,)):
                    yield self._page(row)

    def _page(self, row: _Row) -> Page:
        entity_id, page_id, revision_id, at, content, redirect_to, owner = row
        entity: Mapping[str, Any] = unpack(content)
        redirect_to = redirect_to or entity.get("redirect")
        if not redirect_to and self._properties.some_deleted():
            entity = without_lost_datatypes(entity, self._properties.all())
        return Page(
            entity_id=entity_id,
            page_id=page_id,
            revision_id=revision_id,
            modified=from_epoch(at),
            entity=None if redirect_to else entity,
            redirect_to=redirect_to,
            owner=owner,
        )


def _head(connection: sqlite3.Connection) -> int:
    head: int | None = connection.execute("SELECT max(sequence) FROM change").fetchone()[0]
    return head or 0
