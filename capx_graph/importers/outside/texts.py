"""Files as text and as rows, whatever program wrote them; only this package imports it.

UTF-8 with and without its mark, UTF-16, and the Western code page of Windows are read; commas, semicolons and tabs
part cells. What cannot be told apart is refused with what to do, rather than guessed.
"""

from __future__ import annotations

import codecs
import csv
import io
import re
from collections.abc import Iterator
from pathlib import Path

from capx_graph.errors import InvalidInput, NotFound

LARGEST = 256 * 1024 * 1024
_DELIMITERS = ",;\t|"
_SEPARATOR_LINE = re.compile(r"sep=(.)\s*\Z", re.IGNORECASE)
_MARKS = ((codecs.BOM_UTF8, "utf-8-sig"), (codecs.BOM_UTF16_LE, "utf-16"), (codecs.BOM_UTF16_BE, "utf-16"))


def read_text(path: Path) -> str:
    """The text of a file; raises NotFound, and InvalidInput for one that is no text or too large."""
    try:
        if path.stat().st_size > LARGEST:
            raise InvalidInput(f"{path} is larger than {LARGEST // 1024 // 1024} MB; import it in parts")
        data = path.read_bytes()
    except OSError as error:
        raise NotFound(f"cannot read {path}: {error.strerror}") from error
    text = _decoded(data)
    if "\x00" in text:
        raise InvalidInput(f"{path} is not a text file")
    return text


def _decoded(data: bytes) -> str:
    for mark, encoding in _MARKS:
        if data.startswith(mark):
            return data.decode(encoding, "replace")
    try:
        return data.decode("utf-8")
    except UnicodeDecodeError:
        # What Excel writes in Western Europe; five of its bytes mean nothing there, Latin-1 takes every byte.
        try:
            return data.decode("cp1252")
        except UnicodeDecodeError:
            return data.decode("latin-1")


def read_rows(text: str, file: str) -> Iterator[tuple[int, list[str]]]:
    """The rows of a CSV file with the numbers of their lines, empty ones left out; raises InvalidInput."""
    first, _, rest = text.partition("\n")
    named = _SEPARATOR_LINE.match(first)
    delimiter = named[1] if named else max(_DELIMITERS, key=first.count)
    before = 1 if named else 0
    reader = csv.reader(io.StringIO(rest if named else text, newline=""), delimiter=delimiter)
    try:
        begin = 1
        for row in reader:
            if any(cell.strip() for cell in row):
                yield begin + before, [cell.strip() for cell in row]
            begin = reader.line_num + 1
    except csv.Error as error:
        raise InvalidInput(f"{file}:{reader.line_num + before}: not readable as CSV: {error}") from error
