"""Translations that somebody found still right after their source had changed: one small file of the durable data.

Only this package imports it. A wiki keeps no edit that changes nothing, so the word 'still right' has no revision;
what is kept is a hash of both texts, so it holds until either changes again.
"""

from __future__ import annotations

import hashlib
import json
from pathlib import Path
from threading import Lock

from capx_graph.datadir import whole
from capx_graph.errors import DataError

_FILE = "confirmed.json"


class Confirmed:
    """The file, read once and written whole at every change."""

    def __init__(self, directory: Path) -> None:
        self._path = directory / _FILE
        self._lock = Lock()
        self._hashes = self._read()

    def holds(self, key: tuple[str, ...], source: str, target: str) -> bool:
        """Whether this translation of this source was found right."""
        return self._hashes.get("/".join(key)) == _hash(source, target)

    def confirm(self, key: tuple[str, ...], source: str, target: str) -> None:
        """Keeps that it was found right."""
        with self._lock:
            self._hashes["/".join(key)] = _hash(source, target)
            whole.put(self._path, json.dumps(self._hashes, indent=0, sort_keys=True), durable=True)

    def _read(self) -> dict[str, str]:
        try:
            found = json.loads(self._path.read_text(encoding="utf-8"))
        except FileNotFoundError:
            return {}
        except ValueError as error:
            raise DataError(f"{self._path} is not JSON: {error}; remove it, and outdated texts show again") from error
        return {str(key): str(value) for key, value in found.items()}


def _hash(source: str, target: str) -> str:
    return hashlib.sha256(f"{source}\n{target}".encode()).hexdigest()
