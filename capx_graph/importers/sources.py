"""Where records come from: anything that gives the lines of the format's files, and the directory on disk.

``Source`` is the seam: the batch import reads a ``BenchDirectory`` and the demonstration population alike.
"""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Protocol

from capx_graph.errors import InvalidInput, NotFound
from capx_graph.importers.benchformat import FILES, BenchFile
from capx_graph.importers.records import Line, read_lines
from capx_graph.model import SYSTEM

OWNER = f"{SYSTEM}Import"
"""Who owns imported people: no account, so that nobody takes a profile over by registering a name."""

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
            raise NotFound(f"{path} is not a directory")
        missing = [file.name for file in FILES if not file.optional and not (path / file.name).is_file()]
        if missing:
            raise InvalidInput(f"{path} is not a data set of the bench format: it has no {', '.join(missing)}")
        self._path = path
        self.name = path.resolve().name
        manifest = _manifest(path / _MANIFEST)
        # Only a generator has a seed; what another service exported is real.
        self.mark = "GeneratedData" if "seed" in manifest else None

    def lines(self, file: BenchFile) -> Iterator[Line]:
        path = self._path / file.name
        return read_lines(path) if path.exists() or not file.optional else iter(())


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
