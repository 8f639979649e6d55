"""What tells this program with its settings from the next, for ETags: an update of either, and pages are sent again.

The application asks once, when it is put together.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterator
from dataclasses import replace
from functools import cache
from pathlib import Path

import capx_graph
import webapp
from capx_graph.resources import ontology_dir, queries_dir, shapes_dir
from capx_graph.settings import Settings

_NO_SOURCES = frozenset({"", ".pyc"})


def edition(settings: Settings) -> str:
    """The mark of all that answers are made of besides data; no representation of settings holds a secret."""
    said = f"{_digest()} {sorted(settings.hosts)} {replace(settings, hosts=frozenset())}"
    return hashlib.sha256(said.encode(errors="replace")).hexdigest()[:12]


def sources() -> Iterator[tuple[Path, str]]:
    """Every file that answers are made of, and its name within its folder."""
    packages = Path(webapp.__file__).parent, Path(capx_graph.__file__).parent
    for folder in (*packages, ontology_dir(), queries_dir(), shapes_dir()):
        for path in sorted(folder.rglob("*")):
            if path.suffix not in _NO_SOURCES:
                yield path, path.relative_to(folder).as_posix()


@cache
def _digest() -> str:
    """Of the thousand files, 7 MB; reading them takes 0.1 s, once a process."""
    digest = hashlib.sha256()
    for path, name in sources():
        digest.update(f"{name}\n".encode())
        digest.update(path.read_bytes())
    return digest.hexdigest()
