"""Who was erased, without saying who: keyed hashes of names and of identities elsewhere, which no re-import passes.

Adapter over small files that are only ever added to; the key lies in the private store. The same lines are kept in the
data directory and beside it, because what restores an older copy of the one must not restore whom it had: whatever one
of the files lacks, the others give. Lines are numbered, so that a store can say up to which it has taken them in.
"""

from __future__ import annotations

import hashlib
import hmac
import logging
import os
import re
from collections.abc import Iterable, Iterator, Sequence
from contextlib import AbstractContextManager
from dataclasses import dataclass
from pathlib import Path
from threading import Lock

from capx_graph.datadir.locks import in_turn
from capx_graph.spelling import capital, one_line, spaced

_LINE = re.compile(r"([1-9][0-9]{0,17}) (erased|lifted) ([0-9a-f]{64})")
_LOG = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True, order=True)
class _Line:
    number: int
    erased: bool
    mark: str

    def __str__(self) -> str:
        return f"{self.number} {'erased' if self.erased else 'lifted'} {self.mark}"


class Tombstones:
    """The tombstones of one installation, in ``files`` of which one at least can be written; for all threads."""

    def __init__(self, key: bytes, files: Sequence[Path]) -> None:
        self._key = key
        self._files = tuple(files)
        self._lock = Lock()
        self._stamp: object = None
        self._standing: frozenset[str] = frozenset()
        self._newest = 0

    @property
    def newest(self) -> int:
        """The number of the last erasure; 0 when nobody was ever erased."""
        self._follow()
        return self._newest

    def stands_for(self, name: str) -> bool:
        """Whether an account of this name was erased and has not come back."""
        self._follow()
        return bool(self._standing) and self._name(name) in self._standing

    def stands_for_identity(self, issuer: str, subject: str) -> bool:
        """Whether this identity elsewhere was erased and has not come back."""
        self._follow()
        return bool(self._standing) and self._identity(issuer, subject) in self._standing

    def add(self, names: Iterable[str], identity: tuple[str, str] | None = None) -> int:
        """Erases these names and an issuer with its subject; answers the number to be kept with what was erased."""
        self._write(self._marks(names, identity), erased=True)
        return self.newest

    def lift(self, names: Iterable[str], identity: tuple[str, str] | None = None) -> None:
        """The owner came back and shows it by signing in."""
        self._follow()
        marks = [mark for mark in self._marks(names, identity) if mark in self._standing]
        if marks:
            self._write(marks, erased=False)

    def _marks(self, names: Iterable[str], identity: tuple[str, str] | None) -> list[str]:
        return [*map(self._name, names), *([self._identity(*identity)] if identity else [])]

    def _name(self, name: str) -> str:
        return self._digest(f"name\n{capital(one_line(spaced(name)))}")

    def _identity(self, issuer: str, subject: str) -> str:
        return self._digest(f"identity\n{issuer}\n{subject}")

    def _digest(self, text: str) -> str:
        return hmac.new(self._key, text.encode("utf-8", "surrogatepass"), hashlib.sha256).hexdigest()

    def _follow(self) -> None:
        """Reads the files again where one of them changed."""
        stamp = tuple(_stamp(path) for path in self._files)
        with self._lock:
            if stamp != self._stamp:
                self._take_in({line for path in self._files for line in _read(path)})
                self._stamp = stamp

    def _take_in(self, lines: set[_Line]) -> None:
        last: dict[str, bool] = {}
        for line in sorted(lines):
            last[line.mark] = line.erased
        self._standing = frozenset(mark for mark, erased in last.items() if erased)
        self._newest = max((line.number for line in lines if line.erased), default=0)

    def _write(self, marks: Sequence[str], *, erased: bool) -> None:
        with self._alone():
            known = {path: set(_read(path)) for path in self._files}
            lines = set[_Line]().union(*known.values())
            number = max((line.number for line in lines), default=0) + 1
            lines |= {_Line(number, erased, mark) for mark in marks}
            failures = []
            for path, there in known.items():
                try:
                    _append(path, sorted(lines - there))
                except OSError as error:
                    failures.append(error)
                    _LOG.warning("%s cannot keep who was erased: %s; CAPX_TOMBSTONES names another place", path, error)
            if len(failures) == len(known):
                raise failures[0]

    def _alone(self) -> AbstractContextManager[None]:
        return in_turn(self._files[0].with_name(self._files[0].name + ".lock"))


def _stamp(path: Path) -> tuple[int, int] | None:
    try:
        found = path.stat()
    except OSError:
        return None
    return found.st_mtime_ns, found.st_size


def _read(path: Path) -> Iterator[_Line]:
    """The lines of a file; what a crash left half written is none."""
    try:
        text = path.read_text(encoding="ascii", errors="replace")
    except OSError:
        return
    for found in filter(None, map(_LINE.fullmatch, text.splitlines())):
        yield _Line(int(found[1]), found[2] == "erased", found[3])


def _append(path: Path, lines: Sequence[_Line]) -> None:
    if not lines:
        return
    torn = path.exists() and not path.read_bytes().endswith(b"\n")
    with path.open("a", encoding="ascii") as file:
        os.fchmod(file.fileno(), 0o600)
        file.write("\n" * torn + "".join(f"{line}\n" for line in lines))
        file.flush()
        os.fsync(file.fileno())
