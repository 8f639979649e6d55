"""The embedded Wikibase as its users see it: one directory, entities by id, a change log, a bulk door.

Rooms above import ``Repository`` from here. Every write is one transaction, on the disk before the call returns;
any number of threads and processes may read, writers wait for one another. Single edits come through the Action
API (wsgi.py); imports come through ``bulk``, with the same normal forms and the same rules.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Iterator, Mapping, Sequence
from contextlib import AbstractContextManager, contextmanager
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import TypeVar

from capx_graph import languages
from capx_graph.errors import BaseMismatch, InvalidRecord
from capx_graph.instants import Clock, to_epoch, utc_now
from capx_graph.model import Draft, Receipt
from capx_graph.namespaces import OWN_IDS, WikibaseNamespaces
from capx_graph.repository.editing.bulk import BulkWriter
from capx_graph.repository.entities import EntityReader
from capx_graph.repository.history.lives import Lives
from capx_graph.repository.history.pages import History
from capx_graph.repository.history.recentchanges import RecentChanges
from capx_graph.repository.ids import number_of, parse_id
from capx_graph.repository.statements import StatementReader
from capx_graph.repository.storage.connecting import connect
from capx_graph.repository.storage.database import Database
from capx_graph.repository.storage.erasing import Erasing, Erasure
from capx_graph.repository.storage.mirror import Mirror
from capx_graph.repository.storage.pagereader import PageReader
from capx_graph.repository.storage.termsearch import TermSearch
from capx_graph.repository.storage.transaction import Author, Guard, Transaction
from capx_graph.repository.values.validators import Validators
from capx_graph.settings import DEFAULT_BASE

FILE_NAME = "repository.sqlite"
LINEAGE = "lineage"
"""Under this key ``meta`` has which restored copy the repository goes back to; a graph made before is built anew."""

Written = TypeVar("Written", bound=Transaction)


@dataclass(frozen=True, slots=True)
class RepositorySettings:
    """What a repository is told: its name, and which properties hold the formatters of external ids.

    ``mul`` allows the code for all languages in labels and aliases. ``edits_per_minute`` limits what an account that
    is no bot and no sysop may edit over HTTP; None sets no limit. ``upstream`` are the namespaces of a connected
    Wikibase, whose pages are mirrored here; ``assumed`` are entities that it is believed to have before they are read:
    the datatypes of properties, None for items.
    """

    site_name: str = "capx-graph"
    mul: bool = False
    edits_per_minute: int | None = None
    formatter_url: str | None = None
    formatter_uri: str | None = None
    upstream: WikibaseNamespaces | None = None
    assumed: Mapping[str, str | None] = field(default_factory=dict)

    def is_term_language(self, code: str) -> bool:
        """Whether labels, descriptions and aliases may be in this language."""
        return code in languages.term_codes() or (self.mul and code == "mul")


class Repository(PageReader):
    """Items and properties as revisions of Wikibase JSON."""

    def __init__(self, database: Database, base: str, clock: Clock, settings: RepositorySettings) -> None:
        super().__init__(database)
        self._clock = clock
        self._listeners: list[Callable[[], None]] = []
        self._guard: Guard | None = None
        self.history = History(database)
        self.lives = Lives(database)
        self.recent_changes = RecentChanges(database)
        self.term_search = TermSearch(database)
        self.base = base
        self.settings = settings
        own = WikibaseNamespaces(base)
        self.namespaces = replace(settings.upstream, own=own) if settings.upstream else own
        formatters = (settings.formatter_url, settings.formatter_uri)
        self.mirror = Mirror(database, formatters, self._tell)
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
        clock: Clock = utc_now,
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
        settings = settings or RepositorySettings()
        try:
            connect(database, directory, settings.upstream)
        except BaseMismatch:
            database.close()
            raise
        return cls(database, kept, clock, settings)

    def close(self) -> None:
        """Closes the file."""
        self._database.close()

    def on_commit(self, listener: Callable[[], None]) -> None:
        """Calls the listener after every commit, in the writing thread; it should only set an event."""
        self._listeners.append(listener)

    # -- reading what a connected Wikibase is believed to have

    def exists(self, entity_id: str) -> bool:
        """Whether there is such an entity (or a redirect of that id)."""
        return super().exists(entity_id) or entity_id in self.settings.assumed

    def datatype(self, property_id: str) -> str | None:
        """The datatype of a property, None when there is no such property."""
        return super().datatype(property_id) or self.settings.assumed.get(property_id)

    def datatypes(self) -> dict[str, str]:
        """The datatypes of all properties."""
        return {id_: datatype for id_, datatype in self.settings.assumed.items() if datatype} | super().datatypes()

    # -- writing

    def allocate(self, kind: str, count: int) -> list[str]:
        """Ids never given out before, kept as used at once."""
        with self._written(Transaction) as transaction:
            return transaction.allocate(kind, count)

    def reserve(self, kind: str, number: int) -> None:
        """Ids up to this number are not given out by ``allocate`` or by edits (they may be written by ``bulk``)."""
        with self._written(Transaction) as transaction:
            transaction.raise_counter(kind, number)

    def bulk(
        self, drafts: Sequence[Draft], *, actor: str, summary: str = "", languages: frozenset[str] = frozenset()
    ) -> list[Receipt]:
        """Writes complete entities in one transaction; raises InvalidRecord before anything is written.

        Entities of the batch may mention one another. An entity that is already so gets no revision. Texts may be in
        ``languages`` besides those that are known here: what a dump brought stays.
        """
        for draft in drafts:
            if not self.keeps(entity_id := str(draft.entity.get("id", ""))):
                rule = f"lives in {self.namespaces.base} and is edited there"
                raise InvalidRecord(entity_id, "id", entity_id, rule)
        writer = BulkWriter(self.entities.also_knowing(languages), self.validators, self.datatypes().get)
        prepared = writer.prepare(drafts)
        with self._written(Transaction) as transaction:
            return writer.write(prepared, transaction, Author(actor, summary, bot=True))

    def delete(self, entity_ids: Iterable[str], *, actor: str, reason: str = "") -> list[str]:
        """Deletes those of the entities that exist, in one transaction; answers their ids."""
        deleted = []
        with self._written(Transaction) as transaction:
            for entity_id in entity_ids:
                page = transaction.page(entity_id)
                if page is not None and not page.deleted:
                    transaction.delete(page, Author(actor, reason))
                    deleted.append(entity_id)
        return deleted

    def erase(
        self, names: Collection[str], entity_ids: Collection[str], *, keep: Mapping[str, str] | None = None
    ) -> Erasure:
        """Erases a person: what these accounts own, these entities, every mention; ``keep`` are facts to keep along."""
        with self._written(Erasing) as transaction:
            for key, value in (keep or {}).items():
                transaction.keep(key, value)
            return transaction.erase(names, entity_ids)

    def compact(self) -> None:
        """Writes the files anew without what was deleted; raises Unavailable while somebody reads an older state."""
        self._database.compact()

    def give(self, entity_id: str, owner: str) -> None:
        """An owned page follows its owner to another name; nothing else of it changes."""
        with self._written(Transaction) as transaction:
            page = transaction.page(entity_id)
            if page is not None and page.owner is not None:
                transaction.give(page, owner)

    def forget_deleted_text(self) -> None:
        """Makes text dropped so far unreadable in the files too; it is gone from every answer already."""
        self._database.forget_deleted_text()

    def transaction(self) -> AbstractContextManager[Transaction]:
        """A write transaction for the edit rooms; ids it allocated stay used even when it fails."""
        return self._guarded()

    def guarded_by(self, guard: Guard) -> None:
        """Lets somebody look at every single edit before it is written; the bulk door does not ask."""
        self._guard = guard

    @contextmanager
    def _guarded(self) -> Iterator[Transaction]:
        with self._written(Transaction) as transaction:
            transaction.guard = self._guard
            yield transaction

    @contextmanager
    def _written(self, kind: type[Written]) -> Iterator[Written]:
        at = to_epoch(self._clock())
        transaction: Written | None = None
        try:
            with self._database.writing() as connection:
                formatters = (self.settings.formatter_url, self.settings.formatter_uri)
                transaction = kind(connection, at, formatters)
                yield transaction
        except BaseException:
            if transaction is not None and transaction.allocated:
                self._keep_counters(transaction.allocated, at)
            raise
        if transaction.erased:
            self._database.forget_deleted_text()
        self._tell()

    def _tell(self) -> None:
        for listener in self._listeners:
            listener()

    def keeps(self, entity_id: str) -> bool:
        """Whether the entity is kept here itself, not in the connected Wikibase; always so where there is none."""
        return self.settings.upstream is None or parse_id(entity_id) is None or number_of(entity_id) > OWN_IDS

    def _keep_counters(self, allocated: Mapping[str, int], at: int) -> None:
        with self._database.writing() as connection:
            again = Transaction(connection, at)
            for kind, value in allocated.items():
                again.raise_counter(kind, value)
