"""Makes a back-up while a service runs: one moment of all databases, then the other files, then the manifest.

What a killed run leaves is marked as unfinished: no restore takes it, and the next run into the directory clears it.
"""

from __future__ import annotations

import shutil
from collections.abc import Callable, Mapping
from contextlib import ExitStack
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from capx_graph import __version__
from capx_graph.backup.contents import CUT_OFF, PRIVATE, Contents, is_public
from capx_graph.backup.databases import keep_meta_alone, standing_still
from capx_graph.backup.manifest import MANIFEST, BackupFile, Manifest, measured
from capx_graph.datadir import whole
from capx_graph.datadir.locks import held
from capx_graph.errors import Conflict, DataError, StoreLocked
from capx_graph.instants import Clock

_UNFINISHED = "unfinished.lock"


@dataclass(frozen=True, slots=True)
class Facts:
    """What the repository says of itself at the moment that is backed up."""

    base: str
    cursor: int


@dataclass(frozen=True, slots=True)
class BackupMade:
    """What a back-up holds."""

    manifest: Manifest

    @property
    def size(self) -> int:
        """Bytes in all."""
        return sum(file.size for file in self.manifest.files)


@dataclass(frozen=True, slots=True)
class BackupMaker:
    """Backs up one data directory; ``facts`` reads a copy of the repository, ``versions`` are the graph's and its."""

    contents: Contents
    settings: Mapping[str, str]
    versions: tuple[int, int]
    facts: Callable[[Path], Facts]
    clock: Clock

    def make(self, directory: Path, *, private: bool = True) -> BackupMade:
        """A back-up in a directory that is new, empty, or left by an unfinished one.

        Raises Conflict, Unavailable, DataError.
        """
        if (self.contents.data / CUT_OFF).exists():
            raise DataError(f"{self.contents.data} is half restored: run capx restore again")
        _check_apart(directory, self.contents.data)
        directory.mkdir(parents=True, exist_ok=True)
        directory.chmod(0o700)
        _check_free(directory)
        with ExitStack() as stack:
            try:
                stack.enter_context(held(directory / _UNFINISHED))
            except StoreLocked:
                raise Conflict(f"another process backs up into {directory}") from None
            _clear(directory)
            made = self.clock()
            with standing_still(self.contents.data, databases := self.contents.databases()) as copy:
                for name in databases:
                    _parent(directory / name)
                    copy(name, directory / name)
            files = [name for name in self.contents.files() if private or is_public(name)]
            files = [name for name in files if _copied(self.contents.data / name, _parent(directory / name))]
            if not private:
                databases = _without_private(directory, databases)
            manifest = self._manifest(directory, [*databases, *files], made=made, private=private)
            manifest.write(directory)
            (directory / _UNFINISHED).unlink()
            whole.sync(directory)
        return BackupMade(manifest)

    def _manifest(self, directory: Path, names: list[str], *, made: datetime, private: bool) -> Manifest:
        facts = self.facts(directory)
        files: list[BackupFile] = []
        for name in names:
            (directory / name).chmod(0o600)
            files.append(measured(directory / name, name))
        model, repository = self.versions
        return Manifest(
            made=made,
            software=__version__,
            model=model,
            repository=repository,
            base=facts.base,
            cursor=facts.cursor,
            private=private,
            settings=self.settings,
            files=tuple(files),
        )


def _copied(source: Path, target: Path) -> bool:
    """Whether the file was still there to be copied."""
    try:
        shutil.copyfile(source, target)
    except FileNotFoundError:
        return False
    return True


def _without_private(directory: Path, databases: list[str]) -> list[str]:
    for name in databases:
        if name == PRIVATE:
            keep_meta_alone(directory / name)
        elif not is_public(name):
            (directory / name).unlink()
    return [name for name in databases if name == PRIVATE or is_public(name)]


def _check_apart(directory: Path, data: Path) -> None:
    if directory.resolve() == data.resolve() or data.resolve() in directory.resolve().parents:
        raise Conflict(f"{directory} lies in the data directory: a back-up belongs elsewhere")


def _check_free(directory: Path) -> None:
    there = {path.name for path in directory.iterdir()}
    if there and (_UNFINISHED not in there or MANIFEST in there):
        raise Conflict(f"{directory} is not empty; a back-up needs a directory of its own")


def _clear(directory: Path) -> None:
    for path in directory.iterdir():
        if path.is_dir() and not path.is_symlink():
            shutil.rmtree(path)
        elif path.name != _UNFINISHED:
            path.unlink()


def _parent(path: Path) -> Path:
    path.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
    return path
