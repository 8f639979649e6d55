"""Where records come from: anything that gives the lines of the format's files, and the directory on disk.

``Source`` is the seam: the batch import reads a ``BenchDirectory`` and the demonstration population alike. Of a
directory it sees only people whom the manifest calls made up; the others become drafts of their owners' profiles.
"""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Protocol

from capx_graph.errors import InvalidInput, InvalidRecord, NotFound
from capx_graph.importers.benchformat import FILES, BenchFile
from capx_graph.importers.records import Line, read_lines
from capx_graph.model import SYSTEM, EntityKind

OWNER = f"{SYSTEM}Import"
"""Who owns imported people: no account, so that nobody takes a profile over by registering a name."""

MARKED = "marked"
"""In a manifest: made-up records say in their field ``source`` that they are, as those of our own exports do."""

_MADE_UP = frozenset({"generated", "demonstration"})
_MANIFEST = "manifest.json"
_FORMAT = 1


class Source(Protocol):
    """Records to import. ``owner`` is the account that owns its people, ``mark`` the individual that says where
    the records come from, None for records that nobody made up."""

    @property
    def name(self) -> str: ...

    @property
    def owner(self) -> str: ...

    @property
    def mark(self) -> str | None: ...

    def lines(self, file: BenchFile) -> Iterator[Line]:
        """The lines of one file, in the same order at every call."""


class BenchDirectory:
    """A directory of JSON Lines; raises InvalidInput for one that is not of the format."""

    owner = OWNER

    def __init__(self, path: Path) -> None:
        if not path.is_dir():
            raise NotFound(f"{path} is not a directory" if path.exists() else f"there is no {path}")
        missing = [file.name for file in FILES if not file.optional and not (path / file.name).is_file()]
        if missing:
            raise InvalidInput(f"{path} is not a data set of the bench format: it has no {', '.join(missing)}")
        self._path = path
        self.name = path.resolve().name
        manifest = _manifest(path / _MANIFEST)
        # Only a generator has a seed; what another service exported is real, but for what our own marks as made up.
        self.mark = "GeneratedData" if "seed" in manifest else None
        self._marked = manifest.get(MARKED) is True

    def lines(self, file: BenchFile) -> Iterator[Line]:
        """The lines of a file; of people who are not all made up, those who are."""
        if file.kind is EntityKind.PERSON and self.mark is None:
            return (line for line in self._read(file) if self._is_made_up(line))
        return self._read(file)

    def real_people(self) -> Iterator[Line]:
        """The people whom nobody made up: they are theirs to publish, so ``lines`` has them not."""
        people = next(file for file in FILES if file.kind is EntityKind.PERSON)
        return (line for line in self._read(people) if not self._is_made_up(line))

    def _read(self, file: BenchFile) -> Iterator[Line]:
        path = self._path / file.name
        return read_lines(path) if path.exists() or not file.optional else iter(())

    def _is_made_up(self, line: Line) -> bool:
        if self.mark is not None:
            return True
        try:
            return self._marked and line.parse().data.get("source") in _MADE_UP
        except InvalidRecord:
            return False


def _manifest(path: Path) -> dict[str, object]:
    if not path.exists():
        return {}
    try:
        manifest = json.loads(path.read_text(encoding="utf-8"))
    except ValueError as error:
        raise InvalidInput(f"{path} is not JSON: {error}") from error
    if not isinstance(manifest, dict) or manifest.get("format") != _FORMAT:
        raise InvalidInput(f"{path} does not say format {_FORMAT}, the only one that can be imported")
    return manifest
