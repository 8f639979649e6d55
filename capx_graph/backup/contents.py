"""Which files of a data directory a back-up holds; this package and ``jobs/backups.py`` import it.

Everything that lies there goes along, so that a store that is added later is not forgotten, apart from what is
disposable, and from the files by which processes keep out of each other's way.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path, PurePosixPath

from capx_graph.accounts import FILE_NAME
from capx_graph.repository.store import FILE_NAME as REPOSITORY

PRIVATE = FILE_NAME
TOMBSTONES = "tombstones"
CUT_OFF = "restore-cut-off"
"""There while a restore changes the data directory: nobody may open what is half replaced."""
STAGING = ".restoring"
_RUNS = "runs"
_PUBLIC = {REPOSITORY, TOMBSTONES, "demonstration.json", "upstream.json"}
_PUBLIC_FOLDERS = {"translation", "instances"}
_PASSING = (".lock", "-wal", "-shm", "-journal", ".new")


@dataclass(frozen=True, slots=True)
class Contents:
    """The durable files of a data directory, by their paths below it."""

    data: Path
    cache: Path

    def databases(self) -> list[str]:
        """SQLite files: the repository first, because others are ahead of it when a crash parts them."""
        found = [name for name in self._all() if name.endswith(".sqlite")]
        return sorted(found, key=lambda name: (name != REPOSITORY, name != PRIVATE, name))

    def files(self) -> list[str]:
        """All others; the tombstones last, so that who was erased meanwhile is among them."""
        found = [name for name in self._all() if not name.endswith(".sqlite")]
        return sorted(found, key=lambda name: (name == TOMBSTONES, name))

    def _all(self) -> Iterator[str]:
        cache = self.cache.resolve()
        for path in self.data.rglob("*"):
            name = path.relative_to(self.data).as_posix()
            if path.is_file() and cache not in path.resolve().parents and not is_passing(name):
                yield name


def is_passing(name: str) -> bool:
    """Whether a file only belongs to what is under way, or tells what this installation did last."""
    parts = PurePosixPath(name).parts
    told = name == CUT_OFF or parts[0] == _RUNS
    return told or name.endswith(_PASSING) or any(part.startswith(".") for part in parts)


def is_public(name: str) -> bool:
    """Whether a file holds nothing but what the wiki shows; what is not known to be so is private."""
    return name in _PUBLIC or PurePosixPath(name).parts[0] in _PUBLIC_FOLDERS
