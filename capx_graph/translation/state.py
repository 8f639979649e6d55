"""What was alike on both sides when they were last in step, for one wiki and bundle: a file of the durable data.

Only this package and jobs import it. Written whole and swapped in, so that a run which is cut off loses little and
breaks nothing; a lock keeps a second run from beginning meanwhile.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from capx_graph.datadir import whole
from capx_graph.datadir.locks import only_run
from capx_graph.errors import DataError
from capx_graph.translation.merging import fingerprint

_EVERY = 50
"""Texts after which the file is written: a run that is killed does at most so many comparisons again."""


class State:
    """Fingerprints by key and language; used by one run at a time."""

    def __init__(self, directory: Path, *names: str) -> None:
        self._directory = directory
        digest = hashlib.sha256("\n".join(names).encode()).hexdigest()[:12]
        self._path = directory / f"exchange-{digest}.json"
        self._names = names
        self._waiting = 0
        self._texts = self._read()

    def synced(self, key: str, language: str) -> str | None:
        """The fingerprint of the text that both sides had; None where they never were in step."""
        return self._texts.get(f"{key}/{language}")

    def note(self, key: str, language: str, text: str) -> None:
        """Keeps that both sides have this text now."""
        made = fingerprint(text)
        if self._texts.get(f"{key}/{language}") != made:
            self._texts[f"{key}/{language}"] = made
            self._waiting += 1
            if self._waiting >= _EVERY:
                self.save()

    def save(self) -> None:
        """Writes the file, if there is anything new."""
        if not self._waiting:
            return
        content = json.dumps({"of": self._names, "texts": self._texts}, indent=0, sort_keys=True)
        whole.put(self._path, content, durable=True)
        self._waiting = 0

    @contextmanager
    def locked(self) -> Iterator[None]:
        """Keeps other runs out; raises Unavailable while one is at work. What was noted is saved at the end."""
        self._directory.mkdir(parents=True, exist_ok=True)
        told = "another exchange of translations is at work; try again when it has ended"
        with only_run(self._path.with_suffix(".lock"), told):
            self._texts = self._read()
            try:
                yield
            finally:
                self.save()

    def _read(self) -> dict[str, str]:
        try:
            found = json.loads(self._path.read_text(encoding="utf-8"))["texts"]
        except FileNotFoundError:
            return {}
        except (ValueError, KeyError, TypeError) as error:
            raise DataError(f"{self._path} cannot be read; without it the sides count as never in step") from error
        return {str(key): str(value) for key, value in found.items()}
