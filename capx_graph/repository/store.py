"""The embedded Wikibase as its users see it: one directory, entities by id, a change log, a bulk door.

Rooms above import ``Repository`` from here. Every write is one transaction, on the disk before the call returns;
any number of threads and processes may read, writers wait for one another. Single edits come through the Action
API (wsgi.py); imports come through ``bulk``, with the same normal forms and the same rules.
"""

from __future__ import annotations

import sqlite3
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

from capx_graph import languages
from capx_graph.errors import BaseMismatch
from capx_graph.model import Change, Draft, Page, Receipt
from capx_graph.namespaces import WikibaseNamespaces
from capx_graph.repository.bulk import BulkWriter
from capx_graph.repository.content import unpack
from capx_graph.repository.database import Database
from capx_graph.repository.entities import EntityReader
from capx_graph.repository.history import History
from capx_graph.repository.properties import PropertyTable
from capx_graph.repository.recentchanges import RecentChanges
from capx_graph.repository.statements import StatementReader
from capx_graph.repository.termsearch import TermSearch
from capx_graph.repository.transaction import Author, Transaction
from capx_graph.repository.validators import Validators
from capx_graph.settings import DEFAULT_BASE

FILE_NAME = "repository.sqlite"
_COLUMNS = "p.entity_id, p.page_id, p.revision_id, r.at, r.content, p.redirect_to, p.owner"
_FROM = "FROM page p JOIN revision r ON r.revision_id = p.revision_id"
_AT_ONCE = 500

Clock = Callable[[], datetime]


def _now() -> datetime:
    return datetime.now(UTC)


@dataclass(frozen=True, slots=True)
class RepositorySettings:
    """What a repository is told: its name, and which properties hold the formatters of external ids.

    ``mul`` allows the code for all languages in labels and aliases.
    """

    site_name: str = "capx-graph"
    mul: bool = False
    formatter_url: str | None = None
    formatter_uri: str | None = None

    def is_term_language(self, code: str) -> bool:
        """Whether labels, descriptions and aliases may be in this language."""
        return code in languages.term_codes() or (self.mul and code == "mul")


class Repository:
    """Items and properties as revisions of Wikibase JSON."""

    def __init__(self, database: Database, base: str, clock: Clock, settings: RepositorySettings) -> None:
        self._database = database
        self._clock = clock
        self._properties = PropertyTable(database)
        self._listeners: list[Callable[[], None]] = []
        self.history = History(database)
        self.recent_changes = RecentChanges(database)
        self.term_search = TermSearch(database)
        self.base = base
        self.settings = settings
        self.namespaces = WikibaseNamespaces(base)
        self.validators = Validators(
            entity_base=self.namespaces.entity,
            exists=self.exists,
            known_language=languages.monolingual_codes().__contains__,
        )
        self.statements = StatementReader(self.datatype, self.validators)
        self.entities = EntityReader(self.statements, settings.is_term_language)

    @classmethod
    def open(
        cls,
        directory: Path,
        *,
        base: str | None = None,
        clock: Clock = _now,
        settings: RepositorySettings | None = None,
    ) -> Repository:
        """Opens the repository in the directory, making it when there is none; raises BaseMismatch."""
        directory.mkdir(parents=True, exist_ok=True)
        database = Database(directory / FILE_NAME)
        with database.writing() as connection:
            row = connection.execute("SELECT value FROM meta WHERE key = 'base'").fetchone()
            kept = row[0] if row else None
            if kept is None:
                kept = base or DEFAULT_BASE
                connection.execute("INSERT INTO meta VALUES ('base', ?)", (kept,))
        if base is not None and base != kept:
            database.close()
            raise BaseMismatch(f"{directory} belongs to {kept}, not to {base}; 'capx rebase' changes it")
        return cls(database, kept, clock, settings or RepositorySettings())

    def close(self) -> None:
        """Closes the file."""
        self._database.close()

    def on_commit(self, listener: Callable[[], None]) -> None:
        """Calls the listener after every commit, in the writing thread; it should only set an event."""
        self._listeners.append(listener)

    # -- reading

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

    def pages(self, entity_ids: Iterable[str]) -> dict[str, Page]:
        """The current states of those of the entities that exist."""
        ids = list(entity_ids)
        found: dict[str, Page] = {}
        for start in range(0, len(ids), _AT_ONCE):
            some = ids[start : start + _AT_ONCE]
            marks = ",".join("?" * len(some))
            rows = self._database.reading().execute(
                f"SELECT {_COLUMNS} {_FROM} WHERE p.deleted = 0 AND p.entity_id IN ({marks})",
                some,
            )
            found.update((row[0], _page(row)) for row in rows)
        return found

    def exists(self, entity_id: str) -> bool:
        """Whether there is such an entity (or a redirect of that id)."""
        row = self._database.reading().execute("SELECT 1 FROM page WHERE entity_id = ? AND deleted = 0", (entity_id,))
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

    def redirects_to(self, entity_id: str) -> list[str]:
        """The ids that redirect to this entity."""
        rows = self._database.reading().execute(
            "SELECT entity_id FROM page WHERE redirect_to = ? AND deleted = 0 ORDER BY page_id", (entity_id,)
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
        return _page(row) if row else None

    def scan(self, kind: str | None = None) -> Iterator[Page]:
        """All current pages, of one kind (``item``, ``property``) or all, as of one moment."""
        return self.scan_with_head(kind)[1]

    def scan_with_head(self, kind: str | None = None) -> tuple[int, Iterator[Page]]:
        """The sequence of a moment, and all pages as they stood then."""
        pages = self._scan(kind)
        head = next(pages)
        assert isinstance(head, int)
        return head, pages  # type: ignore[return-value]

    def _scan(self, kind: str | None) -> Iterator[int | Page]:
        with self._database.snapshot() as connection:
            yield _head(connection)
            rows = connection.execute(
                f"SELECT {_COLUMNS} {_FROM} WHERE p.deleted = 0 AND (?1 IS NULL OR p.kind = ?1) ORDER BY p.page_id",
                (kind,),
            )
            for row in rows:
                yield _page(row)

    # -- writing

    def allocate(self, kind: str, count: int) -> list[str]:
        """Ids never given out before, kept as used at once."""
        with self.transaction() as transaction:
            return transaction.allocate(kind, count)

    def reserve(self, kind: str, number: int) -> None:
        """Ids up to this number are not given out by ``allocate`` or by edits (they may be written by ``bulk``)."""
        with self.transaction() as transaction:
            transaction.raise_counter(kind, number)

    def bulk(self, drafts: Sequence[Draft], *, actor: str, summary: str = "") -> list[Receipt]:
        """Writes complete entities in one transaction; raises InvalidRecord before anything is written.

        Entities of the batch may mention one another. An entity that is already so gets no revision.
        """
        writer = BulkWriter(self.entities, self.validators, self.datatypes().get)
        prepared = writer.prepare(drafts)
        with self.transaction() as transaction:
            return writer.write(prepared, transaction, Author(actor, summary, bot=True))

    def delete(self, entity_ids: Iterable[str], *, actor: str, reason: str = "") -> list[str]:
        """Deletes those of the entities that exist, in one transaction; answers their ids."""
        deleted = []
        with self.transaction() as transaction:
            for entity_id in entity_ids:
                page = transaction.page(entity_id)
                if page is not None and not page.deleted:
                    transaction.delete(page, Author(actor, reason))
                    deleted.append(entity_id)
        return deleted

    def forget_deleted_text(self) -> None:
        """Makes text dropped so far unreadable in the files too; it is gone from every answer already."""
        self._database.forget_deleted_text()

    @contextmanager
    def transaction(self) -> Iterator[Transaction]:
        """A write transaction for the edit rooms; ids it allocated stay used even when it fails."""
        at = int(self._clock().timestamp())
        transaction: Transaction | None = None
        try:
            with self._database.writing() as connection:
                formatters = (self.settings.formatter_url, self.settings.formatter_uri)
                transaction = Transaction(connection, at, formatters)
                yield transaction
        except BaseException:
            if transaction is not None and transaction.allocated:
                self._keep_counters(transaction.allocated, at)
            raise
        for listener in self._listeners:
            listener()

    def _keep_counters(self, allocated: Mapping[str, int], at: int) -> None:
        with self._database.writing() as connection:
            again = Transaction(connection, at)
            for kind, value in allocated.items():
                again.raise_counter(kind, value)


def _head(connection: sqlite3.Connection) -> int:
    head: int | None = connection.execute("SELECT max(sequence) FROM change").fetchone()[0]
    return head or 0


def _page(row: tuple[str, int, int, int, bytes, str | None, str | None]) -> Page:
    entity_id, page_id, revision_id, at, content, redirect_to, owner = row
    entity = unpack(content)
    redirect_to = redirect_to or entity.get("redirect")
    return Page(
        entity_id=entity_id,
        page_id=page_id,
        revision_id=revision_id,
        modified=datetime.fromtimestamp(at, UTC),
        entity=None if redirect_to else entity,
        redirect_to=redirect_to,
        owner=owner,
    )
