"""Puts a back-up in the place of a data directory: checked, copied aside, then swapped file by file under a mark.

While the mark is there nobody opens the data directory; a restore that was cut off is finished by running it again.
Tombstones are never taken back: those of the directory and those of the back-up are joined.
"""

from __future__ import annotations

import os
import shutil
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path

from capx_graph.backup.contents import CUT_OFF, STAGING, TOMBSTONES, Contents, is_public
from capx_graph.backup.databases import check_sound
from capx_graph.backup.manifest import Manifest, damages, read_manifest
from capx_graph.datadir import whole
from capx_graph.errors import Conflict, DataError


@dataclass(frozen=True, slots=True)
class Restoration:
    """What a restore did; ``kept`` are private files that the back-up does not hold and that stayed."""

    manifest: Manifest
    kept: tuple[str, ...]


def check_whole(data: Path) -> None:
    """Raises DataError for a data directory that a restore left half replaced."""
    if (data / CUT_OFF).exists():
        raise DataError(f"{data} is half restored: run capx restore again")


def restore_files(
    directory: Path, contents: Contents, *, repository: int, prepare: Callable[[Path], None], replace: bool
) -> Restoration:
    """The files of a back-up into a data directory that nobody has open.

    ``repository`` is the newest version of its file that this program knows; ``prepare`` changes the copies before
    they count. Raises NotFound, DataError, Conflict.
    """
    data = contents.data
    manifest = read_manifest(directory)
    if manifest.repository > repository:
        raise DataError(f"{directory} was made by a later version of this program ({manifest.software})")
    half = (data / CUT_OFF).exists()
    there = [*contents.databases(), *contents.files()]
    if there and not replace and not half:
        raise Conflict(f"{data} is not empty; --replace puts the back-up in its place")
    if found := list(damages(directory, manifest.files)):
        raise DataError(f"{directory} is damaged: {'; '.join(found[:5])}")
    _stage(directory, data / STAGING, manifest)
    prepare(data / STAGING)
    _join(data / TOMBSTONES, data / STAGING / TOMBSTONES)
    return Restoration(manifest, tuple(_swap(data, manifest, there)))


def _stage(directory: Path, staging: Path, manifest: Manifest) -> None:
    """The files of the back-up, copied and found sound."""
    shutil.rmtree(staging, ignore_errors=True)
    staging.mkdir(parents=True, mode=0o700)
    for file in manifest.files:
        target = staging / file.name
        target.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
        shutil.copyfile(directory / file.name, target)
        target.chmod(0o600)
    if found := list(damages(staging, manifest.files)):
        raise DataError(f"the copy is damaged: {'; '.join(found[:5])}")
    for file in manifest.files:
        if file.name.endswith(".sqlite"):
            check_sound(staging / file.name)


def _join(former: Path, staged: Path) -> None:
    """Lines are numbered and read in that order, so that one file after the other says what both say."""
    if former.is_file():
        lines = former.read_text(encoding="ascii", errors="replace").splitlines(keepends=True)
        known = set(staged.read_text(encoding="ascii", errors="replace").splitlines()) if staged.is_file() else set()
        with staged.open("a", encoding="ascii", errors="replace") as file:
            file.write("\n")
            file.writelines(line for line in lines if line.rstrip("\n") not in known)
            file.flush()
            os.fsync(file.fileno())
        staged.chmod(0o600)


def _swap(data: Path, manifest: Manifest, there: list[str]) -> Iterator[str]:
    """Replaces file by file, each by one rename; what the back-up lacks goes last."""
    staging, mark = data / STAGING, data / CUT_OFF
    kept = [] if manifest.private else [name for name in there if not is_public(name)]
    mark.touch()
    whole.sync(data)
    for name in there:
        for ending in ("-wal", "-shm", "-journal") if name not in kept else ():
            (data / f"{name}{ending}").unlink(missing_ok=True)
    staged = [path.relative_to(staging).as_posix() for path in sorted(staging.rglob("*")) if path.is_file()]
    for name in staged:
        if name not in kept:
            (data / name).parent.mkdir(parents=True, exist_ok=True)
            (staging / name).replace(data / name)
    for name in there:
        if name not in staged and name not in kept:
            (data / name).unlink(missing_ok=True)
    shutil.rmtree(staging)
    whole.sync(data)
    mark.unlink()
    whole.sync(data)
    yield from kept
