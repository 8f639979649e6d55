"""Keeping other processes out, by locks of the operating system (flock): they end with their process, however it ends.

Leaf: anyone may import it. Whoever holds the data says so at once (``held``), whoever has a run to themselves says
what to do instead (``only_run``), and what takes a moment is waited for (``in_turn``).
"""

from __future__ import annotations

import fcntl
import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import IO

from capx_graph.errors import StoreLocked, Unavailable


def held(path: Path) -> IO[str]:
    """An open file that no other process has locked; raises StoreLocked with the process that has."""
    file = path.open("a+", encoding="ascii")
    try:
        fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except OSError as error:
        file.seek(0)
        holder = file.read().strip() or "unknown"
        file.close()
        told = f"{path.parent} is in use by another process (pid {holder}); if it is capx serve, stop it first"
        raise StoreLocked(told) from error
    file.truncate(0)
    file.write(f"{os.getpid()}\n")
    file.flush()
    return file


@contextmanager
def only_run(path: Path, told: str) -> Iterator[None]:
    """Inside, nobody else does the same; raises Unavailable with these words while somebody does."""
    with path.open("w", encoding="ascii") as file:
        try:
            fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except OSError as error:
            raise Unavailable(told) from error
        yield


@contextmanager
def in_turn(path: Path) -> Iterator[None]:
    """Inside, nobody else is inside; whoever is there is waited for."""
    with path.open("a") as file:
        fcntl.flock(file, fcntl.LOCK_EX)
        yield
