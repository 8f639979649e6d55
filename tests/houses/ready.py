"""Folders that cost much to make, made once in a run of the tests and copied for whoever needs one.

The processes of a run share what they make. Nothing is kept from one run to the next, so no change of the code is
missed; ``conftest.py`` says where the folders lie.
"""

from __future__ import annotations

import fcntl
import os
import shutil
from collections.abc import Callable
from pathlib import Path

PLACE = "TESTS_READY"
"""The environment variable that names the folder of this run."""

Make = Callable[[Path], object]
"""Fills a folder that is not there yet."""


def ready(name: str, make: Make) -> Path:
    """The folder of this name, to be read only; the first who asks makes it, and others wait meanwhile."""
    place = Path(os.environ[PLACE])
    place.mkdir(exist_ok=True)
    found = place / name
    with (place / f"{name}.lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        if not found.exists():
            beginning = place / f"{name}.beginning"
            make(beginning)
            beginning.rename(found)
    return found


def copied(name: str, make: Make, to: Path) -> Path:
    """A copy of that folder, to be changed at will."""
    return shutil.copytree(ready(name, make), to, dirs_exist_ok=True)
