"""SQLite files read at one moment and copied whole, whatever is written meanwhile; only this package imports it."""

from __future__ import annotations

import sqlite3
from collections.abc import Callable, Iterator, Sequence
from contextlib import ExitStack, closing, contextmanager
from pathlib import Path

from capx_graph.errors import DataError, Unavailable

_PAGES = 4096
"""Pages copied between two looks at who else waits: 16 MiB."""
_PATIENCE = 60.0

Copy = Callable[[str, Path], None]
"""Writes the database of this name, as it was at that moment, to a file that is not there yet."""


@contextmanager
def standing_still(directory: Path, names: Sequence[str]) -> Iterator[Copy]:
    """Holds one moment of several databases, begun in this order within microseconds; nobody waits for it.

    Raises Unavailable.
    """
    with ExitStack() as stack:
        held = {name: stack.enter_context(closing(_connected(directory / name))) for name in names}
        try:
            for connection in held.values():
                connection.execute("BEGIN")
                connection.execute("SELECT count(*) FROM sqlite_schema").fetchone()  # the moment begins with a read
        except sqlite3.Error as error:
            raise Unavailable(f"the data in {directory} cannot be read now: {error}") from error

        def copy(name: str, target: Path) -> None:
            try:
                with closing(sqlite3.connect(target)) as made:
                    held[name].backup(made, pages=_PAGES)
            except sqlite3.Error as error:
                raise Unavailable(f"{name} was not copied: {error}") from error

        yield copy


def keep_meta_alone(path: Path) -> None:
    """Takes everything out of a copy of the private store but the key by which tombstones are read."""
    with closing(sqlite3.connect(path, isolation_level=None)) as connection:
        tables = [name for (name,) in connection.execute("SELECT name FROM sqlite_schema WHERE type = 'table'")]
        connection.execute("PRAGMA secure_delete=ON")
        for name in tables:
            if name != "meta" and not name.startswith("sqlite_"):
                connection.execute(f'DROP TABLE "{name}"')
        connection.execute("VACUUM")


def check_sound(path: Path) -> None:
    """Raises DataError for a file that SQLite finds damaged."""
    try:
        with closing(sqlite3.connect(path)) as connection:
            found = connection.execute("PRAGMA quick_check").fetchone()[0]
    except sqlite3.Error as error:
        raise DataError(f"{path.name} is damaged: {error}") from error
    if found != "ok":
        raise DataError(f"{path.name} is damaged: {found}")


def _connected(path: Path) -> sqlite3.Connection:
    connection = sqlite3.connect(path, timeout=_PATIENCE, isolation_level=None)
    connection.execute("PRAGMA query_only=ON")
    return connection
