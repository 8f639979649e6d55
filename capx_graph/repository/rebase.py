"""Moves a repository to another concept base; the commands call it while nothing else has the repository open.

The base stands in one row, and inside entities only where a quantity's unit is an item of this wiki: those values
get the new IRI, with the hashes that follow from it, in every revision that still has its text. All in one
transaction, so a crash leaves the old base or the new one. Graph and index notice by themselves and are made anew.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

from capx_graph.errors import NotFound
from capx_graph.namespaces import WikibaseNamespaces
from capx_graph.repository.storage.content import pack, unpack
from capx_graph.repository.storage.database import Database
from capx_graph.repository.store import FILE_NAME
from capx_graph.repository.values.hashes import reference_hash, snak_hash

Json = dict[str, Any]


def rebase(directory: Path, base: str) -> str:
    """Makes ``base`` the concept base of the repository in a directory; answers the former one. Raises NotFound."""
    path = directory / FILE_NAME
    if not path.exists():
        raise NotFound(f"there is no repository in {directory}")
    database = Database(path)
    try:
        with database.writing() as connection:
            former: str = connection.execute("SELECT value FROM meta WHERE key = 'base'").fetchone()[0]
            old, new = WikibaseNamespaces(former).entity, WikibaseNamespaces(base).entity
            rows = connection.execute("SELECT revision_id, content FROM revision WHERE content IS NOT NULL")
            moved = [(revision_id, again) for revision_id, data in rows if (again := _moved(data, old, new))]
            connection.executemany(
                "UPDATE revision SET content = ?2, size = ?3 WHERE revision_id = ?1",
                [(revision_id, *pack(content)) for revision_id, content in moved],
            )
            connection.execute("UPDATE meta SET value = ? WHERE key = 'base'", (base,))
        return former
    finally:
        database.close()


def _moved(data: bytes, old: str, new: str) -> Json | None:
    """The content with units of the new base; None where no unit is of the old one."""
    content = unpack(data)
    changed = False
    for statement in _statements(content):
        for reference in statement.get("references", ()):
            if _move_all(reference["snaks"], old, new):
                snaks = [snak for group in reference["snaks"].values() for snak in group]
                reference["hash"] = reference_hash(snak["hash"] for snak in snaks)
                changed = True
        changed |= _move_all(statement.get("qualifiers", {}), old, new)
        changed |= _move(statement["mainsnak"], old, new)
    return content if changed else None


def _statements(content: Mapping[str, Any]) -> Iterator[Json]:
    for group in content.get("claims", {}).values():
        yield from group


def _move_all(snaks: Mapping[str, list[Json]], old: str, new: str) -> bool:
    moved = [_move(snak, old, new) for group in snaks.values() for snak in group]
    return any(moved)


def _move(snak: Json, old: str, new: str) -> bool:
    datavalue = snak.get("datavalue", {})
    if datavalue.get("type") != "quantity" or not datavalue["value"]["unit"].startswith(old):
        return False
    value = datavalue["value"]
    value["unit"] = new + value["unit"][len(old) :]
    snak["hash"] = snak_hash(snak["snaktype"], snak["property"], datavalue)
    return True
