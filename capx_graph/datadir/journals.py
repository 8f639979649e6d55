"""How SQLite files in a directory keep what is being written: a write-ahead log, or a rollback journal.

Leaf; whoever opens a durable SQLite file asks here. A write-ahead log needs memory that all processes share, which file
systems of a network do not give: there, and where CAPX_JOURNAL says so, a rollback journal does, and readers and the
writer wait for each other.
"""

from __future__ import annotations

import os
from pathlib import Path

from capx_graph import settings

WAL = "WAL"
ROLLBACK = "TRUNCATE"
"""Emptied after each write rather than removed, which a network's file system does faster."""
_SHARED = ("nfs", "cifs", "smb", "9p", "ceph", "fuse.", "lustre", "glusterfs", "afs")
_MOUNTS = Path("/proc/self/mountinfo")


def journal_mode(directory: Path) -> str:
    """The word for ``PRAGMA journal_mode``; raises InvalidSetting."""
    chosen = settings.journal(os.environ, data=str(directory))
    if chosen == "auto":
        return ROLLBACK if _kind(directory.resolve()).startswith(_SHARED) else WAL
    return WAL if chosen == "wal" else ROLLBACK


def _kind(directory: Path) -> str:
    """The kind of file system that a directory lies on; empty where nobody can tell."""
    try:
        lines = _MOUNTS.read_text(encoding="utf-8", errors="replace").splitlines()
    except OSError:
        return ""
    best = (0, "")
    for line in lines:
        fields, _, rest = line.partition(" - ")
        mount = Path(fields.split()[4].replace("\\040", " "))
        if directory == mount or mount in directory.parents:
            best = max(best, (len(mount.parts), rest.split()[0]), key=lambda found: found[0])
    return best[1]
