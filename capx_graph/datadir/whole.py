"""Files that are there whole or not at all: written aside, then put in their place by one rename.

Whoever reads meanwhile has the file as it was, and a crash leaves it so; of several who write, the last is read. What
lies aside begins with a full stop and ends in ``.new``, by which a back-up knows to leave it.
"""

from __future__ import annotations

import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from threading import get_ident
from typing import BinaryIO


def put(path: Path, content: str | bytes, *, durable: bool = False, private: bool = False) -> None:
    """Writes a file, with the directories above it where they are missing; raises OSError.

    ``durable`` content outlasts a loss of power, for some milliseconds of waiting; ``private`` is for its owner alone.
    """
    with writing(path, durable=durable, private=private) as file:
        file.write(content.encode() if isinstance(content, str) else content)


@contextmanager
def writing(path: Path, *, durable: bool = False, private: bool = False) -> Iterator[BinaryIO]:
    """The same for content that comes little by little; when the context fails, the file stays as it was."""
    path.parent.mkdir(parents=True, exist_ok=True)
    aside = path.with_name(f".{path.name}.{os.getpid()}-{get_ident()}.new")
    try:
        with aside.open("wb") as file:
            if private:
                os.fchmod(file.fileno(), 0o600)
            yield file
            if durable:
                file.flush()
                os.fsync(file.fileno())
        aside.replace(path)
    except BaseException:
        aside.unlink(missing_ok=True)
        raise
    if durable:
        sync(path.parent)


def sync(directory: Path) -> None:
    """Brings the names in a directory to the disk."""
    descriptor = os.open(directory, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)
