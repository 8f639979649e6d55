"""Another concept base for a repository: its entities keep their ids and get other IRIs.

Rooms above import ``rebase`` from here. No other process may have the directory open. The base stands in the data too,
as the unit of quantities, so their hashes change with it; every entity is marked as changed, because everything
derived from it is now wrong.
"""

from __future__ import annotations

from pathlib import Path
from typing import Any

from capx_graph.repository.content import pack, unpack
from capx_graph.repository.database import Database
from capx_graph.repository.hashes import reference_hash, snak_hash
from capx_graph.repository.statements import flat
from capx_graph.repository.store import FILE_NAME


def rebase(directory: Path, base: str) -> int:
    """Changes the base of the repository in the directory; answers the number of revisions rewritten."""
    database = Database(directory / FILE_NAME)
    rewritten = 0
    try:
        with database.writing() as connection:
            old = connection.execute("SELECT value FROM meta WHERE key = 'base'").fetchone()[0]
            connection.execute("UPDATE meta SET value = ? WHERE key = 'base'", (base,))
            numbers = connection.execute("SELECT revision_id FROM revision WHERE content IS NOT NULL").fetchall()
            for (revision_id,) in numbers:
                row = connection.execute(
                    "SELECT content FROM revision WHERE revision_id = ?", (revision_id,)
                ).fetchone()
                content = unpack(row[0])
                if "claims" in content and _moved(content, f"{old}/entity/", f"{base}/entity/"):
                    connection.execute(
                        "UPDATE revision SET content = ?, size = ? WHERE revision_id = ?", (*pack(content), revision_id)
                    )
                    rewritten += 1
            connection.execute("INSERT INTO change (entity_id) SELECT entity_id FROM page ORDER BY page_id")
    finally:
        database.close()
    return rewritten


def _moved(entity: dict[str, Any], old: str, new: str) -> bool:
    """Moves the units of an entity to the new base; answers whether there were any."""
    moved = False
    for group in entity["claims"].values():
        for statement in group:
            snaks = [statement["mainsnak"], *flat(statement.get("qualifiers", {}))]
            references = statement.get("references", [])
            for reference in references:
                snaks += flat(reference["snaks"])
            touched = [_move_unit(snak, old, new) for snak in snaks]
            if any(touched):
                moved = True
                for reference in references:
                    reference["hash"] = reference_hash(snak["hash"] for snak in flat(reference["snaks"]))
    return moved


def _move_unit(snak: dict[str, Any], old: str, new: str) -> bool:
    value = snak.get("datavalue")
    if value is None or value["type"] != "quantity" or not value["value"]["unit"].startswith(old):
        return False
    value["value"]["unit"] = new + value["value"]["unit"].removeprefix(old)
    snak["hash"] = snak_hash(snak["snaktype"], snak["property"], value)
    return True
