"""A Wikibase JSON dump as a stream of entities: plain, gzip or bzip2, an array with one entity a line, or JSON Lines.

importing.py reads dumps through it. A line that is no entity is yielded as what it is, with the reason, so that
one bad line does not end an import; only a file that is no dump at all does.
"""

from __future__ import annotations

import bz2
import gzip
import json
import re
import zlib
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import IO, Any, BinaryIO, cast

from capx_graph.errors import DataError

_LONGEST_LINE = 256 * 1024 * 1024
_HALF = re.compile(rb"\\ud[89a-f]", re.IGNORECASE)
_PROPERTY_MARK = b'"type":"property"'


@dataclass(frozen=True, slots=True)
class DumpLine:
    """One line: an entity, or why it is none. ``position`` is how far into the file (as stored) reading has come."""

    number: int
    position: int
    entity: dict[str, Any] | None
    error: str = ""


def read_dump(path: Path, *, only_properties: bool = False) -> Iterator[DumpLine]:
    """The lines of a dump; raises DataError when the file cannot be read as one."""
    try:
        with path.open("rb") as raw, unpacked(raw) as stream:
            for number, line in enumerate(iter(lambda: stream.readline(_LONGEST_LINE), b""), start=1):
                text = line.strip().rstrip(b",")
                if text in (b"", b"[", b"]"):
                    continue
                if only_properties and _PROPERTY_MARK not in text.replace(b" ", b"")[:200]:
                    continue
                yield _line(number, raw.tell(), text)
    except (OSError, EOFError, zlib.error) as error:
        raise DataError(f"{path} cannot be read: {error}") from error


def unpacked(raw: BinaryIO) -> IO[bytes]:
    """The content of a file that may be packed (gzip, bzip2)."""
    magic = raw.read(3)
    raw.seek(0)
    if magic[:2] == b"\x1f\x8b":
        return cast(IO[bytes], gzip.open(raw, "rb"))
    if magic == b"BZh":
        return cast(IO[bytes], bz2.open(raw, "rb"))
    return raw


def _line(number: int, position: int, text: bytes) -> DumpLine:
    try:
        entity = json.loads(text)
        if _HALF.search(text):  # of a pair or alone, which no file and no database can hold
            json.dumps(entity, ensure_ascii=False).encode()
    except (ValueError, RecursionError) as error:
        return DumpLine(number, position, None, f"not JSON: {error}")
    if not isinstance(entity, dict) or not isinstance(entity.get("id"), str):
        return DumpLine(number, position, None, "not an entity: it has no id")
    return DumpLine(number, position, entity)
