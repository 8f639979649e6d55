"""The erasure of a person from the repository, in one transaction; only store.py imports it.

Pages, revisions, entries of the log and recent changes go, the name goes from what the person did and from what others
said, and statements of others that lead to the person go by a revision of their own. What stays of a page is that
there was one: its id, which is never given out again, and an entry of the log by which mirrors learn to delete their
copy. The month of its beginning stays too, because the numbers of a month name nobody.
"""

# ruff: noqa: S608 - what is put together are question marks, values are bound

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from capx_graph.instants import from_epoch, to_epoch
from capx_graph.mentions import ERASED, Mentions
from capx_graph.model import SYSTEM
from capx_graph.repository.statements import (
    Json,
    claims_of,
    flat,
    make_reference,
    make_statement,
    statements_of,
)
from capx_graph.repository.storage.transaction import FLAG_NEW, Author, StoredPage, Transaction

OWNER = f"{SYSTEM}Erased"
"""Owns what is left of erased pages, so that nobody puts anything under their ids."""
ACTOR = f"{SYSTEM}Erasure"
"""Who takes statements about an erased person out of the items of others."""


@dataclass(frozen=True, slots=True)
class Erasure:
    """What an erasure did: the erased entities, and those of others that lost statements."""

    erased: tuple[str, ...]
    changed: tuple[str, ...]


class Erasing(Transaction):
    """A transaction that may change owned pages whoever owns them."""

    def erase(self, names: Collection[str], entity_ids: Collection[str]) -> Erasure:
        """Erases the pages that these accounts own and these entities, with what leads to them and every mention."""
        pages = self._pages_of(names, entity_ids)
        for page_id, entity_id in pages.items():
            self._erase_page(page_id, entity_id)
        gone = frozenset(pages.values())
        changed = [written for page in self._pointing(gone) if (written := self._without(page, gone))]
        for table in ("revision", "log"):
            marks = ",".join("?" * len(names))
            self._db.execute(f"UPDATE {table} SET actor = ? WHERE actor IN ({marks})", (ERASED, *names))
        self._replace_mentions(Mentions(names))
        self.erased = True
        return Erasure(tuple(sorted(gone)), tuple(changed))

    def keep(self, key: str, value: str) -> None:
        """Keeps a fact about the repository, with what else this transaction does."""
        self._db.execute("INSERT OR REPLACE INTO meta VALUES (?, ?)", (key, value))

    def _check_owner(self, page: StoredPage | None, actor: str) -> None:
        """Erasing is the person's own act, also where others' pages lead to theirs."""

    def _pages_of(self, names: Collection[str], entity_ids: Collection[str]) -> dict[int, str]:
        """The pages to erase, with those that redirect to them, by their number."""
        found: dict[int, str] = {}
        for column, values in (("owner", names), ("entity_id", entity_ids)):
            for value in values:
                sql = f"SELECT page_id, entity_id FROM page WHERE {column} = ? AND owner IS NOT ?"
                found |= dict(self._db.execute(sql, (value, OWNER)).fetchall())
        waiting = list(found.values())
        while waiting:
            rows = self._db.execute("SELECT page_id, entity_id FROM page WHERE redirect_to = ?", (waiting.pop(),))
            for page_id, entity_id in rows.fetchall():
                if page_id not in found:
                    found[page_id] = entity_id
                    waiting.append(entity_id)
        return found

    def _erase_page(self, page_id: int, entity_id: str) -> None:
        self._index.forget(entity_id, page_id)
        for column, table in (("revision_id", "revision"), ("log_id", "log")):
            self._db.execute(
                f"DELETE FROM recent WHERE {column} IN (SELECT {column} FROM {table} WHERE page_id = ?)", (page_id,)
            )
        first, at = self._db.execute(
            "SELECT min(revision_id), min(at) FROM revision WHERE page_id = ?", (page_id,)
        ).fetchone()
        self._db.execute("DELETE FROM log WHERE page_id = ?", (page_id,))
        self._db.execute("DELETE FROM revision WHERE page_id = ? AND revision_id <> ?", (page_id, first))
        self._db.execute(
            "UPDATE revision SET parent_id = 0, at = ?, actor = ?, summary = '', flags = ?, size = 0, content = NULL "
            "WHERE revision_id = ?",
            (_month(at), ERASED, FLAG_NEW, first),
        )
        self._db.execute(
            "UPDATE page SET deleted = 1, owner = ?, redirect_to = NULL, revision_id = ? WHERE page_id = ?",
            (OWNER, first, page_id),
        )
        self._changed(entity_id)
        self.log("delete", "delete", page_id, entity_id, Author(ERASED))

    def _pointing(self, gone: Collection[str]) -> Iterator[StoredPage]:
        for target in sorted(gone):
            rows = self._db.execute(
                "SELECT p.entity_id FROM link k JOIN page p ON p.page_id = k.page_id "
                "WHERE k.target = ? AND p.deleted = 0 ORDER BY p.page_id",
                (target,),
            ).fetchall()
            for (entity_id,) in rows:
                page = self.page(entity_id)
                if page is not None and page.content is not None and page.redirect_to is None:
                    yield page

    def _without(self, page: StoredPage, gone: Collection[str]) -> str | None:
        """Writes the page without what leads to these; answers its id where that changed it."""
        assert page.content is not None
        claims = claims_of(_kept(statements_of(page.content), gone))
        if claims == page.content["claims"]:
            return None
        author = Author(ACTOR, "an account that was named here was erased", bot=True, minor=True)
        self.save({**page.content, "claims": claims}, author, page=page)
        return page.entity_id

    def _replace_mentions(self, mentions: Mentions) -> None:
        """Summaries and comments of others without the name; the engine finds those that have it in any spelling."""
        found = " OR ".join(["instr({0}, ?)"] * len(mentions.spellings)) or "0"
        for table, key, column in (("revision", "revision_id", "summary"), ("log", "log_id", "comment")):
            sql = f"SELECT {key}, {column} FROM {table} WHERE {found.format(column)}"
            for number, text in self._db.execute(sql, mentions.spellings).fetchall():
                if (said := mentions.replaced(text)) != text:
                    self._db.execute(f"UPDATE {table} SET {column} = ? WHERE {key} = ?", (said, number))


def _month(at: int | None) -> int:
    """The instant at which the month of an instant begins."""
    return to_epoch(from_epoch(at or 0).replace(day=1, hour=0, minute=0, second=0))


def _kept(statements: list[Json], gone: Collection[str]) -> Iterator[Json]:
    """The statements, without those whose value is gone and without qualifiers and references that name it."""
    for statement in statements:
        if _names(statement["mainsnak"], gone):
            continue
        qualifiers = flat(statement.get("qualifiers", {}))
        references = statement.get("references", [])
        others = [snak for snak in qualifiers if not _names(snak, gone)]
        sources = [_reference(reference, gone) for reference in references]
        if len(others) == len(qualifiers) and all(new is old for new, old in zip(sources, references, strict=True)):
            yield statement
        else:
            kept = [reference for reference in sources if reference is not None]
            yield make_statement(statement["mainsnak"], statement["id"], others, statement["rank"], kept)


def _reference(reference: Json, gone: Collection[str]) -> Json | None:
    snaks = flat(reference["snaks"])
    others = [snak for snak in snaks if not _names(snak, gone)]
    return reference if len(others) == len(snaks) else make_reference(others)


def _names(snak: Mapping[str, Any], gone: Collection[str]) -> bool:
    value = snak.get("datavalue")
    return value is not None and value["type"] == "wikibase-entityid" and value["value"]["id"] in gone
