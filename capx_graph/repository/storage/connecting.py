"""Whether a repository stands alone or beside a connected Wikibase, decided once; only store.py imports it.

Beside one, what the repository makes itself has numbers that no Wikibase reaches, so that no id means two things.
That cannot be changed afterwards: ids are in statements, addresses and other people's notes.
"""

from __future__ import annotations

import sqlite3
from pathlib import Path

from capx_graph.errors import BaseMismatch
from capx_graph.namespaces import OWN_IDS, WikibaseNamespaces
from capx_graph.repository.ids import KINDS
from capx_graph.repository.storage.database import Database

_UPSTREAM = "upstream"


def connect(database: Database, directory: Path, upstream: WikibaseNamespaces | None) -> None:
    """Keeps which Wikibase is connected; raises BaseMismatch where the repository belongs to another, or to none."""
    with database.writing() as connection:
        row = connection.execute("SELECT value FROM meta WHERE key = ?", (_UPSTREAM,)).fetchone()
        kept = str(row[0]) if row else None
        given = upstream.base if upstream else None
        if kept == given:
            return
        if kept is not None:
            other = f"not to {given}" if given else "and CAPX_WIKIBASE_URL names none"
            raise BaseMismatch(f"{directory} belongs to the Wikibase {kept}, {other}")
        if connection.execute("SELECT 1 FROM page LIMIT 1").fetchone():
            raise BaseMismatch(
                f"{directory} holds entities under ids that {given} may use for others; export them ('capx export'), "
                f"connect an empty directory and import them there"
            )
        connection.execute("INSERT INTO meta VALUES (?, ?)", (_UPSTREAM, given))
        _reserve(connection)


def _reserve(connection: sqlite3.Connection) -> None:
    connection.executemany("INSERT OR REPLACE INTO counter VALUES (?, ?)", [(kind, OWN_IDS) for kind in KINDS])
