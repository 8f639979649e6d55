"""What a back-up says of itself: when, of what, made by which program, and the checksum of every file."""

from __future__ import annotations

import hashlib
import json
import os
from collections.abc import Iterator, Mapping
from dataclasses import asdict, dataclass
from datetime import datetime
from pathlib import Path, PurePosixPath

from capx_graph.datadir import whole
from capx_graph.errors import DataError, NotFound
from capx_graph.instants import instant

MANIFEST = "manifest.json"
FORMAT = 1


@dataclass(frozen=True, slots=True)
class BackupFile:
    """A file, by its path below the data directory, with its size in bytes and its checksum."""

    name: str
    size: int
    sha256: str


@dataclass(frozen=True, slots=True)
class Manifest:
    """One back-up: ``model`` and ``repository`` are versions of graph and repository, ``cursor`` is the last change."""

    made: datetime
    software: str
    model: int
    repository: int
    base: str
    cursor: int
    private: bool
    settings: Mapping[str, str]
    files: tuple[BackupFile, ...]

    def write(self, directory: Path) -> None:
        """Makes the back-up count, by one rename."""
        content = {"format": FORMAT, **asdict(self), "made": self.made.isoformat(timespec="seconds")}
        whole.put(directory / MANIFEST, json.dumps(content, indent=1, ensure_ascii=False) + "\n", durable=True)


def read_manifest(directory: Path) -> Manifest:
    """The manifest of a back-up; raises NotFound where none was finished, DataError for one that is not ours."""
    try:
        content = json.loads((directory / MANIFEST).read_text(encoding="utf-8"))
    except FileNotFoundError:
        raise NotFound(f"{directory} holds no finished back-up: there is no {MANIFEST}") from None
    except (OSError, ValueError) as error:
        raise DataError(f"{directory / MANIFEST} cannot be read: {error}") from error
    try:
        if content.pop("format") > FORMAT:
            raise DataError(f"{directory} was made by a later version of this program ({content['software']})")
        files = tuple(BackupFile(_safe(one["name"]), int(one["size"]), str(one["sha256"])) for one in content["files"])
        return Manifest(**(content | {"made": instant(content["made"]), "files": files}))
    except (AttributeError, KeyError, TypeError, ValueError) as error:
        raise DataError(f"{directory / MANIFEST} is not what a back-up says of itself: {error!r}") from error


def measured(path: Path, name: str) -> BackupFile:
    """A file as it lies on the disk now."""
    with path.open("rb") as file:
        os.fsync(file.fileno())
        digest = hashlib.file_digest(file, "sha256").hexdigest()
    return BackupFile(name, path.stat().st_size, digest)


def damages(directory: Path, files: tuple[BackupFile, ...]) -> Iterator[str]:
    """What is wrong with the files of a back-up, a sentence each."""
    for file in files:
        path = directory / file.name
        if not path.is_file():
            yield f"{file.name} is missing"
        elif measured(path, file.name) != file:
            yield f"{file.name} is not what was backed up: its checksum differs"


def _safe(name: str) -> str:
    """A path that stays below its directory."""
    path = PurePosixPath(name)
    if path.is_absolute() or not path.parts or ".." in path.parts or path.as_posix() != name:
        raise ValueError(f"the file name {name!r}")
    return name
